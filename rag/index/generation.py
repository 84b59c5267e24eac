"""One generation of an index, opened: every file of it checked, and held until it is closed.

    index/
      current            which generation is current, and which are kept (pointer.py)
      builds.jsonl       the log of builds (log.py)
      <id>/              complete and never changed (keeping.py)
        manifest.json    what it was built from and with, and the SHA-256 of every other file
        library.sqlite   documents, passages, perspectives, starter questions
        readings.sqlite  what the readers found in each file, for the next build
        dense.faiss      passage vectors
        dense.*          over 50,000 passages: the same by cells (dense.py)
        lexical/         BM25 of passages
        sentences/       BM25 of their sentences
        left_out/        BM25 of furniture
        tokens.*.npy     the passages' tokens, one bit a dimension
        rows.*.npy       whose each passage and each sentence is
        fingerprints.*.npy   of each document, to find near duplicates

FAISS loads a damaged file without a word, so each byte is covered by a checksum.
"""

import sqlite3
from pathlib import Path
from typing import Self

from rag.errors import IndexDamaged
from rag.index import pointer
from rag.index import texts as text_store
from rag.index.checks import Checks
from rag.index.dense import DenseStore
from rag.index.lexical import LexicalStore
from rag.index.manifest import Manifest, check_format, manifest_of
from rag.index.pointer import REBUILD
from rag.index.ragged import Numbers
from rag.index.rows import Rows
from rag.index.stores import Stores
from rag.index.texts import Texts
from rag.index.tokens import TokenStore


class Generation:
    """The stores of one opened generation. Immutable: share it between threads."""

    def __init__(
        self, manifest: Manifest, texts: Texts, stores: Stores, checks: Checks | None = None
    ) -> None:
        self.manifest = manifest
        self.texts = texts
        self.stores = stores
        self.stemmers = texts.stemmers(manifest.stem_language)
        self.numbers = {name: number for number, name in enumerate(texts.documents)}
        self._checks = checks

    @property
    def id(self) -> str:
        """The generation's id."""
        return self.manifest.id

    @property
    def rows(self) -> Rows:
        """The numbers of passages and sentences."""
        return self._checked("rows.").rows

    @property
    def first_sentence(self) -> Numbers:
        """Sentence k of passage n is row first_sentence[n] + k of `sentences`."""
        return self.rows.sentences

    @property
    def dense(self) -> DenseStore:
        """A row for each passage."""
        return self._checked("dense").dense

    @property
    def lexical(self) -> LexicalStore:
        """A row for each passage."""
        return self._checked("lexical/").lexical

    @property
    def sentences(self) -> LexicalStore:
        """A row for each sentence of each passage."""
        return self._checked("sentences/").sentences

    @property
    def left_out(self) -> LexicalStore:
        """A row for each run of furniture of each document."""
        return self._checked("left_out/").left_out

    @property
    def tokens(self) -> TokenStore:
        """A row for each passage."""
        return self._checked("tokens.").tokens

    def _checked(self, files: str) -> Stores:
        """The stores, once those files are checked that begin so.

        Raises:
            IndexDamaged: one of them is not as it was written.
        """
        if self._checks:
            self._checks.wait(files)
        return self.stores

    def passages_of(self, document: str) -> range:
        """The numbers of the passages of a document, by its id; none of one that it lacks."""
        if document not in self.numbers:
            return range(0)
        number = self.numbers[document]
        return range(*self.rows.passages[number : number + 2].tolist())

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation, every file checked against its SHA-256 before it is used.

        Raises:
            IndexMissing: nothing was built in this folder yet.
            IndexDamaged: a file is absent, or not as it was written; of a large one that is told
                when it is first used.
            IndexMismatch: it was written in another format; an earlier one is an `IndexOutdated`.
        """
        before = pointer.pointed_id(index)
        try:
            return cls._open(index)
        except IndexDamaged:
            if pointer.pointed_id(index) == before:
                raise
        return cls.open(index)  # a build replaced and removed it meanwhile

    @classmethod
    def _open(cls, index: Path) -> Self:
        try:
            named = pointer.read(index)[0]
            folder, manifest = index / named.id, manifest_of(index, named)
            check_format(index, manifest)
            checks = Checks(index, manifest)
            checks.wait(text_store.FILE)
            texts = text_store.load(folder)
            stemmers = texts.stemmers(manifest.stem_language)
            stores = Stores.load(folder, stemmers.values())
        except (OSError, sqlite3.Error, RuntimeError, ValueError) as error:
            raise IndexDamaged(f"{index}: cannot be read: {error}", REBUILD) from error
        generation = cls(manifest, texts, stores, checks)
        told, sentences = len(stores.rows.digests), stores.rows.sentences[-1]
        held = len(stores.dense), len(stores.lexical), len(stores.tokens)
        sizes = len(texts.passages), told, *held
        if set(sizes) != {manifest.passages} or len(stores.sentences) != sentences:
            raise IndexDamaged(
                f"{folder}: not the same number of passages in every store:"
                f" {', '.join(map(str, sizes))}; the manifest says {manifest.passages}; or of"
                f" sentences: {len(stores.sentences)}, {sentences}",
                REBUILD,
            )
        return generation
