"""Several readers at once: each has a conversation of its own, whatever the others do."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from rag import wording
from rag.answering import Library
from rag.encoder import EncodedText, EncodedTexts, Encoder
from rag.index.build import build
from rag.progress import Progress
from rag.records import Answer
from rag.settings import Settings
from tests import making
from tests.browser.conftest import served
from tests.browser.driving import (
    answered,
    ask,
    begin,
    cards_of,
    come_back,
    hear,
    marked,
    open_source,
    open_tab,
)
from tests.making import WHEN_CLOSED, labelled, opened

NewPage = Callable[..., Page]

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"
NEW = "The old bridge of Vardablur was rebuilt in basalt by three masons."
ON_NEW = "Who rebuilt the old bridge of Vardablur?"

LONGEST = 60
"""Seconds after which a test that lets nobody through gives up."""


class GatedEncoder(Encoder):
    """An encoder at which builds and questions wait until a test lets them through."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder._model, encoder.info)
        self._encoder = encoder
        self.builds = _open_gate()
        self.questions = _open_gate()

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        if progress:
            progress("encoding passages", 0, len(texts))
            assert self.builds.wait(LONGEST)
        return self._encoder.encode_documents(texts, progress)

    def encode_query(self, text: str) -> EncodedText:
        assert self.questions.wait(LONGEST)
        return self._encoder.encode_query(text)


def _open_gate() -> Event:
    gate = Event()
    gate.set()
    return gate


class Shared(NamedTuple):
    """A library that several pages read, with the gates before its encoder."""

    url: str
    settings: Settings
    gates: GatedEncoder
    encoder: Encoder

    def library(self) -> Library:
        """The library of the generation that is current now, opened apart and without gates."""
        return opened(self.settings, self.encoder)


def _share(settings: Settings, encoder: Encoder) -> Iterator[Shared]:
    gates = GatedEncoder(encoder)
    with served(opened(settings, gates), settings) as url:
        try:
            yield Shared(url, settings, gates, encoder)
        finally:
            gates.builds.set()
            gates.questions.set()


@pytest.fixture
def seeds(own_settings: Settings, quick_encoder: Encoder) -> Iterator[Shared]:
    """A copy of the five seeds."""
    build(own_settings, quick_encoder)
    yield from _share(own_settings, quick_encoder)


@pytest.fixture
def harbour(own_harbour: Settings, quick_encoder: Encoder) -> Iterator[Shared]:
    """A copy of the library on a harbour."""
    yield from _share(own_harbour, quick_encoder)


class Reader:
    """Somebody at a page: what they asked of whom, and what should stand there."""

    def __init__(self, page: Page, *heard: str) -> None:
        self.page = page
        self.heard = heard
        self.asked: list[str] = []
        self.answers: list[Answer] = []
        self.notes: list[list[str]] = []
        hear(page, *heard)

    def begin(self, question: str, library: Library) -> Locator:
        """Ask, without waiting, and note what this library answers."""
        self.answers.append(library.ask(question, self.asked, labelled(*self.heard)))
        self.notes.append(wording.hearing.notes(self.answers[-1], library.documents))
        self.asked.append(question)
        return begin(self.page, question)

    def assert_undisturbed(self) -> None:
        """Every question stands there with its own answer, and nothing else does."""
        turns = self.page.locator(".turn")
        expect(turns.locator(".question")).to_have_text(self.asked)
        for turn, answer, notes in zip(turns.all(), self.answers, self.notes, strict=True):
            citations = making.shown(answer)
            assert cards_of(turn) == [(c.exact, c.document, c.start, c.end) for c in citations]
            assert {c.source.perspective.id for c in citations} <= set(self.heard or _all(answer))
            told = [" ".join(each.split()) for each in turn.locator(".told").all_text_contents()]
            assert told == list(filter(None, [wording.answers.coverage_line(answer)]))
            assert turn.locator(".notes bdi").all_text_contents() == notes
            silent = [answer.abstention.message] if answer.abstention else []
            assert turn.locator(".silence strong").all_text_contents() == silent


def _all(answer: Answer) -> set[str]:
    return {row.perspective for row in answer.coverage}


QUESTIONS = (
    (
        "What role have Russian peacekeepers played?",
        "How many people were killed in Khojaly?",
        "Is peace possible between Armenia and Azerbaijan?",
        "Was there ethnic cleansing?",
    ),
    (
        "How many people were killed in Khojaly?",
        ELSEWHERE,
        "What do the UN Security Council resolutions demand?",
        "Is peace possible between Armenia and Azerbaijan?",
    ),
)


def test_four_readers_at_once_while_one_rebuilds(seeds: Shared, new_page: NewPage) -> None:
    old = seeds.library()
    readers = [
        Reader(new_page(seeds.url)),
        Reader(new_page(seeds.url), "pro-azerbaijan"),
        Reader(new_page(seeds.url), "neither-side"),
        Reader(new_page(seeds.url), "pro-armenia", "neither-side"),
    ]
    _ask_at_once(seeds, readers, QUESTIONS[0], old)
    (seeds.settings.seeds / "bridge.txt").write_text(NEW, "utf-8")
    first = readers[0].page
    seeds.gates.builds.clear()
    open_tab(first, "Library")
    first.get_by_role("button", name="Rebuild index").click()
    expect(first.locator("#progress progress")).to_have_count(1)
    open_tab(first, "Ask")
    _ask_at_once(seeds, readers, QUESTIONS[1], old)
    expect(first.locator("#progress progress")).to_have_count(1)
    seeds.gates.builds.set()
    expect(first.locator("#progress .report")).to_have_count(1)
    new = seeds.library()
    assert new.generation.id != old.generation.id
    _ask_at_once(seeds, readers, [ON_NEW] * len(readers), new)
    assert cards_of(first.locator(".turn").last)[0].exact == NEW
    for reader in readers:
        expect(reader.page.locator("#status")).to_contain_text("6 sources")
        checked = reader.page.locator("#heard input:checked")
        assert checked.evaluate_all("boxes => boxes.map(box => box.name)") == [*reader.heard]


def _ask_at_once(
    shared: Shared, readers: Sequence[Reader], questions: Sequence[str], library: Library
) -> None:
    """All ask before anybody is answered, and are then answered side by side."""
    shared.gates.questions.clear()
    begun = [
        reader.begin(question, library) for reader, question in zip(readers, questions, strict=True)
    ]
    for turn in begun:
        expect(turn.locator(".searching")).to_have_count(1)
    shared.gates.questions.set()
    for turn in begun:
        answered(turn)
    for reader in readers:
        reader.assert_undisturbed()


def test_a_citation_opens_the_source_of_its_own_page(harbour: Shared, new_page: NewPage) -> None:
    one, other = new_page(harbour.url), new_page(harbour.url)
    ask(one, WHEN_CLOSED)
    ask(other, "Who sold forty boats?")
    for page in (one, other):
        card = cards_of(page.locator(".turn"))[0]
        assert marked(open_source(page.locator(".card").first)) == card.exact
    assert marked(one.locator("#reader")) != marked(other.locator("#reader"))


def test_the_buttons_say_what_goes_on_each_time(harbour: Shared, new_page: NewPage) -> None:
    page = new_page(harbour.url)
    for question in (WHEN_CLOSED, "Who sold forty boats?"):
        harbour.gates.questions.clear()
        turn = begin(page, question)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        harbour.gates.questions.set()
        answered(turn)
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    open_tab(page, "Library")
    for number in range(2):
        (harbour.settings.seeds / f"{number}.txt").write_text(NEW, "utf-8")
        harbour.gates.builds.clear()
        page.locator("#rebuild").click()
        expect(page.get_by_role("button", name="Rebuilding…")).to_be_visible()
        come_back(page)
        expect(page.locator("#changed dd")).to_have_text(f"{number}.txt")
        expect(page.get_by_role("button", name="Rebuilding…")).to_be_visible()
        harbour.gates.builds.set()
        expect(page.get_by_role("button", name="Rebuild index")).to_be_visible()


def test_while_one_page_rebuilds_the_button_of_others_rests(
    harbour: Shared, new_page: NewPage
) -> None:
    one, other = new_page(harbour.url), new_page(harbour.url)
    harbour.gates.builds.clear()
    for page in (one, other):
        open_tab(page, "Library")
    one.get_by_role("button", name="Rebuild index").click()
    expect(one.locator("#progress progress")).to_have_count(1)
    come_back(other)
    expect(other.get_by_role("button", name="Rebuilding…")).to_be_disabled()
    harbour.gates.builds.set()
    expect(one.locator("#progress .report")).to_have_count(1)
    come_back(other)
    other.get_by_role("button", name="Rebuild index").click()
    expect(other.locator("#progress .report")).to_have_count(1)


def test_a_label_that_a_rebuild_took_away_is_heard_no_more(
    harbour: Shared, new_page: NewPage
) -> None:
    page = new_page(harbour.url)
    hear(page, "for-closing", "unlabelled")
    expect(page.locator("#acting .chip")).to_have_count(2)
    catalogue = harbour.settings.seeds / "sources.toml"
    catalogue.write_text(catalogue.read_text("utf-8").replace("for-closing", "closing"), "utf-8")
    build(harbour.settings, harbour.encoder)
    come_back(page)
    expect(page.locator("#heard input[name='closing']")).to_have_count(1)
    expect(page.locator("#heard input[name='for-closing']")).to_have_count(0)
    # What is still known acts still, and is said to.
    expect(page.locator("#acting .chip bdi")).to_have_text(["Unlabelled"])
    turn = ask(page, WHEN_CLOSED)
    expect(turn.locator(".failure")).to_have_count(0)
    expect(turn.locator(".card .badge")).to_have_text(["Unlabelled"])


@pytest.mark.parametrize("begun_by", ["typing", "a starter question"])
def test_a_question_asked_while_another_is_answered_is_not_lost(
    harbour: Shared, new_page: NewPage, begun_by: str
) -> None:
    page = new_page(harbour.url)
    first, second = "When was the harbour closed?", "Who sold forty boats?"
    harbour.gates.questions.clear()
    if begun_by == "typing":
        begin(page, first)
    else:
        page.get_by_role("button", name=first).click()
    expect(page.locator(".searching")).to_have_count(1)
    box = page.get_by_label("Your question")
    box.fill(second)
    box.press("Enter")
    box.press("Enter")
    # It waits in the box, where it can be seen.
    expect(page.locator(".turn")).to_have_count(1)
    expect(box).to_have_value(second)
    harbour.gates.questions.set()
    turns = page.locator(".turn")
    expect(turns.locator(".question")).to_have_text([first, second])
    for turn in turns.all():
        answered(turn)
    expect(box).to_have_value("")


def test_no_enter_is_lost_right_after_an_answer(harbour: Shared, new_page: NewPage) -> None:
    """Enter is pressed at the very moment at which an answer is shown, again and again."""
    page = new_page(harbour.url)
    page.evaluate(
        """() => {
          const box = document.querySelector("#question textarea");
          let asked = 0;
          new MutationObserver(() => {
            const turns = document.querySelectorAll(".turn").length;
            const pending = document.querySelector(".searching");
            if (pending || turns <= asked || asked === 12) return;
            asked = turns;
            box.value = `Who sold forty boats? ${asked}`;
            box.dispatchEvent(new Event("input", { bubbles: true }));
            const enter = { key: "Enter", bubbles: true, cancelable: true };
            box.dispatchEvent(new KeyboardEvent("keydown", enter));
          }).observe(document.querySelector("#thread"), { childList: true, subtree: true });
        }"""
    )
    begin(page, WHEN_CLOSED)
    expect(page.locator(".turn")).to_have_count(13)
    expect(page.locator(".searching")).to_have_count(0)


def test_no_click_is_lost_by_coming_back_to_the_window(harbour: Shared, new_page: NewPage) -> None:
    """The click that brings a window to the front comes with the news of its focus."""
    page = new_page(harbour.url)
    turn = ask(page, WHEN_CLOSED)
    cards = cards_of(turn)
    for later in range(0, 96, 4):
        card = cards[later // 4 % 2]
        page.evaluate(
            """([number, later]) => {
              window.dispatchEvent(new Event("focus"));
              const buttons = document.querySelectorAll("[data-citation]");
              setTimeout(() => buttons[number].click(), later);
            }""",
            [cards.index(card), later],
        )
        place = page.locator("#reader .place")
        expect(place).to_contain_text(f"{card.document} · characters {card.start} to {card.end}")
