"""SQLite files of a generation, read by several threads and never written."""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import finalize

from rag.errors import IndexDamaged
from rag.index.pointer import REBUILD


def address_of(file: Path) -> str:
    """Under what SQLite opens a file that nobody changes."""
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


class ReadOnly:
    """A file that stays open while anybody holds this; threads take turns with it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection = sqlite3.connect(address_of(file), uri=True, check_same_thread=False)
        self._one_call = Lock()
        finalize(self, self._connection.close)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds.

        Raises:
            IndexDamaged: it cannot be read.
        """
        try:
            with self._one_call:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise IndexDamaged(f"{self._file}: cannot be read: {error}", REBUILD) from error
