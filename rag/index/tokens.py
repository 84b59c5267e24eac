"""The passages' tokens, one bit a dimension, for late interaction; memory-mapped.

Late interaction: Khattab and Zaharia, "ColBERT", SIGIR 2020. Signs in place of vectors lose little
where the query stays as it is: asymmetric distances, Gordo et al., TPAMI 2014.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from rag.encoder import Bits, EncodedTexts, Starts, Vectors, signs_of
from rag.index.durable import save_array
from rag.index.ragged import Kind, Numbers, following, joined, runs, starts_of

_BLOCK = 512
"""Tokens of which the bits lie unpacked at once: few, for the processor's cache."""

_STEP = 16
"""Tokens of one product: so few that BLAS begins no threads, which wait long for a busy core."""


class Tokens(NamedTuple):
    """The tokens of some passages, one after another.

    Attributes:
        bits: shape (tokens, dimension / 8, rounded up).
        starts: where each token starts in its passage's text, shape (tokens,).
        rows: passage n's tokens are rows[n] to rows[n + 1], shape (passages + 1,).
    """

    bits: Bits
    starts: Starts
    rows: Numbers


class TokenStore:
    """The tokens of all passages, by the passage's number."""

    FILES = ("tokens.bits.npy", "tokens.starts.npy", "tokens.rows.npy")

    def __init__(self, bits: Sequence[Bits], starts: Sequence[Starts], rows: Numbers) -> None:
        """Of `Tokens`, the bits and the starts in pieces that follow one another."""
        self._bits = bits
        self._starts = starts
        self._rows = rows

    @classmethod
    def from_encoded(cls, encoded: EncodedTexts) -> Self:
        """Keep the tokens of the passages, in the order of their numbers."""
        none = signs_of(np.zeros((0, encoded.vectors.shape[1]), dtype=np.float32))
        rows = starts_of([len(each) for each in encoded.starts])
        bits = np.concatenate([none, *encoded.bits])
        return cls([bits], [np.concatenate([np.zeros(0, np.uint32), *encoded.starts])], rows)

    @classmethod
    def joined(cls, before: "TokenStore", after: "TokenStore", rows: Numbers) -> Self:
        """The tokens of these passages, if those of the second store follow those of the first.

        Of a million passages they are 9 GB; they stay where they lie until they are saved.
        """
        every = following(before._rows, after._rows)
        bits, own = joined(_whole(before._bits), _whole(after._bits), every, rows)
        starts, _ = joined(_whole(before._starts), _whole(after._starts), every, rows)
        return cls(bits, starts, own)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory; only what is looked at is read."""
        bits, starts, rows = (np.load(folder / file, mmap_mode="r") for file in cls.FILES)
        return cls([bits], [starts], rows)

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        bits, starts, rows = (folder / file for file in self.FILES)
        save_array(bits, *self._bits)
        save_array(starts, *self._starts)
        save_array(rows, self._rows)

    def __len__(self) -> int:
        return len(self._rows) - 1

    def of(self, numbers: Numbers) -> Tokens:
        """The tokens of the passages of these numbers, in their order."""
        places, own = runs(self._rows, numbers)
        return Tokens(_whole(self._bits)[places], _whole(self._starts)[places], own)


def _whole(pieces: Sequence[npt.NDArray[Kind]]) -> npt.NDArray[Kind]:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def similarities(query: Vectors, bits: Bits) -> Vectors:
    """Cosines of the query's tokens with the signs of others.

    Args:
        query: unit vectors, shape (query tokens, dimension).
        bits: shape (tokens, dimension / 8, rounded up).

    Returns:
        Shape (query tokens, tokens), -1 to 1.
    """
    count, dimension = query.shape
    places = query.T / np.float32(np.sqrt(dimension))
    blocks = -(-len(bits) // _BLOCK)
    products = np.empty((blocks, _BLOCK // _STEP, _STEP, count), dtype=np.float32)
    above = np.zeros((_BLOCK // _STEP, _STEP, dimension), dtype=np.float32)
    rows = above.reshape(_BLOCK, dimension)
    for block in range(blocks):
        ones = np.unpackbits(bits[block * _BLOCK : (block + 1) * _BLOCK], axis=1, count=dimension)
        np.copyto(rows[: len(ones)], ones)
        np.matmul(above, places, out=products[block])
    found = products.reshape(blocks * _BLOCK, count)[: len(bits)]
    # A sign is twice its bit less one.
    cosines: Vectors = 2 * found.T - places.sum(axis=0)[:, None]
    return cosines
