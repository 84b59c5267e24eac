"""A permanent link opens its source at the quote, and says what has become of it."""

from pathlib import Path

import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import LinkUnreadable, SourceGone
from rag.index.build import build
from rag.index.log import FILE, builds
from rag.links import Link
from rag.records import Citation
from rag.settings import Settings
from rag.web.handlers import Opening, opened
from rag.web.shelf import Shelf
from rag.web.thread import Turn, thread_html
from rag.wording.language import say
from tests.making import HARBOUR, WHEN_CLOSED, WHO_BURNT, Element, parsed
from tests.making import opened as opened_library

COUNCIL = str(HARBOUR["council.txt"])
NOWHERE = Path("no-such-folder")
"""Where no index was built, so that the library stays that which is given."""
CLOSED, HERRING = COUNCIL.splitlines()


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened_library(own_harbour, quick_encoder))


@pytest.fixture
def rebuilt(shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder) -> "Rebuilt":
    return Rebuilt(shelf, own_harbour, quick_encoder)


class Rebuilt:
    """Makes a link to the council's first sentence, and follows it after a rebuild."""

    def __init__(self, shelf: Shelf, settings: Settings, encoder: Encoder) -> None:
        self.shelf, self._settings, self._encoder = shelf, settings, encoder
        citation = quoted(shelf.library(), "council.txt")
        self.address = Link.to(citation, shelf.library().documents["council.txt"]).address

    def with_files(self, **files: str | None) -> Element:
        for name, text in files.items():
            path = self._settings.seeds / f"{name}.txt"
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_bytes(text.encode())
        build(self._settings, self._encoder)
        return read(self.shelf, cite=self.address)


def quoted(library: Library, document: str) -> Citation:
    citations = library.ask(WHEN_CLOSED).citations
    return next(each for each in citations if each.document == document)


def read(
    shelf: Shelf, turns: tuple[Turn, ...] = (), *, owner: bool = True, **opening: object
) -> Element:
    return parsed(opened(shelf, Opening.model_validate(opening), turns, owner=owner))


def answered(library: Library, question: str) -> Turn:
    return Turn(1, question).answered(library.ask(question), library)


def test_every_card_has_a_link_that_opens_its_quote(shelf: Shelf) -> None:
    turn = answered(shelf.library(), WHEN_CLOSED)
    cards = parsed(thread_html([turn])).every("article.card")
    assert len(cards) == len(turn.citations) > 1
    for card, citation in zip(cards, turn.citations, strict=True):
        (address,) = card.values("data-link")
        page = read(shelf, cite=address)
        assert page.one("mark").text == card.one("blockquote").text == citation.exact
        assert page.one("p.note").text == say("link-intact")
        assert page.one("span.badge").words == (
            f"source labelled {citation.source.perspective.label}"
        )
        assert page.one("p.ways").one("a").attributes["data-link"] == address


def test_after_a_rebuild_of_the_same_files_a_quote_is_intact(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(new="The lighthouse of Lomvik was painted blue.\n")
    assert page.one("p.note").text == say("link-intact")
    assert page.one("mark").text == CLOSED


def test_text_behind_it_leaves_a_quote_intact_in_a_changed_file(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(council=f"{COUNCIL}The clerk signed it.\n")
    assert page.one("p.note").text == say("link-intact-elsewhere-not")
    assert page.one("mark").text == CLOSED


def test_text_before_it_moves_a_quote(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(council=f"The clerk 👩\u200d🚀 wrote this down.\r\n{COUNCIL}")
    assert page.one("p.note").text == say("link-moved")
    assert page.one("mark").text == CLOSED


def test_a_renamed_file_moves_a_quote_with_it(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(council=None, minutes=COUNCIL)
    assert page.one("p.note").text == say("link-moved-with-its-file")
    assert page.one("mark").text == CLOSED
    assert page.one("p.place").text.startswith("minutes.txt · ")
    assert page.one("span.badge").words == "Unlabelled"


def test_words_that_only_another_source_holds_are_moved_there(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(council="Nothing of it.\n", copy=f"As the council wrote: {CLOSED}\n")
    assert page.one("p.note").text == say("link-moved-elsewhere")
    assert page.one("mark").text == CLOSED
    assert page.one("p.place").text.startswith("copy.txt · ")


@pytest.mark.parametrize(
    ("now", "note"),
    [
        ("The town council closed the harbour in 1977.", say("link-changed")),
        (CLOSED.replace(" to ", "\r\nto  "), say("link-spaced")),
    ],
)
def test_other_words_in_its_place_are_marked_as_changed(
    rebuilt: Rebuilt, now: str, note: str
) -> None:
    page = rebuilt.with_files(council=COUNCIL.replace(CLOSED, now))
    assert page.one("p.note").text == note
    assert page.one("mark").text == now


def test_of_a_removed_quote_its_source_is_shown_and_none_of_its_words(rebuilt: Rebuilt) -> None:
    page = rebuilt.with_files(council="The council met on a Monday.\n")
    assert page.one("p.note").text == say("link-removed-here")
    assert page.every("mark") == []
    assert page.one("div.text").text == "The council met on a Monday.\n"


def test_of_a_removed_source_it_is_said_that_it_is_gone(rebuilt: Rebuilt) -> None:
    with pytest.raises(SourceGone) as caught:
        rebuilt.with_files(council=None)
    newest = builds(rebuilt.shelf.index, 1)[0]
    time = f"{newest.begun.astimezone():%-d %B %Y, %H:%M}"
    assert caught.value.message == (
        f"{say('link-removed')} Since the build of {time} the library has held no file"
        " of the name that the link gives."
    )
    assert caught.value.remedy == say("link-removed-remedy")
    with pytest.raises(SourceGone) as caught:
        read(rebuilt.shelf, cite=rebuilt.address, owner=False)
    assert caught.value.message == say("link-removed")
    (rebuilt.shelf.index / FILE).unlink()
    with pytest.raises(SourceGone) as caught:
        read(rebuilt.shelf, cite=rebuilt.address)
    assert caught.value.message == say("link-removed")


def test_a_damaged_link_is_an_error_that_says_so(shelf: Shelf) -> None:
    for cite in ("x", "é", "A" * 20_000, f"{COUNCIL}"):
        with pytest.raises(LinkUnreadable):
            read(shelf, cite=cite)


MADE_UP = "Zorblax said so."


@pytest.mark.parametrize(
    "known",
    [
        {"exact": MADE_UP, "end": len(MADE_UP)},
        {"prefix": MADE_UP, "suffix": MADE_UP},
        {"sha256": MADE_UP},
        {"document": MADE_UP},
        {"document": MADE_UP, "sha256": MADE_UP, "prefix": MADE_UP, "suffix": MADE_UP},
        {"exact": MADE_UP, "end": len(MADE_UP), "suffix": MADE_UP},
    ],
)
def test_nothing_that_a_made_up_link_says_is_ever_shown(
    shelf: Shelf, known: dict[str, object]
) -> None:
    document = shelf.library().documents["council.txt"]
    link = Link.to(quoted(shelf.library(), "council.txt"), document)
    made_up = Link.model_validate(link.model_dump() | known)
    page = read(shelf, cite=made_up.address)
    assert page.one("div.text").text == COUNCIL
    assert "Zorblax" not in str(page)
    assert made_up.address not in str(page)


def test_a_made_up_link_to_nothing_shows_nothing_of_it(shelf: Shelf) -> None:
    made_up = Link(
        document=MADE_UP, sha256="", start=0, end=len(MADE_UP), exact=MADE_UP, prefix="", suffix=""
    )
    with pytest.raises(SourceGone) as caught:
        read(shelf, cite=made_up.address)
    assert "Zorblax" not in str(caught.value)


def test_the_other_quotes_of_an_answer_are_marked_in_the_source_of_one(library: Library) -> None:
    turn = answered(library, "Was there ethnic cleansing?")
    shelf = Shelf(Settings(index=NOWHERE), library)
    several = 0
    for citation in turn.citations:
        page = read(shelf, (turn,), turn=1, citation=citation.number)
        others = [
            (str(each.number), each.exact)
            for each in sorted(turn.citations, key=lambda each: each.start)
            if each.document == citation.document and each.number != citation.number
        ]
        marks = page.every("mark.other")
        assert [(each.attributes["data-number"], each.text) for each in marks] == others
        several += len(others)
    assert several


def test_in_another_source_of_a_quote_it_is_marked_once(carried: Library) -> None:
    turn = answered(carried, WHO_BURNT)
    shelf = Shelf(Settings(index=NOWHERE), carried)
    page = read(shelf, (turn,), turn=1, citation=1, also=1)
    assert len(page.every("mark")) == 1 + len(page.every("mark.other"))
