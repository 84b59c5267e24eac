"""What every peer's adapter offers: three functions and what its quick start hands on."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

PEERS = {
    "langchain": "langchain_faiss",
    "llamaindex": "llamaindex_vector",
    "llamaindex-hybrid": "llamaindex_hybrid",
    "haystack": "haystack_fusion",
    "txtai": "txtai_hybrid",
}


@dataclass(frozen=True)
class Hit:
    """A chunk that a peer found: the id of its document, its text, its score (higher is better)."""

    document: str
    text: str
    score: float


class Peer(Protocol):
    """An adapter: a module with these names.

    Attributes:
        NAME: what the table calls it.
        PACKAGES: the distributions whose versions matter.
        TOP_K: how many chunks it returns where nobody says how many.
    """

    NAME: str
    PACKAGES: tuple[str, ...]
    TOP_K: int

    def index(self, documents: Mapping[str, str], folder: Path) -> None:
        """Split, embed and index documents (id -> text), and save the index in `folder`."""

    def load(self, folder: Path) -> Any:  # noqa: ANN401 - each peer has its own kind of index
        """Load a saved index, and the model, ready to be searched."""

    def search(
        self,
        handle: Any,  # noqa: ANN401
        question: str,
        k: int,
        without: frozenset[str] = frozenset(),
    ) -> list[Hit]:
        """The `k` best chunks, best first, as if the documents `without` had not been indexed.

        They are left out before scores are scaled or ranks fused; what was counted when indexing,
        such as how rare a word is, stays.
        """


def adapter(name: str) -> Peer:
    """The adapter of a peer; only its own packages are imported."""
    return cast("Peer", importlib.import_module(PEERS[name]))
