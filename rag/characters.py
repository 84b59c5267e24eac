"""Characters that are not what they look like: unseen ones, and letters of another alphabet.

A text stays as it is; these functions tell what a screen has to show beside it.
"""

import re
import unicodedata
from collections.abc import Iterator

from confusable_homoglyphs import categories, confusables

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Embeddings, overrides and isolates, which turn the direction of others (Unicode Annex 9)."""

MARKS = "\u061c\u200e\u200f"
"""Marks of direction, which stand beside letters that are written from right to left."""

JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners, which some scripts and many pictures need."""

NO_WIDTH = "\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
"""Characters that take no room and change nothing that can be seen."""

UNSEEN = re.compile(f"[{TURNING}{MARKS}{NO_WIDTH}{JOINERS}]")

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Alphabets whose letters are easily taken for one another's."""


def unseen_in(text: str) -> Iterator[re.Match[str]]:
    """The characters of a text that cannot be seen, and that no script around them asks for."""
    for match in UNSEEN.finditer(text):
        before = text[max(0, match.start() - 1) : match.start()]
        after = text[match.end() : match.end() + 1]
        joins = match[0] in JOINERS and _joins(before)
        if not joins and not (match[0] in MARKS and any(map(_from_the_right, before + after))):
            yield match


def _joins(before: str) -> bool:
    """Whether a joiner may follow a character: not a letter of an alphabet of separate letters."""
    return bool(before) and not before.isspace() and _alphabet(before) not in _ALIKE | {"COMMON"}


def _from_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


def _alphabet(character: str) -> str:
    if not character.isalpha():  # pictures are in no alphabet, and joined all the same
        plain = unicodedata.category(character) in ("Nd", "Po", "Pd", "Ps", "Pe", "Cf")
        return "COMMON" if plain else ""
    return str(categories.alias(character))


def doubtful_words(title: str) -> Iterator[re.Match[str]]:
    """Words that mix alphabets which look alike, or imitate the alphabet of the others.

    After mixed-script and whole-script confusables in Unicode Technical Standard 39; the table of
    confusable letters is Unicode's, by way of confusable_homoglyphs.
    """
    words = [(match, {_alphabet(each) for each in match[0]}) for match in _WORD.finditer(title)]
    in_latin = 2 * sum(alphabets == {"LATIN"} for _, alphabets in words) > len(words)
    for match, alphabets in words:
        mixed = len(alphabets & _ALIKE) > 1
        if mixed or (in_latin and "LATIN" not in alphabets and _imitates_latin(match[0])):
            yield match


def _imitates_latin(word: str) -> bool:
    alike = confusables.is_confusable(word, greedy=True, preferred_aliases=["latin"]) or []
    letters = {
        found["character"]
        for found in alike
        if any("LATIN" in each["n"] for each in found["homoglyphs"])
    }
    return len(word) > 1 and letters == set(word)
