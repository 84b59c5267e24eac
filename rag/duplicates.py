"""Which documents hold the same text, or nearly so: one story under several addresses.

A document is the set of its word shingles, and two are as alike as the share of shingles that both
hold among those that either holds (Jaccard; Broder, "On the resemblance and containment of
documents", 1997). Every pair that is alike enough is found, without estimates: two such sets share
one of their rarest shingles, so only these are looked up (prefix filtering; Bayardo, Ma and
Srikant, "Scaling up all pairs similarity search", 2007).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rag.lines import words_of
from rag.records import Document, Duplicates

SHINGLE = 3
"""So many neighbouring words make a shingle."""

ALIKE = 0.4
"""Documents with this similarity are near duplicates; see docs/decisions.md."""

SHARED = 25
"""So many shingles must be shared by documents that are not the same word for word: a single
sentence is soon like another one that gives another figure."""

Numbers = NDArray[np.int64]

WordKeys = NDArray[np.uint64]
"""The words of a document in their order, each as 64 bits that other documents have for it too."""


def duplicates_of(documents: Mapping[str, WordKeys]) -> tuple[Duplicates, ...]:
    """The groups of near duplicates, by the id of their first document.

    A document without words is in no group. A group is connected: each of its documents is a near
    duplicate of another one.

    Args:
        documents: by id, the `word_keys` of each.
    """
    holding: dict[bytes, list[str]] = {}
    for name in sorted(documents):
        if len(documents[name]):
            holding.setdefault(documents[name].tobytes(), []).append(name)
    texts = _numbered([np.frombuffer(words, dtype=np.uint64) for words in holding])
    names = list(holding.values())
    found = [
        Duplicates(
            documents=tuple(sorted(name for text in group for name in names[text])),
            similarity=similarity,
            exact=len(group) == 1,
        )
        for group, similarity in _Search(shingles_of(texts)).groups()
        if len(group) > 1 or len(names[group[0]]) > 1
    ]
    return tuple(sorted(found, key=lambda group: group.documents))


def word_keys(document: Document) -> WordKeys:
    """The words of a document; furniture counts for nothing."""
    words = words_of(own_text(document))
    return np.fromiter(map(_key_of, words), dtype=np.uint64, count=len(words))


@lru_cache(maxsize=1 << 18)
def _key_of(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _numbered(texts: Sequence[WordKeys]) -> list[Numbers]:
    """The same with numbers from 0 on for the words."""
    if not texts:
        return []
    numbers = np.unique(np.concatenate(texts), return_inverse=True)[1]
    return np.split(numbers, np.cumsum([len(each) for each in texts])[:-1])


def own_text(document: Document) -> str:
    """The document's text with its furniture left out."""
    pieces: list[str] = []
    end = 0
    for span in document.furniture:
        pieces.append(document.text[end : span.start])
        end = span.end
    return "\n".join([*pieces, document.text[end:]])


def shingles_of(texts: Sequence[Numbers]) -> list[Numbers]:
    """The shingles of texts whose words are numbers from 0 on, as numbers, rising.

    The fewer texts hold a shingle, the lower is its number. A text with fewer words than a shingle
    is one shingle.
    """
    if not texts:
        return []
    padded = [np.pad(words + 1, (0, max(SHINGLE - len(words), 0))) for words in texts]
    words = np.concatenate(padded)
    # Neighbouring words get one number, then these with the next word another, without collisions.
    named = words
    for ahead in range(1, SHINGLE):
        pairs = named[:-1] * (words.max() + 1) + words[ahead:]
        named = np.unique(pairs, return_inverse=True)[1]
    ends = np.cumsum([len(each) for each in padded])
    own = [
        np.unique(named[end - len(each) : end - SHINGLE + 1])
        for each, end in zip(padded, ends, strict=True)
    ]
    holding = np.bincount(np.concatenate(own), minlength=len(named))
    rank = np.empty_like(holding)
    rank[np.argsort(holding, kind="stable")] = np.arange(len(holding))
    return [np.sort(rank[each]) for each in own]


class _Search:
    """One text after the other is compared with those before that share a rare shingle with it.

    Texts that are found to be near duplicates are a group, and are not compared any more.
    """

    def __init__(self, shingles: Sequence[Numbers]) -> None:
        self._shingles = shingles
        self._sizes = np.array([len(each) for each in shingles], dtype=np.int64)
        # A text that shares none of so many shingles shares less than ALIKE of all with any.
        self._rare = self._sizes - np.ceil(ALIKE * self._sizes - 1e-6).astype(np.int64) + 1
        rare = [each[:most] for each, most in zip(shingles, self._rare, strict=True)]
        # Rows of texts for each shingle, filled as the texts come.
        counts = np.bincount(np.concatenate(rare)) if rare else np.zeros(0, dtype=np.int64)
        self._start = np.cumsum(counts) - counts
        self._filled = np.zeros_like(counts)
        self._texts = np.zeros(counts.sum(), dtype=np.int64)
        self._group = np.arange(len(shingles))
        self._similarity = np.ones(len(shingles))
        for text, looked_up in enumerate(rare):
            self._compare(text, looked_up[counts[looked_up] > 1])

    def groups(self) -> list[tuple[list[int], float]]:
        """The texts of each group, and the least similarity that one of them was joined by."""
        found: dict[int, list[int]] = {}
        for text, group in enumerate(self._group.tolist()):
            found.setdefault(group, []).append(text)
        return [(texts, float(self._similarity[texts].min())) for texts in found.values()]

    def _compare(self, text: int, looked_up: Numbers) -> None:
        for other in self._near(text, looked_up):
            if self._group[other] != self._group[text]:
                self._join(text, other)
        self._texts[self._start[looked_up] + self._filled[looked_up]] = text
        self._filled[looked_up] += 1

    def _near(self, text: int, looked_up: Numbers) -> list[int]:
        """Earlier texts that may be alike, those with the most shared rare shingles first."""
        filled = self._filled[looked_up]
        before = np.cumsum(filled) - filled
        places = np.repeat(self._start[looked_up] - before, filled) + np.arange(filled.sum())
        others, shared = np.unique(self._texts[places], return_counts=True)
        # What is shared and not looked up is, for one of the two, not among its rare ones.
        unseen = np.maximum((self._sizes - self._rare)[others], (self._sizes - self._rare)[text])
        needed = ALIKE / (1 + ALIKE) * (self._sizes[others] + self._sizes[text])
        may = shared + unseen >= needed - 1e-6
        order = np.argsort(-shared[may], kind="stable")
        near: list[int] = others[may][order].tolist()
        return near

    def _join(self, text: int, other: int) -> None:
        one, two = self._shingles[text], self._shingles[other]
        shared = len(np.intersect1d(one, two, assume_unique=True))
        similarity = shared / (len(one) + len(two) - shared)
        if shared < SHARED or similarity < ALIKE:
            return
        self._similarity[text] = min(self._similarity[text], similarity)
        self._group[self._group == self._group[other]] = self._group[text]
