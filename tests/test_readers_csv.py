import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.csv import read_rows
from rag.records import Reading

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
SAID = TEXT.filter(lambda text: bool(text.strip()))


def written(
    rows: Sequence[Sequence[str]], delimiter: str = ",", lineterminator: str = "\r\n"
) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=lineterminator).writerows(rows)
    return buffer.getvalue().encode()


def read(data: bytes | str, name: str = "a.csv", **columns: str) -> list[Reading]:
    return list(read_rows(data.encode() if isinstance(data, str) else data, name, columns))


def told(readings: Sequence[Reading]) -> list[str]:
    return [str(notice) for each in readings for notice in each.notices]


@given(
    st.lists(st.tuples(SAID, TEXT), min_size=1),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_texts_come_back_as_they_are(
    rows: list[tuple[str, str]], delimiter: str, line_end: str
) -> None:
    # The writer leaves a lone \r unquoted where it is no line end; strictly that is no CSV.
    rows = [(text, title) for text, title in rows if "\r" not in text + title]
    if not rows:
        return
    data = written([("Text", "Title"), *rows], delimiter, line_end)
    readings = read(b"\xef\xbb\xbf" + data)
    assert [each.text for each in readings] == [text for text, _ in rows]
    assert [each.part for each in readings] == [str(n) for n in range(1, len(rows) + 1)]


def test_columns_are_found_by_their_names() -> None:
    header = ["ID", "Body", "title", "Author", "Publisher", "published", "URL", "language", "x"]
    row = [
        "a1",
        "Text.",
        "On bridges",
        "Ann",
        "The Review",
        "17 May 2020",
        "https://a.org",
        "en",
        "?",
    ]
    (reading,) = read(written([header, row]))
    assert (reading.part, reading.text, reading.encoding) == ("a1", "Text.", "utf_8")
    assert reading.metadata.model_dump() == {
        "title": "On bridges",
        "author": "Ann",
        "publisher": "The Review",
        "published": "2020-05-17",
        "url": "https://a.org",
        "language": "en",
    }


def test_the_owner_names_columns() -> None:
    data = written([["headline", "lead", "body"], ["On bridges", "They stand.", "Other."]])
    (reading,) = read(data, text="lead", title="Headline")
    assert (reading.text, reading.metadata.title) == ("They stand.", "On bridges")


def test_text_goes_before_body() -> None:
    assert read("body,text\nno,yes\n")[0].text == "yes"


def test_without_a_text_column_the_columns_are_told() -> None:
    with pytest.raises(SeedUnreadable) as caught:
        read("headline,story\nA,B\n", "news/a.csv")
    assert caught.value.message == (
        "news/a.csv: has no column that holds the text; its columns are: headline, story"
    )
    assert '[[collections]]\nfile = "news/a.csv"\ntext = "headline"' in caught.value.remedy


def test_a_named_column_that_is_not_there_is_told() -> None:
    with pytest.raises(SeedUnreadable, match='has no column "story"; its columns are: a, text'):
        read("a,text\nA,B\n", text="story")
    with pytest.raises(SeedUnreadable, match='has no column "who"'):
        read("a,text\nA,B\n", author="who")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_prose(delimiter: str) -> None:
    prose = "He said, of course; she, on the other hand, did not; nobody, in short, agreed."
    data = written([["title", "text"], *[[f"Day {n}, noon", prose] for n in range(5)]], delimiter)
    assert [each.text for each in read(data)] == [prose] * 5


def test_one_column_is_enough() -> None:
    assert [each.text for each in read("text\nOne; two.\n\nThree.\n")] == ["One; two.", "Three."]


def test_tsv_has_tabs() -> None:
    assert read("text\ta,b\nOne, two\tx\n", "a.tsv")[0].text == "One, two"


def test_a_long_article_is_read() -> None:
    article = "word " * 100_000
    assert read(written([["text"], [article]]))[0].text == article


def test_other_encodings_are_read() -> None:
    data = "title;text\nPréface;Les élèves étaient là, à côté de la fenêtre.\n".encode("cp1252")
    readings = read(data)
    assert readings[0].text == "Les élèves étaient là, à côté de la fenêtre."
    assert told(readings) == [
        (
            "a.csv: not UTF-8: read as cp1252, the likeliest encoding"
            " (if the text looks wrong, save the file as UTF-8)"
        ),
    ]


def test_ids_are_made_unique() -> None:
    data = "id,text\n3,a\nx,b\n,c\nx,d\n  ,e\n"
    assert [each.part for each in read(data)] == ["3", "x", "3 (3)", "x (4)", "5"]


def test_rows_that_are_not_read_are_told_with_their_lines() -> None:
    data = 'title,text\nA,"one\ntwo"\nB,\nC,d,e\nF,"g"h\nI,j\nK\n'
    readings = read(data)
    assert [(each.part, each.text) for each in readings] == [("1", "one\ntwo"), ("5", "j")]
    assert told(readings) == [
        "a.csv:4: row 2 not read: its text is empty",
        "a.csv:5: row 3 not read: 3 cells under 2 columns (quote its cells)",
        (
            "a.csv:6: row 4 not read: ',' expected after '\"'"
            " (close its quotation marks, and double those inside a cell)"
        ),
        "a.csv:8: row 6 not read: its text is empty",
    ]


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    readings = read('title,text\nA,one\nB,"two\nC,three\n')
    assert [each.text for each in readings] == ["one"]
    assert "a.csv:3: row 2 not read: unexpected end of data" in told(readings)[0]


def test_many_bad_rows_are_counted() -> None:
    notices = told(read("a,text\nx,y\n" + "z,\n" * 30))
    assert len(notices) == 21
    assert notices[-1] == "a.csv: 10 more rows were not read"


def test_a_date_that_could_be_two_is_told() -> None:
    (reading,) = read("text,published\nx,5/6/2020\n")
    assert reading.metadata.published is None
    assert told([reading]) == [
        (
            "a.csv:2: row 1: published is no date that can be read for certain"
            " (write dates as 2024-05-31, 2024-05 or 2024)"
        ),
    ]


@pytest.mark.parametrize("data", [b"", b"text\n", b"text,a\n,b\n", b"\x89PNG\r\n\x1a\n\0\0\0"])
def test_a_file_without_texts_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.csv"):
        read(data)


def test_truncation_never_brings_it_down() -> None:
    data = written([["title", "text"], ["A", 'He said "no",\nand left.'], ["B", "end"]])
    for length in range(len(data)):
        try:
            texts = [each.text for each in read(data[:length])]
        except SeedUnreadable:
            continue
        assert 'He said "no",\nand left.'.startswith(texts[0])


def test_why_no_row_is_a_document_is_not_how_the_file_was_decoded() -> None:
    data = "id,text,more\n1,,café né\n2,,déjà vu\n".encode("cp1252")
    with pytest.raises(SeedUnreadable, match="row 1 not read: its text is empty"):
        read(data)
