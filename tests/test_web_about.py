from typing import Any

import gradio as gr
import pytest

from rag import wording
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web.about import About, about
from rag.web.shelf import Shelf
from tests.making import opened, parsed, write_files


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened(own_harbour, quick_encoder))


def props(update: dict[str, Any] | gr.CheckboxGroup) -> dict[str, Any]:
    """What a component is told to become."""
    return update if isinstance(update, dict) else dict(update.constructor_args)


def test_without_news_nothing_changes() -> None:
    assert set(map(str, About())) == {str(gr.skip())}


def test_a_page_that_shows_nothing_yet_is_given_everything(shelf: Shelf) -> None:
    state = about(shelf, "", [])
    assert state.shown == shelf.library().generation.id
    assert parsed(state.status).words.startswith("3 sources · built ")
    assert "The index is up to date with the seeds." in parsed(state.changed).words
    assert props(state.rebuild)["variant"] == "secondary"
    assert props(state.heard)["choices"] == [
        ("For closing (1)", "for-closing"),
        ("Against closing (1)", "against-closing"),
        ("Scientists (0)", "scientists"),
        ("Unlabelled (1)", "unlabelled"),
    ]
    assert props(state.heard)["visible"] is True
    assert len(parsed(state.sources).every("article.entry")) == 3
    assert parsed(state.labels).one("h1").text == "How labels work"


def test_a_page_that_shows_the_generation_is_told_only_its_state(
    shelf: Shelf, own_harbour: Settings
) -> None:
    write_files(own_harbour.seeds, {"new.txt": "A gull was seen."})
    state = about(shelf, shelf.library().generation.id, [])
    assert "1 seed changed since this build" in parsed(state.status).words
    assert props(state.rebuild)["variant"] == "primary"
    assert (state.heard, state.sources, state.labels) == (gr.skip(), gr.skip(), gr.skip())


def test_a_label_stays_ticked_if_the_library_still_knows_it(shelf: Shelf) -> None:
    state = about(shelf, "another", ["unlabelled", "gone", "for-closing"])
    assert props(state.heard)["value"] == ["for-closing", "unlabelled"]


def test_one_label_alone_needs_no_filter(own_harbour: Settings, quick_encoder: Encoder) -> None:
    (own_harbour.seeds / "sources.toml").unlink()
    build(own_harbour, quick_encoder)
    state = about(Shelf(own_harbour, opened(own_harbour, quick_encoder)), "", [])
    assert props(state.heard)["choices"] == [("Unlabelled (3)", "unlabelled")]
    assert props(state.heard)["visible"] is False


def test_an_index_that_cannot_be_opened_is_said_once_in_full(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    generation = build(own_harbour, quick_encoder).generation
    (own_harbour.index / generation / "dense.faiss").unlink()
    state = about(shelf, "", [])
    assert parsed(state.status).words == wording.builds.UNUSABLE
    failure = parsed(state.changed).one("div.failure")
    assert "dense.faiss" in failure.words
    assert "Rebuild the index on the Library tab" in failure.words
    assert state._replace(status=gr.skip(), changed=gr.skip()) == About()
