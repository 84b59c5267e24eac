from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree
from threading import Event

import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import IndexBusy, IndexDamaged, SeedsError
from rag.index import pointer as pointers
from rag.index.build import BuildReport, build
from rag.index.changes import staleness
from rag.index.lock import writing
from rag.progress import Progress
from rag.settings import Settings
from rag.web import shelf as shelf_module
from rag.web.shelf import Shelf, Step
from tests.making import WHEN_CLOSED, opened, settings_for, write_files

PATIENCE = 30
"""Seconds after which a thread that should have done something never will."""


@pytest.fixture
def shelf(own_harbour: Settings, quick_encoder: Encoder) -> Shelf:
    return Shelf(own_harbour, opened(own_harbour, quick_encoder))


def changed(settings: Settings) -> Settings:
    write_files(settings.seeds, {"new.txt": "The ferry of Lomvik sails to the islands at nine.\n"})
    return settings


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The generations that were opened, in order."""
    ids: list[str] = []
    original = Library.open

    def noting(*arguments: object) -> Library:
        library: Library = original(*arguments)  # type: ignore[arg-type]
        ids.append(library.generation.id)
        return library

    monkeypatch.setattr(Library, "open", noting)
    return ids


class Gate:
    """A build that stops at its first step until it is let go on, and says when it has ended."""

    def __init__(self, build: Callable[[Settings, Encoder, Progress], BuildReport]) -> None:
        self._build = build
        self.go_on = Event()
        self.ended = Event()

    def __call__(self, settings: Settings, encoder: Encoder, progress: Progress) -> BuildReport:
        def held(stage: str, done: int, total: int) -> None:
            progress(stage, done, total)
            assert self.go_on.wait(PATIENCE)

        try:
            return self._build(settings, encoder, held)
        finally:
            self.ended.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate(build)
    monkeypatch.setattr(shelf_module, "build", gate)
    return gate


# The first library


def test_whoever_asks_before_the_library_is_open_waits_and_is_told_how_far_it_is(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    shelf = Shelf(own_harbour)
    shelf.told("opening the library")
    steps = shelf.opening()
    assert next(steps) == Step("opening the library", 0, 0)
    with ThreadPoolExecutor(2) as others:
        asked = others.submit(shelf.library)
        shelf.told("encoding passages", 1, 2)
        assert next(steps) == Step("encoding passages", 1, 2)
        rest = others.submit(list, steps)
        assert not asked.done()
        library = opened(own_harbour, quick_encoder)
        shelf.put(library)
        assert asked.result(PATIENCE) is library
        assert rest.result(PATIENCE) == []
    assert shelf.is_open
    assert list(shelf.opening()) == []


def test_whoever_waits_for_a_library_that_cannot_be_opened_is_told_why(
    own_harbour: Settings,
) -> None:
    shelf = Shelf(own_harbour)
    shelf.told("opening the library")
    steps = shelf.opening()
    assert next(steps) == Step("opening the library", 0, 0)
    with ThreadPoolExecutor(2) as others:
        asked, rest = others.submit(shelf.library), others.submit(list, steps)
        shelf.fail(SeedsError("no seeds"))
        assert rest.result(PATIENCE) == []
        with pytest.raises(SeedsError, match="no seeds"):
            asked.result(PATIENCE)


# The current library


def test_the_same_library_is_lent_until_the_index_moves_on(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder, openings: list[str]
) -> None:
    held = shelf.library()
    assert shelf.library() is held
    report = build(changed(own_harbour), quick_encoder)
    assert openings == []
    new = shelf.library()
    assert new is not held
    assert new.generation.id == report.generation != held.generation.id
    assert set(new.documents) == {*held.documents, "new.txt"}
    assert new.encoder is held.encoder
    assert shelf.library() is new
    assert openings == [report.generation]


def test_an_index_in_another_precision_is_asked_in_that(
    own_harbour: Settings, tiny_model: Path
) -> None:
    settings = own_harbour.model_copy(update={"model": str(tiny_model)})
    build(settings, Encoder.load(settings.model, "float32", settings.cache))
    shelf = Shelf(settings, Library.open(settings.index, settings))
    assert shelf.library().encoder.info.precision == "float32"
    build(settings, Encoder.load(settings.model, "int8", settings.cache))
    assert shelf.library().encoder.info.precision == "int8"


def test_a_seed_that_changes_moves_nothing_before_a_build(
    shelf: Shelf, own_harbour: Settings
) -> None:
    held = shelf.library()
    changed(own_harbour)
    assert shelf.library() is held


@pytest.mark.parametrize("pointer", [None, "", "no generation\n"])
def test_the_library_held_goes_on_answering_when_the_index_names_none(
    shelf: Shelf, own_harbour: Settings, pointer: str | None
) -> None:
    held = shelf.library()
    if pointer is None:
        rmtree(own_harbour.index)
    else:
        (own_harbour.index / pointers.FILE).write_text(pointer)
    assert shelf.library() is held
    assert held.ask(WHEN_CLOSED).answered


def test_a_new_generation_that_is_damaged_is_an_error_until_another_is_built(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    report = build(changed(own_harbour), quick_encoder)
    (own_harbour.index / report.generation / "dense.faiss").write_bytes(b"damaged")
    for _ in range(2):
        with pytest.raises(IndexDamaged, match=r"dense\.faiss"):
            shelf.library()
    mended = build(own_harbour, quick_encoder)
    assert shelf.library().generation.id == mended.generation


def painted(number: int) -> dict[str, str | bytes]:
    """Seeds that all tell the same number."""
    return {
        name: f"The {what} of Lomvik was painted {number} times by its keepers.\n"
        for name, what in (("a.txt", "gate"), ("b.txt", "lighthouse"))
    }


def test_many_threads_get_one_whole_generation_each_opened_once(
    tmp_path: Path, quick_encoder: Encoder, openings: list[str]
) -> None:
    settings = settings_for(tmp_path, painted(0))
    built = [build(settings, quick_encoder).generation]
    shelf = Shelf(settings, opened(settings, quick_encoder))
    over = Event()

    def read() -> list[Library]:
        seen = [shelf.library()]
        while not over.is_set():
            library = shelf.library()
            if library is not seen[-1]:
                seen.append(library)
        return [*seen, shelf.library()]

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(8)]
        try:
            for number in range(1, 5):
                write_files(settings.seeds, painted(number))
                built.append(build(settings, quick_encoder).generation)
                assert shelf.library().generation.id == built[-1]
        finally:
            over.set()
        seen = [reader.result() for reader in readers]
    for libraries in seen:
        numbers = [built.index(library.generation.id) for library in libraries]
        assert numbers == sorted(numbers)
        assert numbers[-1] == 4
        for number, library in zip(numbers, libraries, strict=True):
            texts = {name: document.text for name, document in library.documents.items()}
            assert texts == painted(number)
            assert len(library.generation.dense) == len(library.generation.lexical) == 2
    assert len({id(library) for libraries in seen for library in libraries}) <= 5
    assert openings == built


# Staleness


def test_staleness_is_that_of_the_generation_that_is_current(
    shelf: Shelf, own_harbour: Settings, quick_encoder: Encoder
) -> None:
    manifest = shelf.library().generation.manifest
    stale = shelf.staleness(shelf.library())
    assert stale == staleness(manifest, own_harbour)
    assert stale is not None
    assert len(stale.seeds) == 0
    stale = Shelf(changed(own_harbour), shelf.library()).staleness(shelf.library())
    assert stale is not None
    assert stale.seeds.added == ("new.txt",)
    build(own_harbour, quick_encoder)
    stale = shelf.staleness(shelf.library())
    assert stale is not None
    assert len(stale.seeds) == 0


def test_nobody_can_tell_what_is_stale_without_the_folder_of_seeds(
    shelf: Shelf, own_harbour: Settings
) -> None:
    rmtree(own_harbour.seeds)
    assert shelf.staleness(shelf.library()) is None
    assert shelf.library().ask(WHEN_CLOSED).answered


# Rebuilding


def test_a_rebuild_tells_its_steps_and_then_its_report(shelf: Shelf, own_harbour: Settings) -> None:
    before = shelf.library().generation.id
    changed(own_harbour)
    *steps, report = shelf.rebuild()
    assert isinstance(report, BuildReport)
    assert report.changes.added == ("new.txt",)
    assert report.documents == 4
    assert shelf.library().generation.id == report.generation != before
    # A step is passed over where the next one is there already.
    told = [step for step in steps if isinstance(step, Step)]
    assert told == steps
    assert set(told) <= {
        *(Step("reading seeds", done, 4) for done in range(1, 5)),
        *(Step("telling documents from furniture", done, 4) for done in range(1, 5)),
        Step("encoding passages", 4, 4),
    }
    stages = ["reading seeds", "telling documents from furniture", "encoding passages"]
    assert told == sorted(told, key=lambda step: (stages.index(step.stage), step.done))


def test_whoever_asks_during_a_rebuild_is_answered_from_the_library_before(
    shelf: Shelf, own_harbour: Settings, gate: Gate
) -> None:
    held = shelf.library()
    changed(own_harbour)
    rebuilding = shelf.rebuild()
    step = next(rebuilding)
    building = shelf.building
    assert step == building == Step("reading seeds", 1, 4)
    assert shelf.library() is held
    assert shelf.library().ask(WHEN_CLOSED).generation == held.generation.id
    assert shelf.staleness(held) == staleness(held.generation.manifest, own_harbour)
    gate.go_on.set()
    *_, report = rebuilding
    assert isinstance(report, BuildReport)
    assert shelf.building is None
    assert shelf.library().generation.id == report.generation


def test_a_second_rebuild_at_the_same_time_is_refused(shelf: Shelf, gate: Gate) -> None:
    first = shelf.rebuild()
    next(first)
    with pytest.raises(IndexBusy):
        list(shelf.rebuild())
    gate.go_on.set()
    *_, report = first
    assert isinstance(report, BuildReport)


def test_a_rebuild_goes_on_when_nobody_listens_any_more(
    shelf: Shelf, own_harbour: Settings, gate: Gate
) -> None:
    held = shelf.library()
    changed(own_harbour)
    rebuilding = shelf.rebuild()
    next(rebuilding)
    rebuilding.close()  # type: ignore[attr-defined]
    gate.go_on.set()
    assert gate.ended.wait(PATIENCE)
    assert shelf.library() is not held
    assert "new.txt" in shelf.library().documents


def test_the_error_of_a_build_is_raised_and_the_library_stays(
    shelf: Shelf, own_harbour: Settings
) -> None:
    held = shelf.library()
    with writing(own_harbour.index), pytest.raises(IndexBusy):
        list(shelf.rebuild())
    rmtree(own_harbour.seeds)
    with pytest.raises(SeedsError, match="no such folder"):
        list(shelf.rebuild())
    assert shelf.library() is held


def test_an_error_after_some_steps_is_raised_too(shelf: Shelf, own_harbour: Settings) -> None:
    for seed in ("council.txt", "fishers.txt", "visitor.md"):
        (own_harbour.seeds / seed).write_text("Harbour\n")
    with pytest.raises(SeedsError, match="no sentence to quote"):
        list(shelf.rebuild())


def test_an_unforeseen_error_of_a_build_is_raised_as_it_is(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> BuildReport:
        raise RuntimeError("a defect")

    monkeypatch.setattr(shelf_module, "build", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        list(shelf.rebuild())
