import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.encoder import Encoder
from rag.errors import SeedsError, SourceGone
from rag.index.build import build
from rag.readers.folder import seed_files
from rag.removal import can_be_undone, documents_of, file_of, remove, restore, taken_out
from tests.making import settings_for, write_files

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
FILES = {"a.txt": "One stands here.", "in/b.txt": "Two stand here."}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    write_files(tmp_path / "seeds", FILES)
    return tmp_path / "seeds"


def names(seeds: Path) -> list[str]:
    return [seed.id for seed in seed_files(seeds)[0]]


def on_disk(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_removed_is_moved_and_no_seed_any_more(seeds: Path) -> None:
    removed = remove(seeds, "in/b.txt", NOON)
    assert names(seeds) == ["a.txt"]
    moved = ".removed/20261122T120000.000000Z/in/b.txt"
    assert on_disk(seeds) == {"a.txt": FILES["a.txt"], moved: FILES["in/b.txt"]}
    assert taken_out(seeds) == [removed]
    assert (removed.file, removed.when) == ("in/b.txt", NOON)


def test_what_is_restored_is_where_it_was_byte_by_byte(seeds: Path) -> None:
    removed = remove(seeds, "in/b.txt")
    restore(seeds, removed.key, removed.file)
    assert on_disk(seeds) == FILES
    assert taken_out(seeds) == []


def test_a_file_that_has_the_name_by_now_is_never_overwritten(seeds: Path) -> None:
    removed = remove(seeds, "a.txt", NOON)
    write_files(seeds, {"a.txt": "Another one."})
    with pytest.raises(SeedsError, match="another file has its name"):
        restore(seeds, removed.key, "a.txt")
    assert on_disk(seeds)["a.txt"] == "Another one."
    assert taken_out(seeds) == [removed]
    with pytest.raises(SeedsError, match="another file has its name"):
        remove(seeds, "a.txt", NOON)
    assert on_disk(seeds)["a.txt"] == "Another one."


def test_a_link_that_leads_nowhere_is_not_overwritten_either(seeds: Path) -> None:
    removed = remove(seeds, "a.txt")
    (seeds / "a.txt").symlink_to("nothing.txt")
    with pytest.raises(SeedsError, match="another file has its name"):
        restore(seeds, removed.key, "a.txt")
    assert (seeds / "a.txt").is_symlink()


TRICKS = [
    "../outside.txt",
    "in/../a.txt",
    "./a.txt",
    "/etc/passwd",
    "",
    ".",
    "in",
    "in/",
    "sources.toml",
    ".removed",
    ".hidden.txt",
    "a.txt\0",
    "a.txt/",
    "link.txt",
    "A.TXT",
]


@pytest.mark.parametrize("name", TRICKS)
def test_nothing_but_a_seed_is_removed(seeds: Path, name: str) -> None:
    outside = {"outside.txt": "mine", "seeds/sources.toml": "", "seeds/.hidden.txt": "x"}
    write_files(seeds.parent, outside)
    (seeds / "link.txt").symlink_to(seeds.parent / "outside.txt")
    before = on_disk(seeds.parent)
    with pytest.raises(SourceGone):
        remove(seeds, name)
    assert on_disk(seeds.parent) == before
    assert (seeds / "link.txt").is_symlink()


@pytest.mark.parametrize("name", [*TRICKS, "a.txt", "../20261122T120000.000000Z/in/b.txt"])
@pytest.mark.parametrize("key", ["20261122T120000.000000Z", "..", "", "20261122T130000.000000Z"])
def test_nothing_but_what_was_removed_is_restored(seeds: Path, key: str, name: str) -> None:
    remove(seeds, "in/b.txt", NOON)
    before = on_disk(seeds.parent)
    with pytest.raises(SourceGone):
        restore(seeds, key, name)
    assert on_disk(seeds.parent) == before


def test_a_place_for_removed_files_that_leads_out_of_the_seeds_is_not_used(seeds: Path) -> None:
    outside = seeds.parent / "outside"
    outside.mkdir()
    (seeds / ".removed").symlink_to(outside)
    with pytest.raises(SeedsError, match="leads out of the seeds"):
        remove(seeds, "a.txt")
    assert names(seeds) == ["a.txt", "in/b.txt"]
    write_files(outside, {"20261122T120000.000000Z/x.txt": "foreign"})
    assert taken_out(seeds) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(seeds: Path) -> None:
    seeds.chmod(0o500)
    try:
        with pytest.raises(SeedsError, match="cannot be moved"):
            remove(seeds, "a.txt")
    finally:
        seeds.chmod(0o700)


def test_what_can_be_undone_is_what_the_build_has_or_was_removed_since(seeds: Path) -> None:
    write_files(seeds, {"old.txt": "Old.", "new.txt": "New."})
    gone = remove(seeds, "old.txt", NOON)
    old = remove(seeds, "a.txt", NOON)
    new = remove(seeds, "new.txt", LATER + timedelta(hours=1))
    assert can_be_undone(seeds, {"a.txt", "in/b.txt"}, LATER) == [new, old]
    assert can_be_undone(seeds, set(), NOON - timedelta(seconds=1)) == [new, old, gone]
    assert can_be_undone(seeds, set(), NOON) == [new]
    write_files(seeds, {"a.txt": "Again."})
    assert can_be_undone(seeds, {"a.txt", "in/b.txt"}, LATER) == [new]


def test_a_file_that_was_removed_twice_is_listed_once_as_the_newest(seeds: Path) -> None:
    remove(seeds, "a.txt", NOON)
    write_files(seeds, {"a.txt": "Again."})
    newest = remove(seeds, "a.txt", LATER)
    assert can_be_undone(seeds, {"a.txt"}, LATER) == [newest]
    restore(seeds, newest.key, newest.file)
    assert on_disk(seeds)["a.txt"] == "Again."


def test_a_build_leaves_out_what_is_removed_and_reads_what_is_restored(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, FILES)
    build(settings, quick_encoder)
    removed = remove(settings.seeds, "a.txt")
    assert build(settings, quick_encoder).changes.removed == ("a.txt",)
    restore(settings.seeds, removed.key, "a.txt")
    assert build(settings, quick_encoder).changes.added == ("a.txt",)


def test_the_whole_file_of_a_row_is_named_and_all_that_goes_with_it() -> None:
    files = {"wire.csv", "in/a.zip", "one.txt"}
    documents = ["wire.csv#1", "wire.csv#2", "in/a.zip/x.html", "in/a.zip/b.csv#9", "one.txt"]
    assert [file_of(each, files) for each in documents] == [
        *("wire.csv", "wire.csv", "in/a.zip", "in/a.zip", "one.txt")
    ]
    assert file_of("two.txt", files) is None
    assert documents_of("wire.csv", documents) == documents[:2]
    assert documents_of("in/a.zip", documents) == documents[2:4]
    assert documents_of("one.txt", documents) == ["one.txt"]
    assert documents_of("in", ["in.txt"]) == []


PARTS = st.text("ab.é ", min_size=1, max_size=4).filter(lambda part: part.strip(". "))


@given(st.lists(PARTS, min_size=1, max_size=3))
def test_any_name_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    name = "/".join([*(f"d{part}" for part in parts[:-1]), f"{parts[-1]}.txt"])
    seeds = tmp_path_factory.mktemp("seeds")
    write_files(seeds, {name: "One."})
    if names(seeds) == []:  # hidden
        return
    removed = remove(seeds, name)
    assert names(seeds) == []
    restore(seeds, removed.key, removed.file)
    assert on_disk(seeds) == {name: "One."}
