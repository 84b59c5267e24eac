"""Which documents hold the same text, or nearly so: one story under several addresses.

A document is the set of its word shingles, and two are as alike as the share of shingles that both
hold among those that either holds (Jaccard; Broder, "On the resemblance and containment of
documents", 1997). Every pair that is alike enough is found, without estimates: two such sets share
one of their rarest shingles, so only these are looked up (prefix filtering; Bayardo, Ma and
Srikant, "Scaling up all pairs similarity search", 2007).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.furniture.left_out import own_text
from rag.lines import words_of
from rag.records import Document, Duplicates

SHINGLE = 3
"""So many neighbouring words make a shingle."""

ALIKE = 0.4
"""Documents with this similarity are near duplicates; see docs/decisions.md."""

SHARED = 25
"""So many shingles must be shared by documents that are not the same word for word: a single
sentence is soon like another one that gives another figure."""

AT_ONCE = 10_000_000
"""So many pairs of a text and another that holds a shingle of it are counted at once."""

Numbers = NDArray[np.int64]

Keys = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without a pattern: the golden ratio's fraction, as 64 bits."""


class Fingerprint(NamedTuple):
    """What is compared of a document.

    Attributes:
        shingles: the keys of its shingles, each once, rising.
        whole: a key of all its words in their order; 0 if it has none.
    """

    shingles: Keys
    whole: int


def fingerprint_of(document: Document) -> Fingerprint:
    """The fingerprint of a document; furniture counts for nothing.

    A document with fewer words than a shingle is one shingle.
    """
    words = words_of(own_text(document))
    if not words:
        return Fingerprint(np.zeros(0, dtype=np.uint64), 0)
    padding = [0] * max(SHINGLE - len(words), 0)
    keys = np.array([*map(_key_of, words), *padding], dtype=np.uint64)
    shingles = np.zeros(len(keys) - SHINGLE + 1, dtype=np.uint64)
    for ahead in range(SHINGLE):
        shingles = shingles * _STEP + keys[ahead : len(shingles) + ahead]
    return Fingerprint(np.unique(shingles), _hashed(keys.tobytes()))


@lru_cache(maxsize=1 << 18)
def _key_of(word: str) -> int:
    return _hashed(word.encode("utf-8", "replace"))


def _hashed(data: bytes) -> int:
    """64 bits, not all of them 0."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") or 1


def duplicates_of(documents: Mapping[str, Fingerprint]) -> tuple[Duplicates, ...]:
    """The groups of near duplicates, by the id of their first document.

    A document without words is in no group. A group is connected: each of its documents is a near
    duplicate of another one.

    Args:
        documents: by id.
    """
    holding: dict[int, list[str]] = {}
    for name in sorted(documents):
        if documents[name].whole:
            holding.setdefault(documents[name].whole, []).append(name)
    names = list(holding.values())
    shingles = by_rarity([documents[same[0]].shingles for same in names])
    found = [
        Duplicates(
            documents=tuple(sorted(name for text in group for name in names[text])),
            similarity=similarity,
            exact=len(group) == 1,
        )
        for group, similarity in _Search(shingles).groups()
        if len(group) > 1 or len(names[group[0]]) > 1
    ]
    return tuple(sorted(found, key=lambda group: group.documents))


def by_rarity(texts: Sequence[Keys]) -> list[Numbers]:
    """The shingles of texts as numbers from 0 on, rising: the fewer texts hold one, the lower."""
    if not texts:
        return []
    _, numbers, holding = np.unique(np.concatenate(texts), return_inverse=True, return_counts=True)
    rank = np.empty_like(holding)
    rank[np.argsort(holding, kind="stable")] = np.arange(len(holding))
    ends = np.cumsum([len(each) for each in texts])
    return [np.sort(each) for each in np.split(rank[numbers], ends[:-1])]


class _Search:
    """One text after the other is compared with those before that share a rare shingle with it.

    Texts that are found to be near duplicates are a group, and are not compared any more.
    """

    def __init__(self, shingles: Sequence[Numbers]) -> None:
        self._shingles = shingles
        self._sizes = np.array([len(each) for each in shingles], dtype=np.int64)
        # A text that shares none of so many shingles shares less than ALIKE of all with any.
        self._rare = self._sizes - np.ceil(ALIKE * self._sizes - 1e-6).astype(np.int64) + 1
        self._group = np.arange(len(shingles))
        self._similarity = np.ones(len(shingles))
        self._marked = np.zeros(1 + max((int(e[-1]) for e in shingles if len(e)), default=0), bool)
        for pairs in self._near():
            firsts = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
            for own in np.split(pairs, firsts[1:]) if len(pairs) else []:
                self._compare(int(own[0, 0]), own[:, 1])

    def groups(self) -> list[tuple[list[int], float]]:
        """The texts of each group, and the least similarity that one of them was joined by."""
        found: dict[int, list[int]] = {}
        for text, group in enumerate(self._group.tolist()):
            found.setdefault(group, []).append(text)
        return [(texts, float(self._similarity[texts].min())) for texts in found.values()]

    def _near(self) -> Iterator[Numbers]:
        """Pairs that may be alike, in rows of a text and an earlier one.

        Texts in their order; for each those first that share the most rare shingles with it.
        """
        unlooked = self._sizes - self._rare
        for texts, others, shared in _sharing(self._shingles, self._rare):
            # What is shared and not looked up is, for one of the two, not among its rare ones.
            unseen = np.maximum(unlooked[others], unlooked[texts])
            needed = ALIKE / (1 + ALIKE) * (self._sizes[others] + self._sizes[texts])
            may = np.flatnonzero(shared + unseen >= needed - 1e-6)
            order = may[np.lexsort((others[may], -shared[may], texts[may]))]
            yield np.stack([texts[order], others[order]], axis=1)

    def _compare(self, text: int, others: Numbers) -> None:
        """Join a text with those of these that are like it, in their order."""
        compared = [self._shingles[other] for other in others.tolist()]
        self._marked[self._shingles[text]] = True
        starts = np.cumsum([0, *map(len, compared[:-1])])
        shared = np.add.reduceat(self._marked[np.concatenate(compared)], starts, dtype=np.int64)
        self._marked[self._shingles[text]] = False
        similarity = shared / (self._sizes[text] + self._sizes[others] - shared)
        for place in np.flatnonzero((shared >= SHARED) & (similarity >= ALIKE)).tolist():
            group = self._group[others[place]]
            if group != self._group[text]:
                self._similarity[text] = min(self._similarity[text], similarity[place])
                self._group[self._group == group] = self._group[text]


def _sharing(
    shingles: Sequence[Numbers], rare: Numbers
) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Texts, for each an earlier one that shares rare shingles with it, and how many; in parts.

    Texts are the rows of a sparse matrix, and its product with itself tells what they share.
    """
    from scipy.sparse import csr_matrix  # only a build needs it

    held = [each[:most] for each, most in zip(shingles, rare, strict=True)]
    places = np.concatenate([np.zeros(0, dtype=np.int64), *held])
    starts = np.concatenate([[0], np.cumsum(list(map(len, held)))]).astype(np.int64)
    shape = (len(held), int(places.max(initial=-1)) + 1)
    matrix = csr_matrix((np.ones(len(places), dtype=np.int32), places, starts), shape=shape)
    others = matrix.T.tocsr()
    work = np.cumsum(matrix @ np.diff(others.indptr).astype(np.int64))
    first = 0
    while first < len(held):
        done = work[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(work, done + AT_ONCE, side="right")))
        found = (matrix[first:last] @ others).tocoo()
        earlier = found.col < found.row + first
        texts = found.row[earlier].astype(np.int64) + first
        yield texts, found.col[earlier].astype(np.int64), found.data[earlier].astype(np.int64)
        first = last
