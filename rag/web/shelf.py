"""The library that is current, shared by all sessions; it moves on when the index does."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from queue import Queue
from threading import Condition, Event, Lock, Thread
from typing import Any, NamedTuple, TypeVar

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import SeedsError
from rag.garbage import settle
from rag.index.build import BuildReport, build
from rag.index.changes import Staleness, staleness
from rag.index.manifest import current_manifest
from rag.index.pointer import pointed_id
from rag.readers.folder import file_hash
from rag.settings import Settings

Made = TypeVar("Made")


class Step(NamedTuple):
    """How far a build has come: `done` of `total` at a stage."""

    stage: str
    done: int
    total: int


class Shelf:
    """Holds one opened library, as soon as there is one. Safe to share between threads.

    Args:
        settings: where the index is and what it is built from.
        library: None while it is being opened; `put` brings it.

    Attributes:
        wanted: set once somebody looks at how far the opening has come.
    """

    def __init__(self, settings: Settings, library: Library | None = None) -> None:
        self._settings = settings
        self._opening = Lock()
        self._newest = Condition()
        self._library = library
        self._failure: BaseException | None = None
        self._step: Step | None = None
        self.wanted = Event()
        self._at_work: list[Future[Any]] = []
        self._building: Step | None = None

    def put(self, library: Library) -> None:
        """The library is open: whoever waits for it goes on."""
        with self._newest:
            self._library = library
            self._newest.notify_all()
        settle()

    def fail(self, error: BaseException) -> None:
        """There will be no library: whoever waits for it is told why."""
        with self._newest:
            self._failure = error
            self._newest.notify_all()

    def told(self, stage: str, done: int = 0, total: int = 0) -> None:
        """How far the opening has come; a `total` of 0 for a stage that nobody can measure."""
        with self._newest:
            self._step = Step(stage, done, total)
            self._newest.notify_all()

    def opening(self) -> Iterator[Step]:
        """How far the opening has come, until the library is there, or it is known that none is."""
        self.wanted.set()
        shown: Step | None = None
        while shown := self._step_after(shown):
            yield shown

    def _step_after(self, shown: Step | None) -> Step | None:
        """What the opening has come to since; None once it has ended."""
        with self._newest:
            self._newest.wait_for(lambda: self._has_ended or self._step != shown)
            return None if self._has_ended else self._step

    @property
    def _has_ended(self) -> bool:
        return self.is_open or self._failure is not None

    @property
    def is_open(self) -> bool:
        """Whether there is a library to ask."""
        return self._library is not None

    def library(self) -> Library:
        """The library of the generation that is current now, opened if it is a new one.

        Waits while the first one is being opened.

        Raises:
            LibraryIndexError: there is a new generation, and it cannot be used.
            ParallaxError: the first one could not be opened.
        """
        with self._opening:
            library = self._held()
            current = pointed_id(self._settings.index)
            if current not in (None, library.generation.id):
                library = self._reopened(library.encoder)
                self.put(library)
            return library

    def _reopened(self, held: Encoder) -> Library:
        """The current generation, asked by the encoder that is there if that built it."""
        manifest = current_manifest(self._settings.index)
        fits = manifest is not None and manifest.model.revision == held.info.revision
        return Library.open(self._settings.index, self._settings, held if fits else None)

    def _held(self) -> Library:
        """The library that was opened last; waits for the first one."""
        with self._newest:
            while self._library is None:
                if self._failure:
                    raise self._failure
                self._newest.wait()
            return self._library

    @property
    def seeds(self) -> Path:
        """The folder that a rebuild reads."""
        return self._settings.seeds

    @property
    def most_bytes(self) -> int:
        """So many a file of the seeds may have."""
        return self._settings.max_file_bytes

    @property
    def index(self) -> Path:
        """The folder of generations."""
        return self._settings.index

    def staleness(self, library: Library) -> Staleness | None:
        """How the seeds differ from what a library was built from; None if nobody can tell."""
        try:
            return staleness(library.generation.manifest, self._settings, _remembered_hash)
        except SeedsError:
            return None

    def rebuild(self) -> Iterator[Step | BuildReport]:
        """Build a new generation: steps as they come, the report last.

        Whoever asks meanwhile is answered; the build goes on if nobody listens any more.

        Raises:
            ParallaxError: what a build raises.
        """
        told: Queue[Step | Future[BuildReport]] = Queue()

        def note(stage: str, done: int, total: int) -> None:
            self._building = Step(stage, done, total)
            told.put(self._building)

        building = self.work(lambda: build(self._settings, self._held().encoder, note))
        building.add_done_callback(told.put)
        while isinstance(newest := _newest(told), Step):
            yield newest
        yield newest.result()

    def work(self, act: Callable[[], Made]) -> Future[Made]:
        """Do something long in a thread of its own.

        A daemon: Ctrl-C does not wait for it, and a build that is cut off changes nothing.
        """
        made: Future[Made] = Future()

        def run() -> None:
            try:
                made.set_result(act())
            except Exception as error:
                made.set_exception(error)

        with self._newest:
            self._at_work = [*(each for each in self._at_work if not each.done()), made]
        Thread(target=run, daemon=True).start()
        return made

    @property
    def busy(self) -> bool:
        """Whether anything long is under way."""
        return not all(each.done() for each in self._at_work)

    @property
    def building(self) -> Step | None:
        """How far a rebuild has come that this program does now; None if it does none."""
        return self._building if self.busy else None


def _remembered_hash(path: Path) -> str:
    """SHA-256 of a file, read again only once its size or its time of change is another one.

    Each open page asks for it whenever somebody comes back to it.
    """
    try:
        now = path.stat()
    except OSError:
        return file_hash(path)
    return _hash_as_of(path, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=100_000)
def _hash_as_of(path: Path, size: int, changed: int) -> str:  # noqa: ARG001 (what it is true for)
    return file_hash(path)


def _newest(told: Queue[Step | Future[BuildReport]]) -> Step | Future[BuildReport]:
    newest = told.get()
    while isinstance(newest, Step) and not told.empty():
        newest = told.get()
    return newest
