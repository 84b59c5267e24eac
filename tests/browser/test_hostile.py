"""Whatever a document, a catalogue or a question says, it is shown as text and does nothing."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from rag import wording
from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from tests.browser.conftest import served
from tests.browser.driving import (
    Card,
    ask,
    cards_of,
    copied,
    marked,
    open_source,
    open_tab,
    text_content,
    text_of,
)
from tests.browser.payloads import PAYLOADS
from tests.making import opened, settings_for, write_files

NewPage = Callable[..., Page]

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

WORDS = (
    "Zorblax",
    "Quibnar",
    "Fendrel",
    "Mosquin",
    "Trevik",
    "Ulmander",
    "Vossik",
    "Wendrok",
    "Yarblit",
    "Kelpaw",
    "Drumlix",
)
"""A word for each document, which stands in each of its sentences and in no other document."""

SHARE = -(-len(PAYLOADS) // len(WORDS))

FIELDS = ("title", "author", "publisher", "kind", "origin", "basis", "assigned_by")

ELEMENTS = (
    *(
        "article",
        "b",
        "bdi",
        "blockquote",
        "button",
        "circle",
        "cite",
        "code",
        "dd",
        "details",
        "div",
    ),
    *(
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "header",
        "label",
        "li",
        "mark",
        "p",
        "path",
        "progress",
        "q",
    ),
    *("section", "span", "strong", "summary", "svg", "ul"),
)
"""All that the templates are made of; what they hold beside it is text."""

ATTRIBUTES = (
    *("aria-hidden", "aria-label", "class", "cx", "cy", "d", "data-ask", "data-citation"),
    *("data-also", "data-change", "data-close", "data-copy", "data-document", "data-figure"),
    *("data-library", "data-name"),
    *("data-page", "data-quote", "data-turn", "data-why", "dir"),
    *("id", "lang", "max", "open", "r", "role", "tabindex", "title", "type", "value", "viewBox"),
)


@dataclass(frozen=True)
class Hostile:
    """A document that holds some payloads, and of which everything that is known holds them."""

    word: str
    payloads: Sequence[str]

    @property
    def file(self) -> str:
        return f"{self.word.lower()}.txt"

    @property
    def text(self) -> str:
        lines = (f"{self.word} bears {each} upon it: {self.word}." for each in self.payloads)
        return "".join(f"{line}\n" for line in lines)

    def told(self, field: str) -> str:
        """What is said of it in a field, every payload of it."""
        return f"{field} of {self.word} " + " ".join(self.payloads)

    @property
    def label(self) -> str:
        return f"{self.word} {self.payloads[0]}"

    @property
    def url(self) -> str:
        return f"https://evil.example/\"onmouseover=window.pwned=1'<script>#{self.word}"

    @property
    def entry(self) -> str:
        """Its lines of the catalogue."""
        about = {"label": self.label, "description": self.told("description")}
        known = {"file": self.file} | {field: self.told(field) for field in FIELDS}
        known |= {
            "url": self.url,
            "language": "en\" onload=window.pwned=1 x='<script>",
            "perspective": self.word,
            "basis_quote": self.payloads[0],
        }
        inferred = {field: self.told(f"inferred {field}") for field in ("author", "kind")}
        return (
            f"[perspectives.{self.word}]\n{_lines(about)}"
            f"[[sources]]\n{_lines(known)}[sources.inferred]\n{_lines(inferred)}"
        )


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(table: Mapping[str, str]) -> str:
    return "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())


DOCUMENTS = [
    Hostile(word, PAYLOADS[number * SHARE : (number + 1) * SHARE])
    for number, word in enumerate(WORDS)
]

# Each payload on a line of its own: where Markdown and furniture begin.
BARE = {"bare.md": "\n\n".join(PAYLOADS), "bare.txt": "\r\n".join(PAYLOADS) + "\r\n"}

FILES: Mapping[str, str] = (
    {each.file: each.text for each in DOCUMENTS}
    | BARE
    | {
        "sources.toml": f"[questions]\nask = [{', '.join(map(_toml, PAYLOADS))}]\n"
        + "".join(each.entry for each in DOCUMENTS)
    }
)


class Served(NamedTuple):
    """A library that is served."""

    url: str
    library: Library
    seeds: Path

    def text(self, document: str) -> str:
        """The text of a document, as anybody would decode its file."""
        return (self.seeds / document).read_bytes().decode("utf-8-sig")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Iterator[Served]:
    """A library in which every text and everything that is known of it is hostile. Read-only."""
    settings = settings_for(tmp_path_factory.mktemp("hostile"), FILES)
    settings = settings.model_copy(update={"max_citations": 200})
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    with served(library, settings) as url:
        yield Served(url, library, settings.seeds)


def assert_inert(page: Page) -> None:
    """Nothing of what the page shows is more than text, in the elements that the page is made of.

    What scripts, requests and dialogs there were is told by the fixture that opened the page.
    """
    strange = page.evaluate(
        """([elements, attributes]) => {
          const inside = "#status, #thread, #reader, #changed, #progress, #sources, #labels";
          const strange = [];
          for (const root of document.querySelectorAll(inside)) {
            for (const each of root.querySelectorAll(".html-container > div *")) {
              if (!elements.includes(each.localName)) strange.push(each.outerHTML);
              for (const { name } of each.attributes)
                if (!attributes.includes(name)) strange.push(`${name} of ${each.outerHTML}`);
              if (getComputedStyle(each).position === "fixed") strange.push(each.outerHTML);
            }
          }
          const elsewhere = "iframe, frame, object, embed, form, body base, dialog, marquee, "
            + "body style, a[href], meta[http-equiv], #heard :not(span, label, input, div)";
          for (const each of document.querySelectorAll(elsewhere)) strange.push(each.outerHTML);
          return strange.map((each) => each.slice(0, 200));
        }""",
        [ELEMENTS, ATTRIBUTES],
    )
    assert strange == []
    assert page.evaluate("'pwned' in window") is False
    assert page.title() == "Parallax"


@pytest.mark.usefixtures("always_answers")
def test_every_payload_is_quoted_and_read_as_it_stands(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    reader = page.locator("#reader")
    quoted = []
    for document in DOCUMENTS:
        turn = ask(page, f'What bears "{document.word}"?')
        cards = _assert_verbatim(turn, hostile)
        quoted += [card.exact for card in cards]
        for number in (0, len(cards) - 1):
            open_source(turn.locator(".card").nth(number))
            assert marked(reader) == cards[number].exact
            assert text_of(reader) == document.text
        _assert_told(reader, document)
        assert_inert(page)
    for question in ("window.pwned script", "What does evil.example show?"):
        _assert_verbatim(ask(page, question), hostile)
    assert_inert(page)
    whole = {each for each in PAYLOADS if any(each in exact for exact in quoted)}
    assert len(whole) > 150


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
    assert text_content(reader.locator(".basis q")) == document.payloads[0]


def _said(inside: Locator, selector: str) -> list[str]:
    """What a catalogue says there, each part of it set apart from what stands around it."""
    return inside.locator(f"{selector} bdi").all_text_contents()


def test_the_library_is_listed_as_it_is_told(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    open_tab(page, "Library")
    entries = page.locator("#sources .entry")
    documents = list(hostile.library.documents.values())
    expect(entries).to_have_count(len(documents))
    assert entries.locator("h2").all_text_contents() == [each.display_title for each in documents]
    assert _data(page.locator("#sources"), "document") == [each.id for each in documents]
    for each in DOCUMENTS:
        entry = entries.nth([document.id for document in documents].index(each.file))
        assert text_content(entry.locator(".badge > span")) == f"source labelled {each.label}"
        fields = ("kind", "author", "publisher")
        assert _said(entry, ".source") == [each.told(field) for field in fields]
    left_out = [d.text[f.start : f.end] for d in documents for f in d.furniture]
    assert sorted(entries.locator("dd").all_text_contents()) == sorted(left_out)
    assert_inert(page)
    for name, text in BARE.items():
        entries.locator("h2 button").nth([each.id for each in documents].index(name)).click()
        expect(page.locator("#reader h2")).to_have_text(name)
        assert text_of(page.locator("#reader")) == text
        assert_inert(page)
    open_tab(page, "How labels work")
    assert _said(page.locator("#labels"), ".holdings li")[: 2 * len(DOCUMENTS)] == [
        told for each in DOCUMENTS for told in (each.label, each.told("description"))
    ]
    assert_inert(page)


def test_one_label_is_heard_by_its_name(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    boxes = page.locator("#heard label")
    expect(boxes).to_have_count(len(DOCUMENTS) + 1)
    told = [*(f"{each.label} (1)" for each in DOCUMENTS), "Unlabelled (2)"]
    assert [each.strip() for each in boxes.all_text_contents()] == told
    for number, document in enumerate(DOCUMENTS):
        boxes.nth(number).locator("input").check()
        turn = ask(page, ELSEWHERE)
        answer = hostile.library.ask(ELSEWHERE, perspectives=[document.word])
        assert answer.abstention
        assert text_content(turn.locator(".silence strong")) == answer.abstention.message
        for badge in turn.locator(".card .badge > span").all_text_contents():
            assert badge == f"source labelled {document.label}"
        boxes.nth(number).locator("input").uncheck()
    assert_inert(page)


def test_whatever_is_asked_stands_there_as_it_was_asked(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    for number in range(0, len(PAYLOADS), 9):
        asked = "\n".join(PAYLOADS[number : number + 9])
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
        f"[perspectives.p{number}]\nlabel = {_toml(each)}\n" for number, each in enumerate(labels)
    )
    settings = settings_for(
        tmp_path, {"one.txt": "A Gribble stands here.", "sources.toml": declared}
    )
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    assert [each.label for each in library.perspectives] == labels
    with served(library, settings) as url:
        page = new_page(url)
        boxes = page.locator("#heard label > span")
        expect(boxes).to_have_count(len(labels) + 1)
        told = [*(f"{each} (0)" for each in labels), "Unlabelled (1)"]
        assert boxes.all_text_contents() == told
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
        ids = "".join(f"[perspectives.{_toml(each)}]\n" for each in PAYLOADS)
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
        expect(page.locator("#sources .entry")).to_have_count(len(before) + len(added))
        assert _data(page.locator("#sources"), "document") == sorted([*before, *added])
        assert_inert(page)
        open_tab(page, "Ask")
        turn = ask(page, '"Gribble"')
        for number, card in enumerate(cards_of(turn)):
            text = (settings.seeds / card.document).read_bytes().decode()
            assert text[card.start : card.end] == card.exact
            assert text_of(open_source(turn.locator(".card").nth(number))) == text
        assert_inert(page)


@pytest.mark.usefixtures("always_answers")
def test_a_hostile_quote_is_copied_letter_for_letter(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    asked: list[str] = []
    for document in (DOCUMENTS[0], DOCUMENTS[-1]):
        question = f'"{document.word}"'
        citation = hostile.library.ask(question, asked).citations[0]
        asked.append(question)
        turn = ask(page, question)
        turn.get_by_role("button", name="Copy").first.click()
        expect(turn.get_by_role("button", name="Copied")).to_be_visible()
        held = hostile.library.documents[citation.document]
        assert copied(page) == wording.answers.reference(citation, held)
