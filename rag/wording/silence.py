"""Why a library does not answer, and what a reader can do."""

from collections.abc import Sequence

from rag.records import (
    EVERYTHING,
    Cause,
    Filter,
)
from rag.wording.language import say
from rag.wording.plain import all_of, few, quoted, such, under

_BY_WORDS: tuple[Cause, ...] = ("near", "nothing-near")


def lacking_message(labels: Sequence[str]) -> str:
    """That the library has no source with any of these labels."""
    return say("silence-gap", such=under(labels))


def silence(
    cause: Cause,
    phrases: Sequence[str],
    labels: Sequence[str],
    titles: Sequence[str],
    only: Filter = EVERYTHING,
    absent: Sequence[str] = (),
) -> tuple[str, str]:
    """Why there is no answer, and what the reader can do.

    Args:
        cause: see `Abstention`.
        phrases: the exact words that were asked for.
        labels: of the only sources that were heard; empty for all.
        titles: of the only documents that were heard; empty for all.
        only: the filter, of which kinds and dates are told beside those names.
        absent: words of the question that stand nowhere in the library; told where its words are
            what the reader can change.
    """
    message = "silence-none-passes" if cause == "gap" and titles else f"silence-{cause}"
    told = such(labels, only)
    exact = all_of([*map(quoted, phrases)])
    said = say(message, where=_sources(told, titles), phrases=exact, such=told)
    remedy = say(f"{message}-remedy")
    if absent and cause in _BY_WORDS:
        words = few([*map(quoted, absent)])
        remedy = f"{say('silence-absent', words=words)} {remedy}"
    return said, remedy


def _sources(told: str, titles: Sequence[str]) -> str:
    if titles:
        named = few([*map(quoted, titles)])
        return say("where-titles", sources=len(titles), titles=named)
    return say("where-sources", such=told) if told else say("where-library")
