"""Which language a text is in, and what others call that language.

Detection: py3langid, the naive Bayes of Lui and Baldwin, "langid.py: An Off-the-shelf Language
Identification Tool", 2012, over 97 languages; its model comes inside the package.
"""

import math
from collections.abc import Mapping
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 4000
"""So many characters tell a language; more only cost time."""

LEAST_LETTERS = 40
"""Fewer letters tell nothing."""

SURE = 0.9
"""The least probability at which a document's language is believed."""

SURE_OF_QUESTION = 0.95
"""The same for a question, which is shorter: two names may look like any language."""

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""ISO 639-1 code -> Snowball's name of its stemmer."""


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of a text is in; None if that is doubtful."""
    middle = max(0, (len(text) - SAMPLE) // 2)
    sample = text[middle : middle + SAMPLE]
    if sum(map(str.isalpha, sample)) < LEAST_LETTERS:
        return None
    likelihoods = load().rank(sample)  # best first
    code, highest = likelihoods[0]
    probability = 1 / sum(math.exp(each - highest) for _, each in likelihoods)
    return str(code) if probability >= SURE else None


def likeliest(text: str, counts: Mapping[str, int]) -> str:
    """The stemmer, of those in `counts`, whose language a text is in, or the commonest in doubt.

    A name or two tell little, so what there is more of in the library is likelier beforehand.

    Args:
        text: a question.
        counts: Snowball's name of a stemmer -> how many texts of the library it is for, not none.
    """
    commonest = max(counts, key=lambda each: counts[each])
    if len(counts) == 1:
        return commonest
    likelihoods: dict[str, float] = {}
    for code, likelihood in load().rank(text):
        likelihoods.setdefault(STEMMERS.get(code, ""), likelihood)
    # Where nothing is known all are equally unlikely, at the least number that a float can be.
    lowest, highest = min(likelihoods.values()), max(likelihoods.values())
    logs = {
        name: likelihoods.get(name, lowest) - highest + math.log(count)
        for name, count in counts.items()
    }
    best = max(logs, key=lambda each: logs[each])
    probability = 1 / sum(math.exp(each - logs[best]) for each in logs.values())
    return best if probability >= SURE_OF_QUESTION else commonest


def stemmer_of(language: str | None, otherwise: str) -> str:
    """Snowball's name of the stemmer for a language, or `otherwise` where it has none."""
    return STEMMERS.get(language or "", otherwise)


def primary(tag: str | None) -> str | None:
    """The language of a BCP 47 tag, without script and region: "en" of "en-GB"."""
    return tag.replace("_", "-").split("-")[0].lower() if tag else None


@cache
def load() -> LanguageIdentifier:
    """Load the model, once; it unpacks itself through a temporary file."""
    return LanguageIdentifier.from_model_file(MODEL_FILE)
