import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from pydantic import ValidationError

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import Defect
from rag.export import json_of
from rag.index.build import build
from rag.records import Answer, Filter
from rag.settings import Settings
from rag.web import handlers
from rag.web.conversations import Kept
from rag.web.deeds import Deed, Session, done, until_stopped
from rag.web.filters import Chosen
from rag.web.shelf import Shelf
from tests.making import WHEN_CLOSED, opened, parsed, write_files

WHO_SOLD = "Who sold forty boats?"


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened(own_harbour, quick_encoder))


def steps(shelf: Shelf, session: Session, **deed: object) -> Iterator[Session]:
    return done(shelf, Deed.model_validate(deed), session)


def after(shelf: Shelf, session: Session, **deed: object) -> Session:
    *_, last = steps(shelf, session, **deed)
    return last


def asked(shelf: Shelf, *questions: str, session: Session | None = None) -> Session:
    session = session or Session()
    for question in questions:
        session = after(shelf, session, do="ask", question=question)
    return session


def questions(session: Session) -> list[str]:
    return [turn.question for turn in session.turns]


def kept(session: Session) -> list[list[str]]:
    return [[each.question for each in c.asked] for c in session.kept.conversations]


# Asking


def test_a_question_is_kept_once_it_is_answered(shelf: Shelf) -> None:
    pending, answered = steps(shelf, Session(), do="ask", question=WHEN_CLOSED)
    assert pending.turns[0].waits
    assert kept(pending) == []
    assert not answered.turns[0].waits
    assert kept(answered) == [[WHEN_CLOSED]]
    (conversation,) = answered.kept.conversations
    assert conversation.id == answered.current
    assert conversation.asked[0].generation == shelf.library().generation.id


def test_questions_of_one_conversation_are_kept_together(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, WHO_SOLD)
    assert kept(session) == [[WHEN_CLOSED, WHO_SOLD]]


def test_the_filter_is_asked_with_and_kept(shelf: Shelf) -> None:
    only = {"perspectives": ["against-closing"], "since": "no date"}
    session = after(shelf, Session(), do="ask", question=WHEN_CLOSED, only=only)
    assert {each.document for each in session.turns[0].citations} == {"fishers.txt"}
    heard = Filter(perspectives=("against-closing",))
    assert session.kept.conversations[0].asked[0].only == session.turns[0].heard == heard


def test_an_empty_question_does_nothing(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    assert list(steps(shelf, session, do="ask", question=" \n")) == [session]


def test_a_question_that_cannot_be_asked_is_not_kept(shelf: Shelf) -> None:
    session = asked(shelf, "Why was the harbour closed? " * 100)
    assert session.turns[0].error
    assert session.kept == Kept()


def test_a_question_is_asked_again_where_it_stands_with_the_filter_that_acts(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, WHO_SOLD)
    again = {"do": "again", "turn": 1, "only": {"perspectives": ["for-closing"]}}
    pending, answered = steps(shelf, session, **again)
    assert questions(pending) == questions(answered) == [WHEN_CLOSED, WHO_SOLD]
    assert [turn.waits for turn in pending.turns] == [True, False]
    first, second = answered.turns
    assert {each.document for each in first.citations} == {"council.txt"}
    assert second is session.turns[1]
    assert answered.kept.conversations[0].asked[0].only == first.heard


@pytest.mark.parametrize("others", [[], [WHO_SOLD]])
def test_what_is_kept_stays_as_it_was_if_asking_again_fails(
    shelf: Shelf, others: list[str]
) -> None:
    session = asked(shelf, WHEN_CLOSED, *others)
    session = after(shelf, session, do="rename", id=session.current, title="The closing")
    again = {"do": "again", "turn": 1, "only": {"perspectives": ["no-such-label"]}}
    waits, fails = steps(shelf, session, **again)
    assert waits.turns[0].waits
    assert fails.turns[0].error
    assert waits.kept == fails.kept == session.kept
    assert waits.current == fails.current == session.current
    later = asked(shelf, "And by whom?", session=fails)
    assert kept(later) == [[WHEN_CLOSED, *others, "And by whom?"]]
    assert later.kept.conversations[0].title == "The closing"


def test_what_is_kept_stays_as_it_was_if_asking_again_is_stopped(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked(shelf, WHEN_CLOSED)
    stop, goes_on = Event(), Event()
    monkeypatch.setattr(Library, "ask", lambda *_: goes_on.wait(20))
    asking = until_stopped(steps(shelf, before, do="again", turn=1), stop)
    assert next(asking).kept == before.kept
    stop.set()
    (session,) = asking
    goes_on.set()
    monkeypatch.undo()
    assert session.turns[0].stopped
    assert (session.kept, session.current) == (before.kept, before.current)
    again = after(shelf, session, do="again", turn=1)
    assert again.turns[0].answer == before.turns[0].answer
    assert again.kept == before.kept


def test_what_is_asked_again_follows_what_stands_before_it(shelf: Shelf) -> None:
    session = asked(shelf, "When was the harbour closed?", "And by whom?", WHO_SOLD)
    again = after(shelf, session, do="again", turn=2)
    assert again.turns[1].asked_as == session.turns[1].asked_as != ""


def test_a_question_is_edited_in_its_place_after_what_stands_before_it(shelf: Shelf) -> None:
    session = asked(shelf, "When was the harbour closed?", "Who sold boats?", WHO_SOLD)
    edit = {"do": "edit", "turn": 2, "instead": "Who sold boats?", "question": " And by whom? "}
    pending, edited = steps(shelf, session, **edit, only={"perspectives": ["for-closing"]})
    expected = ["When was the harbour closed?", "And by whom?", WHO_SOLD]
    assert questions(pending) == questions(edited) == expected
    assert [turn.waits for turn in pending.turns] == [False, True, False]
    assert kept(pending) == kept(session)
    assert kept(edited) == [expected]
    first, second, third = edited.turns
    assert (first, third) == (session.turns[0], session.turns[2])
    assert "harbour closed" in second.asked_as
    assert second.heard == Filter(perspectives=("for-closing",))
    assert second.answer == shelf.library().ask("And by whom?", [first.question], second.heard)
    assert not second.answered_anew
    assert [turn.number for turn in edited.turns] == [1, 2, 3]


def test_an_edited_question_without_an_answer_is_kept_as_it_was(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = asked(shelf, WHEN_CLOSED, WHO_SOLD)
    with monkeypatch.context() as broken:
        broken.setattr(handlers, "_answered", lambda *_: 1 / 0)
        for instead, words in ((WHO_SOLD, "And when?"), ("And when?", "By whom?")):
            edit = {"do": "edit", "turn": 2, "instead": instead, "question": words}
            session = after(shelf, session, **edit)
    assert questions(session) == [WHEN_CLOSED, "By whom?"]
    assert kept(after(shelf, session, do="remove", turn=1)) == [[WHO_SOLD]]
    answered = after(shelf, session, do="again", turn=2)
    assert kept(answered) == [[WHEN_CLOSED, "By whom?"]]
    assert not answered.turns[1].answered_anew


def test_an_edited_question_whose_words_stay_is_asked_again(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    edit = {"do": "edit", "turn": 1, "instead": WHEN_CLOSED, "question": f"{WHEN_CLOSED}\n"}
    edited = after(shelf, session, **edit)
    assert edited.turns[0].answer == session.turns[0].answer
    assert edited.turns[0].earlier == session.turns[0].generation


@pytest.mark.parametrize(("turn", "instead"), [(7, WHEN_CLOSED), (1, WHO_SOLD)])
def test_an_edited_question_that_is_not_there_any_more_is_asked_at_the_end(
    shelf: Shelf, turn: int, instead: str
) -> None:
    """Its page was loaded again meanwhile, and its conversation asked with other numbers."""
    session = asked(shelf, WHEN_CLOSED)
    edited = after(shelf, session, do="edit", turn=turn, instead=instead, question="By whom?")
    assert questions(edited) == [WHEN_CLOSED, "By whom?"]


def test_a_question_edited_to_nothing_stays_as_it_is(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    edit = {"do": "edit", "turn": 1, "instead": WHEN_CLOSED, "question": " "}
    assert list(steps(shelf, session, **edit)) == [session]


def test_a_question_that_is_stopped_says_so_and_can_be_asked_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked(shelf, WHEN_CLOSED)
    stop, goes_on = Event(), Event()
    answer = Library.ask

    def slowly(self: Library, *of: object) -> Answer:
        assert goes_on.wait(20)
        return answer(self, *of)  # type: ignore[arg-type]

    monkeypatch.setattr(Library, "ask", slowly)
    asking = until_stopped(steps(shelf, before, do="ask", question=WHO_SOLD), stop)
    assert next(asking).turns[-1].waits
    stop.set()
    (session,) = asking
    goes_on.set()
    assert [turn.stopped for turn in session.turns] == [False, True]
    assert kept(session) == [[WHEN_CLOSED]]
    again = after(shelf, session, do="again", turn=2)
    assert again.turns[1].answer is not None
    assert kept(again) == [[WHEN_CLOSED, WHO_SOLD]]


def test_what_nobody_stops_goes_on_to_its_end(shelf: Shelf) -> None:
    of = {"do": "ask", "question": WHEN_CLOSED}
    plain = [[turn.answer for turn in each.turns] for each in steps(shelf, Session(), **of)]
    stoppable = until_stopped(steps(shelf, Session(), **of), Event())
    assert [[turn.answer for turn in each.turns] for each in stoppable] == plain


def test_an_error_comes_out_of_what_can_be_stopped() -> None:
    def steps() -> Iterator[Session]:
        yield Session()
        raise RuntimeError("seen by nobody")

    going = until_stopped(steps(), Event())
    next(going)
    with pytest.raises(RuntimeError, match="seen by nobody"):
        next(going)


def test_a_question_is_removed_and_no_number_is_given_twice(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, WHO_SOLD)
    session = after(shelf, session, do="remove", turn=1)
    assert questions(session) == [WHO_SOLD]
    assert kept(session) == [[WHO_SOLD]]
    session = asked(shelf, WHEN_CLOSED, session=session)
    assert [turn.number for turn in session.turns] == [2, 3]


@pytest.mark.parametrize("others", [[], [WHO_SOLD]])
def test_a_removed_question_is_brought_back_with_its_answer(
    shelf: Shelf, others: list[str]
) -> None:
    session = asked(shelf, WHEN_CLOSED, *others)
    removed = after(shelf, session, do="remove", turn=1)
    assert removed.undo == f"the question “{WHEN_CLOSED}”"
    assert kept(removed) == ([others] if others else [])
    undone = after(shelf, removed, do="undo")
    assert undone.turns == session.turns
    assert (undone.current, kept(undone)) == (session.current, kept(session))
    assert undone.undo == ""
    assert after(shelf, undone, do="undo") == undone


def test_a_removal_is_final_once_something_else_is_done(shelf: Shelf) -> None:
    removed = after(shelf, asked(shelf, WHEN_CLOSED, WHO_SOLD), do="remove", turn=1)
    later = after(shelf, removed, do="remove", turn=2)
    assert questions(after(shelf, later, do="undo")) == [WHO_SOLD]
    renamed = after(shelf, removed, do="rename", id=removed.current, title="Boats")
    assert after(shelf, renamed, do="undo").turns == renamed.turns


def test_removed_by_two_clicks_on_one_button_a_question_can_be_brought_back(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, WHO_SOLD)
    removed = after(shelf, session, do="remove", turn=1)
    again = after(shelf, removed, do="remove", turn=1)
    assert again == removed
    assert questions(after(shelf, again, do="undo")) == [WHEN_CLOSED, WHO_SOLD]


def test_a_question_that_is_not_there_is_not_removed(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    assert after(shelf, session, do="remove", turn=7) == session


def test_a_conversation_without_its_last_question_is_kept_no_more(shelf: Shelf) -> None:
    session = after(shelf, asked(shelf, WHEN_CLOSED), do="remove", turn=1)
    assert session.turns == ()
    assert kept(session) == []
    assert session.current == ""


# Conversations


def test_a_new_conversation_leaves_the_old_one_kept(shelf: Shelf) -> None:
    session = after(shelf, asked(shelf, WHEN_CLOSED), do="new")
    assert (session.turns, session.current) == ((), "")
    session = asked(shelf, WHO_SOLD, session=session)
    assert kept(session) == [[WHEN_CLOSED], [WHO_SOLD]]


def test_a_conversation_that_is_opened_is_asked_again(shelf: Shelf) -> None:
    before = asked(shelf, "When was the harbour closed?", "And by whom?")
    fresh = Session(kept=before.kept)
    opening = list(steps(shelf, fresh, do="open", id=before.current))
    assert [[turn.waits for turn in each.turns] for each in opening] == [
        [True, True],
        [False, True],
        [False, False],
    ]
    assert [turn.answer for turn in opening[-1].turns] == [turn.answer for turn in before.turns]
    assert opening[-1].current == before.current
    assert opening[-1].kept == before.kept
    assert not any(turn.answered_anew for turn in opening[-1].turns)


def test_it_is_asked_of_the_library_that_is_current_now(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    before = asked(shelf, WHEN_CLOSED)
    write_files(own_harbour.seeds, {"council.txt": "The harbour of Lomvik was closed in 1999."})
    build(own_harbour, quick_encoder)
    session = after(shelf, Session(kept=before.kept), do="open", id=before.current)
    (turn,) = session.turns
    assert "The harbour of Lomvik was closed in 1999." in [each.exact for each in turn.citations]
    assert turn.answered_anew


def test_what_is_asked_on_follows_what_was_asked_before(shelf: Shelf) -> None:
    before = asked(shelf, "When was the harbour closed?")
    session = after(shelf, Session(kept=before.kept), do="open", id=before.current)
    session = asked(shelf, "And by whom?", session=session)
    assert "harbour closed" in session.turns[-1].asked_as
    assert kept(session) == [["When was the harbour closed?", "And by whom?"]]
    assert session.current == before.current


def test_a_question_that_cannot_be_asked_any_more_is_kept_all_the_same(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    only = {"perspectives": ["for-closing"]}
    before = after(shelf, Session(), do="ask", question=WHEN_CLOSED, only=only)
    catalogue = own_harbour.seeds / "sources.toml"
    catalogue.write_text(catalogue.read_text("utf-8").replace("for-closing", "closing"), "utf-8")
    build(own_harbour, quick_encoder)
    session = after(shelf, Session(kept=before.kept), do="open", id=before.current)
    assert session.turns[0].error
    session = asked(shelf, WHO_SOLD, session=session)
    assert kept(session) == [[WHEN_CLOSED, WHO_SOLD]]


def test_a_conversation_that_is_not_there_is_not_opened(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    assert list(steps(shelf, session, do="open", id="0" * 16)) == [session]


def test_a_conversation_gets_another_title(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    session = after(shelf, session, do="rename", id=session.current, title="The closing")
    session = asked(shelf, WHO_SOLD, session=session)
    assert [each.shown_title for each in session.kept.conversations] == ["The closing"]


def test_the_open_conversation_is_deleted_and_brought_back(shelf: Shelf) -> None:
    other = after(shelf, asked(shelf, WHO_SOLD), do="new")
    session = asked(shelf, WHEN_CLOSED, session=other)
    deleted = after(shelf, session, do="delete", id=session.current)
    assert (deleted.turns, deleted.current) == ((), "")
    assert deleted.undo == f"the conversation “{WHEN_CLOSED}”"
    assert kept(deleted) == [[WHO_SOLD]]
    undone = after(shelf, deleted, do="undo")
    assert undone.turns == session.turns
    assert undone.current == session.current
    assert sorted(kept(undone)) == sorted(kept(session))
    assert undone.undo == ""


def test_another_conversation_is_deleted_and_the_open_one_stays(shelf: Shelf) -> None:
    first = asked(shelf, WHO_SOLD)
    session = asked(shelf, WHEN_CLOSED, session=after(shelf, first, do="new"))
    deleted = after(shelf, session, do="delete", id=first.current)
    assert (deleted.turns, deleted.current) == (session.turns, session.current)
    assert kept(deleted) == [[WHEN_CLOSED]]


def test_all_are_deleted_and_brought_back(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, session=after(shelf, asked(shelf, WHO_SOLD), do="new"))
    deleted = after(shelf, session, do="clear")
    assert (kept(deleted), deleted.turns, deleted.current) == ([], (), "")
    assert deleted.kept.revision == session.kept.revision + 1
    undone = after(shelf, deleted, do="undo")
    assert kept(undone) == kept(session)
    assert undone.turns == session.turns


def test_a_deletion_is_final_once_something_else_is_done(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    deleted = after(shelf, session, do="delete", id=session.current)
    later = asked(shelf, WHO_SOLD, session=deleted)
    assert later.undo == ""
    assert after(shelf, later, do="undo").turns == later.turns


def test_what_is_not_there_is_not_deleted(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    assert after(shelf, session, do="delete", id="0" * 16) == session


# Export


def test_a_conversation_is_exported_with_the_answers_that_it_shows(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED, "Who won the chess olympiad in Buenos Aires?")
    export = {"do": "export", "here": "https://library.example/"}
    file = parsed(after(shelf, session, **export, ending="json").exported).one("p").attributes
    told = [turn.told for turn in session.turns if turn.told]
    assert file["data-text"] == json_of(told, export["here"])
    turn = session.turns[0]
    assert turn.made
    assert json.loads(file["data-text"])[0]["made"] == turn.made.isoformat()
    assert datetime.now(UTC) - turn.made < timedelta(minutes=5)
    assert file["data-name"] == "When-was-the-harbour-of-Lomvik-closed-to-trawlers.json"
    session = after(shelf, session, do="rename", id=session.current, title="The closing")
    file = parsed(after(shelf, session, **export).exported).one("p").attributes
    assert file["data-name"] == "The-closing.md"
    assert file["data-text"].startswith("# The closing\n\n## When was the harbour of Lomvik")
    assert "<?cite=" in session.turns[0].copied
    for turn in session.turns:
        linked = turn.copied.replace("<?cite=", "<https://library.example/?cite=")
        assert linked in file["data-text"]


def test_an_export_takes_no_undo_away(shelf: Shelf) -> None:
    removed = after(shelf, asked(shelf, WHEN_CLOSED, WHO_SOLD), do="remove", turn=2)
    exported = after(shelf, removed, do="export")
    assert exported.exported
    assert exported.undo == removed.undo != ""
    undone = after(shelf, exported, do="undo")
    assert (questions(undone), undone.exported) == ([WHEN_CLOSED, WHO_SOLD], "")


def test_nothing_is_exported_of_a_conversation_without_an_answer(shelf: Shelf) -> None:
    assert after(shelf, Session(), do="export").exported == ""


# What a browser may send


@pytest.mark.parametrize(
    "deed",
    [
        {},
        {"do": "build"},
        {"do": "ask", "question": "q" * 5000},
        {"do": "ask", "question": "Who?", "answer": "Words"},
        {"do": "ask", "question": "Who?", "only": {"all": 1}},
        {"do": "rename", "id": "0", "title": "t" * 3000},
        {"do": "export", "ending": "exe"},
        {"do": "export", "here": "javascript:alert(1)//"},
        {"do": "export", "here": "https://a.example/> <b>"},
        {"do": "export", "here": "https://a.example/\n"},
    ],
)
def test_what_no_page_sends_is_refused(deed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Deed.model_validate(deed)


def test_everything_that_can_be_done_is_done_by_something(shelf: Shelf) -> None:
    session = asked(shelf, WHEN_CLOSED)
    for what in Deed.model_fields["do"].annotation.__args__:  # type: ignore[union-attr]
        deed = Deed(do=what, question=WHO_SOLD, id=session.current, turn=1, only=Chosen())
        assert list(done(shelf, deed, session))


def test_a_defect_reaches_the_terminal_and_ends_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = asked(shelf, WHEN_CLOSED)

    def fail(*_: object) -> None:
        raise RuntimeError("seen in the terminal")

    monkeypatch.setattr(handlers, "_answered", fail)
    failed = after(shelf, session, do="ask", question=WHO_SOLD)
    assert isinstance(failed.turns[-1].error, Defect)
    assert "RuntimeError: seen in the terminal" in caplog.text
    assert kept(failed) == [[WHEN_CLOSED]]
