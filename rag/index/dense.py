"""Passage vectors in FAISS: inner products over unit vectors, that is, cosines.

    dense.faiss        the vectors, 4 bytes a dimension, in the order of their numbers
    dense.cells.faiss  only where search is approximate: the same divided among cells, a byte each
    dense.recall.json  beside it: how many cells a question looks through, and what it finds

Both indexes are mapped into memory (`IO_FLAG_MMAP_IFC`): only what is looked at is read.
"""

from pathlib import Path
from typing import Literal, Self

import faiss
import numpy as np

from rag.encoder import Vectors
from rag.index.cells import ROUNDING, Cells, cosines, kind_for, one_thread
from rag.index.ragged import Numbers, taken
from rag.index.recall import Kind, Recall

_PIECE = 1 << 20
"""So many bytes are written at once."""


class DenseStore:
    """An `IndexFlatIP` whose row is the passage's number, and cells over it if there are many.

    Cosines and vectors are always those of the `IndexFlatIP`, in full precision.
    """

    FILE = "dense.faiss"
    CELLS = "dense.cells.faiss"
    RECALL = "dense.recall.json"

    def __init__(self, flat: faiss.Index, cells: Cells | None = None) -> None:
        self._flat = flat
        self._cells = cells

    @classmethod
    def from_vectors(cls, vectors: Vectors, kind: Literal["auto"] | Kind = "auto") -> Self:
        """Keep unit vectors of shape (passages, dimension); with "auto" the size decides how."""
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        if kind_for(len(vectors), kind) == "exact":
            return cls(flat)
        return cls(flat, Cells.over(flat, vectors))

    @classmethod
    def joined(
        cls,
        before: "DenseStore",
        after: "DenseStore",
        rows: Numbers,
        kind: Literal["auto"] | Kind = "auto",
    ) -> Self:
        """The passages of these numbers, if those of the second store follow those of the first."""
        return cls.from_vectors(taken(before.vectors(), after.vectors(), rows), kind)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory; only what is looked at is read."""
        flat = _mapped(folder / cls.FILE)
        if not (folder / cls.RECALL).exists():
            return cls(flat)
        recall = Recall.model_validate_json((folder / cls.RECALL).read_bytes())
        return cls(flat, Cells(flat, _mapped(folder / cls.CELLS), recall))

    def save(self, folder: Path) -> None:
        """Write one file into `folder`, or three; an OSError tells if that fails."""
        _write(self._flat, folder / self.FILE)
        if self._cells:
            _write(self._cells.index, folder / self.CELLS)
            (folder / self.RECALL).write_text(self.recall.model_dump_json() + "\n")

    @property
    def recall(self) -> Recall:
        """The kind of index, and what share of the nearest passages it finds."""
        return self._cells.recall if self._cells else Recall(kind="exact")

    def __len__(self) -> int:
        return int(self._flat.ntotal)

    def search(self, query: Vectors, count: int, allowed: Numbers | None = None) -> Numbers:
        """Numbers of the nearest passages to a vector of shape (dimension,), best first.

        Ties go by number. With `allowed`, only those passages are looked at: each of them where
        they are few, else twice as many cells as without, since the nearest of some are farther
        away than the nearest of all.
        """
        count = min(count, len(self))
        selector = None if allowed is None else _only(allowed, len(self))
        if self._cells is None or (allowed is not None and kind_for(len(allowed)) == "exact"):
            return self._exact(query, count, selector)
        probed = self.recall.probed * (1 if allowed is None else 2)
        return self._cells.search(query, count, probed=probed, selector=selector)[1]

    def _exact(self, query: Vectors, count: int, selector: faiss.IDSelector | None) -> Numbers:
        """Compare all that are let in.

        FAISS does not order ties, and cuts through them anyhow, so all that are as near as the
        last are asked for; it also rounds in one way here, in another there.
        """
        if not count:
            return np.zeros(0, dtype=np.int64)
        parameters = faiss.SearchParameters()
        parameters.sel = selector
        rows = query[None, :]
        with one_thread():
            scores, numbers = self._flat.search(rows, count + 1, params=parameters)
            least = float(scores[0, count - 1]) - ROUNDING
            if numbers[0, count] >= 0 and scores[0, count] >= least:
                _, _, numbers = self._flat.range_search(rows, least, params=parameters)
        found: Numbers = numbers[numbers >= 0]
        nearest: Numbers = found[np.lexsort((found, -self.scores(query, found)))][:count]
        return nearest

    def scores(self, query: Vectors, numbers: Numbers) -> Vectors:
        """Cosines of the query with the passages of these numbers, in their order."""
        return cosines(self._flat, query, numbers)

    def vectors(self, numbers: Numbers | None = None) -> Vectors:
        """The vectors of the passages of these numbers, in their order, or of all."""
        if numbers is None:
            vectors: Vectors = self._flat.reconstruct_n(0, len(self))
        else:
            vectors = self._flat.reconstruct_batch(numbers)
        return vectors


def _only(allowed: Numbers, size: int) -> faiss.IDSelector:
    """Lets in the passages of these numbers, a bit for each of all."""
    mask = np.zeros(size, dtype=bool)
    mask[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg,arg-type]


def _mapped(file: Path) -> faiss.Index:
    return faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)


def _write(index: faiss.Index, path: Path) -> None:
    """Write through a Python file, which tells when the disk is full; FAISS's own do not look."""
    with path.open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write, _PIECE))  # type: ignore[attr-defined]
