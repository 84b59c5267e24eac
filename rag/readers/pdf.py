"""PDF: the text layer of each page in the order in which the file draws it, by PDFium.

`start` and `end` refer to that text, not to the file. What a reader sees as one paragraph is one
line, words that were divided at line ends are whole again, and ligatures are their letters, so that
words are found. Running heads, feet and page numbers are marked as furniture; where a paragraph
runs over the end of a page they stand before it. Form fields, annotations and pictures are not
read. Footnotes stand where the page has them. When the file was made says nothing of when its text
was published, so there is no date.
"""

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from math import hypot
from statistics import median_high

import pypdfium2 as pdfium
from pypdfium2 import raw

from rag.errors import SeedUnreadable
from rag.readers import stated
from rag.readers.building import TextBuilder
from rag.readers.pdf_layout import (
    SAME_SIZE,
    PageLayout,
    Paragraph,
    PdfLine,
    body_size,
    goes_on,
    is_heading,
    joint,
    layouts_of,
    outline_key,
    vocabulary_of,
)
from rag.records import Metadata, Notice, Page, Reading

_HYPHEN = 0x02
"""What PDFium gives for a hyphen that divides a word at the end of a line."""

_LINE_ENDS = frozenset(map(ord, "\r\n\v\f\x85\u2028\u2029"))

_MAY_RUN_DOWNWARDS = 0x1100
"""From here on are the scripts of East Asia, whose lines run downwards, too."""

_TILT = 0.01
"""Radians that a letter may be turned by and is upright still."""

_SAMPLED = 8
"""Of about so many letters of a line the size and the baseline are asked, against superscripts."""

_NAMED_PAGES = 10
"""So many pages without text are named in a notice one by one."""


def read(data: bytes, name: str) -> Reading:
    """The text of a PDF file with its pages, headings, running heads and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is damaged, needs a password, or has no text layer.
    """
    document = _open(data, name)
    pages = [_lines(document, number) for number in range(1, len(document) + 1)]
    if not any(pages):
        raise SeedUnreadable(
            f"{name}: has no text layer: its {len(pages)} pages are pictures, as of a scan",
            "Run OCR on it (such as ocrmypdf) and put the result into the seeds.",
        )
    writer = _Writer(pages, _outline(document))
    writer.write(layouts_of(pages))
    return Reading(
        text=writer.text,
        encoding="pdf",
        pages=writer.pages,
        headings=tuple(writer.headings),
        furniture=tuple(writer.furniture),
        metadata=_metadata(document),
        notices=_notices(document, pages, name),
    )


def _open(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise SeedUnreadable(
                f"{name}: encrypted: it opens only with a password", "Save it without a password."
            ) from error
        raise SeedUnreadable(
            f"{name}: damaged, incomplete, or no PDF file at all",
            "Get the file again, or check that its name ends as its format does.",
        ) from error
    if len(document) == 0:
        raise SeedUnreadable(f"{name}: has no pages", "Get the file again.")
    return document


def _lines(document: pdfium.PdfDocument, number: int) -> list[PdfLine]:
    """The lines of one page in reading order; none for a page that PDFium cannot load."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return []
    text_page = page.get_textpage()
    codes = [raw.FPDFText_GetUnicode(text_page, n) for n in range(text_page.count_chars())]
    edges = _line_edges(codes, _begun(text_page, codes))
    lines = [_line(text_page, codes, first, end, number) for first, end in edges]
    text_page.close()
    page.close()
    return lines


def _begun(text_page: pdfium.PdfTextPage, codes: Sequence[int]) -> set[int]:
    """Places that begin a line though no line end stands before them.

    PDFium takes a line of one letter for a part of one that runs downwards.
    """
    begun: set[int] = set()
    left, above = 0.0, 0.0
    for place, code in enumerate(codes):
        if not _is_seen(code):
            continue
        x, y = _origin(text_page, place)
        back = place and _is_seen(codes[place - 1]) and x <= left and y < above
        upright = back and code < _MAY_RUN_DOWNWARDS and _is_upright(text_page, place)
        if upright and above - y > _size(text_page, place) / 2:
            begun.add(place)
        left, above = x, y
    return begun


def _is_upright(text_page: pdfium.PdfTextPage, place: int) -> bool:
    angle: float = raw.FPDFText_GetCharAngle(text_page, place)
    return abs(angle) < _TILT


def _line_edges(codes: Sequence[int], begun: Set[int]) -> Iterator[tuple[int, int]]:
    """First and last place, one further, of each line that has any character to be seen."""
    start = 0
    for place, code in enumerate([*codes, ord("\n")]):
        ends = code in _LINE_ENDS or code == _HYPHEN
        if ends or place in begun:
            end = place + (code == _HYPHEN)
            seen = [n for n in range(start, end) if _is_seen(codes[n])]
            if seen:
                yield seen[0], end if code == _HYPHEN else seen[-1] + 1
            start = place + ends


def _is_seen(code: int) -> bool:
    return code > 0x20 and not 0x7F <= code <= 0xA0 and code not in (0xFFFE, 0xFFFF)


def _line(
    text_page: pdfium.PdfTextPage, codes: Sequence[int], first: int, end: int, page: int
) -> PdfLine:
    hyphenated = codes[end - 1] == _HYPHEN
    kept = [code if code != 0xA0 else 0x20 for code in codes[first : end - hyphenated]]
    units = "".join(chr(code) for code in kept if code == 0x20 or _is_seen(code))
    # PDFium gives what lies beyond U+FFFF in two halves.
    text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    left = text_page.get_charbox(first, loose=True)[0]
    right = text_page.get_charbox(end - 1, loose=True)[2]
    seen = [place for place in range(first, end) if _is_seen(codes[place])] or [first]
    sampled = seen[:: max(1, len(seen) // _SAMPLED)]
    size = median_high(_size(text_page, place) for place in sampled)
    baseline = median_high(_baseline(text_page, place) for place in sampled)
    return PdfLine(" ".join(text.split()), page, left, right, baseline, size, hyphenated)


def _size(text_page: pdfium.PdfTextPage, place: int) -> float:
    """The size of a letter as printed, in points."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, place, matrix)
    scale = hypot(matrix.c, matrix.d) or 1.0
    return round(float(raw.FPDFText_GetFontSize(text_page, place)) * scale, 1)


def _baseline(text_page: pdfium.PdfTextPage, place: int) -> float:
    return _origin(text_page, place)[1]


def _origin(text_page: pdfium.PdfTextPage, place: int) -> tuple[float, float]:
    """Where a letter stands on its baseline, in points from the left and from below."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, place, x, y)
    return float(x.value), float(y.value)


def _outline(document: pdfium.PdfDocument) -> Mapping[int, Set[str]]:
    """What the outline says stands on each page, the page before and the page after it."""
    titles: defaultdict[int, set[str]] = defaultdict(set)
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            for number in (index, index + 1, index + 2):
                titles[number].add(outline_key(bookmark.get_title()))
    return titles


def _metadata(document: pdfium.PdfDocument) -> Metadata:
    said = document.get_metadata_dict()
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    return Metadata(
        title=stated.title(said.get("Title")),
        author=stated.person(said.get("Author")),
        language=stated.language("".join(map(chr, buffer)).rstrip("\0")),
    )


def _notices(
    document: pdfium.PdfDocument, pages: Sequence[Sequence[PdfLine]], name: str
) -> tuple[Notice, ...]:
    """That pages have no text, though something is drawn on them."""
    empty = [n for n, lines in enumerate(pages, start=1) if not lines and _is_drawn_on(document, n)]
    if not empty:
        return ()
    named = ", ".join(map(str, empty[:_NAMED_PAGES]))
    more = f" and {len(empty) - _NAMED_PAGES} more" if len(empty) > _NAMED_PAGES else ""
    message = f"no text on {len(empty)} of its {len(pages)} pages: {named}{more}"
    remedy = "if they are scanned, run OCR on the file"
    return (Notice(file=name, message=message, remedy=remedy),)


def _is_drawn_on(document: pdfium.PdfDocument, number: int) -> bool:
    try:
        return bool(raw.FPDFPage_CountObjects(document[number - 1]) > 0)
    except pdfium.PdfiumError:
        return True


class _Writer(TextBuilder):
    """Puts the paragraphs of all pages into one text, and keeps where each page is."""

    def __init__(self, pages: Sequence[Sequence[PdfLine]], titles: Mapping[int, Set[str]]) -> None:
        super().__init__()
        every = [line for lines in pages for line in lines]
        self._body = body_size(every)
        self._vocabulary = vocabulary_of(every)
        self._titles = titles
        self._spans: dict[int, tuple[int, int]] = {}

    @property
    def pages(self) -> tuple[Page, ...]:
        """The span of each page that has text."""
        spans = sorted(self._spans.items())
        return tuple(Page(start=s, end=e, number=number) for number, (s, e) in spans)

    def write(self, layouts: Sequence[PageLayout]) -> None:
        """Write all pages, paragraphs that run over the end of a page in one piece."""
        carried: Paragraph = []
        for layout, after in pairwise([*layouts, PageLayout([], [], [])]):
            paragraphs = list(layout.paragraphs)
            self._running(layout.heads, carried)
            if carried:
                paragraphs[0] = [*carried, *paragraphs[0]]
            carried = self._carried(paragraphs, after)
            for paragraph in paragraphs:
                self._paragraph(paragraph)
            self._running(layout.feet, carried)

    def _carried(self, paragraphs: list[Paragraph], after: PageLayout) -> Paragraph:
        """Take out the last paragraph above the footnotes if it goes on on the next page.

        One that began on the page before stays, so that the pages' spans keep their order.
        """
        if not after.paragraphs:
            return []
        for number in reversed(range(len(paragraphs))):
            if paragraphs[number][-1].size > (1 - SAME_SIZE) * self._body:
                first, last = paragraphs[number][0], paragraphs[number][-1]
                over = goes_on(paragraphs[number], after.paragraphs[0][0])
                return paragraphs.pop(number) if over and first.page == last.page else []
        return []

    def _running(self, lines: Sequence[PdfLine], carried: Paragraph) -> None:
        for line in lines:
            span = self.add(line.text, furniture="running head, foot or page number")
            # What an earlier page begins and is still to come ends that page.
            if span and (not carried or carried[0].page == line.page):
                self._note(line.page, span.start, span.end)

    def _paragraph(self, paragraph: Paragraph) -> None:
        text, ends = paragraph[0].text, [len(paragraph[0].text)]
        for line, following in pairwise(paragraph):
            between = joint(line, following, self._vocabulary)
            text += between + following.text
            ends.append(len(text))
        titles = self._titles.get(paragraph[0].page, frozenset())
        span = self.add(text, heading=is_heading(paragraph, self._body, titles))
        for line, end in zip(paragraph, ends, strict=True):
            if span:
                self._note(line.page, span.start + end - len(line.text), span.start + end)

    def _note(self, page: int, start: int, end: int) -> None:
        first, _ = self._spans.get(page, (start, end))
        self._spans[page] = (first, end)
