"""From the lines of pages, with where they stand, to paragraphs, headings and running heads.

A PDF file holds glyphs at places and no paragraphs, so all of this is judged by sight: distances,
sizes and indents, as a reader does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import pairwise
from statistics import median
from typing import NamedTuple

SAME_SIZE = 0.08
"""Sizes that differ by less than this share are one size."""

_HEADING = 1.15
"""A heading is set in letters at least so many times as large as the text."""

_HEADING_LENGTH = 200
"""Code points; what is longer is a paragraph in large letters."""

_APART = 1.35
"""Lines further apart than so many times the usual distance belong to different paragraphs."""

_SHORT = 0.8
"""A line that fills less than this share of the width may be the last of its paragraph."""

_INDENT = 0.8
"""A paragraph's first line is indented by at least so many sizes."""

_EDGE_LINES = 2
"""Running heads and feet are among so many lines at the top and at the bottom of a page."""

_REPEATED = 3
"""A running head stands on at least so many pages."""

_TERMINAL = re.compile(r"[.!?…:;։؟۔।。！？][\"'”’»)\]*]*(?:\s*\[?\d+\]?)?\s*$")
_ITEM = re.compile(r"(?:[•‣◦▪●○■–—*]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part|appendix)\s+)?[\dIVX]+(?:\.\d+)*[.:]?\s+", re.I
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite|стр\.?)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|из)\s*\d+)?\W*",
    re.I,
)
_CONTENTS = re.compile(r"(?:[.…]\s?){4,}\s*\w+$")
_LETTERS = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff]{2}")
_WORD = re.compile(r"\w+(?:-\w+)*")
_ENDS_IN_HYPHEN = re.compile(r"\w[-‐]$")  # one that PDFium did not take out
_FIRST_PART = re.compile(r"\w+(?:-\w+)*")
_LAST_PART = re.compile(r"\w+(?:-\w+)*$")


class PdfLine(NamedTuple):
    """One printed line. Lengths in points, from the left and the bottom of the page.

    Attributes:
        page: number of its page, from 1.
        size: of its letters, as most of them are printed.
        hyphenated: whether its last word goes on in the next line; the hyphen is not in `text`.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    hyphenated: bool

    @property
    def terminated(self) -> bool:
        """Whether it ends as a sentence does."""
        return not self.hyphenated and _TERMINAL.search(self.text) is not None


Paragraph = list[PdfLine]


class PageLayout(NamedTuple):
    """The paragraphs of one page, apart from its running heads and feet."""

    heads: list[PdfLine]
    paragraphs: list[Paragraph]
    feet: list[PdfLine]


def body_size(lines: Iterable[PdfLine]) -> float:
    """The size in which most characters are set; 0 for no lines."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[line.size] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def layouts_of(pages: Sequence[Sequence[PdfLine]]) -> list[PageLayout]:
    """Tell the running heads and feet of each page from its paragraphs."""
    heads, feet = _running(pages, top=True), _running(pages, top=False)
    found = []
    for lines in pages:
        above = [line for line in lines if id(line) in heads]
        below = [line for line in lines if id(line) in feet and id(line) not in heads]
        rest = [line for line in lines if id(line) not in heads and id(line) not in feet]
        found.append(PageLayout(above, paragraphs_of(rest), below))
    return found


def paragraphs_of(lines: Sequence[PdfLine]) -> list[Paragraph]:
    """Group the lines of one page, in reading order, into paragraphs."""
    if not lines:
        return []
    pitches = [pitch for pair in pairwise(lines) if 0 < (pitch := _pitch(*pair)) < 3]
    usual = median(pitches) if pitches else 1.0
    paragraphs = [[lines[0]]]
    for line in lines[1:]:
        if goes_on(paragraphs[-1], line, usual):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def goes_on(paragraph: Paragraph, line: PdfLine, usual: float | None = None) -> bool:
    """Whether a line belongs to the paragraph before it.

    Args:
        paragraph: the lines so far.
        line: the next line.
        usual: the usual distance between lines, in sizes; None for a line on another page.
    """
    last = paragraph[-1]
    if last.hyphenated:
        return True
    if abs(last.size - line.size) > SAME_SIZE * last.size or _ITEM.match(line.text):
        return False
    if _CONTENTS.search(last.text):
        return False
    pitch = _pitch(last, line)
    if usual is None or pitch < -0.5:  # another page or column
        return not last.terminated and (_is_small(line) or _fills(paragraph, last))
    if pitch > _APART * usual or abs(pitch) < 0.3:
        return False
    indented = line.left > last.left + _INDENT * last.size
    if last.terminated:
        return not indented and _fills([*paragraph, line], last)
    return _is_small(line) or _fills([*paragraph, line], last)


def is_heading(paragraph: Paragraph, body: float, titles: Set[str]) -> bool:
    """Whether a paragraph is a heading, by its size or by the file's outline.

    Args:
        paragraph: its lines.
        body: the size of the document's text.
        titles: what the outline says of the paragraph's page, as `outline_key` gives it.
    """
    text = " ".join(line.text for line in paragraph)
    if len(text) > _HEADING_LENGTH or not _LETTERS.search(text):
        return False
    return outline_key(text) in titles or min(line.size for line in paragraph) >= _HEADING * body


def outline_key(title: str) -> str:
    """A heading for comparison: without its number, letter case and spaces."""
    return "".join(_NUMBERING.sub("", title).casefold().split())


def vocabulary_of(lines: Iterable[PdfLine]) -> frozenset[str]:
    """The words of a document, those with hyphens whole, as they stand within lines."""
    words: set[str] = set()
    for line in lines:
        found = _WORD.findall(line.text.casefold())
        words.update(found[:-1] if line.hyphenated else found)
    return frozenset(words)


def joint(line: PdfLine, following: PdfLine, vocabulary: Set[str]) -> str:
    """What stands between two lines of a paragraph: a space; in a divided word a hyphen or nothing.

    The hyphen stays before a digit and a single capital, and where the document has only the word
    with a hyphen elsewhere.
    """
    if not line.hyphenated:
        return "" if _ENDS_IN_HYPHEN.search(line.text) else " "
    left, right = _LAST_PART.search(line.text), _FIRST_PART.match(following.text)
    if left is None or right is None or not right[0][0].isalpha():
        return "-"
    if right[0][0].isupper() and not left[0].isupper():
        return "-"
    whole, divided = (f"{left[0]}{mark}{right[0]}".casefold() for mark in ("", "-"))
    return "-" if divided in vocabulary and whole not in vocabulary else ""


def _pitch(line: PdfLine, after: PdfLine) -> float:
    """How far a line stands below another, in sizes."""
    return (line.baseline - after.baseline) / (line.size or 1.0)


def _is_small(line: PdfLine) -> bool:
    return next(filter(str.isalnum, line.text), "").islower()


def _fills(paragraph: Paragraph, line: PdfLine) -> bool:
    """Whether a line fills the width of its paragraph, the column's as far as can be seen."""
    left, right = min(each.left for each in paragraph), max(each.right for each in paragraph)
    return line.right - left >= _SHORT * (right - left)


def _running(pages: Sequence[Sequence[PdfLine]], *, top: bool) -> set[int]:
    """The `id` of each line that is a running head (or foot), or a page's number.

    They are the outermost lines that are the same on several pages but for their digits, the lone
    numbers, and what stands on other pages in the very places of those.
    """
    edges = [
        sorted(lines, key=lambda line: line.baseline, reverse=top)[:_EDGE_LINES] for lines in pages
    ]
    alike = Counter(key for edge in edges for key in {_running_key(line) for line in edge})
    numbered = sum(any(_PAGE_NUMBER.fullmatch(line.text) for line in edge) for edge in edges)
    found, places = set(), Counter[int]()
    for edge in edges:
        for line in edge:
            number = _PAGE_NUMBER.fullmatch(line.text) and numbered > 1
            if number or alike[_running_key(line)] >= _REPEATED:
                found.add(id(line))
                places[round(line.baseline)] += 1
    usual = {place for place, count in places.items() if count >= _REPEATED}
    return found | {id(edge[0]) for edge in edges if edge and round(edge[0].baseline) in usual}


def _running_key(line: PdfLine) -> str:
    return f"{round(line.baseline / 4)} {re.sub(r'[0-9ivxlc]+', '#', line.text.casefold())}"
