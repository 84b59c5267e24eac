"""Words in quotation marks in a question: an exact-phrase condition."""

import re
from collections.abc import Sequence

from rag.lines import folded

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»")
_SPACED = re.compile(r"[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_DASHES = str.maketrans("‐‑‒–—", "-----")


def phrases_in(question: str) -> tuple[str, ...]:
    """The texts that stand in double quotation marks, in order."""
    found = ("".join(match.groups("")).strip(" ,.;:!?") for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in found if phrase)


def blanked(question: str) -> str:
    """The question with spaces in the place of exact words and their quotation marks."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), question)


def holds_phrases(text: str, phrases: Sequence[str]) -> bool:
    """Whether a text holds every phrase as whole words.

    Letter case, accents, the kind of apostrophe or dash, and the width of space make no difference.
    """
    plain = _plain(text)
    return all(_as_words(_plain(phrase)).search(plain) for phrase in phrases)


def _as_words(phrase: str) -> re.Pattern[str]:
    """The phrase between the edges of words, where its script puts spaces between them."""
    before = r"(?<!\w)" if _SPACED.match(phrase) else ""
    after = r"(?!\w)" if _SPACED.match(phrase[::-1]) else ""
    return re.compile(f"{before}{re.escape(phrase)}{after}")


def _plain(text: str) -> str:
    return " ".join(folded(text.translate(_APOSTROPHES).translate(_DASHES)).split())
