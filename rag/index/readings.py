"""What was read of each file, kept in the generation: an unchanged file is not parsed again.

Of a file that is known only the keys of its lines are read at once; all that its reader found is
read when it is asked for, and a file that is taken over is copied as it lies there.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from rag.furniture.repeated import LineKeys
from rag.index.durable import written_once
from rag.index.sqlite import ReadOnly, address_of
from rag.parsing import FileRead
from rag.records import Notice, Reading

FILE = "readings.sqlite"

_SCHEMA = """
CREATE TABLE files (key TEXT PRIMARY KEY, file TEXT, sha256 TEXT, refused TEXT NOT NULL);
CREATE TABLE readings (
    file TEXT NOT NULL REFERENCES files(key), number INTEGER NOT NULL, id TEXT NOT NULL,
    lines BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (file, number)
);
"""


def save(files: Iterable[FileRead], folder: Path, before: Path | None = None) -> None:
    """Write those that need not be read again as one SQLite file into `folder`.

    Args:
        files: in any order.
        folder: of the generation.
        before: of the generation in which some of them are already.
    """
    final = [each for each in files if each.final]
    with written_once(folder / FILE) as connection:
        connection.executescript(_SCHEMA)
        copied = _copy(connection, [each.key for each in final], before) if before else set()
        for each in final:
            if each.key not in copied:
                _insert(connection, each)


def _copy(connection: sqlite3.Connection, keys: list[str], before: Path) -> set[str]:
    """Copy what is known of these keys, and tell of which."""
    connection.execute("ATTACH ? AS before", (address_of(before / FILE),))
    connection.execute("CREATE TEMP TABLE wanted (key TEXT PRIMARY KEY)")
    connection.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", [(key,) for key in keys])
    for table, column in (("files", "key"), ("readings", "file")):
        connection.execute(
            f"INSERT INTO {table} SELECT * FROM before.{table}"  # noqa: S608 (names of ours)
            f" WHERE {column} IN (SELECT key FROM wanted)"
        )
    return {key for (key,) in connection.execute("SELECT key FROM files")}


def _insert(connection: sqlite3.Connection, file: FileRead) -> None:
    refused = json.dumps([notice.model_dump() for notice in file.refused])
    connection.execute(
        "INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)",
        (file.key, file.file, file.sha256, refused),
    )
    rows = [
        (file.key, number, name, keys.tobytes(), _packed(file.readings[name]))
        for number, (name, keys) in enumerate(file.lines.items())
    ]
    connection.executemany("INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?)", rows)


def _packed(reading: Reading) -> bytes:
    return zlib.compress(reading.model_dump_json().encode())


def known(folder: Path) -> dict[str, FileRead]:
    """What a generation holds, by key."""
    stored = ReadOnly(folder / FILE)
    lines: dict[str, dict[str, LineKeys]] = {}
    numbers: dict[str, dict[str, int]] = {}
    every = stored.rows("SELECT file, number, id, lines FROM readings ORDER BY file, number")
    for key, number, name, found in every:
        lines.setdefault(key, {})[name] = np.frombuffer(found, dtype=np.uint64)
        numbers.setdefault(key, {})[name] = number
    return {
        key: FileRead(
            file=file,
            key=key,
            sha256=digest,
            readings=_Readings(stored, key, numbers.get(key, {})),
            lines=lines.get(key, {}),
            refused=tuple(Notice(**each) for each in json.loads(refused)),
        )
        for key, file, digest, refused in stored.rows("SELECT * FROM files")
    }


class _Readings(Mapping[str, Reading]):
    """The readings of one file by the ids of its documents, each read when it is asked for."""

    def __init__(self, stored: ReadOnly, key: str, numbers: Mapping[str, int]) -> None:
        self._stored = stored
        self._key = key
        self._numbers = numbers

    def __getitem__(self, name: str) -> Reading:
        ((record,),) = self._stored.rows(
            "SELECT record FROM readings WHERE file = ? AND number = ?",
            self._key,
            self._numbers[name],
        )
        return Reading.model_validate_json(zlib.decompress(record))

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
