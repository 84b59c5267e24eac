from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalogue import Catalogue, read_catalogue
from rag.entries import LineRange
from rag.overrules import (
    LEFT_OUT,
    decided,
    line_ends,
    lines_at,
    overruled,
    with_lines,
    without_lines,
)
from rag.records import Document, Furniture

TEXT = "Menu\nThe dam broke.\r\nNobody knew.\n\nShare\nRelated\nThe end."
SHARE = Furniture(start=TEXT.index("Share"), end=TEXT.index("\nThe end"), reason="sharing")
MENU = Furniture(start=0, end=4, reason="menu")


def marked(spans: tuple[Furniture, ...], text: str = TEXT) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.reason) for span in spans]


def test_without_a_decision_furniture_stays_as_it_is() -> None:
    assert overruled(TEXT, (MENU, SHARE), (), ()) == (MENU, SHARE)


@pytest.mark.parametrize(
    ("keep", "drop", "expected"),
    [
        (((1, 1),), (), [("Share\nRelated", "sharing")]),
        (((6, 6),), (), [("Menu", "menu"), ("Share", "sharing")]),
        (((1, 9),), (), []),
        ((), ((7, 7),), [("Menu", "menu"), ("Share\nRelated", "sharing"), ("The end.", LEFT_OUT)]),
        ((), ((2, 3),), [("Menu", "menu"), (TEXT[5:33], LEFT_OUT), ("Share\nRelated", "sharing")]),
        ((), ((4, 4),), [("Menu", "menu"), ("Share\nRelated", "sharing")]),
        ((), ((5, 5),), [("Menu", "menu"), ("Share", LEFT_OUT), ("Related", "sharing")]),
        (((2, 2),), ((1, 3),), [("Menu", LEFT_OUT), ("Nobody knew.", LEFT_OUT),
                                ("Share\nRelated", "sharing")]),
        ((), ((2, 2), (3, 3)), [("Menu", "menu"), (TEXT[5:33], LEFT_OUT),
                                ("Share\nRelated", "sharing")]),
    ],
)  # fmt: skip
def test_lines_are_kept_and_dropped(
    keep: tuple[LineRange, ...], drop: tuple[LineRange, ...], expected: list[tuple[str, str]]
) -> None:
    assert marked(overruled(TEXT, (MENU, SHARE), keep, drop)) == expected


def test_a_dropped_reference_is_furniture() -> None:
    reference = Furniture(start=0, end=4, kind="reference", reason="bare reference")
    (span,) = overruled(TEXT, (reference,), (), ((1, 1),))
    assert (span.kind, span.reason) == ("furniture", LEFT_OUT)


def test_what_is_left_of_a_reference_is_one() -> None:
    reference = Furniture(start=0, end=len(TEXT), kind="reference", reason="bare reference")
    spans = overruled(TEXT, (reference,), ((2, 6),), ())
    assert [(TEXT[s.start : s.end], s.kind) for s in spans] == [
        ("Menu", "reference"),
        ("The end.", "reference"),
    ]


LETTERS = st.text(st.sampled_from("ab \n\r\x0b\x85\u2028"), max_size=40)
RANGES = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda pair: (min(pair), max(pair))),
    max_size=3,
)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Furniture]]:
    text = draw(LETTERS)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return text, [Furniture(start=s, end=e, reason=f"rule {s}") for s, e in pairs]


@given(marked_texts(), RANGES, RANGES)
def test_every_character_is_what_its_line_says(
    case: tuple[str, list[Furniture]], keep: list[LineRange], drop: list[LineRange]
) -> None:
    """The oracle looks at each character alone, and at white space not at all."""
    text, furniture = case
    line_of = [n for n, line in enumerate(text.splitlines(keepends=True), 1) for _ in line]

    def among(at: int, ranges: list[LineRange]) -> bool:
        return any(first <= line_of[at] <= last for first, last in ranges)

    def reason(at: int, spans: list[Furniture]) -> str:
        return next((span.reason for span in spans if span.start <= at < span.end), "")

    spans = overruled(text, furniture, keep, drop)
    for at in range(len(text)):
        if text[at].isspace():
            continue
        expected = "" if among(at, keep) else LEFT_OUT if among(at, drop) else None
        found = reason(at, list(spans))
        assert found == (reason(at, furniture) if expected is None else expected)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def described_by(folder: Path, entry: str) -> Catalogue:
    path = folder / "sources.toml"
    path.write_text(f'[[sources]]\nfile = "a.txt"\n{entry}\n', encoding="utf-8")
    return read_catalogue(path)


def test_the_entry_of_a_document_decides(tmp_path: Path) -> None:
    catalogue = described_by(tmp_path, "keep = [1]\ndrop = [[2, 3], 7]")
    document = Document(id="a.txt", text=TEXT, sha256="", encoding="utf_8")
    spans, notices = decided(document, (MENU, SHARE), catalogue)
    assert marked(spans) == [
        (TEXT[5:33], LEFT_OUT),
        ("Share\nRelated", "sharing"),
        ("The end.", LEFT_OUT),
    ]
    assert notices == catalogue.notices == ()
    other = document.model_copy(update={"id": "b.txt"})
    assert decided(other, (MENU, SHARE), catalogue) == ((MENU, SHARE), ())


def test_lines_beyond_the_document_are_told_with_their_place(tmp_path: Path) -> None:
    catalogue = described_by(tmp_path, "keep = [[1, 7], 8]\ndrop = [[40, 50]]")
    document = Document(id="a.txt", text=TEXT, sha256="", encoding="utf_8")
    spans, notices = decided(document, (MENU, SHARE), catalogue)
    assert spans == ()
    assert [(notice.line, notice.message) for notice in notices] == [
        (3, "source 'a.txt': `keep` names line 8, and the document has 7"),
        (4, "source 'a.txt': `drop` names line 50, and the document has 7"),
    ]


NUMBERED_FOR = "0123456789ab"


@pytest.mark.parametrize("sha256", [NUMBERED_FOR + "cd" * 26, NUMBERED_FOR + "ef" * 26])
def test_lines_are_heard_for_the_file_that_they_were_numbered_in(
    tmp_path: Path, sha256: str
) -> None:
    catalogue = described_by(tmp_path, f'drop = [2]\nlines_checked_for = "{NUMBERED_FOR}"')
    document = Document(id="a.txt", text=TEXT, sha256=sha256, encoding="utf_8")
    spans, notices = decided(document, (MENU,), catalogue)
    assert marked(spans) == [("Menu", "menu"), ("The dam broke.", LEFT_OUT)]
    assert notices == catalogue.notices == ()


def test_lines_are_left_out_when_the_file_is_another(tmp_path: Path) -> None:
    entry = f'keep = [1]\ndrop = [2, 99]\nlines_checked_for = "{NUMBERED_FOR}"'
    sha256 = "0123456789ac" + "cd" * 26
    document = Document(id="a.txt", text=TEXT, sha256=sha256, encoding="utf_8")
    spans, (notice,) = decided(document, (MENU,), described_by(tmp_path, entry))
    assert spans == (MENU,)
    assert notice.line == 5
    assert notice.message == (
        "source 'a.txt': its file has changed since `keep` and `drop` were written,"
        " so they are left out"
    )
    assert notice.remedy == (
        "look at its lines with parallax read, correct the numbers, and write"
        ' lines_checked_for = "0123456789ac"'
    )


@pytest.mark.parametrize("value", ['"0123"', '"0123456789AB"', '"0123456789xy"', "123456789012"])
def test_what_is_no_hash_is_told_and_costs_that_value_alone(tmp_path: Path, value: str) -> None:
    catalogue = described_by(tmp_path, f"drop = [1]\nlines_checked_for = {value}")
    entry = catalogue.entries["a.txt"]
    assert (entry.drop, entry.lines_checked_for) == (((1, 1),), None)
    assert [notice.line for notice in catalogue.notices] == [4]


def test_an_entry_for_a_collection_names_no_lines_of_its_documents(tmp_path: Path) -> None:
    catalogue = described_by(tmp_path, "drop = [1]")
    document = Document(id="a.txt#3", text=TEXT, sha256="", encoding="utf_8")
    assert decided(document, (MENU,), catalogue) == ((MENU,), ())


# Ranges of lines


RANGES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 6)).map(lambda pair: (pair[0], sum(pair))),
    max_size=5,
)
RANGE = st.tuples(st.integers(1, 30), st.integers(0, 6)).map(lambda pair: (pair[0], sum(pair)))


def lines_in(ranges: Iterable[LineRange]) -> set[int]:
    return {line for first, last in ranges for line in range(first, last + 1)}


@given(RANGES, RANGE)
def test_ranges_with_and_without_lines_hold_what_sets_would(
    ranges: list[LineRange], lines: LineRange
) -> None:
    more, less = with_lines(ranges, lines), without_lines(ranges, lines)
    assert lines_in(more) == lines_in(ranges) | lines_in([lines])
    assert lines_in(less) == lines_in(ranges) - lines_in([lines])
    assert all(one[1] + 1 < other[0] for one, other in pairwise(more))
    assert all(first <= last for first, last in less)


@given(st.lists(st.sampled_from(["a", "bc", "", " "]), max_size=8), st.data())
def test_the_lines_of_a_run_are_those_it_stands_in(words: list[str], data: st.DataObject) -> None:
    ends = ["\n", "\r\n", "\x85", "\u2028", "\f"]
    text = "".join(word + data.draw(st.sampled_from(ends)) for word in words) + "end"
    letters = [at for at, character in enumerate(text) if character.isalpha()]
    start, last = sorted(data.draw(st.sampled_from(letters)) for _ in range(2))
    of_letter = {
        at: number
        for number, line in enumerate(text.splitlines(keepends=True), start=1)
        for at in range(
            sum(map(len, text.splitlines(keepends=True)[: number - 1])),
            sum(map(len, text.splitlines(keepends=True)[:number])),
        )
    }
    assert lines_at(line_ends(text), start, last + 1) == (of_letter[start], of_letter[last])
