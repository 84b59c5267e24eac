import pytest

from rag.conversation import read_question
from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.retrieval import Query

TERMS = Terms("english")


def read(question: str, *history: str, limit: int = 1000) -> Query:
    return read_question(question, history, (), terms=TERMS, fits=lambda text: len(text) <= limit)


def test_a_question_alone_is_searched_for_as_it_is() -> None:
    query = read("  Who built the lighthouse of Lomvik? ")
    assert query.text == "Who built the lighthouse of Lomvik?"
    assert query.question == "  Who built the lighthouse of Lomvik? "
    assert query.phrases == ()


def test_a_short_follow_up_borrows_the_words_of_the_question_before_it() -> None:
    query = read("And when?", "Who paid the crew?", "Who built the lighthouse?")
    assert query.text == "Who built the lighthouse? And when?"
    assert query.question == "And when?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("trawler, herring, quota", True),
        ("trawler, herring, quota, council", False),
        ("What of the trawlers, the trawler, the herring and the quota?", True),
    ],
)
def test_a_follow_up_of_more_than_three_different_terms_stands_alone(
    question: str, leans: bool
) -> None:
    assert read(question, "Before?").text == (f"Before? {question}" if leans else question)


def test_empty_questions_in_the_history_are_passed_over() -> None:
    assert read("When?", "Who built it?", " ", "").text == "Who built it? When?"
    assert read("When?", "", " ").text == "When?"


def test_words_in_quotation_marks_are_a_condition_those_of_earlier_questions_are_not() -> None:
    query = read('The "old mill"?', 'Who owned the "new mill"?')
    assert query.phrases == ("old mill",)


def test_no_words_are_borrowed_that_the_model_would_not_read() -> None:
    together = "Who built it? When?"
    assert read("When?", "Who built it?", limit=len(together)).text == together
    assert read("When?", "Who built it?", limit=len(together) - 1).text == "When?"


def test_perspectives_are_kept() -> None:
    query = read_question("Who?", (), ["pro", "contra"], terms=TERMS, fits=lambda _text: True)
    assert query.perspectives == ("pro", "contra")


@pytest.mark.parametrize("question", ["", " ", "\n\t"])
def test_an_empty_question_is_an_error(question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty") as caught:
        read(question, "Who built the lighthouse?")
    assert caught.value.remedy


@pytest.mark.parametrize("texts", [("\udcff?",), ("Who?", "What of \ud800?")])
def test_bytes_that_are_no_text_are_an_error(texts: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError, match="bytes that are no text") as caught:
        read(*texts)
    assert "UTF-8" in caught.value.remedy
