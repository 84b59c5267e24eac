"""Learn rag/weights.json: how passages are ranked, sentences chosen, and when to be silent.

    python benchmarks/learn_weights.py DATA

DATA holds `squad_train` and `scifact_train` (BEIR layout). Three logistic regressions, each over
what the one before brings up:

1. passages: relevant or not, among the candidates of a question, on both collections alike;
2. sentences: holding a gold answer or not, among the candidates of squad_train's questions, put to
   the whole collection, to it without what answers, and to small libraries of an article each;
3. the library: answering the question or not, from the best sentence for each of these questions.

The library is silent below the match that 95 % of the answerable questions reach.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from judged import Collection, Judged, open_library
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from rag.encoder import Encoder
from rag.quotes import MATCH_SIGNALS, Candidate, Evidence
from rag.settings import BUNDLED_MODEL
from rag.signals import PassageSignals
from rag.weights import Linear, Weights, weights

QUESTIONS = 1500
ANSWERED = 0.95
FOLDS = 5
OUT = Path("rag/weights.json")

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ranked:
    """The candidates of one question: their signals, which are relevant, and how many could be."""

    signals: Floats
    relevant: Flags
    documents: list[str]
    judged: int


@dataclass(frozen=True)
class Asked:
    """The candidate sentences of one question, and which of them are right."""

    candidates: list[Candidate]
    right: Flags
    answerable: bool


def main(data: Path) -> None:
    """Learn one after the other; each writes the file, for the next to search with."""
    encoder = Encoder.load(BUNDLED_MODEL)
    squad = open_library(Collection.read(data / "squad_train"), encoder)
    scifact = open_library(Collection.read(data / "scifact_train"), encoder)
    learn_passages([*ranked(squad)], [*ranked(scifact)])
    asked = [*whole(squad), *articles(squad)]
    learn_sentences(asked)
    learn_match([*whole(squad), *articles(squad)])
    print(OUT.read_text(encoding="utf-8"))


def keep(**learned: object) -> None:
    """Put learned numbers into the file, and let the program read it anew."""
    made_by = "python benchmarks/learn_weights.py DATA"
    changed = weights().model_dump() | learned | {"made_by": made_by}
    whole = Weights.model_validate(changed).model_dump()
    OUT.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    weights.cache_clear()


def linear(names: Sequence[str], model: LogisticRegression) -> Linear:
    """The weights of a fitted model, rounded to what a person can review."""
    rounded = [round(float(each), 3) for each in model.coef_[0]]
    return Linear(
        weights=dict(zip(names, rounded, strict=True)), bias=round(float(model.intercept_[0]), 3)
    )


# Passages


def ranked(judged: Judged) -> Iterator[Ranked]:
    """The candidates of a collection's questions."""
    for query in judged.collection.sample(QUESTIONS):
        ranking = judged.found(query).ranking
        holders = judged.holders(query)
        documents = [each.passage.document for each in ranking]
        yield Ranked(
            signals=np.array([each.signals for each in ranking]),
            relevant=np.array([document in holders for document in documents]),
            documents=documents,
            judged=len(holders),
        )


def learn_passages(squad: Sequence[Ranked], scifact: Sequence[Ranked]) -> None:
    """Learn on both, and tell what scifact gains by weights learned on its other folds."""
    gains = []
    for learn, test in KFold(FOLDS, shuffle=True, random_state=7).split(np.arange(len(scifact))):
        model = fit_passages(squad, [scifact[n] for n in learn])
        gains += [ndcg(scifact[n], scifact[n].signals @ model.coef_[0]) for n in test]
    print(f"scifact_train nDCG@10, {FOLDS} folds: {np.mean(gains):.4f}")
    for name, column in (("dense", 0), ("BM25", 1)):
        alone = np.mean([ndcg(each, each.signals[:, column]) for each in scifact])
        print(f"{name} alone among the same candidates: {alone:.4f}")
    learned = linear(PassageSignals._fields, fit_passages(squad, scifact))
    keep(passage=learned.model_copy(update={"bias": 0.0}))


def fit_passages(*collections: Sequence[Ranked]) -> LogisticRegression:
    """Relevant or not, from how far each signal lies behind the question's best.

    Each collection weighs alike, and within it each question.
    """
    signals, relevant, shares = [], [], []
    for collection in collections:
        for each in collection:
            if each.relevant.any():
                signals.append(each.signals - each.signals.max(axis=0))
                relevant.append(each.relevant)
                shares.append(np.full(len(each.relevant), 1 / len(collection)))
    share = np.concatenate(shares)
    model = LogisticRegression(C=100.0, max_iter=5000)
    return model.fit(
        np.concatenate(signals), np.concatenate(relevant), sample_weight=share * QUESTIONS
    )


def ndcg(ranked: Ranked, scores: Floats) -> float:
    """Normalised discounted cumulative gain at 10 over documents, for grades 0 and 1."""
    order = np.argsort(-scores, kind="stable")
    first = dict.fromkeys(ranked.documents[n] for n in order)
    right = {d for d, r in zip(ranked.documents, ranked.relevant, strict=True) if r}
    gains = sum(1 / np.log2(n + 2) for n, name in enumerate([*first][:10]) if name in right)
    return float(gains / sum(1 / np.log2(n + 2) for n in range(min(10, ranked.judged))))


# Sentences


def whole(judged: Judged) -> Iterator[Asked]:
    """Questions to the whole collection: as it is, without the article, without what answers."""
    for query in judged.collection.sample(QUESTIONS):
        yield ask(judged, query)
        yield ask(judged, query, judged.others(query))
        yield ask(judged, query, judged.holders(query))


def articles(judged: Judged) -> Iterator[Asked]:
    """Questions to small libraries of one article each: its own, and as many of the others."""
    collection = judged.collection
    chosen = collection.sample(QUESTIONS)
    random = np.random.default_rng(7)
    for number, title in enumerate(sorted(set(collection.titles.values()))):
        documents = [each for each, its in collection.titles.items() if its == title]
        small = open_library(collection, judged.encoder, documents, f"article-{number}")
        own = [q for q in chosen if collection.relevant[q].keys() & set(documents)]
        others = sorted(set(chosen) - set(own))
        for query in [*own, *random.choice(others, len(own), replace=False)]:
            yield ask(small, query)


def ask(judged: Judged, query: str, without: frozenset[str] = frozenset()) -> Asked:
    """The candidates for a question, and which are right."""
    found = judged.found(query, without).candidates
    golds = judged.collection.answers[query]
    holders = judged.holders(query)
    return Asked(
        candidates=list(found),
        right=np.array(
            [
                each.passage.document in holders and any(g in each.text for g in golds)
                for each in found
            ],
            dtype=bool,
        ),
        answerable=bool(holders) and not without,
    )


def learn_sentences(asked: Sequence[Asked]) -> None:
    """Right or not, over all candidate sentences of all questions."""
    signals = np.array([c.evidence for each in asked for c in each.candidates])
    right = np.concatenate([each.right for each in asked])
    model = LogisticRegression(C=100.0, max_iter=5000).fit(signals, right)
    keep(sentence=linear(Evidence._fields, model))


# The library


def learn_match(asked: Sequence[Asked]) -> None:
    """Answerable or not, from the best sentence; where to be silent, and what else to cite."""
    asked = [each for each in asked if each.candidates]
    signals = np.array([each.candidates[0].match_signals for each in asked])
    answerable = np.array([each.answerable for each in asked])
    learned = linear(
        MATCH_SIGNALS, LogisticRegression(C=100.0, max_iter=5000).fit(signals, answerable)
    )
    log_odds = learned(MATCH_SIGNALS, signals)
    matches = 1 / (1 + np.exp(-log_odds))
    answer_at = round(float(np.quantile(matches[answerable], 1 - ANSWERED)), 4)
    print(f"{len(asked)} questions, {answerable.sum()} answerable")
    print(f"abstention AUROC {roc_auc_score(answerable, matches):.3f}")
    print(
        f"false answers at {ANSWERED:.0%} answered: {(matches[~answerable] >= answer_at).mean():.3f}"
    )
    kept = [
        max(c.probability for c, right in zip(each.candidates, each.right, strict=True) if right)
        / each.candidates[0].probability
        for each in asked
        if each.right.any()
    ]
    print(f"first sentence right: {np.mean([k == 1 for k in kept]):.3f} of {len(kept)} questions")
    keep(
        match=learned, answer_at=answer_at, cite_at=round(float(np.quantile(kept, 1 - ANSWERED)), 4)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
