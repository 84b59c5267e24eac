"""Which lines of a page are furniture: what its elements are for, rules, and a learned judge."""

import re
from collections.abc import Sequence

import numpy as np

from rag.furniture import merged
from rag.furniture.features import LineFeatures
from rag.furniture.learned import line_features, reasons
from rag.furniture.rules import by_rules
from rag.furniture.trees import Floats, Judge, kept
from rag.readers.blocks import Block, VisibleText
from rag.readers.html_features import matrix_of
from rag.records import Furniture

SURE = 0.8
"""A line that is so likely the document's is kept, whatever a rule says."""

DECISIVE = frozenset(["bare reference", "repeats an earlier block"])
"""Reasons of rules that say nothing against a line's being the document's."""

_ELEMENTS = {
    "nav": "navigation", "select": "form field", "option": "form field", "button": "form field",
    "textarea": "form field", "footer": "foot of the page", "aside": "beside the document",
}  # fmt: skip
_ROLES = {
    "navigation": "navigation", "search": "form field", "contentinfo": "foot of the page",
    "complementary": "beside the document", "banner": "head of the page",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

MOST = 0.5
"""Elements that hold a larger share of the page's prose are its document, whatever they are."""


def page_furniture(page: VisibleText, judge: Judge) -> tuple[Furniture, ...]:
    """The lines of a page that are furniture or bare references, in order."""
    if not page.blocks:
        return ()
    lines, known = line_features([page.text[block.start : block.end] for block in page.blocks])
    matrix, names = matrix_of(page.blocks, lines)
    likely = judge.probabilities(matrix, names) if known else np.ones(len(page.blocks))
    return merged(
        _by_elements(page.blocks, lines),
        _by_rules(page, likely),
        _unlikely(page.blocks, lines, likely),
    )


def _by_elements(blocks: Sequence[Block], lines: LineFeatures) -> list[Furniture]:
    """Lines in elements that are for something else, or that a browser does not show."""
    purposes = [_purpose(block) for block in blocks]
    prose = lines.prose * lines.words
    found: list[Furniture] = []
    for purpose in sorted({each for each in purposes if each}):
        inside = np.array([each == purpose for each in purposes])
        if prose[inside].sum() <= MOST * prose.sum():
            found += [
                Furniture(start=block.start, end=block.end, reason=purpose)
                for block, each in zip(blocks, purposes, strict=True)
                if each == purpose
            ]
    return found


def _purpose(block: Block) -> str | None:
    """What the innermost telling element around a line is for; None in the document's own."""
    for element in (block.element, *block.element.iterancestors()):
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            return "not shown by a browser"
        told = _ELEMENTS.get(element.tag) or _ROLES.get(element.get("role", ""))
        in_document = element.tag in ("footer", "aside") and any(
            each.tag in ("article", "main", "blockquote") for each in element.iterancestors()
        )
        if told and not in_document:
            return told
    return None


def _by_rules(page: VisibleText, likely: Floats) -> list[Furniture]:
    starts = np.array([block.start for block in page.blocks])
    found = []
    for span in by_rules(page.text):
        line = int(np.searchsorted(starts, span.start, side="right")) - 1
        if span.kind == "reference" or span.reason in DECISIVE or likely[line] < SURE:
            found.append(span)
    return found


def _unlikely(blocks: Sequence[Block], lines: LineFeatures, likely: Floats) -> list[Furniture]:
    return [
        Furniture(
            start=block.start,
            end=block.end,
            reason="links to other pages" if block.linked > MOST else reason,
        )
        for block, keep, reason in zip(
            blocks, kept(likely, lines.words), reasons(lines), strict=True
        )
        if not keep
    ]
