"""From a question and the ones before it to what is searched for."""

import re
from collections.abc import Callable, Sequence

from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.phrases import phrases_in
from rag.retrieval import Query

SHORT = 2
"""A question of at most so many terms leans on the ones before it."""

REFERRING_SHORT = 4
"""So does one of at most so many, if a word in it points back."""

KINDS = (
    "year date day month time place name reason number amount people person country way kind"
    " many much long happen happened say said says tell think mean exactly again else"
)
"""Words that ask for a kind of answer, which need not stand in it."""

_POINTS_BACK = re.compile(
    r"^\W*(?:and|but|so|or|then|what about|how about)\b"
    r"|\b(?:it|its|they|them|their|theirs|he|him|his|she|hers?|this|that|these|those|there|then)\b",
    re.IGNORECASE,
)


def readings(
    question: str,
    history: Sequence[str],
    perspectives: Sequence[str],
    *,
    terms: Terms,
    fits: Callable[[str], bool],
) -> list[Query]:
    """What a question may be searched for as: alone and, if it leans on them, after earlier ones.

    Args:
        question: as it was asked.
        history: earlier questions, oldest first.
        perspectives: ids of the only perspectives to hear; empty for all.
        terms: makes terms of a text.
        fits: whether the model reads a text as a whole; words are borrowed only if it does.

    Raises:
        QuestionError: the question is empty, or is no text.
    """
    asked = question.strip()
    if not asked:
        raise QuestionError("the question is empty", "Ask in a sentence or a few words.")
    if any("\ud800" <= character <= "\udfff" for text in (asked, *history) for character in text):
        raise QuestionError("the question holds bytes that are no text", "Send questions in UTF-8.")
    before = _leaned_on(asked, history, terms)
    together = " ".join([*before, asked])
    queries = [Query(question=question, text=asked)]
    if before and fits(together):
        own = tuple(term for term in terms(asked) if term not in terms(KINDS))
        queries.append(Query(question=question, text=together, own=own))
    conditions = {"phrases": phrases_in(asked), "perspectives": tuple(perspectives)}
    return [query.model_copy(update=conditions) for query in queries]


def _leaned_on(asked: str, history: Sequence[str], terms: Terms) -> list[str]:
    """The earlier questions that a question leans on: back to one that stands by itself."""
    chain: list[str] = []
    for earlier in reversed([each.strip() for each in history if each.strip()]):
        if not _leans(chain[0] if chain else asked, terms):
            break
        chain.insert(0, earlier)
    return chain


def _leans(question: str, terms: Terms) -> bool:
    length = len(set(terms(question)))
    return length <= SHORT or (length <= REFERRING_SHORT and bool(_POINTS_BACK.search(question)))
