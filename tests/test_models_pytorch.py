"""Whether there is a GPU: nobody has one here, so what is asked is played."""

import sys
from types import SimpleNamespace

import pytest

from rag.encoder import Encoder
from rag.models import pytorch
from rag.models.pytorch import TorchModel, has_gpu
from rag.settings import BUNDLED_MODEL


@pytest.mark.parametrize(
    ("built", "driver", "able", "expected"),
    [
        ("2.13.0+cpu", True, True, False),
        ("2.13.0", False, True, False),
        ("2.13.0", True, False, False),
        ("2.13.0", True, True, True),
        ("2.13.0+cu130", True, True, True),
        ("2.13.0+rocm7.1", False, True, True),
    ],
)
def test_a_gpu_is_one_that_pytorch_can_use(
    monkeypatch: pytest.MonkeyPatch, built: str, driver: bool, able: bool, expected: bool
) -> None:
    torch = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: able))
    monkeypatch.setattr(pytorch, "version", lambda _: built)
    monkeypatch.setattr(pytorch, "_has_nvidia_driver", lambda: driver)
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert has_gpu() is expected


def test_with_a_gpu_pytorch_computes_unless_something_else_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> None:
    monkeypatch.setattr("rag.encoder.has_gpu", lambda: True)
    assert isinstance(Encoder.load(BUNDLED_MODEL)._model, TorchModel)
    assert Encoder.load(BUNDLED_MODEL, "int8").info == encoder.info
