"""Lines that stand in several documents: what a site prints around each of its pages."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from rag.lines import lines_of

DOCUMENTS = 3
"""A line that stands in so many documents may be furniture."""


def line_keys(text: str) -> tuple[str, ...]:
    """The keys of the lines of a text, each once."""
    return tuple(dict.fromkeys(key_of(line.text) for line in lines_of(text)))


def repeated(documents: Iterable[Iterable[str]], least: int = DOCUMENTS) -> frozenset[str]:
    """The keys of the lines that stand in at least so many documents.

    It is for `furniture_of` to say which of them are furniture: a salutation is repeated too.

    Args:
        documents: for each document the keys of its lines, each once.
        least: how many.
    """
    counts = Counter(key for keys in documents for key in keys)
    return frozenset(key for key, count in counts.items() if count >= least)


def key_of(line: str) -> str:
    """What is the same for lines that differ in letter case and white space only."""
    return blake2b(
        " ".join(line.casefold().split()).encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
