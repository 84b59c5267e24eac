"""A row of a file to a document: which of its columns holds what, for all files of rows.

`start` and `end` refer to the value of the row's text column as the format decodes it, unchanged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rag.errors import SeedUnreadable
from rag.readers import stated
from rag.readers.building import one_line
from rag.records import Metadata, Notice, Reading

NAMES: Mapping[str, Sequence[str]] = {
    "text": ("text", "body", "content", "article"),
    **{name: (name,) for name in ("id", *Metadata.model_fields)},
}
"""What Parallax knows of a row -> which columns hold it where the owner named none."""

_MOST_NOTICES = 20
"""So many rows that are not read are told one by one; of the others, how many they are."""

_LONGEST_ID = 200
"""Code points; what is longer is no id."""

_LISTED = 40
"""So many columns are named when none of them is the text."""


class Row(NamedTuple):
    """One row as the format gives it.

    Attributes:
        number: from 1.
        line: where it begins in the file, from 1; None for formats without lines.
        values: column -> value.
    """

    number: int
    line: int | None
    values: Mapping[str, object]


def readings_of(
    rows: Iterable[Row | Notice],
    columns: Mapping[str, str],
    found: Sequence[str],
    name: str,
    encoding: str,
) -> Iterator[Reading]:
    """A document for each row with text, each with a `part` of its own: its id, or its number.

    Notices on rows that are not read stand with the document before them (or the first).

    Args:
        rows: the rows, and notices on those that could not be parsed.
        columns: what Parallax calls a column -> what the owner says the file calls it.
        found: the columns that the file has.
        name: the file's name.
        encoding: what the file was decoded with.

    Raises:
        SeedUnreadable: no column holds the text, a named one is not there, or no row has text.
    """
    resolved = _resolve(columns, found, name)
    held: Reading | None = None
    notices: list[Notice] = []
    parts: set[str] = set()
    for row in rows:
        document = (
            row if isinstance(row, Notice) else _document(row, resolved, name, encoding, parts)
        )
        if isinstance(document, Notice):
            notices.append(document)
            continue
        if held is not None:
            yield _with(held, notices)
            notices = []
        held = document
    if held is None:
        why = next((f" ({each.message})" for each in notices if each.message.startswith("row")), "")
        raise SeedUnreadable(f"{name}: no row of it holds a text{why}", "Take it out of the seeds.")
    yield _with(held, notices)


def _resolve(columns: Mapping[str, str], found: Sequence[str], name: str) -> Mapping[str, str]:
    """What Parallax calls a column -> what the file calls it, for the columns that there are."""
    folded = {column.strip().casefold(): column for column in reversed(found)}
    resolved: dict[str, str] = {}
    for field, candidates in NAMES.items():
        if field in columns:
            column = columns[field]
            known = column if column in found else folded.get(column.strip().casefold())
            if known is None:
                raise _without(field, f'no column "{column}"', found, name)
        else:
            known = next((folded[each] for each in candidates if each in folded), None)
        if known is not None:
            resolved[field] = known
    if "text" not in resolved:
        raise _without("text", "no column that holds the text", found, name)
    return resolved


def _without(field: str, what: str, found: Sequence[str], name: str) -> SeedUnreadable:
    listed = ", ".join(one_line(column) for column in found[:_LISTED]) or "none"
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    example = one_line(found[0]) if found else "body"
    return SeedUnreadable(
        f"{name}: has {what}; its columns are: {listed}{more}",
        "Say in sources.toml which one it is, for example:\n"
        f'[[collections]]\nfile = "{name}"\n{field} = "{example}"',
    )


def _document(
    row: Row, columns: Mapping[str, str], name: str, encoding: str, parts: set[str]
) -> Reading | Notice:
    def value(field: str) -> object:
        return row.values.get(columns[field]) if field in columns else None

    text = value("text")
    if text is not None and not isinstance(text, str):
        message = f"row {row.number} not read: its {columns['text']} is no text"
        return Notice(file=name, line=row.line, message=message)
    if text is None or not text.strip():
        message = f"row {row.number} not read: its {columns['text']} is empty"
        return Notice(file=name, line=row.line, message=message)
    published = stated.published(value("published"))
    notices: tuple[Notice, ...] = ()
    if published is None and one_line(str(value("published") or "")):
        message = (
            f"row {row.number}: {columns['published']} is no date that can be read for certain"
        )
        remedy = "write dates as 2024-05-31, 2024-05 or 2024"
        notices = (Notice(file=name, line=row.line, message=message, remedy=remedy),)
    return Reading(
        text=text,
        encoding=encoding,
        part=_part(value("id"), row.number, parts),
        metadata=Metadata(
            title=stated.title(value("title")),
            author=stated.person(value("author")),
            publisher=stated.person(value("publisher")),
            published=published,
            url=stated.address(value("url")),
            language=stated.language(value("language")),
        ),
        notices=notices,
    )


def _part(said: object, number: int, parts: set[str]) -> str:
    """The row's id if it has one, or its number; with the number where another has it already."""
    own = one_line(str(said)) if isinstance(said, str | int) else ""
    part = own if own and own.isprintable() and len(own) <= _LONGEST_ID else str(number)
    while part in parts:
        part = f"{part} ({number})"
    parts.add(part)
    return part


def _with(reading: Reading, notices: Sequence[Notice]) -> Reading:
    told = list(notices[:_MOST_NOTICES])
    if len(notices) > _MOST_NOTICES:
        message = f"{len(notices) - _MOST_NOTICES} more rows were not read"
        told.append(Notice(file=notices[0].file, message=message))
    return reading.model_copy(update={"notices": (*reading.notices, *told)})
