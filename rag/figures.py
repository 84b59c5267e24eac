"""The same quantity, different figures: which figures of several sources are of the same thing.

Two figures are of the same thing if they are of one kind and unit, count the same noun, say the
same of it, of the same occasion (`rag.occasions`), for the same length of time, and if the clauses
that they stand in are close in meaning. Never by their numbers alone. Whoever reads wants a wrong
pairing less than a missed one, so whatever cannot be told is no pair.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rag.claims import Claim, claims_in
from rag.dated import dated_in
from rag.occasions import Occasion, Weights, occasion_of, same_occasion
from rag.predicates import GENERIC, NOUNS
from rag.quantities import Quantity
from rag.records import Citation, Comparison, Document, Figure, Quote, Words
from rag.stories import NO_STORIES, Stories, story_of

Closeness = Callable[[Sequence[str]], NDArray[np.float32]]
"""n texts -> the cosines of their vectors, shape (n, n)."""

CLOSE = 0.5
"""Clauses with a cosine of at least this may tell of the same thing."""

CLOSE_BESIDE_EQUALS = 0.4
"""As `CLOSE`, for sentences that share another figure of the same thing already."""

CLOSE_DATES = 0.7
"""As `CLOSE`, for dates, of which every report is full."""

SHARED_WORDS, SHARED = 3, 0.6
"""So many words at least, and such a share of those of the shorter sentence, tell that two
sentences are of one event whose date they give."""

DAYS_APART = 20 * 365
"""No two dates of one event are further apart."""

TIMES = 5.0
"""Figures of the same thing seldom differ by more than this factor."""

TELLING = 5
"""An equal number of at least this is hardly so by chance, whatever those counted are called."""

OPEN = 1.5
""""More than 100" and a figure of up to so many times 100 may be the same."""


@dataclass(frozen=True)
class _Stated:
    """A claim of one document. `citation` is None for a passage that came near."""

    claim: Claim
    sentence: Words
    document: Document
    story: str
    citation: int | None

    @cached_property
    def occasion(self) -> Occasion | None:
        """Read only where all cheaper rules allow a pair."""
        return occasion_of(
            self.document, self.sentence, self.sentence.start + self.claim.quantity.start
        )

    @property
    def clause(self) -> str:
        start, end = self.claim.clause
        return self.sentence.exact[start:end]

    @property
    def order(self) -> tuple[float, str, int]:
        return (
            math.inf if self.citation is None else self.citation,
            self.document.id,
            self.sentence.start + self.claim.quantity.start,
        )


def comparisons(
    cited: Sequence[Citation],
    near: Sequence[Quote],
    documents: Mapping[str, Document],
    closeness: Closeness,
    stories: Stories = NO_STORIES,
) -> tuple[Comparison, ...]:
    """The figures that several sources give for the same thing, in the order of the citations.

    Args:
        cited: the citations of an answer.
        near: sentences of passages that came near but are not quoted.
        documents: of the library, by id.
        closeness: asked once, and only about clauses of pairs that pass the rules.
        stories: documents of one story are one source.

    Returns:
        Each with a figure from a citation, and with one figure of a source at most.
    """
    weights = Weights(documents)
    stated = sorted(_stated([*cited, *near], documents, stories), key=lambda each: each.order)
    pairs = [
        (one, other)
        for one, other in combinations(range(len(stated)), 2)
        if _may_be_same(stated[one], stated[other], weights)
    ]
    close = _close(stated, pairs, closeness)
    groups = _grouped(stated, close)
    made = [_comparison([stated[n] for n in sorted(group)]) for group in groups]
    return tuple(made)


def _stated(
    quotes: Iterable[Quote], documents: Mapping[str, Document], stories: Stories
) -> Iterator[_Stated]:
    """The claims of all sentences, each sentence once, in documents of a language that is read."""
    seen: set[tuple[str, int]] = set()
    for quote in quotes:
        document = documents[quote.document]
        if document.language not in (None, "en"):
            continue
        for sentence in _sentences(document, quote):
            if (document.id, sentence.start) in seen:
                continue
            seen.add((document.id, sentence.start))
            # A date beside a count only tells when it was counted.
            for claim in claims_in(sentence.exact) or dated_in(sentence.exact):
                yield _Stated(
                    claim=claim,
                    sentence=sentence,
                    document=document,
                    story=story_of(document.id, stories),
                    citation=quote.number if isinstance(quote, Citation) else None,
                )


def _sentences(document: Document, quote: Quote) -> Iterator[Words]:
    first = bisect_left(document.sentences, quote.start, key=lambda each: each.start)
    for sentence in document.sentences[first:]:
        if sentence.end > quote.end:
            return
        yield _words(document, sentence.start, sentence.end)


def _words(document: Document, start: int, end: int) -> Words:
    return Words(start=start, end=end, exact=document.text[start:end])


def _may_be_same(one: _Stated, other: _Stated, weights: Weights) -> bool:
    """Whether two claims are of the same thing by every rule."""
    a, b = one.claim, other.claim
    if one.story == other.story or one.document.id == other.document.id:
        return False
    if (a.quantity.kind, a.quantity.unit) != (b.quantity.kind, b.quantity.unit):
        return False
    if a.predicate != b.predicate or a.scope != b.scope or not _same_counted(a, b):
        return False
    if not _plausible(a.quantity, b.quantity) or not one.occasion or not other.occasion:
        return False
    if a.quantity.kind == "date":
        return _same_event(one.occasion, other.occasion, weights)
    equal = _tell_equal(a.quantity, b.quantity)
    return same_occasion(one.occasion, other.occasion, weights, equal=equal)


def _same_event(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether two dates are of the same event: most words of the shorter sentence are in both."""
    shared = one.words & other.words
    if len(shared) < max(SHARED_WORDS, SHARED * min(len(one.words), len(other.words))):
        return False
    return same_occasion(one._replace(days=None), other._replace(days=None), weights)


def _same_counted(one: Claim, other: Claim) -> bool:
    """Whether the same is counted; people under two names only if there are as many."""
    if one.counted == other.counted:
        return True
    free = [c.counted == GENERIC or c.counted not in NOUNS.values() for c in (one, other)]
    return one.people and other.people and any(free) and _tell_equal(one.quantity, other.quantity)


def _tell_equal(one: Quantity, other: Quantity) -> bool:
    """Whether the same number is written, and hardly by chance; "dozens" are no number."""
    number = _stated_number(one)
    if one.kind == "date":
        return False
    written = number in (one.low, one.high) and number in (other.low, other.high)
    return written and number == _stated_number(other) >= TELLING


def _plausible(one: Quantity, other: Quantity) -> bool:
    if one.kind == "date":
        return abs(one.low - other.low) <= DAYS_APART
    less, more = sorted((_stated_number(one), _stated_number(other)))
    return less * TIMES >= more


def _stated_number(quantity: Quantity) -> float:
    """The number that is written: of "more than 20" and of "up to 20" it is 20."""
    if math.isinf(quantity.high):
        return quantity.low
    return quantity.high if quantity.low == 0 else (quantity.low + quantity.high) / 2


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may be the same one; of two least numbers only equal ones are."""
    if math.isinf(one.high) and math.isinf(other.high):
        return one.low == other.low
    low, high = max(one.low, other.low), min(one.high, other.high)
    if math.isinf(max(one.high, other.high)):
        return low <= high <= OPEN * max(one.low if math.isinf(one.high) else other.low, 0.0)
    return low <= high


def _close(
    stated: Sequence[_Stated], pairs: Sequence[tuple[int, int]], closeness: Closeness
) -> list[tuple[int, int]]:
    """The pairs whose clauses are close, agreeing ones first, then the closest."""
    if not pairs:
        return []
    rows = {number: row for row, number in enumerate(sorted({n for pair in pairs for n in pair}))}
    cosines = closeness([stated[number].clause for number in rows])
    equal = Counter(_sentences_of(stated, pair) for pair in pairs if _tells(stated, pair))
    ranked = []
    for pair in pairs:
        cosine = float(cosines[rows[pair[0]], rows[pair[1]]])
        others = equal[_sentences_of(stated, pair)] - _tells(stated, pair)
        dates = stated[pair[0]].claim.quantity.kind == "date"
        if cosine >= (CLOSE_DATES if dates else CLOSE_BESIDE_EQUALS if others else CLOSE):
            ranked.append((not _agree_in(stated, pair), -round(cosine, 2), pair))
    return [pair for _, _, pair in sorted(ranked)]


def _sentences_of(stated: Sequence[_Stated], pair: tuple[int, int]) -> tuple[object, ...]:
    return tuple((stated[n].document.id, stated[n].sentence.start) for n in pair)


def _tells(stated: Sequence[_Stated], pair: tuple[int, int]) -> bool:
    one, other = (stated[number].claim.quantity for number in pair)
    return _tell_equal(one, other)


def _agree_in(stated: Sequence[_Stated], pair: tuple[int, int]) -> bool:
    one, other = (stated[number].claim.quantity for number in pair)
    return agree(one, other)


def _grouped(stated: Sequence[_Stated], pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Figures that are all pairs of one another, of different sources, one of them cited at least.

    A group grows from its best pair; a figure is in one group.
    """
    paired = set(pairs)
    groups: list[set[int]] = []
    of: dict[int, set[int]] = {}
    for pair in pairs:
        one, other = (of.get(number, {number}) for number in pair)
        if one is other or not _may_join(stated, one, other, paired):
            continue
        joined = one | other
        groups = [group for group in groups if group is not one and group is not other]
        groups.append(joined)
        of |= dict.fromkeys(joined, joined)
    return sorted((g for g in groups if any(stated[n].citation for n in g)), key=min)


def _may_join(
    stated: Sequence[_Stated], one: set[int], other: set[int], paired: set[tuple[int, int]]
) -> bool:
    if {stated[n].story for n in one} & {stated[n].story for n in other}:
        return False
    return all((min(a, b), max(a, b)) in paired for a in one for b in other)


def _comparison(group: Sequence[_Stated]) -> Comparison:
    quantities = [each.claim.quantity for each in group]
    return Comparison(
        about=_about(group),
        kind=quantities[0].kind,
        agreed=all(agree(one, other) for one, other in combinations(quantities, 2)),
        figures=tuple(map(_figure, group)),
    )


def _about(group: Sequence[_Stated]) -> tuple[Words, ...]:
    """What is counted, what is said of it, and where, as the first sentence puts it."""
    first = group[0]
    spans = {first.claim.cue} | ({first.claim.noun} if first.claim.noun else set())
    occasions = [each.occasion for each in group if each.occasion]
    shared = frozenset.intersection(*(frozenset(each.places) for each in occasions))
    for key in sorted(shared & occasions[0].own):
        name = occasions[0].places[key]
        at = first.sentence.exact.index(name)
        spans.add((at, at + len(name)))
    start = first.sentence.start
    return tuple(_words(first.document, start + a, start + b) for a, b in sorted(spans))


def _figure(stated: _Stated) -> Figure:
    document, quantity = stated.document, stated.claim.quantity
    words = _words(
        document,
        stated.sentence.start + quantity.start,
        stated.sentence.start + quantity.end,
    )
    return Figure(
        **dict(words),
        sentence=stated.sentence,
        document=document.id,
        document_hash=document.sha256,
        citation=stated.citation,
        low=quantity.low,
        high=None if math.isinf(quantity.high) else quantity.high,
        source=document.source,
    )
