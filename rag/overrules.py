"""Where a person overrules the marks of furniture: lines to keep, and lines to leave out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rag.catalogue import FILE_NAME, Catalogue
from rag.entries import HASH_SHOWN, LineRange
from rag.records import Document, Furniture, Notice

LEFT_OUT = "left out by the owner of the library"

Run = tuple[int, int]
"""Start and end of a run of a text."""


def line_ends(text: str) -> list[int]:
    """Where each line of a text ends, by its number: 0 comes first, as no line has that number."""
    ends = [0]
    for line in text.splitlines(keepends=True):
        ends.append(ends[-1] + len(line))
    return ends


def lines_at(ends: Sequence[int], start: int, end: int) -> LineRange:
    """The first and the last of the lines that a run of a text touches."""
    return bisect_right(ends, start), bisect_right(ends, end - 1)


def with_lines(ranges: Iterable[LineRange], more: LineRange) -> tuple[LineRange, ...]:
    """The ranges and these lines; what touches is one range."""
    joined: list[LineRange] = []
    for first, last in sorted([*ranges, more]):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def without_lines(ranges: Iterable[LineRange], less: LineRange) -> tuple[LineRange, ...]:
    """The ranges without these lines."""
    sides = [
        side
        for first, last in ranges
        for side in ((first, min(last, less[0] - 1)), (max(first, less[1] + 1), last))
    ]
    return tuple(dict.fromkeys(side for side in sides if side[0] <= side[1]))


def decided(
    document: Document, furniture: Sequence[Furniture], catalogue: Catalogue
) -> tuple[tuple[Furniture, ...], tuple[Notice, ...]]:
    """The furniture of a document after its own entry in the catalogue was heard.

    An entry for a whole collection names no lines: those would be of one document. Lines that were
    numbered in another state of the file are not heard: they might be others by now.
    """
    entry = catalogue.entries.get(document.id)
    if entry is None or not (entry.keep or entry.drop):
        return tuple(furniture), ()
    if not document.sha256.startswith(entry.lines_checked_for or ""):
        return tuple(furniture), (_outdated(document, catalogue),)
    lines = len(document.text.splitlines())
    notices = tuple(
        Notice(
            file=FILE_NAME,
            line=catalogue.lines[document.id].get(key),
            message=f"source {document.id!r}: `{key}` names line {last}, and the document has"
            f" {lines}",
            remedy="correct the number",
        )
        for key, ranges in (("keep", entry.keep), ("drop", entry.drop))
        for _, last in ranges
        if last > lines
    )
    return overruled(document.text, furniture, entry.keep, entry.drop), notices


def _outdated(document: Document, catalogue: Catalogue) -> Notice:
    return Notice(
        file=FILE_NAME,
        line=catalogue.lines[document.id].get("lines_checked_for"),
        message=f"source {document.id!r}: its file has changed since `keep` and `drop` were"
        " written, so they are left out",
        remedy=f"look at its lines with parallax read, correct the numbers, and write"
        f' lines_checked_for = "{document.sha256[:HASH_SHOWN]}"',
    )


def overruled(
    text: str,
    furniture: Iterable[Furniture],
    keep: Sequence[LineRange],
    drop: Sequence[LineRange],
) -> tuple[Furniture, ...]:
    """Furniture without the lines to keep, and with those to drop; a line in both is kept.

    Lines are those of `str.splitlines`. No span begins or ends with white space.
    """
    if not keep and not drop:
        return tuple(furniture)
    ends = line_ends(text)
    kept = _lines(keep, len(ends) - 1)
    dropped = _lines(drop, len(ends) - 1) - kept
    decided_here = list(_runs(kept | dropped, ends))
    spans = [
        span.model_copy(update={"start": start, "end": end})
        for span in furniture
        for start, end in _outside(text, (span.start, span.end), decided_here)
    ]
    for start, end in _runs(dropped, ends):
        for left, right in _outside(text, (start, end), []):
            spans.append(Furniture(start=left, end=right, reason=LEFT_OUT))
    return tuple(sorted(spans, key=lambda span: span.start))


def _lines(ranges: Iterable[LineRange], count: int) -> set[int]:
    return {line for first, last in ranges for line in range(first, min(last, count) + 1)}


def _runs(lines: Iterable[int], ends: Sequence[int]) -> Iterator[Run]:
    """Neighbouring lines together; `ends[n]` is where line n ends."""
    first = before = 0
    for line in sorted(lines):
        if before and line > before + 1:
            yield ends[first - 1], ends[before]
        if not before or line > before + 1:
            first = line
        before = line
    if before:
        yield ends[first - 1], ends[before]


def _outside(text: str, run: Run, holes: Sequence[Run]) -> Iterator[Run]:
    """What is left of a run without the holes, which are in order, and without space around."""
    start, end = run
    inside = [(max(left, start), min(right, end)) for left, right in holes]
    inside = [(left, right) for left, right in inside if left < right]
    edges = [start, *(edge for hole in inside for edge in hole), end]
    for left, right in list(pairwise(edges))[::2]:
        part = text[left:right]
        if part.strip():
            yield left + len(part) - len(part.lstrip()), right - len(part) + len(part.rstrip())
