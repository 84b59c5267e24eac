"""A whole source as HTML, with a quote marked and what is not the document folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from rag import wording
from rag.lines import lines_of
from rag.links import address_of
from rag.originals import original_at, site_of
from rag.records import UNLABELLED, AssignedPerspective, Citation, Document, Furniture, Span
from rag.web.badges import Shapes
from rag.web.markup import render
from rag.wording.language import say
from rag.wording.plain import called

Others = Sequence[tuple[int, Span]]
"""Further quotes of the same answer in a document, with their numbers."""


@dataclass(frozen=True)
class Piece:
    """A run of a paragraph's text, all of it part of a quote or nothing of it.

    Attributes:
        quoted: whether it is of the quote that is read.
        other: whether it is of another quote of the same answer.
        number: of the quote that begins with it, in the answer; 0 for none.
    """

    text: str
    quoted: bool = False
    other: bool = False
    number: int = 0


@dataclass(frozen=True)
class _Mark:
    """A quote in the text: the one that is read, or another."""

    run: range
    number: int
    quoted: bool


@dataclass(frozen=True)
class Block:
    """A paragraph, or neighbouring spans that are left out together; of either what one page holds.

    Attributes:
        pieces: what is shown, in order.
        space: the white space after it, which is there but takes no room.
        heading: whether the paragraph is a heading.
        page: number of the page that begins with it, for a document that has pages.
        left_out: what is left out here; empty for a paragraph.
    """

    pieces: tuple[Piece, ...]
    space: str = ""
    left_out: str = ""
    heading: bool = False
    page: int | None = None

    @property
    def text(self) -> str:
        """Its text, character by character."""
        return "".join(piece.text for piece in self.pieces) + self.space

    @property
    def quoted(self) -> bool:
        """Whether something of the quote that is read stands in it."""
        return any(piece.quoted for piece in self.pieces)


def reply_html(at: int, shown: str) -> str:
    """A source, or why there is none, with the number of the wish that it is the reply to."""
    return render("reply.html", at=at, shown=Markup(shown))  # noqa: S704


def gone_html(failure: str) -> str:
    """Why there is no source to read, which is HTML already, with the way back."""
    return render("gone.html", failure=Markup(failure))  # noqa: S704


def reader_html(
    document: Document,
    quoted: Citation | Span | None,
    shapes: Shapes,
    note: str = "",
    others: Others = (),
) -> str:
    """The source with its label, its basis, and its text, in which what is quoted is marked.

    A note says what has become of the source or of the quote since.
    """
    also_in = quoted.also_in if isinstance(quoted, Citation) else ()
    label = document.source.perspective
    return render(
        "reader.html",
        document=document,
        quoted=quoted,
        also_in=[wording.sources.also_in_line(each) for each in also_in],
        shapes=shapes,
        note=note,
        others=len({number for number, _ in others}),
        link=address_of(quoted, document) if quoted else "",
        original=original_at(document, quoted),
        site=site_of(document.source.url),
        blocks=blocks_of(document, quoted, others),
        no_basis=_no_basis(label),
        from_file=[wording.sources.field_name(each) for each in document.source.from_file],
        former=[wording.sources.former_line(each) for each in label.history],
    )


def _no_basis(label: AssignedPerspective) -> str:
    """What stands where no basis does; empty where one does."""
    if label.id == UNLABELLED:
        return say("no-label")
    return "" if label.basis else say("no-basis")


def blocks_of(
    document: Document, quote: Citation | Span | None, others: Others = ()
) -> list[Block]:
    """The document cut into blocks; their texts, joined, are the document's text.

    A paragraph that runs over the end of a page is two blocks, and so is what is left out there:
    each page begins with a block of its own.
    """
    text = document.text
    marks = list(_marks(quote, others))
    folds = list(_folds(document))
    lines = {line.start for line in lines_of(text)}
    edges = {edge for start, end, _ in folds for edge in (start, end)}
    inside = {at for at in lines for start, end, _ in folds if start < at < end}
    pages = {page.start: page.number for page in document.pages}
    cuts = sorted({0, len(text)} | (lines - inside) | edges | set(pages))
    left_out = {start: told for start, _, told in folds}
    headings = [range(s.start, s.end) for s in document.sentences if s.kind == "heading"]
    in_headings = {at for heading in headings for at in heading}
    return [
        replace(
            _block(text, range(start, end), marks, left_out.get(start, "")),
            heading=start in in_headings,
            page=pages.get(start),
        )
        for start, end in pairwise(cuts)
    ]


def _marks(quote: Citation | Span | None, others: Others) -> Iterator[_Mark]:
    """What is marked, the quote that is read before others that share text with it."""
    if quote:
        number = quote.number if isinstance(quote, Citation) else 0
        yield _Mark(range(quote.start, quote.end), number, quoted=True)
    for number, span in others:
        yield _Mark(range(span.start, span.end), number, quoted=False)


def _block(text: str, run: range, marks: Sequence[_Mark], left_out: str) -> Block:
    whole = text[run.start : run.stop]
    length = len(whole) if left_out else len(whole.rstrip())
    shown = range(run.start, run.start + length)
    edges = {edge for mark in marks for edge in (mark.run.start, mark.run.stop) if edge in shown}
    pieces = tuple(
        _piece(text, start, end, marks)
        for start, end in pairwise(sorted({shown.start, shown.stop} | edges))
    )
    return Block(pieces=pieces, space=text[shown.stop : run.stop], left_out=left_out)


def _piece(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Piece:
    mark = next((each for each in marks if start in each.run), None)
    if mark is None:
        return Piece(text[start:end])
    number = mark.number if start == mark.run.start else 0
    return Piece(text[start:end], quoted=mark.quoted, other=not mark.quoted, number=number)


def _folds(document: Document) -> Iterator[tuple[int, int, str]]:
    """Start, end and description of what is left out: each run of furniture, cut where pages are.

    A run is furniture with only white space between.
    """
    for run in _runs(document):
        whole = range(run[0].start, run[-1].end)
        cuts = {page.start for page in document.pages if page.start in whole}
        for start, end in pairwise(sorted({whole.start, whole.stop} | cuts)):
            reasons = [span.reason for span in run if span.start < end and start < span.end]
            yield start, end, _told(document.text[start:end], reasons)


def _runs(document: Document) -> Iterator[Sequence[Furniture]]:
    run: list[Furniture] = []
    for span in document.furniture:
        if run and document.text[run[-1].end : span.start].strip():
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _told(text: str, reasons: Sequence[str]) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return say(
        "reader-left-out",
        lines=wording.plain.counted(len(lines), "line"),
        reasons=", ".join(called("reason", each) for each in dict.fromkeys(reasons)),
    )
