"""JSON Lines, and JSON that is a list of objects: each object is a document.

`start` and `end` refer to the string under the key of the text, decoded.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from rag.errors import SeedUnreadable
from rag.readers import text as text_reader
from rag.readers.rows import Row, readings_of
from rag.records import Notice, Reading


def read_rows(data: bytes, name: str, columns: Mapping[str, str]) -> Iterator[Reading]:
    """The documents of a file, each with its object's id or number as `part`.

    Args:
        data: the file's bytes.
        name: the file's name; ".json" at its end tells that it is one list.
        columns: what Parallax calls a key -> what the file calls it.

    Raises:
        SeedUnreadable: it is no text or no JSON, or no key holds the text.
    """
    decoded = text_reader.read(data, name)
    whole = PurePosixPath(name).suffix.lower() == ".json"
    rows = list(_listed(decoded.text, name) if whole else _lines(decoded.text, name))
    found = list(dict.fromkeys(k for row in rows if isinstance(row, Row) for k in row.values))
    if not found:
        raise SeedUnreadable(
            f"{name}: no line of it is a JSON object",
            "JSON Lines has an object on each line; save a list of objects as .json.",
        )
    yield from readings_of([*decoded.notices, *rows], columns, found, name, decoded.encoding)


def _lines(text: str, name: str) -> Iterator[Row | Notice]:
    number = 0
    # Only these end a line of JSON: strings may hold U+2028 and its like.
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        number += 1
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as error:
            reason = f"no JSON: {error}" if isinstance(error, ValueError) else "nested too deep"
            yield Notice(file=name, line=line, message=f"row {number} not read: {reason}")
            continue
        yield _row(value, number, line, name)


def _listed(text: str, name: str) -> Iterator[Row | Notice]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SeedUnreadable(f"{name}: no JSON: {error}", "Save it as JSON again.") from error
    if not isinstance(values, list):
        raise SeedUnreadable(
            f"{name}: its JSON is no list of objects",
            "Save its articles as a list of objects, or take it out of the seeds.",
        )
    for number, value in enumerate(values, start=1):
        yield _row(value, number, None, name)


def _row(value: object, number: int, line: int | None, name: str) -> Row | Notice:
    if isinstance(value, dict):
        return Row(number, line, value)
    return Notice(file=name, line=line, message=f"row {number} not read: no JSON object")
