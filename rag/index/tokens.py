"""The passages' tokens, one bit a dimension, for late interaction; memory-mapped.

Late interaction: Khattab and Zaharia, "ColBERT", SIGIR 2020. Signs in place of vectors lose little
where the query stays as it is: asymmetric distances, Gordo et al., TPAMI 2014.
"""

from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.encoder import Bits, EncodedTexts, Starts, Vectors, signs_of
from rag.index.durable import save_array
from rag.index.ragged import Numbers, following, joined, runs, starts_of

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

    FILES = {"bits": "tokens.bits.npy", "starts": "tokens.starts.npy", "rows": "tokens.rows.npy"}

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @classmethod
    def from_encoded(cls, encoded: EncodedTexts) -> Self:
        """Keep the tokens of the passages, in the order of their numbers."""
        none = signs_of(np.zeros((0, encoded.vectors.shape[1]), dtype=np.float32))
        return cls(
            Tokens(
                np.concatenate([none, *encoded.bits]),
                np.concatenate([np.zeros(0, dtype=np.uint32), *encoded.starts]),
                starts_of([len(each) for each in encoded.starts]),
            )
        )

    @classmethod
    def joined(cls, before: "TokenStore", after: "TokenStore", rows: Numbers) -> Self:
        """The tokens of these passages, if those of the second store follow those of the first."""
        old, new = before._tokens, after._tokens
        every = following(old.rows, new.rows)
        bits, own = joined(old.bits, new.bits, every, rows)
        starts, _ = joined(old.starts, new.starts, every, rows)
        return cls(Tokens(bits, starts, own))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory; only what is looked at is read."""
        return cls(Tokens(**{k: np.load(folder / f, mmap_mode="r") for k, f in cls.FILES.items()}))

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        for name, array in self._tokens._asdict().items():
            save_array(folder / self.FILES[name], array)

    def __len__(self) -> int:
        return len(self._tokens.rows) - 1

    def of(self, numbers: Numbers) -> Tokens:
        """The tokens of the passages of these numbers, in their order."""
        bits, starts, rows = self._tokens
        places, own = runs(rows, numbers)
        return Tokens(bits[places], starts[places], own)


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
