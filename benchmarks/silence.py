"""How often the library answers a judged collection's questions, and how often it should not.

    python benchmarks/silence.py COLLECTION [--sample N]

Each question is asked twice: of the whole collection, and of what is left of it when every
document with the title of a judged one is taken out. The collection needs `answers.jsonl`.
"""

import argparse
from pathlib import Path

import numpy as np
from judged import CACHE, Collection, RememberingEncoder, open_library
from sklearn.metrics import roc_auc_score

from rag.encoder import Encoder
from rag.settings import BUNDLED_MODEL
from rag.weights import weights


def main() -> None:
    """Print the shares, the AUROC of the match, and how good the best sentence is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--sample", type=int, default=10**9)
    arguments = parser.parse_args()
    encoder = RememberingEncoder(Encoder.load(BUNDLED_MODEL), CACHE)
    judged = open_library(Collection.read(arguments.collection), encoder)
    ids = judged.collection.sample(arguments.sample)
    inside, outside, right, length = [], [], [], []
    for query in ids:
        found = judged.found(query)
        inside.append(found.match)
        outside.append(judged.found(query, judged.others(query)).match)
        golds = judged.collection.answers[query]
        right.append([any(gold in each.text for gold in golds) for each in found.candidates[:3]])
        length += [len(each.text) for each in found.candidates[:1]]
    encoder.save()
    at = weights().answer_at
    print(f"{judged.collection.name}: {len(ids)} questions, silent below a match of {at}")
    print(f"answered: {np.mean(np.array(inside) >= at):.3f}")
    print(f"answered with the article taken out: {np.mean(np.array(outside) >= at):.3f}")
    labels = [True] * len(inside) + [False] * len(outside)
    print(f"AUROC of the match: {roc_auc_score(labels, inside + outside):.3f}")
    print(f"an answer in the best sentence: {np.mean([any(each[:1]) for each in right]):.3f}")
    print(f"in one of the best three: {np.mean([any(each) for each in right]):.3f}")
    print(f"characters of the best sentence: {np.mean(length):.0f} on average")


if __name__ == "__main__":
    main()
