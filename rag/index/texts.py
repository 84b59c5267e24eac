"""Documents, passages and the catalogue of a generation, in one SQLite file.

A record is read when it is asked for: records are immutable, so any thread may read them. The file
stays open, so that a generation that is deleted meanwhile goes on answering whoever opened it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import overload

from cachetools import LRUCache, cached

from rag.heads import Head
from rag.index.sqlite import ReadOnly
from rag.languages import stemmer_of
from rag.records import Document, Duplicates, Passage, Perspective
from rag.stories import Stories

FILE = "library.sqlite"

KEPT = 16_000_000
"""Characters of the documents that were asked for last, which are not read again: some 40 MB."""

LEAST_KEPT = 100
"""So many documents are kept however long they are: one question may look at as many, in turn."""

PASSAGES_KEPT = 2_000
"""So many of those that were asked for last are not read again: some 13 MB."""


@dataclass(frozen=True)
class Texts:
    """The documents of a generation by id, its passages by number, and its catalogue's words.

    Attributes:
        languages: id of a document -> ISO 639-1 code of its language; None if nobody can tell.
        duplicates: the groups of documents that are near duplicates.
    """

    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    perspectives: tuple[Perspective, ...] = ()
    questions: tuple[str, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()
    languages: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def stories(self) -> Stories:
        """The group of each document that is in one."""
        return {name: group for group in self.duplicates for name in group.documents}

    def stemmers(self, otherwise: str) -> dict[str, str]:
        """Snowball's name of the stemmer for each document, by id.

        Args:
            otherwise: for a language that nobody can tell, or that has no stemmer.
        """
        return {name: stemmer_of(each, otherwise) for name, each in self.languages.items()}


def load(folder: Path) -> Texts:
    """Open what `rag.index.saving` wrote."""
    file = ReadOnly(folder / FILE)
    listed = file.rows("SELECT id, language FROM documents ORDER BY number")
    ((count,),) = file.rows("SELECT coalesce(max(number) + 1, 0) FROM passages")
    names = [name for name, _ in listed]
    said = {key: json.loads(value) for key, value in file.rows("SELECT * FROM catalogue")}
    return Texts(
        documents=_Documents(file, names),
        passages=_Passages(file, names, count),
        perspectives=tuple(Perspective(**each) for each in said["perspectives"]),
        questions=tuple(said["questions"]),
        duplicates=tuple(Duplicates(**each) for each in said["duplicates"]),
        languages=dict(listed),
    )


class _Documents(Mapping[str, Document]):
    """Documents by id, in the order of the library."""

    def __init__(self, file: ReadOnly, names: Sequence[str]) -> None:
        self._file = file
        self._numbers = {name: number for number, name in enumerate(names)}
        kept = LRUCache[object, Document](KEPT, _weight)
        self._read = cached(kept, lock=Lock())(self._document)

    @cached_property
    def heads(self) -> Mapping[str, Head]:
        """What describes them, by id, in their order."""
        rows = self._file.rows("SELECT id, head FROM documents ORDER BY number")
        return {name: Head.model_validate_json(head) for name, head in rows}

    def _document(self, number: int) -> Document:
        ((record,),) = self._file.rows("SELECT record FROM documents WHERE number = ?", number)
        return Document.model_validate_json(record)

    def __getitem__(self, name: str) -> Document:
        return self._read(self._numbers[name])

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _weight(document: Document) -> float:
    return max(1, min(len(document.text), KEPT / LEAST_KEPT))


class _Passages(Sequence[Passage]):
    """Passages by number."""

    def __init__(self, file: ReadOnly, names: Sequence[str], count: int) -> None:
        self._file = file
        self._names = names
        self._count = count
        self._read = lru_cache(PASSAGES_KEPT)(self._passage)

    def _passage(self, number: int) -> Passage:
        ((document, start, end, text, sentences),) = self._file.rows(
            'SELECT document, start, "end", text, sentences FROM passages WHERE number = ?', number
        )
        spans = [{"start": s, "end": e, "kind": kind} for s, e, kind in json.loads(sentences)]
        return Passage.model_validate(
            {
                "number": number,
                "document": self._names[document],
                "start": start,
                "end": end,
                "text": text,
                "sentences": spans,
            }
        )

    @overload
    def __getitem__(self, place: int) -> Passage: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...

    def __getitem__(self, place: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(place, slice):
            return [self._read(number) for number in range(self._count)[place]]
        return self._read(range(self._count)[place])

    def __len__(self) -> int:
        return self._count
