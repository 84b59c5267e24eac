"""Fixtures shared by all tests: one loaded model, and the library of the five seeds."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch

from rag import answering, viewpoints
from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import BUNDLED_MODEL, Settings
from rag.weights import weights
from tests.making import CARRIED, HARBOUR, RememberingEncoder, library_of, opened, settings_for

ROOT = Path(__file__).parent.parent
_CACHE = TemporaryDirectory(prefix="parallax-tests-")  # gone when the tests end
os.environ.setdefault("PARALLAX_CACHE", _CACHE.name)  # the workers of pytest-xdist inherit it
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    # Two threads that wait for a core which another process has are fifty times slower than one.
    torch.set_num_threads(1)
    return Encoder.load(BUNDLED_MODEL)


@pytest.fixture(scope="session")
def quick_encoder(encoder: Encoder) -> Encoder:
    """The same vectors, each made once in the whole session."""
    return RememberingEncoder(encoder)


@pytest.fixture(scope="session")
def seeds_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(seeds=SEEDS, index=tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="session")
def library(quick_encoder: Encoder, seeds_settings: Settings) -> Library:
    """The five seeds, built once. Read-only: tests that write take `own_settings`."""
    build(seeds_settings, quick_encoder)
    return opened(seeds_settings, quick_encoder)


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    """A copy of the five seeds and an empty index, for a test that changes them."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return Settings(seeds=tmp_path / "seeds", index=tmp_path / "index")


@pytest.fixture(scope="session")
def harbour_built(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Settings:
    """The small library on a harbour, built once. Read-only."""
    settings = settings_for(tmp_path_factory.mktemp("harbour"), HARBOUR)
    build(settings, quick_encoder)
    return settings


@pytest.fixture(scope="session")
def harbour(harbour_built: Settings, quick_encoder: Encoder) -> Library:
    """The small library on a harbour, opened."""
    return opened(harbour_built, quick_encoder)


@pytest.fixture(scope="session")
def carried(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Library:
    """The small library with one story in two papers, opened. Read-only."""
    return library_of(tmp_path_factory.mktemp("carried"), CARRIED, quick_encoder)


@pytest.fixture
def own_harbour(harbour_built: Settings, tmp_path: Path) -> Settings:
    """A copy of the built library on a harbour, for a test that changes it."""
    shutil.copytree(harbour_built.seeds, tmp_path / "seeds")
    shutil.copytree(harbour_built.index, tmp_path / "index")
    return Settings(seeds=tmp_path / "seeds", index=tmp_path / "index")


@pytest.fixture
def always_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any evidence is enough."""
    low = weights().model_copy(update={"answer_at": 1e-12, "cite_at": 0.0})
    for module in (answering, viewpoints):
        monkeypatch.setattr(module, "weights", lambda: low)


@pytest.fixture
def never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No evidence is enough."""
    high = weights().model_copy(update={"answer_at": 1.1})
    monkeypatch.setattr(answering, "weights", lambda: high)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model made here: two random layers that read letter by letter."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = [*special, *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(shape).save_pretrained(folder / "bert")
    BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=128).save_pretrained(
        folder / "bert"
    )
    transformer = Transformer(str(folder / "bert"), max_seq_length=128)
    model = SentenceTransformer(modules=[transformer, Pooling(32, "mean")], device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture
def own_tiny_model(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model, for a test that changes it."""
    shutil.copytree(tiny_model, tmp_path / "model")
    return tmp_path / "model"
