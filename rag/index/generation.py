"""One generation of an index, opened: every file of it checked, and held until it is closed.

    index/
      current            which generation is current, and which are kept (pointer.py)
      builds.jsonl       the log of builds (log.py)
      <id>/              complete and never changed (keeping.py)
        manifest.json    what it was built from and with, and the SHA-256 of every other file
        library.sqlite   documents, passages, perspectives, starter questions
        readings.sqlite  what the readers found in each file, for the next build
        dense.faiss      passage vectors
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
from rag.index.manifest import Manifest, whole
from rag.index.pointer import REBUILD
from rag.index.stores import Stores
from rag.index.texts import Texts


class Generation:
    """The stores of one opened generation. Immutable: share it between threads."""

    def __init__(self, manifest: Manifest, texts: Texts, stores: Stores) -> None:
        self.manifest = manifest
        self.texts = texts
        self.stores = stores
        self.stemmers = texts.stemmers(manifest.stem_language)
        self.rows, self.dense, self.tokens = stores.rows, stores.dense, stores.tokens
        self.lexical, self.sentences = stores.lexical, stores.sentences
        self.numbers = {name: number for number, name in enumerate(texts.documents)}
        # Sentence k of passage n is row first_sentence[n] + k of `sentences`.
        self.first_sentence = self.rows.sentences

    @property
    def id(self) -> str:
        """The generation's id."""
        return self.manifest.id

    def passages_of(self, document: str) -> range:
        """The numbers of the passages of a document, by its id; none of one that it lacks."""
        if document not in self.numbers:
            return range(0)
        number = self.numbers[document]
        return range(*self.rows.passages[number : number + 2].tolist())

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation, every file checked against its SHA-256.

        Raises:
            IndexMissing: nothing was built in this folder yet.
            IndexDamaged: a file is absent, or not as it was written.
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
            folder, manifest = index / named.id, whole(index, named)
            texts = text_store.load(folder)
            stemmers = texts.stemmers(manifest.stem_language)
            stores = Stores.load(folder, stemmers.values())
        except (OSError, sqlite3.Error, RuntimeError) as error:
            raise IndexDamaged(f"{index}: cannot be read: {error}", REBUILD) from error
        generation = cls(manifest, texts, stores)
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
