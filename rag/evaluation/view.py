"""A report as a person reads it: figures with their intervals, and what each of them says."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rag.evaluation.measures import Figure
from rag.evaluation.report import LABELS, Report
from rag.wording.plain import visible

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Finding documents": {
        "hit@1": ("hit@1", "share of questions whose first document is a judged one"),
        "hit@5": ("hit@5", "the same for one of the first five documents"),
        "MRR@10": ("MRR@10", "one over the rank of the first judged document, 0 after the tenth"),
        "nDCG@10": ("nDCG@10", "how near the first ten documents come to the best order"),
        "R@100": ("R@100", "share of the judged documents that are among the first hundred"),
    },
    "Quoting": {
        "quote@1": ("quote@1", "share of questions whose answer stands in the first quote"),
        "quote@3": ("quote@3", "the same for one of the first three quotes"),
        "chars_per_quote": ("length", "characters of a quote, on average"),
    },
    "Silence, asked without all documents that share a title with a judged one": {
        "abstention_auroc": (
            "AUROC",
            "how often a question with an answer matches better than one without; .5 is chance",
        ),
        "false_answers@95": (
            "wrong @95",
            "share answered wrongly, if 95 % of those with an answer are to be answered",
        ),
    },
    "Silence, asked without the judged documents alone": {
        "abstention_auroc_judged_only": ("AUROC", ""),
        "false_answers@95_judged_only": ("wrong @95", ""),
    },
    "Silence, against questions near to a document that have no answer": {
        "near_auroc": ("AUROC", ""),
    },
    "Milliseconds to an answer": {
        "p50_ms": ("p50_ms", "half of the questions take no longer"),
        "p95_ms": ("p95_ms", "95 % of the questions take no longer"),
    },
}
"""Key of a figure -> its name and what it says, in sections; it says it where it stands first."""

LACKING = "–"
"""Stands for a figure that the collection, or the system, lacks something for."""


def report_view(report: Report) -> RenderableType:
    """What was asked, the figures with their intervals, and in words what each says."""
    parts: list[RenderableType] = [*(Text(line) for line in _heading(report)), Text()]
    parts.append(_grid([("", *(LABELS[name] for name in report.figures))], "bold"))
    for section, rows in SECTIONS.items():
        shown = [
            (f"  {name}", *(_told(key, each[key]) for each in report.figures.values()))
            for key, (name, _) in rows.items()
        ]
        parts += [Text(section, "bold"), _grid(shown)]
    legend = Table.grid(padding=(0, 2))
    for rows in SECTIONS.values():
        for name, says in rows.values():
            if says:
                legend.add_row(Text(f"  {name}"), Text(says))
    return Group(*parts, Text(), Text("What they say", "bold"), legend)


def _heading(report: Report) -> list[str]:
    collection = report.collection
    asked = f"{report.queries:,} of {len(collection.queries):,} questions"
    if collection.unanswerable:
        near = f"{report.unanswerable:,} of {len(collection.unanswerable):,}"
        asked += f" and {near} unanswerable ones"
    lines = [
        visible(f"{collection.name}: {len(collection.texts):,} documents; {asked} asked"),
        f"In brackets: 95 % bootstrap intervals over the questions (seed {report.seed})",
    ]
    if not collection.answers:
        lines.append("There is no answers.jsonl, so nobody can tell which quotes are right")
    if not collection.unanswerable:
        lines.append("There is no unanswerable.jsonl, so no question is known to have no answer")
    return lines


def _grid(rows: list[tuple[str, ...]], style: str = "") -> Table:
    grid = Table.grid(padding=(0, 2))
    for number, _ in enumerate(rows[0]):
        grid.add_column(no_wrap=True, width=20 if number else 11)
    for row in rows:
        grid.add_row(*(Text(each, style) for each in row))
    return grid


def _told(key: str, figure: Figure | None) -> str:
    if figure is None:
        return LACKING
    shares = key not in ("chars_per_quote", "p50_ms", "p95_ms")
    digits = 3 if shares else 0 if figure.high >= 100 else 1
    value, low, high = (f"{each:.{digits}f}" for each in (figure.value, figure.low, figure.high))
    return f"{value} [{low}, {high}]"
