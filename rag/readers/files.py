"""Which documents a file holds: one, a document a row, or every file of an archive."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import PurePosixPath
from posixpath import normpath

from rag.errors import SeedUnreadable
from rag.readers import ARCHIVE, MODULES, ROWS, UNKNOWN, is_hidden, is_known
from rag.records import Reading


def files_in(data: bytes, name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The file itself, or the files of an archive by name, with a way to their bytes.

    Raises:
        SeedUnreadable: it is an archive that cannot be opened.
    """
    if _suffix(name) != ARCHIVE:
        yield name, lambda: data
        return
    from rag.readers.archive import member, open_archive

    archive = open_archive(data, name)
    # Two members may have one name; whoever opens it gets the last, as whoever unpacks the archive.
    paths = {path for path in archive.namelist() if not path.endswith("/") and not is_hidden(path)}
    if not paths:
        raise SeedUnreadable(f"{name}: an archive without a file", "Take it out of the seeds.")
    for path in sorted(paths):
        yield f"{name}/{normpath(path)}", partial(member, archive, path)


def readings_of(
    data: bytes, name: str, columns: Mapping[str, str]
) -> Iterator[tuple[str, Reading]]:
    """The documents of one file that is no archive, each with its id.

    Args:
        data: the bytes of the file.
        name: its id.
        columns: for a file of rows, what Parallax calls a column -> what the file calls it.

    Raises:
        SeedUnreadable: it is not what its suffix says, or there is no reader for it.
    """
    suffix = _suffix(name)
    if suffix == ARCHIVE:
        raise SeedUnreadable(
            f"{name}: an archive inside another is not opened", "Put it into the seeds by itself."
        )
    if not is_known(suffix):
        raise SeedUnreadable(f"{name}: {UNKNOWN}")
    module = import_module(f"rag.readers.{MODULES[suffix]}")
    if suffix in ROWS:
        for reading in module.read_rows(data, name, columns):
            yield f"{name}#{reading.part}", reading
    else:
        yield name, module.read(data, name)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
