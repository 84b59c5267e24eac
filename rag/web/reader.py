"""A whole source as HTML, with a quote marked and what is not the document folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag import wording
from rag.errors import ParallaxError
from rag.lines import lines_of
from rag.records import UNLABELLED, AssignedPerspective, Citation, Document, Furniture, Span
from rag.web.badges import Shapes
from rag.web.markup import render


@dataclass(frozen=True)
class Piece:
    """A run of a paragraph's text, all of it quoted or nothing of it."""

    text: str
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


def gone_html(error: ParallaxError) -> str:
    """Why there is no source to read."""
    return render("gone.html", message=error.message, remedy=wording.plain.on_page(error.remedy))


def reader_html(
    document: Document, quoted: Citation | Span | None, shapes: Shapes, note: str = ""
) -> str:
    """The source with its label, its basis, and its text, in which what is quoted is marked.

    A note says what has become of the source since.
    """
    also_in = quoted.also_in if isinstance(quoted, Citation) else ()
    return render(
        "reader.html",
        document=document,
        quoted=quoted,
        also_in=[wording.sources.also_in_line(each) for each in also_in],
        shapes=shapes,
        note=note,
        blocks=blocks_of(document, quoted),
        no_basis=_no_basis(document.source.perspective),
        review_line=wording.sources.review_line(document.source.perspective),
        former=[
            wording.sources.former_line(label) for label in document.source.perspective.history
        ],
    )


def _no_basis(label: AssignedPerspective) -> str:
    """What stands where no basis does; empty where one does."""
    if label.id == UNLABELLED:
        return wording.sources.NO_LABEL
    return "" if label.basis else wording.sources.NO_BASIS


def blocks_of(document: Document, quote: Citation | Span | None) -> list[Block]:
    """The document cut into blocks; their texts, joined, are the document's text.

    A paragraph that runs over the end of a page is two blocks, and so is what is left out there:
    each page begins with a block of its own.
    """
    text = document.text
    quoted = range(quote.start, quote.end) if quote else range(0)
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
            _block(text, range(start, end), quoted, left_out.get(start, "")),
            heading=start in in_headings,
            page=pages.get(start),
        )
        for start, end in pairwise(cuts)
    ]


def _block(text: str, run: range, quoted: range, left_out: str) -> Block:
    whole = text[run.start : run.stop]
    if left_out:
        return Block(pieces=(Piece(whole, quoted=False),), left_out=left_out)
    shown = range(run.start, run.start + len(whole.rstrip()))
    edges = {edge for edge in (quoted.start, quoted.stop) if edge in shown}
    pieces = tuple(
        Piece(text[start:end], quoted=start in quoted)
        for start, end in pairwise(sorted({shown.start, shown.stop} | edges))
    )
    return Block(pieces=pieces, space=text[shown.stop : run.stop])


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
    return (
        f"{wording.plain.counted(len(lines), 'line')} left out: {', '.join(dict.fromkeys(reasons))}"
    )
