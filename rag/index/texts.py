"""Documents, passages and the catalogue of a generation, in one SQLite file.

Everything is read into memory at opening: records are immutable, so any thread may read them, and
a generation that is deleted afterwards goes on answering whoever opened it.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cached_property
from pathlib import Path

from rag.errors import VerbatimError
from rag.index.durable import written_once
from rag.languages import stemmer_of
from rag.records import Document, Duplicates, Passage, Perspective, Record
from rag.stories import Stories

FILE = "library.sqlite"

_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, record TEXT NOT NULL);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    document TEXT NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL
);
CREATE TABLE catalogue (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Texts(Record):
    """The documents of a generation by id, its passages by number, and its catalogue's words.

    Attributes:
        duplicates: the groups of documents that are near duplicates.
    """

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    perspectives: tuple[Perspective, ...]
    questions: tuple[str, ...]
    duplicates: tuple[Duplicates, ...] = ()

    @cached_property
    def stories(self) -> Stories:
        """The group of each document that is in one."""
        return {name: group for group in self.duplicates for name in group.documents}

    @classmethod
    def of(
        cls,
        documents: Iterable[Document],
        passages: Iterable[Passage],
        perspectives: Iterable[Perspective],
        questions: Iterable[str],
        duplicates: Iterable[Duplicates] = (),
    ) -> "Texts":
        """Put them together, and check that every passage stands in its document.

        Raises:
            VerbatimError: a passage's text is not its document's text at its offsets.
        """
        texts = cls(
            documents={document.id: document for document in documents},
            passages=tuple(passages),
            perspectives=tuple(perspectives),
            questions=tuple(questions),
            duplicates=tuple(duplicates),
        )
        for passage in texts.passages:
            if texts.documents[passage.document].text[passage.start : passage.end] != passage.text:
                raise VerbatimError(
                    f"passage {passage.number} is not {passage.document}"
                    f"[{passage.start}:{passage.end}]",
                    "Rebuild the index (parallax build) and report this as a defect.",
                )
        return texts

    def stemmers(self, otherwise: str) -> dict[str, str]:
        """Snowball's name of the stemmer for each document, by id.

        Args:
            otherwise: for a language that nobody can tell, or that has no stemmer.
        """
        return {each.id: stemmer_of(each.language, otherwise) for each in self.documents.values()}


def save(texts: Texts, folder: Path) -> None:
    """Write them as one SQLite file into `folder`."""
    with written_once(folder / FILE) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?)",
            (
                (number, document.id, document.model_dump_json())
                for number, document in enumerate(texts.documents.values())
            ),
        )
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            (
                (p.number, p.document, p.start, p.end, p.text,
                 json.dumps([[s.start, s.end, s.kind] for s in p.sentences]))
                for p in texts.passages
            ),
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO catalogue VALUES (?, ?)",
            [
                ("perspectives", json.dumps([p.model_dump() for p in texts.perspectives])),
                ("questions", json.dumps(texts.questions)),
                ("duplicates", json.dumps([each.model_dump() for each in texts.duplicates])),
            ],
        )


def load(folder: Path) -> Texts:
    """Read what `save` wrote.

    Raises:
        VerbatimError: a passage's text is not its document's text at its offsets.
    """
    address = f"{(folder / FILE).resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        documents = connection.execute("SELECT record FROM documents ORDER BY number")
        passages = connection.execute("SELECT * FROM passages ORDER BY number")
        catalogue = dict(connection.execute("SELECT key, value FROM catalogue"))
        return Texts.of(
            (Document.model_validate_json(record) for (record,) in documents),
            (_passage(*row) for row in passages),
            (Perspective(**each) for each in json.loads(catalogue["perspectives"])),
            json.loads(catalogue["questions"]),
            (Duplicates(**each) for each in json.loads(catalogue["duplicates"])),
        )


def _passage(
    number: int, document: str, start: int, end: int, text: str, sentences: str
) -> Passage:
    spans = [{"start": s, "end": e, "kind": kind} for s, e, kind in json.loads(sentences)]
    return Passage.model_validate(
        {
            "number": number,
            "document": document,
            "start": start,
            "end": end,
            "text": text,
            "sentences": spans,
        }
    )
