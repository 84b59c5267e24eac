"""One file of the seeds, parsed in a sandbox: its documents, or why there are none.

Whatever a file does to its reader, the others are read: it is refused, and the reason told.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, ValidationError

from rag.errors import SeedUnreadable
from rag.furniture.repeated import LineKeys
from rag.readers import ARCHIVE
from rag.readers.folder import SeedFile, bytes_of, file_hash
from rag.records import Notice, Reading, Record
from rag.sandbox import Message, Sandbox, Stopped

Columns = Mapping[str, Mapping[str, str]]
"""Of files of rows: file -> what Parallax calls a column -> what the file calls it."""

STOPS = 3
"""An archive that brings so many readers to a stop is given up."""

FILE_TIMES = 10
"""All documents of one file may take so many times as long as one document."""

_GIVEN_UP = "given up; the rest of it was not read"
SAME_ID = "another document has this id, so it cannot be told apart"
RENAME = "Rename one of the two files, or give its rows other ids."
_LIMITS = (
    "Take it out of the seeds, or allow more with PARALLAX_READ_SECONDS or PARALLAX_READ_MEGABYTES."
)
REMEDY = "Take it out of the seeds, or save it in another format."


@dataclass(frozen=True)
class FileRead:
    """What became of one file of the seeds.

    Attributes:
        key: of all that its readings depend on: name, bytes, columns and the program itself.
        sha256: of its bytes; empty for a file that cannot be opened.
        readings: its documents by id.
        lines: for each of them the keys of its lines (`rag.furniture.repeated`).
        refused: for it, or for files in it, why there is no document.
        final: whether reading it again would give the same.
    """

    file: str
    key: str
    sha256: str
    readings: Mapping[str, Reading] = field(default_factory=dict)
    lines: Mapping[str, LineKeys] = field(default_factory=dict)
    refused: tuple[Notice, ...] = ()
    final: bool = True


def read_file(
    seed: SeedFile,
    columns: Columns,
    known: Mapping[str, FileRead],
    sandbox: Sandbox,
    most_bytes: int,
) -> FileRead:
    """Read one file, or take over what is known of it by its key.

    Args:
        seed: the file.
        columns: of all files of rows.
        known: what was read before, by key.
        sandbox: where it is parsed.
        most_bytes: a larger file is refused.
    """
    try:
        data = bytes_of(seed, most_bytes)
    except SeedUnreadable as error:
        refused = (notice_of(seed.id, error.message.removeprefix(f"{seed.id}: "), error.remedy),)
        digest = file_hash(seed.path)
        return FileRead(file=seed.id, key="", sha256=digest, refused=refused, final=False)
    digest = hashlib.sha256(data).hexdigest()
    own = {name: dict(each) for name, each in columns.items() if name.startswith(seed.id)}
    key = _key(seed.id, digest, own)
    read = known.get(key) or _parsed(seed.id, data, own, sandbox)
    return replace(read, key=key, sha256=digest)


def _parsed(name: str, data: bytes, columns: Columns, sandbox: Sandbox) -> FileRead:
    """What the sandbox makes of a file; after a stop, of what is left of an archive."""
    parsing = _Parsing(name)
    deadline = time.monotonic() + FILE_TIMES * sandbox.limits.seconds
    is_archive = Path(name).suffix.lower() == ARCHIVE
    while True:
        task = {"do": "read", "name": name, "columns": columns, "skip": list(parsing.begun)}
        try:
            for answer in sandbox.run(task, data):
                parsing.take(answer)
                if time.monotonic() > deadline:
                    parsing.stop(name, _GIVEN_UP)
                    return parsing.result()
            return parsing.result()
        except Stopped as stop:
            parsing.stop(parsing.begun[-1] if parsing.begun else name, str(stop))
        if not is_archive or not parsing.begun:
            return parsing.result()
        if parsing.stops == STOPS:
            parsing.stop(name, _GIVEN_UP)
            return parsing.result()


class _Told(Record):
    """What the child tells of a document."""

    id: str
    reading: Reading
    lines: tuple[Annotated[int, Field(ge=0, lt=1 << 64)], ...]


class _Parsing:
    """What has come of a file so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.begun: list[str] = []
        self.stops = 0
        self._readings: dict[str, Reading] = {}
        self._lines: dict[str, LineKeys] = {}
        self._refused: list[Notice] = []

    def take(self, answer: Message) -> None:
        """Hear one answer of the child."""
        if "begin" in answer:
            self.begun.append(str(answer["begin"]))
        elif "stopped" in answer:
            self.stop(str(answer["stopped"]), str(answer["why"]))
        elif "refused" in answer:
            self._refused.append(Notice.model_validate(answer["refused"]))
        else:
            self._keep(str(answer["id"]), answer)

    def stop(self, name: str, why: str) -> None:
        """Note that the limits ended it, which another time they might not."""
        self.stops += 1
        self._refused.append(notice_of(name, why, _LIMITS))

    def _keep(self, document_id: str, answer: Message) -> None:
        try:
            told = _Told.model_validate(answer)
        except ValidationError as error:
            message = f"its reader failed: {error.errors()[0]['msg']}"
            self._refused.append(notice_of(document_id, message, REMEDY))
            return
        if document_id in self._readings or not document_id.startswith(self._name):
            self._refused.append(notice_of(document_id, SAME_ID, RENAME))
        else:
            self._readings[document_id] = told.reading
            self._lines[document_id] = np.array(told.lines, dtype=np.uint64)

    def result(self) -> FileRead:
        """All of it; its key and hash are for the caller to fill in."""
        return FileRead(
            file=self._name,
            key="",
            sha256="",
            readings=self._readings,
            lines=self._lines,
            refused=tuple(self._refused),
            final=not self.stops,
        )


def notice_of(name: str, message: str, remedy: str) -> Notice:
    """What is said of a file, or of a part of it."""
    return Notice(file=name, message=message, remedy=remedy)


def _key(name: str, digest: str, columns: Columns) -> str:
    told = json.dumps([name, digest, columns, _program()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _program() -> str:
    """What the readers are, and all that they use: the program itself, and what is installed."""
    package = Path(__file__).parent
    sources = [
        path.read_bytes()
        for pattern in ("*.py", "*.json")
        for path in sorted(package.rglob(pattern))
    ]
    versions = sorted(f"{each.name} {each.version}" for each in distributions())
    return hashlib.sha256(b"\0".join([*sources, *map(str.encode, versions)])).hexdigest()
