"""From a query to scored passages: candidates, their signals, and the learned sum of these.

Dense and lexical search propose candidates; rag/signals.py tells what speaks for each; a dot
product with learned weights (rag/weights.py) puts that into one score.
"""

from dataclasses import dataclass

import numpy as np

from rag.encoder import EncodedText
from rag.index.generation import Generation
from rag.index.lexical import best
from rag.index.ragged import Numbers
from rag.records import EVERYTHING, Filter, Passage, Record
from rag.signals import PassageSignals, SentenceSignals, signals_of
from rag.weights import weights


class Query(Record):
    """What is searched for.

    Attributes:
        question: as it was asked.
        text: what is searched for; the question, with words of earlier ones if it needs them.
        phrases: exact words that every quote must hold.
        only: the sources to hear; of its perspectives those that the question names, if any.
        named: ids of the documents that the question asks to hear; empty if it names none.
        own: terms of a question that borrowed others; a passage must hold one of them, if any.
        without: ids of documents to leave out, as if the library did not hold them; their
            words still count in IDF.
    """

    question: str
    text: str
    phrases: tuple[str, ...] = ()
    only: Filter = EVERYTHING
    named: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()

    @property
    def filtered(self) -> bool:
        """Whether only some documents are to be heard."""
        return self.only.acts or bool(self.named)

    @property
    def perspectives(self) -> tuple[str, ...]:
        """Ids of the only perspectives to hear; empty for all."""
        return self.only.perspectives

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the only documents to hear; empty for all.

        Where the question names none of those that the filter lets in, it is those that it names.
        """
        both = tuple(name for name in self.named if name in self.only.sources)
        return both or self.named or self.only.sources


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with what retrieval found.

    Attributes:
        score: the learned sum of its signals; to be compared within one query only.
        sentences: what speaks for each of the passage's sentences, in their order.
    """

    passage: Passage
    score: float
    signals: PassageSignals
    sentences: tuple[SentenceSignals, ...]


def rank(
    query: Query,
    encoded: EncodedText,
    generation: Generation,
    *,
    candidates: int,
    allowed: Numbers | None = None,
) -> list[ScoredPassage]:
    """Candidate passages for a query, best first, ties by number.

    Args:
        query: its `text` is searched for.
        encoded: `query.text`, as the model read it.
        generation: to search in.
        candidates: how many of the best each of dense and lexical search proposes.
        allowed: the only passages to look at, by number; None for all.
    """
    lexical = generation.lexical.scores(generation.lexical.terms(query.text))
    numbers: Numbers = np.union1d(
        generation.dense.search(encoded.vector, candidates, allowed),
        best(lexical, candidates, allowed),
    )
    if not len(numbers):
        return []
    signals = signals_of(query.text, encoded, generation, numbers)
    scores = weights().passage(PassageSignals._fields, signals.passages)
    sentences = [SentenceSignals(*row) for row in signals.sentences.tolist()]
    return [
        ScoredPassage(
            passage=generation.texts.passages[numbers[place]],
            score=float(scores[place]),
            signals=PassageSignals(*signals.passages[place].tolist()),
            sentences=tuple(sentences[signals.first[place] : signals.first[place + 1]]),
        )
        for place in np.argsort(-scores, kind="stable")
    ]
