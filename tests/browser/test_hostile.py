"""Whatever a document, a catalogue or a question says, it is shown as text and does nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from rag import wording
from rag.encoder import Encoder
from rag.index.build import build
from rag.records import Document
from rag.web.conversations import LONGEST_QUESTION
from tests.browser.conftest import served
from tests.browser.driving import (
    Card,
    ask,
    begin_anew,
    cards_of,
    copied,
    marked,
    open_source,
    open_tab,
    text_content,
    text_of,
)
from tests.browser.hostile import BARE, DOCUMENTS, Hostile, Served, assert_inert, toml
from tests.browser.payloads import PAYLOADS, packed
from tests.making import labelled, opened, settings_for, write_files

NewPage = Callable[..., Page]

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

TURNS = 8
"""So many questions are asked in one conversation."""


@pytest.mark.usefixtures("always_answers")
def test_every_payload_is_quoted_and_read_as_it_stands(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    reader = page.locator("#reader")
    quoted = []
    for count, document in enumerate(DOCUMENTS, start=1):
        turn = ask(page, f'What bears "{document.word}"?')
        cards = _assert_verbatim(turn, hostile)
        quoted += [card.exact for card in cards]
        for number in (0, len(cards) - 1):
            open_source(turn.locator(".card").nth(number))
            assert marked(reader) == cards[number].exact
            assert text_of(reader) == document.text
        _assert_told(reader, document)
        assert_inert(page)
        if count % TURNS == 0:
            begin_anew(page)
    for question in ("window.pwned script", "What does evil.example show?"):
        _assert_verbatim(ask(page, question), hostile)
    assert_inert(page)
    whole = {each for each in PAYLOADS if any(each in exact for exact in quoted)}
    assert len(whole) > 500


def _assert_verbatim(turn: Locator, hostile: Served) -> list[Card]:
    """Every card says what its file says, and the answer is the library's."""
    *before, question = turn.page.locator(".turn .question").all_text_contents()
    answer = hostile.library.ask(question, before)
    cards = cards_of(turn)
    for card in cards:
        assert hostile.text(card.document)[card.start : card.end] == card.exact
    assert [card.exact for card in cards] == [each.exact for each in answer.citations]
    assert _data(turn, "copy") == [
        wording.answers.reference(each, hostile.library.documents[each.document])
        for each in answer.citations
    ]
    labels = turn.locator(".legend bdi").all_text_contents()
    assert labels == [share.label for share in wording.answers.shares_of(answer)]
    notes = turn.locator(".notes bdi").all_text_contents()
    assert notes == wording.hearing.notes(answer, hostile.library.documents)
    return cards


def _data(inside: Locator, name: str) -> list[str]:
    """The values of a data attribute of each element that has it."""
    values: list[str] = inside.locator(f"[data-{name}]").evaluate_all(
        "(elements, name) => elements.map((each) => each.dataset[name])", name
    )
    return values


def _assert_told(reader: Locator, document: Hostile) -> None:
    """All that is known of a document stands above its text."""
    assert text_content(reader.locator("h2")) == document.told("title")
    assert text_content(reader.locator(".badge > span")) == f"source labelled {document.label}"
    fields = ("kind", "inferred kind", "author", "inferred author", "publisher")
    assert _said(reader, ".source") == [document.told(field) for field in fields]
    assert _said(reader, ".basis") == [document.told("basis"), document.told("assigned_by")]
    assert _said(reader, ".place") == [document.file, document.told("origin"), document.url]
    assert text_content(reader.locator(".basis q")) == document.payloads[0].strip()


def _said(inside: Locator, selector: str) -> list[str]:
    """What a catalogue says there, each part of it set apart from what stands around it."""
    return inside.locator(f"{selector} bdi").all_text_contents()


def test_the_library_is_listed_as_it_is_told(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    open_tab(page, "Library")
    entries = page.locator("#sources .entry")
    documents = list(hostile.library.documents.values())
    expect(entries).to_have_count(len(documents))
    assert entries.locator(".name").all_text_contents() == [
        each.display_title for each in documents
    ]
    assert _data(page.locator("#sources"), "document") == [each.id for each in documents]
    for each in DOCUMENTS:
        entry = entries.nth([document.id for document in documents].index(each.file))
        assert text_content(entry.locator(".badge > span")) == each.label
        assert _said(entry, ".kind") == [each.told("kind")]
        known = [each.file, each.told("author"), each.told("publisher")]
        assert _said(entry, ".place") == known
    assert_inert(page)
    for number, document in enumerate(documents):
        _assert_unfolded(page, entries.nth(number), document)
    for name, text in BARE.items():
        entries.locator(".name button").nth([each.id for each in documents].index(name)).click()
        expect(page.locator("#reader h2")).to_have_text(name)
        assert text_of(page.locator("#reader")) == text
        assert_inert(page)
    open_tab(page, "How labels work")
    assert _said(page.locator("#labels"), ".holdings li")[: 2 * len(DOCUMENTS)] == [
        told for each in DOCUMENTS for told in (each.label, each.told("description"))
    ]
    assert_inert(page)


def _assert_unfolded(page: Page, entry: Locator, document: Document) -> None:
    """The details of a source hold what was left out of it, and every label to choose from."""
    entry.locator("[data-open]").click()
    details = page.locator("#sources .details")
    expect(details).to_have_attribute("data-of", document.id)
    words = "\n".join(details.locator(".words").all_text_contents())
    assert all(document.text[each.start : each.end] in words for each in document.furniture)
    choices = details.locator("[data-name=perspective] option").all_text_contents()
    # Browsers make the white space of a choice one.
    assert [each.split() for each in choices[1:-1]] == [each.label.split() for each in DOCUMENTS]
    assert_inert(page)


def test_one_label_is_heard_by_its_name(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    page.locator("#filters summary").click()
    boxes = page.locator("#heard label")
    expect(boxes).to_have_count(len(DOCUMENTS) + 1)
    told = [*(each.label for each in DOCUMENTS), "Unlabelled"]
    assert _said(page.locator("#heard"), "label") == told
    for number, document in list(enumerate(DOCUMENTS))[::3]:
        boxes.nth(number).locator("input").check()
        expect(page.locator("#acting .chip bdi")).to_have_text([document.label])
        assert text_content(page.locator("#acting .chip bdi")) == document.label
        turn = ask(page, ELSEWHERE)
        answer = hostile.library.ask(ELSEWHERE, only=labelled(document.word))
        assert answer.abstention
        assert text_content(turn.locator(".silence strong")) == answer.abstention.message
        for badge in turn.locator(".card .badge > span").all_text_contents():
            assert badge == f"source labelled {document.label}"
        boxes.nth(number).locator("input").uncheck()
    assert_inert(page)


def test_whatever_is_asked_stands_there_as_it_was_asked(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    for asked in packed(LONGEST_QUESTION - 200, "\n"):
        turn = ask(page, f"{asked} ?")
        # A text box makes one kind of line end of all.
        typed = asked.replace("\r\n", "\n").replace("\r", "\n")
        assert text_content(turn.locator(".question")) == f"{typed} ?".strip()
    assert_inert(page)


def test_a_starter_question_asks_what_it_says(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    starters = page.locator(".starter")
    asked = [each.strip() for each in PAYLOADS]
    assert starters.all_text_contents() == asked
    assert _data(page.locator("#thread"), "ask") == asked
    assert_inert(page)
    starters.nth(9).click()
    expect(page.locator(".turn .question")).to_have_text(asked[9])
    assert_inert(page)


def test_every_payload_may_be_a_label(
    tmp_path: Path, quick_encoder: Encoder, new_page: NewPage
) -> None:
    labels = [each.strip() for each in PAYLOADS]
    declared = "".join(
        f"[perspectives.p{number}]\nlabel = {toml(each)}\n" for number, each in enumerate(labels)
    )
    settings = settings_for(
        tmp_path, {"one.txt": "A Gribble stands here.", "sources.toml": declared}
    )
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    assert [each.label for each in library.perspectives] == labels
    with served(library, settings) as url:
        page = new_page(url)
        boxes = page.locator("#heard label bdi")
        expect(boxes).to_have_count(len(labels) + 1)
        assert boxes.all_text_contents() == [*labels, "Unlabelled"]
        turn = ask(page, "Where does the Gribble stand?")
        assert (
            wording.silence.lacking_message(labels)
            in turn.locator(".notes bdi").all_text_contents()
        )
        fares = turn.locator(".fares .badge bdi").all_text_contents()
        assert sorted(fares) == sorted([*labels, "Unlabelled"])
        open_tab(page, "How labels work")
        listed = page.locator("#labels .holdings .badge bdi")
        expect(listed).to_have_count(len(labels) + 1)
        assert listed.all_text_contents() == [*labels, "Unlabelled"]
        assert_inert(page)
        page.close()  # before its server is


def names() -> list[str]:
    """File names that hold a payload: each that a file system can hold, below the seeds."""
    found = [f"{each}.txt" for each in PAYLOADS]
    return [each for each in found if _may_be_a_name(each)]


def _may_be_a_name(name: str) -> bool:
    parts = name.split("/")
    fits = all(0 < len(part.encode()) < 255 and not part.startswith(".") for part in parts)
    return fits and not any(part.endswith(".txt") for part in parts[:-1])


def test_every_payload_may_be_a_file_name(
    tmp_path: Path, quick_encoder: Encoder, new_page: NewPage
) -> None:
    before, added = names()[::2], names()[1::2]
    assert len(before) + len(added) > 100
    settings = settings_for(tmp_path, {name: f"Gribble lies in {name}" for name in before})
    build(settings, quick_encoder)
    with served(opened(settings, quick_encoder), settings) as url:
        page = new_page(url)
        write_files(settings.seeds, {name: f"Gribble is new in {name}" for name in added})
        write_files(settings.seeds, {name.replace(".txt", ".png"): "a picture" for name in added})
        ids = "".join(f"[perspectives.{toml(each)}]\n" for each in PAYLOADS)
        write_files(settings.seeds, {"sources.toml": ids})
        open_tab(page, "Library")
        expect(page.locator("#changed dd")).to_have_count(1)
        assert page.locator("#changed dd p").all_text_contents() == sorted(added)
        page.get_by_role("button", name="Rebuild index").click()
        groups = page.locator("#progress .report dd")
        expect(groups).to_have_count(3)  # their texts are alike, so some are "told twice"
        assert groups.first.locator("p").all_text_contents() == sorted(added)
        pictures = [
            each
            for each in groups.last.locator("p").all_text_contents()
            if ".png: not read: its format is none of " in each
        ]
        assert len(pictures) == len(added)
        expect(groups.last).to_contain_text("the perspective id '<script>window.pwned=1</script>'")
        entries = page.locator("#sources .entry")
        expect(page.locator("#sources .found")).to_contain_text(str(len(before) + len(added)))
        listed: list[str] = []
        for left in range(len(before) + len(added), 0, -100):
            expect(entries).to_have_count(min(left, 100))
            first = len(before) + len(added) - left + 1
            expect(entries.first).to_have_id(f"source-{first}")
            listed += _data(page.locator("#sources"), "document")
            page.get_by_role("button", name="Next", exact=True).click(force=True)
        assert listed == sorted([*before, *added])
        assert_inert(page)
        open_tab(page, "Ask")
        turn = ask(page, '"Gribble"')
        for number, card in enumerate(cards_of(turn)):
            text = (settings.seeds / card.document).read_bytes().decode()
            assert text[card.start : card.end] == card.exact
            assert text_of(open_source(turn.locator(".card").nth(number))) == text
        assert_inert(page)
        page.close()  # before its server is


@pytest.mark.usefixtures("always_answers")
def test_a_hostile_quote_is_copied_letter_for_letter(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    asked: list[str] = []
    for document in (DOCUMENTS[0], DOCUMENTS[-1]):
        question = f'"{document.word}"'
        citation = hostile.library.ask(question, asked).citations[0]
        asked.append(question)
        turn = ask(page, question)
        turn.get_by_role("button", name="Copy", exact=True).first.click()
        expect(turn.get_by_role("button", name="Copied")).to_be_visible()
        held = hostile.library.documents[citation.document]
        assert copied(page) == wording.answers.reference(citation, held)
