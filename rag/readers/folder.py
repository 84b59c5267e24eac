"""The files of a seeds folder: which there are, what they hash to, and their bytes."""

from collections.abc import Iterator
from pathlib import Path

from rag.entries import FILE_NAME as CATALOGUE
from rag.errors import SeedsError, SeedUnreadable
from rag.hashing import sha256_of
from rag.readers import FORMATS, UNKNOWN, is_hidden, is_known
from rag.records import Notice, Record


class SeedFile(Record):
    """One file below the seeds folder; `id` is its path there, with forward slashes."""

    id: str
    path: Path


def seed_files(seeds: Path) -> tuple[list[SeedFile], list[Notice]]:
    """The files that have a reader, by id, and notices on those that are passed over.

    Hidden files, and what lies in hidden folders, are not seeds, nor are the pictures and scripts
    that browsers save beside a page, in a folder named after it. A link that leads out of the
    folder is not followed: only what the operator named is read.

    Raises:
        SeedsError: there is no such folder.
    """
    if not seeds.is_dir():
        raise SeedsError(
            f"{seeds}: there is no such folder of seeds",
            f"Make it and put documents into it ({FORMATS}), or name another one with --seeds.",
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
        elif path.is_symlink() and not leads_inside(path, seeds):
            message = "not read: a link that leads out of the seeds"
            notices.append(Notice(file=name, message=message))
        elif is_known(path.suffix.lower()):
            files.append(SeedFile(id=name, path=path))
        elif path.is_dir():
            notices.append(Notice(file=name, message="not read: a folder that cannot be opened"))
        else:
            notices.append(Notice(file=name, message=f"not read: {UNKNOWN}"))
    return files, notices


def _visible(folder: Path) -> Iterator[Path]:
    try:
        inside = list(folder.iterdir())
    except OSError:
        yield folder
        return
    pages = {f"{path.stem}_files" for path in inside if path.suffix.lower() in (".html", ".htm")}
    for path in inside:
        if is_hidden(path.name) or path.name in pages:
            continue
        if path.is_dir() and not path.is_symlink() and not is_known(path.suffix.lower()):
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


def bytes_of(seed: SeedFile, most: int) -> bytes:
    """The bytes of one file.

    Raises:
        SeedUnreadable: it cannot be opened, or has more than `most` bytes.
    """
    if seed.path.exists() and not seed.path.is_file():
        raise SeedUnreadable(f"{seed.id}: cannot be opened: it is no file", "Take it out.")
    try:
        with seed.path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise SeedUnreadable(
            f"{seed.id}: cannot be opened: {error.strerror or error}",
            "Check that it is a file, and its permissions.",
        ) from error
    if len(data) > most:
        raise SeedUnreadable(
            f"{seed.id}: larger than {most / 1e6:g} MB",
            "Split it, or allow more with PARALLAX_MAX_FILE_MEGABYTES.",
        )
    return data
