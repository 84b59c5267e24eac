"""Texts to unit vectors, and tokens' vectors in the same pass; offline.

The bundled model is all-MiniLM-L6-v2 (mean pooling over 384 dimensions, 256 tokens), which comes
inside a package; its weights are checked against the published hash before they are used.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from rag.errors import ModelDamaged, QuestionError
from rag.models.files import model_folder, model_revision
from rag.models.pytorch import TorchModel, forbid_network, has_gpu
from rag.models.read import BATCH, EncodedText, Model, Precision, Role, Vectors
from rag.progress import Progress
from rag.records import Record
from rag.settings import BUNDLED_MODEL, Backend, Settings

__all__ = [
    "BATCH",
    "Bits",
    "EncodedText",
    "EncodedTexts",
    "Encoder",
    "ModelInfo",
    "Role",
    "Starts",
    "Vectors",
    "model_folder",
    "model_revision",
    "signs_of",
]

PATIENCE = 1.0
"""Seconds for which a build lets questions pass before each batch, so that it ends at last."""

Bits = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32]


class ModelInfo(Record):
    """What a generation must remember of the model that it was built with.

    Attributes:
        name: as the settings name it.
        revision: SHA-256 over the names and contents of its files and, where these were quantised,
            over how. Where it is the same, so are a text's vectors, but for rounding by other
            versions of libraries, other processors, or a GPU.
        dimension: of its vectors.
        max_tokens: the most tokens it reads at once, special ones included.
        precision: in which it computes.
    """

    name: str
    revision: str
    dimension: int
    max_tokens: int
    precision: Precision = "float32"


class EncodedTexts(NamedTuple):
    """Texts as they are kept.

    Attributes:
        vectors: unit vectors of the texts, shape (texts, dimension).
        bits: for each text `signs_of` its tokens, shape (tokens, dimension / 8, rounded up).
        starts: for each text where each of its tokens starts in it, shape (tokens,).
    """

    vectors: Vectors
    bits: list[Bits]
    starts: list[Starts]


def signs_of(tokens: Vectors) -> Bits:
    """One bit a dimension: whether it is above 0. Shape (tokens, dimension / 8, rounded up)."""
    return np.packbits(tokens > 0, axis=1)


class Encoder:
    """One loaded model. Make it with `load`; threads may share it."""

    def __init__(self, model: Model, info: ModelInfo) -> None:
        self._model = model
        self._asked = Condition()
        self._asking = 0
        self.info = info

    @classmethod
    def load(cls, name: str, backend: Backend = "auto", cache: Path | None = None) -> Self:
        """Load the bundled model, or the one in the folder `name`, without any network.

        Args:
            name: as the settings name it.
            backend: what computes; `Settings.backend` tells of each. A model that cannot be
                exported is left to PyTorch, whatever this says.
            cache: where files made of models are kept; the settings' folder if None.

        Raises:
            ModelMissing: there is no such model on this machine.
            ModelDamaged: the weights are not the published ones, or none that can be loaded.
        """
        folder, files = model_folder(name), model_revision(name)
        forbid_network()
        model = _model(name, files, backend, cache or Settings().cache)
        info = ModelInfo(
            name=name,
            revision=_revision(files, model.precision),
            dimension=model.dimension,
            max_tokens=model.max_tokens,
            precision=model.precision,
        )
        encoder = cls(model, info)
        try:
            encoder.encode_documents(["A text."])
        except Exception as error:  # each kind of model fails in its own way
            raise ModelDamaged(
                f"{folder}: gives no vectors of tokens with their places: {error}",
                "Name a transformer model with a fast tokenizer.",
            ) from error
        return encoder

    def count_tokens(self, texts: Sequence[str], role: Role = "document") -> list[int]:
        """For each text the number of tokens that the model would read.

        The special ones count, and those of the prompt that the model puts before such a text.
        """
        return self._model.count(texts, role)

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        """Unit vectors of texts and the bits of their tokens, from the same forward pass.

        Raises:
            TextTooLong: a text has more tokens than the model reads.
        """
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        tokens: dict[int, tuple[Bits, Starts]] = {}
        # Long ones first: the cores end together, and a batch of like lengths has little padding.
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]), reverse=True)
        before = self._let_pass if progress else _nothing
        read = self._model.read([texts[number] for number in order], "document", before)
        for done, (number, one) in enumerate(zip(order, read, strict=True), start=1):
            vectors[number] = one.vector
            tokens[number] = signs_of(one.tokens), one.spans[:, 0].astype(np.uint32)
            if progress and (done % BATCH == 0 or done == len(order)):
                progress("encoding passages", done, len(order))
        in_order = [tokens[number] for number in range(len(texts))]
        return EncodedTexts(vectors, [bits for bits, _ in in_order], [at for _, at in in_order])

    def encode_query(self, text: str) -> EncodedText:
        """The vector of a question and those of its tokens, from one forward pass.

        Raises:
            QuestionError: the question has more tokens than the model reads.
        """
        if not self.fits_query(text):
            raise QuestionError(
                f"the question is longer than the {self.info.max_tokens} tokens that the model"
                f" reads: “{text[:60]}…”",
                "Ask in fewer words: nothing is ever cut off silently.",
            )
        (read,) = self._model.read([text], "query", _nothing)
        return read

    def fits_query(self, text: str) -> bool:
        """Whether the model reads a question as a whole."""
        return self.count_tokens([text], "query")[0] <= self.info.max_tokens

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Hold back a build's next batch: who asks many small things does not wait for each."""
        with self._asked:
            self._asking += 1
        try:
            yield
        finally:
            with self._asked:
                self._asking -= 1
                self._asked.notify_all()

    def _let_pass(self) -> None:
        with self._asked:
            self._asked.wait_for(lambda: not self._asking, PATIENCE)


def _model(name: str, files: str, backend: Backend, cache: Path) -> Model:
    """The first of what the backend allows, in the order of speed, that reads this model."""
    if backend == "torch" or (backend == "auto" and has_gpu()):
        return TorchModel.load(model_folder(name))
    from rag.models.kept import model_of

    quantised = backend == "int8" or (backend == "auto" and name == BUNDLED_MODEL)
    if quantised and (model := model_of(model_folder(name), files, "int8", cache)):
        return model
    model = model_of(model_folder(name), files, "float32", cache)
    return model or TorchModel.load(model_folder(name))


def _revision(files: str, precision: Precision) -> str:
    """In float32 vectors differ by rounding alone, whatever computes them."""
    if precision == "float32":
        return files
    from rag.models.exporting import RECIPE

    return hashlib.sha256(f"{files} {precision} {RECIPE}".encode()).hexdigest()


def _nothing() -> None:
    pass
