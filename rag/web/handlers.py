"""What happens on the page, without the page: from what a session holds to what it holds next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag import wording
from rag.answering import Library
from rag.errors import PageForgotten, SourceGone
from rag.holdings import labels_of
from rag.index.log import lacking_since
from rag.links import Link, located
from rag.records import AlsoIn, Citation, Document, Filter, Record, Span
from rag.web.badges import Shapes, shapes_of
from rag.web.failures import reported
from rag.web.reader import reader_html
from rag.web.shelf import Shelf
from rag.web.thread import Turn
from rag.wording.language import say

Turns = tuple[Turn, ...]


class Opening(Record):
    """Which source to open, as the browser tells it: of a quote, of a figure, by itself, by a link.

    Attributes:
        also: which of the other sources that hold the quote, from 1; 0 for its own.
        figure: which of the turn's figures, from 1; 0 for a quote.
        cite: the address of a permanent link; empty for none.
        at: which of the page's wishes this is, so that it knows the reply to its newest one.
    """

    turn: int = 0
    citation: int = 0
    also: int = 0
    figure: int = 0
    document: str = ""
    cite: str = ""
    at: int = 0


def ask(shelf: Shelf, question: str, only: Filter, turns: Turns) -> Iterator[Turns]:
    """The conversation with one question more: first without its answer, then with it."""
    number = max((each.number for each in turns), default=0) + 1
    turn = Turn(number=number, question=question.strip(), heard=only)
    return answering(shelf, (*stopped(turns), turn))


def ask_again(
    shelf: Shelf, number: int, only: Filter, question: str, turns: Turns
) -> Iterator[Turns]:
    """The conversation with a question of it asked anew, after those that stand before it.

    Args:
        shelf: whose library answers.
        number: of the turn that holds the question.
        only: the filter that acts now.
        question: what is asked in its place; empty for the same.
        turns: the conversation.
    """
    anew = (
        each.unanswered(only, question.strip()) if each.number == number else each
        for each in stopped(turns)
    )
    return answering(shelf, tuple(anew))


def answering(shelf: Shelf, turns: Turns) -> Iterator[Turns]:
    """The conversation as it stands, then after each question that waits for an answer.

    After one that cannot be answered, the others are asked still.
    """
    yield turns
    for place, turn in enumerate(turns):
        if not turn.waits:
            continue
        try:
            answered = _answered(shelf, turn, turns[:place])
        except Exception as error:
            answered = replace(turn, error=reported(error))
        turns = (*turns[:place], answered, *turns[place + 1 :])
        yield turns


def _answered(shelf: Shelf, turn: Turn, before: Turns) -> Turn:
    library = shelf.library()
    heard = turn.heard
    if _are_all(heard.perspectives, library):
        heard = heard.model_copy(update={"perspectives": ()})
    history = [each.question for each in before if each.answer]
    return turn.answered(library.ask(turn.question, history, heard), library)


def stopped(turns: Turns) -> Turns:
    """The conversation once nobody waits for an answer any more."""
    return tuple(replace(each, stopped=True) if each.waits else each for each in turns)


def _are_all(heard: Sequence[str], library: Library) -> bool:
    """Whether every label is ticked that any source carries, which is to hear all."""
    return {*labels_of(library.documents).values()} <= {*heard}


def opened(shelf: Shelf, opening: Opening, turns: Turns, *, owner: bool = False) -> str:
    """The source that somebody wants to read, as HTML.

    Raises:
        SourceGone: there is no such source, or not any more.
        PageForgotten: there is no such turn, or the server does not know of it any more.
        LinkUnreadable: the permanent link is damaged.
    """
    library = shelf.library()
    if opening.cite:
        return _linked(library, Link.read(opening.cite), shelf.index if owner else None)
    if opening.document:
        return reader_html(_held(library.documents.get(opening.document)), None, _shapes(library))
    turn = next((each for each in turns if each.number == opening.turn), None)
    if turn is None:
        raise PageForgotten(say("page-forgotten"), say("page-forgotten-remedy"))
    named, quoted = _quoted(turn, opening)
    document = _held(turn.documents[named] if quoted else None)
    note = wording.sources.since_line(document, library.documents.get(document.id))
    return reader_html(document, quoted, turn.shapes, note, _others(turn, document, quoted))


def _linked(library: Library, link: Link, index: Path | None) -> str:
    """The source that holds what a permanent link was made for, and what has become of that.

    Without the index, whose log of builds only the owner reads, it is not said since when a source
    is gone: a link may name whatever file somebody wonders about.
    """
    found = located(link, library.documents)
    if found.document is None:
        build = lacking_since(index, link.document) if index else None
        since = wording.builds.lacking_line(build)
        removed = " ".join(filter(None, [say("link-removed"), since]))
        raise SourceGone(removed, say("link-removed-remedy"))
    document = library.documents[found.document]
    note = wording.sources.located_line(link, found, document)
    return reader_html(document, found.span, _shapes(library), note)


def _shapes(library: Library) -> Shapes:
    return shapes_of(each.id for each in library.perspectives)


def _others(
    turn: Turn, document: Document, quoted: Citation | Span | None
) -> list[tuple[int, Span]]:
    """The other quotes of the same answer in a document, by their numbers."""
    return [
        (citation.number, Span(start=place.start, end=place.end))
        for citation in turn.citations
        for place in _places(citation)
        if place.document == document.id and place is not quoted
    ]


def _places(citation: Citation) -> Iterator[Citation | AlsoIn]:
    """Where a quote's words stand: in its own source and in others."""
    yield citation
    yield from citation.also_in


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
        raise SourceGone(say("source-gone"), say("source-gone-remedy"))
    return document
