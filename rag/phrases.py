"""Words in quotation marks in a question: an exact-phrase condition."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.index.lexical import LexicalStore
from rag.lines import folded

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»")
_SPACED = re.compile(r"[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"\w+")
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


def may_hold(phrases: Sequence[str], lexical: LexicalStore) -> npt.NDArray[np.bool_]:
    """Which texts of an index hold the words of every phrase, as far as its terms tell.

    A word with a digit, or of a script that puts no space between words, may stand inside a term.

    Returns:
        Shape (texts,); True for every text that holds the phrases, and for some others.
    """
    may = np.ones(len(lexical), dtype=np.bool_)
    for phrase in phrases:
        words = [word for word in _WORD.findall(folded(_made_plain(phrase))) if _whole(word)]
        some = np.zeros_like(may)
        for language in lexical.terms.languages:
            terms = {term: 1.0 for word in words for term in lexical.terms(word, language)}
            some |= lexical.coverage(terms) >= len(terms)
        may &= some
    return may


def _whole(word: str) -> bool:
    return word.isalpha() and not _UNSPACED.search(word)


def _as_words(phrase: str) -> re.Pattern[str]:
    """The phrase between the edges of words, where its script puts spaces between them."""
    before = r"(?<!\w)" if _SPACED.match(phrase) else ""
    after = r"(?!\w)" if _SPACED.match(phrase[::-1]) else ""
    return re.compile(f"{before}{re.escape(phrase)}{after}")


def _plain(text: str) -> str:
    return " ".join(folded(_made_plain(text)).split())


def _made_plain(text: str) -> str:
    return text.translate(_APOSTROPHES).translate(_DASHES)
