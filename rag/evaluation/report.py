"""The whole evaluation of a collection: who is asked what, and what came of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from rag.evaluation.collection import Collection, drawn, some
from rag.evaluation.library import Judged
from rag.evaluation.measures import KEYS, Figures, figures
from rag.evaluation.run import Baseline, Chat, Outcome, System, ask_all, bm25_alone, dense_alone
from rag.progress import Progress
from rag.records import Notice

SYSTEM = "system"
LABELS = {SYSTEM: "Parallax", "dense": "dense alone", "bm25": "BM25 alone"}


@dataclass(frozen=True)
class Report:
    """What was measured.

    Attributes:
        collection: that was measured on.
        queries: how many of its questions were asked.
        unanswerable: how many of its unanswerable ones.
        seed: that drew them, and the resamples of the intervals.
        outcomes: by system, the keys of `LABELS`.
        figures: likewise.
        notices: what a person should know.
    """

    collection: Collection
    queries: int
    unanswerable: int
    seed: int
    outcomes: Mapping[str, Outcome]
    figures: Mapping[str, Figures]
    notices: tuple[Notice, ...]

    def to_json(self) -> dict[str, Any]:
        """The figures of `KEYS`, null where the collection lacks what a measure needs."""
        rows = {
            name: {key: figure.value if (figure := each[key]) else None for key in KEYS}
            for name, each in self.figures.items()
        }
        return {SYSTEM: rows.pop(SYSTEM), "baselines": rows}


def evaluate(
    judged: Judged,
    *,
    sample: int | None = None,
    seed: int = 7,
    baselines: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Ask the library, and the baselines if wanted, a collection's questions, and measure.

    Args:
        judged: the collection and its library.
        sample: how many questions to draw, and how many unanswerable ones; None for all.
        seed: of the draws.
        baselines: whether dense and BM25 search alone are measured, too.
        progress: told of each question.
    """
    collection = judged.collection
    queries = collection.sample(sample, seed)
    near = drawn(collection.unanswerable, sample, seed)
    systems: dict[str, System] = {SYSTEM: Chat(judged)}
    if baselines:
        systems["dense"] = Baseline(judged, dense_alone)
        systems["bm25"] = Baseline(judged, bm25_alone)
    outcomes = {}
    for name, system in systems.items():
        advance = _stage(progress, f"asking {LABELS[name]}", len(queries) + len(near))
        outcomes[name] = ask_all(judged, system, queries, near, advance)
    return Report(
        collection=collection,
        queries=len(queries),
        unanswerable=len(near),
        seed=seed,
        outcomes=outcomes,
        figures={name: figures(each, collection, seed) for name, each in outcomes.items()},
        notices=tuple(_notices(judged, outcomes[SYSTEM])),
    )


def _notices(judged: Judged, outcome: Outcome) -> Iterator[Notice]:
    unfindable = judged.unfindable
    if unfindable:
        message = f"documents without a sentence to quote are never found: {some(unfindable)}"
        yield Notice(file="corpus.jsonl", message=message)
    refused = [query for query, each in outcome.asked.items() if each.seconds is None]
    if refused:
        message = f"empty or too long for the model, so they find nothing: {some(refused)}"
        yield Notice(file="queries.jsonl", message=message)


def _stage(progress: Progress | None, name: str, total: int) -> Callable[[], None]:
    """What to call after each of `total` steps of a stage."""
    done = count(1)
    return lambda: progress(name, next(done), total) if progress else None
