"""Words and marks of a text with their offsets, and what stands in quotation marks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rag.records import Span
from rag.speakers import lexicon

OUTSIDE = -1
"""The number of the quotation that a token outside all quotation marks stands in."""

_TITLES = "|".join(
    title[:-1].capitalize() for title in sorted(lexicon.TITLES) if title.endswith(".")
)
_TOKEN = re.compile(
    rf"""
    (?:[A-Z]\.){{2,}}                               # U.S.
    | \b(?:{_TITLES}|Jr|Sr)\.(?!\w)                 # Sen.
    | \b[A-Z]\.(?=\s[A-Z])                          # an initial
    | (?<=\w)['’](?:s|d|ll|ve|re|m)\b               # what is written together with the word before
    | [\w\u0300-\u036f]+(?:(?!['’](?:s|d|ll|ve|re|m)\b)['’.\-‑&@]?[\w\u0300-\u036f]+)*
    | '(?=''(?!'))|``|''|--+
    | [^\w\s]
    """,
    re.VERBOSE,
)
_OPENING = frozenset({"“", "„", "«", "``", "‟"})
_CLOSING = frozenset({"”", "»"})
BREAKS = frozenset({",", "quote", "--", "–", "—"})
"""The kinds of what can stand between a speech and the words that report it."""

_ACRONYMS = frozenset({"is", "us", "who"})
"""Words that are names of states and organisations in capitals."""

_Marks = Callable[[str, "Token"], tuple[bool, bool]]

_SINGLE = frozenset({"‘", "'", "’"})


@dataclass(slots=True)
class Token:
    """A word or a mark.

    Attributes:
        low: its text in small letters, with straight apostrophes.
        kind: what it can be in a sentence; see `kind_of`.
        quotation: number of the quotation that it stands in, its marks included.
    """

    text: str
    start: int
    end: int
    low: str
    kind: str
    quotation: int = OUTSIDE


@dataclass
class Tokens:
    """The tokens of a paragraph.

    Attributes:
        sentences: of each sentence the first token and the one after its last.
        quotations: the same of each quotation, its marks included.
    """

    all: list[Token]
    sentences: list[tuple[int, int]]
    quotations: list[tuple[int, int]] = field(default_factory=list)

    def marked_by(self, number: int) -> tuple[int, int] | None:
        """The quotation that a token is a mark of; None if it is none, or one without another."""
        token = self.all[number]
        if token.kind != "quote" or token.quotation == OUTSIDE:
            return None
        return self.quotations[token.quotation]


def tokens_of(text: str, sentences: Sequence[Span], *, goes_on: bool) -> Tokens:
    """The tokens of a paragraph.

    Args:
        text: of the document.
        sentences: of the paragraph, in order.
        goes_on: whether a quotation that is not closed goes on in the next paragraph. Otherwise
            its closing mark is lost, and it is taken to end with its sentence.
    """
    found: list[Token] = []
    runs: list[tuple[int, int]] = []
    for sentence in sentences:
        first = len(found)
        found += words_of(text, sentence.start, sentence.end)
        if runs and _is_cut(found[first - 1], text[found[first - 1].end : sentence.start]):
            runs[-1] = runs[-1][0], len(found)
        elif first < len(found):
            runs.append((first, len(found)))
    tokens = Tokens(found, runs)
    _mark_names(tokens)
    _mark_quotations(text, tokens, goes_on=goes_on)
    return tokens


def _is_cut(last: Token, between: str) -> bool:
    """Whether the splitter cut a sentence in two: after "Ms.", or at the end of a line."""
    title = last.low in lexicon.TITLES and last.low.endswith(".")
    return title or (between.strip(" ") in ("\n", "\r\n") and last.kind in ("name", "prep", "det"))


def _mark_names(tokens: Tokens) -> None:
    """Take Will and May for names, but where a sentence begins; and US and WHO, but in capitals."""
    starts = {start for start, _ in tokens.sentences}
    found = tokens.all
    for number, token in enumerate(found):
        if token.kind == "modal" and token.text[0].isupper() and number not in starts:
            token.kind = "name"
        if token.low in _ACRONYMS and token.text.isupper():
            beside = found[max(0, number - 1) : number] + found[number + 1 : number + 2]
            if not any(other.text.isupper() and len(other.text) > 1 for other in beside):
                token.kind = "name"


def _mark_quotations(text: str, tokens: Tokens, *, goes_on: bool) -> None:
    """Write the quotations of a paragraph into its tokens."""
    found = tokens.all
    for opening, closing in _quotations(text, tokens, goes_on=goes_on):
        found[opening].kind = "quote"
        if found[closing - 1].text in _SINGLE:
            found[closing - 1].kind = "quote"
        for token in found[opening:closing]:
            token.quotation = len(tokens.quotations)
        tokens.quotations.append((opening, closing))


def words_of(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a part of a text."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        low = word.casefold().replace("’", "'")
        dash = word == "-" and text[match.start() - 1 : match.start()].isspace()
        kind = "--" if dash else kind_of(word)
        found.append(Token(word, match.start(), match.end(), low, kind))
    return found


@lru_cache(maxsize=1 << 14)
def kind_of(word: str) -> str:
    """What a word can be by its looks: a closed class, "name", "number", "word", or a mark itself.

    Classes: det, subject, object, relative, prep, conj, be, have, do, modal, to, neg, adv, day,
    poss; marks: open or close is not told here, they are "quote".
    """
    low = word.casefold().replace("’", "'")
    known = lexicon.CLASSES.get(low)
    if known:
        return known
    if low in _OPENING or low in _CLOSING or low in ('"', "''"):
        return "quote"
    if not re.match(r"\w", word):
        return word if len(word) == 1 else "--"
    if word[0].isdigit():
        return "number"
    if low.endswith("n't"):
        return "neg"
    if word[0].isupper():
        return "name"
    if low.endswith("ly") and low not in lexicon.NOUNS_IN_LY:
        return "adv"
    return "word"


def _quotations(text: str, tokens: Tokens, *, goes_on: bool) -> list[tuple[int, int]]:
    return _pairs(text, tokens, _double, goes_on) or _pairs(text, tokens, _single, goes_on=False)


def _pairs(text: str, tokens: Tokens, marks: _Marks, goes_on: bool) -> list[tuple[int, int]]:
    """Runs from an opening mark to its closing one, or where that is lost to a sentence's end."""
    pairs: list[tuple[int, int]] = []
    opened: int | None = None
    for number, token in enumerate(tokens.all):
        opens, closes = marks(text, token)
        if opened is not None and closes:
            pairs.append((opened, number + 1))
            opened = None
        elif opens:
            if opened is not None:
                pairs.append((opened, min(number, _end_of(tokens, opened))))
            opened = number
    if opened is not None and marks is _double:
        pairs.append((opened, len(tokens.all) if goes_on else _end_of(tokens, opened)))
    return pairs


def _end_of(tokens: Tokens, number: int) -> int:
    """The token after the last one of the sentence that a token stands in."""
    return next(end for start, end in tokens.sentences if start <= number < end)


def _double(text: str, token: Token) -> tuple[bool, bool]:
    """Whether a double quotation mark can open, and whether it can close."""
    mark = token.text
    if mark in ('"', "''"):
        before = text[token.start - 1 : token.start]
        after = text[token.end : token.end + 1]
        opens = (not before or before.isspace() or before in "([—–-:,") and not after.isspace()
        return opens and bool(after), not opens or not after
    if mark == "“" and text[max(0, token.start - 1) : token.start] in (",", ".", "?", "!"):
        return False, True
    return mark in _OPENING, mark in _CLOSING


def _single(text: str, token: Token) -> tuple[bool, bool]:
    if token.text not in _SINGLE:
        return False, False
    before = text[max(0, token.start - 1) : token.start]
    after = text[token.end : token.end + 1]
    opens = token.text != "’" and (not before or before.isspace()) and after.isalpha()
    closes = token.text != "‘" and before in ",.?!…" and not after.isalnum()
    return opens, closes and bool(before)
