"""What every model makes of a text, whatever computes it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import TextTooLong

BATCH = 16
"""Texts between two looks at whether somebody asks: few, because a question waits meanwhile."""

Vectors = npt.NDArray[np.float32]
Spans = npt.NDArray[np.int64]
Role = Literal["document", "query"]
Precision = Literal["int8", "float32"]


class EncodedText(NamedTuple):
    """A text that was read in one forward pass, its tokens without the special ones.

    Attributes:
        vector: the unit vector of the whole, shape (dimension,).
        tokens: the unit vectors of its tokens, shape (tokens, dimension).
        spans: where each token starts and ends in the text, shape (tokens, 2).
    """

    vector: Vectors
    tokens: Vectors
    spans: Spans


class Model(Protocol):
    """What computes vectors. Threads may share it.

    Attributes:
        dimension: of its vectors.
        max_tokens: the most tokens it reads at once, special ones and a prompt's included.
        precision: of its weights and products.
    """

    dimension: int
    max_tokens: int
    precision: Precision

    def count(self, texts: Sequence[str], role: Role) -> list[int]:
        """For each text the number of tokens that the model would read."""
        ...

    def read(
        self, texts: Sequence[str], role: Role, before: Callable[[], None]
    ) -> Iterator[EncodedText]:
        """Read texts, one after another; `before` is called before each `BATCH` of them.

        Raises:
            TextTooLong: a text has more tokens than the model reads.
        """
        ...


def encoded(vector: Vectors, states: Vectors, spans: Spans, prompt: str, text: str) -> EncodedText:
    """A text from what a model put out for it and the prompt before it.

    Args:
        vector: of the whole, of any length, shape (dimension,).
        states: of all tokens, special ones and the prompt's among them, shape (all, dimension).
        spans: where these start and end in prompt and text, shape (all, 2); special ones span
            nothing.
        prompt: is part of what was read.
        text: without the prompt.
    """
    # SentencePiece and byte-level BPE count the space before a word to its first token.
    read = prompt + text
    parts = [read[start:end] for start, end in spans.tolist()]
    spans = spans.copy()
    spans[:, 0] += [len(part) - len(part.lstrip()) for part in parts]
    own = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= len(prompt))
    tokens = states[own]
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    return EncodedText(vector / np.linalg.norm(vector), tokens, spans[own] - len(prompt))


def check_length(text: str, count: int, limit: int) -> None:
    """Refuse a text of `count` tokens if the model would not read it as a whole.

    Raises:
        TextTooLong: it would not.
    """
    if count > limit:
        raise TextTooLong(
            f"a text of {count} tokens, {limit} are read at most: “{text[:60]}…”",
            "Shorten it: nothing is ever cut off silently.",
        )
