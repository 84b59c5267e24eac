"""PyTorch through sentence-transformers: any model that it loads, on a GPU where there is one.

What other backends compute is measured against this. It takes three seconds to import.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelDamaged
from rag.models.read import BATCH, EncodedText, Precision, Role, check_length, encoded

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CPU = "cpu"


class TorchModel:
    """A model as sentence-transformers reads it."""

    precision: Precision = "float32"

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model
        # A tokenizer keeps how it pads and cuts from call to call, so calls must not mix.
        self._one_call = Lock()
        self.dimension = model.get_embedding_dimension() or 0
        self.max_tokens = model.max_seq_length or model.tokenizer.model_max_length
        # Padded to the longest of a batch, a text's last digits depend on the others in it.
        self._on_cpu = model.device.type == CPU
        self._batch = 1 if self._on_cpu else BATCH

    @classmethod
    def load(cls, folder: Path) -> "TorchModel":
        """Load a model's folder, onto a GPU if PyTorch can use one.

        Raises:
            ModelDamaged: the folder holds none that can be loaded.
        """
        return cls(sentence_transformer(folder, "cuda" if has_gpu() else CPU))

    def count(self, texts: Sequence[str], role: Role) -> list[int]:
        """For each text the number of tokens that the model would read."""
        if not texts:
            return []
        with self._one_call:
            return [len(ids) for ids in self._tokenized(texts, role)["input_ids"]]

    def read(
        self, texts: Sequence[str], role: Role, before: Callable[[], None]
    ) -> Iterator[EncodedText]:
        """Read texts, one after another; `before` is called before each `BATCH` of them.

        Raises:
            TextTooLong: a text has more tokens than the model reads.
        """
        for text, count in zip(texts, self.count(texts, role), strict=True):
            check_length(text, count, self.max_tokens)
        for start in range(0, len(texts), BATCH):
            before()
            yield from self._forward(texts[start : start + BATCH], role)

    def _tokenized(self, texts: Sequence[str], role: Role, **more: bool) -> dict[str, Any]:
        prompt = self._model.prompts.get(role) or ""
        tokenize = self._model.tokenizer
        return tokenize([prompt + t for t in texts], truncation=False, verbose=False, **more)  # type: ignore[no-any-return]

    def _forward(self, texts: Sequence[str], role: Role) -> list[EncodedText]:
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        prompt = self._model.prompts.get(role) or ""
        outputs: list[dict[str, Any]]
        with self._one_call, _one_thread() if self._on_cpu else nullcontext():
            outputs = encode(  # type: ignore[assignment]
                list(texts),
                batch_size=self._batch,
                output_value=None,
                show_progress_bar=False,
            )
            spans = self._tokenized(texts, role, return_offsets_mapping=True)["offset_mapping"]
        return [
            encoded(
                out["sentence_embedding"].float().cpu().numpy(),
                out["token_embeddings"][out["attention_mask"].bool()].float().cpu().numpy(),
                np.array(each, dtype=np.int64),
                prompt,
                text,
            )
            for out, each, text in zip(outputs, spans, texts, strict=True)
        ]


@contextmanager
def _one_thread() -> Iterator[None]:
    """In a pass of one text, several threads wait for each other longer than they work."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def has_gpu() -> bool:
    """Whether PyTorch can use a GPU; it is only imported to tell if there may be one."""
    built = version("torch")
    if built.endswith("+cpu") or ("+rocm" not in built and not _has_nvidia_driver()):
        return False
    import torch

    try:
        return torch.cuda.is_available() and bool(torch.ones(1, device="cuda").sum() == 1)
    except RuntimeError:  # one that this PyTorch has no kernels for, or without free memory
        return False


def _has_nvidia_driver() -> bool:
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def sentence_transformer(folder: Path, device: str) -> "SentenceTransformer":
    """Load a folder without any network, in single precision.

    Raises:
        ModelDamaged: the folder holds none that can be loaded.
    """
    # Read by the libraries while they are imported, hence set before.
    forbid_network()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "dtype": "float32"},
        )
    except Exception as error:  # a damaged folder makes the libraries raise anything
        raise ModelDamaged(
            f"{folder}: holds no sentence-transformers model that can be loaded: {error}",
            "Name a folder saved by sentence-transformers, with its weights in safetensors.",
        ) from error


def forbid_network() -> None:
    """Keep the libraries from asking any server, and tokenizers from threads of their own."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
