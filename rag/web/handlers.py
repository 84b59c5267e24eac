"""What happens on the page, without the page: from what a session holds to what it holds next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag import wording
from rag.answering import Library
from rag.errors import ParallaxError, SourceGone, VerbatimError
from rag.records import AlsoIn, Citation, Document, Record, Span
from rag.web.badges import shapes_of
from rag.web.reader import reader_html
from rag.web.shelf import Shelf
from rag.web.thread import Turn

Turns = tuple[Turn, ...]

DEFECT = ParallaxError(*wording.plain.DEFECT)
"""What is shown instead of an error that nobody foresaw; that one goes to the terminal."""


class Opening(Record):
    """Which source to open, as the browser tells it: of a quote, of a figure, or by itself.

    Attributes:
        also: which of the other sources that hold the quote, from 1; 0 for its own.
        figure: which of the turn's figures, from 1; 0 for a quote.
    """

    turn: int = 0
    citation: int = 0
    also: int = 0
    figure: int = 0
    document: str = ""


def ask(shelf: Shelf, question: str, heard: Sequence[str], turns: Turns) -> Iterator[Turns]:
    """The conversation with one question more: first without its answer, then with it."""
    turn = Turn(number=len(turns) + 1, question=question.strip())
    yield (*turns, turn)
    history = [each.question for each in turns if each.answer]
    try:
        library = shelf.library()
        heard = () if _are_all(heard, library) else heard
        turn = turn.answered(library.ask(turn.question, history, heard), library)
    except Exception as error:
        yield (*turns, replace(turn, error=told(error)))
        if told(error) is DEFECT:
            raise
    else:
        yield (*turns, turn)


def _are_all(heard: Sequence[str], library: Library) -> bool:
    """Whether every label is ticked that any source carries, which is to hear all."""
    return {each.source.perspective.id for each in library.documents.values()} <= set(heard)


def opened(shelf: Shelf, opening: Opening, turns: Turns) -> str:
    """The source that somebody wants to read, as HTML.

    Raises:
        SourceGone: there is no such source, or not any more.
    """
    library = shelf.library()
    if opening.document:
        shapes = shapes_of(each.id for each in library.perspectives)
        return reader_html(_held(library.documents.get(opening.document)), None, shapes)
    turn = next((each for each in turns if each.number == opening.turn), None)
    named, quoted = _quoted(turn, opening) if turn else ("", None)
    document = _held(turn.documents[named] if turn and quoted else None)
    note = wording.sources.since_line(document, library.documents.get(document.id))
    return reader_html(document, quoted, turn.shapes if turn else {}, note)


def told(error: Exception) -> ParallaxError:
    """What the page says of an error: that itself if it was foreseen, else `DEFECT`."""
    if isinstance(error, VerbatimError) or not isinstance(error, ParallaxError):
        return DEFECT
    return error


def _quoted(turn: Turn, opening: Opening) -> tuple[str, Citation | Span | None]:
    """The document, and what of it is opened: a quote, or the sentence that holds a figure."""
    if opening.figure:
        figure = turn.figures.get(opening.figure)
        return (figure.document, figure.sentence) if figure else ("", None)
    citation = next((each for each in turn.citations if each.number == opening.citation), None)
    quoted: Citation | AlsoIn | None = citation
    if citation and opening.also:
        quoted = dict(enumerate(citation.also_in, start=1)).get(opening.also)
    return (quoted.document, quoted) if quoted else ("", None)


def _held(document: Document | None) -> Document:
    if document is None:
        raise SourceGone(
            "This source is not in the library any more.", "Close this, and look at the list again."
        )
    return document
