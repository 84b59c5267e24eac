"""One build at a time: a lock that ends with its process, and a note of who holds it."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from rag.errors import IndexBusy
from rag.index.durable import reported
from rag.records import Record

LOCK = ".lock"
OWNER = ".owner"
PATIENCE = 1.0
"""Seconds in which whoever holds the lock should have written who it is."""


class Owner(Record):
    """Who holds an index: a process, on a machine, since when (UTC)."""

    process: int
    machine: str
    since: datetime


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for one build. The system lets go of it when the process ends, however.

    Raises:
        IndexBusy: another build holds it; told is which.
        LibraryIndexError: the folder cannot be written to.
    """
    with reported(index):
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusy(
                f"{index}: another build is writing this index{_told(index)}",
                "Wait until it has ended.",
            ) from error
    try:
        with reported(index):
            (index / OWNER).write_text(_own().model_dump_json(), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (index / OWNER).unlink(missing_ok=True)
        lock.release()


def _own() -> Owner:
    return Owner(process=os.getpid(), machine=platform.node(), since=datetime.now(UTC))


def _told(index: Path) -> str:
    """Who builds, if that is known soon: between the lock and the note is a moment."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if owner := _owner(index):
            since = owner.since.astimezone()
            return f": process {owner.process} on {owner.machine}, since {since:%H:%M:%S}"
        time.sleep(PATIENCE / 50)
    return ""


def _owner(index: Path) -> Owner | None:
    """Whom the note names, unless it is one that a killed build left."""
    try:
        owner = Owner.model_validate_json((index / OWNER).read_bytes())
    except (OSError, ValidationError):
        return None
    return owner if owner.machine != platform.node() or _lives(owner.process) else None


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only whether there is such a process
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
