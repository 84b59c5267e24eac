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
        tokens.*.npy     the passages' tokens, one bit a dimension

FAISS loads a damaged file without a word, so each byte is covered by a checksum.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.encoder import EncodedTexts
from rag.errors import IndexDamaged
from rag.index import pointer
from rag.index import texts as text_store
from rag.index.dense import DenseStore
from rag.index.lexical import LexicalStore
from rag.index.manifest import Manifest, whole
from rag.index.pointer import REBUILD
from rag.index.texts import Texts
from rag.index.tokens import TokenStore


class Stores(NamedTuple):
    """What is searched.

    Attributes:
        dense: a row for each passage, as in all but `sentences`.
        sentences: a row for each sentence of each passage, in the order of their numbers.
    """

    dense: DenseStore
    lexical: LexicalStore
    sentences: LexicalStore
    tokens: TokenStore

    @classmethod
    def of(cls, texts: Texts, encoded: EncodedTexts, stemmers: Mapping[str, str]) -> Self:
        """Make them from the passages, and from these as the model read them."""
        passages = texts.passages
        languages = [stemmers[passage.document] for passage in passages]
        sentences = [
            (passage.text_of(each), language)
            for passage, language in zip(passages, languages, strict=True)
            for each in passage.sentences
        ]
        return cls(
            DenseStore.from_vectors(encoded.vectors),
            LexicalStore.from_texts([passage.text for passage in passages], languages),
            LexicalStore.from_texts([text for text, _ in sentences], [its for _, its in sentences]),
            TokenStore.from_encoded(encoded),
        )

    @classmethod
    def load(cls, folder: Path, texts: Texts, stemmers: Mapping[str, str]) -> Self:
        """Load what `save` wrote."""
        languages = Counter(stemmers[passage.document] for passage in texts.passages)
        return cls(
            DenseStore.load(folder),
            LexicalStore.load(folder / "lexical", languages),
            LexicalStore.load(folder / "sentences", languages),
            TokenStore.load(folder),
        )

    def save(self, folder: Path) -> None:
        """Write them into `folder`."""
        self.dense.save(folder)
        self.lexical.save(folder / "lexical")
        self.sentences.save(folder / "sentences")
        self.tokens.save(folder)


class Generation:
    """The stores of one opened generation. Immutable: share it between threads."""

    def __init__(self, manifest: Manifest, texts: Texts, stores: Stores) -> None:
        self.manifest = manifest
        self.texts = texts
        self.stemmers = texts.stemmers(manifest.stem_language)
        self.dense, self.lexical, self.sentences, self.tokens = stores
        # Sentence k of passage n is row first_sentence[n] + k of `sentences`.
        counts = [len(passage.sentences) for passage in texts.passages]
        self.first_sentence = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @property
    def id(self) -> str:
        """The generation's id."""
        return self.manifest.id

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
            stores = Stores.load(folder, texts, texts.stemmers(manifest.stem_language))
        except (OSError, sqlite3.Error, RuntimeError) as error:
            raise IndexDamaged(f"{index}: cannot be read: {error}", REBUILD) from error
        generation = cls(manifest, texts, stores)
        sizes = len(texts.passages), len(stores.dense), len(stores.lexical), len(stores.tokens)
        sentences = generation.first_sentence[-1]
        if set(sizes) != {manifest.passages} or len(stores.sentences) != sentences:
            raise IndexDamaged(
                f"{folder}: not the same number of passages in every store:"
                f" {', '.join(map(str, sizes))}; the manifest says {manifest.passages}; or of"
                f" sentences: {len(stores.sentences)}, {sentences}",
                REBUILD,
            )
        return generation
