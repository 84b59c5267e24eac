import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index import readings
from rag.index.readings import FILE
from rag.parsing import FileRead
from rag.records import Furniture, Metadata, Notice, Reading
from tests.making import ANY_TEXT

KEYS = st.lists(st.integers(0, 2**64 - 1), max_size=4)
NOTICES = st.lists(st.builds(Notice, file=ANY_TEXT, message=ANY_TEXT), max_size=2).map(tuple)


@st.composite
def read_files(draw: st.DrawFn, key: str) -> FileRead:
    names = draw(st.lists(ANY_TEXT, unique=True, max_size=3))
    texts = [draw(ANY_TEXT | st.just("")) for _ in names]
    return FileRead(
        file=draw(ANY_TEXT),
        key=key,
        sha256=draw(st.text("0123456789abcdef", max_size=4)),
        readings={
            name: Reading(
                text=text,
                encoding="utf_8",
                furniture=tuple(
                    Furniture(start=0, end=len(text), reason=draw(ANY_TEXT)) for _ in text[:1]
                ),
                metadata=Metadata(title=draw(st.none() | ANY_TEXT)),
                notices=draw(NOTICES),
            )
            for name, text in zip(names, texts, strict=True)
        },
        lines={name: np.array(draw(KEYS), dtype=np.uint64) for name in names},
        refused=draw(NOTICES),
        final=draw(st.sampled_from([True, True, True, False])),
    )


FILES = st.lists(st.sampled_from("abcdef"), unique=True).flatmap(
    lambda keys: st.tuples(*map(read_files, keys)).map(list)
)


def plain(file: FileRead) -> tuple[object, ...]:
    """All of it, as what can be compared."""
    lines = [(name, keys.tolist(), keys.dtype) for name, keys in file.lines.items()]
    found = list(file.readings.items())
    return file.file, file.key, file.sha256, found, lines, file.refused, file.final


def told(known: dict[str, FileRead]) -> dict[str, tuple[object, ...]]:
    return {key: plain(file) for key, file in known.items()}


def finals(files: list[FileRead]) -> dict[str, tuple[object, ...]]:
    return {file.key: plain(file) for file in files if file.final}


def tables_of(folder: Path) -> list[list[tuple[object, ...]]]:
    """Every row of both tables, in the order of their keys."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        queries = "SELECT * FROM files ORDER BY key", "SELECT * FROM readings ORDER BY file, number"
        return [connection.execute(query).fetchall() for query in queries]


@given(FILES)
@settings(deadline=None)
def test_what_need_not_be_read_again_is_known_as_it_was_read(files: list[FileRead]) -> None:
    with TemporaryDirectory() as folder:
        readings.save(files, Path(folder))
        assert told(readings.known(Path(folder))) == finals(files)


@given(before=FILES, after=FILES, chance=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_what_is_copied_is_what_would_be_written_anew(
    before: list[FileRead], after: list[FileRead], chance: Random
) -> None:
    # What has the same key is the same.
    held = {file.key: file for file in [*after, *before] if file.final}
    files = [held.get(each.key, each) for each in chance.sample(after, len(after))]
    files += [each for each in before if each.key not in {file.key for file in files}][::2]
    with TemporaryDirectory() as temporary:
        old, anew, copied = (Path(temporary) / each for each in ("a b?c#d%20é", "anew", "copied"))
        for folder in (old, anew, copied):
            folder.mkdir()
        readings.save(before, old)
        content = (old / FILE).read_bytes()
        readings.save(files, anew)
        readings.save(files, copied, old)
        assert tables_of(copied) == tables_of(anew)
        assert told(readings.known(copied)) == finals(files)
        assert (old / FILE).read_bytes() == content


def one(text: str = "Rye.") -> FileRead:
    return FileRead(
        file="a.txt",
        key="k",
        sha256="0",
        readings={"a.txt": Reading(text=text, encoding="utf_8")},
        lines={"a.txt": np.array([7, 2**64 - 1, 3], dtype=np.uint64)},
    )


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    readings.save([one()], tmp_path / "old")

    class Unread(dict[str, Reading]):
        def __getitem__(self, name: str) -> Reading:
            raise AssertionError(f"{name} was read")

    file = FileRead(file="a.txt", key="k", sha256="0", readings=Unread(), lines=one().lines)
    readings.save([file], tmp_path / "new", tmp_path / "old")
    assert told(readings.known(tmp_path / "new")) == {"k": plain(one())}


def test_a_reading_is_found_after_its_folder_was_removed_and_no_other_is(tmp_path: Path) -> None:
    readings.save([one()], tmp_path)
    known = readings.known(tmp_path)["k"]
    (tmp_path / FILE).unlink()
    assert known.readings["a.txt"].text == "Rye."
    assert "b.txt" not in known.readings
    with pytest.raises(KeyError):
        known.readings["b.txt"]


def test_a_long_text_takes_less_room_than_its_bytes(tmp_path: Path) -> None:
    text = "The herring came back to the harbour of Lomvik.\n" * 10_000
    readings.save([one(text)], tmp_path)
    assert (tmp_path / FILE).stat().st_size < len(text) / 5
    assert readings.known(tmp_path)["k"].readings["a.txt"].text == text
