"""Why a library does not answer, and what a reader can do."""

from collections.abc import Sequence

from rag.records import (
    Cause,
)
from rag.wording.plain import few, under

NEAREST_HEADING = "Nearest in this library, not an answer to the question:"


SILENCE: dict[Cause, tuple[str, str]] = {
    "empty": (
        "This library is empty.",
        "Put documents into the folder of seeds, and rebuild the index.",
    ),
    "gap": (
        "This library holds no source {labels}.",
        "Add such a source and rebuild the index, or ask without the filter.",
    ),
    "filter": (
        "Nothing in {where} answers this question; other sources of this library do.",
        "Take the filter off to read them.",
    ),
    "left-out": (
        "Only what is left out of answers (menus, teasers, bare references) holds these words.",
        "Look at what was left out of each source; sources.toml can keep a line of it.",
    ),
    "near": (
        "Passages of {where} come near this question, but none of them answers it.",
        "Read the nearest ones, or ask in words that the sources would use.",
    ),
    "nothing-near": (
        "Nothing in {where} comes near this question.",
        "Ask in other words, or add a source about it and rebuild the index.",
    ),
    "phrase": (
        "No sentence of {where} holds the exact words {phrases}.",
        "Take the quotation marks off to look for the words in any order and form.",
    ),
}
"""Message and remedy of each cause of silence."""


def lacking_message(labels: Sequence[str]) -> str:
    """That the library has no source with any of these labels."""
    return SILENCE["gap"][0].format(labels=under(labels))


def silence(
    cause: Cause, phrases: Sequence[str], labels: Sequence[str], titles: Sequence[str]
) -> tuple[str, str]:
    """Why there is no answer, and what the reader can do.

    Args:
        cause: see `Abstention`.
        phrases: the exact words that were asked for.
        labels: of the only sources that were heard; empty for all.
        titles: of the only documents that were heard; empty for all.
    """
    message, remedy = SILENCE[cause]
    told = " and ".join(f"“{phrase}”" for phrase in phrases)
    where = _sources(labels, titles)
    return message.format(where=where, phrases=told, labels=under(labels)), remedy


def _sources(labels: Sequence[str], titles: Sequence[str]) -> str:
    if titles:
        return f"the source {few([f'“{title}”' for title in titles])}"
    return f"the sources {under(labels)}" if labels else "this library"
