"""From a question and the ones before it to what is searched for."""

from collections.abc import Callable, Sequence

from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.phrases import phrases_in
from rag.retrieval import Query

SHORT = 3
"""A question of at most so many terms leans on the one before it."""


def read_question(
    question: str,
    history: Sequence[str],
    perspectives: Sequence[str],
    *,
    terms: Terms,
    fits: Callable[[str], bool],
) -> Query:
    """The query for a question; a short one borrows the words of the question before it.

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
    before = next((each.strip() for each in reversed(history) if each.strip()), "")
    together = f"{before} {asked}"
    leans = before and len(set(terms(asked))) <= SHORT and fits(together)
    return Query(
        question=question,
        text=together if leans else asked,
        phrases=phrases_in(asked),
        perspectives=tuple(perspectives),
    )
