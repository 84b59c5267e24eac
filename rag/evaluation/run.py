"""Every question asked: of the library as it answers in the chat, and of baselines beside it.

Each is asked of the whole library, and again without the documents that answer it. Nothing is built
again for that, so their words still count in how rare a word is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import numpy as np

from rag.encoder import Vectors
from rag.errors import QuestionError
from rag.evaluation.library import Judged
from rag.index.lexical import best
from rag.index.ragged import Numbers

DEPTH = 100
"""So many documents of a ranking are kept."""

NOTHING = -1.0
"""The match where nothing is found: no cosine, BM25 score or probability is lower."""

Search = Callable[[int, Numbers | None], tuple[Numbers, Vectors]]
"""From how many passages are wanted and which are allowed to the best, with their scores."""


@dataclass(frozen=True)
class Seen:
    """What a system sees for a question: documents of its passages, best first, and a match."""

    passages: Sequence[tuple[str, float]]
    match: float


@dataclass(frozen=True)
class Asked:
    """What came of one question.

    Attributes:
        run: corpus id -> score, best first, no two scores the same.
        match: how sure the system is that the library answers; higher is surer.
        without_article: the same with all documents of the judged ones' titles taken out;
            None if no judged document is there.
        without_judged: the same with the judged documents alone taken out.
        quotes: of the answer, in order; None for a system that does not quote.
        seconds: that an answer took; None if the question was refused.
    """

    run: Mapping[str, float]
    match: float
    without_article: float | None
    without_judged: float | None
    quotes: tuple[str, ...] | None
    seconds: float | None


@dataclass(frozen=True)
class Outcome:
    """What one system did: each question by id, and the matches of unanswerable ones."""

    asked: Mapping[str, Asked]
    near: tuple[float, ...]


class System(Protocol):
    """What is measured; `quotes` says whether its answers are made of quotes."""

    quotes: bool

    def answer(self, question: str) -> tuple[str, ...]:
        """What a user waits for: the quotes, in order."""

    def look(self, question: str, without: frozenset[str]) -> Seen:
        """What it sees, some documents left out."""


class Chat:
    """The program itself."""

    quotes = True

    def __init__(self, judged: Judged) -> None:
        self._judged = judged

    def answer(self, question: str) -> tuple[str, ...]:
        """The quotes that the chat would show if it were never silent."""
        answer = self._judged.library.ask(question, abstain=False)
        return tuple(citation.exact for citation in answer.citations)

    def look(self, question: str, without: frozenset[str]) -> Seen:
        """The ranking that the chat uses, and its match."""
        found = self._judged.looked_at(question, without)
        return Seen([(each.passage.document, each.score) for each in found.ranking], found.match)


class Baseline:
    """One of the two searches alone; its match is the score of its best passage."""

    quotes = False

    def __init__(self, judged: Judged, prepare: Callable[[Judged, str], Search]) -> None:
        self._judged, self._prepare = judged, prepare
        generation = judged.library.generation
        names = list(generation.numbers)
        self._documents = [names[number] for number in generation.rows.owners.tolist()]

    def answer(self, question: str) -> tuple[str, ...]:
        """A search, without quotes."""
        self.look(question, frozenset())
        return ()

    def look(self, question: str, without: frozenset[str]) -> Seen:
        """The passages of `DEPTH` documents, or all that there are."""
        search, count = self._prepare(self._judged, question), DEPTH
        allowed = self._allowed(without) if without else None
        while True:
            numbers, scores = search(count, allowed)
            documents = [self._documents[number] for number in numbers]
            if len(numbers) < count or len(set(documents)) >= DEPTH:
                passages = list(zip(documents, scores.tolist(), strict=True))
                return Seen(passages, passages[0][1] if passages else NOTHING)
            count *= 2

    def _allowed(self, without: frozenset[str]) -> Numbers:
        numbers = [n for n, document in enumerate(self._documents) if document not in without]
        return np.array(numbers, dtype=np.int64)


def dense_alone(judged: Judged, question: str) -> Search:
    """Cosines of passage vectors with the question's."""
    vector = judged.encoder.encode_query(question).vector
    dense = judged.library.generation.dense

    def search(count: int, allowed: Numbers | None) -> tuple[Numbers, Vectors]:
        numbers = dense.search(vector, count, allowed)
        return numbers, dense.scores(vector, numbers)

    return search


def bm25_alone(judged: Judged, question: str) -> Search:
    """BM25 of passages for the question's terms."""
    lexical = judged.library.generation.lexical
    scores = lexical.scores(lexical.terms(question))

    def search(count: int, allowed: Numbers | None) -> tuple[Numbers, Vectors]:
        numbers = best(scores, count, allowed)
        return numbers, scores[numbers]

    return search


def ask_all(
    judged: Judged,
    system: System,
    queries: Sequence[str],
    near: Sequence[str],
    advance: Callable[[], None],
) -> Outcome:
    """Ask a system everything, after one question to warm up.

    Args:
        judged: whose questions these are.
        system: is asked.
        queries: ids of the questions that have an answer.
        near: ids of those that have none.
        advance: called after each question.
    """
    collection = judged.collection
    asked: dict[str, Asked] = {}
    matches: list[float] = []
    with suppress(QuestionError):
        system.answer(collection.queries[queries[0]])
    for query in queries:
        asked[query] = _ask(judged, system, query)
        advance()
    for query in near:
        matches.append(_look(system, collection.unanswerable[query]).match)
        advance()
    return Outcome(asked, tuple(matches))


def _ask(judged: Judged, system: System, query: str) -> Asked:
    question = judged.collection.queries[query]
    begun = perf_counter()
    try:
        quotes = system.answer(question)
        seconds = perf_counter() - begun
    except QuestionError:
        quotes, seconds = (), None
    seen = _look(system, question)
    without: dict[frozenset[str], float | None] = {frozenset(): None}
    for documents in {judged.holders(query), judged.others(query)} - without.keys():
        without[documents] = _look(system, question, documents).match
    return Asked(
        run=run_of((judged.names[each], score) for each, score in seen.passages),
        match=seen.match,
        without_article=without[judged.others(query)],
        without_judged=without[judged.holders(query)],
        quotes=quotes if system.quotes else None,
        seconds=seconds,
    )


def _look(system: System, question: str, without: frozenset[str] = frozenset()) -> Seen:
    """What a system sees; nothing for a question that it refuses."""
    try:
        return system.look(question, without)
    except QuestionError:
        return Seen((), NOTHING)


def run_of(passages: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Documents of passages, best first: each where its best passage stands, at most `DEPTH`.

    Tools that read a run order it by score, in 32 bits, and equal scores by id. So a score that
    is not below the one before it becomes the next lower number of 32 bits.
    """
    run: dict[str, float] = {}
    before = np.float32(np.inf)
    for document, score in passages:
        if document not in run:
            before = min(np.float32(score), np.nextafter(before, np.float32(-np.inf)))
            run[document] = float(before)
        if len(run) == DEPTH:
            break
    return run
