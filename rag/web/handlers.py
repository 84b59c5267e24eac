"""What happens on the page, without the page: from what a session holds to what it holds next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag import wording
from rag.errors import ParallaxError, QuestionError, VerbatimError
from rag.records import Citation, Document, Record
from rag.web.badges import shapes_of
from rag.web.reader import reader_html
from rag.web.shelf import Shelf
from rag.web.thread import Turn

Turns = tuple[Turn, ...]

DEFECT = ParallaxError(*wording.DEFECT)
"""What is shown instead of an error that nobody foresaw; that one goes to the terminal."""


class Opening(Record):
    """Which source to open, as the browser tells it: of a quote, or by itself."""

    turn: int = 0
    citation: int = 0
    document: str = ""


def ask(shelf: Shelf, question: str, heard: Sequence[str], turns: Turns) -> Iterator[Turns]:
    """The conversation with one question more: first without its answer, then with it."""
    turn = Turn(number=len(turns) + 1, question=question.strip())
    yield (*turns, turn)
    history = [each.question for each in turns if each.answer]
    try:
        library = shelf.library()
        turn = turn.answered(library.ask(turn.question, history, heard), library)
    except Exception as error:
        foreseen = _foreseen(error)
        yield (*turns, replace(turn, error=foreseen or DEFECT))
        if not foreseen:
            raise
    else:
        yield (*turns, turn)


def opened(shelf: Shelf, opening: Opening, turns: Turns) -> str:
    """The source that somebody wants to read, as HTML.

    Raises:
        QuestionError: there is no such source, or not any more.
    """
    if opening.document:
        library = shelf.library()
        shapes = shapes_of(each.id for each in library.perspectives)
        return reader_html(_held(library.documents.get(opening.document)), None, shapes)
    turn = next((each for each in turns if each.number == opening.turn), None)
    citation = _cited(turn, opening.citation) if turn else None
    document = turn.documents[citation.document] if turn and citation else None
    return reader_html(_held(document), citation, turn.shapes if turn else {})


def _foreseen(error: Exception) -> ParallaxError | None:
    if isinstance(error, VerbatimError) or not isinstance(error, ParallaxError):
        return None
    return error


def _cited(turn: Turn, number: int) -> Citation | None:
    return next((each for each in turn.citations if each.number == number), None)


def _held(document: Document | None) -> Document:
    if document is None:
        raise QuestionError(
            "this source is not held any more",
            "Ask again, or open it from the library.",
        )
    return document
