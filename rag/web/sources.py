"""The library as HTML: its sources, its state, a build's progress and report, how labels work."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import wording
from rag.answering import Library
from rag.errors import ParallaxError
from rag.holdings import holdings
from rag.index.build import BuildReport, Staleness
from rag.readers import FORMATS
from rag.records import UNLABELLED_LABEL, Document
from rag.web.badges import shapes_of
from rag.web.markup import render
from rag.web.shelf import Step


@dataclass(frozen=True)
class Entry:
    """A source as the library lists it.

    Attributes:
        alike: which sources are near duplicates of it; empty if none is.
        left_out: for each reason, what was left out.
    """

    document: Document
    extent: str
    alike: str
    left_out: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Holding:
    """How many sources of the library carry a label."""

    perspective: str
    label: str
    description: str
    sources: str


def library_html(library: Library) -> str:
    """Every source with its label, and what was left out of it."""
    texts = library.generation.texts
    passages = Counter(passage.document for passage in texts.passages)
    entries = [
        Entry(
            document=document,
            extent=wording.sources.extent_line(document, passages[document.id]),
            alike=wording.sources.alike_line(document.id, texts.stories.get(document.id)),
            left_out=_left_out(document),
        )
        for document in texts.documents.values()
    ]
    return render(
        "library.html",
        sources=wording.plain.counted(len(entries), "source"),
        coverage=_holdings(library),
        shapes=shapes_of(each.id for each in library.perspectives),
        entries=entries,
    )


def labels_html(library: Library) -> str:
    """What labels are, and which ones this library has."""
    return render(
        "labels.html",
        coverage=_holdings(library),
        shapes=shapes_of(each.id for each in library.perspectives),
        unlabelled=UNLABELLED_LABEL,
    )


def status_html(library: Library, stale: Staleness | None) -> str:
    """How many sources there are, when they were read, and what has changed since."""
    return render(
        "status.html",
        built=wording.builds.built_line(library.generation.manifest),
        changed=wording.builds.changed_line(stale) if stale else "",
    )


def unusable_html() -> str:
    """That the index cannot be opened."""
    return render("unusable.html", unusable=wording.builds.UNUSABLE)


def changed_html(library: Library, stale: Staleness | None, seeds: Path) -> str:
    """What a rebuild would bring in (None if nobody can tell), and what the last one could not."""
    builds = wording.builds
    changed = (builds.changed_line(stale) or builds.UP_TO_DATE) if stale else builds.SEEDS_AWAY
    groups = stale.seeds.model_dump() if stale else {}
    failed = [str(notice) for notice in library.generation.manifest.failed]
    return render(
        "changed.html",
        changed=changed,
        groups=groups | {"not read": failed},
        seeds=seeds,
        formats=FORMATS,
    )


def progress_html(step: Step) -> str:
    """How far a build has come."""
    return render("progress.html", step=step)


def report_html(report: BuildReport) -> str:
    """What a build did, then everything in it that a person should look at."""
    groups = report.changes.model_dump() | {
        "failed": [str(notice) for notice in report.failed],
        "told twice": wording.sources.duplicates_lines(report.duplicates),
        "to note": [str(notice) for notice in report.notices],
    }
    return render("report.html", summary=wording.builds.built_summary(report), groups=groups)


def failure_html(error: ParallaxError) -> str:
    """What went wrong, and what to do."""
    return render("failure.html", message=error.message, remedy=wording.plain.on_page(error.remedy))


def _holdings(library: Library) -> list[Holding]:
    about = {each.id: each.description for each in library.perspectives}
    return [
        Holding(
            row.perspective,
            row.label,
            about.get(row.perspective, ""),
            wording.plain.counted(row.sources, "source"),
        )
        for row in holdings(library.perspectives, library.documents)
    ]


def _left_out(document: Document) -> Mapping[str, Sequence[str]]:
    grouped: dict[str, list[str]] = {}
    for span in document.furniture:
        grouped.setdefault(span.reason, []).append(document.text[span.start : span.end])
    return grouped
