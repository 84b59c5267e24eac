"""What a build can take over from the generation that was current when it began."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from rag.encoder import EncodedTexts, ModelInfo
from rag.errors import LibraryIndexError
from rag.index import pointer, readings, texts
from rag.index.manifest import current_file, whole
from rag.index.ragged import Numbers
from rag.index.rows import digests_of
from rag.index.saving import Copied
from rag.index.sqlite import ReadOnly
from rag.index.stores import Stores
from rag.reading import Carried, Known
from rag.records import Notice
from rag.settings import Settings


class Before(NamedTuple):
    """A generation, as far as the next one can hold the same.

    Attributes:
        known: its files and documents, by the keys of all that they depend on.
        stores: its arrays; without a row where nothing can be taken over.
        files: where its files lie; None if none of these can be used.
        folder: where its documents lie; None if they were made with another model or other
            settings, or if there is none.
    """

    known: Known
    stores: Stores
    files: Path | None = None
    folder: Path | None = None

    @classmethod
    def of(cls, settings: Settings, model: ModelInfo) -> Self:
        """What there is; nothing of a generation that is damaged, or that cannot be read."""
        try:
            named = pointer.read(settings.index)[0]
            manifest = whole(settings.index, named)
            folder = settings.index / named.id
            files = readings.known(folder)
            made_with = manifest.model.revision, manifest.settings_hash
            if made_with != (model.revision, settings.build_hash):
                return cls(Known(files, {}), _none(model), folder)
            return cls(Known(files, _documents(folder)), Stores.load(folder), folder, folder)
        except (LibraryIndexError, OSError, sqlite3.Error, RuntimeError, ValueError):
            return cls(Known(), _none(model))

    @property
    def copied(self) -> Copied | None:
        """From where documents are copied."""
        return Copied(self.folder, self.stores.rows) if self.folder else None

    def numbers_of(self, passages: Sequence[str]) -> Numbers:
        """For each text the number of a passage that has it; -1 if none has."""
        found = np.full(len(passages), -1, dtype=np.int64)
        digests = self.stores.rows.digests
        if self.folder is None or not len(digests) or not passages:
            return found
        order = np.argsort(digests, kind="stable")
        wanted = digests_of(passages)
        places = np.minimum(np.searchsorted(digests, wanted, sorter=order), len(order) - 1)
        held = texts.load(self.folder).passages
        for number in np.flatnonzero(digests[order[places]] == wanted).tolist():
            before = int(order[places[number]])
            if held[before].text == passages[number]:
                found[number] = before
        return found


def files_known(index: Path) -> Known:
    """What the current generation has of files; nothing if there is none, or a damaged one."""
    try:
        return Known(readings.known(current_file(index, readings.FILE).parent))
    except (LibraryIndexError, OSError, sqlite3.Error, ValueError):
        return Known()


def _documents(folder: Path) -> dict[str, Carried]:
    rows = ReadOnly(folder / texts.FILE).rows(
        "SELECT number, id, key, notices FROM documents WHERE key != ''"
    )
    return {
        key: Carried(name, number, tuple(Notice(**each) for each in json.loads(notices)))
        for number, name, key, notices in rows
    }


def _none(model: ModelInfo) -> Stores:
    nothing = EncodedTexts(np.zeros((0, model.dimension), dtype=np.float32), [], [])
    return Stores.of([], nothing, "english")
