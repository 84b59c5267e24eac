"""A cue, and where what it reports begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.speakers import lexicon
from rag.speakers.mentions import Run, is_verbal
from rag.speakers.tokens import BREAKS, Token, Tokens

SHORT = 6
"""A sentence of so many tokens is nothing but "Ada Berg asked."."""

SHORTEST = 5
"""A quotation of fewer tokens, its marks included, is a word in quotation marks, not speech."""

CLAUSE = 4
"""A clause without a mark after it has so many tokens at least."""

_AROUND = frozenset({",", ":", ";", "-", "--", "–", "—"})
_QUESTIONS = frozenset({"whether", "if", "how", "why", "what", "who", "where", "when"})
_STOPS = frozenset({".", ",", ";", "!", "?", ")", "--", "–", "—", ":"})
_VERBS = frozenset({"be", "have", "do", "modal"})
_ADJOINING = frozenset({"on", "in", "during", "at", "to", "after"})


@dataclass
class Cue:
    """Words that report, with who says it and what is said.

    Attributes:
        mention: what stands for the speaker.
        words: the words that report.
        content: what is said, in order; empty if it follows in the next paragraph.
        quoted: whether it joins a quotation.
    """

    mention: Run
    words: Run
    content: list[Run]
    quoted: bool = False


def made(
    tokens: Tokens, mention: Run, words: Run, content: list[Run], *, quoted: bool
) -> Cue | None:
    """A cue with what it reports, marks around it left off; None if no word is left."""
    runs = [run for start, end in content if (run := trimmed(tokens.all, start, end))]
    return Cue(mention, words, runs, quoted) if runs else None


def trimmed(words: Sequence[Token], start: int, end: int) -> Run | None:
    """The run without the marks around it; None if no word is left."""
    while start < end and (words[start].kind in _AROUND or words[start].kind in ".)!?"):
        start += 1
    while start < end and (words[end - 1].kind in _AROUND or words[end - 1].kind == "("):
        end -= 1
    worded = any(token.text[0].isalnum() for token in words[start:end])
    return (start, end) if worded else None


def past_comma(words: Sequence[Token], start: int, end: int) -> int:
    """Number of the token after the first comma; `start` without one."""
    return next((k + 1 for k in range(start, end) if words[k].kind == ","), start)


def left(tokens: Tokens, first: int, sentence: Run) -> list[Run]:
    """What stands before `, X said`, with all of a quotation that ends there."""
    words, start = tokens.all, sentence[0]
    if not first or words[first - 1].kind not in BREAKS:
        return []
    last = first - 1
    if first <= start and not _goes_on_after(tokens, last, sentence):
        return []
    if words[last].kind == "," and last > start and words[last - 1].kind == "quote":
        last -= 1
    quotation = tokens.marked_by(last)
    if quotation:
        return [(min(start, quotation[0]), last + 1)]
    return [(start, first)]


def _goes_on_after(tokens: Tokens, last: int, sentence: Run) -> bool:
    """Whether a sentence was begun before it: the splitter cuts "“…?” she asked" in two."""
    if not last or tokens.all[last].kind != "quote" or tokens.all[last - 1].kind not in ",?!…":
        return False
    small = tokens.all[sentence[0]].text[0].islower()
    return small or sentence[1] - sentence[0] <= SHORT


def left_without_mark(words: Sequence[Token], first: int, sentence: Run) -> list[Run]:
    """What stands before "X said", if that is a clause and the comma after it is lost."""
    start = sentence[0]
    if first - start < CLAUSE or words[first - 1].kind not in ("word", "name", "number", "day"):
        return []
    finite = any(token.kind in _VERBS or is_verbal(token) for token in words[start:first])
    return [(start, first)] if finite else []


def right(tokens: Tokens, start: int, sentence: Run) -> list[Run]:
    """What stands after a cue: to the end of the sentence, or of a quotation that begins there."""
    end = sentence[1]
    if start >= end:
        return []
    quotation = tokens.marked_by(start)
    return [(start, quotation[1] if quotation else end)]


def past_adjuncts(words: Sequence[Token], start: int, end: int) -> int:
    """Past "on Monday", "in a statement", "to reporters" and a colon after a cue."""
    number = start
    while number < end:
        token = words[number]
        stop = _adjunct(words, number, end) if token.low in _ADJOINING else None
        if stop:
            number = stop
        elif token.kind == "day" or (token.kind == "adv" and number == start):
            number += 1
        elif token.low in ("last", "this", "next") and _is_time(words, number + 1, end):
            number += 2
        else:
            break
    marked = number + 1 < end and words[number].kind in ",:"
    if marked and (words[number].kind == ":" or words[number + 1].kind == "quote"):
        number += 1
    return number


def _is_time(words: Sequence[Token], number: int, end: int) -> bool:
    return number < end and (words[number].low in lexicon.TIMES or words[number].kind == "day")


def _adjunct(words: Sequence[Token], number: int, end: int) -> int | None:
    for stop in range(number + 1, end):
        token = words[stop]
        if token.low in lexicon.ADJUNCTS or token.kind == "day":
            dated = stop + 1 < end and words[stop + 1].kind == "number"
            return stop + 1 + dated
        if token.kind == "number" and words[stop - 1].low == "in":
            return stop + 1
        if token.kind not in ("det", "name", "word", "poss"):
            break
    return None


_ORDER = frozenset({"after", "before", "ago", "earlier", "later", "since"})
_HEARD = frozenset({"on", "reporters", "journalists"})
_HEARERS = frozenset({"tell", "inform", "assure"})


def is_adjunct(words: Sequence[Token], number: int, end: int, lemma: str) -> bool:
    """Whether what follows a cue is not what it reports.

    That is a time ("a day after the storm"), the hearer of "told" and no more, or another sentence,
    the full stop before it being lost.
    """
    rest = words[number:end]
    if lemma in _HEARERS and rest and all(_is_hearer(token) for token in rest):
        return True
    timed = any(
        token.low in lexicon.TIMES and following.low in _ORDER
        for token, following in pairwise(rest[1:3])
    )
    cut = lemma not in _HEARERS and len(rest) > CLAUSE
    anew = cut and rest[0].kind == "det" and rest[0].text[0].isupper()
    return timed or anew


def _is_hearer(token: Token) -> bool:
    return token.kind in ("name", "day", "object", ".") or token.low in _HEARD


def join(words: Sequence[Token], number: int, end: int) -> str:
    """How what begins at a token is joined to the cue before it.

    As in `lexicon.FRAMES`, or the preposition itself.
    """
    if number >= end or words[number].kind in _STOPS:
        return "e"
    token = words[number]
    if token.low in _QUESTIONS:
        return "w"
    if token.kind == "prep":
        return token.low
    if token.kind in ("quote", "to"):
        return "q" if token.kind == "quote" else "i"
    if token.low == "that":
        return "a" if number + 1 < end and _is_verb(words[number + 1]) else "t"
    if lexicon.FORMS.get(token.low, ("", ""))[1] == "ing":
        return "e"
    return "a" if token.kind in _VERBS | {"adv", "conj", "poss"} else "c"


def _is_verb(token: Token) -> bool:
    """Whether "that" before a token is a relative pronoun."""
    return token.kind in _VERBS or is_verbal(token)


def fits(lemma: str, joined: str, head: str = "") -> bool:
    """Whether a verb, with such a subject, reports what is joined to it in this way."""
    if joined == "c" and lemma in ("show", "find") and head in lexicon.STUDIES:
        return True
    return joined in lexicon.FRAMES[lemma] or joined in lexicon.PREPOSITIONS.get(lemma, ())
