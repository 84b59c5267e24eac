"""In which order perspectives and sources are heard, and how each perspective fares."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rag.holdings import Labels, holdings, labels_of
from rag.quotes import Candidate, Found
from rag.records import (
    Citation,
    Coverage,
    Document,
    Perspective,
    Quote,
)
from rag.stories import NO_STORIES, Stories, story_of
from rag.weights import weights

PERSPECTIVE_AGAIN = 0.1
"""By this factor counts less, for its choice, what comes from a perspective heard once more."""

SOURCE_AGAIN = 0.1
"""By this factor counts less what comes from a source heard once more."""

OWN_SHARE = 0.1
"""What is let in for its perspective has at least so much of that perspective's best evidence."""


def let_in(candidates: Sequence[Candidate], labels: Labels) -> list[Candidate]:
    """The candidates that may be quoted; at least one is given, best evidence first.

    Those with nearly the best evidence (`cite_at`). And where several perspectives have passages
    that bear on the question (`hear_at`), what they have to say: of such passages those with at
    least `OWN_SHARE` of the best evidence of their own perspective.
    """
    bear = [each for each in candidates if each.relevance >= weights().hear_at]
    best: dict[str, float] = {}
    for each in bear:
        best.setdefault(labels[each.passage.document], each.probability)
    least = {label: OWN_SHARE * own for label, own in best.items()} if len(best) > 1 else {}
    enough = weights().cite_at * candidates[0].probability
    return [
        each
        for each in candidates
        if each.probability >= enough
        or (
            each.relevance >= weights().hear_at
            and each.probability >= least.get(labels[each.passage.document], 1.0)
        )
    ]


def in_turn(
    quotes: Iterable[Quote], count: int, labels: Labels, stories: Stories = NO_STORIES
) -> list[Quote]:
    """At most `count` quotes, none overlapping another, in the order in which they are heard.

    The first is the one with the most evidence. Next is always the one that most likely answers,
    and whose source most likely bears on the question (the product of its evidence and of the best
    relevance among its source's quotes); that shrinks by `PERSPECTIVE_AGAIN` each time that its
    perspective is heard, and by `SOURCE_AGAIN` each time that its source is. Documents of one story
    are one source.

    This is xQuAD (Santos, Macdonald and Ounis, "Exploiting Query Reformulations for Web Search
    Result Diversification", WWW 2010) over perspectives, and over the sources within each, all
    weighing alike and each served by a constant share with every quote, as in the gain of
    alpha-nDCG (Clarke et al., "Novelty and Diversity in Information Retrieval Evaluation", SIGIR
    2008). Both factors were chosen on a collection of debates; see docs/evaluation.md.
    """

    def left(quote: Quote) -> float:
        source = story_of(quote.document, stories)
        again = PERSPECTIVE_AGAIN ** heard[labels[quote.document]] * SOURCE_AGAIN ** told[source]
        return quote.score * bears[source] * again

    waiting = sorted(quotes, key=lambda q: (-q.score, q.document, q.start, q.end, -q.relevance))
    bears: dict[str, float] = {}
    for quote in waiting:
        source = story_of(quote.document, stories)
        bears[source] = max(bears.get(source, 0.0), quote.relevance)
    heard: Counter[str] = Counter()
    told: Counter[str] = Counter()
    chosen: list[Quote] = []
    while waiting and len(chosen) < count:
        # `max` keeps the first of equals, which is the one with the highest score.
        after = max(waiting, key=left) if chosen else waiting[0]
        chosen.append(after)
        heard[labels[after.document]] += 1
        told[story_of(after.document, stories)] += 1
        waiting = [quote for quote in waiting if not quote.overlaps(after)]
    return chosen


def coverage_of(
    perspectives: Sequence[Perspective],
    documents: Mapping[str, Document],
    *,
    searched: Collection[str],
    found: Found,
    near: Collection[int],
    citations: Sequence[Citation],
) -> tuple[Coverage, ...]:
    """How each perspective fares in an answer.

    Args:
        perspectives: that the catalogue declares.
        documents: of the library, by id.
        searched: ids of those that the question was asked of.
        found: what there was.
        near: numbers of the passages that came near enough to be quoted.
        citations: of the answer.
    """
    labels = labels_of(documents)
    asked = Counter(labels[name] for name in searched)
    came = Counter(labels[s.passage.document] for s in found.ranking if s.passage.number in near)
    quoted = Counter(labels[name] for name in {citation.document for citation in citations})
    quotes = Counter(labels[citation.document] for citation in citations)
    left_out = _left_out(found, labels, citations)
    return tuple(
        Coverage(
            perspective=key,
            label=label,
            sources=sources,
            searched=asked[key],
            near=came[key],
            quoted=quoted[key],
            quotes=quotes[key],
            best_left_out=left_out.get(key),
        )
        for key, label, sources in holdings(perspectives, documents)
    )


def _left_out(found: Found, labels: Labels, citations: Sequence[Citation]) -> dict[str, int]:
    """By perspective the rank of its best passage of which nothing is quoted."""
    ranks: dict[str, int] = {}
    for rank, scored in enumerate(found.ranking, start=1):
        passage = scored.passage
        if not any(
            citation.document == passage.document
            and citation.start < passage.end
            and passage.start < citation.end
            for citation in citations
        ):
            ranks.setdefault(labels[passage.document], rank)
    return ranks
