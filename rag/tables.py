"""A TOML file's tables, checked: a slip costs its value alone and becomes a notice."""

import copy
import difflib
import re
from collections.abc import Iterator, Sequence, Set
from typing import Any, TypeVar

from pydantic import ValidationError

from rag.entries import FIELDS
from rag.places import Places
from rag.records import Notice, Record

Table = dict[str, Any]

MESSAGES = {
    "extra_forbidden": "unknown key",
    "literal_error": "unknown key",
    "missing": "is missing, and without it the entry says nothing",
    "date_from_datetime_parsing": "write a day (2017-02-26)",
}

Entry = TypeVar("Entry", bound=Record)


class Tables:
    """The tables of one file, and the notices on it, gathered on the way."""

    def __init__(self, name: str, text: str, tables: Table) -> None:
        self.places = Places(text)
        self.notices: list[Notice] = []
        self._name = name
        self._tables = tables

    def expect(self, known: Set[str]) -> None:
        """Note each table that is none of these."""
        for key in sorted(self._tables.keys() - known):
            line = self.places.header(rf"\[*\s*{re.escape(key)}")
            self.note(f"unknown table or key {key!r}", line, left_out(key, known))

    def one(self, key: str) -> Table:
        """The table [key]; empty if there is none."""
        table = self._tables.get(key, {})
        if isinstance(table, dict):
            return table
        self.note(f"{key!r} is not a table", self.places.header(re.escape(key)), "left out")
        return {}

    def every(self, key: str) -> Iterator[tuple[int, object]]:
        """The tables [[key]], counted from 1."""
        tables = self._tables.get(key, [])
        if isinstance(tables, list):
            yield from enumerate(tables, start=1)
        else:
            line = self.places.header(rf"\[?\s*{key}")
            self.note(f"`{key}` is not a list", line, f"write [[{key}]]")

    def checked(
        self,
        model: type[Entry],
        table: object,
        name: str,
        header: str,
        nth: int,
        within: Sequence[str | int] = (),
    ) -> Entry | None:
        """The table as `model`, bad values left out with a notice; None if nothing is left.

        It is the nth table with that header, or stands at the keys `within` of that.
        """
        if not isinstance(table, dict):
            self.note(f"{name} is not a table", self.places.near(header, nth, *within), "left out")
            return None
        try:
            return model.model_validate(table)
        except ValidationError as error:
            slips = {slip["loc"][:2]: slip for slip in error.errors()}
        rest = copy.deepcopy(table)
        for keys, slip in slips.items():
            names = tuple(str(key) for key in keys)
            unknown = MESSAGES.get(slip["type"]) == "unknown key"
            told = MESSAGES.get(slip["type"], slip["msg"].removeprefix("Value error, "))
            remedy = left_out(names[-1], {*model.model_fields, *FIELDS}) if unknown else "left out"
            line = self.places.near(header, nth, *within, *names)
            self.note(f"{name}, {'.'.join(names)!r}: {told}", line, remedy)
            holder = rest[names[0]] if len(names) > 1 else rest
            holder.pop(names[-1], None)
        required = {key for key, field in model.model_fields.items() if field.is_required()}
        return model.model_validate(rest) if required <= rest.keys() else None

    def note(self, message: str, line: int | None, remedy: str) -> None:
        """Keep a notice."""
        self.notices.append(Notice(file=self._name, line=line, message=message, remedy=remedy))


def left_out(key: str, known: Set[str]) -> str:
    """What became of an unknown key, and which known one may have been meant."""
    like = difflib.get_close_matches(key, sorted(known), 1)
    return f"left out; did you mean {like[0]!r}?" if like else "left out"
