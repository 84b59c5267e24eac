"""Builds that are killed, round after round: `python -m tests.killing FOLDER ROUNDS SEED`.

A process of its own, without threads, so that it can fork. In each round the seeds are new, a child
builds and is killed with SIGKILL: at one of the named steps, or at a random moment. Then the index
has to be that of the round before or of this one, whole, and the next build has to succeed. It
prints one line of JSON: how many rounds, at which steps, and what went wrong.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock

from rag.answering import Library
from rag.index import build as building
from rag.index import keeping, lock, log, manifest, pointer, readings, saving
from rag.index.before import Before
from rag.index.build import build
from rag.index.dense import DenseStore
from rag.index.fingerprints import Fingerprints
from rag.index.keeping import kept
from rag.index.lexical import LexicalStore
from rag.index.rows import Rows
from rag.index.stores import Stores
from rag.index.tokens import TokenStore
from rag.settings import Settings
from tests.tiny import TinyEncoder, prepare_to_fork

PAPERS = ("a.txt", "b.txt", "c.txt")
QUESTION = "When was the harbour of Lomvik closed to trawlers?"


class Step(NamedTuple):
    """A step of a build: a function by its name, in the module or class that it is called from."""

    owner: Any
    function: str

    @property
    def name(self) -> str:
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.function}"


STEPS = [
    Step(FileLock, "acquire"),
    Step(lock, "_own"),
    Step(building, "current_manifest"),
    Step(Before, "of"),
    Step(readings, "known"),
    Step(building, "read_seeds"),
    Step(TinyEncoder, "encode_documents"),
    Step(Stores, "joined"),
    Step(building, "commit"),
    Step(keeping, "clear_unfinished"),
    Step(Path, "mkdir"),
    Step(saving, "save"),
    Step(readings, "save"),
    Step(Stores, "save"),
    Step(Rows, "save"),
    Step(Fingerprints, "save"),
    Step(DenseStore, "save"),
    Step(LexicalStore, "save"),
    Step(TokenStore, "save"),
    Step(keeping, "hashes"),
    Step(keeping, "flush"),
    Step(Path, "rename"),
    Step(keeping, "sync"),
    Step(pointer, "write"),
    Step(pointer, "sync"),
    Step(Path, "replace"),
    Step(keeping, "_remove_others"),
    Step(log, "append"),
    Step(FileLock, "release"),
]
"""Where a build is killed, each before and after; all that it writes lies between two of these."""


def arm(step: Step, *, after: bool, nth: int = 1) -> None:
    """Have this process killed at a step."""
    function: Callable[..., object] = getattr(step.owner, step.function)
    calls = iter(range(1, sys.maxsize))

    def deadly(*arguments: object, **named: object) -> object:
        now = next(calls) == nth
        if now and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(step.owner, step.function, deadly)


def write_seeds(folder: Path, version: int) -> None:
    """Every paper names the version: a quote tells which one it was cut from."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in PAPERS:
        text = f"{paper}: The harbour of Lomvik was closed to trawlers in version {version:06}.\n"
        (folder / paper).write_text(text, "utf-8")


class Checked:
    """A small library, built at first of version 0, and looked at after whatever befell a build."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(seeds=folder / "seeds", index=folder / "index")
        self.encoder = TinyEncoder()
        self.wrong: list[str] = []
        write_seeds(self.settings.seeds, 0)
        build(self.settings, self.encoder)

    def check(self, version: int, where: str) -> None:
        """The index is that of before or of now, and the next build takes the rest away."""
        try:
            self._check_answer({version - 1, version})
            build(self.settings, self.encoder)
            self._check_answer({version})
            lying = {path.name for path in self.settings.index.iterdir()}
            ids = {each.id for each in kept(self.settings.index)}
            assert lying == ids | {lock.LOCK, log.FILE, pointer.FILE}, lying
        except Exception as error:
            self.wrong.append(f"version {version}, {where}: {type(error).__name__}: {error}")

    def _check_answer(self, versions: set[int]) -> None:
        index = self.settings.index
        for named in kept(index):
            assert not [*manifest.damages(index, named)]
        library = Library.open(index, self.settings, self.encoder)
        quotes = library.ask(QUESTION, abstain=False).citations
        told = {int(quote.exact.split()[-1].rstrip(".")) for quote in quotes}
        assert {quote.document for quote in quotes} == {*PAPERS}, quotes
        assert len(told) == 1, told
        assert told <= versions, told


class Rounds(Checked):
    """The rounds, one after the other, in one library."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder)
        self._random = random.Random(seed)  # noqa: S311 - moments, no secrets
        self.at: Counter[str] = Counter()
        started = time.monotonic()
        build(self.settings, self.encoder)
        self._seconds = time.monotonic() - started

    def at_step(self, version: int, step: Step, *, after: bool) -> None:
        """Kill a build at a step."""
        name = f"{'after' if after else 'before'} {step.name}"
        status = self._killed(version, lambda: arm(step, after=after), None)
        if os.WIFSIGNALED(status):
            self.at[name] += 1
        else:
            self.wrong.append(f"{name}: never came")
        self.check(version, name)

    def at_moment(self, version: int) -> None:
        """Kill a build at some moment, which may be just after its end."""
        seconds = self._random.uniform(0, self._seconds)
        self._killed(version, lambda: None, seconds)
        self.at["some moment"] += 1
        self.check(version, f"after {seconds:.4f} s")

    def _killed(self, version: int, arm: Callable[[], None], seconds: float | None) -> int:
        write_seeds(self.settings.seeds, version)
        child = os.fork()
        if not child:
            arm()
            build(self.settings, self.encoder)
            os._exit(0)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1]


def main(folder: Path, rounds: int, seed: int) -> None:
    """Every step before and after, as often as there are rounds; every other round some moment."""
    prepare_to_fork()
    table = [(step, after) for step in STEPS for after in (False, True)]
    killing = Rounds(folder, seed)
    for version in range(1, rounds + 1):
        number, at_moment = divmod(version - 1, 2)
        if at_moment:
            killing.at_moment(version)
        else:
            step, after = table[number % len(table)]
            killing.at_step(version, step, after=after)
    told = {"rounds": rounds, "at": killing.at, "wrong": killing.wrong}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
