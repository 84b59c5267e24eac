"""The cache of ONNX files: what is in it, what is done about damage, and who may make it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag.encoder import Encoder, model_revision
from rag.errors import ModelDamaged
from rag.models import exporting, kept
from rag.models.exported import ExportedModel
from rag.models.kept import model_of
from rag.models.pytorch import TorchModel

TEXT = "the river froze"


@pytest.fixture(scope="module")
def filled(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the tiny model. Read-only."""
    cache = tmp_path_factory.mktemp("filled") / "made" / "here"
    Encoder.load(str(tiny_model), "float32", cache)
    return cache


@pytest.fixture
def cache(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "cache"
    copy.mkdir()
    for file in filled.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def only_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def never(*_: object) -> bytes:
    raise AssertionError("made again")


def test_a_file_is_made_once(
    tiny_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "exported", never)
    tiny = Encoder.load(str(tiny_model), "float32", cache)
    assert isinstance(tiny._model, ExportedModel)
    assert only_file(cache).suffix == ".onnx"


def test_nothing_but_the_file_is_left_of_its_making(filled: Path) -> None:
    assert kept._NAMED.fullmatch(only_file(filled).name)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _turn_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _rename(file: Path) -> None:
    file.rename(file.with_name(f"{file.name[:33]}{'0' * 64}.onnx"))


@pytest.mark.parametrize("damage", [_cut, _turn_a_bit, _empty, _rename])
def test_a_damaged_file_is_made_again(
    tiny_model: Path, cache: Path, damage: Callable[[Path], None]
) -> None:
    before = only_file(cache)
    content = before.read_bytes()
    damage(before)
    tiny = Encoder.load(str(tiny_model), "float32", cache)
    assert isinstance(tiny._model, ExportedModel)
    assert only_file(cache).read_bytes() == content
    assert only_file(cache).name == before.name


@pytest.mark.parametrize("what", ["revision", "precision", "recipe", "tools"])
def test_what_decides_on_a_file_is_in_its_name(
    tiny_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    content = only_file(cache).read_bytes()
    monkeypatch.setattr(kept, "exported", lambda *_: content)
    revision = "other" if what == "revision" else model_revision(str(tiny_model))
    if what == "recipe":
        monkeypatch.setattr(kept, "RECIPE", -1)
    if what == "tools":
        monkeypatch.setattr(kept, "version", lambda tool: f"{tool} of tomorrow")
    model_of(tiny_model, revision, "int8" if what == "precision" else "float32", cache)
    assert len({file.name[:32] for file in cache.iterdir()}) == 2


def test_without_a_place_to_write_the_model_is_made_each_time(
    tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("in the way")
    tiny = Encoder.load(str(tiny_model), "float32", tmp_path / "cache")
    assert isinstance(tiny._model, ExportedModel)
    assert tiny.encode_query(TEXT).vector.shape == (32,)
    assert only_file(tmp_path).read_text() == "in the way"


def test_without_any_room_pytorch_computes_and_nothing_is_remembered(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError("No space left on device")

    monkeypatch.setattr(kept, "exported", full)
    tiny = Encoder.load(str(tiny_model), "float32", tmp_path)
    assert isinstance(tiny._model, TorchModel)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_while_the_file_is_kept_leaves_nothing_there(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("rag.models.kept.os.fsync", full)
    assert isinstance(Encoder.load(str(tiny_model), "float32", tmp_path)._model, ExportedModel)
    assert list(tmp_path.iterdir()) == []


def test_an_error_on_a_full_disk_is_not_taken_for_one_of_the_model(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ValueError("Protobuf serialization failed")

    monkeypatch.setattr(exporting, "optimised", failing)
    monkeypatch.setattr(
        "rag.models.exporting.shutil.disk_usage", lambda _: SimpleNamespace(free=1000)
    )
    assert isinstance(Encoder.load(str(tiny_model), "float32", tmp_path)._model, TorchModel)
    assert list(tmp_path.iterdir()) == []


def test_what_killed_processes_left_goes_after_a_day(tiny_model: Path, cache: Path) -> None:
    folder, file = cache / "making-folder", cache / "making-file"
    folder.mkdir()
    (folder / "exported.onnx").write_bytes(b"half")
    file.write_bytes(b"half")
    Encoder.load(str(tiny_model), "float32", cache)
    assert {folder, file} <= {*cache.iterdir()}
    for left in (folder, file):
        os.utime(left, (1, 1))
    Encoder.load(str(tiny_model), "float32", cache)
    assert only_file(cache).suffix == ".onnx"


def test_whoever_may_read_the_folder_may_read_the_file(tiny_model: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        Encoder.load(str(tiny_model), "float32", tmp_path)
    finally:
        os.umask(before)
    assert only_file(tmp_path).stat().st_mode & 0o777 == 0o644


def test_a_folder_that_nobody_may_enter_is_no_place_to_write(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = Path("/forbidden/parallax")

    def refused(act: Callable[..., Any]) -> Callable[..., Any]:
        def done(path: Path, **how: bool) -> object:
            if path.is_relative_to(forbidden):
                raise PermissionError(13, "Permission denied")
            return act(path, **how)

        return done

    monkeypatch.setattr(Path, "is_file", refused(Path.is_file))
    monkeypatch.setattr(Path, "mkdir", refused(Path.mkdir))
    assert isinstance(Encoder.load(str(tiny_model), "float32", forbidden)._model, ExportedModel)


def test_a_model_that_cannot_be_exported_is_left_to_pytorch_and_that_is_remembered(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("an operator that ONNX does not know")

    monkeypatch.setattr(exporting, "graph_of", refused)
    first = Encoder.load(str(tiny_model), "int8", tmp_path)
    told = [file.read_text("utf-8") for file in tmp_path.iterdir()]
    assert len(told) == 2  # in int8 and in float32
    assert all("an operator that ONNX does not know" in each for each in told)
    monkeypatch.setattr(kept, "exported", never)
    again = Encoder.load(str(tiny_model), "int8", tmp_path)
    for tiny in (first, again):
        assert isinstance(tiny._model, TorchModel)
        assert tiny.info.precision == "float32"
        assert tiny.info.revision == model_revision(str(tiny_model))


MAKE = """
import logging, sys
from pathlib import Path
from rag.encoder import Encoder
from rag.models.exported import ExportedModel
encoder = Encoder.load(sys.argv[1], "int8", Path(sys.argv[2]))
assert encoder.info.precision == "int8"
assert logging.root.handlers == []  # else other libraries' messages would show
assert logging.root.manager.disable == 0
assert isinstance(encoder._model, ExportedModel)
sys.stdout.write(encoder.encode_query("the river froze").vector.tobytes().hex())
"""


def test_two_processes_may_make_the_same_file_at_once(tiny_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", MAKE, str(tiny_model), str(tmp_path)]
    makers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "ab"
    ]
    told = [maker.communicate(timeout=300) for maker in makers]
    assert [errors for _, errors in told] == [b"", b""]
    expected = Encoder.load(str(tiny_model), "int8").encode_query(TEXT).vector
    for out, _ in told:
        assert np.array_equal(np.frombuffer(bytes.fromhex(out.decode()), np.float32), expected)
    assert kept._NAMED.fullmatch(only_file(tmp_path).name)


def test_what_is_no_model_at_all_is_not_taken_for_one_that_cannot_be_exported(
    own_tiny_model: Path, tmp_path: Path
) -> None:
    (own_tiny_model / "config.json").write_text("{")
    with pytest.raises(ModelDamaged, match="holds no sentence-transformers model"):
        model_of(own_tiny_model, "any", "float32", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
