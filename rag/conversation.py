"""From a question and the ones before it to what is searched for."""

from collections.abc import Sequence

from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.phrases import phrases_in
from rag.retrieval import Query

SHORT = 3
"""A question of at most so many terms leans on the one before it."""


def read_question(
    question: str, history: Sequence[str], perspectives: Sequence[str], terms: Terms
) -> Query:
    """The query for a question; a short one borrows the words of the question before it.

    Raises:
        QuestionError: the question is empty, or is no text.
    """
    asked = question.strip()
    if not asked:
        raise QuestionError("the question is empty", "Ask in a sentence or a few words.")
    if any("\ud800" <= character <= "\udfff" for text in (asked, *history) for character in text):
        raise QuestionError("the question holds bytes that are no text", "Send questions in UTF-8.")
    before = next((each.strip() for each in reversed(history) if each.strip()), "")
    leans = before and len(set(terms(asked))) <= SHORT
    return Query(
        question=question,
        text=f"{before} {asked}" if leans else asked,
        phrases=phrases_in(asked),
        perspectives=tuple(perspectives),
    )
