"""What describes documents without their texts, for whatever looks at all of a library."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from rag.records import Document, Record, Source


class Described(Protocol):
    """A document, or what is known of it without its text."""

    @property
    def id(self) -> str:
        """The document's id."""

    @property
    def source(self) -> Source:
        """Where it comes from."""

    @property
    def display_title(self) -> str:
        """What it is shown as."""

    @property
    def page_count(self) -> int:
        """How many pages it has; 0 for a format without pages."""


class Head(Record):
    """What describes one document."""

    id: str
    source: Source
    display_title: str
    page_count: int

    @classmethod
    def of(cls, document: Described) -> "Head":
        """That of a document."""
        return cls(
            id=document.id,
            source=document.source,
            display_title=document.display_title,
            page_count=document.page_count,
        )


@runtime_checkable
class Kept(Protocol):
    """Documents whose texts are read one by one, when they are asked for."""

    @property
    def heads(self) -> Mapping[str, Head]:
        """What describes them, by id, in their order."""


def heads_of(documents: Mapping[str, Document]) -> Mapping[str, Described]:
    """What describes each document, by id, without reading any text that is not read yet."""
    return documents.heads if isinstance(documents, Kept) else documents
