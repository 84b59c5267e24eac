"""Dates of reduced precision (ISO 8601): a year, a month or a day, as the days that they hold."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

Interval = tuple[date, date]
"""The first and the last day, both included."""

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}", re.ASCII)


@lru_cache(maxsize=65536)
def interval_of(told: str) -> Interval | None:
    """The days of a date ("2020", "2020-10", "2020-10-21"); None if it is no such date."""
    if not _DATE.fullmatch(told):
        return None
    try:
        first = date.fromisoformat(f"{told}-01-01"[:10])
    except ValueError:
        return None
    if len(told) == len("2020-10-21"):
        return first, first
    month = first.month if "-" in told else 12
    return first, date(first.year, month, monthrange(first.year, month)[1])
