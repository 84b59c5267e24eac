"""Whether two occasions are the same, as far as places, days and causes tell."""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from rag.occasions import FRESH, Days, Occasion
from rag.predicates import VAGUE
from rag.reports import MONTH
from rag.telling import Weights

SAME_DAY, FRESH_NEWS, DAY_APART, UNDATED, LOOKING_BACK = 1.0, 2.5, 2.5, 3.0, 6.0
"""How much the names and causes that sentences share have to tell: where both sources name the same
day; where one may only be supposed to tell of the days before its publication; where the days named
are neighbours, and were long ago when it was written; where a day is not known; and where reports
are of different days, but one sentence does not itself name its own and may look back."""

NEXT_DAY = 5.5
"""So much where news is of neighbouring days, and a sentence does not itself name its own."""

SHARED_WORDS, SHARED = 3, 0.6
"""So many words at least, and such a share of those of the shorter sentence, tell that two
sentences are of one event whose date they give."""

KIN, KIN_SHARE, CERTAIN = 7.0, 0.45, 14.0
"""So much, and such a share of what the shorter one begins with, have the beginnings of two reports
of one thing in common at least; or so much, whatever the share."""

LOCAL = 0.7
"""A name of more weight is one of a part of the country."""

MANY_PLACES = 4
"""A sentence that names so many places sums up what happened in all of them."""

RARE, ELSEWHERE = 4.0, 4.0
"""Where each sentence names a place of this weight that the other source does not have around its
own, the names that they share have to tell more: two villages of one province."""


def same_occasion(
    one: Occasion,
    other: Occasion,
    weights: Weights,
    *,
    equal: bool = False,
    nearly: bool = False,
) -> bool:
    """Whether two occasions are the same, as far as places, days and causes tell.

    Args:
        one: of a figure.
        other: of another.
        weights: of names and causes.
        equal: whether both figures are the same number, which is evidence too.
        nearly: whether they are high numbers and nearly the same.
    """
    if one.entire or other.entire:
        return one.entire and other.entire and _same_war(one, other, weights)
    if _differ(one.causes - VAGUE, other.causes - VAGUE):
        return False
    needed = _needed(one, other, equal)
    if needed is None or (_sums_up(one, other, weights) and not equal):
        return False
    if needed == SAME_DAY and nearly:
        needed = SAME_DAY / 2
    shared = one.places.keys() & other.places.keys()
    if needed == LOOKING_BACK:
        shared &= one.own & other.own
    told = sum(min(weights.of_name(each.places[key]) for each in (one, other)) for key in shared)
    told += max(map(weights.of_cause, one.causes & other.causes), default=0.0)
    told += weights.of_best_word(one.words & other.words)
    apart = told < ELSEWHERE and _elsewhere(one, other, weights, needed)
    if apart or not _in_own_words(one, other, shared, weights):
        return False
    return told >= needed or (needed < NEXT_DAY and _are_kin(one, other, weights))


def same_event(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether two dates are of the same event: most words of the shorter sentence are in both."""
    shared = one.words & other.words
    if len(shared) < max(SHARED_WORDS, SHARED * min(len(one.words), len(other.words))):
        return False
    return same_occasion(one._replace(days=None), other._replace(days=None), weights)


def _sums_up(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether one sentence tells of many places, and the other of few of them."""
    few, many = sorted(
        sum(weights.of_name(each.places[key]) >= LOCAL for key in each.own) for each in (one, other)
    )
    return many >= MANY_PLACES and 2 * few < many


def _differ(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    return bool(one and other and not one & other)


def _in_own_words(
    one: Occasion, other: Occasion, shared: AbstractSet[str], weights: Weights
) -> bool:
    """Whether, of two sentences that both name places, one at least names a shared one itself."""
    named = [
        {key for key in each.own if weights.of_name(each.places[key]) >= LOCAL}
        for each in (one, other)
    ]
    if not all(named):
        return True
    rare = [
        {k for k in each.own if weights.of_name(each.places[k]) >= RARE} for each in (one, other)
    ]
    if all(rare) and rare[0].isdisjoint(rare[1]):
        return False
    return not shared.isdisjoint(named[0] | named[1])


def _elsewhere(one: Occasion, other: Occasion, weights: Weights, needed: float) -> bool:
    """Whether each sentence names a place that the other source does not name around its own."""
    rare = RARE if needed else 0.5
    return all(
        any(weights.of_name(a.places[key]) >= rare for key in a.own - b.places.keys())
        for a, b in ((one, other), (other, one))
    )


def _same_war(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether totals of a whole war are of the same one, at about the same time."""
    if one.published and other.published and abs(one.published - other.published) > MONTH:
        return False
    shared = one.own & other.own
    alone = (one.own | other.own) - shared
    places = dict(one.places) | dict(other.places)
    return bool(shared) and all(weights.of_name(places[key]) < LOCAL for key in alone)


def _needed(one: Occasion, other: Occasion, equal: bool) -> float | None:
    """How much the names have to tell, by what is known of the days; None if they differ."""
    a, b = one.days, other.days
    if a is None or b is None:
        return UNDATED
    gap = max(a.first, b.first) - min(a.last, b.last)
    if gap > timedelta(0):
        return _needed_apart(one, other, a, b, equal)
    if max(a.last - a.first, b.last - b.first) > FRESH:
        # In a month from which there is news many such things happen.
        return None if a.fresh and b.fresh and not equal else UNDATED
    if a.named and b.named:
        return 0.0 if equal and one.places.keys() & other.places.keys() else SAME_DAY
    return FRESH_NEWS


def _needed_apart(one: Occasion, other: Occasion, a: Days, b: Days, equal: bool) -> float | None:
    # Sources of long ago name the evening or the morning after; news of two days is two news.
    gap = max(a.first, b.first) - min(a.last, b.last)
    if not (a.fresh and b.fresh):
        return DAY_APART if gap == timedelta(days=1) and a.named and b.named else None
    if gap == timedelta(days=1) and not (a.own and b.own):
        return NEXT_DAY
    later, its = (one, a) if a.first > b.first else (other, b)
    back = equal and gap <= MONTH and not (its.own or later.leads)
    return LOOKING_BACK if back else None


def _are_kin(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether two reports are of one thing by what they begin with."""
    if not (one.days and other.days and one.report and other.report):
        return False
    a, b = one.report.gist(weights), other.report.gist(weights)
    told = sum(min(a[each], b[each]) for each in a.keys() & b.keys())
    least = min(sum(a.values()), sum(b.values()))
    return told >= min(CERTAIN, max(KIN, KIN_SHARE * least))
