from collections.abc import Callable
from pathlib import Path

import pytest

from rag import cli
from rag.encoder import Encoder
from rag.errors import IndexDamaged, IndexMissing, LibraryIndexError
from rag.index.build import build
from rag.index.generation import Generation
from rag.index.keeping import kept
from rag.index.lock import OWNER, Owner, writing
from rag.index.log import builds
from rag.index.manifest import now
from rag.index.pointer import pointed_id
from rag.index.rollback import go_back
from rag.settings import Settings
from rag.wording.builds import logged_line
from tests.making import opened, write_files

Made = Callable[..., list[str]]


@pytest.fixture
def made(own_harbour: Settings, quick_encoder: Encoder) -> Made:
    """Builds the library on a harbour again, each time with a file more; gives all ids."""

    def build_again(times: int, keep: int) -> list[str]:
        settings = own_harbour.model_copy(update={"keep_generations": keep})
        ids = [Generation.open(settings.index).id]
        for number in range(times):
            write_files(settings.seeds, {f"gull{number}.txt": f"Gull {number} was seen."})
            ids.append(build(settings, quick_encoder).generation)
        return ids

    return build_again


def lying(index: Path) -> set[str]:
    return {path.name for path in index.iterdir() if path.is_dir()}


@pytest.mark.parametrize("keep", [2, 3, 5])
def test_so_many_builds_are_kept_as_the_setting_says(
    own_harbour: Settings, made: Made, keep: int
) -> None:
    ids = made(4, keep)
    assert [each.id for each in kept(own_harbour.index)] == ids[::-1][:keep]
    assert lying(own_harbour.index) == set(ids[-keep:])


def test_a_rollback_answers_from_the_build_before_and_the_log_tells_of_it(
    own_harbour: Settings, quick_encoder: Encoder, made: Made
) -> None:
    first, second = made(1, 2)
    manifest, changes = go_back(own_harbour.index, None, 2)
    assert manifest.id == first == pointed_id(own_harbour.index)
    assert changes.removed == ("gull0.txt",)
    library = opened(own_harbour, quick_encoder)
    assert library.generation.id == first
    assert "gull0.txt" not in library.documents
    assert lying(own_harbour.index) == {first, second}
    newest = builds(own_harbour.index, 1)[0]
    assert newest.back
    assert newest.generation == first
    assert newest.removed.names == ("gull0.txt",)
    assert "went back to an earlier build: 3 sources, 3 passages" in logged_line(newest)


def test_a_rollback_goes_to_any_kept_build_by_the_beginning_of_its_name(
    own_harbour: Settings, made: Made
) -> None:
    first, second, third = made(2, 3)
    index = own_harbour.index
    assert go_back(index, first, 3)[0].id == first
    assert [each.id for each in kept(index)] == [first, third, second]
    assert go_back(index, third[:-1], 3)[0].id == third
    assert [each.id for each in kept(index)] == [third, first, second]
    assert go_back(index, None, 3)[0].id == first


def test_a_build_after_a_rollback_keeps_where_it_began(
    own_harbour: Settings, quick_encoder: Encoder, made: Made
) -> None:
    first, second = made(1, 2)
    go_back(own_harbour.index, None, 2)
    third = build(own_harbour, quick_encoder)
    assert third.changes.added == ("gull0.txt",)
    assert lying(own_harbour.index) == {first, third.generation}
    assert second not in lying(own_harbour.index)


def test_where_there_is_nothing_to_go_back_to_it_is_said(
    own_harbour: Settings, tmp_path: Path
) -> None:
    only = Generation.open(own_harbour.index).id
    for asked, told in ((None, "no generation is kept beside"), ("2019", "no generation")):
        with pytest.raises(LibraryIndexError, match=told) as caught:
            go_back(own_harbour.index, asked, 2)
        assert only in caught.value.remedy
    with pytest.raises(IndexMissing):
        go_back(tmp_path / "nowhere", None, 2)


def test_several_builds_that_begin_alike_are_named(own_harbour: Settings, made: Made) -> None:
    ids = made(1, 2)
    with pytest.raises(LibraryIndexError, match="several generations begin with '2'") as caught:
        go_back(own_harbour.index, "2", 2)
    assert all(each in caught.value.remedy for each in ids)


def test_a_rollback_to_a_damaged_build_changes_nothing(own_harbour: Settings, made: Made) -> None:
    first, second = made(1, 2)
    (own_harbour.index / first / "dense.faiss").write_bytes(b"damaged")
    with pytest.raises(IndexDamaged, match=r"dense\.faiss"):
        go_back(own_harbour.index, None, 2)
    assert pointed_id(own_harbour.index) == second


def test_a_damaged_pointer_is_mended_by_a_rollback(own_harbour: Settings, made: Made) -> None:
    first, second, third = made(2, 3)
    (own_harbour.index / "current").write_text("nonsense")
    (own_harbour.index / third / "dense.faiss").write_bytes(b"damaged")
    back = go_back(own_harbour.index, None, 3)[0].id
    assert back in {first, second}  # the newest, if they were not made in the same second
    assert Generation.open(own_harbour.index).id == back


# Who builds


def test_the_note_of_a_build_that_was_killed_is_nobodys(own_harbour: Settings) -> None:
    with writing(own_harbour.index):
        note = own_harbour.index / OWNER
        owner = Owner.model_validate_json(note.read_bytes())
        gone = owner.model_copy(update={"process": 2**22 + 1, "since": now()})
        note.write_text(gone.model_dump_json())
        with pytest.raises(LibraryIndexError) as caught, writing(own_harbour.index):
            pass
        assert caught.value.message.endswith("another build is writing this index")
        note.write_text(gone.model_copy(update={"machine": "elsewhere"}).model_dump_json())
        with pytest.raises(LibraryIndexError, match=r"process \d+ on elsewhere, since \d\d:\d\d"):
            writing(own_harbour.index).__enter__()
    assert not note.exists()


# The command line


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    out, err = capsys.readouterr()
    return " ".join(out.split()), " ".join(err.split())


def test_verify_names_every_build_and_each_file_that_is_damaged(
    own_harbour: Settings, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = made(1, 2)
    index = str(own_harbour.index)
    assert cli.main(["verify", "--index", index]) == 0
    out, err = told(capsys)
    files = len(Generation.open(own_harbour.index).manifest.files) + 1
    assert err == ""
    assert f"{second}, current: 4 documents, 4 passages, built " in out
    assert f"{first}, kept: 3 documents, 3 passages, built " in out
    assert out.count(f"All {files} files are as they were written.") == 2
    (own_harbour.index / first / "dense.faiss").write_bytes(b"damaged")
    (own_harbour.index / first / "tokens.rows.npy").unlink()
    assert cli.main(["verify", "--index", index]) == 1
    out, err = told(capsys)
    assert f"{second}, current" in out
    assert first not in out
    assert f"{first}/dense.faiss: not as it was written (SHA-256 differs)" in err
    assert f"{first}/tokens.rows.npy: is not there" in err


def test_verify_tells_of_a_damaged_pointer_and_what_lies_there_whole(
    own_harbour: Settings, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = made(1, 2)
    (own_harbour.index / "current").write_text("nonsense")
    assert cli.main(["verify", "--index", str(own_harbour.index)]) == 1
    out, err = told(capsys)
    assert all(f"{each}, kept" in out for each in ids)
    assert "current: does not name a generation" in err


def test_rollback_says_what_is_current_now(
    own_harbour: Settings, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = made(1, 2)
    assert cli.main(["rollback", "--index", str(own_harbour.index)]) == 0
    out, err = told(capsys)
    assert out == ""
    assert f"Back at {first}: 3 documents, 3 passages" in err
    assert "0 added, 0 changed, 1 removed" in err
    assert cli.main(["rollback", "2019", "--index", str(own_harbour.index)]) == 1
    assert "no generation begins with '2019'" in told(capsys)[1]
