"""Judged collections in the BEIR layout, as libraries that the program itself builds and opens."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.answering import Library
from rag.encoder import Encoder, Progress, Vectors
from rag.index.build import build
from rag.quotes import Found
from rag.retrieval import Query
from rag.settings import Settings

CACHE = Path(".bench")


@dataclass(frozen=True)
class Collection:
    """A collection: what there is to find, what is asked, and which answers were judged right.

    Attributes:
        titles: corpus id -> title.
        texts: corpus id -> text.
        queries: query id -> question.
        relevant: query id -> corpus id -> grade above 0.
        answers: query id -> strings, one of which a right quote holds.
    """

    name: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]
    answers: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, folder: Path) -> "Collection":
        """Read `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv` and, if there, `answers.jsonl`."""
        corpus = list(_rows(folder / "corpus.jsonl"))
        relevant: dict[str, dict[str, int]] = {}
        with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
        return cls(
            name=folder.name,
            titles={row["_id"]: row.get("title", "") for row in corpus},
            texts={row["_id"]: row["text"] for row in corpus},
            queries={
                row["_id"]: row["text"]
                for row in _rows(folder / "queries.jsonl")
                if row["_id"] in relevant
            },
            relevant=relevant,
            answers={row["_id"]: row["answers"] for row in _rows(folder / "answers.jsonl")},
        )

    def file_text(self, document: str) -> str:
        """A document as a file: its title, if it has one of its own, above its text.

        A title that several documents share names what they were cut from, not them.
        """
        title = self.titles[document]
        own = bool(title) and list(self.titles.values()).count(title) == 1
        return f"{title}\n\n{self.texts[document]}" if own else self.texts[document]

    def sample(self, count: int, seed: int = 7) -> list[str]:
        """Ids of `count` queries, drawn without replacement; all of them if there are no more."""
        ids = sorted(self.queries)
        if count >= len(ids):
            return ids
        return sorted(np.random.default_rng(seed).choice(ids, count, replace=False).tolist())


class RememberingEncoder(Encoder):
    """An encoder that encodes no text twice, not even in a later run, for many questions."""

    def __init__(self, encoder: Encoder, cache: Path) -> None:
        super().__init__(encoder._model, encoder.info)
        self._cache = cache / f"vectors-{encoder.info.revision[:12]}.npz"
        self._known: dict[str, Vectors] = {}
        if self._cache.is_file():
            with np.load(self._cache) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As `Encoder.encode_documents`, from memory where it can."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            vectors = super().encode_documents(list(new.values()), progress)
            self._known |= dict(zip(new, vectors, strict=True))
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Keep what was encoded for the next run."""
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._cache, texts=list(self._known), vectors=np.stack([*self._known.values()]))


@dataclass(frozen=True)
class Judged:
    """A collection, and a library of its documents: `names` gives the corpus id of each."""

    collection: Collection
    library: Library
    names: Mapping[str, str]
    encoder: Encoder

    def others(self, query: str) -> frozenset[str]:
        """Ids of the documents of the article that holds an answer to a question."""
        titles = self.collection.titles
        articles = {titles[document] for document in self.collection.relevant[query]}
        return frozenset(each for each, name in self.names.items() if titles[name] in articles)

    def found(self, query: str, without: frozenset[str] = frozenset()) -> Found:
        """What the program itself looks at, as if the library had never held some documents."""
        text = self.collection.queries[query]
        return self.library.search(Query(question=text, text=text, without=without))


def open_library(
    collection: Collection, encoder: Encoder, only: Sequence[str] | None = None, name: str = ""
) -> Judged:
    """Build and open a library of the collection's documents, or of those in `only`."""
    folder = CACHE / (name or collection.name)
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    names = {}
    for number, document in enumerate(only or collection.texts):
        names[f"{number:06d}.txt"] = document
        (seeds / f"{number:06d}.txt").write_text(collection.file_text(document), encoding="utf-8")
    settings = Settings(seeds=seeds, index=folder / "index")
    build(settings, encoder, _tell)
    library = Library.open(settings.index, settings, encoder)
    return Judged(collection, library, names, encoder)


def _tell(stage: str, done: int, total: int) -> None:
    if done == total:
        print(f"{stage}: {total}")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)
