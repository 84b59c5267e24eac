from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.encoder import Encoder
from rag.errors import IndexBusy, SeedsError
from rag.index import build as builds_of_index
from rag.index import log
from rag.index.build import build
from rag.index.lock import writing
from rag.index.log import LoggedBuild, Names, append, builds, lacking_since
from rag.index.manifest import current_manifest
from rag.settings import Settings
from tests.making import settings_for, write_files

DAY = datetime(2026, 11, 22, 20, 23, 5, tzinfo=UTC)


def logged(number: int) -> LoggedBuild:
    return LoggedBuild(begun=DAY, seconds=number, documents=number)


def test_where_nothing_was_built_the_log_is_empty(tmp_path: Path) -> None:
    assert builds(tmp_path, 20) == []
    assert builds(tmp_path / "nowhere", 20) == []


def test_the_newest_build_comes_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    for number in range(5):
        append(tmp_path, logged(number))
    assert [each.documents for each in builds(tmp_path, 3)] == [4, 3, 2]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / log.FILE).mkdir()
    append(tmp_path, logged(1))
    assert builds(tmp_path, 20) == []


def test_names_are_bounded_and_their_number_is_not() -> None:
    names = Names.of([f"{number}" * 400 for number in range(10, 60)])
    assert names.count == 50
    assert len(names.names) == 20
    assert names.names[1] == ("11" * 400)[:300]


@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(0, 4))
def test_damaged_lines_are_skipped_wherever_they_stand(
    tmp_path_factory: pytest.TempPathFactory, damage: list[bytes], at: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    for number in range(4):
        append(folder, logged(number))
    lines = (folder / log.FILE).read_bytes().splitlines(keepends=True)
    lines[at:at] = [each.replace(b"{", b"") + b"\n" for each in damage]
    (folder / log.FILE).write_bytes(b"".join(lines))
    assert [each.documents for each in builds(folder, 20)] == [3, 2, 1, 0]


def test_a_line_that_was_cut_off_costs_itself_alone(tmp_path: Path) -> None:
    append(tmp_path, logged(1))
    append(tmp_path, logged(2))
    path = tmp_path / log.FILE
    path.write_bytes(path.read_bytes()[:-9])
    assert [each.documents for each in builds(tmp_path, 20)] == [1]
    append(tmp_path, logged(3))
    assert [each.documents for each in builds(tmp_path, 20)] == [3, 1]


def test_only_the_end_of_a_long_log_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        append(tmp_path, logged(number))
    line = len((tmp_path / log.FILE).read_bytes().splitlines(keepends=True)[-1])
    monkeypatch.setattr(log, "TAIL", 3 * line + 2)
    assert [each.documents for each in builds(tmp_path, 20)] == [8, 7, 6]


def test_each_build_tells_what_it_changed(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = settings_for(tmp_path, {"a.txt": "One stands here.", "b.txt": "Two stand here."})
    first = build(settings, quick_encoder)
    write_files(settings.seeds, {"b.txt": "Three stand here.", "c.txt": b"\0\1", "d.txt": "Four."})
    (settings.seeds / "a.txt").unlink()
    second = build(settings, quick_encoder)
    newest, before = builds(settings.index, 20)
    assert before.generation == first.generation
    assert (before.documents, before.added.names) == (2, ("a.txt", "b.txt"))
    assert newest.generation == second.generation
    assert newest.passages == second.passages
    told = newest.added, newest.changed, newest.removed, newest.failed
    assert [each.names for each in told] == [("d.txt",), ("b.txt",), ("a.txt",), ("c.txt",)]
    assert not newest.error
    assert 0 <= newest.seconds < 60
    assert 0 <= (datetime.now(UTC) - newest.begun).total_seconds() < 60


def changing(day: int, **names: list[str]) -> LoggedBuild:
    told = {how: Names.of(each) for how, each in names.items()}
    return LoggedBuild.model_validate({"begun": DAY.replace(day=day), "seconds": 1} | told)


MANY = [f"{number}.txt" for number in range(21)]

A, PART = "a.txt", "a.jsonl#3"


@pytest.mark.parametrize(
    ("document", "log_of", "day"),
    [
        (A, [], None),
        (A, [{"added": [A]}], None),
        (A, [{"added": [A]}, {"removed": [A]}, {"changed": ["b.txt"]}], 2),
        (A, [{"removed": [A]}, {"added": [A]}, {"removed": ["b.txt", A]}], 3),
        # It came back, and the log does not say why it is not there now.
        (A, [{"removed": [A]}, {"added": [A]}], None),
        (A, [{"removed": [A]}, {"added": MANY}], None),
        (A, [{"removed": [A]}, {"removed": MANY}], 1),
        (PART, [{"removed": ["a.jsonl"]}], 1),
        (PART, [{"removed": [A, "a.jsonl.txt", "jsonl"]}], None),
    ],
)
def test_the_build_is_found_since_which_a_file_is_missing(
    tmp_path: Path, document: str, log_of: list[dict[str, list[str]]], day: int | None
) -> None:
    for number, names in enumerate(log_of, start=1):
        append(tmp_path, changing(number, **names))
    found = lacking_since(tmp_path, document)
    assert (found and found.begun.day) == day


def test_a_build_that_fails_tells_why(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = Settings(seeds=tmp_path / "none", index=tmp_path / "index")
    with pytest.raises(SeedsError) as caught:
        build(settings, quick_encoder)
    (only,) = builds(settings.index, 20)
    assert only.error == caught.value.message
    assert not only.generation


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyboardInterrupt(), "it was interrupted"), (RuntimeError("/home/x"), "RuntimeError")],
)
def test_a_build_that_breaks_off_is_told_too(
    tmp_path: Path,
    quick_encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    told: str,
) -> None:
    def breaks(*_: object) -> None:
        raise error

    settings = settings_for(tmp_path, {"a.txt": "One stands here."})
    monkeypatch.setattr(builds_of_index, "read_seeds", breaks)
    with pytest.raises(type(error)):
        build(settings, quick_encoder)
    assert [each.error for each in builds(settings.index, 20)] == [told]


def test_a_build_that_never_began_is_not_logged(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = settings_for(tmp_path, {"a.txt": "One stands here."})
    with writing(settings.index), pytest.raises(IndexBusy):
        build(settings, quick_encoder)
    assert builds(settings.index, 20) == []


def test_the_notices_of_a_build_stay_with_its_generation(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, {"a.txt": "One stands here.", "b.txt": "Menu\n\nHome\n"})
    report = build(settings, quick_encoder)
    manifest = current_manifest(settings.index)
    assert manifest
    assert manifest.notices == report.notices
    assert [notice.file for notice in manifest.notices] == ["b.txt"]
