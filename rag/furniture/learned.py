"""What the learned judge says of the lines of a text, with a reason that a person can check."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rag import languages
from rag.furniture.features import (
    LEAST_FUNCTION_WORDS,
    LineFeatures,
    function_words,
)
from rag.furniture.trees import Judge, kept
from rag.lines import Line
from rag.records import Furniture

ENGLISH = "en"
SAME_RUN = 4
"""So many short lines one after the other are a run."""

_TABLE_ROW = re.compile(r"[|+].*[|+]")
"""A row or an edge of a table as Markdown and terminals draw it: no page has such furniture."""


class Judged(NamedTuple):
    """A line: how likely it is the document's, whether it is kept, and why it would not be."""

    start: int
    end: int
    text: str
    probability: float
    kept: bool
    reason: str

    def marked(self, reason: str) -> Furniture:
        """The line as furniture."""
        return Furniture(start=self.start, end=self.end, reason=reason)


def judged_lines(lines: Sequence[Line], judge: Judge) -> list[Judged]:
    """Each line with its probability. All are kept in a language that is not known well enough."""
    features, known = line_features([line.text for line in lines])
    if not known:
        return [Judged(line.start, line.end, line.text, 1.0, True, "") for line in lines]
    probabilities = judge.probabilities(features.matrix, features.names)
    keep = kept(probabilities, features.words)
    return [
        Judged(
            line.start,
            line.end,
            line.text,
            float(likely),
            bool(stays or _TABLE_ROW.fullmatch(line.text)),
            reason,
        )
        for line, likely, stays, reason in zip(
            lines, probabilities, keep, reasons(features), strict=True
        )
    ]


def unlikely(lines: Iterable[Judged]) -> Iterator[Furniture]:
    """The lines that are not kept, as furniture."""
    return (line.marked(line.reason) for line in lines if not line.kept)


def line_features(texts: Sequence[str]) -> tuple[LineFeatures, bool]:
    """The features of lines, and whether their language is known well enough to judge them.

    The judges learned English. Another language must show its function words as English does.
    """
    found = languages.detect("\n".join(texts))
    features = LineFeatures(texts, found if found and function_words(found) else ENGLISH)
    return features, found == ENGLISH or features.share("function") >= LEAST_FUNCTION_WORDS


def reasons(features: LineFeatures) -> Iterable[str]:
    """For each line, what most likely makes it furniture if it is."""
    columns = features.columns
    tests = {
        "copyright line": columns["copyright"] > 0,
        "stands more than once": columns["repeated"] > 1,
        "words of a site's navigation": columns["navigation"] >= 1 / 3,
        "several short things on one line": columns["separators"] >= SAME_RUN,
        "short line among short lines": columns["run"] >= SAME_RUN,
        "line above the document": columns["prose above"] == 0,
        "line below the document": columns["prose below"] == 0,
    }
    for number, prose in enumerate(features.prose):
        told = (reason for reason, holds in tests.items() if holds[number])
        if prose:
            yield "text apart from the document"
        else:
            yield next(told, "short line between other things")
