"""Which name a pronoun that stands for a speaker stands for, where that is safe to say.

`he`, `she` and `they` are taken for the speaker of the cue before, if that one is named, can be
meant by the pronoun, and no other name is the subject of a sentence in between. "Who" is taken for
the noun phrase before it. Everything else that names nobody stays unresolved.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from rag.speakers import lexicon, mentions
from rag.speakers.mentions import Run
from rag.speakers.nouns import is_able
from rag.speakers.reported import Cue
from rag.speakers.tokens import Token, Tokens

_SINGULAR = {"he": "he", "his": "he", "she": "she", "her": "she"}
_PLURAL = frozenset({"they", "their"})
_RELATIVE = frozenset({"who", "which", "that"})
_NOBODY = frozenset({"it", "this", "these", "those", "one", "we", "i", "you", "its"})

NEAR = 4
"""A pronoun so near to the beginning of a clause before the main one may stand for its subject."""

FAR_BACK = 20_000
"""A first name that goes with a family name is looked for in so many characters before it."""


def is_name(words: Sequence[Token], mention: Run) -> bool:
    """Whether a mention names a speaker, by a name or a common noun, rather than by a pronoun."""
    low = words[mention[0]].low
    if words[mention[0]].kind == "name":
        return True
    if is_indefinite(words, mention):
        return False
    pronouns = _SINGULAR.keys() | _PLURAL | _RELATIVE | _NOBODY
    return mention[1] - mention[0] > 1 or low not in pronouns


def is_indefinite(words: Sequence[Token], mention: Run) -> bool:
    """Whether a mention names nobody: "some", "many others", "most people"."""
    return all(token.low in lexicon.INDEFINITE for token in words[slice(*mention)])


def named(text: str, tokens: Tokens, cue: Cue, cues: Sequence[Cue]) -> Run | None:
    """The tokens that name the speaker of a cue of a paragraph; None where it is not safe.

    Args:
        text: of the document.
        tokens: of the paragraph and of those before it that are looked at.
        cue: one of `cues`.
        cues: all of those paragraphs.
    """
    words = tokens.all
    if is_name(words, cue.mention):
        return cue.mention
    low = words[cue.mention[0]].low
    if is_indefinite(words, cue.mention):
        return None
    if low in _RELATIVE:
        return _antecedent(tokens, cue.mention[0])
    earlier = sorted(
        (other for other in cues if other.mention < cue.mention), key=lambda other: other.mention
    )
    while earlier:
        other = earlier.pop()
        if is_indefinite(words, other.mention):
            return None
        if is_name(words, other.mention):
            safe = _can_mean(text, words, low, other.mention) and not _another(
                tokens, other.mention, cue.mention[0]
            )
            return other.mention if safe else None
        if _SINGULAR.get(words[other.mention[0]].low, "they") != _SINGULAR.get(low, "they"):
            return None
    return None


def _antecedent(tokens: Tokens, number: int) -> Run | None:
    """The noun phrase right before "who", or before the comma before it."""
    words = tokens.all
    least = max(start for start, _ in tokens.sentences if start <= number)
    if number > least and words[number - 1].kind == ",":
        number -= 1
    if number <= least:
        return None
    found = mentions.antecedent(words, number, least)
    if not found or not is_name(words, found):
        return None
    if words[mentions.head_at(words, found)].kind == "name":
        return found
    return _person(words, found, body=tokens.all[number].low in _RELATIVE)


def _person(words: Sequence[Token], found: Run, *, body: bool) -> Run | None:
    """The noun phrase itself or what it ends with, whichever is of a person: "calls by aides".

    Or of a body of people, where the relative pronoun is "which" or "that".
    """
    links = (k for k in range(*found) if words[k].kind in ("prep", "to"))
    nearest = max(links, default=found[0] - 1) + 1, found[1]
    for run in (nearest, found):
        head = words[mentions.head_at(words, run)]
        persons = {head.low, head.low.removesuffix("s")} & (lexicon.PEOPLE | lexicon.PLURAL)
        if persons or (body and is_able(head.low)):
            return run
    return found if nearest == found else None


def _can_mean(text: str, words: Sequence[Token], pronoun: str, mention: Run) -> bool:
    """Whether a pronoun may stand for a mention, by number, by title, and by being a person."""
    head = words[mentions.head_at(words, mention)]
    lows = {token.low for token in words[slice(*mention)]}
    many = (
        "and" in lows or head.low in lexicon.PLURAL or (head.kind == "word" and head.low[-1] == "s")
    )
    if pronoun in _PLURAL or many:
        return pronoun in _PLURAL and many
    against = lexicon.FEMALE if _SINGULAR.get(pronoun) == "he" else lexicon.MALE
    if pronoun not in _SINGULAR or lows & against:
        return False
    if head.kind != "name":
        return head.low in lexicon.PEOPLE
    if lows & lexicon.COLLECTIVE or "the" in lows or (head.text.isupper() and len(head.text) > 1):
        return False
    return bool(lows & lexicon.TITLES) or _has_first_name(text, head)


def _has_first_name(text: str, head: Token) -> bool:
    """Whether a first name stands before the name there, or somewhere before."""
    pattern = rf"\b([A-Z][\w.’'-]*) (?:[a-z]{{2,3}} )?{re.escape(head.text)}\b"
    before = re.findall(pattern, text[max(0, head.start - FAR_BACK) : head.end])
    return any(first.casefold() not in lexicon.CLASSES for first in before)


def _another(tokens: Tokens, mention: Run, number: int) -> bool:
    """Whether somebody else may be meant by a pronoun after a mention.

    Somebody else is the subject of a sentence between them, or a name after a comma in the sentence
    of the pronoun; or the pronoun may stand for a name after it: "while she spoke, …".
    """
    words = tokens.all
    head = words[mentions.head_at(words, mention)].low
    after = (run for run in tokens.sentences if run[1] > mention[1])
    for start, end in takewhile(lambda run: run[0] < number, after):
        subject = mentions.main_subject(words, start, min(end, number))
        if subject and not mention[0] <= subject[0] < mention[1] and _differs(words, subject, head):
            return True
        if number < end and (words[start].kind in ("conj", "prep") and number - start < NEAR):
            return True
        own = range(max(start, mention[1]) + 1, min(end, number))
        if end > number and any(_named_after_comma(words, at, head) for at in own):
            return True
    return False


def _differs(words: Sequence[Token], subject: Run, head: str) -> bool:
    """Whether a subject is somebody else than whom a head word names."""
    other = words[mentions.head_at(words, subject)]
    return other.low != head and (other.kind == "name" or other.low in lexicon.PEOPLE)


def _named_after_comma(words: Sequence[Token], number: int, head: str) -> bool:
    if words[number].kind != "name" or words[number - 1].kind != ",":
        return False
    names = takewhile(lambda token: token.kind == "name", words[number:])
    return head not in {token.low for token in names}
