"""Words in quotation marks in a question: an exact-phrase condition."""

import re
import unicodedata
from collections.abc import Sequence

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»")
_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_DASHES = str.maketrans("‐‑‒–—", "-----")


def phrases_in(question: str) -> tuple[str, ...]:
    """The texts that stand in double quotation marks, in order."""
    found = ("".join(match.groups("")).strip(" ,.;:!?") for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in found if phrase)


def holds_phrases(text: str, phrases: Sequence[str]) -> bool:
    """Whether a text holds every phrase as whole words.

    Letter case, the kind of apostrophe or dash, and the width of space make no difference.
    """
    folded = _folded(text)
    return all(
        re.search(rf"(?<!\w){re.escape(_folded(phrase))}(?!\w)", folded) for phrase in phrases
    )


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_DASHES)
    return " ".join(plain.casefold().split())
