import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers import archive as module
from rag.readers.archive import member, open_archive


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return buffer.getvalue()


@given(st.dictionaries(st.from_regex(r"[a-zа-яё]{1,8}(/[a-z]{1,8})?", fullmatch=True), st.binary()))
def test_members_come_out_as_they_went_in(members: dict[str, bytes]) -> None:
    archive = open_archive(packed(members), "a.zip")
    assert {path: member(archive, path) for path in archive.namelist()} == members


@pytest.mark.parametrize("data", [b"", b"PK", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.zip: .*or none at all"):
        open_archive(data, "a.zip")


def test_a_truncated_archive_is_refused() -> None:
    data = packed({"a": b"x" * 999, "b": b"y"})
    for length in range(0, len(data) - 1, 7):
        with pytest.raises(SeedUnreadable, match=r"a\.zip"):
            open_archive(data[:length], "a.zip")


@pytest.mark.parametrize(
    "path", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "c:a", "..\\a", "a\\..\\b", "\\\\host\\a"]
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(SeedUnreadable, match="leads out of the archive"):
        open_archive(packed({path: b"x"}), "a.zip")


@pytest.mark.parametrize("path", ["a..b", "...", "a/..b/c", "x:y"[1:], "Kapitel 1/Über.txt"])
def test_other_paths_are_not(path: str) -> None:
    assert member(open_archive(packed({path: b"x"}), "a.zip"), path) == b"x"


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(packed({"a": b"x"}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    with pytest.raises(SeedUnreadable, match="encrypted"):
        open_archive(bytes(data), "a.zip")


def test_a_bomb_is_refused_by_its_ratio() -> None:
    with pytest.raises(SeedUnreadable, match="would unpack to 50 MB"):
        open_archive(packed({"a": bytes(50 << 20)}), "a.zip")


def test_monotonous_text_is_no_bomb() -> None:
    table = b"".join(b"<c r='%d'><v>%d</v></c>" % (n, n * n) for n in range(600_000))
    assert len(table) > module.RATIO_FROM
    assert member(open_archive(packed({"a": table}), "a.zip"), "a") == table


def test_the_whole_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2 << 20)
    data = packed({str(n): bytes(1 << 20) for n in range(3)})
    with pytest.raises(SeedUnreadable, match="unpacks to 3 MB; 2 are the most"):
        open_archive(data, "a.zip")


def test_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMBERS", 3)
    open_archive(packed({str(n): b"" for n in range(3)}), "a.zip")
    with pytest.raises(SeedUnreadable, match="holds 4 files; 3 are the most"):
        open_archive(packed({str(n): b"" for n in range(4)}), "a.zip")


def test_a_member_that_declares_less_than_it_holds_gives_no_more() -> None:
    data = bytearray(packed({"a": bytes(1 << 20)}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    archive = open_archive(bytes(data), "a.zip")
    with pytest.raises(SeedUnreadable, match=r"a\.zip: its part a is damaged"):
        member(archive, "a")


def test_a_member_that_begins_before_the_archive_is_damaged() -> None:
    data = bytearray(packed({"a": b"x"}))
    end = data.index(b"PK\x05\x06")
    data[end + 16 : end + 20] = struct.pack("<I", len(data))  # where the directory is said to be
    with pytest.raises(SeedUnreadable, match=r"a\.zip: "):
        member(open_archive(bytes(data), "a.zip"), "a")


def test_a_large_member_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMBER_BYTES", 3 << 20)
    archive = open_archive(packed({"a": bytes(4 << 20)}), "a.zip")
    with pytest.raises(SeedUnreadable, match=r"a\.zip: a unpacks to more than 3 MB"):
        member(archive, "a")


def test_a_missing_and_a_damaged_member_are_told() -> None:
    data = bytearray(packed({"a": bytes(range(256))}))
    archive = open_archive(bytes(data), "a.zip")
    with pytest.raises(SeedUnreadable, match=r"a\.zip: lacks its part b"):
        member(archive, "b")
    data[60] ^= 0xFF
    with pytest.raises(SeedUnreadable, match="its part a is damaged"):
        member(open_archive(bytes(data), "a.zip"), "a")
