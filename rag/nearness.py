"""How near the sources of a library lie to each other, by the words that they use.

A source's direction is the mean of the vectors of its passages, made one long. Nearness is the
cosine of two directions. On the plane they lie by classical multidimensional scaling (W. S.
Torgerson, "Multidimensional scaling: I. Theory and method", Psychometrika 17, 1952): of the
distances between unit vectors it is the projection on their two principal components, so a singular
value decomposition of the centred vectors gives it, and no matrix of all pairs is ever made.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rag.encoder import Vectors
from rag.index.generation import Generation
from rag.records import Record

NEIGHBOURS = 3
"""So many of the nearest sources are named for each."""

_AT_ONCE = 512
"""So many rows of cosines are made at a time: 20 MB of them for 5,000 sources."""

_NOTHING = 1e-6
"""A length below this is an error of rounding: between sources that hold the same, say."""


class Neighbour(NamedTuple):
    """A source that lies near another one: its id, and the cosine of the two."""

    document: str
    cosine: float


class Placed(NamedTuple):
    """Where a source lies on the plane, and what lies nearest to it, the nearest first."""

    x: float
    y: float
    nearest: tuple[Neighbour, ...]


class Nearness(Record):
    """The plane of a library's sources.

    Attributes:
        sources: each source that is searched, by its id, in the order of the library.
        shown: the share of the variance between the sources that the plane keeps, 0 to 1; 1 where
            they do not differ at all.
    """

    sources: dict[str, Placed] = {}
    shown: float = 1.0

    @classmethod
    def of(cls, generation: Generation) -> "Nearness":
        """Place the sources of a generation; one of which no passage is searched has no place."""
        names, vectors = directions(generation)
        if not names:
            return cls()
        positions, share = plane(vectors)
        near = [
            tuple(Neighbour(names[at], cosine) for at, cosine in each) for each in nearest(vectors)
        ]
        sources = {
            name: Placed(float(x), float(y), each)
            for name, (x, y), each in zip(names, positions, near, strict=True)
        }
        return cls(sources=sources, shown=share)


def directions(generation: Generation) -> tuple[list[str], Vectors]:
    """The ids of n documents that hold a passage, and their directions, shape (n, dimension)."""
    owners = generation.rows.owners
    totals = np.zeros((len(generation.numbers), generation.manifest.model.dimension))
    for first in range(0, len(owners), _AT_ONCE):
        numbers = np.arange(first, min(first + _AT_ONCE, len(owners)), dtype=np.int64)
        np.add.at(totals, owners[numbers], generation.dense.vectors(numbers))
    held = np.diff(generation.rows.passages) > 0
    names = [name for name, holds in zip(generation.numbers, held, strict=True) if holds]
    ordered = totals[held]
    lengths = np.linalg.norm(ordered, axis=1, keepdims=True)
    return names, (ordered / np.maximum(lengths, _NOTHING)).astype(np.float32)


def plane(vectors: Vectors) -> tuple[npt.NDArray[np.float64], float]:
    """The positions of n vectors on the plane, shape (n, 2), and the share of variance it keeps.

    The same vectors give the same plane: along each axis the vector that lies farthest out has a
    positive value (the first of them, if several do).
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    lengths[lengths < _NOTHING] = 0.0
    kept = min(2, len(lengths))
    positions = np.zeros((len(vectors), 2))
    positions[:, :kept] = left[:, :kept] * lengths[:kept]
    for axis in positions.T:
        # Rounded, so that what lies equally far on both sides does so after an error of rounding.
        farthest = axis[np.argmax(np.abs(axis).round(6))]
        axis *= -1.0 if farthest < 0 else 1.0
    squares = lengths**2
    return positions, float(squares[:2].sum() / squares.sum()) if lengths[0] else 1.0


def nearest(vectors: Vectors, count: int = NEIGHBOURS) -> list[list[tuple[int, float]]]:
    """For each of n unit vectors the rows and cosines of the nearest others, the nearest first.

    Of those that are equally near, the first ones.
    """
    found: list[list[tuple[int, float]]] = []
    for first in range(0, len(vectors), _AT_ONCE):
        cosines = vectors[first : first + _AT_ONCE] @ vectors.T
        rows = np.arange(len(cosines))
        cosines[rows, first + rows] = -np.inf
        near: list[list[tuple[int, float]]] = [[] for _ in rows]
        for _ in range(min(count, len(vectors) - 1)):
            best = cosines.argmax(axis=1)
            for row, at in enumerate(best):
                near[row].append((int(at), min(1.0, float(cosines[row, at]))))
            cosines[rows, best] = -np.inf
        found += near
    return found
