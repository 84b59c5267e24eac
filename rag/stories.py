"""Which documents are one story: near duplicates, as rag/duplicates.py found them at build time."""

from collections.abc import Mapping
from types import MappingProxyType

from rag.records import Duplicates

Stories = Mapping[str, Duplicates]
"""Id of a document -> its group of near duplicates. Most documents are in none."""

NO_STORIES: Stories = MappingProxyType({})


def story_of(document: str, stories: Stories) -> str:
    """The id of the first document of a document's group, or its own."""
    return stories[document].documents[0] if document in stories else document
