"""What builds, checks and walks through the labels did, and how old an index is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.checking import Check
    from rag.index.build import BuildReport
    from rag.index.changes import Changes, Staleness
    from rag.index.log import LoggedBuild
    from rag.index.manifest import Manifest
from rag.records import Answer
from rag.wording.language import current, say
from rag.wording.plain import all_of, counted
from rag.wording.sources import duplicates_lines


def changed_line(stale: "Staleness") -> str:
    """That seeds or settings are newer than the index; empty if they are not."""
    parts = [counted(len(stale.seeds), "seed")] if len(stale.seeds) else []
    parts += ["sources.toml"] if stale.catalogue else []
    parts += [say("changed-settings")] if stale.settings else []
    return say("changed-since", what=all_of(parts)) if parts else ""


def build_lines(report: "BuildReport") -> Sequence[str]:
    """What a build did, then everything in it that a person should look at."""
    changes = report.changes
    done = (
        say("built-added", files=len(changes.added)),
        say("built-changed", files=len(changes.changed)),
        say("built-removed", files=len(changes.removed)),
        say("built-unchanged", files=report.unchanged),
        say("built-failed", files=len(report.failed)),
    )
    size = _size(counted(report.documents, "document"), report.passages)
    return [
        say("built", generation=report.generation, size=size, done=", ".join(done)),
        _took(report),
        *(say("build-failed", notice=str(notice)) for notice in report.failed),
        *(say("build-note", notice=line) for line in duplicates_lines(report.duplicates)),
        *(say("build-note", notice=str(notice)) for notice in report.notices),
    ]


def _took(report: "BuildReport") -> str:
    """How long the stages took, the shortest left out, and how much the model had to read."""
    stages = [
        say("built-stage", stage=say(f"took-{stage}"), seconds=_seconds(seconds))
        for stage, seconds in report.seconds.items()
        if seconds >= 0.05
    ]
    took = say("seconds", seconds=_seconds(sum(report.seconds.values())))
    return say(
        "built-took",
        took=f"{took} ({', '.join(stages)})" if stages else took,
        encoded=counted(report.encoded, "passage"),
        kept=counted(report.passages - report.encoded, "passage"),
    )


def _seconds(seconds: float) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(seconds, "#,##0" if seconds >= 10 else "0.0", current()))


def back_lines(manifest: "Manifest", changes: "Changes") -> Sequence[str]:
    """To which build somebody went back, and what of the seeds it holds otherwise."""
    done = (
        say("built-added", files=len(changes.added)),
        say("built-changed", files=len(changes.changed)),
        say("built-removed", files=len(changes.removed)),
    )
    size = _size(counted(manifest.documents, "document"), manifest.passages)
    return [
        say("back", generation=manifest.id, size=size, done=", ".join(done)),
        say("back-next"),
    ]


def verified_line(manifest: "Manifest", *, is_current: bool) -> str:
    """That every file of a build is as it was written."""
    what = say("verified-current" if is_current else "verified-kept", generation=manifest.id)
    size = _size(counted(manifest.documents, "document"), manifest.passages)
    whole = say("verified-whole", files=len(manifest.files) + 1)
    return f"{what}: {size}, {say('verified-built', time=_local(manifest.built))}. {whole}"


def walked_lines(written: int, unlabelled: int, unreviewed: int) -> Sequence[str]:
    """What a walk through the labels wrote, and what it left to be done."""
    said = say("walked", written=written, unlabelled=unlabelled, unreviewed=unreviewed)
    return [said, say("walked-next")] if written else [said]


def check_lines(check: "Check") -> Sequence[str]:
    """What a check of the catalogue found: what is wrong with its line, then what is missing."""
    lines = [str(notice) for notice in check.wrong]
    for heading, names in check.missing.items():
        lines += [f"{heading}: {len(names)}", *(f"  {name}" for name in names)]
    return [*lines, say("checked", sources=check.documents, wrong=len(check.wrong))]


def built_line(manifest: "Manifest") -> str:
    """How many sources an index holds, and when it was built, in the local time."""
    sources = counted(manifest.documents, "source")
    return say("built-at", sources=sources, time=_local(manifest.built))


def logged_line(build: "LoggedBuild") -> str:
    """When a build was, what came of it, and how long it took."""
    done = say("build-came-to-nothing")
    if build.generation:
        done = _size(counted(build.documents, "source"), build.passages)
    if build.back:
        done = say("build-went-back", size=done)
    return f"{_local(build.begun)} · {done} · {say('seconds', seconds=_seconds(build.seconds))}"


def lacking_line(build: "LoggedBuild | None") -> str:
    """Since which build the library has been without the file of a link; empty if unknown."""
    return say("link-removed-since", time=_local(build.begun)) if build else ""


def answered_line(answer: Answer, made: datetime | None) -> str:
    """From which build the answer is, and when it was given (UTC) where that is known."""
    build = answer.generation
    if made is None:
        return say("answered-by", build=build)
    return say("answered-at", time=f"{_written(made.astimezone(UTC))} UTC", build=build)


def _local(time: datetime) -> str:
    return _written(time.astimezone())


def _written(time: datetime) -> str:
    from babel.dates import format_datetime

    return format_datetime(time, "d MMMM y, HH:mm", locale=current())


def built_summary(report: "BuildReport") -> str:
    """What a build did, in a sentence."""
    return say("built-again", size=_size(counted(report.documents, "source"), report.passages))


def _size(documents: str, passages: int) -> str:
    return say("built-size", documents=documents, passages=counted(passages, "passage"))
