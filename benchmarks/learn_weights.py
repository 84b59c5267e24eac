"""Learn rag/weights.json: how passages are ranked, sentences chosen, and when to be silent.

    python benchmarks/learn_weights.py DATA

DATA holds `squad_train` and `scifact_train` (BEIR layout).

1. Passages: which of a question's candidates is relevant, on both collections alike.
2. Sentences: which of the candidates of squad_train's questions holds a gold answer; then, over
   questions with and without an answer, the probability that one does.
3. The library: whether it answers the question, from its best sentence. Asked are the whole of
   squad_train, as it is, without the article that answers and without just the paragraphs that do;
   and small libraries of an article each, with questions to it and to others.

Choices among candidates are learned by conditional logit (McFadden, 1974; as a ranking loss: Cao et
al., "Learning to Rank: From Pairwise Approach to Listwise Approach", ICML 2007), probabilities by
logistic regression (Platt, 1999). The library is silent below the match that 95 % of the answerable
questions reach.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from judged import Collection, Judged, open_library
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from rag.encoder import Encoder
from rag.quotes import MATCH_SIGNALS, Evidence
from rag.settings import BUNDLED_MODEL
from rag.signals import PassageSignals
from rag.weights import Linear, Weights, weights

QUESTIONS = 1500
ANSWERED = 0.95
FOLDS = 5
RIDGE = 0.01
OUT = Path("rag/weights.json")

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """The candidates of one question: their signals, and which are right."""

    signals: Floats
    right: Flags


@dataclass(frozen=True)
class Ranked(Choice):
    """Passages as candidates: the documents they are of, and how many documents were judged."""

    documents: list[str]
    judged: int


@dataclass(frozen=True)
class Asked(Choice):
    """Sentences as candidates, and whether the library answers the question."""

    answerable: bool


def main(data: Path) -> None:
    """Learn one after the other; each writes the file, for the next to search with."""
    encoder = Encoder.load(BUNDLED_MODEL)
    squad = open_library(Collection.read(data / "squad_train"), encoder)
    scifact = open_library(Collection.read(data / "scifact_train"), encoder)
    learn_passages([*ranked(squad)], [*ranked(scifact)])
    asked = [each for each in (*whole(squad), *articles(squad)) if len(each.right)]
    learn_sentences(asked)
    learn_match(asked)
    print(OUT.read_text(encoding="utf-8"))


def keep(**learned: object) -> None:
    """Put learned numbers into the file, and let the program read it anew."""
    made_by = "python benchmarks/learn_weights.py DATA; python benchmarks/learn_hearing.py DATA"
    changed = weights().model_dump() | learned | {"made_by": made_by}
    whole = Weights.model_validate(changed).model_dump()
    OUT.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    weights.cache_clear()


def matrix(rows: Sequence[Sequence[float]], names: Sequence[str]) -> Floats:
    """Signals as a matrix of shape (rows, names), also of no rows."""
    return np.array(rows, dtype=np.float64).reshape(-1, len(names))


def linear(names: Sequence[str], weights: Floats, bias: float = 0.0) -> Linear:
    """The weights, rounded to what a person can review."""
    rounded = [round(float(each), 3) for each in weights]
    return Linear(weights=dict(zip(names, rounded, strict=True)), bias=round(bias, 3))


def conditional_logit(*collections: Sequence[Choice]) -> Floats:
    """Weights that make the right candidates of each question likely among all of them.

    Each collection weighs alike, and within it each question.
    """
    choices = [
        (each.signals, each.right, 1 / len(collection) / len(collections))
        for collection in collections
        for each in collection
        if each.right.any()
    ]
    spread = np.concatenate([signals for signals, _, _ in choices]).std(axis=0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = RIDGE * weights @ weights, 2 * RIDGE * weights
        for signals, right, share in choices:
            scores = signals / spread @ weights
            value += share * (logsumexp(scores) - logsumexp(scores[right]))
            pull = softmax(scores)
            pull[right] -= softmax(scores[right])
            gradient = gradient + share * pull @ (signals / spread)
        return float(value), gradient

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


# Passages


def ranked(judged: Judged, count: int = QUESTIONS) -> Iterator[Ranked]:
    """The candidates of so many of a collection's questions."""
    for query in judged.collection.sample(count):
        # By number, so that no order breaks a tie in favour of the weights that there are.
        ranking = sorted(judged.found(query).ranking, key=lambda each: each.passage.number)
        holders = judged.holders(query)
        documents = [each.passage.document for each in ranking]
        yield Ranked(
            signals=matrix([each.signals for each in ranking], PassageSignals._fields),
            right=np.array([document in holders for document in documents], dtype=bool),
            documents=documents,
            judged=len(holders),
        )


def learn_passages(squad: Sequence[Ranked], scifact: Sequence[Ranked]) -> None:
    """Learn on both, and tell what scifact gains by weights learned on its other folds."""
    print(f"scifact_train nDCG@10, {FOLDS} folds: {np.mean(folds_ndcg(squad, scifact)):.4f}")
    for column, name in enumerate(PassageSignals._fields):
        alone = np.mean([ndcg(each, each.signals[:, column]) for each in scifact])
        print(f"  {name} alone among the same candidates: {alone:.4f}")
    keep(passage=linear(PassageSignals._fields, conditional_logit(squad, scifact)))


def folds_ndcg(squad: Sequence[Ranked], scifact: Sequence[Ranked]) -> list[float]:
    """nDCG@10 of each claim, by weights learned on squad and on the claims of the other folds."""
    gains = []
    for learn, test in KFold(FOLDS, shuffle=True, random_state=7).split(np.arange(len(scifact))):
        found = conditional_logit(squad, [scifact[n] for n in learn])
        gains += [ndcg(scifact[n], scifact[n].signals @ found) for n in test]
    return gains


def ndcg(ranked: Ranked, scores: Floats) -> float:
    """Normalised discounted cumulative gain at 10 over documents, for grades 0 and 1."""
    order = np.argsort(-scores, kind="stable")
    first = dict.fromkeys(ranked.documents[n] for n in order)
    right = {d for d, r in zip(ranked.documents, ranked.right, strict=True) if r}
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
    right = [
        each.passage.document in holders and any(gold in each.text for gold in golds)
        for each in found
    ]
    return Asked(
        signals=matrix([each.evidence for each in found], Evidence._fields),
        right=np.array(right, dtype=bool),
        answerable=bool(holders) and not without,
    )


def learn_sentences(asked: Sequence[Asked]) -> None:
    """Learn which sentence to choose, and how likely one of its score is to be right."""
    found = conditional_logit([each for each in asked if each.answerable])
    scores = np.concatenate([each.signals @ found for each in asked])
    platt = LogisticRegression(C=100.0).fit(
        scores[:, None], np.concatenate([each.right for each in asked])
    )
    slope, bias = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    keep(sentence=linear(Evidence._fields, slope * found, bias))


# The library


def learn_match(asked: Sequence[Asked]) -> None:
    """Answerable or not, from the best sentence; where to be silent, and what else to cite."""
    log_odds = [weights().sentence(Evidence._fields, each.signals) for each in asked]
    best = [
        np.array([odds.max(), *each.signals[odds.argmax()]])
        for odds, each in zip(log_odds, asked, strict=True)
    ]
    answerable = np.array([each.answerable for each in asked])
    learned = linear(MATCH_SIGNALS, *no_worse_for_more(np.array(best), answerable))
    matches = logistic(learned(MATCH_SIGNALS, np.array(best)))
    answer_at = round(float(np.quantile(matches[answerable], 1 - ANSWERED)), 4)
    print(f"{len(asked)} questions, {answerable.sum()} answerable")
    print("on what was learned:")
    print(f"abstention AUROC {roc_auc_score(answerable, matches):.3f}")
    false_answers = (matches[~answerable] >= answer_at).mean()
    print(f"false answers at {ANSWERED:.0%} answered: {false_answers:.3f}")
    kept = [
        logistic(odds[each.right]).max() / logistic(odds).max()
        for odds, each in zip(log_odds, asked, strict=True)
        if each.right.any()
    ]
    print(f"first sentence right: {np.mean([k == 1 for k in kept]):.3f} of {len(kept)} questions")
    cite_at = round(float(np.quantile(kept, 1 - ANSWERED)), 4)
    keep(match=learned, answer_at=answer_at, cite_at=cite_at)


def no_worse_for_more(signals: Floats, right: Flags) -> tuple[Floats, float]:
    """Logistic regression without negative weights: what speaks for a match never lowers it.

    Returns:
        The weights and the bias.
    """

    def loss(found: Floats) -> tuple[float, Floats]:
        weights, sums = found[:-1], signals @ found[:-1] + found[-1]
        value = np.logaddexp(0, sums).sum() - sums[right].sum() + weights @ weights / 2
        wrong = logistic(sums) - right
        return float(value), np.append(signals.T @ wrong + weights, wrong.sum())

    bounds = [(0, None)] * signals.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(found[:-1]), float(found[-1])


def logistic(log_odds: Floats) -> Floats:
    """From log-odds to probabilities."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
