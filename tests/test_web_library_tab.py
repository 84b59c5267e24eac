import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import gradio as gr
import pytest
from starlette.requests import Request

from rag.encoder import Encoder
from rag.errors import NotOwner
from rag.index.build import build
from rag.index.pointer import pointed_id
from rag.settings import Settings
from rag.web import library_tab
from rag.web.door import OWNER
from rag.web.library_tab import LibraryTab
from rag.web.listing import Listing
from rag.web.owning import Desk, Wish
from rag.web.shelf import Shelf
from rag.wording.plain import defect
from tests.making import opened, parsed, write_files

GOOD = {"perspective": "scientists", "basis": "It says so.", "by": "Ana"}


@pytest.fixture
def tab(own_harbour: Settings, quick_encoder: Encoder) -> LibraryTab:
    async def made() -> LibraryTab:
        # Where no event loop runs, Gradio opens one for each of its locks and closes none.
        with gr.Blocks():
            return LibraryTab(Shelf(own_harbour, opened(own_harbour, quick_encoder)))

    return asyncio.run(made())


def request(*, owner: bool | None) -> gr.Request:
    """A request as the guard lets it through; None for one that the guard has not seen."""
    scope = {"type": "http", "headers": []} | ({} if owner is None else {OWNER: owner})
    return gr.Request(Request(scope))


def event(data: object) -> gr.EventData:
    return gr.EventData(None, data)


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Who may


@pytest.mark.parametrize("owner", [False, None])
@pytest.mark.parametrize("act", get_args(Wish.model_fields["act"].annotation))
def test_nobody_but_the_owner_changes_anything(
    tab: LibraryTab, own_harbour: Settings, act: str, owner: bool | None
) -> None:
    before = on_disk(own_harbour.seeds)
    wish = {"act": act, "document": "visitor.md", "form": GOOD, "file": "visitor.md"}
    desk, html = tab._act(Desk(), event(wish), request(owner=owner))
    assert desk.problems == {
        "": "Only the owner of this library may do that. Sign in with the owner's token."
    }
    assert parsed(html).values("data-act") == []
    assert on_disk(own_harbour.seeds) == before


@pytest.mark.parametrize("owner", [False, None])
def test_nobody_but_the_owner_rebuilds(
    tab: LibraryTab, own_harbour: Settings, owner: bool | None
) -> None:
    before = pointed_id(own_harbour.index)
    write_files(own_harbour.seeds, {"new.txt": "A new one stands here."})
    with pytest.raises(NotOwner):
        next(tab._rebuild(request(owner=owner)))
    assert pointed_id(own_harbour.index) == before


def test_the_owner_does_what_the_same_wish_asks(tab: LibraryTab, own_harbour: Settings) -> None:
    wish = {"act": "removal", "document": "visitor.md"}
    desk, html = tab._act(Desk(), event(wish), request(owner=True))
    assert desk.said == "visitor.md is removed."
    assert not (own_harbour.seeds / "visitor.md").exists()
    assert "restore" in parsed(html).values("data-act")


@pytest.mark.parametrize("owner", [True, False])
def test_what_is_shown_is_what_may_be_done(tab: LibraryTab, owner: bool) -> None:
    desk, may, adding, html = tab._renew(Desk(opened="visitor.md"), request(owner=owner))
    assert may["visible"] is owner
    assert bool(parsed(adding).values("multiple") or parsed(adding).every("input")) is owner
    assert ("label" in parsed(html).values("data-act")) is owner
    assert len(parsed(html).every("tr.entry")) == 3
    assert desk.generation == tab._shelf.library().generation.id


def test_what_fails_while_it_is_done_is_told_above_the_list(
    tab: LibraryTab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Desk:
        raise RuntimeError("of the inside")

    monkeypatch.setattr(library_tab, "done", broken)
    wish = {"act": "removal", "document": "visitor.md"}
    listing = Listing(sort="title")
    desk, html = tab._act(Desk(listing=listing), event(wish), request(owner=True))
    assert desk == Desk(listing=listing, problems={"": " ".join(defect())})
    assert parsed(html).one("p.problem").words == " ".join(defect())
    assert len(parsed(html).every("tr.entry")) == 3
    assert "of the inside" in caplog.text


# Looking


def look(tab: LibraryTab, desk: Desk, data: object) -> list[Any]:
    return tab._look(desk, event(data), request(owner=False))


def test_the_list_is_looked_at_as_the_browser_tells(tab: LibraryTab) -> None:
    desk, html = look(tab, Desk(generation="g", by="Ana"), {"listing": {"find": "council"}})
    assert parsed(html).values("data-document") == ["council.txt"]
    desk, html = look(tab, desk, {"sort": "title"})
    assert desk.listing == Listing(find="council", sort="title")
    desk, html = look(tab, desk, {"opened": "council.txt"})
    assert parsed(html).values("data-of") == ["council.txt"]
    assert (desk.generation, desk.by, desk.opened) == ("g", "Ana", "council.txt")
    desk, html = look(tab, desk, {"opened": ""})
    assert parsed(html).values("data-of") == []


@pytest.mark.parametrize(
    "data",
    [
        {"sort": "nothing"},
        {"sort": ["title"]},
        {"listing": {"page": "x"}},
        {"listing": {"nothing": 1}},
        {"listing": 7},
        {"listing": {"find": "x" * 201}},
        {"listing": {"label": "x" * 2001}},
        {"opened": "x" * 2001},
        {"opened": 7},
    ],
)
def test_what_no_page_would_send_changes_nothing(tab: LibraryTab, data: object) -> None:
    assert look(tab, Desk(), data) == [gr.skip(), gr.skip()]


def test_as_much_is_looked_for_as_the_page_can_send(tab: LibraryTab) -> None:
    told = {"find": "x" * 200, "label": "y" * 2000}
    desk, _ = look(tab, Desk(), {"listing": told, "opened": "z" * 2000})
    assert desk == Desk(listing=Listing(**told), opened="z" * 2000)


@pytest.mark.parametrize("data", [None, 7, {}, {"act": "delete"}, {"act": "keep", "more": 1}])
def test_a_wish_that_no_page_would_send_is_not_heard(tab: LibraryTab, data: object) -> None:
    assert tab._act(Desk(), event(data), request(owner=True)) == [gr.skip(), gr.skip()]


# A new generation


def test_the_list_is_shown_anew_only_for_another_generation(
    tab: LibraryTab, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    renew: Callable[[Desk], list[Any]] = lambda desk: tab._renew(desk, request(owner=True))  # noqa: E731
    desk = renew(Desk())[0]
    assert renew(desk) == [gr.skip()] * 4
    write_files(own_harbour.seeds, {"new.txt": "A new one stands here."})
    build(own_harbour, quick_encoder)
    later, _, _, html = renew(desk)
    assert later.generation == pointed_id(own_harbour.index) != desk.generation
    assert len(parsed(html).every("tr.entry")) == 4
