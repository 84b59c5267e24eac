"""The tables of `sources.toml` as written, each value checked."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from rag.intervals import interval_of
from rag.records import Metadata, Record

FILE_NAME = "sources.toml"

SourceField = Literal[
    "title", "author", "publisher", "published", "url", "language", "kind", "origin"
]
FIELDS: tuple[str, ...] = get_args(SourceField)

LineRange = tuple[int, int]
"""The first and the last line of a run of lines, from 1, both included."""

LONGEST_STATED = 500
"""No title, name or address that a file states of itself has more code points than this."""

HASH_SHOWN = 12
"""So many hexadecimal digits of a file's SHA-256 tell it from what it was before."""

Name = Annotated[str, Field(min_length=1)]


def _as_text(value: object) -> object:
    """A TOML date or a bare year is meant as the text that it looks like."""
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("write a day (2017-02-26)")
    return value


def _as_ranges(value: object) -> object:
    """Lines and pairs of lines, each as a pair."""
    if not isinstance(value, list | tuple):
        raise ValueError("write a list of lines: [[12, 18], 40]")
    return tuple(_as_range(each) for each in value)


def _as_range(value: object) -> LineRange:
    pair = [value, value] if isinstance(value, int) else value
    match pair:
        case [int(first), int(last)] if {type(first), type(last)} == {int} and 1 <= first <= last:
            return first, last
    raise ValueError(f"{value!r} is no line, from 1, nor the first and the last of several")


Day = Annotated[date | None, BeforeValidator(_no_number)]
Ranges = Annotated[tuple[LineRange, ...], BeforeValidator(_as_ranges)]


class PerspectiveEntry(Record):
    """`[perspectives.ID]` as written."""

    label: str = ""
    description: str = ""


class FormerEntry(Record):
    """`[[sources.history]]` as written: a label that the source carried before."""

    perspective: Name
    label: str | None = None
    basis: str | None = None
    basis_quote: str | None = None
    assigned_by: str | None = None
    assigned_on: Day = None
    reviewed_by: str | None = None
    reviewed_on: Day = None
    until: Day = None


class SourceEntry(Record):
    """`[[sources]]` as written, each value checked.

    Attributes:
        keep: lines of the document's text (`str.splitlines`) that are no furniture.
        drop: lines that are.
        lines_checked_for: how the SHA-256 of the file begins whose lines `keep` and `drop` number.
    """

    file: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: Annotated[str | None, BeforeValidator(_as_text)] = None
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    origin: str | None = None
    perspective: Name | None = None
    basis: str | None = None
    basis_quote: str | None = None
    assigned_by: str | None = None
    assigned_on: Day = None
    reviewed_by: str | None = None
    reviewed_on: Day = None
    inferred: dict[SourceField, str] = {}
    keep: Ranges = ()
    drop: Ranges = ()
    lines_checked_for: str | None = None
    history: tuple[FormerEntry, ...] = ()

    @field_validator("published")
    @classmethod
    def _is_a_day_month_or_year(cls, value: str | None) -> str | None:
        if value is not None and interval_of(value) is None:
            raise ValueError("write a year, a month (2017-02) or a day (2017-02-26)")
        return value

    @field_validator("lines_checked_for")
    @classmethod
    def _is_a_hash(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9a-f]{12,64}", value):
            raise ValueError(f"write the first {HASH_SHOWN} digits that parallax read FILE shows")
        return value

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+\S*", value):
            raise ValueError("an address begins with https:// or http://")
        return value


class CollectionEntry(Record):
    """`[[collections]]` as written: which column of a file of many documents holds what."""

    file: str
    text: Name | None = None
    id: Name | None = None
    title: Name | None = None
    author: Name | None = None
    publisher: Name | None = None
    published: Name | None = None
    url: Name | None = None
    language: Name | None = None


def acceptable(metadata: Metadata) -> Mapping[str, str]:
    """What a file says of itself as far as a catalogue might say it too, white space made one.

    A value that would be a slip in the catalogue is left out, and so is one that nobody could
    print: too long, or with half of a surrogate pair in it.
    """
    stated = {field: " ".join((value or "").split()) for field, value in metadata}
    return {field: value for field, value in stated.items() if value and _holds(field, value)}


def _holds(field: str, value: str) -> bool:
    try:
        value.encode()
        SourceEntry.model_validate({"file": "", field: value})
    except (UnicodeEncodeError, ValidationError):
        return False
    return len(value) <= LONGEST_STATED
