"""Rank a judged collection as the chat does, beside dense alone and BM25 alone, in one run.

    python benchmarks/ranking.py COLLECTION [--sample N]

A document counts at the rank of its best passage.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from judged import CACHE, Collection, RememberingEncoder, open_library

from rag.encoder import Encoder
from rag.index.lexical import best
from rag.retrieval import Query, rank
from rag.settings import BUNDLED_MODEL, Settings

DEPTH = 100


def main() -> None:
    """Print hit@1, hit@5 and MRR@10 of three rankings, with bootstrap intervals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--sample", type=int, default=10**9)
    arguments = parser.parse_args()
    collection = Collection.read(arguments.collection)
    encoder = RememberingEncoder(Encoder.load(BUNDLED_MODEL), CACHE)
    judged = open_library(collection, encoder)
    generation, names = judged.library.generation, judged.names
    passages = generation.texts.passages
    ranks: dict[str, list[int]] = {"Parallax": [], "dense alone": [], "BM25 alone": []}
    for number in (ids := collection.sample(arguments.sample)):
        text = collection.queries[number]
        vector = encoder.encode_query(text)
        scored = rank(
            Query(question=text, text=text),
            vector,
            generation,
            candidates=Settings().candidates,
        )
        lexical = generation.lexical.scores(generation.lexical.terms(text))
        orders = {
            "Parallax": [each.passage.document for each in scored],
            "dense alone": [passages[n].document for n in generation.dense.search(vector, DEPTH)],
            "BM25 alone": [passages[n].document for n in best(lexical, DEPTH)],
        }
        for system, order in orders.items():
            relevant = collection.relevant[number].keys()
            ranks[system].append(first_rank((names[each] for each in order), relevant))
    print(f"{collection.name}: {len(collection.texts)} documents, {len(ids)} questions")
    print(f"{'':12} {'hit@1':>20} {'hit@5':>7} {'MRR@10':>20}")
    encoder.save()
    for system, values in ranks.items():
        found = np.array(values)
        hit1, hit5 = (found == 1) * 1.0, (found <= 5) * 1.0
        mrr = np.where(found <= 10, 1 / found, 0.0)
        print(f"{system:12} {interval(hit1)} {hit5.mean():7.3f} {interval(mrr)}")


def first_rank(order: Iterable[str], relevant: Iterable[str]) -> int:
    """Rank, from 1, of the first relevant document; a large number where none is found."""
    distinct = dict.fromkeys(order)
    wanted = set(relevant)
    return next((n for n, name in enumerate(distinct, start=1) if name in wanted), 10**9)


def interval(values: np.ndarray) -> str:
    """The mean with its 95 % bootstrap interval over questions."""
    random = np.random.default_rng(7)
    means = random.choice(values, (1000, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
