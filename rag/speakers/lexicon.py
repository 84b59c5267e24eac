"""Words that report speech, and the closed classes of English words that bound a noun phrase.

`words.json` was written by hand, after reading which words the training part of PolNeAR (Newell et
al., LREC 2018) marks as cues, and what stands beside them; it holds no weight.
"""

import json
from importlib.resources import files
from typing import Any

_LINES: dict[str, Any] = json.loads(files("rag.speakers").joinpath("words.json").read_bytes())


def _words(name: str) -> frozenset[str]:
    return frozenset(" ".join(_LINES[name]).split())


def _table(name: str) -> dict[str, list[str]]:
    return {key: " ".join(lines).split() for key, lines in _LINES[name].items()}


TITLES = _words("titles")
PARTICLES = _words("particles")
"""Small words within names."""

SUFFIXES = _words("suffixes")
FEMALE = _words("female")
MALE = _words("male")
NOUNS_IN_LY = _words("nouns_in_ly")
NOUNS_IN_ED = _words("nouns_in_ed")
NOUNS_IN_ING = _words("nouns_in_ing")
FINITE = _words("finite")
"""Common forms of verbs that are no noun and do not end in "ed" or "ing"."""

LIKE_WE = _words("like_we")
"""Nouns that stand for the source itself after "my" or "our"."""

NOUNS_TOO = _words("nouns_too")
"""Verbs whose base form is as common as a noun: "the question", "their claims"."""

TIMES = _words("times")
"""Nouns for a time, which nobody is: "last week, she said"."""

WRITINGS = _words("writings")
"""What somebody issues, and what says something then."""

STUDIES = _words("studies")
"""What shows or finds something by reporting it."""

CLAUSES = _words("clauses")
"""Prepositions that begin a clause too: "after she said"."""

PLURAL = _words("plural")
"""What takes a plural verb without ending in "s"."""

PEOPLE = _words("people")
"""Nouns that "he" and "she" can stand for."""

COLLECTIVE = _words("collective")
"""Words in names that "he" and "she" cannot stand for."""

ADJUNCTS = _words("adjuncts")
"""Nouns that end what may stand between a cue and what it reports: "in a statement"."""

ALONE = _words("alone")
"""Determiners that stand for somebody without a noun."""

LINKS = _words("links")
"""Prepositions that join a noun phrase to the one before it."""

BODIES = _words("bodies")
"""Nouns for many people, for organisations, and for a part of those."""

DOCUMENTS = _words("documents")
"""Nouns for what says something in writing, in pictures or in figures."""

SILENT = _words("silent")
"""Nouns for what says something in a figure of speech only: "history shows"."""

ABSTRACT = tuple(_words("abstract"))
"""Endings of such nouns."""

NOT_PEOPLE = _words("not_people")
"""Words with an ending of nouns for people that are none."""

AFTER_NOUNS = _words("after_nouns")
"""Adjectives that follow their noun: "a person familiar with it"."""

DEMONYMS = tuple(_words("demonyms"))
"""Endings of adjectives for a country, capitalised."""

INDEFINITE = _words("indefinite")
"""Pronouns that name nobody."""

FIGURATIVE = _words("figurative")
"""Verbs that do not report when their subject is a thing: "it calls for care"."""

CLASSES: dict[str, str] = {
    word: kind for kind, words in _table("classes").items() for word in words
} | dict.fromkeys(_words("days"), "day")
"""Words of closed classes -> their class."""

NOUNS: dict[str, frozenset[str]] = {
    noun: frozenset(following.split())
    for following, nouns in _table("nouns").items()
    for noun in nouns
}
"""Nouns that report after a possessive -> the words that may follow them."""

PREPOSITIONS: dict[str, frozenset[str]] = {
    verb: frozenset(words) for verb, words in _table("prepositions").items()
}
"""Of a verb: the prepositions that join what is reported to it."""

FRAMES: dict[str, frozenset[str]] = dict.fromkeys(PREPOSITIONS, frozenset()) | {
    verb: frozenset(frames) for frames, verbs in _table("verbs").items() for verb in verbs
}
"""Of each verb that reports: what may be joined to it for it to do so.

q: a quotation, before or after; t: "that"; c: a clause without "that", or what it is about; e:
nothing, the speech stands before ("…, she said"); w: a question word; i: "to" and a verb; a: an
auxiliary or adverb, as of a clause that begins without a noun.
"""


_IRREGULAR = _table("irregular")


def _forms_of(verb: str) -> dict[str, str]:
    """Each form of a verb, and which it is: base, s, past (or participle) or ing."""
    if verb in _IRREGULAR:
        third, past, participle, ing = _IRREGULAR[verb]
    else:
        stem = verb[:-1] if verb.endswith("e") else verb
        third, past, ing = verb + "s", stem + "ed", stem + "ing"
        if verb.endswith("ee"):
            past, ing = verb + "d", verb + "ing"
        elif verb.endswith("y") and verb[-2] not in "aeou":
            third, past = verb[:-1] + "ies", verb[:-1] + "ied"
        elif verb.endswith(("s", "sh", "ch", "x", "z")):
            third = verb + "es"
        participle = past
    return {verb: "base", third: "s", participle: "past", past: "past", ing: "ing"}


FORMS = {form: (verb, kind) for verb in FRAMES for form, kind in _forms_of(verb).items()}
"""The form of a verb -> the verb, and which form it is."""
