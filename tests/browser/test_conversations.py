"""Conversations that the browser keeps: begun, left, found again, renamed, deleted, exported."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rag.answering import Library
from rag.encoder import Encoder
from rag.export import Told, json_of, markdown, turn_markdown
from rag.index.build import build
from rag.settings import Settings
from tests.browser.conftest import fresh_context, served
from tests.browser.driving import answered, ask, begin, begin_anew, cards_of, copied, hear
from tests.browser.hostile import assert_inert
from tests.browser.payloads import PAYLOADS
from tests.browser.test_keyboard import type_question, walk_to
from tests.browser.test_sessions import GatedEncoder
from tests.making import WHEN_CLOSED, opened, write_files

NewPage = Callable[..., Page]

WHO_SOLD = "Who sold forty boats?"


def bar(page: Page) -> Locator:
    return page.locator("#conversations")


def open_list(page: Page) -> Locator:
    """The list of conversations, unfolded."""
    if not bar(page).locator(".kept").evaluate("list => list.open"):
        bar(page).locator(".kept > summary").click()
    return bar(page).locator("li")


def test_a_reload_asks_the_questions_again_and_shows_the_same(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    expect(bar(page).locator(".line")).to_have_count(0)
    before = [cards_of(ask(page, "When was the harbour closed?"))]
    before.append(cards_of(ask(page, "And by whom?")))
    hear(page, "for-closing")
    before.append(cards_of(ask(page, WHEN_CLOSED)))
    page.reload()
    turns = page.locator(".turn")
    expect(turns).to_have_count(3)
    expect(page.locator(".searching")).to_have_count(0)
    assert [cards_of(turn) for turn in turns.all()] == before
    expect(turns.nth(1).locator(".asked-as")).to_contain_text("harbour closed")
    expect(turns.nth(2).locator(".notes")).to_contain_text("Only sources labelled For closing")
    expect(page.locator(".anew")).to_have_count(0)
    expect(page.locator("#acting .chip bdi")).to_have_text(["For closing"])
    page.locator("#acting .chip").click()
    expect(page.locator("#acting .chip")).to_have_count(0)
    expect(bar(page).locator("h2")).to_have_text("When was the harbour closed?")
    assert len(cards_of(ask(page, WHEN_CLOSED))) == 3


def test_what_was_rebuilt_meanwhile_is_said(
    own_url: str, own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = new_page(own_url)
    ask(page, WHEN_CLOSED)
    write_files(own_harbour.seeds, {"council.txt": "The harbour of Lomvik was closed in 1999."})
    build(own_harbour, quick_encoder)
    page.reload()
    turn = answered(page.locator(".turn"))
    expect(turn.locator(".anew")).to_contain_text("The library was rebuilt")
    expect(turn.locator(".quote").filter(has_text="1999")).to_have_count(1)


def test_nothing_of_an_answer_lies_in_the_browser(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    stored = page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert "1974" not in stored
    assert set(page.evaluate("Object.keys(localStorage)")) == {"parallax", "parallax.revision"}


def test_conversations_are_left_and_opened_again(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    begin_anew(page)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(bar(page).locator("h2")).to_have_text("New conversation")
    expect(ask(page, "And when?").locator(".asked-as")).to_have_count(0)
    items = open_list(page)
    expect(items.locator(".open")).to_have_text(["And when?", WHEN_CLOSED])
    items.nth(1).locator(".open").click()
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED])
    answered(page.locator(".turn"))
    ask(page, WHO_SOLD)
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])
    expect(open_list(page).locator(".open")).to_have_text([WHEN_CLOSED, "And when?"])


def test_a_conversation_is_renamed_in_place(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    for key, title in (("Escape", WHEN_CLOSED), ("Enter", "The <b>closing</b>")):
        item = open_list(page)
        item.get_by_role("button", name="Rename").click()
        box = item.get_by_role("textbox", name="Title")
        expect(box).to_be_focused()
        box.fill("The <b>closing</b>")
        box.press(key)
        expect(item.locator(".open")).to_have_text(title)
    expect(bar(page).locator("h2")).to_have_text("The <b>closing</b>")
    page.reload()
    expect(bar(page).locator("h2")).to_have_text("The <b>closing</b>")


def test_a_conversation_is_deleted_and_brought_back(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    cards = cards_of(ask(page, WHO_SOLD))
    open_list(page).get_by_role("button", name="Delete").click()
    expect(page.locator(".welcome")).to_have_count(1)
    expect(bar(page).locator(".undo")).to_have_text(
        f"Deleted: the conversation “{WHEN_CLOSED}” Undo"
    )
    bar(page).get_by_role("button", name="Undo").click()
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])
    assert cards_of(page.locator(".turn").last) == cards
    open_list(page)
    bar(page).get_by_role("button", name="Delete all").click()
    expect(page.locator(".welcome")).to_have_count(1)
    page.reload()
    page.locator(".welcome").wait_for()
    expect(bar(page).locator("li")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)


def test_a_conversation_is_exported(harbour_url: str, harbour: Library, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    questions = [WHEN_CLOSED, "Who won the chess olympiad in Buenos Aires?"]
    for question in questions:
        ask(page, question)
    answers = [harbour.ask(WHEN_CLOSED), harbour.ask(questions[1], [WHEN_CLOSED])]
    here = harbour_url
    told = [
        Told(question, answer, harbour.documents)
        for question, answer in zip(questions, answers, strict=True)
    ]
    for says, name, text in (
        ("Markdown", "md", markdown(WHEN_CLOSED, told, here)),
        ("JSON", "json", json_of(told, here)),
        ("JSON", "json", json_of(told, here)),
    ):
        bar(page).locator(".export summary").click()
        with page.expect_download() as download:
            bar(page).get_by_role("button", name=says).click()
        expected = f"When-was-the-harbour-of-Lomvik-closed-to-trawlers.{name}"
        assert download.value.suggested_filename == expected
        content = Path(download.value.path()).read_text("utf-8")
        assert timeless(content) == timeless(text)
        assert f"{here}?cite=" in content
    expect(page.locator(".turn")).to_have_count(2)


def timeless(exported: str) -> str:
    """An export without the times at which its questions were answered."""
    markdown = re.sub(r"^Answered (on .+, )?from", "Answered from", exported, flags=re.MULTILINE)
    return re.sub(r'^ *"made": .+$', "", markdown, flags=re.MULTILINE)


def test_an_answer_is_copied_whole(harbour_url: str, harbour: Library, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    turn.get_by_role("button", name="Copy answer").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    expect(turn.get_by_role("button", name="Copy answer")).to_be_visible()
    told = Told(WHEN_CLOSED, harbour.ask(WHEN_CLOSED), harbour.documents)
    assert timeless(copied(page)) == timeless(turn_markdown(told, harbour_url))
    link = re.findall(r"<(http.+)>$", copied(page), re.MULTILINE)[1]
    page.goto(link)
    expect(page.locator("#reader mark")).to_have_text(told.answer.citations[1].exact)


# One question


def editing(page: Page) -> Locator:
    """The line above the box; it is there, and read aloud, as soon as it says anything."""
    return page.locator("#asking .editing")


def test_a_question_is_edited_in_its_place(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    first, second = ask(page, "When was the harbour closed?"), ask(page, WHO_SOLD)
    cards = cards_of(second)
    box = page.get_by_label("Your question")
    box.fill("half a quest")
    expect(editing(page)).to_have_text("")
    first.get_by_role("button", name="Edit").click()
    expect(editing(page).get_by_role("status")).to_have_text(
        "Editing question 1, “When was the harbour closed?”"
    )
    expect(box).to_be_focused()
    expect(box).to_have_value("When was the harbour closed?")
    box.fill(WHEN_CLOSED)
    hear(page, "for-closing")
    box.press("Enter")
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])
    expect(first.locator(".card .badge")).to_have_text(["source labelled For closing"])
    assert cards_of(second) == cards
    expect(box).to_have_value("half a quest")
    expect(editing(page)).to_have_text("")
    expect(first).to_be_in_viewport()
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])


def test_by_keyboard_a_question_is_edited_or_left_as_it_is(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    first, second = ask(page, WHEN_CLOSED), ask(page, WHO_SOLD)
    second.get_by_role("button", name="Read in source").first.click()
    expect(page.locator("#reader mark")).to_have_count(1)
    box = page.get_by_label("Your question")
    for keys in (["Escape"], ["Shift+Tab", "Enter"], ["Shift+Tab", "Escape"]):
        first.get_by_role("button", name="Edit").focus()
        page.keyboard.press("Enter")
        expect(box).to_be_focused()
        box.press_sequentially(" Or not")
        for key in keys:
            page.keyboard.press(key)
        expect(first.get_by_role("button", name="Edit")).to_be_focused()
        expect(box).to_have_value("")
        expect(editing(page)).to_have_text("")
    expect(page.locator("#reader mark")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Who closed the harbour?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .question")).to_have_text(["Who closed the harbour?", WHO_SOLD])
    answered(first)
    box.press("Escape")
    expect(page.locator("#reader mark")).to_have_count(0)


def test_what_is_edited_is_asked_at_the_end_once_its_question_is_gone(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    first, second = ask(page, WHEN_CLOSED), ask(page, WHO_SOLD)
    second.get_by_role("button", name="Edit").click()
    first.get_by_role("button", name="Remove").click()
    expect(editing(page)).to_contain_text("Editing question 1, ")
    page.locator(".turn").get_by_role("button", name="Remove").click()
    expect(editing(page)).to_have_text("")
    expect(page.get_by_label("Your question")).to_have_value(WHO_SOLD)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator(".turn .question")).to_have_text([WHO_SOLD])


def test_what_is_edited_outlives_a_reload_with_what_was_typed_before(
    harbour_url: str, new_page: NewPage
) -> None:
    """Also where another page kept something, and where the questions are numbered anew."""
    page = new_page(harbour_url, windows=2)
    turns = page.locator(".turn")
    for question in ("Who sold boats?", WHO_SOLD, WHEN_CLOSED):
        ask(page, question)
    turns.first.get_by_role("button", name="Remove").click()
    expect(turns).to_have_count(2)
    box = page.get_by_label("Your question")
    box.fill("half a quest")
    turns.first.get_by_role("button", name="Edit").click()
    box.fill("Who closed the harbour?")
    page.reload()
    expect(editing(page)).to_contain_text(f"Editing question 1, “{WHO_SOLD}”")
    expect(box).to_have_value("Who closed the harbour?")
    other = page.context.new_page()
    other.goto(harbour_url)
    other.locator(".welcome").wait_for()
    page.evaluate("globalThis.untouched = true")
    ask(other, WHEN_CLOSED)
    page.wait_for_function("globalThis.untouched === undefined")
    expect(editing(page)).to_contain_text(f"Editing question 1, “{WHO_SOLD}”")
    box.press("Enter")
    questions = turns.locator(".question")
    expect(questions).to_have_text(["Who closed the harbour?", WHEN_CLOSED])
    expect(box).to_have_value("half a quest")
    expect(editing(page)).to_have_text("")
    answered(turns.first)
    page.reload()
    expect(questions).to_have_text(["Who closed the harbour?", WHEN_CLOSED])
    expect(turns.first.get_by_role("button", name="Edit")).to_be_visible()
    expect(editing(page)).to_have_text("")
    expect(box).to_have_value("half a quest")


def test_what_was_typed_before_is_put_back_after_a_question_that_takes_the_place_of_an_edit(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    first, second = ask(page, WHEN_CLOSED), ask(page, "And when was it?")
    box = page.get_by_label("Your question")
    box.fill("half a quest")
    first.get_by_role("button", name="Edit").click()
    second.get_by_role("button", name="Change").click()
    expect(editing(page)).to_have_text("")
    changed = box.input_value()
    assert changed not in ("half a quest", WHEN_CLOSED)
    box.press("Enter")
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, "And when was it?", changed])
    expect(box).to_have_value("half a quest")
    answered(page.locator(".turn").last)
    second.get_by_role("button", name="Change").click()
    expect(box).to_have_value(changed)
    first.get_by_role("button", name="Edit").click()
    first.get_by_role("button", name="Remove").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(editing(page)).to_have_text("")
    expect(box).to_have_value(WHEN_CLOSED)
    box.press("Enter")
    expect(page.locator(".turn .question").last).to_have_text(WHEN_CLOSED)
    expect(box).to_have_value(f"{changed}\nhalf a quest")


def test_an_edit_that_cannot_be_asked_is_given_back_and_no_other_question(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    too_long, longer = ("a b c d e " * 150).strip(), ("f g h i j " * 150).strip()
    first, second = ask(page, WHEN_CLOSED), ask(page, too_long)
    expect(second.locator(".failure")).to_have_count(1)
    box = page.get_by_label("Your question")
    expect(box).to_have_value(too_long)
    box.fill("")
    for question in (WHO_SOLD, longer):
        first.get_by_role("button", name="Edit").click()
        box.fill(question)
        box.press("Enter")
        expect(first.locator(".question")).to_have_text(question)
        answered(first)
        page.wait_for_function("!parallax.isBusy()")
        expect(box).to_have_value("" if question == WHO_SOLD else question)


def test_a_question_is_asked_again_removed_and_brought_back(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    first, second = ask(page, WHEN_CLOSED), ask(page, WHO_SOLD)
    hear(page, "for-closing")
    first.get_by_role("button", name="Ask again").click()
    expect(first.locator(".card .badge")).to_have_text(["source labelled For closing"])
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])
    cards = cards_of(first), cards_of(second)
    undo = bar(page).get_by_role("button", name="Undo")
    for by_keyboard in (False, True):
        button = page.locator(".turn").last.get_by_role("button", name="Remove")
        button.scroll_into_view_if_needed()
        button.press("Enter") if by_keyboard else button.click()
        expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED])
        expect(bar(page).locator(".undo")).to_have_text(f"Deleted: the question “{WHO_SOLD}” Undo")
        expect(undo).to_be_in_viewport()
        expect(undo).to_be_focused()
        undo.press("Enter") if by_keyboard else undo.click()
        expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED, WHO_SOLD])
        assert (
            cards_of(page.locator(".turn").first),
            cards_of(page.locator(".turn").last),
        ) == cards
    expect(undo).to_have_count(0)
    page.locator(".turn").first.get_by_role("button", name="Remove").dblclick()
    expect(page.locator(".turn .question")).to_have_text([WHO_SOLD])
    page.locator(".turn").get_by_role("button", name="Remove").click()
    expect(page.locator(".welcome")).to_have_count(1)
    undo.click()
    expect(page.locator(".turn .question")).to_have_text([WHO_SOLD])
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([WHO_SOLD])


def test_an_answer_under_way_is_stopped(
    own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    gates = GatedEncoder(quick_encoder)
    with served(opened(own_harbour, gates), own_harbour) as url:
        page = new_page(url)
        gates.questions.clear()
        turn = begin(page, WHEN_CLOSED)
        stop = page.get_by_role("button", name="Stop")
        expect(stop).to_be_visible()
        page.wait_for_timeout(600)  # sooner, it might be the second click of two
        stop.click()
        expect(turn.locator(".stopped")).to_contain_text("You stopped this")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        gates.questions.set()
        expect(ask(page, WHO_SOLD).locator(".card")).not_to_have_count(0)
        expect(turn.locator(".card")).to_have_count(0)
        turn.get_by_role("button", name="Ask again").click()
        expect(turn.locator(".card")).to_have_count(3)
        expect(page.locator(".turn")).to_have_count(2)


# Several pages of one browser


def test_two_pages_of_one_browser_lose_nothing_of_each_other(
    harbour_url: str, new_page: NewPage
) -> None:
    one = new_page(harbour_url, windows=2)
    ask(one, WHEN_CLOSED)
    other = one.context.new_page()
    other.goto(harbour_url)
    other.locator(".welcome").wait_for()
    expect(open_list(other)).to_have_count(1)
    one.get_by_label("Your question").fill("half a quest")
    ask(other, WHO_SOLD)
    # The first page begins anew with what both have kept, and with what was typed into it.
    expect(open_list(one)).to_have_count(2)
    expect(one.locator(".turn .question")).to_have_text([WHEN_CLOSED])
    expect(one.get_by_label("Your question")).to_have_value("half a quest")
    answered(one.locator(".turn"))
    ask(one, "Who closed the harbour?")
    expect(open_list(other).locator(".open")).to_have_text([WHEN_CLOSED, WHO_SOLD])
    expect(other.locator(".turn .question")).to_have_text([WHO_SOLD])
    assert one.evaluate("localStorage.length") == 2


def test_two_pages_of_one_browser_come_to_rest(harbour_url: str, new_page: NewPage) -> None:
    """A page that is opened writes nothing that would make another one begin anew."""
    one = new_page(harbour_url, windows=2)
    ask(one, WHEN_CLOSED)
    one.evaluate("globalThis.untouched = true")
    other = one.context.new_page()
    other.goto(harbour_url)
    expect(open_list(other)).to_have_count(1)
    other.reload()
    expect(open_list(other)).to_have_count(1)
    assert one.evaluate("globalThis.untouched") is True


# What nobody vouches for


@pytest.mark.parametrize("stored", ["", "nonsense", "a:b", "[]", "{}", "x" * 3_000_000])
def test_whatever_lies_in_the_browser_the_page_works(
    chromium: Browser, harbour_url: str, stored: str
) -> None:
    # Gradio tells the console of it, which no other page may do.
    with fresh_context(chromium) as context:
        page = context.new_page()
        page.goto(harbour_url)
        page.locator(".welcome").wait_for()
        page.evaluate("stored => localStorage.setItem('parallax', stored)", stored)
        page.reload()
        page.locator(".welcome").wait_for()
        expect(ask(page, WHEN_CLOSED).locator(".card")).to_have_count(3)
        page.reload()
        expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED])


def test_hostile_titles_and_questions_are_only_text(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    payload = " ".join(PAYLOADS[:12]).replace("\r", " ").replace("\n", " ")[:190]
    ask(page, WHEN_CLOSED)
    item = open_list(page)
    item.get_by_role("button", name="Rename").click()
    item.get_by_role("textbox", name="Title").fill(payload)
    item.get_by_role("textbox", name="Title").press("Enter")
    title = " ".join(payload.split())
    expect(bar(page).locator("h2")).to_have_text(title)
    ask(page, payload)
    begin_anew(page)
    turn = ask(page, payload)
    assert turn.locator(".question").text_content() == payload.strip()
    assert_inert(page)
    items = open_list(page)
    titles = items.locator(".open").all_text_contents()
    assert [" ".join(each.split()) for each in titles] == [title, title]
    items.nth(1).get_by_role("button", name="Delete").click()
    expect(bar(page).locator(".undo bdi")).to_have_text(f"the conversation “{title}”")
    assert_inert(page)
    page.reload()
    expect(page.locator(".turn .question")).to_have_count(1)
    assert_inert(page)


# Without a mouse, and on a phone


def test_conversations_by_keyboard_alone(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    type_question(page, WHEN_CLOSED)
    walk_to(bar(page).get_by_role("button", name="New conversation"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".welcome")).to_have_count(1)
    type_question(page, WHO_SOLD)
    walk_to(bar(page).locator(".kept > summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    walk_to(bar(page).get_by_role("button", name="Rename").nth(1))
    page.keyboard.press("Enter")
    page.keyboard.type("The closing")
    page.keyboard.press("Enter")
    expect(bar(page).locator("li .open").nth(1)).to_have_text("The closing")
    walk_to(bar(page).locator("li .open").nth(1), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .question")).to_have_text([WHEN_CLOSED])
    expect(page.get_by_label("Your question")).to_be_focused()
    walk_to(bar(page).locator(".export summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    walk_to(bar(page).get_by_role("button", name="Markdown"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "The-closing.md"


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_the_bar_fits(harbour_url: str, new_page: NewPage, width: int) -> None:
    page = new_page(harbour_url, width=width)
    ask(page, "Why was the harbour of Lomvik closed to trawlers by the council? " * 3)
    open_list(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for says in ("New conversation", "Rename", "Delete", "Delete all"):
        box = bar(page).get_by_role("button", name=says, exact=True).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_the_welcome_says_what_is_kept_where(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    expect(page.locator(".welcome .where")).to_contain_text("in this browser only")
