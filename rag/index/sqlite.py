"""SQLite files of a generation, read by several threads and never written."""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import finalize


def address_of(file: Path) -> str:
    """Under what SQLite opens a file that nobody changes."""
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


class ReadOnly:
    """A file that stays open while anybody holds this; threads take turns with it."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(address_of(file), uri=True, check_same_thread=False)
        self._one_call = Lock()
        finalize(self, self._connection.close)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds.

        Raises:
            sqlite3.Error: it cannot be read.
        """
        with self._one_call:
            return self._connection.execute(query, values).fetchall()
