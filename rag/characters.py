"""Characters that are not what they look like: unseen ones, and letters of another alphabet.

A text stays as it is; these functions tell what a screen has to show beside it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from confusable_homoglyphs import categories, confusables

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Embeddings, overrides and isolates, which turn the direction of others (Unicode Annex 9)."""

MARKS = "\u061c\u200e\u200f"
"""Marks of direction, which stand beside letters that are written from right to left."""

JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners, which some scripts and many pictures need."""

SOFT_HYPHEN = "\u00ad"
"""Where a word may be divided: harmless inside one, of which scraped text is full."""

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point: what is shown as nothing where it has no effect."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors, which choose between forms of the character before them."""

_VARIED = "#*0123456789\u203c\u2049\u2018\u2019\u201c\u201d\u3001\u3002\u3030！，．：；？"
"""What is neither letter nor symbol and has forms all the same (Unicode's emoji variation sequences
and standardized variants)."""

_IN_ITS_SCRIPT = re.compile(
    # The flag of a part of a country: a black flag, the part's code in tags, and the end of tags.
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"  # forms of Mongolian letters
    "|(?<=[\u1780-\u17b3])[\u17b4\u17b5]"  # vowels of Khmer
    # Fillers of a Hangul syllable that lacks its first letter or its vowel.
    "|\u115f(?=[\u1161-\u11a7]|\u1160[\u11a8-\u11ff])"
    "|(?<=[\u1100-\u115e])\u1160|(?<=\u115f)\u1160(?=[\u11a8-\u11ff])"
)

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Alphabets whose letters are easily taken for one another's."""


def name_of(character: str) -> str:
    """Unicode's name of a character, in small letters; its number ("U+2065") if it has none."""
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def unseen_in(text: str) -> Iterator[re.Match[str]]:
    """The characters of a text that cannot be seen, and that no script around them asks for."""
    in_place = {at for match in _IN_ITS_SCRIPT.finditer(text) for at in range(*match.span())}
    for match in UNSEEN.finditer(text):
        before = text[max(0, match.start() - 1) : match.start()]
        after = text[match.end() : match.end() + 1]
        if match.start() not in in_place and not _asked_for(match[0], before, after):
            yield match


def _asked_for(character: str, before: str, after: str) -> bool:
    """Whether an unseen character is one that those beside it need, or that is harmless there."""
    if character in JOINERS:
        return _joins(before)
    if character in MARKS:
        return any(map(_from_the_right, before + after))
    if character == SOFT_HYPHEN:
        return _in_a_word(before) and _in_a_word(after)
    return _SELECTORS.fullmatch(character) is not None and _has_forms(before)


def _in_a_word(character: str) -> bool:
    """Whether a character is a letter that is seen, or an accent or vowel sign of one."""
    seen = character and not UNSEEN.match(character)
    return bool(seen) and unicodedata.category(character)[0] in "LM"


def _has_forms(before: str) -> bool:
    """Whether a variation selector may follow: pictures, other symbols, and most scripts."""
    if not before or UNSEEN.match(before):
        return False
    if before.isalpha():
        return _alphabet(before) not in _ALIKE
    return before in _VARIED or unicodedata.category(before) in ("So", "Sm", "Sk", "Sc", "No")


def _joins(before: str) -> bool:
    """Whether a joiner may follow a character: not a letter of an alphabet of separate letters."""
    return bool(before) and not before.isspace() and _alphabet(before) not in _ALIKE | {"COMMON"}


def _from_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


@lru_cache(maxsize=4096)
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
