"""Rows of different lengths in one array, and rows of two such arrays put together anew.

Run n of an array is `array[starts[n]:starts[n + 1]]`; `starts` has one more element than there are
runs, and begins with 0.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


def starts_of(lengths: Sequence[int] | npt.NDArray[Any]) -> Numbers:
    """Where runs of these lengths start, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def following(before: Numbers, after: Numbers) -> Numbers:
    """The starts of the runs of two arrays, the second of which is put behind the first."""
    return np.concatenate([before, before[-1] + after[1:]])


def runs(starts: Numbers, chosen: Numbers) -> tuple[Numbers, Numbers]:
    """The places of all that is in the chosen runs, in their order, and where each starts there."""
    lengths = starts[chosen + 1] - starts[chosen]
    own = starts_of(lengths)
    return np.repeat(starts[chosen] - own[:-1], lengths) + np.arange(own[-1]), own


def taken(
    before: npt.NDArray[Kind], after: npt.NDArray[Kind], places: Numbers
) -> npt.NDArray[Kind]:
    """What stands at these places if the second array is put behind the first one."""
    result = np.empty((len(places), *after.shape[1:]), dtype=after.dtype)
    old = places < len(before)
    result[old] = before[places[old]]
    result[~old] = after[places[~old] - len(before)]
    return result


def joined(
    before: npt.NDArray[Kind], after: npt.NDArray[Kind], starts: Numbers, chosen: Numbers
) -> tuple[list[npt.NDArray[Kind]], Numbers]:
    """The chosen runs of two arrays in pieces, and where each starts in all of them together.

    Pieces are views of the arrays, one for runs that follow one another, so nothing is copied.

    Args:
        before: the runs of one, one behind the other.
        after: those of the other.
        starts: of both, as `following` gives them.
        chosen: numbers of runs, in any order.
    """
    pieces = [after[:0]]
    ends = np.append(np.flatnonzero(np.diff(chosen) != 1) + 1, len(chosen))[: len(chosen)]
    first = 0
    for last in ends.tolist():
        start, end = int(starts[chosen[first]]), int(starts[chosen[last - 1] + 1])
        old = before[start:end]
        new = after[max(0, start - len(before)) : max(0, end - len(before))]
        pieces += [each for each in (old, new) if len(each)]
        first = last
    return pieces, starts_of(starts[chosen + 1] - starts[chosen])
