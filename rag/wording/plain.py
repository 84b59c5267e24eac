"""Numbers, names and lists in a sentence, and text that steers no terminal."""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Literal

from rag.characters import unseen_in
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, ParallaxError
from rag.records import (
    UNLABELLED_LABEL,
    Filter,
)
from rag.wording.language import say

Noun = Literal[
    "conversation",
    "document",
    "line",
    "passage",
    "question",
    "quote",
    "row",
    "seed",
    "source",
]
"""What is counted; a message for each."""


_WORDS = re.compile("[a-z]+")

NAMES_TOLD = 5
"""So many names are listed in a line."""


LABELS_TOLD = 3
"""So many labels, or kinds, are named in a sentence about an answer, unless there is only one more.
"""


_MENDED_BY_BUILDING = (IndexMissing, IndexDamaged, IndexMismatch)


def defect() -> tuple[str, str]:
    """What is said of an error that nobody foresaw, and what to do."""
    return say("defect"), say("defect-remedy")


def shown_label(label: str) -> str:
    """A label as it is shown by itself: as people wrote it, or that there is none."""
    return say("unlabelled") if label == UNLABELLED_LABEL else label


def under(labels: Sequence[str]) -> str:
    """What a source of any of these labels is: "labelled A or B", "without a label"."""
    named = [say("label-named", label=label) for label in labels if label != UNLABELLED_LABEL]
    said = [say("labelled", labels=_any_of(named, "any-of-labels"))] if named else []
    return _chain(said + [say("without-label")] * (len(named) < len(labels)), "either")


def such(labels: Sequence[str], only: Filter) -> str:
    """What a source is that passes a filter: "labelled A, of the kind “b”, published in 2020".

    Args:
        labels: of the only perspectives; empty for all.
        only: its kinds and dates are told.
    """
    kinds = _any_of([quoted(kind) for kind in only.kinds], "any-of-kinds")
    of_the_kind = say("of-the-kind", kinds=kinds) if kinds else ""
    return ", ".join(filter(None, [under(labels), of_the_kind, _published(only)]))


def _any_of(names: Sequence[str], or_more: str) -> str:
    more = len(names) - LABELS_TOLD
    if more > 1:
        return say(or_more, named=", ".join(names[:LABELS_TOLD]), more=more)
    return _chain(names, "either")


def _published(only: Filter) -> str:
    """When a source was published that passes a filter; empty for any time."""
    since, until = only.since, only.until
    if since and since == until:
        on_a_day = since.count("-") > 1
        return say("published-on", day=since) if on_a_day else say("published-in", time=since)
    if since and until:
        return say("published-between", since=since, until=until)
    if since:
        return say("published-since", since=since)
    return say("published-up-to", until=until) if until else ""


def joined(parts: Sequence[str]) -> str:
    """A list in a sentence: "a, b and c"."""
    return _chain(parts, "listed")


def all_of(parts: Sequence[str]) -> str:
    """The same where every part counts: "a and b and c"."""
    return _chain(parts, "every")


def _chain(parts: Sequence[str], how: str) -> str:
    """A list in a sentence, made of the messages "next" and "last" of its kind."""
    if len(parts) < 2:
        return "".join(parts)
    before = reduce(lambda one, other: say(f"{how}-next", before=one, next=other), parts[:-1])
    return say(f"{how}-last", before=before, last=parts[-1])


def few(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    named, more = ", ".join(names[:NAMES_TOLD]), len(names) - NAMES_TOLD
    return say("and-more", named=named, more=more) if more > 0 else named


def quoted(words: str) -> str:
    """Words between quotation marks."""
    return say("quoted", words=words)


def on_page(error: ParallaxError) -> str:
    """What to do about an error, for somebody who has the page before them, and not a terminal."""
    return say("rebuild-remedy") if isinstance(error, _MENDED_BY_BUILDING) else error.remedy


def called(sort: str, name: str) -> str:
    """What something is called that the program knows by English words, as a stage of a build.

    There is a message for each of a sort; a name without one was given by somebody else.
    """
    try:
        return say("-".join([sort, *_WORDS.findall(name)]))
    except LookupError:
        return name


def counted(number: int, noun: Noun) -> str:
    """A number with its noun: "1 seed", "2 seeds"."""
    return say(f"counted-{noun}", number=number)


def visible(text: str, keep: Iterable[str] = "\n\t") -> str:
    """The text with control characters shown as symbols: none steers a terminal or turns words."""
    table = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
    table |= dict.fromkeys(range(128, 160), 0xFFFD)
    for character in keep:
        table.pop(ord(character), None)
    unseen = {match.start() for match in unseen_in(text)}
    seen = "".join("\ufffd" if n in unseen else each for n, each in enumerate(text))
    return seen.replace("\r\n", "\n").translate(table)
