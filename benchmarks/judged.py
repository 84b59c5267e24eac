"""Judged collections as libraries, for what is learned on them and not only measured."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rag.encoder import Encoder, Progress, Vectors
from rag.evaluation.collection import Collection
from rag.evaluation.library import Judged
from rag.evaluation.library import open_library as open_collection
from rag.settings import Settings

__all__ = ["CACHE", "Collection", "Judged", "RememberingEncoder", "open_library"]

CACHE = Path(".bench")


class RememberingEncoder(Encoder):
    """An encoder that encodes no text twice, not even in a later run, for many questions."""

    def __init__(self, encoder: Encoder, cache: Path) -> None:
        super().__init__(encoder._model, encoder.info)
        self._cache = cache / f"vectors-{encoder.info.revision[:12]}.npz"
        self._known: dict[str, Vectors] = {}
        if self._cache.is_file():
            with np.load(self._cache) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As `Encoder.encode_documents`, from memory where it can."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            vectors = super().encode_documents(list(new.values()), progress)
            self._known |= dict(zip(new, vectors, strict=True))
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Keep what was encoded for the next run."""
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._cache, texts=list(self._known), vectors=np.stack([*self._known.values()]))


def open_library(
    collection: Collection, encoder: Encoder, only: Sequence[str] | None = None, name: str = ""
) -> Judged:
    """Build and open a library of the collection's documents, or of those in `only`."""
    if only is not None:
        listed = "\n".join([collection.sha256, *only])
        collection = replace(
            collection,
            name=name or collection.name,
            texts={document: collection.texts[document] for document in only},
            sha256=hashlib.sha256(listed.encode()).hexdigest(),
        )
    return open_collection(collection, encoder, Settings(), CACHE, _tell)


def _tell(stage: str, done: int, total: int) -> None:
    if done == total:
        print(f"{stage}: {total}")
