"""Learn which passages bear on a question, and so which perspectives are let into an answer.

    python benchmarks/learn_hearing.py DATA

DATA holds `debates`, `scifact_train` and `squad_train` (BEIR layout). It writes the numbers below
into rag/weights.json, and needs those of learn_weights.py there; the others stay as they are.

`relevance`: the probability that a passage bears on a question, by logistic regression over its
signals, each collection weighing alike (in `debates` an argument for or against a claim bears on
it). `hear_at`: the relevance that the best judged passage reaches for 95 % of the sides of the
claims that have both sides judged. `near_at`: the match that best tells questions of squad_train
whose judged paragraphs alone are taken out from those whose whole article is (the highest sum of
sensitivity and specificity; Youden, "Index for Rating Diagnostic Tests", 1950).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from judged import Collection, Judged, open_library
from learn_weights import ANSWERED, Floats, Ranked, keep, linear, logistic, ranked
from sklearn.linear_model import LogisticRegression

from rag.encoder import Encoder
from rag.settings import BUNDLED_MODEL
from rag.signals import PassageSignals
from rag.weights import Linear, weights

QUESTIONS = 500
SIDES = 2


def main(data: Path) -> None:
    """Learn all three, and write them."""
    encoder = Encoder.load(BUNDLED_MODEL)
    debates, scifact, squad = (
        open_library(Collection.read(data / name), encoder)
        for name in ("debates", "scifact_train", "squad_train")
    )
    argued = [*ranked(debates)]
    relevance = learn_relevance(argued, [*ranked(scifact)], [*ranked(squad)])
    reached = [*best_of_sides(debates, argued, relevance)]
    hear_at = round(float(np.quantile(reached, 1 - ANSWERED)), 4)
    keep(relevance=relevance, hear_at=hear_at, near_at=round(learn_near(squad), 4))
    print({name: getattr(weights(), name) for name in ("relevance", "hear_at", "near_at")})


def learn_relevance(*collections: Sequence[Ranked]) -> Linear:
    """Log-odds that a passage is of a judged document, each collection weighing alike."""
    signals = np.concatenate([each.signals for one in collections for each in one])
    right = np.concatenate([each.right for one in collections for each in one])
    sizes = [sum(len(each.right) for each in one) for one in collections]
    shares = np.concatenate([np.full(size, 1e5 / size) for size in sizes])
    learned = LogisticRegression(C=10.0, max_iter=1000).fit(signals, right, sample_weight=shares)
    return linear(PassageSignals._fields, learned.coef_[0], float(learned.intercept_[0]))


def best_of_sides(judged: Judged, argued: Sequence[Ranked], relevance: Linear) -> list[float]:
    """For each side of a claim that has both sides judged: the relevance of its best passage."""
    labels = {
        document: judged.collection.perspectives[name] for document, name in judged.names.items()
    }
    reached = []
    for query, each in zip(judged.collection.sample(None), argued, strict=True):
        chances = logistic(relevance(PassageSignals._fields, each.signals))
        sides = {labels[document] for document in judged.holders(query)}
        if len(sides) == SIDES:
            reached += [side_best(each, chances, labels, side) for side in sorted(sides)]
    return reached


def side_best(ranked: Ranked, chances: Floats, labels: dict[str, str], side: str) -> float:
    """The highest relevance among a side's right passages; 0 if none was found."""
    own = np.array([labels[document] == side for document in ranked.documents], dtype=bool)
    return float(chances[own & ranked.right].max(initial=0.0))


def learn_near(squad: Judged) -> float:
    """The match that tells near questions from far ones."""
    queries = squad.collection.sample(QUESTIONS)
    near = np.array([squad.found(each, squad.holders(each)).match for each in queries])
    far = np.array([squad.found(each, squad.others(each)).match for each in queries])
    cuts = np.sort(np.concatenate([near, far]))
    gains = [(near >= cut).mean() - (far >= cut).mean() for cut in cuts]
    return float(cuts[int(np.argmax(gains))])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
