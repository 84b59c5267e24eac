"""Vectors to measure dense indexes on: real sentences and questions, encoded once and kept.

    python benchmarks/dense_vectors.py DATA CACHE [--sentences N] [--questions N]

DATA holds collections in the BEIR layout and libraries of text files. Whole documents are drawn
in a seeded order, and their sentences encoded in their order, until there are N.
`Sentences.passages` makes passages of them: **passage vectors are recombined means of real
sentence vectors**, since encoding a million real passages would take hours.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sentencex import segment

from rag.encoder import Encoder, Vectors
from rag.settings import BUNDLED_MODEL

WINDOW = 12
"""So many sentences on from its first one a recombined passage may take its others."""

QUESTIONS = ("squad_a", "squad_train")
CLAIMS = ("cranfield", "debates", "scifact_train")
BATCH = 2_000


class Sentences(NamedTuple):
    """What the cache holds.

    Attributes:
        vectors: unit vectors of sentences, in the order of their documents.
        documents: the number of each sentence's document.
        questions: unit vectors of questions (SQuAD).
        claims: unit vectors of claims and requests (Cranfield, debates, SciFact).
    """

    vectors: Vectors
    documents: npt.NDArray[np.int64]
    questions: Vectors
    claims: Vectors

    @classmethod
    def read(cls, cache: Path, asked: int) -> Self:
        """What `main` wrote; of questions and claims so many at most."""
        with np.load(cache) as arrays:
            queries = (arrays[each][:asked] for each in ("questions", "claims"))
            return cls(arrays["vectors"], arrays["documents"], *queries)

    def passages(self, count: int, seed: int = 0) -> Vectors:
        """Recombined passages: normalised means of 3 to 6 sentences of one document's window."""
        random = np.random.default_rng(seed)
        passages = np.empty((count, self.vectors.shape[1]), dtype=np.float32)
        for start in range(0, count, 50_000):
            passages[start : start + 50_000] = self._some(min(50_000, count - start), random)
        return passages

    def _some(self, count: int, random: np.random.Generator) -> Vectors:
        first = np.sort(random.integers(0, len(self.vectors), count))
        others = first[:, None] + random.integers(1, WINDOW, (count, 5))
        others = np.minimum(others, len(self.vectors) - 1)
        own = self.documents[others] == self.documents[first][:, None]
        taken = own & (np.arange(5) < random.integers(2, 6, (count, 1)))
        total = self.vectors[first].copy()
        for place in range(5):
            total += self.vectors[others[:, place]] * taken[:, place, None]
        total /= np.linalg.norm(total, axis=1, keepdims=True)
        return total


def main() -> None:
    """Encode and write the cache, and what there is of it after each batch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=1_000)
    arguments = parser.parse_args()
    encoder = Encoder.load(BUNDLED_MODEL)
    questions, claims = (
        encoder.encode_documents(asked_of(arguments.data, names)[: arguments.questions]).vectors
        for names in (QUESTIONS, CLAIMS)
    )
    sentences, documents = sentences_of(arguments.data, arguments.sentences)
    vectors = np.empty((0, questions.shape[1]), dtype=np.float32)
    for start in range(0, len(sentences), BATCH):
        more = encoder.encode_documents(sentences[start : start + BATCH]).vectors
        vectors = np.concatenate([vectors, more])
        part = arguments.cache.with_suffix(".part.npz")
        own = documents[: len(vectors)]
        np.savez(part, vectors=vectors, documents=own, questions=questions, claims=claims)
        part.replace(arguments.cache)
        print(f"{len(vectors):,} of {len(sentences):,} sentences", flush=True)


def asked_of(data: Path, names: tuple[str, ...]) -> list[str]:
    """The queries of some collections, in a seeded order."""
    lines = [
        line
        for name in names
        for line in (data / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    order = np.random.default_rng(1).permutation(len(lines))
    return [json.loads(lines[place])["text"] for place in order]


def sentences_of(data: Path, count: int) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Distinct sentences of 20 to 600 characters, and the number of each one's document."""
    texts = list(_texts(data))
    sentences: dict[str, int] = {}
    for number in np.random.default_rng(0).permutation(len(texts)).tolist():
        for line in texts[number].splitlines():
            for sentence in segment("en", line):
                if 20 <= len(sentence.strip()) <= 600:
                    sentences.setdefault(sentence.strip(), number)
        if len(sentences) >= count:
            break
    kept = list(sentences)[:count]
    return kept, np.array([sentences[each] for each in kept], dtype=np.int64)


def _texts(data: Path) -> Iterator[str]:
    for file in sorted(data.glob("*/corpus.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    for file in sorted(data.glob("libraries/*/*.txt")):
        yield file.read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
