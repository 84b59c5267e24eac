"""The claims of the sentences around an answer: those of the citations, and those like them."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from rag.claims import Claim, claims_in
from rag.closeness import Place
from rag.counted import stem_of
from rag.dated import dated_in
from rag.occasions import Occasion, Occasions
from rag.predicates import PREDICATES, WAYS
from rag.records import Citation, Document, Quote, Span, Words
from rag.stories import Stories, story_of

NEAR = 60
"""Of the sentences that came near and may hold what citations hold so many are read."""

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Stated:
    """A claim of one document. `citation` is None for a passage that came near."""

    claim: Claim
    sentence: Words
    document: Document
    story: str
    citation: int | None
    occasions: Occasions

    @cached_property
    def occasion(self) -> Occasion | None:
        """Read only where all cheaper rules allow a pair."""
        at = self.sentence.start + self.claim.quantity.start
        return self.occasions.of(self.document.id, self.sentence, at)

    @property
    def clause(self) -> Place:
        """Where in its document the clause stands that holds the figure."""
        start, end = (self.sentence.start + each for each in self.claim.clause)
        return Place(self.document.id, start, end)

    @property
    def order(self) -> tuple[float, str, int]:
        """Citations in their order, then documents in any fixed one."""
        return (
            math.inf if self.citation is None else self.citation,
            self.document.id,
            self.sentence.start + self.claim.quantity.start,
        )


def stated_in(
    cited: Sequence[Citation], near: Sequence[Quote], occasions: Occasions, stories: Stories
) -> list[Stated]:
    """The claims of the citations, and those of near sentences that say the like, in order.

    Each sentence is read once, in documents of a language that is read.
    """
    first = [
        stated
        for citation, sentence in _sentences(cited, occasions)
        for stated in _read(citation, sentence, occasions, stories)
    ]
    wanted = {word for each in first for word in each.claim.predicate.split("+")}
    wanted |= {one for pair in WAYS.items() if not wanted.isdisjoint(pair) for one in pair}
    seen = {(each.document.id, each.sentence.start) for each in first}
    others = (
        (quote, sentence)
        for quote, sentence in _sentences(near, occasions)
        if (quote.document, sentence.start) not in seen and _may_say(sentence.exact, wanted)
    )
    more = [
        stated
        for quote, sentence in islice(others, NEAR if first else 0)
        for stated in _read(quote, sentence, occasions, stories)
    ]
    return sorted([*first, *more], key=lambda each: each.order)


def _sentences(quotes: Sequence[Quote], occasions: Occasions) -> Iterator[tuple[Quote, Words]]:
    seen: set[tuple[str, int]] = set()
    for quote in quotes:
        document = occasions.documents[quote.document]
        if document.language not in (None, "en"):
            continue
        first = bisect_left(document.sentences, quote.start, key=lambda each: each.start)
        for sentence in document.sentences[first:]:
            if sentence.end > quote.end:
                break
            if (document.id, sentence.start) not in seen:
                seen.add((document.id, sentence.start))
                yield quote, words_of(document, sentence)


def words_of(document: Document, span: Span) -> Words:
    """A part of a document, verbatim."""
    return Words(start=span.start, end=span.end, exact=document.text[span.start : span.end])


def _may_say(sentence: str, wanted: set[str]) -> bool:
    """Whether a word stands in a sentence that any of these predicates may be read from."""
    words = {match[0].lower() for match in _WORD.finditer(sentence)}
    if not wanted.isdisjoint(PREDICATES.get(word, "") for word in words):
        return True
    verbs = {each for each in wanted if each.startswith("verb ")}
    return bool(verbs) and not verbs.isdisjoint(f"verb {stem_of(word)}" for word in words)


def _read(
    quote: Quote, sentence: Words, occasions: Occasions, stories: Stories
) -> Iterator[Stated]:
    # A date beside a count only tells when it was counted.
    for claim in claims_in(sentence.exact) or dated_in(sentence.exact):
        yield Stated(
            claim=claim,
            sentence=sentence,
            document=occasions.documents[quote.document],
            story=story_of(quote.document, stories),
            citation=quote.number if isinstance(quote, Citation) else None,
            occasions=occasions,
        )
