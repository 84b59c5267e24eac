"""Lines that stand in several documents: what a site prints around each of its pages."""

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b

from rag.lines import lines_of

DOCUMENTS = 3
"""A line that stands in so many documents may be furniture."""


def repeated_lines(texts: Mapping[str, str], documents: int = DOCUMENTS) -> frozenset[str]:
    """The keys of the lines that stand in at least so many of the texts.

    It is for `furniture_of` to say which of them are furniture: a salutation is repeated too.

    Args:
        texts: id of a document -> its text; of documents that tell one story, one.
        documents: how many.
    """
    counts: Counter[str] = Counter()
    for text in texts.values():
        counts.update({key_of(line.text) for line in lines_of(text)})
    return frozenset(key for key, count in counts.items() if count >= documents)


def key_of(line: str) -> str:
    """What is the same for lines that differ in letter case and white space only."""
    return blake2b(
        " ".join(line.casefold().split()).encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
