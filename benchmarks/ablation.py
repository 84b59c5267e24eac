"""What each signal of the ranking adds: learned anew without it, and by itself.

    python benchmarks/ablation.py DATA

DATA holds `squad_train` and `scifact_train`, to learn on, and `squad_a`, to measure on. The figures
of scifact_train are by weights that were learned on its other folds.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from judged import Collection, open_library
from learn_weights import FOLDS, QUESTIONS, Floats, Ranked, conditional_logit, folds_ndcg, ranked

from rag.encoder import Encoder
from rag.settings import BUNDLED_MODEL
from rag.signals import PassageSignals

SIGNALS = PassageSignals._fields
GROUPS = (
    *((name,) for name in SIGNALS),
    ("lexical", "sentence_lexical"),
    ("late", "sentence_late"),
    tuple(name for name in SIGNALS if name.startswith("sentence_")),
)


def main(data: Path) -> None:
    """Print a line for each signal alone, for all, and for all but some."""
    encoder = Encoder.load(BUNDLED_MODEL)
    train, scifact, test = (
        [*ranked(open_library(Collection.read(data / name), encoder), count)]
        for name, count in (
            ("squad_train", QUESTIONS),
            ("scifact_train", QUESTIONS),
            ("squad_a", 10**9),
        )
    )
    print(f"squad_a: {len(test)} questions; scifact_train: {len(scifact)} claims, {FOLDS} folds")
    print(f"{'':44} {'hit@1':>22} {'MRR@10':>22} {'scifact nDCG@10':>22}")
    print(row("all", train, scifact, test, SIGNALS))
    for group in GROUPS:
        left = [name for name in SIGNALS if name not in group]
        print(row(f"without {', '.join(group)}", train, scifact, test, left))
    for name in SIGNALS:
        print(row(f"{name} alone", train, scifact, test, [name]))


def row(
    title: str,
    train: Sequence[Ranked],
    scifact: Sequence[Ranked],
    test: Sequence[Ranked],
    names: Sequence[str],
) -> str:
    """A line of the table, with 95 % bootstrap intervals over questions."""
    columns = [SIGNALS.index(name) for name in names]
    train, scifact, test = (
        [replaced(each, columns) for each in some] for some in (train, scifact, test)
    )
    found = conditional_logit(train, scifact)
    ranks = np.array([rank_of(each, each.signals @ found) for each in test])
    reciprocal = np.where(ranks <= 10, 1 / ranks, 0.0)
    figures = (ranks == 1) * 1.0, reciprocal, np.array(folds_ndcg(train, scifact))
    return f"{title:44} " + " ".join(map(interval, figures))


def replaced(one: Ranked, columns: Sequence[int]) -> Ranked:
    """The same candidates with some of the signals."""
    return Ranked(one.signals[:, columns], one.right, one.documents, one.judged)


def rank_of(one: Ranked, scores: Floats) -> float:
    """Rank, from 1, of the first relevant document; infinite where none is found."""
    order = np.argsort(-scores, kind="stable")
    right = {d for d, r in zip(one.documents, one.right, strict=True) if r}
    found = dict.fromkeys(one.documents[n] for n in order)
    return next((float(n) for n, name in enumerate(found, start=1) if name in right), np.inf)


def interval(values: Floats) -> str:
    """The mean with its interval."""
    random = np.random.default_rng(7)
    means = random.choice(values, (1000, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{values.mean():.4f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
