"""Files on their way into the seeds: whole, under their own name, over nothing, not elsewhere."""

import errno
import os
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.adding import Draft, file_name
from rag.errors import NoRoom, SeedExists, SeedRefused, SeedTooLarge
from rag.readers import MODULES
from rag.readers.folder import seed_files
from tests.tricks import NAMES

MOST = 1000

FULL = Path("/dev/full")
"""A disk that is always full."""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "outside.txt").write_bytes(b"outside")
    return tmp_path / "seeds"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and of a link what it leads to."""
    return {
        each.relative_to(folder).as_posix(): (
            str(each.readlink()).encode() if each.is_symlink() else each.read_bytes()
        )
        for each in folder.rglob("*")
        if each.is_symlink() or each.is_file()
    }


def add(seeds: Path, name: str, *parts: bytes, most: int = MOST) -> bool:
    return add_parts(seeds, name, parts, most)


def add_parts(seeds: Path, name: str, parts: Iterable[bytes], most: int = MOST) -> bool:
    with Draft(seeds, name, most) as draft:
        for part in parts:
            draft.write(part)
        return draft.keep()


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "Report of 2024.PDF",
        "два слова.html",
        "می\u200cخواهم.epub",
        "a..b.md",
        "console.txt",
        "com10.txt",
        "nul-and-void.txt",
        "100%2f.txt",
        "~.txt",
        "-rf.txt",
        "$(reboot).txt",
        "a" * 251 + ".txt",
    ],
)
def test_a_plain_name_is_kept_as_it_is(seeds: Path, name: str) -> None:
    assert file_name(name) == name
    assert add(seeds, name, b"one ", b"two") is True
    assert files_of(seeds) == {name: b"one two"}
    assert [each.id for each in seed_files(seeds)[0]] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_elsewhere(seeds: Path, name: str) -> None:
    before = files_of(seeds.parent)
    with pytest.raises(SeedRefused) as told:
        add(seeds, name, b"text")
    assert "not added" in told.value.message
    assert told.value.message.isprintable()
    assert told.value.remedy
    assert files_of(seeds.parent) == before


@given(st.text(min_size=1, max_size=12), st.sampled_from(sorted(MODULES)))
def test_a_name_is_one_visible_component_or_is_refused(stem: str, suffix: str) -> None:
    try:
        name = file_name(stem + suffix)
    except SeedRefused:
        return
    assert name == unicodedata.normalize("NFC", stem + suffix)
    assert Path("seeds", name).parent == Path("seeds")
    assert Path(name).name == name
    assert not name.startswith(".")
    assert not set(name) & set("/\\:\0\r\n")
    assert len(name.encode()) <= 255


def test_a_name_is_composed_whatever_its_form(seeds: Path) -> None:
    assert file_name("Cafe\u0301.txt") == "Caf\u00e9.txt"
    assert add(seeds, "Cafe\u0301.txt", b"one")
    assert files_of(seeds) == {"Caf\u00e9.txt": b"one"}


def test_a_file_of_the_same_name_in_another_form_is_not_doubled(seeds: Path) -> None:
    (seeds / "Cafe\u0301.txt").write_bytes(b"one")
    assert add(seeds, "Caf\u00e9.txt", b"one") is False
    with pytest.raises(SeedExists):
        add(seeds, "Caf\u00e9.txt", b"two")
    assert files_of(seeds) == {"Cafe\u0301.txt": b"one"}


def test_the_same_file_again_changes_nothing_and_another_one_is_refused(seeds: Path) -> None:
    assert add(seeds, "a.txt", b"one") is True
    before = (seeds / "a.txt").stat()
    assert add(seeds, "a.txt", b"o", b"ne") is False
    for other in (b"two", b"on", b"one ", b""):
        with pytest.raises(SeedExists) as told:
            add(seeds, "a.txt", other)
        assert told.value.message == "not added: there is another file of this name"
    after = (seeds / "a.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files_of(seeds) == {"a.txt": b"one"}


def test_what_comes_meanwhile_under_the_name_stays(seeds: Path) -> None:
    with Draft(seeds, "a.txt", MOST) as one, Draft(seeds, "a.txt", MOST) as other:
        one.write(b"one")
        other.write(b"two")
        assert one.keep()
        with pytest.raises(SeedExists):
            other.keep()
    assert files_of(seeds) == {"a.txt": b"one"}


def test_a_file_that_takes_the_name_after_the_look_is_not_overwritten(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Draft, "_named", lambda _: None)
    (seeds / "a.txt").write_bytes(b"first")
    with pytest.raises(SeedExists):
        add(seeds, "a.txt", b"second")
    assert add(seeds, "a.txt", b"first") is False
    assert files_of(seeds) == {"a.txt": b"first"}


def test_without_links_in_the_file_system_it_is_the_same(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert add(seeds, "a.txt", b"one") is True
    assert add(seeds, "a.txt", b"one") is False
    monkeypatch.setattr(Draft, "_named", lambda _: None)
    with pytest.raises(SeedExists):
        add(seeds, "a.txt", b"two")
    assert files_of(seeds) == {"a.txt": b"one"}


@pytest.mark.parametrize("target", ["../outside.txt", "inside.txt", "none", "a.txt"])
def test_of_what_a_link_leads_to_nothing_is_told(seeds: Path, target: str) -> None:
    """Not even that it holds the same bytes: anybody could ask what a file outside holds."""
    (seeds / "inside.txt").write_bytes(b"outside")
    (seeds / "a.txt").symlink_to(target)
    before = files_of(seeds.parent)
    with pytest.raises(SeedExists):
        add(seeds, "a.txt", b"outside")
    assert files_of(seeds.parent) == before


def test_what_is_no_file_is_not_waited_for(seeds: Path) -> None:
    os.mkfifo(seeds / "a.txt")
    (seeds / "b.txt").mkdir()
    for name in ("a.txt", "b.txt"):
        with pytest.raises(SeedExists):
            add(seeds, name, b"")


def test_a_file_is_refused_as_soon_as_it_is_too_large(seeds: Path) -> None:
    with Draft(seeds, "a.txt", MOST) as draft:
        draft.write(b"x" * MOST)
        (hidden,) = seeds.iterdir()
        assert hidden.name.startswith(".")
        assert seed_files(seeds) == ([], [])
        with pytest.raises(SeedTooLarge) as told:
            draft.write(b"x")
    assert told.value.message == "not added: larger than 0.001 MB"
    assert "PARALLAX_MAX_FILE_MEGABYTES" in told.value.remedy
    assert files_of(seeds) == {}
    assert add(seeds, "a.txt", b"x" * MOST) is True


def test_of_a_file_that_breaks_off_nothing_stays(seeds: Path) -> None:
    def broken_off() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_parts(seeds, "a.txt", broken_off())
    with Draft(seeds, "b.txt", MOST) as draft:
        draft.write(b"half")
    assert files_of(seeds) == {}


@pytest.mark.skipif(not FULL.exists(), reason="there is no disk that is full")
@pytest.mark.parametrize("size", [1, 100_000])
def test_a_full_disk_is_told_and_nothing_stays(
    seeds: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    opened = Path.open

    def open_on_a_full_disk(path: Path, mode: str) -> IO[Any]:
        opened(path, mode).close()
        return opened(FULL, "wb")

    monkeypatch.setattr(Path, "open", open_on_a_full_disk)
    with pytest.raises(NoRoom) as told:
        add(seeds, "a.txt", b"x" * size, most=10**6)
    assert told.value.message == f"not added: {os.strerror(errno.ENOSPC)}"
    assert files_of(seeds) == {}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SeedRefused, match=r"^not added: No such file or directory"):
        add(tmp_path / "none", "a.txt", b"one")
    assert files_of(tmp_path) == {}


def test_what_a_killed_program_left_is_cleared_a_day_later(seeds: Path) -> None:
    now = time.time()
    for name, hours in ((".adding-old", 25), (".adding-new", 23), (".other", 99)):
        (seeds / name).write_bytes(b"half")
        os.utime(seeds / name, (now - hours * 3600,) * 2)
    assert add(seeds, "a.txt", b"one") is True
    assert sorted(each.name for each in seeds.iterdir()) == [".adding-new", ".other", "a.txt"]
