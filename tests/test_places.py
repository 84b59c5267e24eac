import re
import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from rag.places import Places, statements

TEXT = '''# [[sources]] in a comment
[perspectives.a]
label = """
[[sources]]
file = "x" \\""" \\
"""" # four quotes: the first is of the text

[[sources]]
file = 'a.txt'
keep = [
  [1, 2], # ]
  3,
]
title = "[[sources]]"
"author" = "Ana"

  [sources.inferred]
  author = \'\'\'
title = "no"\'\'\'

[[sources.history]]
until = 2024-01-02
[[sources.history]]
until = 2024-01-03

[[sources]]
file = "b.txt"'''

SOURCES = r"\[\[\s*sources\s*\]\]"


def line_of(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_a_statement_is_whole_however_many_lines_it_has() -> None:
    tomllib.loads(TEXT)
    cut = statements(TEXT)
    assert "".join(cut) == TEXT
    assert [each.count("\n") for each in cut if each.count("\n") > 1] == [4, 4, 2]
    assert cut[2].startswith('label = """\n[[sources]]')


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("file",), "file = 'a.txt'"),
        (("title",), 'title = "[['),
        (("author",), '"author" ='),
        (("inferred",), "  [sources.inferred]"),
        (("inferred", "author"), "  author = '''"),
        (("history", 0), "[[sources.history]]"),
        (("history", 0, "until"), "until = 2024-01-02"),
        (("history", 1, "until"), "until = 2024-01-03"),
    ],
)
def test_the_line_of_a_key_is_known(keys: tuple[str | int, ...], words: str) -> None:
    assert Places(TEXT).key(SOURCES, 1, *keys) == line_of(words)


def test_what_is_not_there_has_no_line_but_something_near_it_has() -> None:
    places = Places(TEXT)
    assert places.key(SOURCES, 2, "title") is None
    assert places.key(SOURCES, 3, "file") is None
    assert places.near(SOURCES, 2, "title") == places.header(SOURCES, 2) == line_of('file = "b') - 1
    assert places.near(SOURCES, 1, "inferred", "title") == line_of("  [sources.inf")
    assert places.header(SOURCES, 3) is None


@given(st.text(st.sampled_from("a=[]{}\"'#\\\n \r"), max_size=60))
def test_statements_joined_are_the_text(text: str) -> None:
    assert "".join(statements(text)) == text


VALUES = st.recursive(
    st.text(max_size=8) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(VALUES, min_size=1, max_size=4), st.booleans())
def test_each_pair_that_a_writer_of_toml_makes_is_one_statement(
    values: list[Any], several_lines: bool
) -> None:

    document = tomlkit.document()
    for number, value in enumerate(values):
        item = tomlkit.item(value)
        if several_lines and isinstance(item, tomlkit.items.Array):
            item.multiline(multiline=True)
        if several_lines and isinstance(value, str):
            item = tomlkit.string(value, multiline=True)
        document.add(f"k{number}", item)
    text = tomlkit.dumps(document)
    pairs = [each for each in statements(text) if each.strip()]
    assert [re.split(r"\s*=", each)[0] for each in pairs] == [f"k{n}" for n in range(len(values))]
    assert [tomllib.loads(pair) for pair in pairs] == [
        {key: value} for key, value in tomllib.loads(text).items()
    ]
