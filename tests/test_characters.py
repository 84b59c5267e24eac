import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.characters import UNSEEN, doubtful_words, name_of, unseen_in


def unseen(text: str) -> list[str]:
    return [unicodedata.name(match[0], hex(ord(match[0]))) for match in unseen_in(text)]


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
        ("hy\u00adphen and ऑक्\u00adटोबर", []),
        ("hy\u00ad\u00adphen", ["SOFT HYPHEN", "SOFT HYPHEN"]),
        ("hyphen\u00ad 1\u00ad2", ["SOFT HYPHEN", "SOFT HYPHEN"]),
        ("a\u3164\u00adb", ["HANGUL FILLER", "SOFT HYPHEN"]),
        ("a\u034fb\uffa0", ["COMBINING GRAPHEME JOINER", "HALFWIDTH HANGUL FILLER"]),
        ("\u1112\u1160\u11ab and \u115f\u1161 and \u115f\u1160\u11ab", []),
        ("하\u1160\u115f", ["HANGUL JUNGSEONG FILLER", "HANGUL CHOSEONG FILLER"]),
        ("\u115f\u1160", ["HANGUL CHOSEONG FILLER", "HANGUL JUNGSEONG FILLER"]),
        ("ᠠ\u180b ᠨ\u180eᠠ", []),
        ("a\u180b", ["MONGOLIAN FREE VARIATION SELECTOR ONE"]),
        ("ក\u17b4 a\u17b5", ["KHMER VOWEL INHERENT AA"]),
        ("☺\ufe0f ℹ\ufe0f ©\ufe0e 1\ufe0f\u20e3 #\ufe0f\u20e3 ‼\ufe0f 👍🏽\ufe0f", []),
        ("葛\U000e0100城 ∩\ufe00 0\ufe00 。\ufe00 က\ufe00", []),
        ("a\ufe0f б\U000e0100", ["VARIATION SELECTOR-16", "VARIATION SELECTOR-17"]),
        ("\ufe0f .\ufe00", ["VARIATION SELECTOR-16", "VARIATION SELECTOR-1"]),
        ("☺\ufe0f\ufe01\U000e0100", ["VARIATION SELECTOR-2", "VARIATION SELECTOR-17"]),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", []),
        ("🏴\U000e0067\U000e0062", ["TAG LATIN SMALL LETTER G", "TAG LATIN SMALL LETTER B"]),
        ("so\U000e0041\U000e007f", ["TAG LATIN CAPITAL LETTER A", "CANCEL TAG"]),
        ("🏴" + "\U000e0061" * 7 + "\U000e007f", ["TAG LATIN SMALL LETTER A"] * 7 + ["CANCEL TAG"]),
        ("a\u206a\u2065\ufff0", ["INHIBIT SYMMETRIC SWAPPING", "0x2065", "0xfff0"]),
    ],
)
def test_unseen_characters_are_found_where_no_script_asks_for_them(
    text: str, names: list[str]
) -> None:
    assert unseen(text) == names


def test_unseen_is_what_unicode_calls_ignorable() -> None:
    # As many as DerivedCoreProperties.txt of Unicode 15 counts; all controls of format but those
    # that are seen or stand for something seen.
    unseen = [c for c in map(chr, range(sys.maxunicode + 1)) if UNSEEN.match(c)]
    assert len(unseen) == 4174
    assert {unicodedata.category(c) for c in unseen} == {"Cf", "Mn", "Lo", "Cn"}
    formats = (c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Cf")
    seen = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "INTERLINEAR")
    names = [unicodedata.name(c) for c in formats if not UNSEEN.match(c)]
    assert names
    assert all(name.startswith(seen) for name in names)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u200b", "zero width space"),
        ("\U000e0041", "tag latin capital letter a"),
        ("\u2065", "U+2065"),
        ("\U000e0fff", "U+E0FFF"),
    ],
)
def test_every_character_has_a_name(character: str, name: str) -> None:
    assert name_of(character) == name


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
