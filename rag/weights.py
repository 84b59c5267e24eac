"""What was learned on judged collections: `weights.json`, made by benchmarks/learn_weights.py."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rag.records import Record


class Linear(Record):
    """A weighted sum of named signals.

    Attributes:
        weights: signal -> its weight.
        bias: added to the sum.
    """

    weights: dict[str, float]
    bias: float = 0.0

    def __call__(
        self, names: Sequence[str], signals: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """The sums for signals of these names, shape (…, names) -> (…,).

        Raises:
            ValueError: the names are not those that were learned, in their order.
        """
        if list(names) != list(self.weights):
            raise ValueError(f"weights for {list(self.weights)}, signals {list(names)}")
        sums: npt.NDArray[np.float64] = signals @ np.array(list(self.weights.values())) + self.bias
        return sums


class Weights(Record):
    """All learned numbers.

    Attributes:
        made_by: the command that makes this file again.
        passage: the score that passages are ranked by.
        sentence: log-odds that a sentence answers the question.
        match: log-odds that the library answers it.
        relevance: log-odds that a passage bears on the question.
        hear_at: relevance below which nothing is quoted for the sake of its perspective.
        near_at: match below which nothing in the library comes near the question.
        answer_at: match below which the library abstains.
        cite_at: evidence, as a share of the best sentence's, that a quote has at least.
    """

    made_by: str
    passage: Linear
    sentence: Linear
    match: Linear
    relevance: Linear
    hear_at: float
    near_at: float
    answer_at: float
    cite_at: float


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    return Weights.model_validate_json(files("rag").joinpath("weights.json").read_bytes())
