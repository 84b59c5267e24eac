import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.jsonl import read_rows
from rag.records import Reading

SAID = st.text(min_size=1).filter(lambda text: bool(text.strip()))


def read(data: bytes | str, name: str = "a.jsonl", **columns: str) -> list[Reading]:
    return list(read_rows(data.encode() if isinstance(data, str) else data, name, columns))


def told(readings: list[Reading]) -> list[str]:
    return [str(notice) for each in readings for notice in each.notices]


@given(st.lists(SAID, min_size=1), st.booleans(), st.booleans())
def test_texts_come_back_as_they_are(texts: list[str], ascii_only: bool, listed: bool) -> None:
    objects = [{"text": text, "x": [1]} for text in texts]
    if listed:
        readings = read(json.dumps(objects, ensure_ascii=ascii_only), "a.json")
    else:
        lines = (json.dumps(each, ensure_ascii=ascii_only) for each in objects)
        readings = read("\n".join(lines))
    assert [each.text for each in readings] == texts
    assert [each.part for each in readings] == [str(n) for n in range(1, len(texts) + 1)]


def test_keys_are_found_by_their_names_or_named() -> None:
    line = {"id": 7, "content": "x", "Title": "On bridges", "when": "2020-05", "url": "ftp://a"}
    (reading,) = read(json.dumps(line), published="when")
    assert (reading.part, reading.text) == ("7", "x")
    assert reading.metadata.model_dump(exclude_none=True) == {
        "title": "On bridges",
        "published": "2020-05",
    }


def test_bad_lines_are_told_and_the_rest_goes_on() -> None:
    deep = "[" * 100_000
    readings = read(
        f'{{"text": "one"}}\n\n{{"text": "tw\n[1]\n{deep}\n{{"text": 5}}\r\n{{"text": "six"}}\n'
    )
    assert [(each.part, each.text) for each in readings] == [("1", "one"), ("6", "six")]
    first, *rest = told(readings)
    assert first.startswith("a.jsonl:3: row 2 not read: no JSON: ")
    assert rest == [
        "a.jsonl:4: row 3 not read: no JSON object",
        "a.jsonl:5: row 4 not read: nested too deep",
        "a.jsonl:6: row 5 not read: its text is no text",
    ]


def test_a_key_that_only_later_lines_have_is_found() -> None:
    readings = read('{"title": "none"}\n{"text": "x"}\n')
    assert [(each.part, each.text) for each in readings] == [("2", "x")]
    assert told(readings) == ["a.jsonl:1: row 1 not read: its text is empty"]


def test_without_a_text_the_keys_are_told() -> None:
    with pytest.raises(SeedUnreadable, match="its columns are: headline, story"):
        read('{"headline": "a", "story": "b"}\n')


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("", "a.jsonl"),
        ("plain text\nof two lines", "a.jsonl"),
        ('{"text": "not a list"}', "a.json"),
        ('[{"text": "cut"', "a.json"),
        ("[1, 2]", "a.json"),
        ("[" * 100_000, "a.json"),
        ("\0", "a.json"),
    ],
)
def test_what_holds_no_objects_is_refused(data: str, name: str) -> None:
    with pytest.raises(SeedUnreadable, match=name):
        read(data, name)


def test_a_line_separator_in_a_string_ends_no_line() -> None:
    assert read('{"text": "one\u2028two\x85three"}')[0].text == "one\u2028two\x85three"
