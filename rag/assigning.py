"""What a person says of a source's label, turned into what `sources.toml` may hold."""

import re
from collections.abc import Iterable, Sequence

from rag.catalogue import passage_in
from rag.records import UNLABELLED, Perspective


def perspective_called(label: str, description: str, known: Sequence[Perspective]) -> Perspective:
    """The declared perspective of that label, or a new one with an id that none has."""
    for each in known:
        if each.label == label:
            return each
    taken = {UNLABELLED, *(each.id for each in known)}
    plain = re.sub(r"[\W_]+", "-", label.casefold()).strip("-") or "perspective"
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    id_ = next(each for each in (plain, *numbered) if each not in taken)
    return Perspective(id=id_, label=label, description=description)


def quote_in(texts: Iterable[str], told: str) -> str | None:
    """The words as the first of the texts that holds them has them, in one line; None if none."""
    found = (passage_in(text, told) for text in texts)
    quote = next(filter(None, found), None)
    return " ".join(quote.split()) if quote else None
