"""Whose each passage is, how many sentences it has, and how its text is told from others."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from rag.index.durable import mapped_arrays, save_arrays
from rag.index.ragged import Numbers, following, runs, starts_of, taken
from rag.lines import asks
from rag.records import Passage

Digests = npt.NDArray[np.uint64]


class Rows(NamedTuple):
    """The numbers of a generation's passages and sentences; memory-mapped.

    Attributes:
        passages: document n's passages are passages[n] to passages[n + 1], shape (documents + 1,).
        left_out: its runs of furniture are left_out[n] to left_out[n + 1], shape (documents + 1,).
        sentences: passage n's sentences are sentences[n] to sentences[n + 1],
            shape (passages + 1,).
        digests: a digest of the text of each passage, shape (passages,).
        tells: whether a sentence of the passage says something and asks nothing, shape (passages,).
    """

    passages: Numbers
    left_out: Numbers
    sentences: Numbers
    digests: Digests
    tells: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, documents: Sequence[Sequence[Passage]], left_out: Sequence[int]) -> Self:
        """Those of the passages of documents, and of so many runs of furniture in each."""
        passages = [passage for own in documents for passage in own]
        return cls(
            starts_of(list(map(len, documents))),
            starts_of(left_out),
            starts_of([len(passage.sentences) for passage in passages]),
            digests_of([passage.text for passage in passages]),
            np.array([_tells(passage) for passage in passages], dtype=np.bool_),
        )

    @classmethod
    def joined(cls, before: "Rows", after: "Rows", documents: Numbers) -> tuple[Self, "Places"]:
        """Those of these documents, if the second ones follow the first, and where they stand."""
        passages, own_passages = runs(following(before.passages, after.passages), documents)
        left_out, own_left_out = runs(following(before.left_out, after.left_out), documents)
        sentences, own_sentences = runs(following(before.sentences, after.sentences), passages)
        rows = cls(
            own_passages,
            own_left_out,
            own_sentences,
            taken(before.digests, after.digests, passages),
            taken(before.tells, after.tells, passages),
        )
        return rows, Places(documents, passages, left_out, sentences)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory."""
        return cls(*mapped_arrays(folder, "rows", cls._fields))

    def save(self, folder: Path) -> None:
        """Write its files into `folder`."""
        save_arrays(folder, "rows", self._asdict())

    @property
    def owners(self) -> Numbers:
        """The number of the document of each passage, shape (passages,)."""
        return np.repeat(np.arange(len(self.passages) - 1), np.diff(self.passages))


class Places(NamedTuple):
    """Where what a generation holds stood before: in the last one, or behind it among the new."""

    documents: Numbers
    passages: Numbers
    left_out: Numbers
    sentences: Numbers


def _tells(passage: Passage) -> bool:
    return any(
        each.kind == "sentence" and not asks(passage.text_of(each)) for each in passage.sentences
    )


def digests_of(texts: Sequence[str]) -> Digests:
    """64 bits of each text, by which an equal one is found."""
    found = (
        int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        for text in texts
    )
    return np.fromiter(found, dtype=np.uint64, count=len(texts))
