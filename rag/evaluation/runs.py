"""Rankings as files that other tools read: TREC's format, `query Q0 document rank score tag`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import CollectionError
from rag.evaluation.collection import Collection, some
from rag.evaluation.report import Report
from rag.evaluation.run import Outcome


def make_folder(folder: Path, collection: Collection) -> None:
    """Make the folder for a collection's runs, before anybody waits for them.

    Raises:
        CollectionError: it cannot be made, or the format cannot hold the collection's ids.
    """
    spaced = [name for name in (*collection.texts, *collection.queries) if len(name.split()) != 1]
    if spaced:
        raise CollectionError(
            f"{folder}: a run in TREC's format cannot hold ids with white space: {some(spaced)}",
            "Give them ids without white space, or leave out --out.",
        )
    with _writing():
        folder.mkdir(parents=True, exist_ok=True)


def write_runs(report: Report, folder: Path) -> None:
    """Write `system.trec` and, if measured, `dense.trec` and `bm25.trec` into a folder.

    One that is there already is replaced as a whole.

    Raises:
        CollectionError: a file cannot be written.
    """
    with _writing():
        for name, outcome in report.outcomes.items():
            beside = folder / f".{name}.trec"
            beside.write_text("".join(_lines(outcome, name)), encoding="utf-8", newline="\n")
            beside.replace(folder / f"{name}.trec")


def _lines(outcome: Outcome, tag: str) -> Iterator[str]:
    """Nine digits tell any two numbers of 32 bits apart."""
    for query, asked in outcome.asked.items():
        for rank, (document, score) in enumerate(asked.run.items(), start=1):
            yield f"{query} Q0 {document} {rank} {score:.9g} {tag}\n"


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CollectionError(
            f"{error.filename}: cannot be written: {error.strerror}",
            "Free the disk or the permission, or name another folder with --out.",
        ) from error
