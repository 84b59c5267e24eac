from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import QuestionError
from rag.records import Filter
from rag.web import conversations
from rag.web.conversations import (
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST,
    MOST_BYTES,
    MOST_QUESTIONS,
    Asked,
    Conversation,
    Kept,
    asked_in,
    conversations_html,
    exported_html,
    is_kept,
    kept_of,
)
from rag.web.thread import Turn
from tests.answers import ANSWER
from tests.making import ANY_TEXT, assert_stays_text, parsed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def conversation(number: int, *questions: str, title: str = "") -> Conversation:
    asked = tuple(Asked(question=each) for each in questions or (f"Question {number}?",))
    return Conversation(id=f"{number:016x}", title=title, asked=asked)


def kept(*conversations: Conversation) -> Kept:
    return Kept(revision=3, conversations=conversations)


def ids(kept: Kept) -> list[int]:
    return [int(each.id, 16) for each in kept.conversations]


# What a browser has kept


def test_what_is_kept_comes_back_as_it_was() -> None:
    only = Filter(perspectives=("one",), sources=("a.txt",), kinds=("letter",), since="2020-10")
    asked = (Asked(question="Who?", only=only, generation="g1"), Asked(question="Why?"))
    before = kept(Conversation(id="0" * 16, title="A title", asked=asked), conversation(1))
    assert kept_of(before.to_browser()) == before


def test_no_answer_is_kept() -> None:
    turn = Turn(1, "Who?", answer=ANSWER, heard=Filter(kinds=("letter",)))
    (asked,) = asked_in([turn])
    assert asked == Asked(question="Who?", only=turn.heard, generation=ANSWER.generation)
    told = str(Kept().holding(Conversation(id="0" * 16, asked=(asked,))).to_browser())
    for citation in ANSWER.citations:
        assert citation.exact not in told


@settings(deadline=None)
@given(JSON)
def test_whatever_lies_in_the_browser_is_no_more_than_dropped(stored: object) -> None:
    assert kept_of(stored).conversations == ()


@settings(deadline=None)
@given(JSON, JSON, JSON, JSON)
def test_of_what_is_malformed_the_rest_is_kept(
    one: object, other: object, title: object, only: object
) -> None:
    whole = {"id": "0" * 16, "asked": [one, {"question": "Who?"}, other]}
    stored = {"conversations": [one, whole, {**whole, "id": "1" * 16, "title": title}, other]}
    stored["conversations"].append({"id": "2" * 16, "asked": [{"question": "Why?", "only": only}]})
    found = kept_of(stored)
    assert found.get("0" * 16) == Conversation(id="0" * 16, asked=(Asked(question="Who?"),))
    assert kept_of(found.to_browser()) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x" * 16},
        {"id": "0" * 15},
        {"id": "0" * 16 + "\n"},
        {"id": '"><script>'},
        {"title": "t" * (LONGEST_TITLE + 1)},
        {"title": 5},
        {"title": "\ud800"},
        {"asked": []},
        {"asked": [{"question": ""}]},
        {"asked": [{"question": "q" * (LONGEST_QUESTION + 1)}]},
        {"asked": [{"question": "\ud800"}]},
        {"asked": [{"question": "Who?", "answer": "Words that no source said."}]},
        {"asked": [{"question": "Who?", "only": {"since": "in spring"}}]},
        {"asked": [{"question": "Who?", "only": {"since": "2021", "until": "2020"}}]},
        {"asked": [{"question": "Who?", "only": {"sources": ["s" * 20_000]}}]},
        {"asked": "Who?"},
        {"answers": ["Words that no source said."]},
    ],
)
def test_what_no_page_ever_kept_is_dropped(wrong: dict[str, object]) -> None:
    sound = {"id": "0" * 16, "asked": [{"question": "Who?"}]}
    assert ids(kept_of({"conversations": [sound]})) == [0]
    assert kept_of({"conversations": [sound | wrong]}) == Kept()


def test_of_two_with_one_id_one_is_kept() -> None:
    twice = [{"id": "0" * 16, "asked": [{"question": each}]} for each in ("Who?", "Why?")]
    (only,) = kept_of({"conversations": twice}).conversations
    assert only.asked[0].question == "Why?"


def test_a_malformed_revision_is_the_first() -> None:
    for revision in ("x", -1, None, 2.5, 2**60, [1]):
        assert kept_of({"revision": revision}).revision == 0
    assert kept_of({"revision": 7}).revision == 7


# Limits


def test_of_too_many_conversations_the_oldest_goes_and_that_is_said_before() -> None:
    full = Kept()
    for number in range(MOST):
        assert full.leaving is None
        full = full.holding(conversation(number))
    assert full.leaving == conversation(0)
    assert ids(full.holding(conversation(MOST))) == list(range(1, MOST + 1))


def test_a_conversation_that_goes_on_takes_no_place() -> None:
    full = kept(*map(conversation, range(MOST)))
    assert ids(full.holding(conversation(0, "Once more?"))) == [*range(1, MOST), 0]


def test_only_the_newest_questions_are_kept() -> None:
    turns = [Turn(number, f"Question {number}?", answer=ANSWER) for number in range(1, 121)]
    asked = asked_in(turns)
    assert [each.question for each in asked] == [turn.question for turn in turns[-MOST_QUESTIONS:]]


def test_all_that_is_kept_fits_into_a_request() -> None:
    longest = "\u20ac" * LONGEST_QUESTION
    full = Kept()
    for number in range(MOST):
        full = full.holding(conversation(number, *[longest] * MOST_QUESTIONS))
    assert 0 < conversations._size(full.to_browser()) <= MOST_BYTES
    assert full.leaving == full.conversations[0]
    assert full.conversations[-1].id == f"{MOST - 1:016x}"
    assert full.conversations[-1].asked


def test_what_is_too_much_in_the_browser_is_cut_down_too() -> None:
    longest = {"question": "q" * LONGEST_QUESTION}
    stored = {
        "conversations": [{"id": f"{n:016x}", "asked": [longest] * 200} for n in range(2 * MOST)]
    }
    found = kept_of(stored)
    assert conversations._size(found.to_browser()) <= MOST_BYTES
    assert found.conversations[-1].id == f"{2 * MOST - 1:016x}"


# Changes


def test_a_conversation_is_called_by_its_title_or_its_first_question() -> None:
    assert conversation(1, "Who?", "Why?").shown_title == "Who?"
    renamed = kept(conversation(1, "Who?")).renamed(f"{1:016x}", "  On \n the harbour ")
    assert renamed.conversations[0].shown_title == "On the harbour"
    assert renamed.renamed(f"{1:016x}", " ").conversations[0].shown_title == "Who?"
    long = renamed.renamed(f"{1:016x}", "t" * 300)
    assert long.conversations[0].title == "t" * LONGEST_TITLE


def test_what_was_deleted_comes_back_beside_what_was_kept_since() -> None:
    before = kept(conversation(1), conversation(2), conversation(3))
    after = before.without(f"{2:016x}")
    assert ids(after) == [1, 3]
    since = after.holding(conversation(4))
    assert ids(since.restored(before)) == [1, 2, 3, 4]
    assert ids(before.without(f"{3:016x}").restored(before)) == [1, 2, 3]
    anew = after.renamed(f"{1:016x}", "New").restored(before)
    assert [each.title for each in anew.conversations] == ["New", "", ""]
    assert ids(before.emptied()) == []
    assert ids(before.emptied().restored(before)) == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.holding(conversation(5)),
        lambda kept: kept.without(f"{1:016x}"),
        lambda kept: kept.renamed(f"{1:016x}", "New"),
        lambda kept: kept.emptied(),
        lambda kept: kept.restored(kept),
    ],
)
def test_every_change_counts(change: Callable[[Kept], Kept]) -> None:
    assert change(kept(conversation(1))).revision == 4


def test_questions_without_an_answer_are_not_kept_unless_they_had_one() -> None:
    failed = Turn(1, "Who?", error=QuestionError("Too long."))
    stopped = Turn(2, "Why?", stopped=True)
    waiting = Turn(3, "When?")
    assert asked_in([failed, stopped, waiting]) == ()
    earlier = [replace(each, earlier="g1") for each in (failed, stopped, waiting)]
    assert [each.question for each in asked_in(earlier)] == ["Who?", "Why?", "When?"]
    assert {each.generation for each in asked_in(earlier)} == {"g1"}


def test_a_question_that_cannot_be_kept_is_left_out() -> None:
    turns = [Turn(1, "q" * 3000, answer=ANSWER), Turn(2, "Who?", answer=ANSWER)]
    assert [each.question for each in asked_in(turns)] == ["Who?"]


def test_a_question_with_a_filter_of_hundreds_of_sources_is_not_kept() -> None:
    def only(count: int) -> Filter:
        return Filter(sources=tuple(f"{number:092}.txt" for number in range(count)))

    assert is_kept(only(100))
    assert not is_kept(only(200))
    assert not is_kept(Filter(sources=("\ud800",)))
    asked = asked_in([Turn(1, "Who?", answer=ANSWER, heard=only(n)) for n in (100, 200)])
    assert [each.only for each in asked] == [only(100)]


# The bar


def test_the_bar_shows_the_title_and_the_list_newest_first() -> None:
    page = parsed(conversations_html(kept(conversation(1), conversation(2, "Who?")), f"{2:016x}"))
    bar = page.one("div.conversations").attributes
    assert (bar["data-revision"], bar["data-current"]) == ("3", f"{2:016x}")
    assert page.one("h2").text == "Who?"
    assert [each.text for each in page.every("button.open")] == ["Who?", "Question 1?"]
    assert ["aria-current" in each.attributes for each in page.every("li")] == [True, False]
    done = [each.attributes.get("data-do") for each in page.every("button")]
    assert done == ["new", "export", "export", *["open", None, "delete"] * 2, "clear"]
    assert "Your questions are kept in this browser only" in page.one("p.where").words


def test_with_nothing_kept_there_is_no_bar() -> None:
    assert parsed(conversations_html(Kept(), "")).words == ""


def test_a_new_conversation_is_warned_of_what_goes() -> None:
    full = kept(*map(conversation, range(MOST)))
    page = parsed(conversations_html(full, ""))
    assert "“Question 0?”" in page.one("p.leaving").words
    assert page.one("h2").text == "New conversation"
    assert parsed(conversations_html(full, f"{3:016x}")).every("p.leaving") == []


def test_what_was_deleted_can_be_brought_back() -> None:
    page = parsed(conversations_html(Kept(), "", undo="Who?"))
    assert page.one("p.undo").words == "Deleted: Who? Undo"
    assert page.one("p.undo").one("button").attributes["data-do"] == "undo"


@settings(deadline=None)
@given(ANY_TEXT.map(lambda text: text[:100] or "?"))
def test_no_title_and_no_question_is_ever_markup(text: str) -> None:
    def page(told: str) -> str:
        one = conversation(1, told, title=told)
        other = conversation(2, told)
        full = kept(other, *map(conversation, range(3, MOST + 1)), one)
        return conversations_html(full, one.id) + conversations_html(full, "", undo=told)

    assert_stays_text(page, text)


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_file_to_save_holds_every_character(text: str) -> None:
    file = parsed(exported_html(text, text)).one("p")
    assert file.attributes == {"data-name": text, "data-text": text}


def test_the_filter_of_everything_takes_no_room() -> None:
    assert kept(conversation(1)).to_browser() == {
        "revision": 3,
        "conversations": [{"id": f"{1:016x}", "asked": [{"question": "Question 1?"}]}],
    }
