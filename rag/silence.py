"""Why a library does not answer: which of the causes it is, with what a reader can do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rag import wording
from rag.importance import words_of
from rag.index.generation import Generation
from rag.index.lexical import LexicalStore
from rag.quotes import Found
from rag.records import EVERYTHING, Abstention, Cause, Citation, Document, Filter, Reason
from rag.retrieval import Query
from rag.weights import weights

HOLDS_QUESTION = 0.8
"""A text that holds at least so much of a question's words, weighted, matches it."""


@dataclass(frozen=True)
class LeftOut:
    """The words of the furniture and references of a generation's documents."""

    generation: Generation

    @cached_property
    def _runs(self) -> tuple[LexicalStore, list[str]]:
        """What is left out, and the document of each."""
        generation = self.generation
        runs = [
            (text, name)
            for name, document in generation.texts.documents.items()
            for text in _runs(document)
        ]
        texts, names = [text for text, _ in runs], [name for _, name in runs]
        return LexicalStore.from_texts(texts, [generation.stemmers[n] for n in names]), names

    def holds(self, question: str, searched: Collection[str]) -> bool:
        """Whether one of them, in these documents, matches a question, in its words."""
        (store, names), lexical = self._runs, self.generation.lexical
        importance = {
            term: word.importance for word in words_of(question, lexical) for term in word.terms
        }
        total = sum(importance.values())
        if not total:
            return False
        held = store.coverage({term: each / total for term, each in importance.items()})
        return any(names[n] in searched for n in np.flatnonzero(held >= HOLDS_QUESTION))


def _runs(document: Document) -> list[str]:
    """What is left out of a document: spans that only white space parts are one text."""
    runs: list[tuple[int, int]] = []
    for span in document.furniture:
        if runs and not document.text[runs[-1][1] : span.start].strip():
            runs[-1] = runs[-1][0], span.end
        else:
            runs.append((span.start, span.end))
    return [document.text[start:end] for start, end in runs]


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
