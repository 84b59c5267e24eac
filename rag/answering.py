"""The one call: a question in, an `Answer` out. Every way of asking goes through it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from rag.closeness import Closeness
from rag.conversation import Reader, checked
from rag.echoes import also_in, repeats, without_echoes
from rag.encoder import Encoder
from rag.errors import IndexMismatch, QuestionError
from rag.figures import comparisons
from rag.filters import passing
from rag.heads import heads_of
from rag.holdings import labels_of
from rag.importance import absent
from rag.index.generation import Generation
from rag.index.ragged import Numbers
from rag.names import Names
from rag.nearness import Nearness
from rag.occasions import Occasions
from rag.phrases import may_hold
from rag.quotes import Candidate, Found, candidates, grown, is_quotable, quote_of
from rag.records import (
    EVERYTHING,
    UNLABELLED,
    UNLABELLED_LABEL,
    Abstention,
    Answer,
    Cause,
    Citation,
    Comparison,
    Document,
    Filter,
    Perspective,
    Quote,
)
from rag.retrieval import Query, rank
from rag.settings import Settings
from rag.sides import Sides
from rag.silence import LeftOut, abstention, cause_of
from rag.speakers import speeches_in
from rag.viewpoints import coverage_of, in_turn, let_in
from rag.weights import weights
from rag.wording.plain import few

NEAREST = 3
"""So many of the nearest quotes are kept with an abstention."""


class Library:
    """An opened index and its model. Immutable: share it between threads and sessions."""

    def __init__(self, generation: Generation, encoder: Encoder, settings: Settings) -> None:
        self.generation = generation
        self.encoder = encoder
        self._settings = settings
        self._labels = labels_of(generation.texts.documents)
        self._all = frozenset(self._labels)
        self._left_out = LeftOut(generation)
        self.occasions = Occasions(generation.texts.documents)
        self.closeness = Closeness(generation)
        self._reader = Reader(
            terms=generation.lexical.terms,
            is_name=Names(generation).__contains__,
            sides=Sides.of(self.perspectives, self.documents),
            fits=encoder.fits_query,
            led=self._led,
        )

    @classmethod
    def open(
        cls,
        index: Path | str = "index",
        settings: Settings | None = None,
        encoder: Encoder | None = None,
    ) -> Self:
        """Open the current generation of an index, and the model it was built with.

        Args:
            index: the folder of generations.
            settings: its model must be the index's; the defaults if None.
            encoder: a model that is loaded already; else the settings' one is.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used; each says why.
            ModelMissing, ModelDamaged: the model cannot be used.
        """
        settings = settings or Settings()
        generation = Generation.open(Path(index))
        built = generation.manifest.model
        backend = built.precision if settings.backend == "auto" else settings.backend
        encoder = encoder or Encoder.load(settings.model, backend, settings.cache)
        named = encoder.info
        if named.revision != built.revision:
            raise IndexMismatch(
                f"{index}: built with the model {built.name} in {built.precision}"
                f" ({built.revision[:12]}), not with {named.name} in {named.precision}"
                f" ({named.revision[:12]})",
                "Run: parallax build, or name what it was built with (PARALLAX_MODEL,"
                " PARALLAX_BACKEND).",
            )
        return cls(generation, encoder, settings)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by id."""
        return self.generation.texts.documents

    @property
    def perspectives(self) -> tuple[Perspective, ...]:
        """The perspectives that the catalogue declares."""
        return self.generation.texts.perspectives

    @property
    def questions(self) -> tuple[str, ...]:
        """Starter questions, from the catalogue."""
        return self.generation.texts.questions

    @cached_property
    def nearness(self) -> Nearness:
        """How near its sources lie to each other; made when it is first asked for."""
        return Nearness.of(self.generation)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Filter = EVERYTHING,
        *,
        abstain: bool = True,
    ) -> Answer:
        """Answer a question with quotes, or abstain.

        Args:
            question: words in double quotation marks must stand in every quote.
            history: earlier questions of the conversation, oldest first.
            only: the sources to hear. Whom the question itself names is heard instead of the
                filter's perspectives, as far as the rest of the filter lets them in.
            abstain: False to cite the best quotes there are, however weak, to measure them.

        Raises:
            QuestionError: the question is empty or longer than the model reads, or a perspective
                or source of the filter is not in this library.
        """
        self._check(only)
        with self.encoder.asking():
            return self._ask(question, history, only, weights().answer_at * abstain)

    def _ask(self, question: str, history: Sequence[str], only: Filter, answer_at: float) -> Answer:
        if not self.documents:
            query = Query(question=question, text=checked(question, history), only=only)
            return self._silent(query, Found(ranking=(), candidates=()))
        query, found = self.look(question, history, only)
        if found.candidates and found.match >= answer_at:
            return self._answered(query, found)
        return self._silent(query, found)

    def look(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Filter = EVERYTHING,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Query, Found]:
        """What `ask` takes a question for, and what it looks at if some documents are left out.

        A doubtful question is taken as it stands if the library answers that (by the threshold that
        it abstains by), else for what it matches better.

        Raises:
            QuestionError: the question is empty, is no text, or is longer than the model reads.
        """
        queries = [
            query.model_copy(update={"without": without})
            for query in self._reader.readings(question, history, only)
        ]
        looked = [(query, self.search(query)) for query in queries]
        borrows = looked[0][0].own
        alone = next((each for each in looked[1:] if each[0].text == question.strip()), None)
        if borrows and alone and alone[1].match >= weights().answer_at:
            return alone
        return max(looked, key=lambda each: each[1].match)

    def search(self, query: Query) -> Found:
        """What `ask` looks at for one reading of a question."""
        ranking = rank(
            query,
            self.encoder.encode_query(query.text),
            self.generation,
            candidates=self._settings.candidates,
            allowed=self._allowed(query),
        )
        found = candidates(query, ranking, self._labels, self.generation.texts.stories)
        return Found(ranking=tuple(ranking), candidates=tuple(found))

    def _check(self, only: Filter) -> None:
        declared = [*(each.id for each in self.perspectives), UNLABELLED]
        for what, asked, known in (
            ("perspective", only.perspectives, declared),
            ("source", only.sources, self.documents),
        ):
            for each in asked:
                if each not in known:
                    raise QuestionError(
                        f"no {what} {each!r} in this library", f"There are: {few([*known])}"
                    )

    def _searched(self, query: Query) -> frozenset[str]:
        """Ids of the documents that the query's filters let in."""
        let_in = passing(self.documents, query.only) if query.only.acts else self._all
        if query.named:
            let_in = let_in.intersection(query.named)
        return let_in - query.without

    def _allowed(self, query: Query) -> Numbers | None:
        """Numbers of the passages that the query's conditions let in; None for all."""
        if not (query.filtered or query.phrases or query.own or query.without):
            return None
        rows = self.generation.rows
        searched = self._searched(query)
        let_in = np.array([name in searched for name in self.generation.numbers], dtype=np.bool_)
        passages = np.repeat(let_in, np.diff(rows.passages))
        if query.own:
            passages &= self.generation.lexical.coverage(dict.fromkeys(query.own, 1.0)) > 0
        if not query.phrases:
            return np.flatnonzero(passages & rows.tells)
        numbers = np.flatnonzero(passages & may_hold(query.phrases, self.generation.lexical))
        return numbers[np.array([self._holds(n, query) for n in numbers.tolist()], dtype=np.bool_)]

    def _holds(self, number: int, query: Query) -> bool:
        """Whether a sentence of a passage may be quoted for a query."""
        passage = self.generation.texts.passages[number]
        return any(is_quotable(sentence, passage, query) for sentence in passage.sentences)

    def _answered(self, query: Query, found: Found) -> Answer:
        near = let_in(found.candidates, self._labels)
        citations = self._cite(self._quotes(near), self._settings.max_citations)
        return self._answer(query, found, near, citations, None)

    def _silent(self, query: Query, found: Found) -> Answer:
        names = {UNLABELLED: UNLABELLED_LABEL} | {p.id: p.label for p in self.perspectives}
        cause = self._cause(query, found)
        bear = [each for each in found.candidates if each.relevance >= weights().hear_at]
        said = abstention(
            cause,
            query.phrases,
            [names[each] for each in query.perspectives],
            [heads_of(self.documents)[each].display_title for each in query.sources],
            self._cite(self._quotes(found.candidates), NEAREST),
            query.only,
            absent(query.text, self.generation.lexical),
        )
        return self._answer(query, found, bear if cause == "near" else (), (), said)

    def _cause(self, query: Query, found: Found) -> Cause:
        if not self.documents:
            return "empty"
        searched = self._searched(query)
        if not searched:
            return "gap"
        everywhere = query.model_copy(update={"only": EVERYTHING, "named": ()})
        elsewhere = query.filtered and self.search(everywhere).match >= weights().answer_at
        return cause_of(
            query, found, searched=searched, elsewhere=elsewhere, left_out=self._left_out
        )

    def _led(self, text: str, only: Filter) -> str:
        """The perspective of the source that answers a question first; empty if none does."""
        found = self.search(Query(question=text, text=text, only=only))
        if found.match < weights().answer_at:
            return ""
        return self._labels[found.candidates[0].passage.document]

    def _quotes(self, found: Sequence[Candidate]) -> list[Quote]:
        return [quote_of(each, self.documents[each.passage.document]) for each in found]

    def _cite(self, quotes: Sequence[Quote], count: int) -> tuple[Citation, ...]:
        stories = self.generation.texts.stories
        apart = without_echoes(quotes, stories, self.documents)
        chosen = in_turn(apart, count, self._labels, stories)
        for place, quote in enumerate(chosen):
            longer = grown(quote, self.documents[quote.document])
            others = chosen[:place] + chosen[place + 1 :]
            if not any(longer.overlaps(each) or repeats(longer, each, stories) for each in others):
                chosen[place] = longer
        return tuple(self._citation(number, each) for number, each in enumerate(chosen, start=1))

    def _citation(self, number: int, quote: Quote) -> Citation:
        document, stories = self.documents[quote.document], self.generation.texts.stories
        return Citation.of(
            quote,
            number=number,
            source=document.source,
            also_in=also_in(quote, stories, self.documents),
            story=stories[quote.document].documents if quote.document in stories else (),
            speeches=speeches_in(document, quote.start, quote.end),
        )

    def _figures(
        self, near: Sequence[Candidate], citations: Sequence[Citation]
    ) -> tuple[Comparison, ...]:
        """What the citations, and sentences that came near, give figures for."""
        others = [
            quote
            for quote in self._quotes(near)
            if not any(quote.overlaps(citation) for citation in citations)
        ]
        stories = self.generation.texts.stories
        return comparisons(citations, others, self.occasions, self.closeness, stories)

    def _answer(
        self,
        query: Query,
        found: Found,
        near: Sequence[Candidate],
        citations: tuple[Citation, ...],
        said: Abstention | None,
    ) -> Answer:
        return Answer(
            question=query.question,
            asked_as=query.text,
            perspectives=query.perspectives,
            sources=query.sources,
            kinds=query.only.kinds,
            since=query.only.since,
            until=query.only.until,
            abstention=said,
            match=found.match,
            generation=self.generation.id,
            coverage=coverage_of(
                self.perspectives,
                self.documents,
                searched=self._searched(query),
                found=found,
                near={each.passage.number for each in near},
                citations=citations,
            ),
            figures=self._figures(near, citations),
            citations=citations,
        )
