"""From what was found to figures: pure functions, each with a 95 % bootstrap interval.

Ranking is measured by ir-measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with
ir-measures", ECIR 2022); intervals are those of the percentile bootstrap over questions (Efron,
"Bootstrap Methods: Another Look at the Jackknife", 1979).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.evaluation.collection import Collection
from rag.evaluation.run import Outcome
from rag.records import Record

RANKING = {
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "MRR@10": "RR@10",
    "nDCG@10": "nDCG@10",
    "R@100": "R@100",
}
"""Measures of a ranking, by what ir-measures calls them."""

KEYS = (
    *RANKING,
    *("quote@1", "quote@3", "abstention_auroc", "false_answers@95", "abstention_auroc_judged_only"),
    *("near_auroc", "chars_per_quote", "p50_ms", "p95_ms"),
)
"""The figures of a system in JSON, in this order."""

ANSWERED = 0.95
"""False answers are counted at the match that this share of the answerable questions reaches."""

RESAMPLES = 1000

Floats = npt.NDArray[np.float64]
Figures = dict[str, "Figure | None"]
"""By key; None where the collection, or the system, lacks what the measure needs."""


class Figure(Record):
    """A measure with its interval, in the measure's own unit."""

    value: float
    low: float
    high: float


def figures(outcome: Outcome, collection: Collection, seed: int) -> Figures:
    """All figures of one system: those of `KEYS`, and `false_answers@95_judged_only`."""

    def figure(statistic: Callable[..., Any], *groups: Floats) -> Figure | None:
        return with_interval(statistic, *groups, seed=seed)

    asked = outcome.asked
    runs = {query: each.run for query, each in asked.items()}
    ranking = ranking_values(runs, {query: collection.relevant[query] for query in asked})
    quotes = {q: each.quotes for q, each in asked.items() if each.quotes is not None}
    golds = {query: collection.answers[query] for query in quotes if collection.answers.get(query)}
    lengths = [(sum(map(len, each)), len(each)) for each in quotes.values() if each]
    times = np.array([each.seconds * 1000 for each in asked.values() if each.seconds is not None])
    answerable = [each for each in asked.values() if each.without_judged is not None]
    inside = np.array([each.match for each in answerable])
    article = np.array([(each.match, each.without_article) for each in answerable], dtype=float)
    judged = np.array([(each.match, each.without_judged) for each in answerable], dtype=float)
    return {
        **{key: figure(np.mean, values) for key, values in ranking.items()},
        "quote@1": figure(np.mean, quote_values(quotes, golds, 1)),
        "quote@3": figure(np.mean, quote_values(quotes, golds, 3)),
        "chars_per_quote": figure(mean_length, np.array(lengths, dtype=float)),
        "abstention_auroc": figure(paired(auroc), article),
        "false_answers@95": figure(paired(false_answers), article),
        "abstention_auroc_judged_only": figure(paired(auroc), judged),
        "false_answers@95_judged_only": figure(paired(false_answers), judged),
        "near_auroc": figure(auroc, inside, np.array(outcome.near)),
        "p50_ms": figure(np.median, times),
        "p95_ms": figure(lambda each: np.quantile(each, 0.95), times),
    }


def ranking_values(
    runs: Mapping[str, Mapping[str, float]], relevant: Mapping[str, Mapping[str, int]]
) -> dict[str, Floats]:
    """The measures of `RANKING`, each with a value a question.

    Args:
        runs: query id -> corpus id -> score, higher is better, no two the same.
        relevant: query id -> corpus id -> grade; of the same queries.
    """
    import ir_measures

    keys = {ir_measures.parse_measure(name): key for key, name in RANKING.items()}
    values: dict[str, list[float]] = {key: [] for key in RANKING}
    qrels = {query: dict(each) for query, each in relevant.items()}
    run = {query: dict(each) for query, each in runs.items()}
    for metric in ir_measures.iter_calc(list(keys), qrels, run):
        values[keys[metric.measure]].append(metric.value)
    return {key: np.array(each) for key, each in values.items()}


def quote_values(
    quotes: Mapping[str, Sequence[str]], golds: Mapping[str, Sequence[str]], first: int
) -> Floats:
    """For each question with gold strings 1 if one of the first quotes holds one of them, else 0.

    Args:
        quotes: query id -> quotes of the answer, in order.
        golds: query id -> gold strings; letters count as they stand.
        first: how many quotes are looked at.
    """
    return np.array(
        [
            any(gold in quote for quote in quotes[query][:first] for gold in each)
            for query, each in golds.items()
        ],
        dtype=float,
    )


def auroc(higher: Floats, lower: Floats) -> float:
    """Probability that one of `higher` exceeds one of `lower`, ties by half: 1 is perfect.

    The area under the receiver operating characteristic, as Mann and Whitney's U ("On a Test of
    Whether one of Two Random Variables is Stochastically Larger than the Other", 1947).
    """
    order = np.sort(lower)
    below = np.searchsorted(order, higher, "left") + np.searchsorted(order, higher, "right")
    return float(below.mean() / 2 / len(order))


def false_answers(inside: Floats, outside: Floats) -> float:
    """The share of `outside` that reaches the match which `ANSWERED` of `inside` reach."""
    return float((outside >= np.quantile(inside, 1 - ANSWERED)).mean())


def mean_length(lengths: Floats) -> float:
    """Mean length of a quote, from rows of all characters and the number of quotes."""
    characters, count = lengths.sum(axis=0)
    return float(characters / count)


def paired(statistic: Callable[[Floats, Floats], float]) -> Callable[[Floats], float]:
    """The same of rows that hold both, so that the two are resampled together."""
    return lambda rows: statistic(rows[:, 0], rows[:, 1])


def with_interval(statistic: Callable[..., Any], *groups: Floats, seed: int) -> Figure | None:
    """A statistic of groups, each resampled by rows; None if one of them is empty."""
    if not all(len(group) for group in groups):
        return None
    random = np.random.default_rng(seed)
    drawn = [
        statistic(*(group[random.integers(len(group), size=len(group))] for group in groups))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(value=float(statistic(*groups)), low=float(low), high=float(high))
