"""Files that hold once they are said to: hashed, flushed to the disk, and complained of by name.

Whatever is kept is written through Python's own files, which tell when the disk is full. Not all C
libraries look whether closing a file wrote the last of it: NumPy and FAISS can lose the last few
kilobytes and say nothing.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import LibraryIndexError
from rag.hashing import sha256_of


@contextmanager
def reported(index: Path) -> Iterator[None]:
    """A full disk, a missing permission or a file in the way, as an error that names the index."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        where = getattr(error, "filename", None) or index
        raise LibraryIndexError(
            f"{where}: cannot be written: {getattr(error, 'strerror', None) or error}",
            "Free the disk or the permission, or name another folder with --index."
            " What was built before stays as it is.",
        ) from error


def save_array(path: Path, *pieces: npt.NDArray[Any]) -> None:
    """Write an array, or its pieces one behind the other, as one .npy file.

    Raises:
        OSError: it cannot be written.
    """
    told = np.lib.format.header_data_from_array_1_0(pieces[0])
    told["shape"] = (sum(map(len, pieces)), *pieces[0].shape[1:])
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, told)
        for piece in pieces:
            file.write(np.ascontiguousarray(piece).data)  # NumPy would write past Python


def save_arrays(folder: Path, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write several arrays, each by its own name behind a common one.

    Raises:
        OSError: one cannot be written.
    """
    for own, array in arrays.items():
        save_array(folder / f"{name}.{own}.npy", array)


def mapped_arrays(folder: Path, name: str, names: Iterable[str]) -> list[npt.NDArray[Any]]:
    """What `save_arrays` wrote, mapped into memory: only what is looked at is read."""
    return [np.load(folder / f"{name}.{own}.npy", mmap_mode="r") for own in names]


@contextmanager
def written_once(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file. It needs no journal: what is not written to its end is thrown away."""
    # As an address: not every SQLite takes one in ATTACH where the first file was named otherwise.
    address = path.resolve().as_uri()
    with closing(sqlite3.connect(address, uri=True)) as connection, connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")  # else it writes into a folder of its own
        yield connection


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, by its path there, in the order of these."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


def flush(folder: Path) -> None:
    """Have a folder, and all that is in it, on the disk."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Have one file, or the names in one folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
