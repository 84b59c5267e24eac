"""What becomes of models of other shapes than the one that an ONNX file is made of."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize

from rag.encoder import Encoder
from rag.models.exported import ExportedModel
from rag.models.exporting import LINES, NotExportable, exported
from rag.models.pytorch import TorchModel
from rag.settings import BUNDLED_MODEL, Settings


def _mode(mode: str) -> Callable[[Path], None]:
    def write(model: Path) -> None:
        file = model / "1_Pooling" / "config.json"
        settings = json.loads(file.read_text("utf-8"))
        if "pooling_mode" in settings:
            settings["pooling_mode"] = mode
        else:
            settings = {key: value for key, value in settings.items() if "pooling_mode" not in key}
            settings |= {f"pooling_mode_{mode}": True}
        file.write_text(json.dumps(settings), "utf-8")

    return write


def _and_a_dense_layer(model: Path) -> None:
    made = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    made.append(Dense(32, 16))
    made.save(str(model))


def _and_a_norm(model: Path) -> None:
    made = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    made.append(Normalize())
    made.save(str(model))


def oracle(model: Path, text: str) -> "np.typing.NDArray[np.float32]":
    theirs = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    vector: np.typing.NDArray[np.float32] = theirs.encode_query(text, normalize_embeddings=True)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (_and_a_norm, ExportedModel),
        (_mode("cls"), TorchModel),
        (_mode("max"), TorchModel),
        (_and_a_dense_layer, TorchModel),
    ],
)
def test_a_model_gives_the_vectors_that_sentence_transformers_gives(
    own_tiny_model: Path, change: Callable[[Path], None], kind: type
) -> None:
    change(own_tiny_model)
    tiny = Encoder.load(str(own_tiny_model))
    assert isinstance(tiny._model, kind)
    for text in ("the river froze", "Rain"):
        found = tiny.encode_query(text).vector
        np.testing.assert_allclose(found, oracle(own_tiny_model, text), atol=1e-5)


def test_another_pooling_is_no_matter_of_quantising(own_tiny_model: Path, tmp_path: Path) -> None:
    _mode("weightedmean")(own_tiny_model)
    with pytest.raises(NotExportable, match="its vectors differ"):
        exported(own_tiny_model, "int8", tmp_path)


def test_a_quantised_file_that_says_something_else_is_not_used(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules["rag.models.exporting"].NEAREST, "int8", 0.9999999)
    with pytest.raises(NotExportable, match="its vectors differ"):
        exported(tiny_model, "int8", tmp_path)
    tiny = Encoder.load(str(tiny_model), "int8", tmp_path)
    assert isinstance(tiny._model, ExportedModel)
    assert tiny.info.precision == "float32"


def test_a_model_in_a_folder_is_quantised_only_if_that_is_asked_for(tiny_model: Path) -> None:
    asked, left = Encoder.load(str(tiny_model), "int8"), Encoder.load(str(tiny_model))
    assert (asked.info.precision, left.info.precision) == ("int8", "float32")
    assert asked.info.revision != left.info.revision
    for line in LINES[:2]:
        assert asked.encode_query(line).vector @ left.encode_query(line).vector > 0.95


def test_a_question_needs_no_pytorch(encoder: Encoder) -> None:
    assert isinstance(encoder._model, ExportedModel)  # hence the file is made
    script = (
        "import sys; from rag.encoder import Encoder;"
        f"Encoder.load({BUNDLED_MODEL!r}).encode_query('Who asks?');"
        "print({'torch', 'onnx', 'transformers', 'sentence_transformers'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=120
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")
    assert Settings().cache.is_dir()
