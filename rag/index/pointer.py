"""The file `current`: which generation is current, and which others are kept.

    20240502T120000Z-0123abcd <SHA-256 of its manifest>   the current one
    20240501T120000Z-4567cdef <SHA-256 of its manifest>   kept beside it, and so on
    <SHA-256 of the lines above>

It is only ever replaced as a whole, so whatever ends a build leaves it whole.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rag.errors import IndexDamaged, IndexMissing, IndexOutdated, LibraryIndexError
from rag.index.durable import sync

FILE = "current"
BUILDING = ".building-"
"""How the name begins of what is not finished."""

ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
REBUILD = "Run: parallax build"

_LINE = re.compile(rf"({ID.pattern}) ([0-9a-f]{{64}})\n")
_POINTER = re.compile(rf"((?:{_LINE.pattern})+)([0-9a-f]{{64}})\n")


class Named(NamedTuple):
    """A generation, as the pointer names it: its id, and the SHA-256 of its manifest."""

    id: str
    manifest: str


def read(index: Path) -> list[Named]:
    """The generations of an index: the current one, then those that are kept beside it.

    Raises:
        IndexMissing: nothing was built in this folder yet.
        IndexDamaged: the pointer is not as it was written.
        IndexOutdated: it is an earlier version's.
    """
    file = index / FILE
    if not file.is_file():
        raise IndexMissing(f"{index}: no index was built here", REBUILD)
    text = file.read_bytes().decode("latin-1")
    match = _POINTER.fullmatch(text)
    if match and _seal(match[1]) == match[4]:
        return [Named(*line) for line in _LINE.findall(match[1])]
    if _LINE.fullmatch(text):
        raise IndexOutdated(f"{file}: written by an earlier version of Parallax", REBUILD)
    raise IndexDamaged(f"{file}: does not name a generation", REBUILD)


def write(index: Path, named: Sequence[Named]) -> None:
    """Make the first of these the current generation, and keep the others beside it."""
    lines = "".join(f"{each.id} {each.manifest}\n" for each in named)
    beside = index / f"{BUILDING}{FILE}"
    beside.write_text(f"{lines}{_seal(lines)}\n", encoding="ascii", newline="\n")
    sync(beside)
    beside.replace(index / FILE)
    sync(index)


def pointed_id(index: Path) -> str | None:
    """The id of the generation that is current, unchecked; None where none is named."""
    try:
        return read(index)[0].id
    except (OSError, LibraryIndexError):
        return None


def _seal(lines: str) -> str:
    return hashlib.sha256(lines.encode("latin-1")).hexdigest()
