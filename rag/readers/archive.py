"""Zip archives that nobody can vouch for: checked when opened, and read by the member.

DOCX, ODT and EPUB files are such archives, and so is a collection of seeds. Nothing is ever
extracted to a disk.
"""

import io
import re
import zipfile
import zlib

from rag.errors import SeedUnreadable

MOST_MEMBERS = 10_000
"""A book of a thousand chapters with pictures has fewer; each member costs memory by its name."""

MOST_BYTES = 512 << 20
"""All members unpacked. The largest office files, full of pictures, are about half of this."""

MOST_MEMBER_BYTES = 128 << 20
"""One member unpacked: it is held in memory whole, and its tree is several times as large."""

MOST_RATIO = 200
"""Unpacked to packed bytes of one member. Text packs 3 to 10 times smaller, monotonous tables up to
about 100 times; a bomb comes near to the 1,032 times that deflate can reach."""

RATIO_FROM = 10 << 20
"""Unpacked bytes below which the ratio does not matter: a member so small is no bomb."""

_CHUNK = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError
)  # fmt: skip
"""What `zipfile` raises at damaged archives; ValueError at offsets before their start."""

_ENCRYPTED = 0x1
_LEADS_OUT = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0")

_REMEDY = "Take it out of the seeds, or pack it anew."


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Open an archive and check what it declares.

    The sizes that a member declares bind `zipfile`: it gives no byte beyond them.

    Args:
        data: the bytes of the archive.
        name: its name, for messages; kept as the archive's `filename`.

    Raises:
        SeedUnreadable: it is none, is damaged, is encrypted, names a path outside of itself, or
            would unpack to more than the limits above.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise SeedUnreadable(
            f"{name}: a damaged or incomplete archive, or none at all ({error})",
            "Get the file again, or check that its name ends as its format does.",
        ) from error
    archive.filename = name
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise SeedUnreadable(
            f"{name}: holds {len(members)} files; {MOST_MEMBERS} are the most", _REMEDY
        )
    for member_info in members:
        _check(member_info, name)
    total = sum(each.file_size for each in members)
    if total > MOST_BYTES:
        raise SeedUnreadable(
            f"{name}: unpacks to {total >> 20} MB; {MOST_BYTES >> 20} are the most", _REMEDY
        )
    return archive


def member(archive: zipfile.ZipFile, path: str) -> bytes:
    """The bytes of one member, read no further than `MOST_MEMBER_BYTES`.

    Raises:
        SeedUnreadable: there is no such member, or it is damaged, or larger.
    """
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(path) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                if size > MOST_MEMBER_BYTES:
                    raise SeedUnreadable(
                        f"{archive.filename}: {path} unpacks to more than"
                        f" {MOST_MEMBER_BYTES >> 20} MB",
                        _REMEDY,
                    )
                parts.append(part)
    except KeyError as error:
        raise SeedUnreadable(
            f"{archive.filename}: lacks its part {path}",
            "Open it in the program that made it and save it again.",
        ) from error
    except _DAMAGED as error:
        raise SeedUnreadable(
            f"{archive.filename}: its part {path} is damaged ({error})", "Get the file again."
        ) from error
    return b"".join(parts)


def _check(info: zipfile.ZipInfo, name: str) -> None:
    # orig_filename: zipfile cuts a name at its first NUL.
    if _LEADS_OUT.search(info.orig_filename):
        raise SeedUnreadable(
            f"{name}: a name in it leads out of the archive: {info.orig_filename!r}", _REMEDY
        )
    if info.flag_bits & _ENCRYPTED:
        raise SeedUnreadable(f"{name}: encrypted", "Save it without a password.")
    if info.file_size > max(RATIO_FROM, MOST_RATIO * info.compress_size):
        raise SeedUnreadable(
            f"{name}: {info.filename} would unpack to {info.file_size >> 20} MB,"
            f" {info.file_size // max(1, info.compress_size)} times its packed size",
            _REMEDY,
        )
