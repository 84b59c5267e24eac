from pathlib import Path

import pytest

from rag.errors import IndexDamaged
from rag.index import generation as generations
from rag.index.build import build
from rag.index.checks import LARGE, Checks
from rag.index.generation import Generation
from rag.index.manifest import Manifest, current_manifest
from rag.settings import Settings
from tests.making import HARBOUR, WHEN_CLOSED, opened, settings_for
from tests.tiny import TinyEncoder

USED_BY = {
    "dense": "dense.faiss",
    "lexical": "lexical/data.npy",
    "sentences": "sentences/indices.npy",
    "tokens": "tokens.bits.npy",
    "rows": "rows.digests.npy",
}
"""A part of a generation, and a file that it is in."""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An index of which every file is taken for a large one."""
    settings = settings_for(tmp_path, HARBOUR)
    build(settings, TinyEncoder())

    def all_large(index: Path, manifest: Manifest) -> Checks:
        return Checks(index, manifest, large=0)

    monkeypatch.setattr(generations, "Checks", all_large)
    return settings


def manifest_of(settings: Settings) -> Manifest:
    manifest = current_manifest(settings.index)
    assert manifest is not None
    return manifest


def flip(settings: Settings, name: str) -> None:
    file = settings.index / manifest_of(settings).id / name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("part", USED_BY)
def test_a_large_file_that_was_changed_is_refused_when_it_is_first_used(
    built: Settings, part: str
) -> None:
    flip(built, USED_BY[part])
    whole = Generation.open(built.index)
    for other in USED_BY:
        if USED_BY[other].split(".")[0] != USED_BY[part].split(".")[0]:
            assert getattr(whole, other) is not None
    for _ in range(2):
        with pytest.raises(IndexDamaged, match="not as it was written") as caught:
            getattr(whole, part)
        assert USED_BY[part] in caught.value.message
        assert "parallax build" in caught.value.remedy


@pytest.mark.parametrize(
    "name", ["left_out/lengths.npy", "lexical/terms.json", "rows.sentences.npy"]
)
def test_a_large_file_that_makes_no_sense_is_refused_at_once(built: Settings, name: str) -> None:
    flip(built, name)
    with pytest.raises(IndexDamaged) as caught:
        Generation.open(built.index)
    assert "parallax build" in caught.value.remedy


def test_documents_are_checked_before_they_are_opened(built: Settings) -> None:
    flip(built, "library.sqlite")
    with pytest.raises(IndexDamaged, match=r"library\.sqlite: not as it was written"):
        Generation.open(built.index)


def test_no_question_is_answered_from_a_changed_file(built: Settings) -> None:
    expected = opened(built, TinyEncoder()).ask(WHEN_CLOSED)
    assert expected.citations
    for name in USED_BY.values():
        flip(built, name)
        with pytest.raises(IndexDamaged):
            opened(built, TinyEncoder()).ask(WHEN_CLOSED)
        flip(built, name)
    assert opened(built, TinyEncoder()).ask(WHEN_CLOSED).citations == expected.citations


def test_a_small_file_is_checked_at_once(built: Settings) -> None:
    manifest = manifest_of(built)
    Checks(built.index, manifest, LARGE)
    flip(built, "tokens.bits.npy")
    with pytest.raises(IndexDamaged, match=r"tokens\.bits\.npy"):
        Checks(built.index, manifest, LARGE)
    (built.index / manifest.id / "tokens.bits.npy").unlink()
    for large in (0, LARGE):
        with pytest.raises(IndexDamaged, match="is not there"):
            Checks(built.index, manifest, large).wait("tokens.")


def test_a_large_file_that_cannot_be_read_is_told_as_such(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    manifest = manifest_of(built)
    monkeypatch.setattr("rag.index.checks.hashlib.file_digest", failing)
    checks = Checks(built.index, manifest, large=0)
    with pytest.raises(IndexDamaged, match=r"cannot be read: .*Input/output error") as first:
        checks.wait("tokens.")
    with pytest.raises(IndexDamaged) as second:
        checks.wait("tokens.")
    assert "tokens." in first.value.message
    assert first.value is not second.value  # else its traceback would grow with every question


def test_what_opening_needs_is_checked_first_and_what_a_build_needs_last(built: Settings) -> None:
    order = list(Checks(built.index, manifest_of(built), large=0)._large)
    assert set(order) == set(manifest_of(built).files)
    first = [name for name in order if name.startswith(("library.", "lexical/"))]
    last = [name for name in order if name.startswith(("readings.", "fingerprints."))]
    assert "library.sqlite" in first
    assert "readings.sqlite" in last
    assert order[: len(first)] == first
    assert order[-len(last) :] == last
