"""A learned judge of lines: boosted regression trees, kept as plain JSON and summed up by numpy."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rag.records import Record

Floats = npt.NDArray[np.float64]


class Tree(Record):
    """One tree. Node 0 is its root; a node without children is a leaf.

    Attributes:
        feature: for each node the name of what it asks about; empty for a leaf.
        limit: a line whose feature is at most this goes left.
        left, right: numbers of the nodes below; 0 for a leaf.
        value: of a leaf, what it adds to the log-odds; 0 for others.
    """

    feature: tuple[str, ...]
    limit: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def values(self, lines: Floats, names: Sequence[str]) -> Floats:
        """What the tree adds for each line. `lines`: (lines, features), named by `names`."""
        at = {name: column for column, name in enumerate(names)}
        asked = np.array([at.get(name, 0) for name in self.feature])
        limit, value = np.array(self.limit), np.array(self.value)
        left, right = np.array(self.left), np.array(self.right)
        inner = left > 0
        node = np.zeros(len(lines), dtype=np.intp)
        rows = np.arange(len(lines))
        while inner[node].any():
            below = np.where(lines[rows, asked[node]] <= limit[node], left[node], right[node])
            node = np.where(inner[node], below, node)
        added: Floats = value[node]
        return added


class Judge(Record):
    """Says for each line how likely it belongs to the document.

    Attributes:
        made_by: the command that makes this file again.
        bias: log-odds before any tree.
    """

    made_by: str
    bias: float
    trees: tuple[Tree, ...]

    def probabilities(self, lines: Floats, names: Sequence[str]) -> Floats:
        """For each line, the probability that it belongs to the document, 0 to 1."""
        sums = np.full(len(lines), self.bias)
        for tree in self.trees:
            sums += tree.values(lines, names)
        probabilities: Floats = 1 / (1 + np.exp(-sums))
        return probabilities


@cache
def judge(name: str) -> Judge:
    """The judge that ships with the package: "lines" of a plain text, or "blocks" of a page."""
    data = json.loads(files("rag.furniture").joinpath(f"{name}.json").read_bytes())
    return Judge.model_validate(data)


def kept(probabilities: Floats, words: Floats) -> npt.NDArray[np.bool_]:
    """Which lines to keep so that the expected F1 of the words kept is highest.

    The likeliest lines are taken as long as that raises it. So a doubtful line is kept on a page
    full of doubt, and the bar is near one half where the document is clear (Lipton, Elkan and
    Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure", 2014).

    Args:
        probabilities: for each line, that it belongs to the document.
        words: for each line, how many it has.
    """
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum((probabilities * words)[order])
    taken = np.cumsum(words[order])
    expected = 2 * right / np.maximum(taken + (probabilities * words).sum(), 1e-9)
    keep = np.zeros(len(words), dtype=np.bool_)
    if len(words):
        keep[order[: int(expected.argmax()) + 1]] = True
    return keep
