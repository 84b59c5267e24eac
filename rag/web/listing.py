"""The list of sources: what each row says, and which rows are shown in which order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from pydantic import Field

from rag.answering import Library
from rag.heads import Described, heads_of
from rag.records import AssignedPerspective, Notice, Record, Source
from rag.wording.language import say

PER_PAGE = 100

LONGEST_WORDS = 200
"""Code points of the words that are looked for, as the fields of the page allow."""

LONGEST_NAME = 2000
"""Code points of a label's id or a row's name. Longer ones are found in no list."""

Column = Literal["title", "label", "kind", "published", "pages", "passages", "warnings"]
COLUMNS: tuple[Column, ...] = get_args(Column)


class Listing(Record):
    """How somebody looks at the list.

    Attributes:
        sort: by which column; None for the order of the library.
        find: words that title, file, author or publisher hold, each of them.
        label: id of the only perspective; empty for all.
        page: which hundred, from 1.
    """

    sort: Column | None = None
    descending: bool = False
    find: str = Field("", max_length=LONGEST_WORDS)
    label: str = Field("", max_length=LONGEST_NAME)
    page: int = 1

    def sorted_by(self, column: Column) -> "Listing":
        """The same by another column, or the other way round by the same one.

        Raises:
            ValidationError: there is no such column.
        """
        turned = self.sort == column and not self.descending
        change = {"sort": column, "descending": turned, "page": 1}
        return Listing.model_validate(self.model_dump() | change)


@dataclass(frozen=True)
class Row:
    """A source as the list shows it, or a file that could not be read.

    Attributes:
        number: its place in the library, from 1.
        id: of the document; for what could not be read, the name of that.
        document: None for what could not be read.
        passages: how many of it are searched.
        warnings: what a person should know of it; for what could not be read, why not.
        in_part: whether other parts of it were read, for what could not be read.
    """

    number: int
    id: str
    document: Described | None
    passages: int = 0
    warnings: tuple[str, ...] = ()
    in_part: bool = False

    @property
    def title(self) -> str:
        """What it is shown as."""
        return self.document.display_title if self.document else self.id

    @property
    def source(self) -> Source:
        """Where it comes from."""
        return self.document.source if self.document else Source()

    @property
    def label(self) -> AssignedPerspective:
        """Whose position it argues for."""
        return self.source.perspective

    @property
    def pages(self) -> int:
        """How many pages it has; 0 for a format without pages."""
        return self.document.page_count if self.document else 0


@dataclass(frozen=True)
class ListPage:
    """A page of the list.

    Attributes:
        found: how many rows there are on all pages together.
        page: which page it is, from 1.
        pages: how many there are.
    """

    rows: Sequence[Row]
    found: int
    page: int
    pages: int


def rows_of(library: Library) -> list[Row]:
    """A row for each source in the order of the library, then those of which something is lacking.

    A file of several documents is none itself, so what is told of it as a whole has a row too.
    """
    texts, manifest = library.generation.texts, library.generation.manifest
    heads = heads_of(texts.documents)
    counts = np.diff(library.generation.rows.passages).tolist()
    passages = dict(zip(heads, counts, strict=False))
    told: dict[str, list[str]] = {}
    for notice in (*manifest.failed, *manifest.notices):
        told.setdefault(notice.file, []).append(_told(notice))
    lacking = {each.file for each in manifest.failed} | (told.keys() & manifest.seeds.keys())
    names = [*heads, *sorted(lacking - heads.keys())]
    read_in_part = manifest.seeds.keys() - manifest.refused
    return [
        Row(
            number,
            name,
            heads.get(name),
            passages.get(name, 0),
            tuple(told.get(name, ())),
            in_part=name in read_in_part,
        )
        for number, name in enumerate(names, start=1)
    ]


def shown(rows: Sequence[Row], listing: Listing) -> ListPage:
    """The rows that are looked for, in their order, as far as the page holds them."""
    words = listing.find.casefold().split()
    found = [row for row in rows if _fits(row, words, listing.label)]
    ordered = _ordered(found, listing)
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(max(1, listing.page), pages)
    first = (page - 1) * PER_PAGE
    return ListPage(ordered[first : first + PER_PAGE], len(ordered), page, pages)


def _told(notice: Notice) -> str:
    """A notice without the name of its file, on one line."""
    told = f"{notice.message} ({notice.remedy})" if notice.remedy else notice.message
    told = "␊".join(told.splitlines())
    return told if notice.line is None else say("library-line", line=str(notice.line), told=told)


def _fits(row: Row, words: Sequence[str], label: str) -> bool:
    if label and (row.document is None or row.label.id != label):
        return False
    if not words:
        return True
    said = row.title, row.id, row.source.author, row.source.publisher
    whole = "\n".join(filter(None, said)).casefold()
    return all(word in whole for word in words)


def _ordered(rows: Sequence[Row], listing: Listing) -> Sequence[Row]:
    """By the column that is sorted by; rows that have nothing there come last either way."""
    if listing.sort is None:
        return rows
    keys = {row.number: _key(row, listing.sort) for row in rows}
    known = [row for row in rows if keys[row.number]]
    known.sort(key=lambda row: keys[row.number], reverse=listing.descending)
    return [*known, *(row for row in rows if not keys[row.number])]


def _key(row: Row, column: Column) -> Any:  # noqa: ANN401 (alike for all rows of a column)
    if column == "label":
        return row.label.label.casefold() if row.document else ""
    if column == "title":
        return row.title.casefold()
    if column == "warnings":
        return len(row.warnings)
    if column in ("pages", "passages"):
        return getattr(row, column)
    return (getattr(row.source, column) or "").casefold()
