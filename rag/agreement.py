"""Whether two figures may be one and the same, or of the same thing, by their size alone."""

import math

from rag.quantities import Quantity

DAYS_APART = 20 * 365
"""No two dates of one event are further apart."""

TIMES = 5.0
"""Figures of the same thing seldom differ by more than this factor."""

TELLING = 5
"""An equal number of at least this is hardly so by chance, whatever those counted are called."""

MANY, NEARLY = 30, 0.1
"""Of at least so many, two figures that differ by no more than such a share of the higher one are
hardly as near by chance."""

OPEN = 1.5
""""More than 100" and a figure of up to so many times 100 may be the same."""


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may be the same one; of two least numbers only equal ones are."""
    if math.isinf(one.high) and math.isinf(other.high):
        return one.low == other.low
    low, high = max(one.low, other.low), min(one.high, other.high)
    if math.isinf(max(one.high, other.high)):
        return low <= high <= OPEN * max(one.low if math.isinf(one.high) else other.low, 0.0)
    return low <= high


def tell_equal(one: Quantity, other: Quantity) -> bool:
    """Whether the same number is written, and hardly by chance; "dozens" are no number."""
    number = _stated_number(one)
    if one.kind == "date":
        return False
    written = number in (one.low, one.high) and number in (other.low, other.high)
    return written and number == _stated_number(other) >= TELLING


def tell_nearly_equal(one: Quantity, other: Quantity) -> bool:
    """Whether two high numbers are written that are nearly the same."""
    less, more = sorted((_stated_number(one), _stated_number(other)))
    return one.kind != "date" and less >= MANY and more - less <= NEARLY * more


def plausible(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are near enough to be of the same thing."""
    if one.kind == "date":
        return abs(one.low - other.low) <= DAYS_APART
    less, more = sorted((_stated_number(one), _stated_number(other)))
    return less * TIMES >= more


def _stated_number(quantity: Quantity) -> float:
    """The number that is written: of "more than 20" and of "up to 20" it is 20."""
    if math.isinf(quantity.high):
        return quantity.low
    return quantity.high if quantity.low == 0 else (quantity.low + quantity.high) / 2
