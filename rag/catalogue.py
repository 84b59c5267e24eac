"""`sources.toml`: what is known of each document's source, and the perspectives there are.

A slip in one entry costs that value alone: it is left out with a notice that names file and line.
Only a file that is no TOML at all stops a build, because going on would hide every label.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from rag.entries import FILE_NAME as FILE_NAME
from rag.entries import (
    CollectionEntry,
    FormerEntry,
    LineRange,
    PerspectiveEntry,
    SourceEntry,
    acceptable,
)
from rag.errors import CatalogueError
from rag.readers import ROWS
from rag.records import (
    UNLABELLED,
    UNLABELLED_LABEL,
    AssignedPerspective,
    Document,
    FormerLabel,
    Metadata,
    Notice,
    Perspective,
    Record,
    Source,
)
from rag.tables import Tables

TABLES = frozenset({"perspectives", "sources", "collections", "questions"})

OF_ONE_DOCUMENT = frozenset({"title", "url"})
"""What an entry for a collection does not say of each document in it."""

ABOUT_LABEL = frozenset(
    {"basis", "basis_quote", "assigned_by", "assigned_on", "reviewed_by", "reviewed_on"}
)

_ROW = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(ROWS)))})(?=#)", re.IGNORECASE)
"""Where the name of a file of rows ends, and what follows names a row."""

_ID = re.compile(r"[\w -]+")
_NONE = frozenset({UNLABELLED_LABEL.casefold(), "без метки"})
"""What sources without a label show in place of one, in each language (rag/wording)."""

_SOURCES = r"\[\[\s*sources\s*\]\]"
_COLLECTIONS = r"\[\[\s*collections\s*\]\]"


class Catalogue(Record):
    """What `sources.toml` says, as far as it could be read.

    Attributes:
        perspectives: the declared ones in their order, also those without any source.
        entries: the source entries by file.
        lines: for each entry, the line of each of its keys.
        collections: for each file of many documents, which of its columns holds what.
        collection_lines: for each of these, the line that names the file.
        questions: starter questions.
        notices: what was left out, and why.
        sha256: of the file's bytes; empty where there is none.
    """

    perspectives: tuple[Perspective, ...] = ()
    entries: dict[str, SourceEntry] = {}
    lines: dict[str, dict[str, int]] = {}
    collections: dict[str, dict[str, str]] = {}
    collection_lines: dict[str, int | None] = {}
    questions: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    sha256: str = ""

    def entry_of(self, document_id: str) -> SourceEntry | None:
        """The entry that describes a document: its own, or that of the collection it is part of."""
        names = (document_id, *collections_of(document_id))
        return next((self.entries[name] for name in names if name in self.entries), None)

    def source_of(self, document_id: str, metadata: Metadata | None = None) -> Source:
        """The source of a document: what the catalogue says, filled up with what the file says.

        A document that has neither an entry of its own nor a title has its file name as title.
        """
        entry = self.entry_of(document_id)
        known = entry.model_dump(include={*Source.model_fields}) if entry else {}
        if entry and entry.file != document_id:
            known |= dict.fromkeys(OF_ONE_DOCUMENT)
        stated = acceptable(metadata) if metadata else {}
        fills = {field: value for field, value in stated.items() if not known.get(field)}
        known |= fills
        if document_id not in self.entries and not known.get("title"):
            known["title"] = document_id.rsplit("/", 1)[-1]
        label = self._assigned(entry) if entry else AssignedPerspective()
        return Source.model_validate(known | {"perspective": label, "from_file": tuple(fills)})

    def told_of(self, document_id: str) -> str:
        """All that it says of a document, as JSON: equal while it says the same."""
        entry = self.entry_of(document_id)
        if entry is None:
            return ""
        named = {entry.perspective, *(former.perspective for former in entry.history)}
        labels = {each.id: each.label for each in self.perspectives if each.id in named}
        return json.dumps([entry.model_dump(mode="json"), labels], sort_keys=True)

    def _assigned(self, entry: SourceEntry) -> AssignedPerspective:
        history = tuple(self._former(former) for former in entry.history)
        declared = next((p for p in self.perspectives if p.id == entry.perspective), None)
        if declared is None:
            return AssignedPerspective(history=history)
        about = entry.model_dump(include=set(ABOUT_LABEL))
        return AssignedPerspective(id=declared.id, label=declared.label, history=history, **about)

    def _former(self, former: FormerEntry) -> FormerLabel:
        now = {each.id: each.label for each in self.perspectives}
        label = former.label or now.get(former.perspective, former.perspective)
        about = former.model_dump(include={*ABOUT_LABEL, "until"})
        return FormerLabel(id=former.perspective, label=label, **about)


def collections_of(document_id: str) -> Iterator[str]:
    """What a document may be part of, the nearest first: a file of rows, an archive, a folder.

    "in/a.zip/b.csv#7" may be part of "in/a.zip/b.csv", "in/a.zip" and "in". A row may be called
    anything, an address for instance; and "a#1.txt" is no row of anything.
    """
    row = _ROW.search(document_id)
    file = document_id[: row.end()] if row else document_id
    if row:
        yield file
    for at in range(len(file) - 1, 0, -1):
        if file[at] == "/":
            yield file[:at]


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


class _Reading(Tables):
    """One pass over the parsed file."""

    def catalogue(self) -> Catalogue:
        self.expect(TABLES)
        perspectives = tuple(self._perspectives())
        entries = self._entries({p.id for p in perspectives})
        collections = dict(self._collections())
        return Catalogue(
            perspectives=perspectives,
            entries={entry.file: entry for entry, _ in entries},
            lines={entry.file: lines for entry, lines in entries},
            collections={
                file: entry.model_dump(exclude={"file"}, exclude_none=True)
                for file, (entry, _) in collections.items()
            },
            collection_lines={file: line for file, (_, line) in collections.items()},
            questions=self._questions(),
            notices=tuple(self.notices),
        )

    def _perspectives(self) -> Iterable[Perspective]:
        seen: set[str] = set()
        for key, table in self.one("perspectives").items():
            header = rf"\[\s*perspectives\s*\.\s*[\"']?{re.escape(key)}[\"']?\s*\]"
            if what := _fault_of_id(key):
                self.note(
                    f"the perspective id {key!r} {what}", self.places.header(header), "rename it"
                )
                continue
            entry = self.checked(PerspectiveEntry, table, f"perspective {key!r}", header, 1)
            if entry is not None:
                line = self.places.header(header)
                if not entry.label:
                    self.note(f"perspective {key!r} has no label", line, f"shown as {key}")
                label = entry.label or key
                if means_none(label):
                    self.note(
                        f"the label {label!r} is what sources without one show", line, "rename it"
                    )
                    continue
                if label in seen:
                    self.note(f"a second perspective is labelled {label!r}", line, "rename one")
                seen.add(label)
                yield Perspective(id=key, label=label, description=entry.description)

    def _entries(self, perspectives: Set[str]) -> list[tuple[SourceEntry, dict[str, int]]]:
        entries: dict[str, tuple[SourceEntry, dict[str, int]]] = {}
        for number, table in self.every("sources"):
            entry = self._source(table, f"source {_file(table)}", number)
            if entry is None:
                continue
            lines = self._lines(table, number)
            if entry.file in entries:
                self._second(entry.file, entries[entry.file][1].get("file"), lines.get("file"))
                continue
            self._check_label(entry, perspectives, lines)
            self._check_overrules(entry, lines)
            entries[entry.file] = (entry, lines)
        return list(entries.values())

    def _source(self, table: object, name: str, nth: int) -> SourceEntry | None:
        """An entry with its history, of which each table is checked by itself."""
        if not isinstance(table, dict) or "history" not in table:
            return self.checked(SourceEntry, table, name, _SOURCES, nth)
        rest = {key: value for key, value in table.items() if key != "history"}
        entry = self.checked(SourceEntry, rest, name, _SOURCES, nth)
        tables = table["history"]
        if not isinstance(tables, list):
            line = self.places.near(_SOURCES, nth, "history")
            self.note(f"{name}: `history` is not a list", line, "write [[sources.history]]")
            return entry
        formers = [
            self.checked(FormerEntry, each, f"{name}, history", _SOURCES, nth, ("history", number))
            for number, each in enumerate(tables)
        ]
        history = tuple(former for former in formers if former)
        return entry.model_copy(update={"history": history}) if entry else None

    def _collections(self) -> Iterator[tuple[str, tuple[CollectionEntry, int | None]]]:
        seen: dict[str, int | None] = {}
        for number, table in self.every("collections"):
            name = f"collection {_file(table)}"
            entry = self.checked(CollectionEntry, table, name, _COLLECTIONS, number)
            if entry is None:
                continue
            line = self.places.near(_COLLECTIONS, number, "file")
            if entry.file in seen:
                self._second(entry.file, seen[entry.file], line)
                continue
            seen[entry.file] = line
            yield entry.file, (entry, line)

    def _lines(self, table: object, nth: int) -> dict[str, int]:
        keys = table if isinstance(table, dict) else ()
        places = {key: self.places.key(_SOURCES, nth, key) for key in keys}
        return {key: line for key, line in places.items() if line is not None}

    def _second(self, name: str, first: int | None, line: int | None) -> None:
        self.note(
            f"a second entry for {name!r}; the one in line {first} holds",
            line,
            "keep one of them",
        )

    def _check_label(
        self, entry: SourceEntry, perspectives: Set[str], lines: Mapping[str, int]
    ) -> None:
        if entry.perspective is not None and entry.perspective not in perspectives:
            known = ", ".join(sorted(perspectives)) or "none"
            self.note(
                f"source {entry.file!r}: no perspective {entry.perspective!r} is declared"
                f" (declared: {known}), so it shows as Unlabelled",
                lines.get("perspective"),
                f"declare [perspectives.{entry.perspective}] or correct the id",
            )
        elif entry.perspective is None and any(entry.model_dump(include=set(ABOUT_LABEL)).values()):
            self.note(
                f"source {entry.file!r}: a basis, but no perspective",
                lines.get("file"),
                "name the perspective that it is for",
            )
        elif entry.perspective is not None and not entry.basis:
            self.note(
                f"source {entry.file!r}: its label has no basis",
                lines.get("perspective"),
                "write why it carries that label, as `basis`",
            )
        if entry.reviewed_on and not entry.reviewed_by:
            self.note(
                f"source {entry.file!r}: its label was reviewed, but nobody is named who did it",
                lines.get("reviewed_on"),
                "write who, as `reviewed_by`",
            )

    def _check_overrules(self, entry: SourceEntry, lines: Mapping[str, int]) -> None:
        kept, dropped = (
            {line for first, last in ranges for line in (first, last)}
            for ranges in (entry.keep, entry.drop)
        )
        both = sorted(
            {line for line in kept if _among(line, entry.drop)}
            | {line for line in dropped if _among(line, entry.keep)}
        )
        if both:
            self.note(
                f"source {entry.file!r}: line {both[0]} is named in `keep` and in `drop`,"
                " so it is kept",
                lines.get("drop"),
                "name it in one of them",
            )

    def _questions(self) -> tuple[str, ...]:
        table = self.one("questions")
        line = self.places.header(r"\[\s*questions\s*\]")
        for key in sorted(table.keys() - {"ask"}):
            self.note(f"unknown key {key!r} in [questions]", line, "left out")
        asked = table.get("ask", [])
        if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
            self.note("`ask` is not a list of questions", line, 'write ask = ["…", "…"]')
            return ()
        return tuple(each.strip() for each in asked if each.strip())


def _fault_of_id(key: str) -> str:
    """Why a perspective cannot have this id; empty if it can."""
    if key == UNLABELLED:
        return "is reserved"
    return "" if _ID.fullmatch(key) else "holds more than letters, digits, spaces, - and _"


def _file(table: object) -> str:
    name = table.get("file", "without a file") if isinstance(table, dict) else "no table"
    return repr(name)


def _among(line: int, ranges: Iterable[LineRange]) -> bool:
    return any(first <= line <= last for first, last in ranges)


def described(
    document: Document, catalogue: Catalogue, metadata: Metadata | None = None
) -> tuple[Document, tuple[Notice, ...]]:
    """The document with its source; a basis quote that it does not hold is left out.

    `metadata`, what the file says of itself, fills what the catalogue leaves empty.
    """
    source = catalogue.source_of(document.id, metadata)
    assigned = source.perspective
    notices: tuple[Notice, ...] = ()
    if assigned.basis_quote is not None:
        found = passage_in(document.text, assigned.basis_quote)
        assigned = assigned.model_copy(update={"basis_quote": found})
        # The quote of a label that a whole collection has stands in one of its documents.
        if found is None and document.id in catalogue.entries:
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


def means_none(label: str) -> bool:
    """Whether people would read a label as none, in any language that the program speaks."""
    return " ".join(label.split()).casefold() in _NONE


def passage_in(text: str, quote: str) -> str | None:
    """The quote as it stands in a text: line ends there are no part of what a person copies."""
    words = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(words, text) if words else None
    return found[0] if found else None


def orphans(catalogue: Catalogue, files: Set[str]) -> tuple[Notice, ...]:
    """A notice for each entry that is of nothing among the seeds.

    Args:
        catalogue: what `sources.toml` says.
        files: ids of the documents that were read, and of the files that could not be.
    """
    whole = {name for each in files for name in collections_of(each)}
    return (
        *_missing(catalogue, files | whole),
        *(
            Notice(
                file=FILE_NAME,
                line=catalogue.lines[name].get("keep") or catalogue.lines[name].get("drop"),
                message=f"source {name!r}: `keep` and `drop` name lines of one document,"
                " and this is a collection of several",
                remedy="write an entry for the document that is meant",
            )
            for name, entry in catalogue.entries.items()
            if name in whole and (entry.keep or entry.drop)
        ),
    )


def _missing(catalogue: Catalogue, present: Set[str]) -> Iterator[Notice]:
    entries = {name: catalogue.lines[name].get("file") for name in catalogue.entries}
    for name, line in (*entries.items(), *catalogue.collection_lines.items()):
        if name not in present:
            yield Notice(
                file=FILE_NAME,
                line=line,
                message=f"an entry for {name!r}, but there is no such file",
                remedy="correct the name, or add the file to the seeds",
            )
