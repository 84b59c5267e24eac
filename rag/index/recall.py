"""How a generation finds its nearest passages, and how many of them."""

from typing import Literal

from rag.records import Record

Kind = Literal["exact", "ivf"]


class Recall(Record):
    """What share of the 50 nearest passages a search finds, as measured when it was built.

    Attributes:
        kind: of the index.
        cells: how many the passages are divided among; 0 if the search is exact.
        probed: how many of the cells a question looks through; 0 if exact.
        share: the mean over the sampled queries.
        queries: how many were sampled; 0 if exact.
    """

    kind: Kind
    cells: int = 0
    probed: int = 0
    share: float = 1.0
    queries: int = 0
