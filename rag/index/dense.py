"""Passage vectors in FAISS: exact inner products over unit vectors, that is, cosines."""

from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from rag.encoder import Vectors

Numbers = npt.NDArray[np.int64]
"""Passage numbers: the rows of every store."""


class DenseStore:
    """An `IndexFlatIP` whose row is the passage's number."""

    FILE = "dense.faiss"

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> Self:
        """Keep unit vectors of shape (passages, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what `save` wrote."""
        return cls(faiss.read_index(str(folder / cls.FILE)))

    def save(self, folder: Path) -> None:
        """Write one file into `folder`; an OSError tells if that fails."""
        (folder / self.FILE).write_bytes(faiss.serialize_index(self._index).data)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, count: int, allowed: Numbers | None = None) -> Numbers:
        """Numbers of the nearest passages to a vector of shape (dimension,), best first.

        With `allowed`, only those passages are looked at.
        """
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(allowed)
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        _, numbers = self._index.search(query[None, :], min(count, len(self)), params=parameters)
        found: Numbers = numbers[0][numbers[0] >= 0]
        return found

    def scores(self, query: Vectors, numbers: Numbers) -> Vectors:
        """Cosines of the query with the passages of these numbers, in their order."""
        products: Vectors = self.vectors(numbers) @ query
        return products

    def vectors(self, numbers: Numbers) -> Vectors:
        """The vectors of the passages of these numbers, in their order."""
        vectors: Vectors = self._index.reconstruct_batch(numbers)
        return vectors
