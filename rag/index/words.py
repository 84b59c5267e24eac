"""The words of each document as numbers, by which near duplicates are found (rag/duplicates.py)."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.duplicates import WordKeys
from rag.index.durable import save_array
from rag.index.ragged import Numbers, following, runs, starts_of, taken


class Words(NamedTuple):
    """The words of all documents, one after another; memory-mapped.

    Attributes:
        keys: shape (words,).
        starts: document n's words are starts[n] to starts[n + 1], shape (documents + 1,).
    """

    keys: WordKeys
    starts: Numbers

    @classmethod
    def of(cls, documents: Sequence[WordKeys]) -> Self:
        """Those of documents, in their order."""
        none = np.zeros(0, dtype=np.uint64)
        return cls(np.concatenate([none, *documents]), starts_of(list(map(len, documents))))

    @classmethod
    def joined(cls, before: "Words", after: "Words", documents: Numbers) -> Self:
        """Those of these documents, if the second ones follow the first."""
        places, own = runs(following(before.starts, after.starts), documents)
        return cls(taken(before.keys, after.keys, places), own)

    def each(self) -> list[WordKeys]:
        """The words of each document."""
        return np.split(self.keys, self.starts[1:-1]) if len(self.starts) > 1 else []

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory."""
        return cls(*(np.load(folder / f"words.{name}.npy", mmap_mode="r") for name in cls._fields))

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        for name, array in self._asdict().items():
            save_array(folder / f"words.{name}.npy", array)
