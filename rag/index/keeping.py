"""Generations come, are kept, and go: a new one is written beside the others and made current.

Whatever ends a build, and wherever: until the pointer is replaced the index is as it was, and from
then on it holds the new generation, whole. What is left half-written goes with the next build.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from rag.errors import IndexDamaged, LibraryIndexError
from rag.hashing import sha256_of
from rag.index import manifest as manifests
from rag.index import pointer
from rag.index.durable import flush, hashes, reported, sync
from rag.index.manifest import Manifest, damages
from rag.index.pointer import BUILDING, ID, Named


def commit(index: Path, manifest: Manifest, write: Callable[[Path], None], keep: int) -> Manifest:
    """Write a generation beside the others and make it current.

    Args:
        index: folder of generations, held by `rag.index.lock.writing`.
        manifest: without `files`.
        write: puts every other file into the folder that it is given.
        keep: so many generations stay, the new one and those that were current last.

    Returns:
        The manifest as written. If anything fails, or is interrupted, the index is as it was.
    """
    building = index / f"{BUILDING}{manifest.id}"
    with reported(index):
        clear_unfinished(index)
        before = _whole(index)
        try:
            building.mkdir()
            write(building)
            whole = manifest.model_copy(update={"files": hashes(building)})
            file = building / manifests.FILE
            file.write_text(whole.model_dump_json(indent=2), encoding="utf-8")
            named = Named(manifest.id, sha256_of(file))
            flush(building)
            building.rename(index / manifest.id)
            sync(index)
            pointer.write(index, [named, *before[: keep - 1]])
        finally:
            clear_unfinished(index)
            if pointer.pointed_id(index) != manifest.id:
                _remove([index / manifest.id])
        _remove_others(index)
    return whole


def rollback(index: Path, generation: str | None, keep: int) -> Manifest:
    """Make a generation current again that was kept; the one that is current stays beside it.

    Args:
        index: folder of generations, held by `rag.index.lock.writing`.
        generation: its id, or how that begins; None for the one that was current before.
        keep: as for `commit`.

    Raises:
        LibraryIndexError: there is no such generation, or it cannot be used.
    """
    found = kept(index)
    target = _before(index, found) if generation is None else _of_id(index, found, generation)
    manifest = manifests.whole(index, target)
    with reported(index):
        clear_unfinished(index)
        others = [each for each in found if each != target]
        pointer.write(index, [target, *others[: keep - 1]])
    return manifest


def kept(index: Path) -> list[Named]:
    """The generations that can be gone back to: the current one first, then those kept beside it.

    Where the pointer itself is damaged, those that lie there whole, the newest first.

    Raises:
        IndexMissing: nothing was built in this folder yet.
        IndexOutdated: an earlier version of the program wrote the pointer.
    """
    try:
        return pointer.read(index)
    except IndexDamaged:
        found = sorted(path.name for path in index.iterdir() if ID.fullmatch(path.name))
        named = [Named(name, _digest(index, name)) for name in reversed(found)]
        return [each for each in named if not any(damages(index, each))]


def clear_unfinished(index: Path) -> None:
    """Remove what a build left that was cut off before its generation was whole."""
    _remove(path for path in index.iterdir() if path.name.startswith(BUILDING))


def _whole(index: Path) -> list[Named]:
    """The generations that the pointer names, as far as their manifests are as written."""
    try:
        named = pointer.read(index)
    except LibraryIndexError:
        return []
    return [each for each in named if _digest(index, each.id) == each.manifest]


def _digest(index: Path, generation: str) -> str:
    """SHA-256 of a generation's manifest; empty where it has none that can be read."""
    try:
        return sha256_of(index / generation / manifests.FILE)
    except OSError:
        return ""


def _remove_others(index: Path) -> None:
    """Remove the generations that the pointer does not name."""
    named = {each.id for each in pointer.read(index)}
    found = [path for path in index.iterdir() if ID.fullmatch(path.name)]
    _remove(path for path in found if path.name not in named)


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _before(index: Path, found: list[Named]) -> Named:
    """The generation that was current before, or the newest whole one if none is current."""
    others = [each for each in found if each.id != pointer.pointed_id(index)]
    if not others:
        raise LibraryIndexError(
            f"{index}: no generation is kept beside the current one",
            f"There are: {', '.join(each.id for each in found) or 'none'}",
        )
    return others[0]


def _of_id(index: Path, found: list[Named], generation: str) -> Named:
    fitting = [each for each in found if generation and each.id.startswith(generation)]
    if len(fitting) != 1:
        raise LibraryIndexError(
            f"{index}: {'several generations begin' if fitting else 'no generation begins'} with"
            f" {generation!r}",
            f"There are: {', '.join(each.id for each in found)}",
        )
    return fitting[0]
