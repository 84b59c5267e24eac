"""Learn rag/weights.json: the fusion's share, the evidence for a sentence, and when to be silent.

    python benchmarks/learn_weights.py DATA

DATA holds `squad_train` and `scifact_train` (BEIR layout). The share of the dense score is the one
with the best mean of squad_train's MRR@10 and scifact_train's nDCG@10. The evidence is a logistic
regression over the sentences that squad_train's questions bring up: in the whole collection and in
a small library of each article, with and without the documents of the article that answers. The
library is silent below the match that 95 % of the answerable questions reach.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from judged import CACHE, Collection, Judged, RememberingEncoder, open_library
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.encoder import Encoder
from rag.index.lexical import best
from rag.quotes import Candidate
from rag.retrieval import scaled
from rag.settings import BUNDLED_MODEL, Settings
from rag.weights import Evidence, Match, Weights

QUESTIONS = 1500
CANDIDATES = Settings().candidates
ANSWERED = 0.95
FEATURES = ("sentence_dense", "passage_coverage", "sentence_coverage", "figure")
OUT = Path("rag/weights.json")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """One question to one library: its candidate sentences, and which of them are right."""

    features: Floats
    right: npt.NDArray[np.bool_]
    answerable: bool


def main(data: Path) -> None:
    """Learn everything and write the file."""
    encoder = RememberingEncoder(Encoder.load(BUNDLED_MODEL), CACHE)
    squad = open_library(Collection.read(data / "squad_train"), encoder)
    scifact = open_library(Collection.read(data / "scifact_train"), encoder)
    curve = (shares(squad, mrr) + shares(scifact, ndcg)) / 2
    share = float(SHARES[int(curve.argmax())])
    for each, value in zip(SHARES, curve, strict=True):
        print(f"dense share {each:.2f}: {value:.4f}")
    asked = [*whole(squad), *articles(squad)]
    evidence, logits = learn_evidence(asked)
    match, answer_at = learn_silence(asked, logits)
    weights = Weights(
        made_by="python benchmarks/learn_weights.py DATA",
        dense=share,
        evidence=evidence,
        match=match,
        answer_at=answer_at,
        cite_at=learn_cut(asked, logits),
    )
    encoder.save()
    OUT.write_text(json.dumps(weights.model_dump(), indent=2) + "\n", encoding="utf-8")
    print(OUT.read_text(encoding="utf-8"))


SHARES = np.arange(0, 1.01, 0.05)


def mrr(order: list[str], relevant: set[str]) -> float:
    """Reciprocal rank at 10."""
    return next((1 / (n + 1) for n, name in enumerate(order[:10]) if name in relevant), 0.0)


def ndcg(order: list[str], relevant: set[str]) -> float:
    """Normalised discounted cumulative gain at 10, for grades 0 and 1."""
    gains = sum(1 / np.log2(n + 2) for n, name in enumerate(order[:10]) if name in relevant)
    ideal = sum(1 / np.log2(n + 2) for n in range(min(10, len(relevant))))
    return float(gains / ideal)


def shares(judged: Judged, measure: Callable[[list[str], set[str]], float]) -> Floats:
    """The measure's mean for each share of the dense score."""
    collection, generation = judged.collection, judged.library.generation
    values = np.zeros(len(SHARES))
    ids = collection.sample(QUESTIONS)
    for query in ids:
        vector = judged.encoder.encode_query(collection.queries[query])
        lexical = generation.lexical.scores(generation.lexical.terms(collection.queries[query]))
        numbers = np.union1d(generation.dense.search(vector, CANDIDATES), best(lexical, CANDIDATES))
        dense = scaled(generation.dense.scores(vector, numbers))
        words = scaled(lexical[numbers], lowest=0.0)
        documents = [judged.names[generation.texts.passages[n].document] for n in numbers]
        for place, share in enumerate(SHARES):
            fused = share * dense + (1 - share) * words
            order = list(dict.fromkeys(documents[n] for n in np.argsort(-fused, kind="stable")))
            values[place] += measure(order, set(collection.relevant[query]))
    return values / len(ids)


def whole(judged: Judged) -> Iterator[Asked]:
    """Questions to the whole collection, with and without the article that answers."""
    for query in judged.collection.sample(QUESTIONS):
        yield ask(judged, query)
        yield ask(judged, query, judged.others(query))


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
    present = set(judged.names.values())
    return Asked(
        features=np.array([[getattr(c, f) for f in FEATURES] for c in found]).reshape(
            -1, len(FEATURES)
        ),
        right=np.array([is_right(each, judged, query) for each in found], dtype=bool),
        answerable=not without and bool(present & judged.collection.relevant[query].keys()),
    )


def is_right(candidate: Candidate, judged: Judged, query: str) -> bool:
    """Whether the sentence is of a judged document and holds one of the gold strings."""
    document = judged.names[candidate.passage.document]
    if document not in judged.collection.relevant[query]:
        return False
    return any(gold in candidate.text for gold in judged.collection.answers[query])


def learn_evidence(asked: Sequence[Asked]) -> tuple[Evidence, list[Floats]]:
    """Fit the evidence, and give the log-odds of every candidate of every question."""
    model = LogisticRegression(C=100.0, max_iter=1000)
    features = np.concatenate([each.features for each in asked])
    model.fit(features, np.concatenate([each.right for each in asked]))
    rounded = [round(float(each), 3) for each in (*model.coef_[0], model.intercept_[0])]
    evidence = Evidence(**dict(zip((*FEATURES, "bias"), rounded, strict=True)))
    return evidence, [a.features @ np.array(rounded[:-1]) + rounded[-1] for a in asked]


def learn_silence(asked: Sequence[Asked], logits: Sequence[Floats]) -> tuple[Match, float]:
    """Fit the match to which questions are answerable, and find where to be silent."""
    top = np.array([each.max(initial=-30.0) for each in logits])
    answerable = np.array([each.answerable for each in asked])
    platt = LogisticRegression(C=100.0).fit(top[:, None], answerable)
    slope, bias = round(float(platt.coef_[0, 0]), 3), round(float(platt.intercept_[0]), 3)
    matches = logistic(slope * top + bias)
    answer_at = round(float(np.quantile(matches[answerable], 1 - ANSWERED)), 4)
    false_answers = (matches[~answerable] >= answer_at).mean()
    print(f"{len(asked)} questions, {answerable.sum()} answerable")
    print(f"abstention AUROC {roc_auc_score(answerable, top):.3f}")
    print(f"false answers at {ANSWERED:.0%} answered: {false_answers:.3f}")
    return Match(slope=slope, bias=bias), answer_at


def learn_cut(asked: Sequence[Asked], logits: Sequence[Floats]) -> float:
    """The share of the best evidence that 95 % of the best right sentences reach."""
    kept = [
        logistic(each[one.right].max()) / logistic(each.max())
        for each, one in zip(logits, asked, strict=True)
        if one.right.any()
    ]
    print(f"first sentence right: {np.mean([k == 1 for k in kept]):.3f} of {len(kept)} questions")
    return round(float(np.quantile(kept, 1 - ANSWERED)), 4)


def logistic(log_odds: Floats) -> Floats:
    """From log-odds to probabilities."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
