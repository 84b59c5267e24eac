"""The library as HTML: its sources, its state, a build's progress and report, how labels work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import wording
from rag.answering import Library
from rag.holdings import holdings
from rag.index.build import BuildReport
from rag.index.changes import Changes, Staleness
from rag.readers import FORMATS
from rag.records import UNLABELLED_LABEL
from rag.removal import Removed, file_of
from rag.web.badges import shapes_of
from rag.web.details import Beside, Details
from rag.web.listing import COLUMNS, Row, shown
from rag.web.markup import render
from rag.web.owning import Desk
from rag.web.shelf import Step
from rag.wording.language import say
from rag.wording.plain import shown_label


@dataclass(frozen=True)
class LabelRow:
    """A label with how many sources of the library carry it, as the page shows it."""

    perspective: str
    label: str
    description: str
    sources: str


def library_html(library: Library, desk: Desk, beside: Beside) -> str:
    """The list of sources as it is looked at, what a row unfolds to, and the last builds."""
    page = shown(beside.rows, desk.listing)
    return render(
        "library.html",
        sources=wording.plain.counted(len(library.documents), "source"),
        coverage=_labels(library),
        shapes=shapes_of(each.id for each in library.perspectives),
        columns=COLUMNS,
        listing=desk.listing,
        page=page,
        found=wording.sources.found_line(page.found, len(beside.rows)),
        desk=desk,
        beside=beside,
        gone=_gone(beside.removed, page.rows),
        extent=_extent(beside.details),
        alike=_alike(library, desk.opened),
        builds=[(each, wording.builds.logged_line(each)) for each in beside.builds],
    )


def _extent(details: Details | None) -> str:
    if details is None or details.document is None:
        return ""
    return wording.sources.extent_line(details.document, details.row.passages)


def _alike(library: Library, name: str) -> str:
    return wording.sources.alike_line(name, library.generation.texts.stories.get(name))


def _gone(removed: Sequence[Removed], rows: Sequence[Row]) -> Mapping[str, Removed]:
    """For each row whose file was removed, when that was."""
    files = {each.file: each for each in removed}
    found = ((row.id, file_of(row.id, files)) for row in rows)
    return {name: files[file] for name, file in found if file}


def labels_html(library: Library) -> str:
    """What labels are, and which ones this library has."""
    return render(
        "labels.html",
        coverage=_labels(library),
        shapes=shapes_of(each.id for each in library.perspectives),
        unlabelled=UNLABELLED_LABEL,
    )


def status_html(library: Library, stale: Staleness | None, building: Step | None = None) -> str:
    """How many sources there are, when they were read, and what has changed since.

    While the index is being rebuilt, how far that has come is said instead of what has changed.
    """
    return render(
        "status.html",
        generation=library.generation.id,
        built=wording.builds.built_line(library.generation.manifest),
        changed=wording.builds.changed_line(stale) if stale else "",
        stage=wording.plain.called("stage", building.stage) if building else "",
    )


def unusable_html() -> str:
    """That the index cannot be opened."""
    return render("unusable.html", unusable=say("unusable"))


def changed_html(library: Library, stale: Staleness | None, seeds: Path, *, owner: bool) -> str:
    """What a rebuild would bring in (None if nobody can tell), and what the last one could not.

    Readers are told only how far the library is behind: the folder and the files are the owner's.
    """
    changed = say("seeds-away")
    if stale:
        changed = wording.builds.changed_line(stale) or say("up-to-date")
    if not owner:
        return render("changed.html", changed=changed, groups={}, seeds=None)
    groups = _groups(stale.seeds) if stale else {}
    failed = [str(notice) for notice in library.generation.manifest.failed]
    return render(
        "changed.html",
        changed=changed,
        groups=groups | {"files-not-read": failed},
        seeds=seeds,
    )


def _groups(changes: Changes) -> dict[str, Sequence[str]]:
    """What changed, under the messages that stand above it."""
    return {f"files-{how}": files for how, files in changes.model_dump().items()}


def opening_html(step: Step) -> str:
    """How far the library has been opened, where the conversation will begin."""
    return render("opening.html", step=step, stage=wording.plain.called("stage", step.stage))


def progress_html(step: Step) -> str:
    """How far a build has come."""
    return render("progress.html", step=step, stage=wording.plain.called("stage", step.stage))


def report_html(report: BuildReport) -> str:
    """What a build did, then everything in it that a person should look at."""
    groups = _groups(report.changes) | {
        "files-failed": [str(notice) for notice in report.failed],
        "files-told-twice": wording.sources.duplicates_lines(report.duplicates),
        "files-to-note": [str(notice) for notice in report.notices],
    }
    return render("report.html", summary=wording.builds.built_summary(report), groups=groups)


def adding_html(*, owner: bool, most_bytes: int) -> str:
    """Where files are added, of so many bytes at most; for others, that they may not."""
    most = f"{most_bytes / 1e6:g}"
    return render("adding.html", owner=owner, formats=FORMATS, bytes=most_bytes, megabytes=most)


def _labels(library: Library) -> list[LabelRow]:
    about = {each.id: each.description for each in library.perspectives}
    return [
        LabelRow(
            row.perspective,
            shown_label(row.label),
            about.get(row.perspective, ""),
            wording.plain.counted(row.sources, "source"),
        )
        for row in holdings(library.perspectives, library.documents)
    ]
