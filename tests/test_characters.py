import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.characters import UNSEEN, doubtful_words, unseen_in


def unseen(text: str) -> list[str]:
    return [unicodedata.name(match[0]) for match in unseen_in(text)]


def doubtful(title: str) -> list[str]:
    return [match[0] for match in doubtful_words(title)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain words, and no more", []),
        ("in\u200bvisible", ["ZERO WIDTH SPACE"]),
        ("\ufeffbegins", ["ZERO WIDTH NO-BREAK SPACE"]),
        ("the \u202eyad\u202c", ["RIGHT-TO-LEFT OVERRIDE", "POP DIRECTIONAL FORMATTING"]),
        ("sig\u200dnal", ["ZERO WIDTH JOINER"]),
        ("12\u200d3", ["ZERO WIDTH JOINER"]),
        (" \u200cword", ["ZERO WIDTH NON-JOINER"]),
        ("\u200cword", ["ZERO WIDTH NON-JOINER"]),
        ("👩\u200d🚀 and 👩🏽\u200d🚀 and ❤\ufe0f\u200d🔥", []),
        ("می\u200cخواهم", []),
        ("سمك\u200f!", []),
        ("!\u200eסמך", []),
        ("fish\u200f!", ["RIGHT-TO-LEFT MARK"]),
        ("क्\u200dष", []),
    ],
)
def test_unseen_characters_are_found_where_no_script_asks_for_them(
    text: str, names: list[str]
) -> None:
    assert unseen(text) == names


@given(text=st.text())
def test_what_is_found_stands_where_it_is_said(text: str) -> None:
    for match in unseen_in(text):
        assert text[match.start() : match.end()] == match[0]
        assert UNSEEN.fullmatch(match[0])


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The harbour of Lomvik", []),
        ("The h\u0430rbour of Lomvik", ["h\u0430rbour"]),
        ("Harb\u03bfur news", ["Harb\u03bfur"]),
        ("Война и мир", []),
        ("Война (War and Peace)", []),
        ("Le caf\u00e9 d'\u00c9t\u00e9", []),
        ("Şuşa qalası", []),
        ("東京タワー in Tokyo", []),
        ("The α-helix of proteins", []),
        ("COVID-19 и мы", []),
        ("News from \u0440\u0430\u0443\u0440\u0430l today", ["\u0440\u0430\u0443\u0440\u0430l"]),
        ("News from \u0440\u0430\u0443\u0440 today", ["\u0440\u0430\u0443\u0440"]),
        ("Հայաստան and Ararat", []),
        ("", []),
    ],
)
def test_words_that_mix_or_imitate_alphabets_are_doubtful(title: str, words: list[str]) -> None:
    assert doubtful(title) == words
