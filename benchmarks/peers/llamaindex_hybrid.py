"""LlamaIndex's hybrid: vectors and BM25, their ranks fused by its `QueryFusionRetriever`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bm25s
import llamaindex_vector
from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.retrievers.bm25 import BM25Retriever
from peer import Hit

NAME = "LlamaIndex hybrid"
PACKAGES = (*llamaindex_vector.PACKAGES, "llama-index-retrievers-bm25", "bm25s")
TOP_K = 2


@dataclass(frozen=True)
class Handle:
    """Both indexes, and the language model that the fusion asks for and never calls."""

    vectors: VectorStoreIndex
    words: bm25s.BM25
    model: MockLLM


def index(documents: Mapping[str, str], folder: Path) -> None:
    """See `peer.Peer`."""
    vectors = llamaindex_vector.build(documents)
    vectors.storage_context.persist(persist_dir=str(folder))
    BM25Retriever.from_defaults(docstore=vectors.docstore).persist(str(folder / "bm25"))


def load(folder: Path) -> Handle:
    """See `peer.Peer`."""
    words = BM25Retriever.from_persist_dir(str(folder / "bm25")).bm25
    return Handle(llamaindex_vector.load(folder), words, MockLLM())


def search(
    handle: Handle, question: str, k: int, without: frozenset[str] = frozenset()
) -> list[Hit]:
    """See `peer.Peer`; BM25 keeps what a filter left out at its end, with a score of 0."""
    filters = llamaindex_vector.leave_out(without)
    depth = min(k, len(handle.words.corpus))
    fusion = QueryFusionRetriever(
        [
            handle.vectors.as_retriever(similarity_top_k=k, filters=filters),
            BM25Retriever(existing_bm25=handle.words, similarity_top_k=depth, filters=filters),
        ],
        llm=handle.model,
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=k,
        num_queries=1,
        use_async=False,
    )
    found = llamaindex_vector.hits(fusion.retrieve(question))
    return [hit for hit in found if hit.document not in without]
