"""One generation: written beside, flushed, made current by one atomic replace, opened verified.

    index/
      current            one line: id of the generation, SHA-256 of its manifest
      builds.jsonl       the log of builds (rag/index/log.py)
      <id>/              complete and never changed
        manifest.json    what it was built from and with, and the SHA-256 of every other file
        library.sqlite   documents, passages, perspectives, starter questions
        readings.sqlite  what the readers found in each file, for the next build
        dense.faiss      passage vectors
        lexical/         BM25 of passages
        sentences/       BM25 of their sentences
        tokens.*.npy     the passages' tokens, one bit a dimension

FAISS and bm25s load a damaged file without a word, so each byte is covered by a checksum here.
"""

import os
import re
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from filelock import FileLock, Timeout
from pydantic import ValidationError

from rag.encoder import EncodedTexts, ModelInfo
from rag.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    LibraryIndexError,
)
from rag.hashing import sha256_of
from rag.index import texts as text_store
from rag.index.dense import DenseStore
from rag.index.lexical import LexicalStore
from rag.index.texts import Texts
from rag.index.tokens import TokenStore
from rag.records import Notice, Record

FORMAT = 4
CURRENT = "current"
MANIFEST = "manifest.json"

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_POINTER = re.compile(rf"({_ID.pattern}) ([0-9a-f]{{64}})\n")
_BUILDING = ".building-"
_REBUILD = "Run: parallax build"


class Manifest(Record):
    """What a generation is.

    Attributes:
        format: of the files; another format is refused.
        settings_hash: of the settings that decide what a generation holds.
        stem_language: for texts in a language that nobody can tell, or that has no stemmer.
        seeds: file -> SHA-256 of its bytes, also for files that were refused.
        refused: the files among them of which nothing could be read.
        failed: what could not be read of the seeds, and why.
        notices: all else that a person should know of the seeds.
        catalogue: SHA-256 of sources.toml, empty where there was none.
        files: file of the generation -> SHA-256.
        built: when, in UTC.
    """

    format: int
    id: str
    model: ModelInfo
    settings_hash: str
    stem_language: str
    seeds: dict[str, str]
    refused: tuple[str, ...] = ()
    failed: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    catalogue: str
    documents: int
    passages: int
    files: dict[str, str] = {}
    built: datetime


class Stores(NamedTuple):
    """What is searched.

    Attributes:
        dense: a row for each passage, as in all but `sentences`.
        sentences: a row for each sentence of each passage, in the order of their numbers.
    """

    dense: DenseStore
    lexical: LexicalStore
    sentences: LexicalStore
    tokens: TokenStore

    @classmethod
    def of(cls, texts: Texts, encoded: EncodedTexts, stemmers: Mapping[str, str]) -> Self:
        """Make them from the passages, and from these as the model read them."""
        passages = texts.passages
        languages = [stemmers[passage.document] for passage in passages]
        sentences = [
            (passage.text_of(each), language)
            for passage, language in zip(passages, languages, strict=True)
            for each in passage.sentences
        ]
        return cls(
            DenseStore.from_vectors(encoded.vectors),
            LexicalStore.from_texts([passage.text for passage in passages], languages),
            LexicalStore.from_texts([text for text, _ in sentences], [its for _, its in sentences]),
            TokenStore.from_encoded(encoded),
        )

    @classmethod
    def load(cls, folder: Path, texts: Texts, stemmers: Mapping[str, str]) -> Self:
        """Load what `save` wrote."""
        languages = Counter(stemmers[passage.document] for passage in texts.passages)
        return cls(
            DenseStore.load(folder),
            LexicalStore.load(folder / "lexical", languages),
            LexicalStore.load(folder / "sentences", languages),
            TokenStore.load(folder),
        )

    def save(self, folder: Path) -> None:
        """Write them into `folder`."""
        self.dense.save(folder)
        self.lexical.save(folder / "lexical")
        self.sentences.save(folder / "sentences")
        self.tokens.save(folder)


class Generation:
    """The stores of one opened generation. Immutable: share it between threads."""

    def __init__(self, manifest: Manifest, texts: Texts, stores: Stores) -> None:
        self.manifest = manifest
        self.texts = texts
        self.stemmers = texts.stemmers(manifest.stem_language)
        self.dense, self.lexical, self.sentences, self.tokens = stores
        # Sentence k of passage n is row first_sentence[n] + k of `sentences`.
        counts = [len(passage.sentences) for passage in texts.passages]
        self.first_sentence = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @property
    def id(self) -> str:
        """The generation's id."""
        return self.manifest.id

    @classmethod
    def open(cls, index: Path) -> Self:
        """Open the current generation, every file checked against its SHA-256.

        Raises:
            IndexMissing: nothing was built in this folder yet.
            IndexDamaged: a file is absent, or not as it was written.
            IndexMismatch: it was written in another format; an earlier one is an `IndexOutdated`.
        """
        before = _current_id(index)
        try:
            return cls._open(index)
        except IndexDamaged:
            if _current_id(index) == before:
                raise
        return cls.open(index)  # a build replaced and removed it meanwhile

    @classmethod
    def _open(cls, index: Path) -> Self:
        try:
            folder, manifest = _verified(index)
            texts = text_store.load(folder)
            stores = Stores.load(folder, texts, texts.stemmers(manifest.stem_language))
        except (OSError, sqlite3.Error, RuntimeError) as error:
            raise IndexDamaged(f"{index}: cannot be read: {error}", _REBUILD) from error
        generation = cls(manifest, texts, stores)
        sizes = len(texts.passages), len(stores.dense), len(stores.lexical), len(stores.tokens)
        sentences = generation.first_sentence[-1]
        if set(sizes) != {manifest.passages} or len(stores.sentences) != sentences:
            raise IndexDamaged(
                f"{folder}: not the same number of passages in every store:"
                f" {', '.join(map(str, sizes))}; the manifest says {manifest.passages}; or of"
                f" sentences: {len(stores.sentences)}, {sentences}",
                _REBUILD,
            )
        return generation


def current_file(index: Path, name: str) -> Path:
    """A file of the current generation, checked against its SHA-256.

    Raises:
        LibraryIndexError: there is no such generation, or the file is not as it was written.
    """
    folder, manifest = _pointed(index)
    if sha256_of(folder / name) != manifest.files.get(name):
        raise IndexDamaged(f"{folder / name}: not as it was written (SHA-256 differs)", _REBUILD)
    return folder / name


def new_id(now: datetime) -> str:
    """An id that sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def now() -> datetime:
    """The time, in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def current_manifest(index: Path) -> Manifest | None:
    """The manifest of the current generation, or None where there is none that can be read."""
    try:
        return _pointed(index)[1]
    except (IndexMissing, IndexDamaged, IndexMismatch, OSError):
        return None


def pointed_id(index: Path) -> str | None:
    """The id of the generation that is current, unchecked; None where none is named."""
    try:
        match = _POINTER.fullmatch((index / CURRENT).read_bytes().decode("latin-1"))
    except OSError:
        return None
    return match[1] if match else None


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for one build.

    Raises:
        IndexBusy: another build holds it.
    """
    with _reported(index):
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusy(
                f"{index}: another build is writing this index", "Wait until it has ended."
            ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _reported(index: Path) -> Iterator[None]:
    """A full disk, a missing permission or a file in the way, as an error that names the index."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        where = getattr(error, "filename", None) or index
        raise LibraryIndexError(
            f"{where}: cannot be written: {getattr(error, 'strerror', None) or error}",
            "Free the disk or the permission, or name another folder with --index."
            " What was built before stays as it is.",
        ) from error


def commit(index: Path, manifest: Manifest, write: Callable[[Path], None]) -> Manifest:
    """Write a generation beside the others and make it current; the one before stays.

    Args:
        index: folder of generations, held by `writing`.
        manifest: without `files`.
        write: puts every other file into the folder that it is given.

    Returns:
        The manifest as written. If anything fails, or is interrupted, the index is as it was.
    """
    before = _current_id(index)
    building = index / f"{_BUILDING}{manifest.id}"
    with _reported(index):
        try:
            building.mkdir()
            write(building)
            whole = manifest.model_copy(update={"files": _hashes(building)})
            (building / MANIFEST).write_text(whole.model_dump_json(indent=2), encoding="utf-8")
            _flush(building)
            building.rename(index / manifest.id)
            _point(index, manifest.id)
        finally:
            current = _current_id(index)
            keep = current | before
            old = {path.name for path in index.iterdir() if _ID.fullmatch(path.name)} - keep
            _remove(index, old if manifest.id in current else {manifest.id})
    return whole


def _point(index: Path, generation: str) -> None:
    digest = sha256_of(index / generation / MANIFEST)
    beside = index / f"{_BUILDING}{CURRENT}"
    beside.write_text(f"{generation} {digest}\n", encoding="ascii", newline="\n")
    _sync(beside)
    beside.replace(index / CURRENT)
    _sync(index)


def _current_id(index: Path) -> set[str]:
    current = current_manifest(index)
    return {current.id} if current else set()


def _remove(index: Path, generations: set[str]) -> None:
    """Remove generations, and what builds left half-written."""
    for path in [each for each in index.iterdir() if each.name.startswith(_BUILDING)]:
        if path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
    for name in generations:
        shutil.rmtree(index / name, ignore_errors=True)


def _pointed(index: Path) -> tuple[Path, Manifest]:
    """Folder and manifest of the current generation, the manifest checked."""
    pointer = index / CURRENT
    if not pointer.is_file():
        raise IndexMissing(f"{index}: no index was built here", _REBUILD)
    match = _POINTER.fullmatch(pointer.read_bytes().decode("latin-1"))
    if match is None:
        raise IndexDamaged(f"{pointer}: does not name a generation", _REBUILD)
    folder = index / match[1]
    file = folder / MANIFEST
    if not file.is_file():
        raise IndexDamaged(f"{file}: is not there; the generation is incomplete", _REBUILD)
    if sha256_of(file) != match[2]:
        raise IndexDamaged(f"{file}: not as it was written (SHA-256 differs)", _REBUILD)
    try:
        return folder, Manifest.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise IndexMismatch(
            f"{file}: written by another version of Parallax (this one reads format {FORMAT})",
            _REBUILD,
        ) from error


def _verified(index: Path) -> tuple[Path, Manifest]:
    folder, manifest = _pointed(index)
    if manifest.format != FORMAT:
        older = manifest.format < FORMAT
        raise (IndexOutdated if older else IndexMismatch)(
            f"{folder}: format {manifest.format}, this version reads {FORMAT}", _REBUILD
        )
    for name, expected in manifest.files.items():
        if not (folder / name).is_file():
            raise IndexDamaged(f"{folder / name}: is not there", _REBUILD)
        if sha256_of(folder / name) != expected:
            raise IndexDamaged(
                f"{folder / name}: not as it was written (SHA-256 differs)", _REBUILD
            )
    return folder, manifest


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


def _flush(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
