"""Small libraries on made-up matters, an encoder that remembers, and oracles of several tests."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from rag.answering import Library
from rag.encoder import Encoder, Progress, Vectors
from rag.index.build import build
from rag.records import Answer, Citation, Quote
from rag.settings import Settings

Files = Mapping[str, str | bytes]

HARBOUR: Files = {
    "council.txt": (
        "The town council closed the harbour of Lomvik to trawlers in 1974.\n"
        "It said that the herring would come back within a decade.\n"
    ),
    "fishers.txt": (
        "The harbour of Lomvik was closed to trawlers in 1975, without asking any fisher.\n"
        "Forty boats were sold and their crews left the coast.\n"
    ),
    "visitor.md": "The lighthouse of Lomvik is painted green, a visitor wrote.\n",
    "sources.toml": """
[perspectives.for-closing]
label = "For closing"

[perspectives.against-closing]
label = "Against closing"

[perspectives.scientists]
label = "Scientists"

[[sources]]
file = "council.txt"
title = "Minutes of the council"
author = "Ada Berg"
published = "1976"
kind = "minutes"
perspective = "for-closing"
basis = "It defends the closing."
basis_quote = "the herring would come back"
assigned_by = "a test"

[[sources]]
file = "fishers.txt"
perspective = "against-closing"
basis = "It laments the closing."

[questions]
ask = ["When was the harbour closed?"]
""",
}
"""Two labelled sources, one unlabelled, and a perspective that no source carries."""

WHEN_CLOSED = "When was the harbour of Lomvik closed to trawlers?"


class RememberingEncoder(Encoder):
    """The same encoder, which encodes no text twice: hundreds of questions in seconds."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder._model, encoder.info)
        self._known: dict[str, Vectors] = {}

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, super().encode_documents(new, progress), strict=True))
        empty = np.zeros((0, self.info.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts]) if texts else empty


def write_files(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def settings_for(folder: Path, files: Files) -> Settings:
    """Settings of a library whose seeds, written here, are these files."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    write_files(folder / "seeds", files)
    return Settings(seeds=folder / "seeds", index=folder / "index")


def opened(settings: Settings, encoder: Encoder) -> Library:
    return Library.open(settings.index, settings, encoder)


def library_of(folder: Path, files: Files, encoder: Encoder) -> Library:
    """Those files, built and opened."""
    settings = settings_for(folder, files)
    build(settings, encoder)
    return opened(settings, encoder)


def shown(answer: Answer) -> tuple[Citation, ...]:
    """Every citation that an answer shows, as evidence or as what was nearest."""
    return answer.abstention.nearest if answer.abstention else answer.citations


def assert_verbatim(quotes: Iterable[Quote], seeds: Path) -> None:
    """Each quote is a slice of its file as anybody would decode it, and names the file's hash."""
    for quote in quotes:
        data = (seeds / quote.document).read_bytes()
        text = data.decode("utf-8-sig")
        assert text[quote.start : quote.end] == quote.exact
        assert quote.exact
        before, after = text[: quote.start], text[quote.end :]
        assert before.endswith(quote.prefix)
        assert after.startswith(quote.suffix)
        assert len(quote.prefix) == min(32, len(before))
        assert len(quote.suffix) == min(32, len(after))
        assert quote.document_hash == hashlib.sha256(data).hexdigest()


def assert_apart(quotes: Sequence[Quote]) -> None:
    """No two quotes share a character of a document."""
    for one, other in combinations(quotes, 2):
        if one.document == other.document:
            assert one.end <= other.start or other.end <= one.start


def prompted(model: Path, prompts: dict[str, str]) -> Path:
    """The model, told to put these prompts before what it reads."""
    file = model / "config_sentence_transformers.json"
    settings = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(settings | {"prompts": prompts}), "utf-8")
    return model
