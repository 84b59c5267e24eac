"""The same quantity, different figures: which figures of several sources are of the same thing.

Two figures are of the same thing if they are of one kind and unit, count the same noun, say the
same of it, of the same occasion (`rag.coincidence`), for the same length of time, and if the
clauses that they stand in are close in meaning. Never by their numbers alone. Whoever reads wants a
wrong pairing less than a missed one, so whatever cannot be told is no pair.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rag.agreement import agree, plausible, tell_equal, tell_nearly_equal
from rag.claims import Claim
from rag.closeness import Place
from rag.coincidence import same_event, same_occasion
from rag.occasions import Occasions
from rag.predicates import GENERIC, NOUNS, WAYS
from rag.records import Citation, Comparison, Figure, Quote, Span, Words
from rag.stated import Stated, stated_in, words_of
from rag.stories import NO_STORIES, Stories

Closeness = Callable[[Sequence[Place]], NDArray[np.float32]]
"""n parts of documents -> the cosines of their vectors, shape (n, n)."""

Pair = tuple[int, int]

CLOSE = 0.55
"""Clauses with a cosine of at least this may tell of the same thing."""

CLOSE_BESIDE_EQUALS = 0.45
"""As `CLOSE`, for sentences that share another figure of the same thing already."""

CLOSE_DATES = 0.72
"""As `CLOSE`, for dates, of which every report is full."""


def comparisons(
    cited: Sequence[Citation],
    near: Sequence[Quote],
    occasions: Occasions,
    closeness: Closeness,
    stories: Stories = NO_STORIES,
) -> tuple[Comparison, ...]:
    """The figures that several sources give for the same thing, in the order of the citations.

    Args:
        cited: the citations of an answer.
        near: sentences of passages that came near but are not quoted, best first.
        occasions: of the library.
        closeness: asked once, and only about clauses of pairs that pass the rules.
        stories: documents of one story are one source.

    Returns:
        Each with a figure from a citation, and with one figure of a source at most.
    """
    stated = stated_in(cited, near, occasions, stories)
    pairs = [
        (one, other)
        for one, other in _alike(stated)
        if _may_be_same(stated[one], stated[other], occasions)
    ]
    close = _close(stated, pairs, closeness)
    groups = _grouped(stated, _once(stated, close))
    return tuple(
        _comparison([stated[n] for n in sorted(group)]) for group in _apart(stated, groups)
    )


def _alike(stated: Sequence[Stated]) -> Iterator[Pair]:
    """Pairs in which the same is said of figures of one kind, beside one from a citation at least.

    In order.
    """
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(stated):
        claim = each.claim
        predicate = WAYS.get(claim.predicate, claim.predicate)
        alike[claim.quantity.kind, claim.quantity.unit, predicate, claim.scope].append(number)
    for numbers in alike.values():
        if any(stated[number].citation for number in numbers):
            yield from combinations(numbers, 2)


def _may_be_same(one: Stated, other: Stated, occasions: Occasions) -> bool:
    """Whether two claims that say the same are of the same thing by every rule."""
    a, b = one.claim, other.claim
    if one.story == other.story or one.document.id == other.document.id:
        return False
    if not _same_counted(a, b) or not plausible(a.quantity, b.quantity):
        return False
    if not one.occasion or not other.occasion:
        return False
    if a.quantity.kind == "date":
        return same_event(one.occasion, other.occasion, occasions.weights)
    equal = tell_equal(a.quantity, b.quantity)
    if a.predicate != b.predicate and not equal:
        return False
    nearly = tell_nearly_equal(a.quantity, b.quantity)
    return same_occasion(
        one.occasion, other.occasion, occasions.weights, equal=equal, nearly=nearly
    )


def _same_counted(one: Claim, other: Claim) -> bool:
    """Whether the same is counted; people under two names only if there are as many."""
    if one.counted == other.counted:
        return True
    free = [c.counted == GENERIC or c.counted not in NOUNS.values() for c in (one, other)]
    return one.people and other.people and any(free) and tell_equal(one.quantity, other.quantity)


def _close(stated: Sequence[Stated], pairs: Sequence[Pair], closeness: Closeness) -> list[Pair]:
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


def _sentences_of(stated: Sequence[Stated], pair: Pair) -> tuple[object, ...]:
    return tuple((stated[n].document.id, stated[n].sentence.start) for n in pair)


def _tells(stated: Sequence[Stated], pair: Pair) -> bool:
    one, other = (stated[number].claim.quantity for number in pair)
    return tell_equal(one, other)


def _agree_in(stated: Sequence[Stated], pair: Pair) -> bool:
    one, other = (stated[number].claim.quantity for number in pair)
    return agree(one, other)


def _grouped(stated: Sequence[Stated], pairs: Sequence[Pair]) -> list[set[int]]:
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


def _may_join(stated: Sequence[Stated], one: set[int], other: set[int], paired: set[Pair]) -> bool:
    if {stated[n].story for n in one} & {stated[n].story for n in other}:
        return False
    return all((min(a, b), max(a, b)) in paired for a in one for b in other)


def _once(stated: Sequence[Stated], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, in their order, with one figure for all that give it in one document.

    A headline and the text below it give the same figure twice.
    """
    first: dict[tuple[object, ...], int] = {}
    for number, each in enumerate(stated):
        first.setdefault(_given(each), number)
    of = [first[_given(each)] for each in stated]
    return list(dict.fromkeys((min(of[a], of[b]), max(of[a], of[b])) for a, b in pairs))


def _given(stated: Stated) -> tuple[object, ...]:
    claim = stated.claim
    counted = GENERIC if claim.people else claim.counted
    return stated.document.id, counted, claim.predicate, claim.scope, claim.quantity[2:]


def _apart(stated: Sequence[Stated], groups: Sequence[set[int]]) -> Iterator[set[int]]:
    """The groups but those whose figures one before gives already, from the same documents."""
    given: list[set[tuple[object, ...]]] = []
    for group in groups:
        figures: set[tuple[object, ...]] = {
            (stated[n].document.id, *stated[n].claim.quantity[2:]) for n in group
        }
        if not any(figures <= each for each in given):
            given.append(figures)
            yield group


def _comparison(group: Sequence[Stated]) -> Comparison:
    quantities = [each.claim.quantity for each in group]
    return Comparison(
        about=_about(group),
        kind=quantities[0].kind,
        agreed=all(agree(one, other) for one, other in combinations(quantities, 2)),
        figures=tuple(map(_figure, group)),
    )


def _about(group: Sequence[Stated]) -> tuple[Words, ...]:
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
    return tuple(_words_of(first, start + a, start + b) for a, b in sorted(spans))


def _figure(stated: Stated) -> Figure:
    document, quantity = stated.document, stated.claim.quantity
    words = _words_of(
        stated,
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


def _words_of(stated: Stated, start: int, end: int) -> Words:
    return words_of(stated.document, Span(start=start, end=end))
