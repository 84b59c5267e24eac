"""Seeds that are taken out of the library, and put back: moved, and never deleted.

    seeds/
      .removed/<time in UTC>/<path below the seeds>

What lies in a hidden folder is no seed, so the next build leaves out what was moved there. Nothing
here ever removes a file from the disk: whoever wants the room deletes the folder.
"""

from collections.abc import Container, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rag.catalogue import collections_of
from rag.errors import SeedsError, SourceGone
from rag.readers.folder import leads_inside, seed_files
from rag.records import Record

FOLDER = ".removed"

_TIME = "%Y%m%dT%H%M%S.%fZ"


class Removed(Record):
    """A file that was taken out.

    Attributes:
        file: its path below the seeds, with forward slashes, as it was.
        when: in UTC.
        key: name of the folder that it was moved to.
    """

    file: str
    when: datetime
    key: str


def file_of(document_id: str, files: Container[str]) -> str | None:
    """The file that a document is, or is a part of; None if it is none of these."""
    names = (document_id, *collections_of(document_id))
    return next((name for name in names if name in files), None)


def documents_of(file: str, documents: Iterable[str]) -> list[str]:
    """The documents that a file is or holds: those that go if it does."""
    return [each for each in documents if each == file or file in collections_of(each)]


def remove(seeds: Path, file: str, now: datetime | None = None) -> Removed:
    """Move a seed out of the way of the next build.

    Raises:
        SourceGone: there is no such file among the seeds.
        SeedsError: it cannot be moved.
    """
    found = next((seed for seed in seed_files(seeds)[0] if seed.id == file), None)
    if found is None:
        raise SourceGone(f"{file}: is not among the seeds any more", "Look at the list again.")
    when = now or datetime.now(UTC)
    taken_out = Removed(file=file, when=when, key=when.strftime(_TIME))
    _move(seeds, found.path, _place(seeds, taken_out))
    return taken_out


def restore(seeds: Path, key: str, file: str) -> None:
    """Put a file back to where it was.

    Raises:
        SourceGone: it was not taken out then, or is not there any more.
        SeedsError: another file has its name by now, or it cannot be moved.
    """
    known = {(each.key, each.file): each for each in taken_out(seeds)}
    if (key, file) not in known:
        raise SourceGone(f"{file}: is not among what was removed", "Look at the list again.")
    _move(seeds, _place(seeds, known[key, file]), seeds / file)


def taken_out(seeds: Path) -> list[Removed]:
    """All that was ever taken out and not put back, the newest first."""
    found = []
    for folder in _folders(seeds / FOLDER):
        when = _time_of(folder.name)
        if when and leads_inside(folder, seeds):
            for path in sorted(each for each in folder.rglob("*") if not each.is_dir()):
                file = path.relative_to(folder).as_posix()
                found.append(Removed(file=file, when=when, key=folder.name))
    return found


def can_be_undone(seeds: Path, built_from: Container[str], built: datetime) -> list[Removed]:
    """What was taken out since a build and is not there again: each file once, the newest.

    Args:
        seeds: their folder.
        built_from: the files that the build read.
        built: when.
    """
    newest: dict[str, Removed] = {}
    for each in taken_out(seeds):
        # A build is dated in whole seconds: what went in its very second went before it.
        since = each.file in built_from or each.when.replace(microsecond=0) > built
        if since and not _is_there(seeds / each.file):
            newest.setdefault(each.file, each)
    return list(newest.values())


def _place(seeds: Path, removed: Removed) -> Path:
    return seeds / FOLDER / removed.key / removed.file


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted((each for each in folder.iterdir() if each.is_dir()), reverse=True)
    except OSError:
        return []


def _time_of(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _is_there(path: Path) -> bool:
    """Whether there is anything of that name, a link that leads nowhere too."""
    return path.is_symlink() or path.exists()


def _move(seeds: Path, origin: Path, goal: Path) -> None:
    """Move a file inside the seeds, never over another one."""
    name = origin.name
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        if not leads_inside(goal.parent, seeds):
            raise SeedsError(f"{name}: its place leads out of the seeds", "Move it by hand.")
        if _is_there(goal):
            raise SeedsError(
                f"{name}: another file has its name by now", "Rename that one, then try again."
            )
        origin.rename(goal)
    except OSError as error:
        raise SeedsError(
            f"{name}: cannot be moved: {error.strerror or error}",
            "Mend the permissions of the folder of seeds.",
        ) from error
