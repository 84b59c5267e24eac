"""Lines that stand in several documents: what a site prints around each of its pages."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from rag.lines import lines_of

DOCUMENTS = 3
"""A line that stands in so many documents may be furniture."""

LineKeys = npt.NDArray[np.uint64]
"""The keys of the lines of a document, each once."""


def line_keys(text: str) -> LineKeys:
    """The keys of the lines of a text, each once, in order of their first places."""
    keys = dict.fromkeys(key_of(line.text) for line in lines_of(text))
    return np.fromiter(keys, dtype=np.uint64, count=len(keys))


def repeated(documents: Iterable[LineKeys], least: int = DOCUMENTS) -> LineKeys:
    """The keys of the lines that stand in at least so many documents, rising.

    It is for `furniture_of` to say which of them are furniture: a salutation is repeated too.

    Args:
        documents: for each document the keys of its lines, each once.
        least: how many.
    """
    keys, counts = np.unique(
        np.concatenate([np.zeros(0, dtype=np.uint64), *documents]), return_counts=True
    )
    return keys[counts >= least]


def key_of(line: str) -> int:
    """What is the same for lines that differ in letter case and white space only: 64 bits."""
    plain = " ".join(line.casefold().split()).encode("utf-8", "replace")
    return int.from_bytes(blake2b(plain, digest_size=8).digest(), "big")
