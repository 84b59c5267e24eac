"""A generation's files are checked: small ones at once, large ones while other work goes on."""

import hashlib
from concurrent.futures import Future
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from threading import Thread

from rag.errors import IndexDamaged
from rag.index.manifest import Manifest, check, differs
from rag.index.pointer import REBUILD

LARGE = 64 << 20
"""Bytes; half as much takes as long as a question."""

FIRST, LAST = ("library.", "lexical/"), ("fingerprints.", "readings.")
"""How the names begin of what is needed first, and of what only a build needs."""


class Checks:
    """What is known of a generation's files; whoever uses a large one waits for it first."""

    def __init__(self, index: Path, manifest: Manifest, large: int = LARGE) -> None:
        """Check the small files, and begin with the others.

        Raises:
            IndexDamaged: a small file is absent, or not as it was written.
        """
        folder = index / manifest.id
        sizes = {name: _size(folder / name) for name in manifest.files}
        names = sorted((name for name in sizes if sizes[name] >= large), key=_when)
        self._large = {name: Future[IndexDamaged | None]() for name in names}
        for name in manifest.files.keys() - self._large.keys():
            check(folder, name, manifest.files[name])
        with ExitStack() as opening:
            # Opened now: a later build may remove the generation meanwhile.
            files = {n: opening.enter_context((folder / n).open("rb")) for n in self._large}
            opened = opening.pop_all()
        if files:
            work = Thread(target=self._check, args=(folder, manifest, files, opened), daemon=True)
            work.start()

    def _check(
        self, folder: Path, manifest: Manifest, files: dict[str, BufferedReader], opened: ExitStack
    ) -> None:
        with opened:
            for name, file in files.items():
                self._large[name].set_result(_damage(file, folder / name, manifest.files[name]))

    def wait(self, *beginnings: str) -> None:
        """Wait until the files are checked whose names begin so.

        Raises:
            IndexDamaged: one of them is not as it was written, or cannot be read.
        """
        for name, checked in self._large.items():
            if name.startswith(beginnings) and (damage := checked.result()):
                raise IndexDamaged(damage.message, damage.remedy)


def _when(name: str) -> int:
    return name.startswith(LAST) - name.startswith(FIRST)


def _damage(file: BufferedReader, path: Path, expected: str) -> IndexDamaged | None:
    try:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return IndexDamaged(f"{path}: cannot be read: {error}", REBUILD)
    return None if digest == expected else differs(path)


def _size(file: Path) -> int:
    """Its bytes; fewer than none if it is not there."""
    try:
        return file.stat().st_size
    except OSError:
        return -1
