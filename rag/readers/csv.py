"""CSV and TSV: each row is a document, the first row names the columns.

`start` and `end` refer to the value of the text column, unquoted and otherwise as it stands.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from rag.errors import SeedUnreadable
from rag.readers import text as text_reader
from rag.readers.rows import Row, readings_of
from rag.records import Notice, Reading

_DELIMITERS = (",", ";", "\t", "|")

Reader = Any
"""What `csv.reader` returns: its class has no public name before Python 3.13."""

_LOOKED_AT = 20
"""So many rows show which delimiter the file has."""


def read_rows(data: bytes, name: str, columns: Mapping[str, str]) -> Iterator[Reading]:
    """The documents of a file, each with its row's id or number as `part`.

    Args:
        data: the file's bytes.
        name: the file's name; ".tsv" at its end tells that tabs stand between its cells.
        columns: what Parallax calls a column -> what the file calls it.

    Raises:
        SeedUnreadable: it is no text, or no column of it holds the text.
    """
    decoded = text_reader.read(data, name)
    # Python's limit for one cell is 131,072 characters; an article may be longer.
    csv.field_size_limit(max(len(decoded.text), 1))
    delimiter = "\t" if name.lower().endswith(".tsv") else _delimiter(decoded.text)
    reader = _reader(decoded.text, delimiter)
    try:
        header: list[str] = next(reader, [])
    except csv.Error as error:
        raise SeedUnreadable(
            f"{name}: its first line is no row of column names ({error})",
            "Save it as CSV in UTF-8 again.",
        ) from error
    rows = chain(decoded.notices, _rows(reader, header, name))
    yield from readings_of(rows, columns, header, name, decoded.encoding)


def _reader(text: str, delimiter: str) -> Reader:
    # Strict: a quotation mark that is never closed would make the rest of the file one cell.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str) -> str:
    """The one with which the first row has several cells, and most others have as many."""

    def score(delimiter: str) -> tuple[float, int]:
        rows: list[list[str]] = []
        reader = _reader(text, delimiter)
        try:
            for row in reader:
                rows += [row] if row else []
                if len(rows) == _LOOKED_AT:
                    break
        except csv.Error:
            rows.append([])
        cells = len(rows[0]) if rows else 0
        alike = sum(len(row) == cells for row in rows) / max(1, len(rows))
        return (alike if cells > 1 else 0.0), cells

    return max(_DELIMITERS, key=score)


def _rows(reader: Reader, header: list[str], name: str) -> Iterator[Row | Notice]:
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            message = f"row {number} not read: {error}"
            remedy = "close its quotation marks, and double those inside a cell"
            yield Notice(file=name, line=line, message=message, remedy=remedy)
            continue
        if not cells:
            continue
        number += 1
        if len(cells) > len(header):
            message = f"row {number} not read: {len(cells)} cells under {len(header)} columns"
            yield Notice(file=name, line=line, message=message, remedy="quote its cells")
        else:
            yield Row(number, line, dict(zip(header, cells, strict=False)))
