"""The one call: a question in, an `Answer` out. Every way of asking goes through it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from rag import wording
from rag.conversation import readings
from rag.echoes import also_in, repeats, without_echoes
from rag.encoder import Encoder
from rag.errors import IndexMismatch, QuestionError
from rag.index.dense import Numbers
from rag.index.generation import Generation
from rag.quotes import Candidate, Found, candidates, grown, is_quotable, quote_of
from rag.records import (
    UNLABELLED,
    UNLABELLED_LABEL,
    Abstention,
    Answer,
    Citation,
    Document,
    Perspective,
    Quote,
)
from rag.retrieval import Query, rank
from rag.settings import Settings
from rag.viewpoints import coverage_of, in_turn
from rag.weights import weights

NEAREST = 3
"""So many of the nearest quotes are kept with an abstention."""


class Library:
    """An opened index and its model. Immutable: share it between threads and sessions."""

    def __init__(self, generation: Generation, encoder: Encoder, settings: Settings) -> None:
        self.generation = generation
        self.encoder = encoder
        self._settings = settings

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
        encoder = encoder or Encoder.load(settings.model)
        built, named = generation.manifest.model, encoder.info
        if named.revision != built.revision:
            raise IndexMismatch(
                f"{index}: built with the model {built.name} ({built.revision[:12]}),"
                f" not with {named.name} ({named.revision[:12]})",
                "Run: parallax build, or name the model it was built with (PARALLAX_MODEL).",
            )
        return cls(generation, encoder, settings)

    @property
    def documents(self) -> dict[str, Document]:
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

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        perspectives: Sequence[str] = (),
        *,
        abstain: bool = True,
    ) -> Answer:
        """Answer a question with quotes, or abstain.

        Args:
            question: words in double quotation marks must stand in every quote.
            history: earlier questions of the conversation, oldest first.
            perspectives: ids of the only perspectives to hear; empty for all.
            abstain: False to cite the best quotes there are, however weak, to measure them.

        Raises:
            QuestionError: the question is empty or longer than the model reads, or a perspective
                is not declared.
        """
        self._check(perspectives)
        with self.encoder.asking():
            return self._ask(question, history, perspectives, weights().answer_at * abstain)

    def _ask(
        self, question: str, history: Sequence[str], perspectives: Sequence[str], answer_at: float
    ) -> Answer:
        queries = readings(
            question,
            history,
            perspectives,
            terms=self.generation.lexical.terms,
            fits=self.encoder.fits_query,
        )
        for query in queries:
            found = self.search(query)
            if found.candidates and found.match >= answer_at:
                enough = weights().cite_at * found.candidates[0].probability
                quotes = self._quotes([c for c in found.candidates if c.probability >= enough])
                citations = self._cite(quotes, self._settings.max_citations)
                return self._answer(query, found.match, citations, None)
        nearest = self._cite(self._quotes(found.candidates), NEAREST)
        return self._answer(query, found.match, (), self._abstention(query, nearest))

    def search(self, query: Query) -> Found:
        """What `ask` looks at for one reading of a question."""
        ranking = rank(
            query,
            self.encoder.encode_query(query.text),
            self.generation,
            candidates=self._settings.candidates,
            allowed=self._allowed(query),
        )
        found = candidates(query, ranking, self.generation.texts.stories)
        return Found(ranking=tuple(ranking), candidates=tuple(found))

    def _check(self, perspectives: Sequence[str]) -> None:
        declared = [*(each.id for each in self.perspectives), UNLABELLED]
        for each in perspectives:
            if each not in declared:
                raise QuestionError(
                    f"no perspective {each!r} in this library",
                    f"There are: {', '.join(declared)}",
                )

    def _allowed(self, query: Query) -> Numbers | None:
        """Numbers of the passages that the query's conditions let in; None for all."""
        if not (query.phrases or query.perspectives or query.own or query.without):
            return None
        labels = {name: doc.source.perspective.id for name, doc in self.documents.items()}
        holding = self.generation.lexical.scores(query.own) > 0
        numbers = [
            passage.number
            for passage in self.generation.texts.passages
            if passage.document not in query.without
            and (not query.perspectives or labels[passage.document] in query.perspectives)
            and (not query.own or holding[passage.number])
            and any(is_quotable(sentence, passage, query) for sentence in passage.sentences)
        ]
        return np.array(numbers, dtype=np.int64)

    def _quotes(self, found: Sequence[Candidate]) -> list[Quote]:
        return [quote_of(each, self.documents[each.passage.document]) for each in found]

    def _cite(self, quotes: Sequence[Quote], count: int) -> tuple[Citation, ...]:
        stories = self.generation.texts.stories
        chosen = in_turn(without_echoes(quotes, stories, self.documents), count, stories)
        for place, quote in enumerate(chosen):
            longer = grown(quote, self.documents[quote.document])
            others = chosen[:place] + chosen[place + 1 :]
            if not any(longer.overlaps(each) or repeats(longer, each, stories) for each in others):
                chosen[place] = longer
        return tuple(
            Citation.of(
                quote,
                number=number,
                source=self.documents[quote.document].source,
                also_in=also_in(quote, stories, self.documents),
                story=stories[quote.document].documents if quote.document in stories else (),
            )
            for number, quote in enumerate(chosen, start=1)
        )

    def _abstention(self, query: Query, nearest: tuple[Citation, ...]) -> Abstention:
        labels = {UNLABELLED: UNLABELLED_LABEL} | {p.id: p.label for p in self.perspectives}
        heard = [labels[each] for each in query.perspectives]
        held = {document.source.perspective.id for document in self.documents.values()}
        if heard and held.isdisjoint(query.perspectives):
            message = wording.lacking_message(heard)
            return Abstention(reason="no-evidence", message=message)
        if query.phrases and not nearest:
            message = wording.phrase_message(query.phrases, heard)
            return Abstention(reason="phrase-not-found", message=message)
        message = wording.silence_message(heard)
        return Abstention(reason="no-evidence", message=message, nearest=nearest)

    def _answer(
        self,
        query: Query,
        match: float,
        citations: tuple[Citation, ...],
        abstention: Abstention | None,
    ) -> Answer:
        return Answer(
            question=query.question,
            asked_as=query.text,
            perspectives=query.perspectives,
            abstention=abstention,
            match=match,
            generation=self.generation.id,
            coverage=coverage_of(self.perspectives, self.documents, citations),
            citations=citations,
        )
