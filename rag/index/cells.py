"""Approximate search over unit vectors (FAISS): when, made how, and what share of all it finds.

The vectors are divided among the cells of k-means, a byte a dimension, and only the cells nearest
to a question are looked through (an inverted file: Jégou, Douze and Schmid, "Product quantization
for nearest neighbor search", TPAMI 2011). How many is found by trial when the index is built.
benchmarks/dense_kinds.py measures the choices.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Self

import faiss
import numpy as np
import numpy.typing as npt

from rag.encoder import Vectors
from rag.index.recall import Kind, Recall

EXACT = 50_000
"""Up to so many passages each is compared with a question: 4 ms on one core, and all are found."""

TARGET = 0.99
"""The share of the nearest passages that sampled queries are to find, so that questions find .98:
theirs was up to .005 below the sample's."""

NEAREST = 50
"""So many of the nearest passages are meant by that."""

QUERIES = 300
"""So many queries are sampled: the standard error of their mean share is then about .002."""

LIKENESS = 0.3
"""The cosine of a sampled query with its passage. Of .3 to .7 it is the one with which the sample
finds the least, and as little as questions of SQuAD among real sentences (.969, these .965)."""

FINER = 2
"""So many times what is asked for is compared again in full precision."""

ROUNDING = 1e-6
"""So far apart at most are two cosines of the same vectors, taken in different ways."""

_POINTS = 64
"""Vectors a cell from which k-means learns: with FAISS's 256 it takes four times as long."""

_SEED = 1
_BLOCK = 8192


def kind_for(size: int, choice: Literal["auto"] | Kind = "auto") -> Kind:
    """The kind of search for so many passages; no passages have no cells."""
    if choice == "auto":
        return "ivf" if size > EXACT else "exact"
    return choice if size else "exact"


class Cells:
    """An inverted file over the vectors of an exact index, and the number of cells to look through.

    Args:
        flat: the vectors, in the order of their numbers.
        index: an inverted file of the same.
        recall: as it was measured.
    """

    def __init__(self, flat: faiss.Index, index: faiss.Index, recall: Recall) -> None:
        self._flat = flat
        self.index = index
        self.recall = recall

    @classmethod
    def over(cls, flat: faiss.Index, vectors: Vectors) -> Self:
        """Divide vectors, one at least, and choose how many cells a question looks through.

        The same vectors give the same cells: what is drawn by lot is seeded.

        Args:
            flat: holds these vectors.
            vectors: unit vectors of shape (passages, dimension).
        """
        random = np.random.default_rng(_SEED)
        index = _trained(vectors, random)
        index.add(vectors)
        untried = cls(flat, index, Recall(kind="ivf", cells=index.nlist, probed=index.nlist))
        queries = queries_like(vectors, random)
        count = min(NEAREST, len(vectors))
        least = least_of_nearest(vectors, queries, count)
        return cls(flat, index, untried._measured(queries, least, count))

    def search(
        self,
        query: Vectors,
        count: int,
        *,
        probed: int | None = None,
        selector: faiss.IDSelector | None = None,
    ) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """The nearest passages that are found, best first, ties by number: cosines and numbers.

        Args:
            query: a vector of shape (dimension,).
            count: how many at most.
            probed: how many cells to look through, if not as many as were chosen.
            selector: lets in the only passages to look at.
        """
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe, parameters.sel = probed or self.recall.probed, selector
        with one_thread():
            _, rows = self.index.search(query[None, :], FINER * count, params=parameters)
        numbers = rows[0][rows[0] >= 0]
        scores = cosines(self._flat, query, numbers)
        order = np.lexsort((numbers, -scores))[:count]
        return scores[order], numbers[order]

    def _measured(self, queries: Vectors, least: Vectors, count: int) -> Recall:
        """Look through one cell, then half as many more, until the target is met or all are.

        A passage counts as found if it, or one just as near, is: copies of a text are all alike
        (as in Aumüller, Bernhardsson and Faithfull, "ANN-Benchmarks", Information Systems 2020).

        Args:
            queries: to try.
            least: the cosine of each with the last of its nearest passages.
            count: how many nearest these are.
        """
        probed, share = 0, 0.0
        while share < TARGET and probed < self.recall.cells:
            probed = min(probed + (probed + 1) // 2 or 1, self.recall.cells)
            found = [self.search(query, count, probed=probed)[0] for query in queries]
            near = [np.sum(own >= low - ROUNDING) for own, low in zip(found, least, strict=True)]
            share = float(np.mean(near)) / count
        return Recall(
            kind="ivf",
            cells=self.recall.cells,
            probed=probed,
            share=round(share, 4),
            queries=len(queries),
        )


def cosines(flat: faiss.Index, query: Vectors, numbers: npt.NDArray[np.int64]) -> Vectors:
    """Of a query with the vectors of these numbers, in their order.

    FAISS takes each product alone, so that copies of a text score alike; a product with a matrix
    may round each of its rows in another way.
    """
    scores = np.empty(len(numbers), dtype=np.float32)
    rows, own = np.ascontiguousarray(numbers), np.ascontiguousarray(query)
    if len(rows):
        into, of = faiss.swig_ptr(scores), faiss.swig_ptr(rows)
        with one_thread():
            flat.compute_distance_subset(1, faiss.swig_ptr(own), len(rows), into, of)  # type: ignore[attr-defined]
    return scores


@contextmanager
def one_thread() -> Iterator[None]:
    """Let FAISS do what this thread asks of it without others.

    One question is too little to divide: where the cores are busy, waiting for the others' shares
    made 0.2 ms of search 1.7, and 1.9 ms 8.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def least_of_nearest(vectors: Vectors, queries: Vectors, count: int) -> Vectors:
    """The cosine of each query with the last of its nearest vectors, by exact search.

    NumPy takes a seventh of the time that FAISS takes for this.

    Returns:
        Shape (queries,).
    """
    kept = np.full((len(queries), count), -np.inf, dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        scores = queries @ vectors[start : start + _BLOCK].T
        both = np.concatenate([kept, scores], axis=1)
        kept = np.partition(both, -count, axis=1)[:, -count:]
    least: Vectors = kept.min(axis=1)
    return least


def queries_like(vectors: Vectors, random: np.random.Generator) -> Vectors:
    """Unit vectors that lie to passages as questions do: near one, but not among them.

    A passage's own vector lies in the middle of its neighbours and finds too much: .98 of them
    where questions find .96. So each query is `LIKENESS` of a passage and for the rest the
    difference of two others, which points where the passages of this library vary.
    """
    size = len(vectors)
    passages, ones, others = (vectors[random.integers(0, size, QUERIES)] for _ in range(3))
    aside = ones - others
    aside -= np.sum(aside * passages, axis=1, keepdims=True) * passages
    queries = LIKENESS * passages + np.sqrt(1 - LIKENESS**2) * _unit(aside)
    return _unit(queries).astype(np.float32)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


def cells_for(size: int) -> int:
    """Twice the square root of the number of passages, as a power of two."""
    return min(size, int(2 ** round(np.log2(2 * np.sqrt(size)))))


def _trained(vectors: Vectors, random: np.random.Generator) -> faiss.IndexIVFScalarQuantizer:
    """Cells around the means of a sample, still empty."""
    size, dimension = vectors.shape
    count = cells_for(size)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        count,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _POINTS
    index.cp.seed = _SEED
    sample = random.choice(size, min(size, _POINTS * count), replace=False)
    index.train(vectors[np.sort(sample)])
    return index
