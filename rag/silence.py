"""Why a library does not answer: which of the causes it is, with what a reader can do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from rag import wording
from rag.importance import words_of
from rag.index.generation import Generation
from rag.quotes import Found
from rag.records import EVERYTHING, Abstention, Cause, Citation, Filter, Reason
from rag.retrieval import Query
from rag.weights import weights

HOLDS_QUESTION = 0.8
"""A text that holds at least so much of a question's words, weighted, matches it."""


@dataclass(frozen=True)
class LeftOut:
    """The words of the furniture and references of a generation's documents."""

    generation: Generation

    def holds(self, question: str, searched: Collection[str]) -> bool:
        """Whether one of them, in these documents, matches a question, in its words."""
        store, lexical = self.generation.left_out, self.generation.lexical
        importance = {
            term: word.importance for word in words_of(question, lexical) for term in word.terms
        }
        total = sum(importance.values())
        if not total:
            return False
        held = store.coverage({term: each / total for term, each in importance.items()})
        runs = np.flatnonzero(held >= HOLDS_QUESTION)
        owners = np.searchsorted(self.generation.rows.left_out, runs, side="right") - 1
        names = list(self.generation.numbers) if len(runs) else []
        return any(names[number] in searched for number in owners.tolist())


def cause_of(
    query: Query, found: Found, *, searched: Collection[str], elsewhere: bool, left_out: LeftOut
) -> Cause:
    """Why nothing that was found is an answer.

    Args:
        query: that was searched for.
        found: what there was, too weak to be quoted.
        searched: ids of the documents that were asked.
        elsewhere: whether sources that the query leaves out would answer.
        left_out: what the library leaves out of its passages.
    """
    if elsewhere:
        return "filter"
    if query.phrases and not found.candidates:
        return "phrase"
    best = found.candidates[0].evidence.coverage if found.candidates else 0.0
    if best < HOLDS_QUESTION and left_out.holds(query.text, searched):
        return "left-out"
    return "near" if found.match >= weights().near_at else "nothing-near"


def abstention(
    cause: Cause,
    phrases: Sequence[str],
    labels: Sequence[str],
    titles: Sequence[str],
    nearest: tuple[Citation, ...],
    only: Filter = EVERYTHING,
    absent: Sequence[str] = (),
) -> Abstention:
    """The abstention of a cause.

    Args:
        cause: why.
        phrases: the exact words that were asked for.
        labels: of the only sources that were heard; empty for all.
        titles: of the only documents that were heard; empty for all.
        nearest: the nearest quotes.
        only: the filter, of which kinds and dates are told beside those names.
        absent: words of the question that stand nowhere in the library.
    """
    message, remedy = wording.silence.silence(cause, phrases, labels, titles, only, absent)
    reason: Reason = "phrase-not-found" if cause == "phrase" else "no-evidence"
    return Abstention(reason=reason, cause=cause, message=message, remedy=remedy, nearest=nearest)
