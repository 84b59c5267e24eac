"""Passage vectors in FAISS: exact inner products over unit vectors, that is, cosines."""

from pathlib import Path
from typing import Self

import faiss

from rag.encoder import Vectors
from rag.index.ragged import Numbers, taken


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
    def joined(cls, before: "DenseStore", after: "DenseStore", rows: Numbers) -> Self:
        """The passages of these numbers, if those of the second store follow those of the first."""
        return cls.from_vectors(taken(before.vectors(), after.vectors(), rows))

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

    def vectors(self, numbers: Numbers | None = None) -> Vectors:
        """The vectors of the passages of these numbers, in their order, or of all."""
        if numbers is None:
            vectors: Vectors = self._index.reconstruct_n(0, len(self))
        else:
            vectors = self._index.reconstruct_batch(numbers)
        return vectors
