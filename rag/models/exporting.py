"""From a model's folder to an ONNX file: exported, quantised, optimised, and compared.

A file is made where it is used, from weights that were checked, and is never fetched. It is only
kept if what it says of some texts is what sentence-transformers says.
"""

import errno
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from rag.models.exported import ABOUT, INPUT, OUTPUT, TOKENIZER, About, ExportedModel
from rag.models.pytorch import CPU, TorchModel, sentence_transformer
from rag.models.read import Precision, Role, Vectors

if TYPE_CHECKING:
    from onnx import ModelProto
    from sentence_transformers import SentenceTransformer

RECIPE = 1
"""Raised when a file of the same weights would give other vectors."""

OPSET = 17

NEAREST = {"float32": 0.9999, "int8": 0.95}
"""Cosines of a text's vector, and of its tokens' on average, with sentence-transformers' own."""

MOST = 512
"""So many tokens, or as many as the model reads, are in the longest text that is compared."""

ROOM = 4
"""So many times the space of the model's folder suffices for what is made on the way."""

LINES = (
    "Rain.",
    "The ferry sails at nine, said the CAPTAIN (twice); nobody of the 31 aboard had asked him.",
    "  Cafe\u0301 in Łódź – naïve?\r\n東京 🚢",
)


_one_at_a_time = Lock()
"""PyTorch's exporter keeps what it is at in one place for the whole process."""


class NotExportable(Exception):
    """The model has no ONNX file that says what it says."""


def exported(folder: Path, precision: Precision, work: Path) -> bytes:
    """The content of an ONNX file for a model, as `ExportedModel` reads it.

    Args:
        folder: of a sentence-transformers model.
        precision: that it shall have.
        work: a folder for what is made on the way.

    Raises:
        ModelDamaged: the folder holds no model that can be loaded.
        NotExportable: the file would say something else, or cannot be made.
        OSError: there is no room for it.
    """
    model = sentence_transformer(folder, CPU)
    try:
        with _one_at_a_time, TemporaryDirectory(dir=work) as here, _quiet():
            graph = graph_of(model, Path(here))
            made = _told(optimised(graph, Path(here)), model, "float32")
            # As exact as can be at first: another pooling may be no farther off than int8 is.
            _compare(ExportedModel(made), TorchModel(model))
            if precision == "int8":
                graph = quantised(graph, Path(here))
                made = _told(optimised(graph, Path(here)), model, precision)
                _compare(ExportedModel(made), TorchModel(model))
    except (NotExportable, OSError, MemoryError):
        raise
    except Exception as error:  # exporters and their checks raise anything
        if shutil.disk_usage(work).free < ROOM * _size(folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(work)) from error
        raise NotExportable(f"{folder}: {type(error).__name__}: {error}") from error
    return made


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of its age and of what it takes for constant, which is checked after.

    The quantiser warns through `logging` itself, which gives the root a handler for good.
    """
    disabled, handlers = logging.root.manager.disable, logging.root.handlers[:]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        logging.root.handlers[:] = handlers


def graph_of(model: "SentenceTransformer", work: Path) -> "ModelProto":
    """Token ids to hidden states, for one text of any length."""
    import onnx
    import torch

    network: Any = model[0].auto_model

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.network(input_ids=ids).last_hidden_state
            return states

    ids = torch.tensor([model.tokenizer(LINES[1])["input_ids"]])
    torch.onnx.export(
        States().eval(),
        (ids,),
        work / "exported.onnx",
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_axes={INPUT: {1: "tokens"}, OUTPUT: {1: "tokens"}},
        opset_version=OPSET,
        dynamo=False,
    )
    return onnx.load(work / "exported.onnx")


def quantised(graph: "ModelProto", work: Path) -> "ModelProto":
    """Products with weights in 8 bits, a scale for each of their columns.

    Weights keep 7 bits: on processors without VNNI, sums of two products of 8 bits overflow.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        graph,
        work / "quantised.onnx",
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )
    return onnx.load(work / "quantised.onnx")


def optimised(graph: "ModelProto", work: Path) -> "ModelProto":
    """The same with operations fused, in the ways that no processor is particular in."""
    import onnx

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(work / "optimised.onnx")
    onnxruntime.InferenceSession(
        graph.SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
        # Fused, a sum and its layer norm take seven times as long as apart.
        disabled_optimizers=["SkipLayerNormFusion"],
    )
    return onnx.load(work / "optimised.onnx")


def _told(graph: "ModelProto", model: "SentenceTransformer", precision: Precision) -> bytes:
    """The file's content, with all that is needed to read texts."""
    about = About(
        dimension=model.get_embedding_dimension() or 0,
        max_tokens=model.max_seq_length or model.tokenizer.model_max_length,
        precision=precision,
        prompts={role: prompt for role, prompt in model.prompts.items() if prompt},
    )
    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    for key, value in ((ABOUT, about.model_dump_json()), (TOKENIZER, tokenizer.to_str())):
        graph.metadata_props.add(key=key, value=value)
    made: bytes = graph.SerializeToString()
    return made


def _compare(made: ExportedModel, oracle: TorchModel) -> None:
    """Hold what the file says of some texts against the model itself.

    Raises:
        NotExportable: they differ.
    """
    roles: tuple[Role, ...] = ("document", "query")
    for role in roles:
        texts = [*LINES, _long(made, role)]
        if made.count(texts, role) != oracle.count(texts, role):
            raise NotExportable("its tokenizer alone finds other tokens")
        pairs = zip(
            made.read(texts, role, _nothing), oracle.read(texts, role, _nothing), strict=True
        )
        for ours, theirs in pairs:
            if not np.array_equal(ours.spans, theirs.spans):
                raise NotExportable("its tokens lie elsewhere")
            cosines = float(ours.vector @ theirs.vector), _mean_cosine(ours.tokens, theirs.tokens)
            if not min(cosines) >= NEAREST[made.precision]:  # also if it is no number
                raise NotExportable(f"its vectors differ (cosines {cosines})")


def _long(made: ExportedModel, role: Role) -> str:
    """A text of nearly as many tokens as the model reads."""
    each, most = made.count([LINES[1]], role)[0], min(made.max_tokens, MOST)
    return " ".join([LINES[1]] * max(1, most // each))


def _mean_cosine(ours: Vectors, theirs: Vectors) -> float:
    return float((ours * theirs).sum(axis=1).mean()) if len(ours) else 1.0


def _nothing() -> None:
    pass
