"""An encoder of NumPy alone, and readers inside this process: builds in hundredths of a second.

For tests that build hundreds of times, and end builds in ways that a process with PyTorch's threads
would not outlive.
"""

import hashlib
from collections.abc import Iterator, Sequence
from threading import RLock
from typing import Self

import numpy as np
from tqdm import tqdm

from rag import reading, worker
from rag.encoder import (
    EncodedText,
    EncodedTexts,
    Encoder,
    ModelInfo,
    Role,
    Vectors,
    signs_of,
)
from rag.importance import _WORD
from rag.progress import Progress
from rag.sandbox import Limits, Message

DIMENSION = 32


class TinyEncoder(Encoder):
    """Each word has a vector of its own, in each revision another; a text is the mean of them."""

    def __init__(self, revision: str = "0") -> None:
        info = ModelInfo(name="tiny", revision=revision, dimension=DIMENSION, max_tokens=256)
        super().__init__(None, info)  # type: ignore[arg-type]
        self._seed = "" if revision == "0" else revision

    def count_tokens(self, texts: Sequence[str], role: Role = "document") -> list[int]:  # noqa: ARG002
        return [len(_WORD.findall(text)) + 2 for text in texts]

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        read = []
        for number, text in enumerate(texts, start=1):
            read.append(self.encode_query(text))
            if progress:
                progress("encoding passages", number, len(texts))
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for number, one in enumerate(read):
            vectors[number] = one.vector
        bits = [signs_of(one.tokens) for one in read]
        return EncodedTexts(vectors, bits, [one.spans[:, 0].astype(np.uint32) for one in read])

    def encode_query(self, text: str) -> EncodedText:
        spans = np.array([found.span() for found in _WORD.finditer(text)] or [(0, 1)])
        tokens = np.stack(
            [_direction(self._seed + text[start:end].lower()) for start, end in spans.tolist()]
        )
        mean = tokens.mean(axis=0)
        return EncodedText(mean / np.linalg.norm(mean), tokens, spans)


def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


class Inside:
    """In place of `rag.sandbox.Sandbox`: the same tasks, without a child process."""

    limits = Limits()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:
        yield from worker._answers(task, data)


def prepare_to_fork() -> None:
    """Have builds start no process and no thread, and share no lock with those that are killed."""
    reading._sandbox = lambda _: Inside()  # type: ignore[assignment,return-value]
    tqdm.monitor_interval = 0
    tqdm.set_lock(RLock())
