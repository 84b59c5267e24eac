"""The SQLite file of a generation is written: what is new, and what the last one holds already.

What is taken over is copied as it lies there, and never read: only its numbers change.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rag.errors import VerbatimError
from rag.heads import Head
from rag.index.durable import written_once
from rag.index.rows import Rows
from rag.index.sqlite import address_of
from rag.index.texts import FILE
from rag.reading import Carried
from rag.records import Document, Duplicates, Notice, Passage, Perspective

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL,
    key TEXT NOT NULL, notices TEXT NOT NULL, language TEXT, head TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL
);
CREATE TABLE catalogue (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_COPY_DOCUMENTS = """
INSERT INTO documents SELECT number + ?, id, key, notices, language, head, record
FROM before.documents WHERE number BETWEEN ? AND ? ORDER BY number
"""

_COPY_PASSAGES = """
INSERT INTO passages SELECT number + ?, document + ?, start, "end", text, sentences
FROM before.passages WHERE number BETWEEN ? AND ? ORDER BY number
"""


class Cut(NamedTuple):
    """A document that is new, with its passages.

    Attributes:
        key: of all that it depends on; empty if it is to be made again next time.
        notices: what a person should know of it.
    """

    document: Document
    passages: Sequence[Passage]
    key: str = ""
    notices: tuple[Notice, ...] = ()

    @property
    def id(self) -> str:
        """The document's id."""
        return self.document.id


class Said(NamedTuple):
    """What is told of a library as a whole."""

    perspectives: Sequence[Perspective] = ()
    questions: Sequence[str] = ()
    duplicates: Sequence[Duplicates] = ()


class Copied(NamedTuple):
    """The generation from which documents are taken over: its folder, and its numbers."""

    folder: Path
    rows: Rows


def save(
    folder: Path,
    documents: Sequence[Cut | Carried],
    said: Said,
    rows: Rows,
    before: Copied | None = None,
) -> None:
    """Write documents, their passages and the catalogue as one SQLite file into `folder`.

    Args:
        folder: of the generation.
        documents: in their order.
        said: of all of them.
        rows: the numbers that their passages get.
        before: where those lie that are taken over, if there are any.

    Raises:
        VerbatimError: a passage's text is not its document's text at its offsets.
    """
    with written_once(folder / FILE) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO catalogue VALUES (?, ?)",
            [
                ("perspectives", json.dumps([p.model_dump() for p in said.perspectives])),
                ("questions", json.dumps(said.questions)),
                ("duplicates", json.dumps([each.model_dump() for each in said.duplicates])),
            ],
        )
        if before:
            connection.execute("ATTACH ? AS before", (address_of(before.folder / FILE),))
        for first, run in _runs(documents):
            if isinstance(run, Cut):
                _insert(connection, first, run, int(rows.passages[first]))
            elif before:
                _copy(connection, first, run, rows, before)


def _runs(documents: Sequence[Cut | Carried]) -> Iterator[tuple[int, Cut | range]]:
    """Each new document, and the numbers of those that follow one another before and now."""
    first = 0
    run = range(0)
    for number, each in enumerate(documents):
        if run and not (isinstance(each, Carried) and each.number == run.stop):
            yield first, run
            run = range(0)
        if isinstance(each, Cut):
            yield number, each
        elif run:
            run = range(run.start, run.stop + 1)
        else:
            first, run = number, range(each.number, each.number + 1)
    if run:
        yield first, run


def _copy(
    connection: sqlite3.Connection, first: int, run: range, rows: Rows, before: Copied
) -> None:
    """Copy documents of these numbers, the first of which gets the number `first`."""
    later = first - run.start
    start, stop = (int(before.rows.passages[number]) for number in (run.start, run.stop))
    moved = int(rows.passages[first]) - start
    connection.execute(_COPY_DOCUMENTS, (later, run.start, run.stop - 1))
    connection.execute(_COPY_PASSAGES, (moved, later, start, stop - 1))


def _insert(connection: sqlite3.Connection, number: int, cut: Cut, first: int) -> None:
    document = cut.document
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            document.id,
            cut.key,
            json.dumps([notice.model_dump() for notice in cut.notices]),
            document.language,
            Head.of(document).model_dump_json(),
            document.model_dump_json(),
        ),
    )
    for place, passage in enumerate(cut.passages):
        _check(passage, document)
        spans = json.dumps([[s.start, s.end, s.kind] for s in passage.sentences])
        connection.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            (first + place, number, passage.start, passage.end, passage.text, spans),
        )


def _check(passage: Passage, document: Document) -> None:
    if document.text[passage.start : passage.end] != passage.text:
        raise VerbatimError(
            f"passage {passage.number} is not {passage.document}[{passage.start}:{passage.end}]",
            "Report this as a defect of Parallax.",
        )
