"""What was read of each file, kept in the generation: an unchanged file is not parsed again."""

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from rag.errors import LibraryIndexError
from rag.index.durable import written_once
from rag.index.manifest import current_file
from rag.parsing import FileRead

FILE = "readings.sqlite"


def save(files: Iterable[FileRead], folder: Path) -> None:
    """Write those that need not be read again as one SQLite file into `folder`."""
    rows = [(e.key, zlib.compress(e.model_dump_json().encode())) for e in files if e.final]
    with written_once(folder / FILE) as connection:
        connection.execute("CREATE TABLE readings (key TEXT PRIMARY KEY, record BLOB NOT NULL)")
        connection.executemany("INSERT INTO readings VALUES (?, ?)", rows)


def known(index: Path) -> dict[str, FileRead]:
    """What the current generation holds, by key; nothing if it has none, or a damaged one."""
    try:
        file = current_file(index, FILE)
        address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = connection.execute("SELECT key, record FROM readings").fetchall()
        return {key: FileRead.model_validate_json(zlib.decompress(record)) for key, record in rows}
    except (LibraryIndexError, OSError, sqlite3.Error, zlib.error, ValidationError):
        return {}
