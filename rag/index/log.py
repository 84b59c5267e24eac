"""The log of builds: a line of JSON for each, with what it changed and how long it took.

A line that somebody damaged is skipped. Whoever removes the file loses what is in it, and nothing
else: no generation needs it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from rag.records import Record
from rag.removal import file_of

FILE = "builds.jsonl"

NAMES_KEPT = 20
"""So many names are kept of each sort; their number is kept whole."""

LONGEST_NAME = 300
"""Code points of a name that are kept."""

LOOKED_AT = 1000
"""So many builds, the newest, are searched for one that left something out."""

TAIL = 1 << 20
"""Bytes from the end of the log that are read."""


class Names(Record):
    """How many there were, and the first of them."""

    count: int = 0
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Sequence[str]) -> "Names":
        """Keep as many as a log should hold."""
        kept = tuple(name[:LONGEST_NAME] for name in names[:NAMES_KEPT])
        return cls(count=len(names), names=kept)

    @property
    def is_whole(self) -> bool:
        """Whether these are all."""
        return self.count == len(self.names)


class LoggedBuild(Record):
    """A build, as the log tells of it.

    Attributes:
        begun: when, in UTC.
        seconds: how long it took.
        error: what ended it; empty for a build that made a generation.
        back: whether nothing was built, but an earlier generation made current again.
        generation: its id; empty for a build that made none.
        failed: what could not be read.
    """

    begun: datetime
    seconds: float
    error: str = ""
    back: bool = False
    generation: str = ""
    documents: int = 0
    passages: int = 0
    added: Names = Names()
    changed: Names = Names()
    removed: Names = Names()
    failed: Names = Names()


def append(index: Path, build: LoggedBuild) -> None:
    """Write a build at the end of the log. A log that cannot be written stops no build."""
    line = json.dumps(build.model_dump(mode="json", exclude_defaults=True)).encode()
    try:
        with (index / FILE).open("a+b") as file:
            file.seek(max(0, file.tell() - 1))
            cut_off = file.read() not in (b"", b"\n")
            file.write(b"\n" * cut_off + line + b"\n")
    except OSError:
        pass


def builds(index: Path, most: int) -> list[LoggedBuild]:
    """The last builds, the newest first; `most` of them at most."""
    found: list[LoggedBuild] = []
    for line in reversed(_last_lines(index / FILE)):
        if len(found) == most:
            break
        try:
            found.append(LoggedBuild.model_validate_json(line))
        except ValidationError:
            continue
    return found


def lacking_since(index: Path, document: str) -> LoggedBuild | None:
    """The build since which there is no file that is this document, or holds it.

    None if the log does not tell: it knows files by their names alone, and not all of them.
    """
    for build in builds(index, LOOKED_AT):
        if file_of(document, build.removed.names):
            return build
        if file_of(document, build.added.names) or not build.added.is_whole:
            return None
    return None


def _last_lines(path: Path) -> list[bytes]:
    """The whole lines among the last bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL))
            data = file.read()
    except OSError:
        return []
    lines = data.split(b"\n")
    return lines[1:] if size > TAIL else lines
