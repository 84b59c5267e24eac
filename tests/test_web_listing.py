from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import Library
from rag.encoder import Encoder
from rag.records import AssignedPerspective, Document, Page, Source
from rag.web.listing import COLUMNS, PER_PAGE, Column, Listing, Row, rows_of, shown
from tests.making import HARBOUR, library_of


def row(
    number: int,
    title: str = "A title",
    *,
    name: str = "",
    label: str = "for",
    pages: int = 0,
    passages: int = 0,
    warnings: int = 0,
    **known: str | None,
) -> Row:
    name = name or f"{number}.txt"
    source = Source.model_validate(
        known | {"title": title, "perspective": AssignedPerspective(id=label, label=label)}
    )
    spans = tuple(Page(start=at, end=at + 1, number=at + 1) for at in range(pages))
    document = Document(
        id=name, text="x" * 99, sha256="0", encoding="utf_8", source=source, pages=spans
    )
    return Row(number, name, document, passages, ("a warning",) * warnings)


FAILED = Row(9, "scan.pdf", None, 0, ("holds no text",))


def numbers(rows: list[Row], **listing: object) -> list[int]:
    return [each.number for each in shown(rows, Listing.model_validate(listing)).rows]


# Rows


def test_each_source_is_a_row_and_each_file_that_failed(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    files = {**HARBOUR, "noise.txt": b"\0\1", "menu.txt": "Menu\n\nHome\n"}
    rows = rows_of(library_of(tmp_path, files, quick_encoder))
    assert [(each.number, each.id, each.title, each.passages) for each in rows] == [
        (1, "council.txt", "Minutes of the council", 1),
        (2, "fishers.txt", "Untitled: “The harbour of Lomvik was closed to trawlers…”", 1),
        (3, "menu.txt", "menu.txt", 0),
        (4, "visitor.md", "visitor.md", 1),
        (5, "noise.txt", "noise.txt", 0),
    ]
    assert [each.label.label for each in rows[:2]] == ["For closing", "Against closing"]
    assert [bool(each.document) for each in rows] == [True, True, True, True, False]
    assert [each.warnings for each in rows[:2]] == [(), ()]
    assert rows[2].warnings == ("no sentence in it can be quoted",)
    assert rows[4].warnings[0].startswith("holds NUL characters")


def test_what_is_lacking_of_a_file_of_several_documents_is_a_row_of_its_own(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    table = "id,text\n1,The first one stands here.\n2,\n"
    rows = rows_of(library_of(tmp_path, {"wire.csv": table}, quick_encoder))
    assert [(each.id, bool(each.document), each.in_part) for each in rows] == [
        ("wire.csv#1", True, False),
        ("wire.csv", False, True),
    ]
    assert rows[1].warnings == ("line 3: row 2 not read: its text is empty",)


# Looking for words and a label


ROWS = [
    row(1, "Minutes of the Council", author="Ada Berg", label="for"),
    row(2, "Straße", publisher="The Wire", label="against"),
    row(3, "Letters", name="in/council.txt", label="for"),
    FAILED,
]


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("", [1, 2, 3, 9]),
        ("  ", [1, 2, 3, 9]),
        ("COUNCIL", [1, 3]),
        ("council ada", [1]),
        ("berg minutes", [1]),
        ("STRASSE", [2]),
        ("wire", [2]),
        ("scan", [9]),
        ("nowhere", []),
        (".*", []),
    ],
)
def test_words_are_found_in_title_file_author_and_publisher(find: str, found: list[int]) -> None:
    assert numbers(ROWS, find=find) == found


def test_a_word_is_not_found_across_two_of_them() -> None:
    assert numbers([row(1, "Mill", author="Stone")], find="millstone") == []


def test_one_label_is_shown_alone_and_with_words() -> None:
    assert numbers(ROWS, label="for") == [1, 3]
    assert numbers(ROWS, label="for", find="letters") == [3]
    assert numbers(ROWS, label="unlabelled") == []


# Order


KNOWN = [
    row(1, "b", kind="letter", published="2017-02", pages=2, passages=10, label="Z", warnings=2),
    row(2, "A", kind=None, published=None, pages=0, passages=9, label="y"),
    row(3, "c", kind="Analysis", published="1976", pages=11, passages=0, label="X", warnings=1),
]


@pytest.mark.parametrize(
    ("column", "rising", "falling"),
    [
        ("title", [2, 1, 3], [3, 1, 2]),
        ("label", [3, 2, 1], [1, 2, 3]),
        ("kind", [3, 1, 2], [1, 3, 2]),
        ("published", [3, 1, 2], [1, 3, 2]),
        ("pages", [1, 3, 2], [3, 1, 2]),
        ("passages", [2, 1, 3], [1, 2, 3]),
        ("warnings", [3, 1, 2], [1, 3, 2]),
    ],
)
def test_each_column_sorts_and_what_has_nothing_there_is_last(
    column: str, rising: list[int], falling: list[int]
) -> None:
    assert numbers(KNOWN, sort=column) == rising
    assert numbers(KNOWN, sort=column, descending=True) == falling


def test_every_column_is_tried() -> None:
    assert len(COLUMNS) == len(get_args(Column)) == 7


def test_without_a_column_the_order_is_that_of_the_library() -> None:
    assert numbers(list(reversed(KNOWN))) == [3, 2, 1]


def test_the_same_heading_turns_the_order_round_and_back() -> None:
    first = Listing(page=3).sorted_by("title")
    assert (first.sort, first.descending, first.page) == ("title", False, 1)
    second = first.sorted_by("title")
    assert (second.sort, second.descending) == ("title", True)
    assert not second.sorted_by("title").descending
    assert not second.sorted_by("kind").descending


WORDS = st.sampled_from(["mill", "Dam", "harbour", "", "x y"])
ANY_ROWS = st.lists(
    st.tuples(WORDS, st.sampled_from(["for", "against"]), st.integers(0, 3)), max_size=9
).map(
    lambda each: [
        row(number, title or "t", label=label, passages=passages)
        for number, (title, label, passages) in enumerate(each, start=1)
    ]
)


@given(ANY_ROWS, st.sampled_from(COLUMNS), st.booleans(), st.sampled_from(["", "for"]), WORDS)
def test_nothing_is_lost_or_doubled_and_equals_keep_their_order(
    rows: list[Row], column: Column, descending: bool, label: str, find: str
) -> None:
    listing = Listing(sort=column, descending=descending, label=label, find=find)
    found = shown(rows, listing)
    fitting = [
        each
        for each in rows
        if label in ("", each.label.id)
        and all(word.lower() in f"{each.title} {each.id}".lower() for word in find.split())
    ]
    assert sorted(each.number for each in found.rows) == [each.number for each in fitting]
    assert found.found == len(fitting)
    if column == "passages":
        for one, other in pairwise([each for each in found.rows if each.passages]):
            assert one.passages >= other.passages if descending else one.passages <= other.passages
            if one.passages == other.passages:
                assert one.number < other.number


# Pages


@pytest.mark.parametrize(
    ("page", "first", "count", "at"),
    [(1, 1, 100, 1), (3, 201, 50, 3), (9, 201, 50, 3), (0, 1, 100, 1), (-5, 1, 100, 1)],
)
def test_a_hundred_rows_make_a_page(page: int, first: int, count: int, at: int) -> None:
    rows = [row(number) for number in range(1, 251)]
    found = shown(rows, Listing(page=page))
    assert PER_PAGE == 100
    assert (found.rows[0].number, len(found.rows)) == (first, count)
    assert (found.found, found.page, found.pages) == (250, at, 3)


def test_an_empty_list_is_one_page() -> None:
    found = shown([], Listing(page=4))
    assert (list(found.rows), found.found, found.page, found.pages) == ([], 0, 1, 1)


def test_the_harbour_is_listed_by_date(harbour: Library) -> None:
    assert numbers(rows_of(harbour), sort="published", descending=True) == [1, 2, 3]
