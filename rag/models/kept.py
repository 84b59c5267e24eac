"""ONNX files that were made on this machine, kept for the next time.

A file is named for what it was made of, by what, and for its own SHA-256, which is checked before
it is used; a damaged one is made again. It takes its place in one step, so that two processes
which make the same at once do the work twice and nothing else.
"""

import hashlib
import os
import re
import shutil
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from rag.models.exported import ExportedModel
from rag.models.exporting import RECIPE, NotExportable, exported
from rag.models.read import Precision

TOOLS = ("onnx", "onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")
"""What makes a file, and hence may make another one after an update."""

_MAKING = "making-"
_A_DAY = 86_400
"""After so many seconds what a killed process was making is cleared away."""

_NAMED = re.compile(r"[0-9a-f]{32}-(?P<sha256>[0-9a-f]{64})\.onnx")


def model_of(
    folder: Path, revision: str, precision: Precision, cache: Path
) -> ExportedModel | None:
    """The model of a folder from the cache, made before if need be; None if it has no such file.

    Args:
        folder: of a sentence-transformers model.
        revision: the hash of that folder's files.
        precision: that it shall have.
        cache: where files are kept. Without a place to write, one is made each time.

    Raises:
        ModelDamaged: the folder holds no model that can be loaded.
    """
    _clear(cache)
    key = _key(revision, precision)
    for file in sorted(cache.glob(f"{key}-*.onnx")):
        if graph := _checked(file):
            return ExportedModel(graph)
    if _is_there(cache / f"{key}-none"):
        return None
    try:
        graph = _made(folder, precision, cache)
    except OSError:  # no room for it now
        return None
    except NotExportable as error:
        _keep(cache, f"{key}-none", str(error).encode())
        return None
    _keep(cache, f"{key}-{hashlib.sha256(graph).hexdigest()}.onnx", graph)
    return ExportedModel(graph)


def _key(revision: str, precision: Precision) -> str:
    tools = [f"{tool} {version(tool)}" for tool in TOOLS]
    decisive = "\n".join([revision, precision, str(RECIPE), *tools])
    return hashlib.sha256(decisive.encode()).hexdigest()[:32]


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # nobody may look there
        return False


def _checked(file: Path) -> bytes | None:
    """A file's content, if it is what its name says; a damaged file is cleared away."""
    named = _NAMED.fullmatch(file.name)
    try:
        content = file.read_bytes()
        if named and hashlib.sha256(content).hexdigest() == named["sha256"]:
            return content
        file.unlink(missing_ok=True)
    except OSError:  # another process cleared it away, or nobody may read it
        pass
    return None


def _made(folder: Path, precision: Precision, cache: Path) -> bytes:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache, prefix=_MAKING) as work:
            return exported(folder, precision, Path(work))
    except OSError:
        with TemporaryDirectory() as work:
            return exported(folder, precision, Path(work))


def _keep(cache: Path, name: str, content: bytes) -> None:
    """Write a file as a whole or not at all; where nothing can be written, not at all."""
    part = cache / f"{_MAKING}{uuid4().hex}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(cache / name)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _clear(cache: Path) -> None:
    """Remove what processes that were killed have left."""
    with suppress(OSError):
        for left in cache.glob(f"{_MAKING}*"):
            if time.time() - left.stat().st_mtime < _A_DAY:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
