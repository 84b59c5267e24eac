"""The fingerprint of each document, by which near duplicates are found (rag/duplicates.py)."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.duplicates import Fingerprint, Keys
from rag.index.durable import mapped_arrays, save_arrays
from rag.index.ragged import Numbers, following, joined, starts_of, taken


class Fingerprints(NamedTuple):
    """Those of all documents, one after another; memory-mapped.

    Attributes:
        shingles: shape (shingles,).
        starts: document n's shingles are starts[n] to starts[n + 1], shape (documents + 1,).
        wholes: shape (documents,).
    """

    shingles: Keys
    starts: Numbers
    wholes: Keys

    @classmethod
    def of(cls, documents: Sequence[Fingerprint]) -> Self:
        """Those of documents, in their order."""
        shingles = [each.shingles for each in documents]
        return cls(
            np.concatenate([np.zeros(0, dtype=np.uint64), *shingles]),
            starts_of(list(map(len, shingles))),
            np.array([each.whole for each in documents], dtype=np.uint64),
        )

    @classmethod
    def joined(cls, before: "Fingerprints", after: "Fingerprints", documents: Numbers) -> Self:
        """Those of these documents, if the second ones follow the first."""
        every = following(before.starts, after.starts)
        pieces, own = joined(before.shingles, after.shingles, every, documents)
        return cls(np.concatenate(pieces), own, taken(before.wholes, after.wholes, documents))

    def each(self) -> list[Fingerprint]:
        """The fingerprint of each document."""
        own = np.split(self.shingles, self.starts[1:-1])
        return [Fingerprint(*pair) for pair in zip(own, self.wholes.tolist(), strict=False)]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory."""
        return cls(*mapped_arrays(folder, "fingerprints", cls._fields))

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        save_arrays(folder, "fingerprints", self._asdict())
