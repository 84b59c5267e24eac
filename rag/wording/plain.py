"""Numbers, names and lists in a sentence, and text that steers no terminal."""

from collections.abc import Iterable, Sequence

from rag.characters import unseen_in
from rag.records import (
    UNLABELLED_LABEL,
)

DEFECT = (
    "The program failed at this.",
    "What happened stands in the terminal where Parallax runs; please report it as a defect.",
)


NAMES_TOLD = 5
"""So many names are listed in a line."""


LABELS_TOLD = 3
"""So many labels are named in a sentence about an answer, unless there is only one more."""


def under(labels: Sequence[str]) -> str:
    """What a source of any of these labels is: "labelled A or B", "without a label"."""
    named = [label for label in labels if label != UNLABELLED_LABEL]
    more = len(named) - LABELS_TOLD
    told = " or ".join(named)
    if more > 1:
        told = f"{', '.join(named[:LABELS_TOLD])} or any of {more} more labels"
    said = [f"labelled {told}"] if named else []
    return " or ".join(said + ["without a label"] * (len(named) < len(labels)))


def joined(parts: Sequence[str]) -> str:
    """A list in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def few(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = len(names) - NAMES_TOLD
    return ", ".join(names[:NAMES_TOLD]) + (f" and {more} more" if more > 0 else "")


def on_page(remedy: str) -> str:
    """A remedy for somebody who has the page before them, and not a terminal."""
    return remedy.replace("Run: parallax build", "Rebuild the index on the Library tab")


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 seed", "2 seeds"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def visible(text: str, keep: Iterable[str] = "\n\t") -> str:
    """The text with control characters shown as symbols: none steers a terminal or turns words."""
    table = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
    table |= dict.fromkeys(range(128, 160), 0xFFFD)
    for character in keep:
        table.pop(ord(character), None)
    unseen = {match.start() for match in unseen_in(text)}
    seen = "".join("\ufffd" if n in unseen else each for n, each in enumerate(text))
    return seen.replace("\r\n", "\n").translate(table)
