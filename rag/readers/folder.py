"""The files of a seeds folder: which there are, what they hash to, and reading one."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from rag.catalogue import FILE_NAME as CATALOGUE
from rag.errors import SeedsError, SeedUnreadable
from rag.hashing import sha256_of
from rag.readers import MODULES as READERS
from rag.readers import text as text_reader
from rag.records import Document, Notice, Record


class SeedFile(Record):
    """One file below the seeds folder; `id` is its path there, with forward slashes."""

    id: str
    path: Path


def seed_files(seeds: Path) -> tuple[list[SeedFile], list[Notice]]:
    """The files that have a reader, by id, and notices on those that are passed over.

    Hidden files, and what lies in hidden folders, are not seeds. A link that leads out of the
    folder is not followed: only what the operator named is read.

    Raises:
        SeedsError: there is no such folder.
    """
    if not seeds.is_dir():
        raise SeedsError(
            f"{seeds}: there is no such folder of seeds",
            "Make it and put .txt or .md files into it, or name another one with --seeds.",
        )
    files: list[SeedFile] = []
    notices: list[Notice] = []
    for name, path in sorted(
        (path.relative_to(seeds).as_posix(), path) for path in _visible(seeds)
    ):
        if name == CATALOGUE:
            continue
        if any("\ud800" <= character <= "\udfff" for character in name):
            message = "not read: its name is not UTF-8"
            notices.append(Notice(file=ascii(name), message=message, remedy="rename the file"))
        elif not leads_inside(path, seeds):
            message = "not read: a link that leads out of the seeds"
            notices.append(Notice(file=name, message=message))
        elif path.suffix.lower() in READERS:
            files.append(SeedFile(id=name, path=path))
        elif path.is_dir():
            notices.append(Notice(file=name, message="not read: a folder that cannot be opened"))
        else:
            known = ", ".join(READERS)
            notices.append(Notice(file=name, message=f"not read: its format is none of {known}"))
    return files, notices


def _visible(folder: Path) -> Iterator[Path]:
    try:
        inside = list(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in inside:
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink() and path.suffix.lower() not in READERS:
            yield from _visible(path)
        else:
            yield path


def leads_inside(path: Path, seeds: Path) -> bool:
    """Whether a path, links followed, lies in the seeds folder."""
    try:
        return path.resolve().is_relative_to(seeds.resolve())
    except (OSError, RuntimeError):  # a link to itself: reading it will tell
        return True


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes; empty for a file that cannot be read."""
    try:
        return sha256_of(path) if path.is_file() else ""
    except OSError:
        return ""


def read_seed(seed: SeedFile) -> tuple[Document, tuple[Notice, ...]]:
    """Read one file with the reader of its format.

    Raises:
        SeedUnreadable: the file cannot be opened, or is not what its suffix says.
    """
    if seed.path.exists() and not seed.path.is_file():
        raise SeedUnreadable(f"{seed.id}: cannot be opened: it is no file", "Take it out.")
    try:
        data = seed.path.read_bytes()
    except OSError as error:
        raise SeedUnreadable(
            f"{seed.id}: cannot be opened: {error.strerror or error}",
            "Check that it is a file, and its permissions.",
        ) from error
    decoded = text_reader.read(data, seed.id)
    document = Document(
        id=seed.id,
        text=decoded.text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
    )
    return document, decoded.notices
