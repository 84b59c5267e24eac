"""How much each word of a question tells: by the library's passages and by general language.

Counts over a library of five documents say little, and over one of one matter they say that its
very subject tells nothing. So the IDF in the library is added to the surprisal of the word in
general language, as if the two were independent sources.
"""

import re
from typing import NamedTuple

import numpy as np
from wordfreq import word_frequency

from rag.index.lexical import LexicalStore

PASSAGE_WORDS = 100
"""The length of a passage of general language, in words."""

LEAST = 0.001
"""No word is less likely to stand in a passage of general language."""

# Snowball's names of languages, and wordfreq's codes.
_CODES = {
    "arabic": "ar", "catalan": "ca", "czech": "cs", "danish": "da", "dutch": "nl",
    "dutch_porter": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "hindi": "hi", "hungarian": "hu", "indonesian": "id", "italian": "it",
    "lithuanian": "lt", "norwegian": "nb", "persian": "fa", "polish": "pl", "porter": "en",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sh", "spanish": "es",
    "swedish": "sv", "tamil": "ta", "turkish": "tr",
}  # fmt: skip

# A number with its separators is one word, as in rag/index/lexical.py; an accent may stand apart.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[\w\u0300-\u036f]+")


class Word(NamedTuple):
    """A word of a question.

    Attributes:
        terms: what it is in the lexical index; none for a function word.
        importance: how much it tells, from 0.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    importance: float


def words_of(text: str, lexical: LexicalStore) -> list[Word]:
    """The words of a question, in order."""
    language = lexical.terms.language_of(text)
    words = []
    for match in _WORD.finditer(text):
        terms = tuple(lexical.terms(match.group(), language))
        rare = max(map(lexical.idf, terms), default=0.0)
        surprise = surprisal(match.group(), language)
        words.append(Word(match.start(), match.end(), terms, rare + surprise))
    return words


def absent(text: str, lexical: LexicalStore) -> tuple[str, ...]:
    """The words of a question, each once, that no text of the index holds in any form.

    None of an index without texts: it knows no language to read a question in.
    """
    if not len(lexical):
        return ()
    told = [word for word in words_of(text, lexical) if word.terms]
    missing = [each for each in told if not any(len(lexical.holding(term)) for term in each.terms)]
    return tuple(dict.fromkeys(text[each.start : each.end] for each in missing))


def surprisal(word: str, language: str) -> float:
    """-log P(a passage of general language holds the word); 0 for an unknown language.

    Args:
        word: any case.
        language: Snowball's name of it.
    """
    if language not in _CODES:
        return 0.0
    frequency = word_frequency(word, _CODES[language], wordlist="small")
    held = 1 - (1 - frequency) ** PASSAGE_WORDS
    return float(-np.log(LEAST + (1 - LEAST) * held))
