"""Whatever befalls a build or a file, no generation is lost, none is mixed, and it is told."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rag import reading
from rag.errors import LibraryIndexError
from rag.index.build import build
from rag.index.generation import Generation
from rag.index.keeping import rollback
from rag.index.manifest import damages
from rag.index.pointer import read
from rag.settings import Settings
from tests.conftest import ROOT
from tests.killing import STEPS, write_seeds
from tests.tiny import Inside, TinyEncoder

SOAK = bool(os.environ.get("SOAK"))
ROUNDS = 1000 if SOAK else 200
MUTATIONS = 10_000
MEETINGS = 200
LONGEST = 3600 if SOAK else 600
"""Seconds after which something has come to a halt."""


def told_by(script: str, *arguments: object, **environment: str) -> dict[str, Any]:
    """What one of the scripts beside these tests prints."""
    run = subprocess.run(
        [sys.executable, "-m", f"tests.{script}", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


# Builds that end where they should not


def test_a_build_that_is_killed_anywhere_loses_and_mixes_nothing(tmp_path: Path) -> None:
    told = told_by("killing", tmp_path, ROUNDS, 1)
    assert told["wrong"] == []
    assert told["rounds"] == sum(told["at"].values()) == ROUNDS
    steps = {f"{when} {step.name}" for step in STEPS for when in ("before", "after")}
    assert steps <= told["at"].keys()
    assert told["at"]["some moment"] == ROUNDS / 2


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tests/failing.c, compiled."""
    compiler = shutil.which("cc")
    if compiler is None:
        if os.environ.get("REQUIRE_COMPILER"):
            pytest.fail("cc is not there; on Debian: apt-get install gcc libc6-dev")
        pytest.skip("needs a C compiler (cc); on Debian: apt-get install gcc libc6-dev")
    library = tmp_path_factory.mktemp("failing") / "failing.so"
    source = ROOT / "tests" / "failing.c"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"],
        check=True,
    )
    return library


@pytest.mark.skipif(sys.platform != "linux", reason="preloads a library, as Linux does")
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_any_call_that_fails_is_told_and_damages_nothing(
    tmp_path: Path, failing: Path, error: str
) -> None:
    told = told_by("failing", tmp_path, error, LD_PRELOAD=str(failing))
    assert told["wrong"] == []
    # The log of builds is for reading: a line that cannot be written stops no build.
    assert told["ended"] == ["write builds.jsonl"]
    calls = {call.split()[0] for call in told["failed"]}
    assert calls == {"write", "pwrite64", "fsync", "rename"}
    files = {call.split()[1] for call in told["failed"]}
    assert {"library.sqlite", "readings.sqlite", "manifest.json"} <= files
    assert {"dense.faiss", "data.npy", "lengths.npy", "terms.json", "tokens.bits.npy"} <= files
    assert {"rows.digests.npy", "fingerprints.wholes.npy"} <= files
    assert {"index", ".building-current", ".owner"} <= files


def test_of_two_builds_that_meet_one_goes_on_and_one_says_which(tmp_path: Path) -> None:
    assert told_by("meeting", tmp_path, MEETINGS) == {"well": MEETINGS, "wrong": []}


def test_readers_hear_one_generation_at_a_time(tmp_path: Path) -> None:
    readers, rebuilds, questions = (8, 50, 100_000) if SOAK else (4, 6, 2_000)
    told = told_by("asking", tmp_path, readers, rebuilds, questions)
    assert told["wrong"] == []
    assert (told["asked"], told["rebuilds"]) == (questions, rebuilds)
    assert len(told["seen"]) > 1
    assert set(told["seen"]) <= {*range(rebuilds + 1)}


# Files that are not as they were written

Change = Callable[[random.Random, bytes], bytes]


def flipped(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content))
    return (
        content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    )


def shortened(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def zeroed(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randint(1, 4096))
    return content[:start] + bytes(end - start) + content[end:]


def doubled(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start : start + chance.randint(1, 100)] + content[start:]


CHANGES = (flipped, shortened, zeroed, doubled)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A library of two generations."""
    folder = tmp_path_factory.mktemp("two")
    settings = Settings(seeds=folder / "seeds", index=folder / "index")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "_sandbox", lambda _: Inside())
        for version in (1, 2):
            write_seeds(settings.seeds, version)
            build(settings, TinyEncoder())
    return settings


@contextmanager
def holding(file: Path, content: bytes | None) -> Iterator[None]:
    """A file with other content, or none, for a while."""
    before = file.read_bytes()
    try:
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        yield
    finally:
        file.write_bytes(before)


def test_every_mutation_of_a_generation_is_found_before_it_is_used(two: Settings) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    generations = read(two.index)
    files = [sorted((two.index / each.id).rglob("*.*")) for each in generations]
    made = 0
    while made < MUTATIONS:
        which = chance.randrange(2)
        place = chance.randrange(len(files[0]))
        file, same = files[which][place], files[1 - which][place]
        before = file.read_bytes()
        kind = chance.randrange(len(CHANGES) + 3)
        after: bytes | None = same.read_bytes()  # swapped between generations
        if kind < len(CHANGES):
            after = CHANGES[kind](chance, before)
        elif kind == len(CHANGES):
            after = None
        elif kind == len(CHANGES) + 1:
            after = chance.choice(files[which]).read_bytes()
        if after == before:
            continue
        made += 1
        with holding(file, after):
            assert any(damages(two.index, generations[which])), f"{file}, {kind}"
            use: Callable[[], object] = partial(Generation.open, two.index)
            if which == 1:
                use = partial(rollback, two.index, generations[1].id, 2)
            with pytest.raises(LibraryIndexError):
                use()
    assert not [*damages(two.index, generations[0]), *damages(two.index, generations[1])]
    assert Generation.open(two.index).id == generations[0].id


def test_every_mutation_of_the_pointer_is_found_before_it_is_used(two: Settings) -> None:
    chance = random.Random(2)  # noqa: S311 - no secret
    pointer = two.index / "current"
    before = pointer.read_bytes()
    first = before.splitlines(keepends=True)[0]
    for number in range(MUTATIONS):
        after = CHANGES[number % len(CHANGES)](chance, before)
        if after != before:
            with holding(pointer, after), pytest.raises(LibraryIndexError):
                Generation.open(two.index)
    assert first in before
