import pytest

from rag.conversation import readings
from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.retrieval import Query

TERMS = Terms({"english": 1})


def read(question: str, *history: str, limit: int = 1000) -> list[Query]:
    return readings(question, history, (), terms=TERMS, fits=lambda text: len(text) <= limit)


def texts(question: str, *history: str, limit: int = 1000) -> list[str]:
    return [query.text for query in read(question, *history, limit=limit)]


def test_a_question_alone_is_searched_for_as_it_is() -> None:
    (query,) = read("  Who built the lighthouse of Lomvik? ")
    assert query.text == "Who built the lighthouse of Lomvik?"
    assert query.question == "  Who built the lighthouse of Lomvik? "
    assert query.phrases == ()


def test_a_short_follow_up_stands_alone_first_then_after_the_question_before_it() -> None:
    before = "Who built the lighthouse of Lomvik?"
    alone, together = read("And when?", "Who paid the crew?", before)
    assert alone.text == "And when?"
    assert together.text == f"{before} And when?"
    assert alone.question == together.question == "And when?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("trawlers?", True),
        ("trawler, herring", True),
        ("trawler, herring, quota", False),
        ("What of the trawlers, the trawler and the herring?", True),
        ("Did they pay the crew of the trawler?", True),
        ("And the crew of the trawler, the herring?", True),
        ("Did they pay the crew of the trawler for herring and cod?", False),
        ("Who sold the world cup?", False),
    ],
)
def test_a_question_leans_if_it_is_short_or_shortish_and_points_back(
    question: str, leans: bool
) -> None:
    assert texts(question, "Before?") == [question, f"Before? {question}"][: 1 + leans]


def test_a_chain_of_short_questions_leans_on_the_one_that_stands_by_itself() -> None:
    whole = "Who built the lighthouse of Lomvik in stone?"
    history = ["Who paid the crew?", whole, "And when?"]
    assert texts("And why?", *history) == ["And why?", f"{whole} And when? And why?"]


def test_what_is_borrowed_for_keeps_its_own_terms_but_not_the_kind_of_answer() -> None:
    assert read("And the herring?", "Who built it?")[1].own == tuple(TERMS("herring"))
    assert read("And in which year?", "Who built it?")[1].own == ()
    assert read("And the herring?")[0].own == ()


def test_empty_questions_in_the_history_are_passed_over() -> None:
    assert texts("When?", "Who built it?", " ", "") == ["When?", "Who built it? When?"]
    assert texts("When?", "", " ") == ["When?"]


def test_words_in_quotation_marks_are_a_condition_those_of_earlier_questions_are_not() -> None:
    queries = read('The "old mill"?', 'Who owned the "new mill"?')
    assert [query.phrases for query in queries] == [("old mill",), ("old mill",)]


def test_no_words_are_borrowed_that_the_model_would_not_read() -> None:
    together = "Who built it? When?"
    assert texts("When?", "Who built it?", limit=len(together)) == ["When?", together]
    assert texts("When?", "Who built it?", limit=len(together) - 1) == ["When?"]


def test_perspectives_are_kept() -> None:
    (query,) = readings("Who?", (), ["pro", "contra"], terms=TERMS, fits=lambda _text: True)
    assert query.perspectives == ("pro", "contra")


@pytest.mark.parametrize("question", ["", " ", "\n\t"])
def test_an_empty_question_is_an_error(question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty") as caught:
        read(question, "Who built the lighthouse?")
    assert caught.value.remedy


@pytest.mark.parametrize("asked", [("\udcff?",), ("Who?", "What of \ud800?")])
def test_bytes_that_are_no_text_are_an_error(asked: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError, match="bytes that are no text") as caught:
        read(*asked)
    assert "UTF-8" in caught.value.remedy
