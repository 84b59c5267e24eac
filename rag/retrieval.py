"""From a query to scored passages: dense and lexical candidates, fused by a convex sum.

Each score is scaled to 0..1 within the query before the sum (Bruch, Gai and Ingber, "An Analysis
of Fusion Functions for Hybrid Retrieval", TOIS 2023), which keeps how far apart passages are;
rank fusion forgets it.
"""

import numpy as np

from rag.encoder import Vectors
from rag.index.dense import Numbers
from rag.index.generation import Generation
from rag.index.lexical import best
from rag.records import Record, ScoredPassage
from rag.weights import weights


class Query(Record):
    """What is searched for.

    Attributes:
        question: as it was asked.
        text: what is searched for; the question, with words of earlier ones if it needs them.
        phrases: exact words that every quote must hold.
        perspectives: ids of the only perspectives to hear; empty for all.
        own: terms of a question that borrowed others; a passage must hold one of them, if any.
        without: ids of documents to leave out, as if the library had never held them.
    """

    question: str
    text: str
    phrases: tuple[str, ...] = ()
    perspectives: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


def rank(
    query: Query,
    vector: Vectors,
    generation: Generation,
    *,
    candidates: int,
    allowed: Numbers | None = None,
) -> list[ScoredPassage]:
    """Candidate passages for a query, best first, ties by number.

    Args:
        query: its `text` is searched for.
        vector: of `query.text`, shape (dimension,).
        generation: to search in.
        candidates: how many of the best each of dense and lexical search proposes.
        allowed: the only passages to look at, by number; None for all.
    """
    lexical = generation.lexical.scores(generation.lexical.terms(query.text))
    numbers: Numbers = np.union1d(
        generation.dense.search(vector, candidates, allowed), best(lexical, candidates, allowed)
    )
    if not len(numbers):
        return []
    dense = generation.dense.scores(vector, numbers)
    share = weights().dense
    fused = share * scaled(dense) + (1 - share) * scaled(lexical[numbers], lowest=0.0)
    return [
        ScoredPassage(
            passage=generation.texts.passages[numbers[place]],
            dense=float(dense[place]),
            lexical=float(lexical[numbers[place]]),
            score=float(fused[place]),
        )
        for place in np.argsort(-fused, kind="stable")
    ]


def scaled(scores: Vectors, lowest: float | None = None) -> Vectors:
    """Scores moved and stretched to 0..1, from `lowest` or the least of them; 0 if all equal it."""
    low = float(scores.min()) if lowest is None else lowest
    high = float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
