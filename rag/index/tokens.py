"""The passages' tokens, one bit a dimension, for late interaction; memory-mapped.

Late interaction: Khattab and Zaharia, "ColBERT", SIGIR 2020. Signs in place of vectors lose little
where the query stays as it is: asymmetric distances, Gordo et al., TPAMI 2014.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.encoder import Bits, EncodedTexts, Starts, Vectors
from rag.index.dense import Numbers


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
        return cls(
            Tokens(
                np.concatenate(encoded.bits),
                np.concatenate(encoded.starts),
                _rows([len(each) for each in encoded.starts]),
            )
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory; only what is looked at is read."""
        return cls(Tokens(**{k: np.load(folder / f, mmap_mode="r") for k, f in cls.FILES.items()}))

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        for name, array in self._tokens._asdict().items():
            np.save(folder / self.FILES[name], array)

    def __len__(self) -> int:
        return len(self._tokens.rows) - 1

    def of(self, numbers: Numbers) -> Tokens:
        """The tokens of the passages of these numbers, in their order."""
        bits, starts, rows = self._tokens
        spans = [slice(rows[number], rows[number + 1]) for number in numbers]
        return Tokens(
            np.concatenate([bits[:0], *(bits[span] for span in spans)]),
            np.concatenate([starts[:0], *(starts[span] for span in spans)]),
            _rows([span.stop - span.start for span in spans]),
        )


def similarities(query: Vectors, bits: Bits) -> Vectors:
    """Cosines of the query's tokens with the signs of others.

    Args:
        query: unit vectors, shape (query tokens, dimension).
        bits: shape (tokens, dimension / 8, rounded up).

    Returns:
        Shape (query tokens, tokens), -1 to 1.
    """
    dimension = query.shape[1]
    signs = np.unpackbits(bits, axis=1, count=dimension).astype(np.float32)
    # A bit b stands for the sign 2b - 1, and `dimension` signs have length √dimension.
    doubled: Vectors = query @ signs.T
    doubled *= 2
    doubled -= query.sum(axis=1, keepdims=True)
    return doubled / np.float32(np.sqrt(dimension))


def _rows(lengths: Sequence[int]) -> Numbers:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
