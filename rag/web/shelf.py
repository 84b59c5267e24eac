"""The library that is current, shared by all sessions; it moves on when the index does."""

from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Lock, Thread
from typing import NamedTuple

from rag.answering import Library
from rag.errors import SeedsError
from rag.index.build import BuildReport, Staleness, build, staleness
from rag.index.generation import pointed_id
from rag.settings import Settings


class Step(NamedTuple):
    """How far a build has come: `done` of `total` at a stage."""

    stage: str
    done: int
    total: int


class Shelf:
    """Holds one opened library. Safe to share between threads."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._opening = Lock()

    def library(self) -> Library:
        """The library of the generation that is current now, opened if it is a new one.

        Raises:
            LibraryIndexError: there is a new generation, and it cannot be used.
        """
        with self._opening:
            current = pointed_id(self._settings.index)
            if current not in (None, self._library.generation.id):
                self._library = Library.open(
                    self._settings.index, self._settings, self._library.encoder
                )
            return self._library

    @property
    def seeds(self) -> Path:
        """The folder that a rebuild reads."""
        return self._settings.seeds

    def staleness(self, library: Library) -> Staleness | None:
        """How the seeds differ from what a library was built from; None if nobody can tell."""
        try:
            return staleness(library.generation.manifest, self._settings)
        except SeedsError:
            return None

    def rebuild(self) -> Iterator[Step | BuildReport]:
        """Build a new generation: steps as they come, the report last.

        Whoever asks meanwhile is answered; the build goes on if nobody listens any more.

        Raises:
            ParallaxError: what a build raises.
        """
        told: Queue[Step | BuildReport | Exception] = Queue()

        def work() -> None:
            try:
                encoder = self._library.encoder
                told.put(build(self._settings, encoder, lambda *step: told.put(Step(*step))))
            except Exception as error:
                told.put(error)

        # A daemon: Ctrl-C does not wait for it, and a build that is cut off changes nothing.
        Thread(target=work, daemon=True).start()
        while isinstance(newest := _newest(told), Step):
            yield newest
        if isinstance(newest, Exception):
            raise newest
        yield newest


def _newest(told: Queue[Step | BuildReport | Exception]) -> Step | BuildReport | Exception:
    newest = told.get()
    while isinstance(newest, Step) and not told.empty():
        newest = told.get()
    return newest
