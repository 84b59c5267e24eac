"""How close in meaning parts of sentences are, by the tokens that the index holds anyway.

A part's vector is the mean of its tokens, of which one bit a dimension is kept
(`rag.index.tokens`), as the model's own vector of a text is the mean of its tokens; nothing is read
by the model again, and what stands around the part has its say.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rag.encoder import Vectors
from rag.index.generation import Generation


class Place(NamedTuple):
    """A part of a document."""

    document: str
    start: int
    end: int


class Closeness:
    """Cosines of the parts of a library's documents."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def __call__(self, places: Sequence[Place]) -> Vectors:
        """Cosines of n parts with one another, shape (n, n); 0 where a part is in no passage."""
        vectors = np.stack([self._vector(place) for place in places])
        cosines: Vectors = vectors @ vectors.T
        return cosines

    def _vector(self, place: Place) -> Vectors:
        dimension = self._generation.manifest.model.dimension
        texts = self._generation.texts
        passage = max(
            (texts.passages[number] for number in self._generation.passages_of(place.document)),
            key=lambda each: min(each.end, place.end) - max(each.start, place.start),
            default=None,
        )
        if passage is None:
            return np.zeros(dimension, dtype=np.float32)
        tokens = self._generation.tokens.of(np.array([passage.number]))
        at = tokens.starts.astype(np.int64) + passage.start
        bits = tokens.bits[(place.start <= at) & (at < place.end)]
        signs = 2.0 * np.unpackbits(bits, axis=1, count=dimension).astype(np.float32) - 1
        total: Vectors = signs.sum(axis=0)
        return total / max(1.0, float(np.linalg.norm(total)))
