"""From what a peer found to figures: one row a question, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from sklearn.metrics import roc_auc_score

RANKING = {Success @ 1: "hit@1", RR @ 10: "MRR@10", nDCG @ 10: "nDCG@10", R @ 100: "R@100"}
"""Measures of ir-measures, by what the tables call them."""

DEPTH = 100
"""So many documents of a ranking count."""


@dataclass(frozen=True)
class Asked:
    """What came of one question.

    Attributes:
        answerable: whether a document that was judged right is there at all.
        ranking: documents, each where its best chunk stands, best first, at most `DEPTH`.
        score: of the best chunk; None where nothing is found, here and below.
        without_article: the same without the documents that share a judged one's title.
        without_judged: the same without the judged documents alone.
        characters: of the chunks that the peer hands on by default.
        holds: whether one of these chunks holds a gold string; None if there are none.
        milliseconds: that finding these chunks took.
    """

    answerable: bool
    ranking: Sequence[str]
    score: float | None
    without_article: float | None
    without_judged: float | None
    characters: int
    holds: bool | None
    milliseconds: float


def rows(
    asked: Mapping[str, Asked], relevant: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, Any]]:
    """Each question's values: those of `RANKING` and what `Asked` says but the ranking."""
    run = {
        query: {document: -float(rank) for rank, document in enumerate(each.ranking)}
        for query, each in asked.items()
    }
    qrels = {query: dict(relevant[query]) for query in asked}
    table: dict[str, dict[str, Any]] = {query: {} for query in asked}
    for metric in ir_measures.iter_calc(list(RANKING), qrels, run):
        table[metric.query_id][RANKING[metric.measure]] = metric.value
    for query, each in asked.items():
        table[query] |= {key: value for key, value in vars(each).items() if key != "ranking"}
    return table


def figures(table: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """What the rows come to, under the names that `parallax evaluate --json` uses where it can."""

    def column(key: str) -> list[Any]:
        return [row[key] for row in table.values()]

    def told_from(key: str) -> float | None:
        rows = [row for row in table.values() if row["answerable"]]
        return auroc([row["score"] for row in rows], [row[key] for row in rows])

    holds = [each for each in column("holds") if each is not None]
    times = column("milliseconds")
    return {
        **{key: float(np.mean(column(key))) for key in RANKING.values()},
        "abstention_auroc": told_from("without_article"),
        "abstention_auroc_judged_only": told_from("without_judged"),
        "chars_handed": float(np.mean(column("characters"))),
        "answer_handed": float(np.mean(holds)) if holds else None,
        "p50_ms": float(np.median(times)),
        "p95_ms": float(np.quantile(times, 0.95)),
    }


def auroc(inside: Sequence[float | None], outside: Sequence[float | None]) -> float | None:
    """How well a score tells what can be answered from what cannot; nothing found is lowest."""
    known = [each for each in (*inside, *outside) if each is not None]
    if not known:
        return None
    scores = [min(known) - 1 if each is None else each for each in (*inside, *outside)]
    return float(roc_auc_score([True] * len(inside) + [False] * len(outside), scores))
