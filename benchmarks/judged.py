"""Judged collections as libraries, for what is learned on them and not only measured."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.encoder import Encoder
from rag.evaluation.collection import Collection
from rag.evaluation.library import Judged
from rag.evaluation.library import open_library as open_collection
from rag.settings import Settings

__all__ = ["CACHE", "Collection", "Judged", "open_library"]

CACHE = Path(".bench")


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
