import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.answering import Library
from rag.encoder import Encoder, ModelInfo
from rag.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    LibraryIndexError,
)
from rag.hashing import sha256_of
from rag.index import manifest as manifests
from rag.index import pointer, saving, texts
from rag.index.build import build
from rag.index.generation import Generation
from rag.index.keeping import commit
from rag.index.lock import writing
from rag.index.manifest import Manifest, current_manifest, new_id
from rag.index.pointer import Named
from rag.index.saving import Cut, Said
from rag.index.stores import Stores
from rag.index.texts import Texts
from rag.settings import Settings
from tests.making import HARBOUR, WHEN_CLOSED, cuts_of, opened, settings_for

STORES = {
    "library.sqlite",
    "readings.sqlite",
    "dense.faiss",
    "tokens.bits.npy",
    "tokens.starts.npy",
    "tokens.rows.npy",
    "rows.passages.npy",
    "rows.sentences.npy",
    "rows.digests.npy",
    "rows.left_out.npy",
    "rows.tells.npy",
    "fingerprints.shingles.npy",
    "fingerprints.starts.npy",
    "fingerprints.wholes.npy",
    *(
        f"{folder}/{name}"
        for folder in ("lexical", "sentences", "left_out")
        for name in (
            "data.npy",
            "indices.npy",
            "indptr.npy",
            "lengths.npy",
            "terms.json",
        )
    ),
}
KEPT = 2
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def manifest(number: int = 0) -> Manifest:
    """A manifest of its own time and id."""
    built = NOON + timedelta(hours=number)
    return Manifest(
        format=manifests.FORMAT,
        id=new_id(built),
        model=ModelInfo(name="none", revision="0", dimension=1, max_tokens=1),
        settings_hash="",
        stem_language="english",
        seeds={"a.txt": "0"},
        catalogue="",
        documents=1,
        passages=1,
        built=built,
    )


def write(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "store").write_bytes(b"vectors")


def names(index: Path) -> set[str]:
    return {path.name for path in index.iterdir()}


def files_of(index: Path) -> list[Path]:
    """All that is checked when an index is opened."""
    apart = (".lock", "builds.jsonl")
    return sorted(path for path in index.rglob("*") if path.is_file() and path.name not in apart)


def assert_refused(index: Path, where: str) -> None:
    with pytest.raises(LibraryIndexError) as caught:
        Generation.open(index)
    assert str(index) in caught.value.message, where
    assert "parallax build" in caught.value.remedy, where


def test_a_generation_holds_its_stores_and_a_manifest_with_their_hashes(
    harbour_built: Settings,
) -> None:
    opened_ = Generation.open(harbour_built.index)
    folder = harbour_built.index / opened_.id
    found = {path.relative_to(folder).as_posix() for path in files_of(folder)}
    assert found == STORES | {"manifest.json"}
    assert opened_.manifest.files.keys() == STORES
    assert opened_.manifest.documents == 3
    assert opened_.manifest.passages == len(opened_.texts.passages) == len(opened_.dense)
    assert opened_.manifest.seeds.keys() == {"council.txt", "fishers.txt", "visitor.md"}


def test_a_sentences_row_is_its_passages_first_and_its_place(library: Library) -> None:
    generation = library.generation
    row = 0
    for passage in generation.texts.passages:
        for place, sentence in enumerate(passage.sentences):
            assert generation.first_sentence[passage.number] + place == row
            terms = set(generation.sentences.terms(passage.text_of(sentence)))
            assert all(row in generation.sentences.holding(term) for term in terms)
            row += 1
    assert generation.first_sentence[-1] == row == len(generation.sentences)


def without_last_passage(cuts: list[Cut]) -> list[Cut]:
    return [*cuts[:-1], cuts[-1]._replace(passages=cuts[-1].passages[:-1])]


def with_first_sentences(cuts: list[Cut]) -> list[Cut]:
    return [
        cut._replace(
            passages=[
                passage.model_copy(update={"sentences": passage.sentences[:1]})
                for passage in cut.passages
            ]
        )
        for cut in cuts
    ]


SHORTENED: dict[str, Callable[[list[Cut]], list[Cut]]] = {
    "a passage less": without_last_passage,
    "a sentence less": with_first_sentences,
}


@pytest.mark.parametrize(
    ("store", "shortened", "passages", "sentences"),
    [
        ("dense", "a passage less", "3, 3, 2, 3, 3", "5, 5"),
        ("lexical", "a passage less", "3, 3, 3, 2, 3", "5, 5"),
        ("tokens", "a passage less", "3, 3, 3, 3, 2", "5, 5"),
        ("sentences", "a passage less", "3, 3, 3, 3, 3", "4, 5"),
        ("sentences", "a sentence less", "3, 3, 3, 3, 3", "3, 5"),
        ("rows", "a passage less", "3, 2, 3, 3, 3", "5, 4"),
        ("rows", "a sentence less", "3, 3, 3, 3, 3", "5, 3"),
        ("texts", "a passage less", "2, 3, 3, 3, 3", "5, 5"),
    ],
)
def test_a_store_of_another_number_of_passages_or_sentences_is_damage(
    own_harbour: Settings,
    quick_encoder: Encoder,
    store: str,
    shortened: str,
    passages: str,
    sentences: str,
) -> None:
    whole = Generation.open(own_harbour.index)

    def stores_of(cuts: list[Cut]) -> Stores:
        texts = [passage.text for cut in cuts for passage in cut.passages]
        return Stores.of(cuts, quick_encoder.encode_documents(texts), "english")

    cuts = cuts_of(whole.texts)
    less = SHORTENED[shortened](cuts)
    stores = stores_of(cuts)
    if store != "texts":
        stores = stores._replace(**{store: getattr(stores_of(less), store)})

    def write_mixed(folder: Path) -> None:
        saving.save(folder, less if store == "texts" else cuts, Said(), stores.rows)
        stores.save(folder)

    with writing(own_harbour.index):
        mixed = whole.manifest.model_copy(update={"id": new_id(NOON)})
        commit(own_harbour.index, mixed, write_mixed, KEPT)
    with pytest.raises(IndexDamaged, match="not the same number of passages") as caught:
        Generation.open(own_harbour.index)
    assert caught.value.message.endswith(
        f": {passages}; the manifest says 3; or of sentences: {sentences}"
    )
    assert caught.value.remedy == "Run: parallax build"


def test_ids_sort_by_time_and_differ_within_a_second() -> None:
    later = [new_id(NOON + timedelta(seconds=number)) for number in range(3)]
    assert later == sorted(later)
    assert new_id(NOON) != new_id(NOON)
    assert new_id(NOON).startswith("20240501T120000Z-")


@pytest.mark.parametrize("bit", [0, 3, 7])
def test_a_flipped_bit_in_any_file_is_refused(own_harbour: Settings, bit: int) -> None:
    files = files_of(own_harbour.index)
    assert len(files) == len(STORES) + 2
    for file in files:
        content = file.read_bytes()
        for tenth in range(10):
            place = (len(content) - 1) * tenth // 9
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            file.write_bytes(damaged)
            assert_refused(own_harbour.index, f"{file}, byte {place}")
        file.write_bytes(content)
    assert Generation.open(own_harbour.index).manifest.documents == 3


def test_a_flipped_bit_anywhere_in_the_pointer_is_refused(own_harbour: Settings) -> None:
    file = own_harbour.index / "current"
    content = file.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        file.write_bytes(damaged)
        assert_refused(own_harbour.index, f"byte {place}")


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _lengthen(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


def _delete(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("damage", [_flip, _cut, _lengthen, _delete])
def test_after_any_damage_to_any_file_a_build_answers_again(
    own_harbour: Settings, quick_encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    expected = opened(own_harbour, quick_encoder).ask(WHEN_CLOSED)
    for number in range(len(files_of(own_harbour.index))):
        current = (own_harbour.index / "current").read_text("ascii").split()[0]
        file = [own_harbour.index / "current", *files_of(own_harbour.index / current)][number]
        damage(file)
        assert_refused(own_harbour.index, str(file))
        build(own_harbour, quick_encoder)
        again = opened(own_harbour, quick_encoder).ask(WHEN_CLOSED)
        assert again.citations == expected.citations
        if number == len(STORES) + 1:
            return
    pytest.fail("not every file was damaged")


def test_a_folder_without_a_pointer_is_missing_an_index(tmp_path: Path) -> None:
    for index in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexMissing, match="no index was built here") as caught:
            Generation.open(index)
        assert caught.value.remedy == "Run: parallax build"
    assert current_manifest(tmp_path) is None


def test_a_pointer_to_no_generation_is_damage(own_harbour: Settings) -> None:
    pointer.write(own_harbour.index, [Named("20200101T000000Z-00000000", "0" * 64)])
    with pytest.raises(IndexDamaged, match="20200101T000000Z-00000000"):
        Generation.open(own_harbour.index)


def test_the_pointer_of_an_earlier_version_is_outdated(own_harbour: Settings) -> None:
    first = (own_harbour.index / "current").read_text("ascii").splitlines(keepends=True)[0]
    (own_harbour.index / "current").write_text(first, "ascii")
    with pytest.raises(IndexOutdated, match="an earlier version"):
        Generation.open(own_harbour.index)


@pytest.mark.parametrize("text", ["", "nonsense", "../elsewhere " + "0" * 64 + "\n", "é\n"])
def test_a_pointer_with_other_words_is_damage(own_harbour: Settings, text: str) -> None:
    (own_harbour.index / "current").write_text(text, "utf-8")
    with pytest.raises(IndexDamaged, match="does not name a generation"):
        Generation.open(own_harbour.index)


def test_another_format_is_a_mismatch(
    own_harbour: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_as = manifests.FORMAT
    monkeypatch.setattr(manifests, "FORMAT", built_as - 1)
    with pytest.raises(IndexMismatch, match=f"format {built_as}") as caught:
        Generation.open(own_harbour.index)
    assert not isinstance(caught.value, IndexOutdated)
    monkeypatch.setattr(manifests, "FORMAT", built_as + 1)
    with pytest.raises(
        IndexOutdated, match=f"format {built_as}, this version reads {built_as + 1}"
    ):
        Generation.open(own_harbour.index)


def test_a_manifest_with_other_keys_is_a_mismatch(tmp_path: Path) -> None:
    with writing(tmp_path):
        whole = commit(tmp_path, manifest(), write, KEPT)
    file = tmp_path / whole.id / "manifest.json"
    file.write_text('{"format": 2, "new": true}', "utf-8")
    pointer.write(tmp_path, [Named(whole.id, sha256_of(file))])
    with pytest.raises(IndexMismatch, match="another version of Parallax"):
        Generation.open(tmp_path)
    assert current_manifest(tmp_path) is None


def test_half_written_generations_are_not_seen_and_go_with_the_next_build(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    before = Generation.open(own_harbour.index).id
    half = own_harbour.index / ".building-20240501T120000Z-00000000"
    half.mkdir()
    (half / "dense.faiss").write_bytes(b"half")
    assert Generation.open(own_harbour.index).id == before
    after = build(own_harbour, quick_encoder).generation
    assert names(own_harbour.index) == {".lock", "builds.jsonl", "current", before, after}


def test_the_generation_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    made = []
    for number in range(4):
        with writing(tmp_path):
            made.append(commit(tmp_path, manifest(number), write, KEPT).id)
        assert names(tmp_path) == {".lock", "current", *made[-2:]}
        found = current_manifest(tmp_path)
        assert found is not None
        assert found.id == made[-1]


def test_foreign_files_in_the_index_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    (tmp_path / ".gitkeep").touch()
    (tmp_path / "20240101-photos").mkdir()
    (tmp_path / "20240101-photos" / "a.jpg").write_bytes(b"picture")
    for number in range(3):
        with writing(tmp_path):
            commit(tmp_path, manifest(number), write, KEPT)
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"
    assert (tmp_path / "20240101-photos" / "a.jpg").read_bytes() == b"picture"
    assert (tmp_path / ".gitkeep").exists()


def test_an_index_is_written_by_one_build_at_a_time(tmp_path: Path) -> None:
    busy = "another build is writing this index"
    with writing(tmp_path), pytest.raises(IndexBusy, match=busy), writing(tmp_path):
        pytest.fail("two builds held the index")
    with writing(tmp_path):
        assert commit(tmp_path, manifest(), write, KEPT).files.keys() == {"inner/store"}


def test_an_open_generation_answers_on_after_it_was_removed(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    library = opened(own_harbour, quick_encoder)
    before = library.ask(WHEN_CLOSED)
    shutil.rmtree(own_harbour.index)
    assert library.ask(WHEN_CLOSED) == before


def test_a_generation_removed_while_it_is_opened_is_an_index_error(
    own_harbour: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = texts.load

    def too_late(folder: Path) -> Texts:
        # Two builds have ended since the hashes were checked.
        shutil.rmtree(folder)
        return load(folder)

    monkeypatch.setattr(texts, "load", too_late)
    assert_refused(own_harbour.index, "removed")


class Interrupt:
    """Stands for a function of `os` and is interrupted at its nth call, before or after it."""

    def __init__(self, function: Callable[..., object], nth: int, *, after: bool) -> None:
        self.function, self.nth, self.after = function, nth, after
        self.calls = 0

    def __call__(self, *arguments: object, **named: object) -> object:
        self.calls += 1
        if self.calls == self.nth and not self.after:
            raise KeyboardInterrupt
        result = self.function(*arguments, **named)
        if self.calls == self.nth and self.after:
            raise KeyboardInterrupt
        return result


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["fsync", "rename", "replace"])
def test_a_commit_interrupted_anywhere_leaves_one_whole_generation_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: bool
) -> None:
    finished = False
    nth = 0
    while not finished:
        nth += 1
        index = tmp_path / f"index{nth}"
        with writing(index):
            first = commit(index, manifest(0), write, KEPT)
        second = manifest(1)
        with monkeypatch.context() as patch:
            interrupt = Interrupt(getattr(os, name), nth, after=after)
            patch.setattr(os, name, interrupt)
            try:
                with writing(index):
                    commit(index, second, write, KEPT)
                finished = True
            except KeyboardInterrupt:
                pass
        found = current_manifest(index)
        assert found is not None
        assert found.id in {first.id, second.id}
        assert (index / found.id / "inner" / "store").read_bytes() == b"vectors"
        with writing(index):
            third = commit(index, manifest(2), write, KEPT)
        assert names(index) == {".lock", "current", found.id, third.id}, f"call {nth}"
    assert nth > 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyboardInterrupt, KeyboardInterrupt),
        (MemoryError, MemoryError),
        (OSError("No space left on device"), LibraryIndexError),
    ],
)
def test_a_write_that_fails_leaves_the_index_as_it_was(
    tmp_path: Path, error: BaseException, told: type[BaseException]
) -> None:
    with writing(tmp_path):
        first = commit(tmp_path, manifest(0), write, KEPT)
    before = {path: path.read_bytes() for path in files_of(tmp_path)}

    def fails(folder: Path) -> None:
        write(folder)
        raise error

    with pytest.raises(told), writing(tmp_path):
        commit(tmp_path, manifest(1), fails, KEPT)
    assert {path: path.read_bytes() for path in files_of(tmp_path)} == before
    assert names(tmp_path) == {".lock", "current", first.id}


def test_everything_is_flushed_before_it_is_renamed(
    tmp_path: Path, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, rename, replace = os.fsync, Path.rename, Path.replace

    def noted_fsync(descriptor: int) -> None:
        calls.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def noted_rename(path: Path, target: Path) -> Path:
        calls.append("rename")
        return rename(path, target)

    def noted_replace(path: Path, target: Path) -> Path:
        calls.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    monkeypatch.setattr(Path, "replace", noted_replace)
    settings = settings_for(tmp_path, HARBOUR)
    build(settings, quick_encoder)
    flushed = calls[: calls.index("rename")]
    written = {Path(name).name for name in Generation.open(settings.index).manifest.files}
    assert written | {"manifest.json", "lexical", "sentences"} <= set(flushed)
    assert calls.index("rename") < calls.index(".building-current") < calls.index("replace")
    assert calls[-1] == "index"


def test_a_full_disk_is_an_error_that_names_the_index(
    tmp_path: Path, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(saving, "save", full)
    settings = settings_for(tmp_path, HARBOUR)
    with pytest.raises(LibraryIndexError, match="cannot be written: database or disk is full"):
        build(settings, quick_encoder)
    assert names(settings.index) == {".lock", "builds.jsonl"}
