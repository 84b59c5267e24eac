import hashlib
import os
from pathlib import Path

import pytest

from rag.errors import SeedsError, SeedUnreadable
from rag.readers.folder import SeedFile, bytes_of, file_hash, seed_files

MOST = 10**6


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"Rye was scarce.\r\n")


def ids(seeds: Path) -> list[str]:
    return [seed.id for seed in seed_files(seeds)[0]]


def test_text_and_markdown_files_are_seeds_whatever_the_case_of_their_suffix(
    tmp_path: Path,
) -> None:
    put(tmp_path, "b.txt", "a.md", "C.TXT", "d.Md")
    files, notices = seed_files(tmp_path)
    assert sorted(seed.id for seed in files) == ["C.TXT", "a.md", "b.txt", "d.Md"]
    assert all(seed.path == tmp_path / seed.id for seed in files)
    assert notices == []


def test_sub_folders_are_walked_and_ids_have_forward_slashes(tmp_path: Path) -> None:
    put(tmp_path, "z.txt", "hills/rye.txt", "hills/deep/oats.md")
    assert sorted(ids(tmp_path)) == ["hills/deep/oats.md", "hills/rye.txt", "z.txt"]


def test_seeds_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    put(tmp_path, "hills.txt", "hills/rye.txt", "hills-old.txt", "B.txt", "a.txt")
    assert ids(tmp_path) == sorted(ids(tmp_path))


def test_hidden_files_hidden_folders_and_the_catalogue_are_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt", ".hidden.txt", ".git/b.txt", "hills/.c.txt", "sources.toml")
    files, notices = seed_files(tmp_path)
    assert [seed.id for seed in files] == ["a.txt"]
    assert notices == []


def test_an_empty_folder_has_no_seeds(tmp_path: Path) -> None:
    assert seed_files(tmp_path) == ([], [])


def test_a_file_of_unknown_format_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "hills/map.png", "README")
    files, notices = seed_files(tmp_path)
    assert [seed.id for seed in files] == ["a.txt"]
    assert sorted(notice.file for notice in notices) == ["README", "hills/map.png"]
    assert all(".md, " in notice.message for notice in notices)


def test_a_catalogue_in_a_sub_folder_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "hills/sources.toml")
    assert [notice.file for notice in seed_files(tmp_path)[1]] == ["hills/sources.toml"]


@pytest.mark.parametrize("target", ["outside.txt", "elsewhere"])
@pytest.mark.parametrize("link", ["link.txt", "link"])
def test_a_link_out_of_the_folder_is_told_and_not_followed(
    tmp_path: Path, target: str, link: str
) -> None:
    seeds = tmp_path / "seeds"
    put(seeds, "a.txt")
    put(tmp_path, "outside.txt", "elsewhere/b.txt")
    (seeds / link).symlink_to(tmp_path / target)
    files, (notice,) = seed_files(seeds)
    assert [seed.id for seed in files] == ["a.txt"]
    assert notice.file == link
    assert "leads out" in notice.message


def test_a_link_to_another_seed_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert ids(tmp_path) == ["a.txt", "b.txt"]


def test_a_seeds_folder_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    put(tmp_path / "real", "a.txt")
    (tmp_path / "seeds").symlink_to(tmp_path / "real")
    assert ids(tmp_path / "seeds") == ["a.txt"]


def test_a_link_to_itself_does_not_stop_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    files, notices = seed_files(tmp_path)
    readable = [seed.id for seed in files if file_hash(seed.path)]
    assert readable == ["a.txt"]
    assert "loop.txt" in [seed.id for seed in files] + [notice.file for notice in notices]


@pytest.mark.parametrize("name", ["none", "a.txt"])
def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path: Path, name: str) -> None:
    put(tmp_path, "a.txt")
    with pytest.raises(SeedsError, match="no such folder of seeds") as caught:
        seed_files(tmp_path / name)
    assert str(tmp_path / name) in caught.value.message
    assert "--seeds" in caught.value.remedy


def test_a_folder_named_like_a_text_is_reported_unreadable(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt/inner.txt")
    ((seed,), notices) = seed_files(tmp_path)
    assert (seed.id, notices) == ("notes.txt", [])
    with pytest.raises(SeedUnreadable, match=r"notes\.txt: cannot be opened: it is no file"):
        bytes_of(seed, MOST)


def test_a_link_to_nothing_is_reported_unreadable(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    ((seed,), _) = seed_files(tmp_path)
    with pytest.raises(SeedUnreadable, match=r"gone\.txt: cannot be opened: No such file"):
        bytes_of(seed, MOST)


def test_the_bytes_of_a_seed_are_those_of_its_file(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfRye was scarce.\r\nBread was dear.\r\n\0"
    (tmp_path / "rye.txt").write_bytes(data)
    seed = SeedFile(id="rye.txt", path=tmp_path / "rye.txt")
    assert bytes_of(seed, most=len(data)) == data
    with pytest.raises(SeedUnreadable, match=r"rye\.txt: larger than 3.7e-05 MB"):
        bytes_of(seed, most=len(data) - 1)


def test_what_browsers_save_beside_a_page_is_passed_over(tmp_path: Path) -> None:
    put(
        tmp_path,
        "Rye.html",
        "Rye_files/advert.html",
        "Oats_files/a.txt",
        "in/x.htm",
        "in/x_files/b.txt",
    )
    assert ids(tmp_path) == ["Oats_files/a.txt", "Rye.html", "in/x.htm"]


def test_the_hash_of_a_file_is_of_its_bytes_and_empty_if_it_cannot_be_read(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt")
    assert file_hash(tmp_path / "a.txt") == hashlib.sha256(b"Rye was scarce.\r\n").hexdigest()
    assert file_hash(tmp_path / "none.txt") == ""
    assert file_hash(tmp_path) == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_seed_without_permission_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(SeedUnreadable, match="Permission denied"):
        bytes_of(SeedFile(id="a.txt", path=tmp_path / "a.txt"), MOST)
