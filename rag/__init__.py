"""Parallax: ask a folder of documents that disagree; every word of an answer is a cited quote.

>>> from rag import Library
>>> answer = Library.open("index").ask("Who signed the ceasefire?")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answering import Library
    from rag.errors import ParallaxError
    from rag.records import Answer
    from rag.settings import Settings

__all__ = ["Answer", "Library", "ParallaxError", "Settings"]

_HOMES = {
    "Answer": "rag.records",
    "Library": "rag.answering",
    "ParallaxError": "rag.errors",
    "Settings": "rag.settings",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import a public name when it is first asked for, so that `parallax --help` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
