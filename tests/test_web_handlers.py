from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag import wording
from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import (
    Defect,
    IndexDamaged,
    PageForgotten,
    ParallaxError,
    QuestionError,
    SourceGone,
    VerbatimError,
)
from rag.index.build import build
from rag.records import EVERYTHING, Answer, Filter
from rag.settings import Settings
from rag.web import handlers
from rag.web.handlers import Opening, Turns, ask
from rag.web.shelf import Shelf
from rag.web.thread import Turn, thread_html
from tests.answers import ANSWER, DEAD, DOCUMENTS, PUT_OUT, SHAPES
from tests.making import HARBOUR, WHEN_CLOSED, WHO_BURNT, Element, labelled, opened, parsed

SECRET = "what only the terminal may tell"  # noqa: S105


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened(own_harbour, quick_encoder))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Makes the library fail at every question."""

    def fail_with(error: Exception) -> None:
        def fail(*_: object) -> Answer:
            raise error

        monkeypatch.setattr(Library, "ask", fail)

    return fail_with


def asked(shelf: Shelf, question: str, turns: Turns = (), heard: Sequence[str] = ()) -> Turns:
    *_, after = ask(shelf, question, labelled(*heard), turns)
    return after


def read(shelf: Shelf, turns: Turns = (), **opening: object) -> Element:
    return parsed(handlers.opened(shelf, Opening.model_validate(opening), turns))


def marked(page: Element) -> str:
    """What is marked as the quote itself, not as another one of the same answer."""
    (mark,) = [each for each in page.every("mark") if "class" not in each.attributes]
    return mark.text


def text_of(name: str) -> str:
    content = HARBOUR[name]
    assert isinstance(content, str)
    return content


# Asking


def test_a_question_stands_there_first_without_and_then_with_its_answer(shelf: Shelf) -> None:
    pending, answered = ask(shelf, f" {WHEN_CLOSED}\n", EVERYTHING, ())
    assert pending == (Turn(number=1, question=WHEN_CLOSED),)
    assert pending[0].waits
    (turn,) = answered
    library = shelf.library()
    assert turn.answer == library.ask(WHEN_CLOSED)
    assert (turn.number, turn.question, turn.error) == (1, WHEN_CLOSED, None)
    assert turn.documents == library.documents
    assert turn.shapes == {
        "for-closing": "diamond",
        "against-closing": "disc",
        "scientists": "triangle",
    }


def test_earlier_turns_stay_as_they_are_and_the_new_one_has_the_next_number(shelf: Shelf) -> None:
    before = asked(shelf, WHEN_CLOSED)
    pending, answered = ask(shelf, "Who sold the boats?", EVERYTHING, before)
    assert pending[:1] == answered[:1] == before
    assert [turn.number for turn in pending] == [turn.number for turn in answered] == [1, 2]


def test_only_the_sources_chosen_are_heard(shelf: Shelf) -> None:
    (turn,) = asked(shelf, WHEN_CLOSED, heard=["against-closing"])
    assert turn.answer is not None
    assert turn.answer.perspectives == ("against-closing",)
    assert {citation.document for citation in turn.citations} == {"fishers.txt"}


def test_the_history_is_of_the_questions_that_have_an_answer(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []
    original = Library.ask

    def noting(self: Library, question: str, history: Sequence[str], only: Filter) -> Answer:
        told.append(list(history))
        return original(self, question, history, only)

    monkeypatch.setattr(Library, "ask", noting)
    turns = asked(shelf, WHEN_CLOSED)
    turns = asked(shelf, WHEN_CLOSED, turns, heard=["no-such-label"])
    assert turns[-1].error
    turns = (*turns, Turn(3, "A question that was broken off?"))
    turns = asked(shelf, 'Who wrote "zeppelin"?', turns)
    assert turns[-1].answer is not None
    assert turns[-1].answer.abstention
    asked(shelf, "And who sold the boats?", turns)
    assert told == [
        [],
        [WHEN_CLOSED],
        [WHEN_CLOSED],
        [WHEN_CLOSED, 'Who wrote "zeppelin"?'],
    ]


def test_a_follow_up_is_asked_as_the_question_before_makes_it(shelf: Shelf) -> None:
    turns = asked(shelf, "When was the harbour closed?")
    turns = asked(shelf, "And by whom?", turns)
    assert turns[-1].answer is not None
    assert "harbour closed" in turns[-1].asked_as == turns[-1].answer.asked_as
    assert turns[0].asked_as == ""


@pytest.mark.parametrize(
    ("question", "heard", "message"),
    [
        (WHEN_CLOSED, ["no-such-label"], "no perspective 'no-such-label'"),
        ("Why was the harbour closed? " * 100, [], "longer than the 256 tokens"),
        (" \n", [], "the question is empty"),
        ("\ud800?", [], "bytes that are no text"),
    ],
)
def test_a_question_that_cannot_be_asked_is_an_error_and_no_silence(
    shelf: Shelf, question: str, heard: list[str], message: str
) -> None:
    pending, after = ask(shelf, question, labelled(*heard), ())
    assert len(pending) == 1
    (turn,) = after
    assert isinstance(turn.error, QuestionError)
    assert message in turn.error.message
    assert turn.error.remedy
    assert turn == replace(pending[0], error=turn.error)
    assert turn.answer is None
    assert turn.citations == ()
    (answered,) = asked(shelf, WHEN_CLOSED)
    assert answered.answer is not None


def test_an_index_that_cannot_be_used_is_told_as_it_is(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    report = build(own_harbour, quick_encoder)
    (own_harbour.index / report.generation / "dense.faiss").unlink()
    (turn,) = asked(shelf, WHEN_CLOSED)
    assert isinstance(turn.error, IndexDamaged)
    assert "dense.faiss" in turn.error.message


@pytest.mark.parametrize(
    "error", [VerbatimError(SECRET, SECRET), RuntimeError(SECRET), KeyError(SECRET)]
)
def test_a_defect_is_shown_without_a_word_of_it_and_told_to_the_terminal(
    shelf: Shelf,
    failing: Callable[[Exception], None],
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = asked(shelf, WHEN_CLOSED)
    failing(error)
    pending, failed = ask(shelf, "Who sold the boats?", EVERYTHING, before)
    assert [each.exc_info and each.exc_info[1] for each in caplog.records] == [error]
    assert SECRET in caplog.text
    shown = failed[-1].error
    assert isinstance(shown, Defect)
    assert failed == (*before, replace(pending[-1], error=shown))
    assert (shown.message, shown.remedy) == wording.plain.defect()
    page = parsed(thread_html(failed))
    assert page.one("div.failure").text == " ".join(wording.plain.defect())
    assert SECRET not in page.text
    assert SECRET not in str(page)


def test_a_question_after_a_defect_is_answered(
    shelf: Shelf, failing: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(RuntimeError(SECRET))
    turns = asked(shelf, WHEN_CLOSED)
    monkeypatch.undo()
    assert isinstance(turns[-1].error, Defect)
    assert asked(shelf, WHEN_CLOSED, turns)[-1].answer is not None


def test_after_a_defect_the_questions_that_wait_are_asked_still(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Library.ask

    def fail_once(self: Library, question: str, history: Sequence[str], only: Filter) -> Answer:
        if question == "Who?":
            raise RuntimeError(SECRET)
        return original(self, question, history, only)

    monkeypatch.setattr(Library, "ask", fail_once)
    waiting = (Turn(1, "Who?"), Turn(2, WHEN_CLOSED))
    first, failed, last = handlers.answering(shelf, waiting)
    assert first == waiting
    assert isinstance(failed[0].error, Defect)
    assert failed[1].waits
    assert last[0] == failed[0]
    monkeypatch.undo()
    assert last[1].answer == shelf.library().ask(WHEN_CLOSED)


# Opening


def test_a_quote_opens_in_its_source(shelf: Shelf) -> None:
    turns = asked(shelf, WHEN_CLOSED)
    assert len(turns[0].citations) > 1
    for citation in turns[0].citations:
        page = read(shelf, turns, turn=1, citation=citation.number)
        assert marked(page) == citation.exact
        assert page.one("div.text").text == text_of(citation.document)
        assert page.one("p.place").text.endswith(f"characters {citation.start} to {citation.end}")
        assert page.one("span.badge").attributes["class"] == (
            "badge " + {"council.txt": "diamond", "fishers.txt": "disc"}[citation.document]
        )


def test_the_other_source_of_a_quote_opens_where_its_words_stand(
    carried: Library, tmp_path: Path
) -> None:
    shelf = Shelf(Settings(seeds=tmp_path, index=tmp_path), carried)
    turns = asked(shelf, WHO_BURNT, heard=["town"])
    citation = turns[0].citations[0]
    (also,) = citation.also_in
    page = read(shelf, turns, turn=1, citation=1, also=1)
    assert page.one("div.text").text == carried.documents["b.txt"].text
    assert marked(page) == carried.documents["b.txt"].text[also.start : also.end]
    assert marked(page).split() == citation.exact.split()
    assert page.one("span.badge").words == "source labelled Millers"
    for number in (-1, 2):
        with pytest.raises(SourceGone):
            read(shelf, turns, turn=1, citation=1, also=number)


def test_a_figure_opens_its_source_at_its_sentence(shelf: Shelf) -> None:
    turn = Turn(1, ANSWER.question, ANSWER, documents=DOCUMENTS, shapes=SHAPES)
    figures = [f for groups in (DEAD, PUT_OUT) for f in groups.figures]
    assert len(turn.figures) == len(figures) == 5
    for number, figure in turn.figures.items():
        page = read(shelf, (turn,), turn=1, figure=number)
        assert figure.exact in marked(page)
        assert marked(page) == figure.sentence.exact
        assert page.one("div.text").text == DOCUMENTS[figure.document].text
        place = f"characters {figure.sentence.start} to {figure.sentence.end}"
        assert page.one("p.place").text.endswith(place)
    assert {id(each) for each in turn.figures.values()} == {id(each) for each in figures}
    for number in (-1, 6):
        with pytest.raises(SourceGone):
            read(shelf, (turn,), turn=1, figure=number)


def test_each_turn_opens_its_own_quotes(shelf: Shelf) -> None:
    turns = asked(shelf, WHEN_CLOSED, heard=["for-closing"])
    turns = asked(shelf, WHEN_CLOSED, turns, heard=["against-closing"])
    assert read(shelf, turns, turn=1, citation=1).one("h2").text == "Minutes of the council"
    assert read(shelf, turns, turn=2, citation=1).one("h2").text.startswith("Untitled: “The har")


@pytest.mark.usefixtures("never_answers")
def test_what_is_nearest_to_an_abstention_opens_too(shelf: Shelf) -> None:
    turns = asked(shelf, WHEN_CLOSED)
    assert turns[0].answer is not None
    assert turns[0].answer.abstention
    nearest = turns[0].answer.abstention.nearest[1]
    page = read(shelf, turns, turn=1, citation=2)
    assert marked(page) == nearest.exact
    assert page.one("div.text").text == text_of(nearest.document)


@pytest.mark.parametrize("name", ["council.txt", "fishers.txt", "visitor.md"])
def test_a_source_opens_by_itself(shelf: Shelf, name: str) -> None:
    page = read(shelf, document=name)
    assert page.one("div.text").text == text_of(name)
    assert page.every("mark") == []


@pytest.mark.parametrize(
    "opening",
    [
        {"document": "no-such.txt"},
        {"document": "../seeds/council.txt"},
        {"turn": 1},
        {"turn": 1, "citation": 99},
        {"turn": 1, "citation": -1},
        {"turn": 2, "citation": 1},
        {"turn": 3, "citation": 1},
        {"turn": 9, "citation": 1, "document": "no-such.txt"},
    ],
)
def test_what_is_not_there_is_an_error_that_says_so(
    shelf: Shelf, opening: dict[str, object]
) -> None:
    turns = (
        *asked(shelf, WHEN_CLOSED),
        Turn(2, "Who?", error=QuestionError("no")),
        Turn(3, "Why?"),
    )
    with pytest.raises(SourceGone, match="This source is not in the library any more") as caught:
        read(shelf, turns, **opening)
    assert caught.value.remedy


@pytest.mark.parametrize("opening", [{"turn": 1, "citation": 1}, {"turn": 1, "figure": 1}, {}])
def test_a_page_that_the_server_forgot_says_so(shelf: Shelf, opening: dict[str, object]) -> None:
    with pytest.raises(PageForgotten) as caught:
        read(shelf, (), **opening)
    assert (caught.value.message, caught.value.remedy) == (
        "This page was left for too long, or the program was started anew.",
        "Reload the page; your questions are kept.",
    )


def test_an_older_turn_opens_its_source_as_it_was_when_it_answered(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    turns = asked(shelf, WHEN_CLOSED)
    assert {citation.document for citation in turns[0].citations} == {"council.txt", "fishers.txt"}
    now = "A new clerk wrote that the harbour of Lomvik was closed to trawlers in 1999.\n"
    (own_harbour.seeds / "council.txt").write_text(now)
    (own_harbour.seeds / "fishers.txt").unlink()
    (own_harbour.seeds / "sources.toml").write_text("")
    build(own_harbour, quick_encoder)
    turns = asked(shelf, WHEN_CLOSED, turns)
    assert [citation.document for citation in turns[1].citations] == ["council.txt"]
    assert read(shelf, turns, turn=2, citation=1).one("div.text").text == now
    for citation in turns[0].citations:
        page = read(shelf, turns, turn=1, citation=citation.number)
        assert page.one("div.text").text == text_of(citation.document)
        assert marked(page) == citation.exact
        label = citation.source.perspective.label
        assert page.one("span.badge").words == f"source labelled {label}"
    cards = parsed(thread_html(turns)).every("article.card")
    labels = [card.one("span.badge").words for card in cards]
    assert labels[-1] == "Unlabelled"
    assert "source labelled Against closing" in labels[:-1]
    assert read(shelf, document="council.txt").one("div.text").text == now
    with pytest.raises(ParallaxError, match="not in the library any more"):
        read(shelf, document="fishers.txt")


@pytest.mark.usefixtures("always_answers")
def test_every_label_that_a_source_carries_ticked_is_to_hear_all(shelf: Shelf) -> None:
    (turn,) = asked(shelf, WHEN_CLOSED, heard=["for-closing", "against-closing", "unlabelled"])
    assert turn.answer
    assert turn.answer.perspectives == ()
    (turn,) = asked(shelf, WHEN_CLOSED, heard=["for-closing", "against-closing"])
    assert turn.answer
    assert turn.answer.perspectives == ("for-closing", "against-closing")
