"""The comparison as a Markdown table: a row a system, a dash where nothing was measured."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

COLUMNS = {
    "system": "system",
    "hit@1": "hit@1",
    "MRR@10": "MRR@10",
    "R@100": "R@100",
    "nDCG@10": "nDCG@10",
    "handed": "characters handed to the reader",
    "holds": "they hold the answer",
    "abstention_auroc": "AUROC, article out",
    "abstention_auroc_judged_only": "AUROC, judged only out",
    "cold_start_s": "cold start, s",
    "documents_per_s": "documents indexed a second",
    "p50_ms": "p50, ms",
}
DIGITS = {"cold_start_s": 1, "documents_per_s": 1, "p50_ms": 1}
"""Digits after the point, where they are not three."""

RESAMPLES = 1000

Row = Mapping[str, str]


def markdown(rows: Sequence[Row]) -> str:
    """The table; the first column is text, the others stand at the right."""
    lines = [
        list(COLUMNS.values()),
        ["---", *["---:"] * (len(COLUMNS) - 1)],
        *[[row.get(key, "–") for key in COLUMNS] for row in rows],
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def peer_row(measured: Mapping[str, Any]) -> Row:
    """A row of what `run.py` wrote, with intervals where there is a value for each question."""
    figures, queries = measured["figures"], measured["queries"].values()
    ranked = {
        key: interval([row[key] for row in queries], measured["seed"])
        for key in ("hit@1", "MRR@10")
    }
    return (
        numbers(figures)
        | ranked
        | {
            "system": measured["name"],
            "handed": f"{figures['chars_handed']:,.0f} (top {measured['top_k']})",
            "holds": number(figures["answer_handed"], "holds"),
        }
    )


def own_rows(report: Mapping[str, Any], times: Mapping[str, float]) -> list[Row]:
    """Rows of what `parallax evaluate --json` said: the program, and the searches beside it."""
    system = report["system"]
    names = {"dense": "its dense search alone", "bm25": "its BM25 alone"}
    first = {
        "system": "**Parallax**",
        "handed": handed(system["chars_per_quote"]),
        "holds": f"{number(system['quote@1'], 'holds')}; {number(system['quote@3'], 'holds')}",
    }
    beside = [
        numbers(figures) | {"system": names[name]} for name, figures in report["baselines"].items()
    ]
    return [numbers(system | times) | first, *beside]


def handed(length: float | None) -> str:
    """What a reader of one quote, and of three, reads."""
    return "–" if length is None else f"{length:,.0f} (1 quote); {3 * length:,.0f} (3 quotes)"


def numbers(figures: Mapping[str, float | None]) -> dict[str, str]:
    """The cells of the columns that are plain figures."""
    return {key: number(figures[key], key) for key in COLUMNS if key in figures}


def number(value: float | None, column: str) -> str:
    """A figure with the digits of its column."""
    return "–" if value is None else f"{value:.{DIGITS.get(column, 3)}f}"


def interval(values: Sequence[float], seed: int) -> str:
    """The mean with its 95 % bootstrap interval over questions."""
    random = np.random.default_rng(seed)
    means = random.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{np.mean(values):.3f} [{low:.3f}, {high:.3f}]"
