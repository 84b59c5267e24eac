"""What builds, checks and walks through the labels did, and how old an index is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.checking import Check
    from rag.index.build import BuildReport, Staleness
    from rag.index.generation import Manifest
from rag.wording.plain import counted
from rag.wording.sources import duplicates_lines

UNUSABLE = "The index cannot be opened; see the library"


UP_TO_DATE = "The index is up to date with the seeds"


SEEDS_AWAY = (
    "The folder of seeds cannot be read, so nobody can tell whether the index is up to date"
)


def changed_line(stale: "Staleness") -> str:
    """That seeds or settings are newer than the index; empty if they are not."""
    parts = [counted(len(stale.seeds), "seed")] if len(stale.seeds) else []
    parts += ["sources.toml"] if stale.catalogue else []
    parts += ["the settings"] if stale.settings else []
    return f"{' and '.join(parts)} changed since this build" if parts else ""


def build_lines(report: "BuildReport") -> Sequence[str]:
    """What a build did, then everything in it that a person should look at."""
    changes = report.changes
    size = f"{counted(report.documents, 'document')}, {counted(report.passages, 'passage')}"
    done = {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "failed": report.failed,
    }
    what = ", ".join(f"{len(files)} {how}" for how, files in done.items())
    carried = sum(file.how == "carried over" for file in report.files)
    kept = f" {counted(carried, 'unchanged file')} not read again." if carried else ""
    return [
        f"Built {report.generation}: {size} ({what}).{kept}",
        *(f"failed: {notice}" for notice in report.failed),
        *(f"note: {line}" for line in duplicates_lines(report.duplicates)),
        *(f"note: {notice}" for notice in report.notices),
    ]


def walked_lines(written: int, unlabelled: int, unreviewed: int) -> Sequence[str]:
    """What a walk through the labels wrote, and what it left to be done."""
    left = (f"{unlabelled} without a label", f"{unreviewed} not yet reviewed")
    said = f"{counted(written, 'source')} written. Left: {', '.join(left)}."
    return [said, "To bring it into the index, run: parallax build"] if written else [said]


def check_lines(check: "Check") -> Sequence[str]:
    """What a check of the catalogue found: what is wrong with its line, then what is missing."""
    lines = [str(notice) for notice in check.wrong]
    for heading, names in check.missing.items():
        lines += [f"{heading}: {len(names)}", *(f"  {name}" for name in names)]
    wrong = f"{counted(len(check.wrong), 'thing')} to correct" if check.wrong else "nothing wrong"
    return [*lines, f"{counted(check.documents, 'source')} checked: {wrong}."]


def built_line(manifest: "Manifest") -> str:
    """How many sources an index holds, and when it was built, in the local time."""
    built = manifest.built.astimezone()
    return f"{counted(manifest.documents, 'source')} · built {built.day} {built:%B %Y, %H:%M}"


def built_summary(report: "BuildReport") -> str:
    """What a build did, in a sentence."""
    size = f"{counted(report.documents, 'source')}, {counted(report.passages, 'passage')}"
    return f"The index is rebuilt: {size}."
