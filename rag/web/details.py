"""What a row of the list unfolds to, and what stands beside the list. Without Gradio."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering import Library
from rag.catalogue import Catalogue
from rag.entries import LineRange, SourceEntry
from rag.errors import ParallaxError
from rag.index.log import LoggedBuild, builds
from rag.overrules import LEFT_OUT, line_ends, lines_at, without_lines
from rag.reading import catalogue_of
from rag.records import Document, Furniture, Perspective
from rag.removal import Removed, can_be_undone, documents_of, file_of
from rag.web.listing import Row, rows_of
from rag.web.shelf import Shelf

KEPT = "kept by the owner of the library"

RUNS_SHOWN = 200
"""So many runs of what was left out are shown; the source itself shows all."""

BUILDS_SHOWN = 20


@dataclass(frozen=True)
class Run:
    """Lines of a document that are left out, or would be.

    Attributes:
        lines: which, from 1, both included.
        kept: whether they are no longer left out after the next build.
    """

    lines: LineRange
    reason: str
    text: str
    kept: bool


@dataclass(frozen=True)
class Details:
    """What a row unfolds to.

    Attributes:
        document: None for what could not be read.
        runs: what was left out, the first of it; `more` is how many runs follow.
        perspectives: those that are declared now.
        entry: what sources.toml says of it now.
        waiting: label that stands in sources.toml and waits for the next build; None for the same.
        unreviewed: whether nobody has confirmed the label that stands there.
        whole: for how many documents the label is confirmed that stands there.
        file: the file that would be removed; empty if there is none.
        holds: the documents that would go with it.
        problem: why sources.toml cannot be read; empty if it can.
    """

    row: Row
    document: Document | None
    runs: Sequence[Run]
    more: int
    perspectives: Sequence[Perspective]
    entry: SourceEntry
    waiting: str | None
    unreviewed: bool
    whole: int
    file: str
    holds: Sequence[str]
    problem: str


@dataclass(frozen=True)
class Beside:
    """What the tab shows beside the library: what lies on the disk, and for whom.

    Attributes:
        rows: all of the list.
        details: of the row that is unfolded; None if none is.
        removed: what may be put back.
        builds: the last ones, the newest first.
        owner: whether it is shown to somebody who may change the library.
    """

    rows: Sequence[Row]
    details: Details | None
    removed: Sequence[Removed]
    builds: Sequence[LoggedBuild]
    owner: bool


def beside(library: Library, shelf: Shelf, opened: str, *, owner: bool) -> Beside:
    """What is to be shown to somebody who has that row unfolded; empty for none."""
    rows = rows_of(library)
    row = next((each for each in rows if each.id == opened), None)
    return Beside(
        rows=rows,
        details=details_of(row, library, shelf.seeds) if row else None,
        removed=removed_since(library, shelf.seeds),
        builds=builds(shelf.index, BUILDS_SHOWN),
        owner=owner,
    )


def details_of(row: Row, library: Library, seeds: Path) -> Details:
    """What is known of a source beyond its row, by the library and by sources.toml as it is now."""
    try:
        catalogue, problem = catalogue_of(seeds), ""
    except ParallaxError as error:
        catalogue, problem = Catalogue(), error.message
    entry = catalogue.entry_of(row.id) or SourceEntry(file=row.id)
    label = catalogue.source_of(row.id).perspective
    document = library.documents.get(row.id)
    runs = list(runs_of(document, catalogue.entries.get(row.id))) if document else []
    file = file_of(row.id, library.generation.manifest.seeds) or ""
    return Details(
        row=row,
        document=document,
        runs=runs[:RUNS_SHOWN],
        more=len(runs[RUNS_SHOWN:]),
        perspectives=catalogue.perspectives,
        entry=entry,
        waiting=label.label if not problem and label.id != row.label.id else None,
        unreviewed=not label.reviewed,
        whole=len(documents_of(entry.file, library.documents)),
        file=file,
        holds=documents_of(file, library.documents),
        problem=problem,
    )


def removed_since(library: Library, seeds: Path) -> list[Removed]:
    """What was removed since the library was built, and may be put back."""
    manifest = library.generation.manifest
    return can_be_undone(seeds, manifest.seeds, manifest.built)


def runs_of(document: Document, entry: SourceEntry | None) -> Iterator[Run]:
    """Each run of what was left out for one reason, and what the owner keeps, by their lines."""
    keep, drop = heard_lines(document, entry)
    ends = line_ends(document.text)
    found = []
    for spans in _together(document):
        start, end = spans[0].start, spans[-1].end
        lines = lines_at(ends, start, end)
        by_hand = spans[0].reason == LEFT_OUT
        kept = not _overlap(drop, lines) if by_hand else not _left(lines, keep)
        found.append(Run(lines, spans[0].reason, document.text[start:end], kept))
    for lines in keep:
        for first, last in _left(lines, [run.lines for run in found]):
            text = document.text[ends[min(first, len(ends)) - 1] : ends[min(last, len(ends) - 1)]]
            if text.strip():
                found.append(Run((first, last), KEPT, text.strip(), kept=True))
    return iter(sorted(found, key=lambda run: run.lines))


def _left(lines: LineRange, less: Iterable[LineRange]) -> tuple[LineRange, ...]:
    """What is left of some lines without those."""
    rest: tuple[LineRange, ...] = (lines,)
    for each in less:
        rest = without_lines(rest, each)
    return rest


def heard_lines(
    document: Document, entry: SourceEntry | None
) -> tuple[tuple[LineRange, ...], tuple[LineRange, ...]]:
    """The lines to keep and to drop, if they number this state of the file."""
    if entry is None or not document.sha256.startswith(entry.lines_checked_for or ""):
        return (), ()
    return entry.keep, entry.drop


def _overlap(ranges: Sequence[LineRange], lines: LineRange) -> bool:
    return any(first <= lines[1] and lines[0] <= last for first, last in ranges)


def _together(document: Document) -> Iterator[Sequence[Furniture]]:
    """Neighbouring spans that are left out for the same reason."""
    together: list[Furniture] = []
    for span in document.furniture:
        if together and (
            span.reason != together[-1].reason
            or document.text[together[-1].end : span.start].strip()
        ):
            yield together
            together = []
        together.append(span)
    if together:
        yield together
