"""The lines of a text as a reader sees them: hard-wrapped lines joined, others alone."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from rag.records import Span

# The line ends of `str.splitlines`, so that every kind of file is cut alike.
_LINE = re.compile(r"[^\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
_END = r"(?>\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029])"
_BLANK = re.compile(rf"{_END}[^\S\n\r]*{_END}")
_TERMINAL = re.compile(r"[.!?…:;։؟۔܀।॥။።。．！？｡][\"'”’»)\]*_]*(?:\s*\[\d+\])*\s*$")
_ASKING = re.compile(r"[?？؟][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[-*+•–—#>|]|\(?\[?\w{1,3}[.)\]])\s?")
_ACCENTS = re.compile("[\u0300-\u036f]")
# An ideograph or a kana is counted as a word: those scripts put no spaces between words.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’\-]\w+)*")

# No sentence and no heading ends with these words, nor with a comma.
_OPEN_END = re.compile(
    r"(?:,|\b(?:the|an?|of|to|in|on|at|by|for|from|with|as|and|or|but|that|which|who|whose|is|are|was"
    r"|were|be|been|has|have|had|will|would|its|their|our|his|her|this|these|those|than|into|no))$",
    re.IGNORECASE,
)

_WRAP_WIDTH = 120
"""No one wraps lines by hand at more columns than this."""

_WRAP_LEAST = 30
"""Nor at fewer than this."""


class Line(Span):
    """One line, or the lines of one hard-wrapped paragraph, without the space around it."""

    text: str
    after_blank: bool

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)

    @cached_property
    def terminated(self) -> bool:
        """Whether it ends as a sentence does."""
        return ends_sentence(self.text)

    @property
    def open_ended(self) -> bool:
        """Whether it ends in the middle of a sentence, by its last word."""
        return _OPEN_END.search(self.text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _TERMINAL.search(text) is not None


def asks(text: str) -> bool:
    """Whether a sentence is a question."""
    return _ASKING.search(text) is not None


def count_words(text: str) -> int:
    """How many words a text has; an ideograph counts as one."""
    return len(_WORD.findall(text))


def words_of(text: str) -> list[str]:
    """The words of a text, folded: what remains of it without case, accents and punctuation."""
    return _WORD.findall(folded(text))


def folded(text: str) -> str:
    """The text for comparing words: compatibility forms, letter case and accents made one."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that hold anything, in order, hard-wrapped ones joined."""
    single = list(_single(text))
    all_wrapped = _is_wrapped(single)
    joined: list[Line] = []
    for run in _runs(single):
        wrapped = all_wrapped or _is_wrapped(run)
        start = 0
        for number in range(1, len(run) + 1):
            if number < len(run) and _continues(run[number - 1], run[number], wrapped):
                continue
            joined.append(_join(text, run[start:number]))
            start = number
    return joined


def _single(text: str) -> Iterator[Line]:
    end_before = 0
    for match in _LINE.finditer(text):
        stripped = match[0].strip()
        if not stripped:
            continue
        start = match.start() + match[0].index(stripped)
        blank = end_before == 0 or _BLANK.search(text, end_before, start) is not None
        yield Line(start=start, end=start + len(stripped), text=stripped, after_blank=blank)
        end_before = start + len(stripped)


def _runs(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Groups of lines with no blank line inside."""
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or lines[number].after_blank:
            yield lines[start:number]
            start = number


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether lines are the pieces of paragraphs that were wrapped at a width.

    They are when none is long, most are nearly as long as the longest, and most line ends stand
    in the middle of a sentence, with a small letter after a good part of them.
    """
    inner = [(line, after) for line, after in pairwise(lines) if not after.after_blank]
    width = max((len(line.text) for line in lines), default=0)
    if not inner or not _WRAP_LEAST <= width <= _WRAP_WIDTH:
        return False
    full = sum(len(line.text) >= 0.6 * width for line, _ in inner)
    open_ended = [after for line, after in inner if not line.terminated]
    small = sum(after.text[0].islower() for after in open_ended)
    return 2 * full > len(inner) < 2 * len(open_ended) and 5 * small >= 2 * len(open_ended)


def _continues(line: Line, after: Line, wrapped: bool) -> bool:
    """Whether `after` goes on with the paragraph of `line`."""
    if _ITEM.match(after.text) and not after.text[0].islower():
        return False
    if wrapped or (line.open_ended and len(line.text) <= _WRAP_WIDTH):
        return True
    long_enough = _WRAP_LEAST <= len(line.text) <= _WRAP_WIDTH
    return long_enough and not line.terminated and after.text[0].islower()


def _join(text: str, lines: Sequence[Line]) -> Line:
    start, end = lines[0].start, lines[-1].end
    return Line(start=start, end=end, text=text[start:end], after_blank=lines[0].after_blank)
