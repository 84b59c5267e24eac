"""A whole source as HTML, with a quote marked and what is not the document folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag import wording
from rag.lines import lines_of
from rag.records import Citation, Document, Furniture, Span
from rag.web.badges import Shapes
from rag.web.markup import render


@dataclass(frozen=True)
class Piece:
    """A run of a paragraph's text, all of it quoted or nothing of it."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Block:
    """A paragraph, or neighbouring spans that are left out together.

    Attributes:
        pieces: what is shown, in order.
        space: the white space after it, which is there but takes no room.
        left_out: what is left out here; empty for a paragraph.
    """

    pieces: tuple[Piece, ...]
    space: str = ""
    left_out: str = ""

    @property
    def text(self) -> str:
        """Its text, character by character."""
        return "".join(piece.text for piece in self.pieces) + self.space


def reader_html(document: Document, citation: Citation | None, shapes: Shapes) -> str:
    """The source with its label, its basis, and its text, in which the citation is marked."""
    return render(
        "reader.html",
        document=document,
        citation=citation,
        shapes=shapes,
        blocks=blocks_of(document, citation),
        no_basis=wording.NO_BASIS,
    )


def blocks_of(document: Document, quote: Span | Citation | None) -> list[Block]:
    """The document cut into blocks; their texts, joined, are the document's text."""
    text = document.text
    folds = list(_folds(document))
    lines = {line.start for line in lines_of(text)}
    edges = {edge for start, end, _ in folds for edge in (start, end)}
    inside = {at for at in lines for start, end, _ in folds if start < at < end}
    cuts = sorted({0, len(text)} | (lines - inside) | edges)
    left_out = {start: told for start, _, told in folds}
    return [
        _block(text, start, end, quote, left_out.get(start, "")) for start, end in pairwise(cuts)
    ]


def _block(
    text: str, start: int, end: int, quote: Span | Citation | None, left_out: str
) -> Block:
    if left_out:
        return Block(pieces=(Piece(text[start:end], quoted=False),), left_out=left_out)
    shown = start + len(text[start:end].rstrip())
    edges = {quote.start, quote.end} if quote else set()
    cuts = sorted({start, shown} | {edge for edge in edges if start < edge < shown})
    pieces = tuple(
        Piece(text[here:there], quoted=bool(quote) and quote.start <= here < quote.end)
        for here, there in pairwise(cuts)
    )
    return Block(pieces=pieces, space=text[shown:end])


def _folds(document: Document) -> Iterator[tuple[int, int, str]]:
    """Start, end and description of each run of furniture with only white space inside."""
    run: list[Furniture] = []
    for span in document.furniture:
        if run and document.text[run[-1].end : span.start].strip():
            yield _fold(document.text, run)
            run = []
        run.append(span)
    if run:
        yield _fold(document.text, run)


def _fold(text: str, run: Sequence[Furniture]) -> tuple[int, int, str]:
    start, end = run[0].start, run[-1].end
    reasons = dict.fromkeys(span.reason for span in run)
    lines = wording.counted(len(text[start:end].splitlines()), "line")
    return start, end, f"{lines} left out: {', '.join(reasons)}"
