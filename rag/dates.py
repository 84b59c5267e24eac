"""The dates of an English text: days, months and years, with weekdays told from a day of reference.

A date without a year ("21 August", "on Tuesday") is the last such day up to the day of reference,
which for a report is the day on which it was published; without one it is left out.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,:/]?\d)"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)\b(?!,\d|\.\d|%)"
_BEFORE = r"(?<![\w,./:$£€-])"
_BEFORE_YEAR = (
    "in|since|during|by|until|till|from|of|year|early|late|mid|spring|summer|autumn|winter"
)
_FORMS = (
    rf"{_BEFORE}(?P<year>1\d\d\d|20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
    rf"{_BEFORE}(?P<day>\d\d)[-.](?P<number>\d\d)[-.](?P<year>1\d\d\d|20\d\d)(?!\d)",
    rf"{_BEFORE}{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
    rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
    rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}",
    r"\b(?P<near>[Yy]esterday|[Tt]oday|(?:at|over|during|on) the weekend)\b",
    r"\b(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b",
    rf"\b(?i:in|since|during|until|of|last)\s+{_MONTH}(?!\s+\d)",
    rf"\b(?i:{_BEFORE_YEAR})[\s-]+{_YEAR}(?!\s+[a-z]+s\b)",
    rf"\({_YEAR}\)",
)
_PATTERNS = tuple(re.compile(form) for form in _FORMS)
_HINT = re.compile(
    r"\d{4}|\d\d[-.]\d\d|[dD]ay|weekend|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
"""A text without any of this holds no date: most do not."""


class Moment(NamedTuple):
    """A date that stands in a text, as the days that it may be.

    Attributes:
        start: offset of its first character.
        end: offset after its last.
        first: the first day that it may be.
        last: the last.
        grain: what it names.
    """

    start: int
    end: int
    first: date
    last: date
    grain: Literal["day", "weekday", "month", "year"]


def moments_in(text: str, reference: date | None = None) -> tuple[Moment, ...]:
    """The dates in a text, in order, without overlap."""
    return tuple(moment for _, _, moment in _found(text, reference) if moment)


def date_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where dates stand in a text, those without a year too, so that none is read as a count."""
    return tuple((start, end) for start, end, _ in _found(text, None))


def day_of(published: str | None) -> date | None:
    """The day that a catalogue names, if it names one: "2016-09-22"."""
    with suppress(ValueError, TypeError):
        return date.fromisoformat((published or "")[:10])
    return None


@lru_cache(maxsize=4096)
def _found(text: str, reference: date | None) -> Sequence[tuple[int, int, Moment | None]]:
    found: list[tuple[int, int, Moment | None]] = []
    if not _HINT.search(text):
        return found
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _span(match)
            if not any(start < e and s < end for s, e, _ in found):
                found.append((start, end, _moment(match, start, end, reference)))
    return sorted(found, key=lambda each: each[:2])


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Of a year after "in" only the year."""
    groups = match.groupdict()
    alone = groups.get("year") and not {"month", "number"} & {k for k, v in groups.items() if v}
    return match.span("year") if alone else match.span()


def _moment(match: re.Match[str], start: int, end: int, reference: date | None) -> Moment | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "weekday" in groups or "near" in groups:
        day = _near_day(groups, reference)
        if day is None:
            return None
        before = timedelta(days="weekend" in groups.get("near", ""))
        return Moment(start, end, day - before, day, "weekday")
    month = int(groups["number"]) if "number" in groups else _number_of(groups.get("month"))
    year = int(groups["year"]) if "year" in groups else None
    with suppress(ValueError):  # 31 June
        if "day" not in groups:
            return _long(start, end, year or _year_of(month, reference), month)
        for candidate in _years(year, reference):
            day = date(candidate, month or 1, int(groups["day"]))
            if year or (reference and day <= reference + timedelta(days=1)):
                return Moment(start, end, day, day, "day")
    return None


def _long(start: int, end: int, year: int | None, month: int | None) -> Moment | None:
    """A month of a year, or a whole year."""
    if year is None:
        return None
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    return Moment(start, end, date(year, month or 1, 1), last, "month" if month else "year")


def _year_of(month: int | None, reference: date | None) -> int | None:
    """The year of the last such month up to the day of reference."""
    if month is None or reference is None:
        return None
    return reference.year - (month > reference.month)


def _years(year: int | None, reference: date | None) -> Iterator[int]:
    if year:
        yield year
    elif reference:
        yield from (reference.year, reference.year - 1)


def _number_of(month: str | None) -> int | None:
    if month is None:
        return None
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month[:3].lower()))


def _near_day(groups: Mapping[str, str], reference: date | None) -> date | None:
    """The last such weekday up to the day of reference; of a weekend its Sunday."""
    if reference is None:
        return None
    if "weekend" in groups.get("near", ""):
        return reference - timedelta(days=(reference.weekday() + 1) % 7)
    if "near" in groups:
        return reference - timedelta(days=groups["near"].lower() == "yesterday")
    name = groups["weekday"].lower()
    number = next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(name))
    return reference - timedelta(days=(reference.weekday() - number) % 7)
