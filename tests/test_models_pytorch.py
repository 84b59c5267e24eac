"""Whether there is a GPU: nobody has one here, so what is asked is played."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.encoder import Encoder
from rag.models import pytorch
from rag.models.pytorch import TorchModel, has_gpu
from rag.settings import BUNDLED_MODEL


def played(able: bool, *, working: bool) -> SimpleNamespace:
    """PyTorch as it would answer."""

    def ones(count: int, *, device: str) -> NDArray[np.float64]:
        if not working:
            raise RuntimeError(f"{device}: no kernel image is available for execution")
        return np.ones(count)

    return SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: able), ones=ones)


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
    torch = played(able, working=True)
    monkeypatch.setattr(pytorch, "version", lambda _: built)
    monkeypatch.setattr(pytorch, "_has_nvidia_driver", lambda: driver)
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert has_gpu() is expected


def test_a_gpu_that_computes_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytorch, "version", lambda _: "2.13.0+cu130")
    monkeypatch.setattr(pytorch, "_has_nvidia_driver", lambda: True)
    monkeypatch.setitem(sys.modules, "torch", played(True, working=False))
    assert not has_gpu()


def test_with_a_gpu_pytorch_computes_unless_something_else_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> None:
    monkeypatch.setattr("rag.encoder.has_gpu", lambda: True)
    assert isinstance(Encoder.load(BUNDLED_MODEL)._model, TorchModel)
    assert Encoder.load(BUNDLED_MODEL, "int8").info == encoder.info
