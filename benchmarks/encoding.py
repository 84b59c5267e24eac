"""What computes vectors how fast, all in one run on one machine: passages a second, and nDCG@10.

    python benchmarks/encoding.py COLLECTION [--texts N] [--runs N] [--judge N]

The same texts are encoded in turn by each backend, run after run, so that what else the machine
does meets all alike; figures are medians. The measure is `SentenceTransformer.encode` with its
defaults, which gives vectors of texts alone; where a text is a pass, those of its tokens are among
what is timed. COLLECTION is in the BEIR layout; --judge takes each backend's nDCG@10 on so many of
its questions, with the program's own evaluation. OpenVINO takes part where it is installed (pip
install openvino).
"""

import argparse
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, cast

import numpy as np
import onnx
import torch
from judged import Collection, open_library
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from sentence_transformers import SentenceTransformer

from rag.encoder import Encoder, ModelInfo, Vectors
from rag.evaluation.report import evaluate
from rag.models.exported import INPUT, ExportedModel
from rag.models.exporting import graph_of
from rag.models.files import model_folder
from rag.models.pytorch import CPU, TorchModel, sentence_transformer
from rag.models.read import Model
from rag.settings import BUNDLED_MODEL

FOLDER = model_folder(BUNDLED_MODEL)
TOKENS = 4096
"""Of a batch by token count, padding included: as many as 32 texts of 128 tokens have."""

CALIBRATION = 64
"""Texts from which static quantisation takes its ranges."""


@dataclass(frozen=True)
class Backend:
    """A name, what encodes texts, and the encoder that does it where the program could use it."""

    name: str
    encode: Callable[[Sequence[str]], Vectors]
    encoder: Encoder | None = None


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--judge", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    collection = Collection.read(arguments.collection)
    texts = fitting([*collection.texts.values()], arguments.texts)
    with TemporaryDirectory() as work:
        backends = [*baselines(), *candidates(texts[:CALIBRATION], Path(work))]
        times = timed(backends, texts, arguments.runs)
        print(f"{len(texts)} texts of {collection.name}, {torch.get_num_threads()} threads")
        print("\n| backend | passages/s | × | cosine |\n|---|---|---|---|")
        exact = backends[0].encode(texts)
        for each in backends:
            speed = len(texts) / median(times[each.name])
            ratio = median(times[backends[0].name]) / median(times[each.name])
            cosine = (each.encode(texts) * exact).sum(axis=1).mean()
            print(f"| {each.name} | {speed:.1f} | {ratio:.2f} | {cosine:.4f} |")
        if arguments.judge:
            judge(collection, backends, arguments.judge)


def fitting(texts: Sequence[str], count: int) -> list[str]:
    """The first texts that the model reads as a whole."""
    encoder = Encoder.load(BUNDLED_MODEL, "float32")
    counts = zip(texts, encoder.count_tokens(texts), strict=True)
    return [text for text, tokens in counts if tokens <= encoder.info.max_tokens][:count]


def timed(backends: Sequence[Backend], texts: Sequence[str], runs: int) -> dict[str, list[float]]:
    """Seconds of each run of each backend, taken in turn; the first run of each does not count."""
    times: dict[str, list[float]] = {each.name: [] for each in backends}
    for run in range(runs + 1):
        for each in backends:
            begun = perf_counter()
            each.encode(texts)
            if run:
                times[each.name].append(perf_counter() - begun)
    return times


def judge(collection: Collection, backends: Sequence[Backend], questions: int) -> None:
    """Print nDCG@10 of what the program finds with each backend, and of dense search alone."""
    print(f"\n| backend | nDCG@10, {questions} questions | dense alone |\n|---|---|---|")
    for each in backends:
        if each.encoder:
            judged = open_library(collection, each.encoder)
            told = evaluate(judged, sample=questions, baselines=True).to_json()
            dense = told["baselines"]["dense"]["nDCG@10"]
            print(f"| {each.name} | {told['system']['nDCG@10']:.4f} | {dense:.4f} |")


def baselines() -> Iterator[Backend]:
    """sentence-transformers' own encode, with its defaults and with batches of like size."""
    plain = sentence_transformer(FOLDER, CPU)
    yield Backend("SentenceTransformer.encode, float32, batches of 32", encode_of(plain))
    yield Backend("the same, batches by token count", lambda texts: by_token_count(plain, texts))


def encode_of(model: SentenceTransformer) -> Callable[[Sequence[str]], Vectors]:
    """Its own encode, with its defaults."""

    def encode(texts: Sequence[str]) -> Vectors:
        found: Vectors = model.encode(list(texts), show_progress_bar=False)
        return found

    return encode


def by_token_count(plain: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    """Vectors of texts in batches of `TOKENS` with their padding, long texts first."""
    counts = [len(each) for each in plain.tokenizer(list(texts))["input_ids"]]
    order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    while order:
        batch = order[: max(1, TOKENS // counts[order[0]])]
        order = order[len(batch) :]
        vectors[batch] = plain.encode([texts[n] for n in batch], batch_size=len(batch))
    return vectors


def candidates(calibration: Sequence[str], work: Path) -> Iterator[Backend]:
    """What the program could use."""
    float32 = sentence_transformer(FOLDER, CPU)
    yield of("PyTorch float32, a text a pass, one core", TorchModel(float32))
    bfloat16 = sentence_transformer(FOLDER, CPU).bfloat16()
    yield batched("the same encode, bfloat16", bfloat16)
    int8 = sentence_transformer(FOLDER, CPU)
    quantize_dynamic: Any = torch.ao.quantization.quantize_dynamic
    quantize_dynamic(int8, {torch.nn.Linear}, dtype=torch.qint8, inplace=True)
    yield batched("the same encode, dynamic int8", int8)
    for backend in ("float32", "int8"):
        encoder = Encoder.load(BUNDLED_MODEL, backend)
        yield Backend(f"ONNX Runtime {backend}, a text a core", vectors_of(encoder), encoder)
    if find_spec("openvino"):
        yield from openvinos(float32, calibration, work)


def of(name: str, model: Model) -> Backend:
    """A backend of the program's kind."""
    info = ModelInfo(
        name=name, revision=name, dimension=model.dimension, max_tokens=model.max_tokens
    )
    encoder = Encoder(model, info)
    return Backend(name, vectors_of(encoder), encoder)


def batched(name: str, model: SentenceTransformer) -> Backend:
    """The same for PyTorch; its speed is that of its own encode, in batches of 32 on all cores."""
    return Backend(name, encode_of(model), of(name, TorchModel(model)).encoder)


def vectors_of(encoder: Encoder) -> Callable[[Sequence[str]], Vectors]:
    """Encode texts as a build does, and leave their tokens."""
    return lambda texts: encoder.encode_documents(texts).vectors


def openvinos(
    model: SentenceTransformer, calibration: Sequence[str], work: Path
) -> Iterator[Backend]:
    """OpenVINO in float32, bfloat16, and int8 with ranges from the first texts."""
    from openvino import Core

    graph = graph_of(model, work)
    onnx.save(graph, work / "float32.onnx")
    ids = [{INPUT: np.array([model.tokenizer(text)["input_ids"]])} for text in calibration]
    quantize_static(
        work / "float32.onnx",
        work / "int8.onnx",
        Texts(ids),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    told = cast("ExportedModel", Encoder.load(BUNDLED_MODEL, "float32")._model)
    for name, file, precision in (
        ("float32", "float32.onnx", "f32"),
        ("bfloat16", "float32.onnx", "bf16"),
        ("static int8", "int8.onnx", "f32"),
    ):
        settings = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "NUM_STREAMS": torch.get_num_threads(),
            "INFERENCE_PRECISION_HINT": precision,
        }
        compiled = Core().compile_model(work / file, "CPU", settings)
        yield of(f"OpenVINO {name}, a text a core", OpenVinoModel(told, compiled))


class Texts(CalibrationDataReader):  # type: ignore[misc]
    """Texts as token ids, one after another."""

    def __init__(self, inputs: Sequence[dict[str, Any]]) -> None:
        self._inputs = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        """The next, None after the last."""
        return next(self._inputs, None)


class OpenVinoModel(ExportedModel):
    """The program's model, with OpenVINO for the products."""

    def __init__(self, told: ExportedModel, compiled: Any) -> None:  # noqa: ANN401
        self.__dict__.update(told.__dict__)
        self._compiled = compiled

    def states(self, ids: Sequence[int]) -> Vectors:
        """Last hidden states of tokens, shape (tokens, dimension)."""
        request = self._compiled.create_infer_request()
        found: Vectors = request.infer({INPUT: np.array([ids], dtype=np.int64)})[0][0].copy()
        return found


if __name__ == "__main__":
    main()
