"""A judged collection as a library that the program itself builds, and keeps for the next run."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import tomlkit

from rag.answering import Library
from rag.encoder import Encoder
from rag.entries import FILE_NAME
from rag.errors import CollectionError, LibraryIndexError, SeedsError
from rag.evaluation.collection import Collection
from rag.index.build import build
from rag.index.manifest import FORMAT
from rag.progress import Progress
from rag.quotes import Found
from rag.settings import Settings


@dataclass(frozen=True)
class Judged:
    """A collection, and a library of its documents: `names` gives the corpus id of each."""

    collection: Collection
    library: Library
    names: Mapping[str, str]

    @property
    def encoder(self) -> Encoder:
        """The library's model."""
        return self.library.encoder

    @property
    def unfindable(self) -> list[str]:
        """Corpus ids of the documents that no passage is of: nothing in them can be quoted."""
        passages_of = self.library.generation.passages_of
        return [name for document, name in self.names.items() if not passages_of(document)]

    def holders(self, query: str) -> frozenset[str]:
        """Ids of the documents that were judged to answer a question."""
        return self._documents(self.collection.judged(query))

    def others(self, query: str) -> frozenset[str]:
        """Ids of the documents of the article that holds an answer to a question."""
        return self._documents(self.collection.article(query))

    def found(self, query: str, without: frozenset[str] = frozenset()) -> Found:
        """What the program itself looks at, as if the library had never held some documents."""
        return self.looked_at(self.collection.queries[query], without)

    def looked_at(self, question: str, without: frozenset[str] = frozenset()) -> Found:
        """The same for any question.

        Raises:
            QuestionError: the question is empty or longer than the model reads.
        """
        _, found = self.library.look(question, without=without)
        return found

    @cached_property
    def _files(self) -> dict[str, str]:
        return {name: document for document, name in self.names.items()}

    def _documents(self, corpus_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self._files[name] for name in corpus_ids if name in self._files)


def open_library(
    collection: Collection,
    encoder: Encoder,
    settings: Settings,
    cache: Path,
    progress: Progress | None = None,
) -> Judged:
    """Open the library of a collection; build it first if that was not done yet.

    Args:
        collection: each of its documents becomes a .txt file.
        encoder: of `settings.model`.
        settings: their folders are not used.
        cache: a folder for the libraries of all collections, each in a folder of its own, named
            for the collection and for what decides its content.
        progress: told of the build.

    Raises:
        CollectionError: there is no sentence in the collection to quote, or no place for it.
        LibraryIndexError: the index cannot be written, or another build is writing it.
    """
    folder = cache / f"{collection.name}-{content_key(collection, encoder, settings)[:16]}"
    own = settings.model_copy(update={"seeds": folder / "seeds", "index": folder / "index"})
    names = {f"{number:06d}.txt": name for number, name in enumerate(collection.texts)}
    try:
        library = Library.open(own.index, own, encoder)
    except LibraryIndexError:
        _write(collection, names, own.seeds)
        try:
            build(own, encoder, progress)
        except SeedsError as error:
            raise CollectionError(
                f"{collection.name}: no sentence in its corpus.jsonl can be quoted",
                "Put documents with sentences into it.",
            ) from error
        library = Library.open(own.index, own, encoder)
    return Judged(collection, library, names)


def content_key(collection: Collection, encoder: Encoder, settings: Settings) -> str:
    """SHA-256 of all that decides what an index of the collection holds."""
    made = collection.sha256, encoder.info.revision, settings.build_hash
    decisive = (*made, settings.dense, str(FORMAT))
    return hashlib.sha256("\n".join(decisive).encode()).hexdigest()


def _catalogue(collection: Collection, names: Mapping[str, str]) -> dict[str, Any]:
    """The labels of the documents that carry one, as `sources.toml` holds them."""
    labels = collection.perspectives
    # Numbers, since a label may hold what no id may.
    ids = {label: f"p{number}" for number, label in enumerate(dict.fromkeys(labels.values()), 1)}
    return {
        "perspectives": {name: {"label": label} for label, name in ids.items()},
        "sources": [
            {
                "file": file,
                "perspective": ids[labels[document]],
                "basis": f"Judged {labels[document]} in the collection {collection.name}.",
                "assigned_by": "the collection",
            }
            for file, document in names.items()
            if document in labels
        ],
    }


def _write(collection: Collection, names: Mapping[str, str], seeds: Path) -> None:
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        for file, document in names.items():
            (seeds / file).write_bytes(collection.file_text(document).encode())
        if collection.perspectives:
            catalogue = tomlkit.dumps(_catalogue(collection, names))
            (seeds / FILE_NAME).write_bytes(catalogue.encode())
    except OSError as error:
        raise CollectionError(
            f"{error.filename or seeds}: cannot be written: {error.strerror}",
            "Free the disk or the permission, or name another folder with --cache.",
        ) from error
