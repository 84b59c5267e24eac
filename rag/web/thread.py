"""A conversation as HTML: questions, and the cards of their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag import wording
from rag.answering import Library
from rag.errors import ParallaxError
from rag.records import Answer, Citation, Document
from rag.web.badges import Shapes, shapes_of
from rag.web.markup import render


@dataclass(frozen=True)
class Turn:
    """A question with what came of it: an answer, an error, or as yet nothing.

    Attributes:
        number: its place in the conversation, from 1.
        documents: those of the library that answered, by id, as they were when it did.
        shapes: the symbols of that library's perspectives.
    """

    number: int
    question: str
    answer: Answer | None = None
    error: ParallaxError | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)

    def answered(self, answer: Answer, library: Library) -> "Turn":
        """The turn with its answer, and what of the library its quotes need."""
        shapes = shapes_of(each.id for each in library.perspectives)
        return replace(self, answer=answer, documents=library.documents, shapes=shapes)

    @property
    def citations(self) -> Sequence[Citation]:
        """The quotes that it shows, as evidence or as what was nearest."""
        if self.answer is None:
            return ()
        abstention = self.answer.abstention
        return abstention.nearest if abstention else self.answer.citations

    @property
    def asked_as(self) -> str:
        """That the question before was searched for too; empty if it was not."""
        return wording.asked_as_line(self.answer) if self.answer else ""

    @property
    def coverage(self) -> str:
        """How many quotes there are from how many sources."""
        return wording.coverage_line(self.answer) if self.answer else ""

    @property
    def lacking(self) -> str:
        """Which labels no source of the library carries."""
        return wording.lacking_line(self.answer) if self.answer else ""

    @property
    def match(self) -> str:
        """How closely the library matches the question."""
        return wording.match_line(self.answer) if self.answer else ""

    @property
    def remedy(self) -> str:
        """What to do about the error."""
        return wording.on_page(self.error.remedy) if self.error else ""

    def reference(self, citation: Citation) -> str:
        """A quote with its citation, to be copied."""
        return wording.reference(citation, self.documents[citation.document])

    @staticmethod
    def place(citation: Citation) -> str:
        """File and offsets of a quote."""
        return wording.place_line(citation)


def thread_html(turns: Sequence[Turn]) -> str:
    """The whole conversation."""
    return render("thread.html", turns=turns, nearest_heading=wording.NEAREST_HEADING)


def said_html(turn: Turn) -> str:
    """What came of a question in a line, to be read aloud."""
    said = turn.coverage
    if turn.error:
        said = turn.error.message
    elif turn.answer and turn.answer.abstention:
        said = turn.answer.abstention.message
    return render("said.html", said=said)


def welcome_html(library: Library) -> str:
    """What stands there before the first question: the questions to begin with."""
    sources = wording.counted(len(library.documents), "source")
    return render("welcome.html", sources=sources, questions=library.questions)
