"""The records that travel through the program: frozen, validated, without I/O.

`start` and `end` are half-open offsets into `Document.text`, in Unicode code points. `exact`,
`prefix` and `suffix` are the W3C Web Annotation names for a quote and what stands around it
(https://www.w3.org/TR/annotation-model/#text-quote-selector). Scores: higher is better.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self, get_args, overload

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    computed_field,
    model_validator,
)

from rag.errors import QuestionError, VerbatimError
from rag.intervals import Interval, interval_of

UNLABELLED = "unlabelled"
"""The id under which sources without an assigned perspective are counted and filtered."""

UNLABELLED_LABEL = "Unlabelled"

FROM_THE_TEXT_ALONE = "from the text alone"
"""What `assigned_by` says of a label that nobody who knows the source has looked at yet."""

AROUND = 32
"""Code points of `prefix` and `suffix` kept around a quote."""


Cause = Literal["empty", "gap", "filter", "left-out", "near", "nothing-near", "phrase"]
"""Why an answer is silent; see `Abstention`."""


Reason = Literal["no-evidence", "phrase-not-found"]

SentenceKind = Literal["sentence", "heading", "fragment"]
KINDS: tuple[SentenceKind, ...] = get_args(SentenceKind)


class Record(BaseModel):
    """Base of all records: immutable, and without fields that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(Record):
    """Something a person should know about an input that did not stop the work.

    `str()` gives it as one line: file and line first, then what is the matter, then the remedy. A
    name that holds a line end cannot make two lines of it.
    """

    file: str
    message: str
    remedy: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        told = f"{place}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")
        return "␊".join(told.splitlines())


class Perspective(Record):
    """A position that sources of this library may argue for, as its catalogue declares it."""

    id: str
    label: str
    description: str = ""


class Label(Record):
    """A label of one source: what it is, on which basis, who assigned it, and who confirmed it."""

    id: str = UNLABELLED
    label: str = UNLABELLED_LABEL
    basis: str | None = None
    basis_quote: str | None = None
    assigned_by: str | None = None
    assigned_on: date | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    @property
    def reviewed(self) -> bool:
        """False if it was assigned "from the text alone" and nobody has confirmed it."""
        alone = FROM_THE_TEXT_ALONE in (self.assigned_by or "").casefold()
        return bool(self.reviewed_by) or not alone


class FormerLabel(Label):
    """A label that a source carried before, and until when."""

    until: date | None = None


class AssignedPerspective(Label):
    """The label that a source carries, and those that it carried before, in their order."""

    history: tuple[FormerLabel, ...] = ()


class Source(Record):
    """Where a document comes from. What nobody knows is None, never guessed.

    `inferred` maps the name of a field to the reason for which its value is believed; `from_file`
    names the fields that nobody wrote into the catalogue but the file itself states.
    """

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    origin: str | None = None
    inferred: dict[str, str] = {}
    from_file: tuple[str, ...] = ()
    perspective: AssignedPerspective = AssignedPerspective()


class Filter(Record):
    """Which sources are to be heard: those that fit every condition; all, where there is none.

    Attributes:
        perspectives: ids of the only perspectives.
        sources: ids of the only documents.
        kinds: the only kinds of source, as the catalogue names them.
        since: nothing published before this; a year, a month or a day ("2020-10-21").
        until: nothing published after this, of which the last day is let in.

    Raises:
        QuestionError: `since` or `until` is no such date, or no day lies between them.
    """

    perspectives: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        for each in (self.since, self.until):
            if each is not None and interval_of(each) is None:
                raise QuestionError(
                    f"{each!r} is no date",
                    "Write a year (2020), a month (2020-10) or a day (2020-10-21).",
                )
        if self.days and self.days[0] > self.days[1]:
            raise QuestionError(
                f"no day lies between {self.since} and {self.until}", "Name the earlier date first."
            )
        return self

    @property
    def acts(self) -> bool:
        """Whether it may leave any source out."""
        return bool(self.perspectives or self.sources or self.kinds or self.days)

    @property
    def days(self) -> Interval | None:
        """The first and the last day that it lets in; None for any, dated or not."""
        since, until = (interval_of(each) if each else None for each in (self.since, self.until))
        if since is None and until is None:
            return None
        return since[0] if since else date.min, until[1] if until else date.max


EVERYTHING = Filter()
"""The filter that lets every source in."""


class Metadata(Record):
    """What a file says of itself. It fills what the catalogue leaves empty, marked as such."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


class Span(Record):
    """A run of code points of one text."""

    start: int
    end: int

    @model_validator(mode="after")
    def _is_a_run(self) -> Self:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a run of text: {self.start} to {self.end}")
        return self


class Words(Span):
    """A run of code points of one text, with what stands there: `exact` is that slice."""

    exact: str

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if self.end - self.start != len(self.exact):
            raise VerbatimError(
                f"[{self.start}:{self.end}]: {self.end - self.start} code points expected,"
                f" {len(self.exact)} found"
            )
        return self


class Furniture(Span):
    """A span that is not the document (or is a bare reference), and why it was taken for that."""

    kind: Literal["furniture", "reference"] = "furniture"
    reason: str


class Page(Span):
    """The text of one page of a paginated document, counted from 1."""

    number: int


class Reading(Record):
    """One document as a reader found it in a file: text and structure, before any judgement.

    Attributes:
        part: which part of the file it is, for a file of several documents ("3", "in/a.html").
        encoding: the character encoding that the bytes were decoded with, or the file's format.
        pages: in order, for formats that have pages.
        headings: spans that the format marks as headings, in order, without overlap.
        furniture: spans that the format's structure shows to be furniture, in order, without
            overlap.
        judged: whether the reader has looked at every line for furniture, so that its marks stand
            alone.
    """

    text: str
    encoding: str
    part: str = ""
    pages: tuple[Page, ...] = ()
    headings: tuple[Span, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    judged: bool = False
    metadata: Metadata = Metadata()
    notices: tuple[Notice, ...] = ()

    @model_validator(mode="after")
    def _keeps_to_its_text(self) -> Self:
        for spans in (self.pages, self.headings, self.furniture):
            edges = [edge for span in spans for edge in (span.start, span.end)]
            if edges != sorted(edges) or edges[-1:] > [len(self.text)]:
                raise ValueError("spans out of order, or beyond the text")
        return self


class Sentence(Span):
    """A sentence, or a line that is none: a heading, or a fragment that says nothing alone."""

    kind: SentenceKind = "sentence"


class Sentences(Sequence[Sentence]):
    """Sentences in their order, kept as numbers; each is made when it is asked for.

    As objects, those of some hundred long documents make Python's collector of garbage pause for
    a third of a second.
    """

    __slots__ = ("_edges", "_kinds")

    def __init__(self, sentences: Iterable[Sentence] = ()) -> None:
        found = tuple(sentences)
        self._edges = array("q", [edge for each in found for edge in (each.start, each.end)])
        self._kinds = bytes(KINDS.index(each.kind) for each in found)

    @overload
    def __getitem__(self, place: int) -> Sentence: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Sentence, ...]: ...

    def __getitem__(self, place: int | slice) -> Sentence | tuple[Sentence, ...]:
        if isinstance(place, slice):
            return tuple(map(self._sentence, range(len(self))[place]))
        return self._sentence(range(len(self))[place])

    def _sentence(self, number: int) -> Sentence:
        start, end = self._edges[2 * number : 2 * number + 2]
        return Sentence(start=start, end=end, kind=KINDS[self._kinds[number]])

    def __iter__(self) -> Iterator[Sentence]:
        return map(self._sentence, range(len(self)))

    def __len__(self) -> int:
        return len(self._kinds)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sentences):
            return self._edges == other._edges and self._kinds == other._kinds
        return isinstance(other, tuple) and tuple(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Sentences({tuple(self)})"


class Document(Record):
    """One seed, read. `text` never changes after reading.

    Attributes:
        id: path of the file below the seeds folder, with forward slashes; for a file of several
            documents the part follows ("news.csv#3", "saved.zip/page.html").
        sha256: of the file's bytes, so that anyone can check it against the file.
        encoding: the character encoding that the bytes were decoded with, or the file's format.
        language: ISO 639-1 code of the language that it is in; None if nobody can tell.
        pages: in order, for formats that have pages.
        furniture: spans left out of the passages, in order, without overlap.
        sentences: everything else, in order, without overlap.
    """

    id: str
    text: str
    sha256: str
    encoding: str
    language: str | None = None
    source: Source = Source()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    sentences: Annotated[
        Sequence[Sentence],
        AfterValidator(Sentences),
        PlainSerializer(list, return_type=list[Sentence]),
    ] = Sentences()

    @property
    def display_title(self) -> str:
        """The title, or for an untitled document its opening words."""
        if self.source.title:
            return self.source.title
        first = next((s for s in self.sentences if s.kind == "sentence"), None)
        words = self.text[first.start : first.end].split() if first else []
        opening = " ".join(words[:8]) + ("…" if len(words) > 8 else "")
        return f"Untitled: “{opening}”" if words else "Untitled"

    @property
    def page_count(self) -> int:
        """How many pages it has; 0 for a format without pages."""
        return len(self.pages)

    def page_at(self, offset: int) -> int | None:
        """The number of the page that holds a position of its text; None without pages."""
        begun = [page.number for page in self.pages if page.start <= offset]
        return begun[-1] if begun else None

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The texts of the sentences right before and right after a span; empty if none is."""
        before = [s for s in self.sentences if s.end <= start][-1:]
        after = [s for s in self.sentences if s.start >= end][:1]
        first, last = (
            "".join(self.text[s.start : s.end] for s in each) for each in (before, after)
        )
        return first, last


class Duplicates(Record):
    """Documents that hold the same text, or nearly so: one story, whoever carries it.

    Attributes:
        documents: their ids, sorted; two at least.
        similarity: each of them is at least so much like another one of them: the share of word
            shingles that both hold among those that either holds, 0 to 1.
        exact: whether all hold the same words in the same order.
    """

    documents: tuple[str, ...]
    similarity: float
    exact: bool


class Passage(Record):
    """A run of whole sentences of one document, the unit of retrieval.

    Attributes:
        number: its row in every store of the generation, from 0.
        document: id of its document.
        text: `document.text[start:end]`.
        sentences: the sentences it is made of, with offsets into the document.
    """

    number: int
    document: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if self.end - self.start != len(self.text):
            raise VerbatimError(
                f"passage {self.number} of {self.document}: {self.end - self.start} code points"
                f" expected, {len(self.text)} found"
            )
        return self

    def text_of(self, sentence: Sentence) -> str:
        """The part of its text that is one of its sentences."""
        return self.text[sentence.start - self.start : sentence.end - self.start]


class Quote(Record):
    """Whole sentences of a document, verbatim. Make it with `from_document`.

    Attributes:
        document_hash: SHA-256 of the file's bytes.
        page: number of the page it stands on, for formats that have pages.
        score: probability, in the ranking's opinion, that it answers the question, 0 to 1.
        relevance: the same that its passage bears on the question.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    score: float
    relevance: float = 1.0
    document: str
    document_hash: str
    page: int | None = None

    @classmethod
    def from_document(
        cls,
        document: Document,
        start: int,
        end: int,
        *,
        expected: str,
        score: float,
        relevance: float = 1.0,
    ) -> Self:
        """Cut a quote out of `document`, and check it against what retrieval saw.

        Raises:
            VerbatimError: the document holds other characters there than `expected`.
        """
        text = document.text
        if not 0 <= start < end <= len(text) or text[start:end] != expected:
            raise VerbatimError(
                f"{document.id}[{start}:{end}] is {text[start:end]!r}, not {expected!r}",
                "Rebuild the index (parallax build) and report this as a defect.",
            )
        return cls(
            exact=expected,
            prefix=text[max(0, start - AROUND) : start],
            suffix=text[end : end + AROUND],
            start=start,
            end=end,
            score=score,
            relevance=relevance,
            document=document.id,
            document_hash=document.sha256,
            page=document.page_at(start),
        )

    def overlaps(self, other: "Quote") -> bool:
        """Whether both quotes hold a character of the same document."""
        return self.document == other.document and self.start < other.end and other.start < self.end


class Speech(Record):
    """What somebody is reported to have said, inside a quote. All offsets are the document's.

    Attributes:
        speaker: who says it, as the document names them; None for a speaker whom it does not name.
        mention: what stands for the speaker beside the cue ("he"); None if nothing does.
        cue: the words that report it ("said", "according to").
        reported: what is said, in order, without overlap.
        direct: whether it stands in quotation marks.
    """

    speaker: Words | None
    mention: Words | None
    cue: Words
    reported: tuple[Span, ...]
    direct: bool


class AlsoIn(Span):
    """Where the very words of a quote stand in a near duplicate of its document.

    Only the white space between the words may be another one there.

    Attributes:
        document: id of that document, whose text `start` and `end` are offsets into.
        title: what that document is shown as.
        perspective: the label of that document's source; it may be another one.
    """

    document: str
    title: str
    perspective: AssignedPerspective


class Citation(Quote):
    """A quote with its number in the answer, from 1, and its source.

    Attributes:
        also_in: the near duplicates of its document that say the same, by id.
        story: ids of all near duplicates of its document and its own; empty if there are none.
        speeches: who is reported to have said what, inside the quote.
    """

    number: int
    source: Source
    also_in: tuple[AlsoIn, ...] = ()
    story: tuple[str, ...] = ()
    speeches: tuple[Speech, ...] = ()

    @classmethod
    def of(
        cls,
        quote: Quote,
        *,
        number: int,
        source: Source,
        also_in: tuple[AlsoIn, ...] = (),
        story: tuple[str, ...] = (),
        speeches: tuple[Speech, ...] = (),
    ) -> Self:
        """Number a quote and put its source beside it."""
        return cls(
            **dict(quote),
            number=number,
            source=source,
            also_in=also_in,
            story=story,
            speeches=speeches,
        )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def speaker(self) -> str | None:
        """Who is reported first, as the document names them; None if nobody is, or unnamed."""
        return next((each.speaker.exact for each in self.speeches if each.speaker), None)


class Coverage(Record):
    """How one perspective fares in an answer.

    Attributes:
        sources: how many sources of the library carry the label.
        searched: how many of them the question was asked of; fewer where a filter acts.
        near: how many of its passages came near enough to be quoted.
        quoted: how many of its sources the answer quotes.
        quotes: how many of the citations are its.
        best_left_out: rank, from 1, of its best passage that is not quoted; None if all that was
            found of it is quoted, or nothing was.
    """

    perspective: str
    label: str
    sources: int
    searched: int
    near: int
    quoted: int
    quotes: int
    best_left_out: int | None


class Figure(Words):
    """A figure as a document gives it, and where: "more than 100,000", "a fifth", "20 October".

    Attributes:
        sentence: the whole sentence that it stands in.
        citation: number of the citation that holds it; None if it stands in a passage that came
            near but is not quoted.
        low: the least that it may be understood as: a percentage of a share, metres or kilograms of
            a measure, of a date its first day, counted as `date.toordinal` does.
        high: the most; None if it is open, as of "more than 20".
        source: of the document.
    """

    sentence: Words
    document: str
    document_hash: str
    citation: int | None
    low: float
    high: float | None
    source: Source


class Comparison(Record):
    """The figures that several sources give for the same thing. It states, and judges nothing.

    Attributes:
        about: what they are figures of: words that stand in the sentence of the first one, in
            their order there ("children", "killed", "Springfield").
        kind: what sort of figure; a date is never compared with a count.
        agreed: whether all of them may be the same figure.
        figures: two at least, in the order of the citations, then those that only came near.
    """

    about: tuple[Words, ...]
    kind: Literal["count", "share", "measure", "money", "date"]
    agreed: bool
    figures: tuple[Figure, ...]


class Abstention(Record):
    """Why the library does not answer, with the nearest passages for whoever wants to look.

    Attributes:
        reason: whether evidence is lacking, or the exact words that were asked for.
        cause: why. `empty`: there is no source at all. `gap`: none is what was asked for, by label,
            kind or date. `filter`: those that were asked have nothing, others do. `left-out`: only
            furniture or references hold the question's words. `near`: passages come near, and none
            answers. `nothing-near`: none does. `phrase`: no sentence holds the exact words.
        message: the same in words.
        remedy: what the reader can do.
    """

    reason: Reason
    cause: Cause
    message: str
    remedy: str
    nearest: tuple[Citation, ...] = ()


class Answer(Record):
    """Citations in an order, or an abstention with its reason; never both.

    Attributes:
        asked_as: what was searched for: the question, or that as the conversation made it.
        perspectives: ids of the only perspectives that were heard; empty for all.
        sources: ids of the only documents that were heard; empty for all.
        kinds: the only kinds of source that were heard; empty for all.
        since: only what was published then or later was heard; None for any time.
        until: only what was published then or before; None for any time.
        match: how closely the library matches the question, 0 to 1. It says nothing of truth.
        generation: id of the index generation that answered.
        coverage: a row for each declared perspective, and one for unlabelled sources if any.
        figures: what several sources give a figure for, the same or another.
    """

    question: str
    asked_as: str
    perspectives: tuple[str, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    abstention: Abstention | None
    match: float
    generation: str
    coverage: tuple[Coverage, ...]
    figures: tuple[Comparison, ...]
    citations: tuple[Citation, ...]

    @model_validator(mode="after")
    def _answers_or_abstains(self) -> Self:
        if self.answered != bool(self.citations):
            raise ValueError("an answer has citations or an abstention, and never both")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def answered(self) -> bool:
        """False for an abstention."""
        return self.abstention is None

    def to_json(self) -> dict[str, Any]:
        """The public shape of an answer; see docs/answer.md."""
        return self.model_dump(mode="json")

    @property
    def only(self) -> Filter:
        """The filter that acted."""
        return Filter(
            perspectives=self.perspectives,
            sources=self.sources,
            kinds=self.kinds,
            since=self.since,
            until=self.until,
        )

    @property
    def lacking(self) -> tuple[Coverage, ...]:
        """The declared perspectives that no source of the library carries."""
        return tuple(row for row in self.coverage if row.sources == 0)
