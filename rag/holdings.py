"""Which perspectives the sources of a library carry, and how many sources each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rag.heads import heads_of
from rag.records import UNLABELLED, UNLABELLED_LABEL, Document, Perspective

Labels = Mapping[str, str]
"""Id of a document -> id of its source's perspective."""


def labels_of(documents: Mapping[str, Document]) -> Labels:
    """The perspective of each document's source."""
    return {name: head.source.perspective.id for name, head in heads_of(documents).items()}


class Holding(NamedTuple):
    """How many sources of a library carry a label."""

    perspective: str
    label: str
    sources: int


def holdings(
    perspectives: Sequence[Perspective], documents: Mapping[str, Document]
) -> list[Holding]:
    """How many sources carry the label of each declared perspective.

    A row for unlabelled sources follows if the library holds any.
    """
    held = Counter(labels_of(documents).values())
    rows = [(each.id, each.label) for each in perspectives]
    if held[UNLABELLED]:
        rows.append((UNLABELLED, UNLABELLED_LABEL))
    return [Holding(key, label, held[key]) for key, label in rows]
