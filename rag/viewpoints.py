"""In which order sources are heard, and how each perspective fares."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rag.records import (
    UNLABELLED,
    UNLABELLED_LABEL,
    Citation,
    Coverage,
    Document,
    Perspective,
    Quote,
)
from rag.stories import NO_STORIES, Stories, story_of

NEARLY = 0.75
"""Evidence of at least this share of another's is nearly as good."""


def in_turn(quotes: Iterable[Quote], count: int, stories: Stories = NO_STORIES) -> list[Quote]:
    """At most `count` quotes, none overlapping another, in the order in which they are heard.

    By score, but a source is not heard again while another, with evidence nearly as good, has been
    heard less often. Documents of one story are one source.
    """

    def turns(quote: Quote) -> int:
        return heard[story_of(quote.document, stories)]

    waiting = sorted(quotes, key=lambda quote: (-quote.score, quote.document, quote.start))
    heard: Counter[str] = Counter()
    chosen: list[Quote] = []
    while waiting and len(chosen) < count:
        enough = NEARLY * waiting[0].score
        # `min` keeps the first of equals, which is the one with the highest score.
        after = min((q for q in waiting if q.score >= enough), key=turns)
        chosen.append(after)
        heard[story_of(after.document, stories)] += 1
        waiting = [quote for quote in waiting if not quote.overlaps(after)]
    return chosen


def coverage_of(
    perspectives: Sequence[Perspective],
    documents: Mapping[str, Document],
    citations: Iterable[Citation],
) -> tuple[Coverage, ...]:
    """For each declared perspective how many sources there are and how many are quoted.

    A row for unlabelled sources follows if the library holds any.
    """
    labels = {name: document.source.perspective.id for name, document in documents.items()}
    held = Counter(labels.values())
    quoted = Counter(labels[name] for name in {citation.document for citation in citations})
    rows = [(each.id, each.label) for each in perspectives]
    if held[UNLABELLED]:
        rows.append((UNLABELLED, UNLABELLED_LABEL))
    return tuple(
        Coverage(perspective=key, label=label, sources=held[key], quoted=quoted[key])
        for key, label in rows
    )
