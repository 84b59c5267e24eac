"""How an exported model shares work among threads, and how it ends."""

import threading
from pathlib import Path

import pytest

from rag.encoder import Encoder
from rag.errors import TextTooLong
from rag.models.exported import ExportedModel
from rag.models.read import BATCH, EncodedText, Role

TEXTS = [f"the river {number}" for number in range(10 * BATCH)]


def at_work() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("encoding")]


@pytest.fixture
def tiny(tiny_model: Path) -> Encoder:
    return Encoder.load(str(tiny_model), "float32")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of which the reading began."""
    texts: list[str] = []
    read_one = ExportedModel.read_one

    def told(self: ExportedModel, text: str, role: Role) -> EncodedText:
        texts.append(text)
        return read_one(self, text, role)

    monkeypatch.setattr(ExportedModel, "read_one", told)
    return texts


def test_after_ctrl_c_no_more_texts_are_begun_and_no_thread_goes_on(
    tiny: Encoder, begun: list[str]
) -> None:
    def interrupted(_stage: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny.encode_documents(TEXTS, interrupted)
    assert at_work() == []
    assert len(begun) <= 2 * BATCH


def test_after_an_error_no_thread_goes_on(tiny: Encoder, begun: list[str]) -> None:
    with pytest.raises(TextTooLong):
        tiny.encode_documents([*TEXTS, "x " * 500])  # the longest is read first
    assert at_work() == []
    assert len(begun) <= 2 * BATCH


def test_when_all_is_read_no_thread_is_left(tiny: Encoder, begun: list[str]) -> None:
    tiny.encode_documents(TEXTS)
    assert at_work() == []
    assert sorted(begun) == sorted(TEXTS)


def test_the_work_of_a_build_is_shared(tiny: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.exported._cores", lambda: 2)
    both = threading.Barrier(2, timeout=30)
    read_one = ExportedModel.read_one

    def together(self: ExportedModel, text: str, role: Role) -> EncodedText:
        both.wait()  # breaks if there is one thread alone
        return read_one(self, text, role)

    monkeypatch.setattr(ExportedModel, "read_one", together)
    assert len(tiny.encode_documents(TEXTS[:BATCH]).bits) == BATCH
