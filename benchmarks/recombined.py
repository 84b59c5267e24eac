"""Libraries of any size, recombined from real sentences that the model has read once.

A document is a run of short stretches of real ones: 3 to 6 sentences out of 12 that follow one
another there, each on a line of its own. **A passage's vector is the mean of its sentences'
vectors**, weighted by their tokens, and its tokens are theirs, read without what stands around them
now: the model makes a passage's vector of its tokens so, but reads them together.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from dense_vectors import sentences_of

from rag.encoder import EncodedTexts, Encoder, Role
from rag.passages import sentences_of as cut
from rag.progress import Progress

WINDOW, LEAST, MOST = 12, 3, 6
SPECIAL = 2
"""Tokens that the model puts around any text."""

_APART = re.compile(r"\n+")


class Recombining(Encoder):
    """An encoder that knows some sentences, and reads texts that are made of them; others it reads.

    Args:
        encoder: that reads the sentences, and questions.
        sentences: each once.
    """

    def __init__(self, encoder: Encoder, sentences: Sequence[str]) -> None:
        super().__init__(encoder._model, encoder.info)
        self._known = {sentence: number for number, sentence in enumerate(sentences)}
        self._read = encoder.encode_documents(sentences, _told)
        self._counts = encoder.count_tokens(sentences)

    def count_tokens(self, texts: Sequence[str], role: Role = "document") -> list[int]:
        """As the model would count, a token or so apart."""
        return [self._count(text, role) for text in texts]

    def _count(self, text: str, role: Role) -> int:
        numbers = self._numbers(text)
        if numbers is None:
            return super().count_tokens([text], role)[0]
        return SPECIAL + sum(self._counts[number] - SPECIAL for number, _ in numbers)

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        """Recombine what is known of their sentences."""
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        bits, starts = [], []
        for place, text in enumerate(texts):
            numbers = self._numbers(text)
            if numbers is None:
                (vectors[place],), own_bits, own_starts = super().encode_documents([text])
                bits += own_bits
                starts += own_starts
                continue
            bits.append(np.concatenate([self._read.bits[number] for number, _ in numbers]))
            starts.append(
                np.concatenate(
                    [self._read.starts[number] + np.uint32(at) for number, at in numbers]
                )
            )
            counts = np.array([self._counts[number] for number, _ in numbers], dtype=np.float32)
            total = counts @ self._read.vectors[[number for number, _ in numbers]]
            vectors[place] = total / np.linalg.norm(total)
            if progress and place % 10_000 == 0:
                progress("encoding passages", place, len(texts))
        return EncodedTexts(vectors, bits, starts)

    def _numbers(self, text: str) -> list[tuple[int, int]] | None:
        """The sentences of a text, each with its place there; None if it holds anything else."""
        found, start = [], 0
        for part in [*_APART.finditer(text), None]:
            end = part.start() if part else len(text)
            if text[start:end]:
                found.append((self._known.get(text[start:end], -1), start))
            start = part.end() if part else end
        return found if found and all(number >= 0 for number, _ in found) else None


def pool(data: Path, count: int) -> tuple[list[str], list[int]]:
    """Sentences that the program cuts as one, and the number of each one's document."""
    sentences, documents = sentences_of(data, count)
    kept = [
        number
        for number, sentence in enumerate(sentences)
        if sentence.endswith(".") and _is_one(sentence)
    ]
    return [sentences[number] for number in kept], documents[kept].tolist()


def _is_one(sentence: str) -> bool:
    found = cut(f"{sentence}\n\n{sentence}", ())
    return [each.kind for each in found] == ["sentence"] * 2


def documents_of(
    sentences: Sequence[str], owners: Sequence[int], words: int, seed: int
) -> Iterator[str]:
    """Endless documents of so many words each."""
    random = np.random.default_rng(seed)
    while True:
        lines: list[str] = []
        left = words
        while left > 0:
            first = int(random.integers(len(sentences)))
            near = range(first, min(first + WINDOW, len(sentences)))
            own = [number for number in near if owners[number] == owners[first]]
            few = min(int(random.integers(LEAST, MOST + 1)), len(own))
            chosen = sorted(random.choice(own, few, replace=False).tolist())
            lines += [sentences[number] for number in chosen]
            left -= sum(len(sentences[number].split()) for number in chosen)
        yield "\n\n".join(lines) + "\n"


def _told(stage: str, done: int, total: int) -> None:
    if done % 5_000 < 20:
        print(f"{stage}: {done:,} of {total:,}", flush=True)
