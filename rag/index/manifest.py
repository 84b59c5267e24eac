"""What a generation is and of which files, and whether these are as they were written."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from rag.encoder import ModelInfo
from rag.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexOutdated,
    LibraryIndexError,
)
from rag.hashing import sha256_of
from rag.index import pointer
from rag.index.pointer import REBUILD, Named
from rag.index.recall import Recall
from rag.records import Notice, Record

FORMAT = 6
FILE = "manifest.json"


class Manifest(Record):
    """What a generation is.

    Attributes:
        format: of the files; another format is refused.
        settings_hash: of the settings that decide what a generation holds.
        stem_language: for texts in a language that nobody can tell, or that has no stemmer.
        seeds: file -> SHA-256 of its bytes, also for files that were refused.
        refused: the files among them of which nothing could be read.
        failed: what could not be read of the seeds, and why.
        notices: all else that a person should know of the seeds.
        catalogue: SHA-256 of sources.toml, empty where there was none.
        dense: how the nearest passages are found, and what share of them.
        files: file of the generation -> SHA-256.
        built: when, in UTC.
    """

    format: int
    id: str
    model: ModelInfo
    settings_hash: str
    stem_language: str
    seeds: dict[str, str]
    refused: tuple[str, ...] = ()
    failed: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    catalogue: str
    documents: int
    passages: int
    dense: Recall = Recall(kind="exact")
    files: dict[str, str] = {}
    built: datetime

    @property
    def readable(self) -> dict[str, str]:
        """The seeds of which something could be read: file -> SHA-256."""
        return {name: value for name, value in self.seeds.items() if name not in self.refused}


def new_id(now: datetime) -> str:
    """An id that sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def now() -> datetime:
    """The time, in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def manifest_of(index: Path, named: Named) -> Manifest:
    """The manifest of a generation that the pointer names.

    Raises:
        IndexDamaged: it is absent, or not as it was written.
        IndexMismatch: another version wrote it, with other keys.
    """
    file = index / named.id / FILE
    if not file.is_file():
        raise IndexDamaged(f"{file}: is not there; the generation is incomplete", REBUILD)
    if sha256_of(file) != named.manifest:
        raise differs(file)
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise IndexMismatch(
            f"{file}: written by another version of Parallax (this one reads format {FORMAT})",
            REBUILD,
        ) from error


def check_format(index: Path, manifest: Manifest) -> None:
    """Check that this version of the program reads a generation.

    Raises:
        IndexMismatch: it was written in another format; an earlier one is an `IndexOutdated`.
    """
    if manifest.format != FORMAT:
        older = manifest.format < FORMAT
        raise (IndexOutdated if older else IndexMismatch)(
            f"{index / manifest.id}: format {manifest.format}, this version reads {FORMAT}",
            REBUILD,
        )


def current_manifest(index: Path) -> Manifest | None:
    """The manifest of the current generation, or None where there is none that can be read."""
    try:
        return manifest_of(index, pointer.read(index)[0])
    except (LibraryIndexError, OSError):
        return None


def current_file(index: Path, name: str) -> Path:
    """A file of the current generation, checked against its SHA-256.

    Raises:
        LibraryIndexError: there is no such generation, or the file is not as it was written.
    """
    manifest = manifest_of(index, pointer.read(index)[0])
    check(index / manifest.id, name, manifest.files.get(name, ""))
    return index / manifest.id / name


def check(folder: Path, name: str, expected: str) -> None:
    """Check one file of a generation against its SHA-256.

    Raises:
        IndexDamaged: it is absent, or not as it was written.
    """
    if not (folder / name).is_file():
        raise IndexDamaged(f"{folder / name}: is not there", REBUILD)
    if sha256_of(folder / name) != expected:
        raise differs(folder / name)


def differs(file: Path) -> IndexDamaged:
    """That a file is not as it was written."""
    return IndexDamaged(f"{file}: not as it was written (SHA-256 differs)", REBUILD)


def whole(index: Path, named: Named) -> Manifest:
    """The manifest of a generation that can be used: every file of it is checked.

    Raises:
        IndexDamaged: a file is absent, or not as it was written.
        IndexMismatch: it was written in another format; an earlier one is an `IndexOutdated`.
    """
    manifest = manifest_of(index, named)
    check_format(index, manifest)
    for name, expected in manifest.files.items():
        check(index / manifest.id, name, expected)
    return manifest


def damages(index: Path, named: Named) -> Iterator[LibraryIndexError]:
    """All that is wrong with a generation, file by file; nothing if it is whole."""
    try:
        manifest = manifest_of(index, named)
    except LibraryIndexError as error:
        yield error
        return
    for name, expected in manifest.files.items():
        try:
            check(index / manifest.id, name, expected)
        except IndexDamaged as error:
            yield error
