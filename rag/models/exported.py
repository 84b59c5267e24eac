"""A model in an ONNX file of our own making, run by ONNX Runtime; PyTorch is not imported.

One text is one pass of one thread: nothing is padded, and what comes out depends on the text alone,
so that an index built in steps is the index built at once. Dynamic quantisation scales a whole
tensor by its largest value, so texts in one batch would change each other.
"""

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from rag.models.read import (
    BATCH,
    EncodedText,
    Precision,
    Role,
    Vectors,
    check_length,
    encoded,
)
from rag.records import Record

ABOUT, TOKENIZER = "parallax.about", "parallax.tokenizer"
"""Keys of the file's metadata: an `About` and the tokenizer, both as JSON."""

INPUT, OUTPUT = "input_ids", "states"
"""Names in the graph: token ids, shape (1, tokens); hidden states, shape (1, tokens, dimension)."""

FATAL = 4
"""Of ONNX Runtime's severities: it warns of devices that it does not find."""

onnxruntime.disable_telemetry_events()
onnxruntime.set_default_logger_severity(FATAL)


class About(Record):
    """What a model's own folder says of it.

    Attributes:
        dimension: of its vectors.
        max_tokens: the most tokens it reads at once.
        precision: of its weights and products.
        prompts: what it reads before a text, by the text's role.
    """

    dimension: int
    max_tokens: int
    precision: Precision
    prompts: dict[str, str]


class ExportedModel:
    """The mean of a model's last hidden states, and these themselves."""

    def __init__(self, graph: bytes) -> None:
        """Load a file's content; whatever ONNX Runtime raises if it is no such file."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # It was optimised when it was made, in the one way that is part of the revision.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        told = self._session.get_modelmeta().custom_metadata_map
        self._tokenizer = Tokenizer.from_str(told[TOKENIZER])
        about = About.model_validate(json.loads(told[ABOUT]))
        self.dimension = about.dimension
        self.max_tokens = about.max_tokens
        self.precision = about.precision
        self._prompts = about.prompts

    def count(self, texts: Sequence[str], role: Role) -> list[int]:
        """For each text the number of tokens that the model would read."""
        prompt = self._prompts.get(role, "")
        return [
            len(each) for each in self._tokenizer.encode_batch_fast([prompt + t for t in texts])
        ]

    def read(
        self, texts: Sequence[str], role: Role, before: Callable[[], None]
    ) -> Iterator[EncodedText]:
        """Read texts, one after another; `before` is called before each `BATCH` of them.

        Each core reads one, and tokenises it. A batch is handed out while the one before is still
        being read, so that no core waits for another.

        Raises:
            TextTooLong: a text has more tokens than the model reads.
        """
        waiting: deque[Future[EncodedText]] = deque()
        pool = ThreadPoolExecutor(min(_cores(), max(1, len(texts))), "encoding")
        try:
            for start in range(0, len(texts), BATCH):
                before()
                for text in texts[start : start + BATCH]:
                    waiting.append(pool.submit(self.read_one, text, role))
                while len(waiting) > BATCH:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # after an error or Ctrl-C nothing that waits is begun
            pool.shutdown(cancel_futures=True)

    def read_one(self, text: str, role: Role) -> EncodedText:
        """Read one text in this thread.

        Raises:
            TextTooLong: it has more tokens than the model reads.
        """
        prompt = self._prompts.get(role, "")
        found = self._tokenizer.encode(prompt + text)
        check_length(text, len(found), self.max_tokens)
        states = self.states(found.ids)
        spans = np.array(found.offsets, dtype=np.int64).reshape(-1, 2)
        return encoded(states.mean(axis=0), states, spans, prompt, text)

    def states(self, ids: Sequence[int]) -> Vectors:
        """Last hidden states of tokens, shape (tokens, dimension)."""
        (found,) = self._session.run([OUTPUT], {INPUT: np.array([ids], dtype=np.int64)})
        states: Vectors = found[0]
        return states


def _cores() -> int:
    """So many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
