"""A file that somebody brings, on its way into the folder of seeds.

It is written beside its place under a hidden name, which no reader looks at, and gets its own name
when it is whole. A file that is there is never touched.
"""

import errno
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Self

from rag.characters import TURNING
from rag.entries import FILE_NAME as CATALOGUE
from rag.errors import NoRoom, SeedExists, SeedRefused, SeedTooLarge
from rag.hashing import sha256_of
from rag.readers import UNKNOWN, is_hidden, is_known
from rag.wording.language import say

LONGEST_NAME = 255
"""Bytes of the longest file name that common file systems keep."""

ABANDONED = timedelta(days=1)
"""A draft that nobody has written to for so long is one of a program that was killed."""

DRAFT = ".adding-"

RENAME = "Give it another name, and add it again."

_SEPARATORS = re.compile(r"[/\\:]")
"""A colon is one, too: on Windows it names a drive, or a stream beside a file."""

_UNFIT = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd{TURNING}]")
"""Control characters, what turns the direction of others, and what is left of no UTF-8."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?", re.I)
"""Names that Windows keeps for devices, whatever follows after a dot
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file)."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def file_name(given: str) -> str:
    """The name that a file gets in the seeds, in Unicode's composed form (NFC).

    Raises:
        SeedRefused: it is no name of one file that can be read, or it may lead elsewhere.
    """
    name = _composed(given)
    why = _fault(name)
    if why:
        raise SeedRefused(f"not added: {why}", RENAME)
    return name


def clear_abandoned(seeds: Path) -> None:
    """Remove the drafts that a killed program has left.

    Raises:
        OSError: the folder cannot be read, or one of them not be removed.
    """
    oldest = time.time() - ABANDONED.total_seconds()
    for draft in seeds.glob(f"{DRAFT}*"):
        with suppress(FileNotFoundError):  # another upload has come first
            if draft.lstat().st_mtime < oldest:
                draft.unlink()


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _fault(name: str) -> str:
    """Why a file cannot have this name; empty if it can."""
    if _UNFIT.search(name):
        return "its name holds a character that cannot be seen"
    if _SEPARATORS.search(name):
        return "its name holds a separator of folders"
    if not name or is_hidden(name):
        return "a name like that is hidden"
    if name.casefold() == CATALOGUE:
        return "the file with the labels is changed by labelling"
    if _DEVICE.fullmatch(name):
        return "its name is that of a device"
    if len(name.encode()) > LONGEST_NAME:
        return f"its name has more than {LONGEST_NAME} bytes"
    return "" if is_known(Path(name).suffix.lower()) else UNKNOWN


class Draft:
    """A file that is being written; gone at the end of its context unless it was kept.

    Its errors do not name it: they stand beside the name under which somebody gave it.

    Args:
        seeds: the folder, which exists.
        name: as somebody gives it.
        most: so many bytes it may have.

    Raises:
        SeedRefused: it cannot have this name, or not be written; at any time. NoRoom if the disk is
            full, SeedTooLarge as soon as it has more than `most` bytes, SeedExists at the end.
    """

    def __init__(self, seeds: Path, name: str, most: int) -> None:
        self.name = file_name(name)
        self._seeds = seeds
        self._most = most
        self._size = 0
        self._path = seeds / f"{DRAFT}{secrets.token_hex(8)}"
        self._file: BinaryIO

    def __enter__(self) -> Self:
        with self._writing():
            clear_abandoned(self._seeds)
            self._file = self._path.open("xb")
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):  # of a full disk it would be told a second time
            self._file.close()
        self._path.unlink(missing_ok=True)

    def check(self, size: int) -> None:
        """Go on if a file may have so many bytes."""
        if size > self._most:
            too_large = say("adding-too-large", most=f"{self._most / 1e6:g}")
            raise SeedTooLarge(too_large, say("adding-too-large-remedy"))

    def write(self, data: bytes) -> None:
        """Write the next bytes."""
        self._size += len(data)
        self.check(self._size)
        with self._writing():
            self._file.write(data)

    def keep(self) -> bool:
        """Give the whole file its name; False if a file with the same bytes has it already."""
        with self._writing():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            there = self._named() or self._put()
            if there is None:
                return True
            if self._is_same(there):
                return False
        raise SeedExists("not added: there is another file of this name", RENAME)

    def _named(self) -> Path | None:
        """What is in the folder under this name, in whichever form its accents are written."""
        names = (each for each in self._seeds.iterdir() if _composed(each.name) == self.name)
        return next(names, None)

    def _put(self) -> Path | None:
        """Give the file its name, or tell what has got it meanwhile."""
        place = self._seeds / self.name
        try:
            try:
                os.link(self._path, place)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                place.open("xb").close()
                self._path.replace(place)
        except FileExistsError:
            return place
        return None

    def _is_same(self, there: Path) -> bool:
        """Whether a file holds the same bytes; of what a link leads to nothing is told."""
        if there.is_symlink() or not there.is_file() or there.stat().st_size != self._size:
            return False
        return sha256_of(there) == sha256_of(self._path)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            if error.errno in _FULL:
                raise NoRoom(f"not added: {why}", "Make room on the disk of the seeds.") from error
            raise SeedRefused(
                f"not added: {why}", "Check the folder of seeds and its permissions."
            ) from error
