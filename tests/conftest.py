"""Fixtures shared by all tests: one loaded model, and the library of the five seeds."""

import shutil
from pathlib import Path

import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import BUNDLED_MODEL, Settings

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load(BUNDLED_MODEL)


@pytest.fixture(scope="session")
def seeds_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(seeds=SEEDS, index=tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="session")
def library(encoder: Encoder, seeds_settings: Settings) -> Library:
    """The five seeds, built once. Read-only: tests that write take `own_settings`."""
    build(seeds_settings, encoder)
    return Library.open(seeds_settings.index, seeds_settings, encoder)


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    """A copy of the five seeds and an empty index, for a test that changes them."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return Settings(seeds=tmp_path / "seeds", index=tmp_path / "index")
