"""`sources.toml`: what is known of each document's source, and the perspectives there are.

A slip in one entry costs that value alone: it is left out with a notice that names file and line.
Only a file that is no TOML at all stops a build, because going on would hide every label.
"""

import copy
import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from rag.errors import CatalogueError
from rag.records import (
    UNLABELLED,
    AssignedPerspective,
    Document,
    Notice,
    Perspective,
    Record,
    Source,
)

FILE_NAME = "sources.toml"

Table = dict[str, Any]

MESSAGES = {
    "extra_forbidden": "unknown key",
    "literal_error": "unknown key",
    "missing": "is missing, so the entry is of no document",
    "date_from_datetime_parsing": "write a day (2017-02-26)",
}

SourceField = Literal[
    "title", "author", "publisher", "published", "url", "language", "kind", "origin"
]


def _as_text(value: object) -> object:
    """A TOML date or a bare year is meant as the text that it looks like."""
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("write a day (2017-02-26)")
    return value


TABLES = frozenset({"perspectives", "sources", "questions"})
FIELDS: tuple[str, ...] = get_args(SourceField)


_ID = re.compile(r"[\w -]+")


class PerspectiveEntry(Record):
    """`[perspectives.ID]` as written."""

    label: str = ""
    description: str = ""


class SourceEntry(Record):
    """`[[sources]]` as written, each value checked."""

    file: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: Annotated[str | None, BeforeValidator(_as_text)] = None
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    origin: str | None = None
    perspective: Annotated[str | None, Field(min_length=1)] = None
    basis: str | None = None
    basis_quote: str | None = None
    assigned_by: str | None = None
    assigned_on: Annotated[date | None, BeforeValidator(_no_number)] = None
    inferred: dict[SourceField, str] = {}

    @field_validator("published")
    @classmethod
    def _is_a_day_month_or_year(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", value):
            raise ValueError("write a year, a month (2017-02) or a day (2017-02-26)")
        date.fromisoformat((value + "-01-01")[:10])
        return value

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+\S*", value):
            raise ValueError("an address begins with https:// or http://")
        return value


Entry = TypeVar("Entry", bound=Record)


class Catalogue(Record):
    """What `sources.toml` says, as far as it could be read.

    Attributes:
        perspectives: the declared ones in their order, also those without any source.
        entries: the source entries by file.
        lines: for each entry, the line of each of its keys.
        questions: starter questions.
        notices: what was left out, and why.
        sha256: of the file's bytes; empty where there is none.
    """

    perspectives: tuple[Perspective, ...] = ()
    entries: dict[str, SourceEntry] = {}
    lines: dict[str, dict[str, int]] = {}
    questions: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    sha256: str = ""

    def source_of(self, document_id: str) -> Source:
        """The source of a document; without an entry its file name is its title."""
        entry = self.entries.get(document_id)
        if entry is None:
            return Source(title=document_id.rsplit("/", 1)[-1])
        known = entry.model_dump(include=Source.model_fields.keys() - {"perspective"})
        return Source(**known, perspective=self._assigned(entry))

    def _assigned(self, entry: SourceEntry) -> AssignedPerspective:
        declared = next((p for p in self.perspectives if p.id == entry.perspective), None)
        if declared is None:
            return AssignedPerspective()
        basis = entry.model_dump(include={"basis", "basis_quote", "assigned_by", "assigned_on"})
        return AssignedPerspective(id=declared.id, label=declared.label, **basis)


def read_catalogue(path: Path) -> Catalogue:
    """Read `sources.toml`; a folder without one has an empty catalogue.

    Raises:
        CatalogueError: the file is not UTF-8, or not TOML.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf_8_sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return Catalogue()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueError(
            f"{path}: cannot be read: not UTF-8 (at line {line})", "Save it as UTF-8."
        ) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"{path}: cannot be read: {error}",
            "Mend it there (each source stands below [[sources]], in two pairs of brackets),"
            " or move it away to read every document as Unlabelled."
            " An index that was built before stays as it is.",
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    return _Reading(path.name, text, tables).catalogue().model_copy(update={"sha256": digest})


class _Reading:
    """One pass over the parsed file, gathering notices on the way."""

    def __init__(self, name: str, text: str, tables: Table) -> None:
        self.name = name
        self.lines = text.split("\n")
        self.tables = tables
        self.notices: list[Notice] = []

    def catalogue(self) -> Catalogue:
        for key in sorted(self.tables.keys() - TABLES):
            line = self._line(rf"\[*\s*{re.escape(key)}")
            self._note(f"unknown table or key {key!r}", line, _left_out(key, TABLES))
        perspectives = tuple(self._perspectives())
        entries = self._entries({p.id for p in perspectives})
        return Catalogue(
            perspectives=perspectives,
            entries={entry.file: entry for entry, _ in entries},
            lines={entry.file: lines for entry, lines in entries},
            questions=self._questions(),
            notices=tuple(self.notices),
        )

    def _perspectives(self) -> Iterable[Perspective]:
        seen: set[str] = set()
        for key, table in self._table("perspectives").items():
            header = rf"\[\s*perspectives\s*\.\s*[\"']?{re.escape(key)}[\"']?\s*\]"
            if key == UNLABELLED or not _ID.fullmatch(key):
                what = (
                    "is reserved"
                    if key == UNLABELLED
                    else "holds more than letters, digits, spaces, - and _"
                )
                self._note(f"the perspective id {key!r} {what}", self._line(header), "rename it")
                continue
            entry = self._checked(PerspectiveEntry, table, f"perspective {key!r}", header, 1)
            if entry is not None:
                line = self._line(header)
                if not entry.label:
                    self._note(f"perspective {key!r} has no label", line, f"shown as {key}")
                label = entry.label or key
                if label in seen:
                    self._note(f"a second perspective is labelled {label!r}", line, "rename one")
                seen.add(label)
                yield Perspective(id=key, label=label, description=entry.description)

    def _entries(self, perspectives: Set[str]) -> list[tuple[SourceEntry, dict[str, int]]]:
        tables = self.tables.get("sources", [])
        if not isinstance(tables, list):
            self._note("`sources` is not a list", self._line(r"\[?\s*sources"), "write [[sources]]")
            return []
        header = r"\[\[\s*sources\s*\]\]"
        entries: dict[str, tuple[SourceEntry, dict[str, int]]] = {}
        for number, table in enumerate(tables, start=1):
            name = table.get("file", "without a file") if isinstance(table, dict) else "no table"
            entry = self._checked(SourceEntry, table, f"source {name!r}", header, number)
            if entry is None:
                continue
            places = {key: self._line(header, number, key) for key in table}
            lines = {key: line for key, line in places.items() if line is not None}
            if entry.file in entries:
                first = entries[entry.file][1].get("file")
                self._note(
                    f"a second entry for {name!r}; the one in line {first} holds",
                    lines.get("file"),
                    "keep one of them",
                )
                continue
            self._check_label(entry, perspectives, lines)
            entries[entry.file] = (entry, lines)
        return list(entries.values())

    def _check_label(
        self, entry: SourceEntry, perspectives: Set[str], lines: Mapping[str, int]
    ) -> None:
        if entry.perspective is not None and entry.perspective not in perspectives:
            known = ", ".join(sorted(perspectives)) or "none"
            self._note(
                f"source {entry.file!r}: no perspective {entry.perspective!r} is declared"
                f" (declared: {known}), so it shows as Unlabelled",
                lines.get("perspective"),
                f"declare [perspectives.{entry.perspective}] or correct the id",
            )
        elif entry.perspective is None and (entry.basis or entry.basis_quote or entry.assigned_by):
            self._note(
                f"source {entry.file!r}: a basis, but no perspective",
                lines.get("file"),
                "name the perspective that it is for",
            )
        elif entry.perspective is not None and not entry.basis:
            self._note(
                f"source {entry.file!r}: its label has no basis",
                lines.get("perspective"),
                "write why it carries that label, as `basis`",
            )

    def _questions(self) -> tuple[str, ...]:
        table = self._table("questions")
        line = self._line(r"\[\s*questions\s*\]")
        for key in sorted(table.keys() - {"ask"}):
            self._note(f"unknown key {key!r} in [questions]", line, "left out")
        asked = table.get("ask", [])
        if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
            self._note("`ask` is not a list of questions", line, 'write ask = ["…", "…"]')
            return ()
        return tuple(each.strip() for each in asked if each.strip())

    def _table(self, key: str) -> Table:
        table = self.tables.get(key, {})
        if isinstance(table, dict):
            return table
        self._note(f"{key!r} is not a table", self._line(re.escape(key)), "left out")
        return {}

    def _checked(
        self, model: type[Entry], table: object, name: str, header: str, nth: int
    ) -> Entry | None:
        """The table as `model`, bad values left out with a notice; None if nothing is left."""
        if not isinstance(table, dict):
            self._note(f"{name} is not a table", self._line(header, nth), "left out")
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
            remedy = _left_out(names[-1], {*model.model_fields, *FIELDS}) if unknown else "left out"
            self._note(
                f"{name}, {'.'.join(names)!r}: {told}", self._near(header, nth, names), remedy
            )
            holder = rest[names[0]] if len(names) > 1 else rest
            holder.pop(names[-1], None)
        required = {key for key, field in model.model_fields.items() if field.is_required()}
        return model.model_validate(rest) if required <= rest.keys() else None

    def _note(self, message: str, line: int | None, remedy: str) -> None:
        self.notices.append(Notice(file=self.name, line=line, message=message, remedy=remedy))

    def _near(self, header: str, nth: int, names: tuple[str, ...]) -> int | None:
        """The line of a key, or of the table it should be in, or of the nth header."""
        return (
            self._line(header, nth, *names)
            or self._line(header, nth, names[0])
            or self._line(header, nth)
        )

    def _line(self, header: str, nth: int = 1, *keys: str) -> int | None:
        """The line, from 1, of the nth header, or of a key below it. The parser tells neither."""
        headers = [n for n, line in enumerate(self.lines) if re.match(rf"\s*{header}", line)]
        if len(headers) < nth:
            return None
        if not keys:
            return headers[nth - 1] + 1
        *tables, key = keys
        inside: list[str] = []
        for number in range(headers[nth - 1] + 1, len(self.lines)):
            line = self.lines[number]
            if re.match(r"\s*\[", line):
                below = re.match(r"\s*\[\s*\w+\s*\.\s*(\w+)\s*\]", line)
                if below is None:
                    return None
                inside = [below[1]]
            elif inside == tables and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", line):
                return number + 1
        return None


def _left_out(key: str, known: Set[str]) -> str:
    like = difflib.get_close_matches(key, sorted(known), 1)
    return f"left out; did you mean {like[0]!r}?" if like else "left out"


def described(document: Document, catalogue: Catalogue) -> tuple[Document, tuple[Notice, ...]]:
    """The document with its source; a basis quote that it does not hold is left out."""
    source = catalogue.source_of(document.id)
    assigned = source.perspective
    notices: tuple[Notice, ...] = ()
    if assigned.basis_quote is not None:
        # Line ends in the document are no part of what a person copies.
        words = r"\s+".join(map(re.escape, assigned.basis_quote.split()))
        found = re.search(words, document.text) if words else None
        assigned = assigned.model_copy(update={"basis_quote": found[0] if found else None})
        if found is None:
            notice = Notice(
                file=FILE_NAME,
                line=catalogue.lines[document.id].get("basis_quote"),
                message=f"source {document.id!r}: its `basis_quote` is not in the document,"
                " so it is left out",
                remedy="copy it letter for letter",
            )
            notices = (notice,)
    source = source.model_copy(update={"perspective": assigned})
    return document.model_copy(update={"source": source}), notices


def orphans(catalogue: Catalogue, files: Set[str]) -> tuple[Notice, ...]:
    """A notice for each entry whose file is not among the seeds."""
    return tuple(
        Notice(
            file=FILE_NAME,
            line=catalogue.lines[name].get("file"),
            message=f"an entry for {name!r}, but there is no such file",
            remedy="correct the name, or add the file to the seeds",
        )
        for name in catalogue.entries
        if name not in files
    )
