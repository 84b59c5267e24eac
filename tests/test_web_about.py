import gradio as gr
import pytest

from rag.encoder import Encoder
from rag.errors import IndexDamaged
from rag.index.build import build
from rag.settings import Settings
from rag.web.about import About, about, unusable
from rag.web.failures import failure_html
from rag.web.filters import filters_html
from rag.web.shelf import Shelf
from rag.wording.language import say
from tests.making import opened, parsed, write_files
from tests.test_web_shelf import Gate, gate

__all__ = ["gate"]


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened(own_harbour, quick_encoder))


def test_without_news_nothing_changes() -> None:
    assert set(map(str, About())) == {str(gr.skip())}


def test_nothing_is_told_of_a_library_that_is_being_opened(own_harbour: Settings) -> None:
    assert set(map(str, about(Shelf(own_harbour), "", owner=True))) == {str(gr.skip())}


def test_a_page_that_shows_nothing_yet_is_given_everything(shelf: Shelf) -> None:
    state = about(shelf, "", owner=True)
    assert state.shown == shelf.library().generation.id
    assert parsed(state.status).words.startswith("3 sources · built ")
    assert "The index is up to date with the seeds." in parsed(state.changed).words
    assert state.rebuild["variant"] == "secondary"
    assert state.filters == filters_html(shelf.library())
    assert parsed(state.labels).one("h1").text == "How labels work"


def test_a_page_that_shows_the_generation_is_told_only_its_state(
    shelf: Shelf, own_harbour: Settings
) -> None:
    write_files(own_harbour.seeds, {"new.txt": "A gull was seen."})
    state = about(shelf, shelf.library().generation.id, owner=True)
    assert "1 seed changed since this build" in parsed(state.status).words
    assert state.rebuild["variant"] == "primary"
    assert (state.filters, state.labels) == (gr.skip(), gr.skip())


def test_while_the_index_is_rebuilt_the_stage_is_told_instead_of_what_changed(
    shelf: Shelf, own_harbour: Settings, gate: Gate
) -> None:
    write_files(own_harbour.seeds, {"new.txt": "A gull was seen."})
    before = parsed(about(shelf, "", owner=False).status).words
    steps = shelf.rebuild()
    next(steps)
    during = parsed(about(shelf, "", owner=False).status).words
    gate.go_on.set()
    list(steps)
    after = parsed(about(shelf, "", owner=False).status).words
    built, _, changed = before.rpartition(" · ")
    assert changed == "1 seed changed since this build: rebuild"
    assert during == f"{built} · The index is being rebuilt · Reading seeds"
    assert after.startswith("4 sources · built ")
    assert after.count(" · ") == 1


def test_an_index_that_cannot_be_opened_is_said_once_in_full(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    generation = build(own_harbour, quick_encoder).generation
    (own_harbour.index / generation / "dense.faiss").unlink()
    with pytest.raises(IndexDamaged) as damaged:
        about(shelf, "", owner=True)
    state = unusable(failure_html(damaged.value, owner=True))
    assert parsed(state.status).words == say("unusable")
    failure = parsed(state.changed).one("div.failure")
    assert "dense.faiss" in failure.words
    assert "Rebuild the index on the Library tab" in failure.words
    assert state._replace(status=gr.skip(), changed=gr.skip()) == About()
    assert parsed(failure_html(damaged.value, owner=False)).words == (
        "The library cannot be opened just now. Its owner can mend that."
    )


def test_readers_are_told_no_folder_and_no_file(shelf: Shelf, own_harbour: Settings) -> None:
    write_files(own_harbour.seeds, {"new.txt": "A gull was seen."})
    told = {owner: parsed(about(shelf, "", owner=owner).changed).words for owner in (True, False)}
    assert told[False] == "1 seed changed since this build."
    assert "new.txt" in told[True]
    assert str(own_harbour.seeds) in told[True]
