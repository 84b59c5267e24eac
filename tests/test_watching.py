"""`parallax build --watch`: which changes are told, and the whole of it in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rag import watching
from rag.encoder import Encoder
from rag.errors import SeedsError
from rag.index.build import build
from rag.index.changes import Staleness, staleness
from rag.index.manifest import Manifest
from rag.settings import Settings
from tests.making import HARBOUR, settings_for

STOPPED = "Stopped. The index is as the last finished build left it.\n"


NOTHING = frozenset[Path]()
QUIET = [NOTHING] * watching.QUIET


class Bouts:
    """Changes that are told one bout after the other, in place of the system's own notices."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._bouts: list[Set[Path]] = []
        monkeypatch.setattr(watching, "watch", self._told)

    def _told(self, _folder: Path, **_named: object) -> Iterator[Set[Path]]:
        yield NOTHING
        while self._bouts:
            yield self._bouts.pop(0)

    def tell(self, watched: Iterator[None], *bouts: Set[Path]) -> int:
        """How many builds the bouts ask for."""
        self._bouts = [*bouts]
        return sum(1 for _ in watched)


@pytest.fixture
def bouts(monkeypatch: pytest.MonkeyPatch) -> Bouts:
    return Bouts(monkeypatch)


def began(settings: Settings) -> Iterator[None]:
    """It has told of the first build, which is there."""
    watched = watching.watched(settings)
    next(watched)
    return watched


def test_a_build_is_asked_for_when_the_seeds_differ_from_the_index(
    own_harbour: Settings, bouts: Bouts
) -> None:
    file = own_harbour.seeds / "council.txt"
    file.write_text("The council closed nothing at all.\n", "utf-8")
    assert bouts.tell(began(own_harbour), {file}, *QUIET) == 1


def test_a_build_waits_until_nobody_writes_any_more(own_harbour: Settings, bouts: Bouts) -> None:
    file = own_harbour.seeds / "council.txt"
    file.write_text("The council closed nothing at all.\n", "utf-8")
    growing = [{file}, NOTHING, {file}, {file}, NOTHING]
    assert bouts.tell(began(own_harbour), *growing) == 0
    assert bouts.tell(began(own_harbour), *growing, *growing, *QUIET) == 1


def test_what_could_not_be_built_is_tried_again_after_a_while(
    own_harbour: Settings, bouts: Bouts
) -> None:
    file = own_harbour.seeds / "council.txt"
    file.write_text("The council closed nothing at all.\n", "utf-8")
    while_nothing_changes = [NOTHING] * watching.AGAIN
    assert bouts.tell(began(own_harbour), {file}, *while_nothing_changes) == 2
    assert bouts.tell(began(own_harbour), *while_nothing_changes, *while_nothing_changes) == 2


def test_what_was_built_is_left_alone(
    own_harbour: Settings, bouts: Bouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def looked_at(manifest: Manifest, settings: Settings) -> Staleness:
        looks.append(settings.seeds)
        return staleness(manifest, settings)

    monkeypatch.setattr(watching, "staleness", looked_at)
    assert bouts.tell(began(own_harbour), *[NOTHING] * watching.AGAIN * 5) == 0
    assert len(looks) == 1


def test_the_catalogue_is_watched_like_the_documents(own_harbour: Settings, bouts: Bouts) -> None:
    file = own_harbour.seeds / "sources.toml"
    file.write_text(file.read_text("utf-8").replace("For closing", "In favour"), "utf-8")
    assert bouts.tell(began(own_harbour), {file}, *QUIET) == 1


def test_a_file_that_is_written_again_as_it_was_asks_for_none(
    own_harbour: Settings, bouts: Bouts
) -> None:
    file = own_harbour.seeds / "council.txt"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    assert bouts.tell(began(own_harbour), {file}, *QUIET, {file}, *QUIET) == 0


def test_without_a_change_nothing_is_looked_at(own_harbour: Settings, bouts: Bouts) -> None:
    (own_harbour.seeds / "council.txt").unlink()
    assert bouts.tell(began(own_harbour), *QUIET, *QUIET) == 0


def test_without_an_index_any_change_asks_for_a_build(tmp_path: Path, bouts: Bouts) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    assert bouts.tell(began(settings), {settings.seeds / "council.txt"}, *QUIET) == 1


def test_a_build_that_was_made_meanwhile_is_not_made_again(
    own_harbour: Settings, bouts: Bouts, quick_encoder: Encoder
) -> None:
    file = own_harbour.seeds / "council.txt"
    file.write_text("The council closed nothing at all.\n", "utf-8")
    watched = began(own_harbour)
    build(own_harbour, quick_encoder)
    assert bouts.tell(watched, {file}, *QUIET) == 0


def test_while_the_folder_is_away_nothing_is_asked_for(own_harbour: Settings, bouts: Bouts) -> None:
    watched = began(own_harbour)
    shutil.rmtree(own_harbour.seeds)
    assert bouts.tell(watched, {own_harbour.seeds / "council.txt"}, *QUIET) == 0


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path, bouts: Bouts) -> None:
    watched = watching.watched(Settings(seeds=tmp_path / "none", index=tmp_path / "index"))
    with pytest.raises(SeedsError, match="none"):
        bouts.tell(watched)


class Watching:
    """`parallax build --watch --json` in a process of its own."""

    def __init__(self, settings: Settings, model: Path, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        command = [sys.executable, "-m", "rag", "build", "--watch", "--json", "--model", model]
        command += ["--seeds", settings.seeds, "--index", settings.index]
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [*map(str, command)],
                stdout=out,
                stderr=err,
                env=os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "200"},
            )

    @property
    def said(self) -> str:
        return self._err.read_text("utf-8")

    def builds(self) -> list[dict[str, Any]]:
        """The reports of the builds so far."""
        decoder, text, found = json.JSONDecoder(), self._out.read_text("utf-8"), []
        while text := text.lstrip():
            report, end = decoder.raw_decode(text)
            found.append(report)
            text = text[end:]
        return found

    def waits(self, times: int) -> None:
        """Until it has said so many times that it watches."""
        deadline = time.monotonic() + 120
        while self.said.count("(Ctrl-C ends it)") < times:
            assert self._process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def interrupted(self) -> int:
        """Its exit code after Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def test_each_change_is_built_until_ctrl_c(tmp_path: Path, tiny_model: Path) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    catalogue = settings.seeds / "sources.toml"
    watch = Watching(settings, tiny_model, tmp_path)
    try:
        watch.waits(1)
        (settings.seeds / "later.txt").write_text("The harbour was opened again.\n", "utf-8")
        watch.waits(2)
        right = catalogue.read_text("utf-8")
        catalogue.write_text("[[sources", "utf-8")
        watch.waits(3)
        assert f"error: {catalogue}: cannot be read" in watch.said
        catalogue.write_text(right, "utf-8")
        (settings.seeds / "later.txt").unlink()
        watch.waits(4)
        assert watch.interrupted() == 130
    finally:
        watch.kill()
    assert watch.said.endswith(STOPPED)
    assert "Traceback" not in watch.said
    found = watch.builds()
    names = ("documents", "unchanged")
    assert [tuple(each[name] for name in names) for each in found] == [(3, 0), (4, 3), (3, 3)]
    assert all(one["generation"] < other["generation"] for one, other in pairwise(found))
