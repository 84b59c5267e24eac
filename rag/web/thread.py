"""A conversation as HTML: questions, and the cards of their answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from markupsafe import Markup

from rag import wording
from rag.answering import Library
from rag.errors import ParallaxError
from rag.export import Told, turn_markdown
from rag.index.manifest import now
from rag.links import address_of
from rag.records import (
    EVERYTHING,
    Answer,
    Citation,
    Comparison,
    Coverage,
    Document,
    Figure,
    Filter,
    Words,
)
from rag.web.badges import Shapes, shapes_of
from rag.web.markup import render
from rag.wording.answers import Share
from rag.wording.language import current

Groups = Mapping[str, Sequence[tuple[int, Figure]]]
"""Words of figures -> those figures, each with its number in the turn, from 1."""


@dataclass(frozen=True)
class Compared:
    """A comparison as it is shown; under one heading, all figures agree or all differ."""

    agreed: bool
    about: Sequence[Words]
    groups: Groups


@dataclass(frozen=True)
class Turn:
    """A question with what came of it: an answer, an error, nothing as yet, or nothing at all.

    Attributes:
        number: tells it from the other turns of the conversation; it grows from 1.
        heard: the filter that it was asked with.
        stopped: whether somebody no longer wanted to wait for the answer.
        earlier: id of the generation that answered it before it was asked again.
        documents: those of the library that answered, by id, as they were when it did.
        shapes: the symbols of that library's perspectives.
        made: when it was answered.
        instead: the question that was edited into this one; empty once this one is answered.
    """

    number: int
    question: str
    answer: Answer | None = None
    error: ParallaxError | None = None
    heard: Filter = EVERYTHING
    stopped: bool = False
    earlier: str = ""
    documents: Mapping[str, Document] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)
    made: datetime | None = None
    instead: str = ""
    _html: dict[tuple[str, int], str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def answered(self, answer: Answer, library: Library) -> "Turn":
        """The turn with its answer, and what of the library its quotes need."""
        shapes = shapes_of(each.id for each in library.perspectives)
        earlier = "" if self.instead else self.earlier
        turn = replace(self, answer=answer, made=now(), earlier=earlier, instead="")
        return replace(turn, documents=library.documents, shapes=shapes)

    def unanswered(self, only: Filter, question: str = "") -> "Turn":
        """The question alone, or another one in its place, to be asked anew with a filter."""
        asked = question or self.question
        instead = self.instead if asked == self.question else self.instead or self.question
        return Turn(self.number, asked, heard=only, earlier=self.generation, instead=instead)

    def html(self, place: int) -> Markup:
        """The turn as the page shows it, made once: a conversation is shown anew at each answer.

        Args:
            place: in the conversation, from 1.
        """
        key = current(), place
        if key not in self._html:
            self._html[key] = render("turn.html", turn=self, place=place)
        return Markup(self._html[key])  # noqa: S704

    @property
    def generation(self) -> str:
        """Id of the generation that answers it, or did before; empty if none ever has."""
        return self.answer.generation if self.answer else self.earlier

    @property
    def waits(self) -> bool:
        """Whether an answer is under way."""
        return self.answer is None and self.error is None and not self.stopped

    @property
    def answered_anew(self) -> bool:
        """Whether another generation answers than the one that did before."""
        return bool(self.earlier and self.answer and self.answer.generation != self.earlier)

    @property
    def told(self) -> Told | None:
        """The same for an export; None without an answer."""
        if self.answer is None:
            return None
        return Told(self.question, self.answer, self.documents, self.made)

    @property
    def copied(self) -> str:
        """The answer with its question, to be copied; its links lack the address of the page."""
        return turn_markdown(self.told) if self.told else ""

    @property
    def citations(self) -> Sequence[Citation]:
        """The quotes that it shows, as evidence or as what was nearest."""
        if self.answer is None:
            return ()
        abstention = self.answer.abstention
        return abstention.nearest if abstention else self.answer.citations

    @property
    def asked_as(self) -> str:
        """What was searched for; empty if that is just what was asked."""
        if self.answer is None or self.answer.asked_as == self.answer.question.strip():
            return ""
        return self.answer.asked_as

    @property
    def to_change(self) -> str:
        """The same with the labels that were heard, to be corrected and asked again."""
        answer = self.answer
        labels = (
            [row.label for row in answer.coverage if row.perspective in answer.perspectives]
            if answer
            else []
        )
        only = f"Only sources labelled {' and '.join(labels)}: " if 0 < len(labels) < 4 else ""
        return only + self.asked_as

    @property
    def only(self) -> str:
        """The only sources that were heard; empty for all."""
        return wording.hearing.only(self.answer, self.documents) if self.answer else ""

    @property
    def coverage(self) -> str:
        """How many quotes there are from how many sources."""
        return wording.answers.coverage_line(self.answer) if self.answer else ""

    @property
    def shares(self) -> Sequence[Share]:
        """How many quotes each label has."""
        return wording.answers.shares_of(self.answer) if self.answer else []

    @property
    def rows(self) -> Sequence[Coverage]:
        """How perspectives fare that are told one by one: those that are quoted come first."""
        rows = sorted(self.answer.coverage if self.answer else (), key=lambda row: not row.quotes)
        few = len(rows) <= wording.answers.ROWS_TOLD
        return [row for row in rows if few or row.quotes]

    @property
    def others(self) -> Sequence[Coverage]:
        """The other perspectives, which are summed up."""
        told = self.rows
        return [row for row in self.answer.coverage if row not in told] if self.answer else []

    @property
    def notes(self) -> Sequence[str]:
        """What a reader must know of who is heard."""
        return wording.hearing.notes(self.answer, self.documents) if self.answer else []

    @property
    def compared(self) -> Mapping[str, Sequence[Compared]]:
        """What several sources give figures for, under headings."""
        numbers = count(1)
        headed = wording.within.compared(self.answer) if self.answer else {}
        return {
            heading: [_compared(each, numbers) for each in headed[heading]] for heading in headed
        }

    @property
    def figures(self) -> Mapping[int, Figure]:
        """Every figure that it shows, by number."""
        shown = [each for comparisons in self.compared.values() for each in comparisons]
        return dict(pair for each in shown for group in each.groups.values() for pair in group)

    @property
    def match(self) -> str:
        """How closely the library matches the question."""
        return wording.answers.match_line(self.answer) if self.answer else ""

    @property
    def remedy(self) -> str:
        """What to do about the error."""
        return wording.plain.on_page(self.error) if self.error else ""

    def reference(self, citation: Citation) -> str:
        """A quote with its citation, to be copied."""
        return wording.answers.reference(citation, self.documents[citation.document])

    def link(self, citation: Citation) -> str:
        """The permanent address of a quote."""
        return address_of(citation, self.documents[citation.document])

    @staticmethod
    def place(citation: Citation) -> str:
        """File and offsets of a quote."""
        return wording.sources.place_line(citation)


def _compared(comparison: Comparison, numbers: Iterator[int]) -> Compared:
    groups = wording.within.by_words(comparison.figures)
    numbered = {exact: [(next(numbers), each) for each in group] for exact, group in groups.items()}
    return Compared(comparison.agreed, comparison.about, numbered)


def thread_html(turns: Sequence[Turn]) -> str:
    """The whole conversation."""
    return render("thread.html", turns=turns)


def said_html(turn: Turn) -> str:
    """What came of a question in a line, to be read aloud."""
    said = [turn.coverage, *turn.notes]
    if turn.error:
        said = [turn.error.message]
    elif turn.answer and turn.answer.abstention:
        said = [turn.answer.abstention.message, turn.answer.abstention.remedy]
    return render("said.html", said=" ".join(said))


def welcome_html(library: Library) -> str:
    """What stands there before the first question: the questions to begin with."""
    sources = wording.plain.counted(len(library.documents), "source")
    return render("welcome.html", sources=sources, questions=library.questions)
