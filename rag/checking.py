"""Whether `sources.toml` fits the seeds, and what nobody has said of them yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.catalogue import FILE_NAME, Catalogue, collections_of, passage_in
from rag.holdings import holdings
from rag.reading import SeedsRead
from rag.records import UNLABELLED, Document, Notice, Record

OPTIONAL = {
    "basis": "Labels without a basis",
    "basis_quote": "Labels without a basis quote",
    "assigned_by": "Labels without the name of who assigned them",
    "assigned_on": "Labels without the day on which they were assigned",
}

KNOWN = {"published": "Sources without a date", "publisher": "Sources without a publisher"}


class Check(Record):
    """What a check found.

    Attributes:
        documents: how many were read.
        wrong: what has to be corrected.
        missing: for each thing that may be said of a source, those of which it is not; none empty.
    """

    documents: int
    wrong: tuple[Notice, ...]
    missing: dict[str, tuple[str, ...]]


def unlabelled(catalogue: Catalogue, documents: Iterable[str]) -> Sequence[str]:
    """The documents that carry no label."""
    return [each for each in documents if catalogue.source_of(each).perspective.id == UNLABELLED]


def unreviewed(catalogue: Catalogue, documents: Iterable[str]) -> Sequence[str]:
    """The entries, of documents or of collections of them, with a label that nobody reviewed."""
    present = {name for each in documents for name in (each, *collections_of(each))}
    return [
        name
        for name in catalogue.entries
        if name in present and not catalogue.source_of(name).perspective.reviewed
    ]


def checked(read: SeedsRead) -> Check:
    """Check the catalogue against the documents that were read."""
    documents = {document.id: document for document in read.documents}
    slips = (notice for notice in read.notices if notice.file == FILE_NAME)
    missing = _missing(read.catalogue, documents) | {
        "Not read, and so not checked": [notice.file for notice in read.failed]
    }
    return Check(
        documents=len(documents),
        wrong=(*slips, *_quotes_of_collections(read.catalogue, documents)),
        missing={heading: tuple(names) for heading, names in missing.items() if names},
    )


def _missing(catalogue: Catalogue, documents: Mapping[str, Document]) -> dict[str, Sequence[str]]:
    labels = {
        name: label
        for name in catalogue.entries
        if (label := catalogue.source_of(name).perspective).id != UNLABELLED
    }
    held = holdings(catalogue.perspectives, documents)
    return {
        "Sources without a label": unlabelled(catalogue, documents),
        "Labels not yet reviewed": unreviewed(catalogue, documents),
        **{
            heading: [name for name, label in labels.items() if not getattr(label, field)]
            for field, heading in OPTIONAL.items()
        },
        "Sources without a title": [
            name for name, each in documents.items() if not _titled(each, catalogue)
        ],
        **{
            heading: [name for name, each in documents.items() if not getattr(each.source, field)]
            for field, heading in KNOWN.items()
        },
        "Perspectives that no source carries": [row.label for row in held if not row.sources],
    }


def _titled(document: Document, catalogue: Catalogue) -> bool:
    """Whether somebody gave it a title: a person or the file, not the file's name."""
    entry = catalogue.entries.get(document.id)
    return bool(entry and entry.title) or "title" in document.source.from_file


def _quotes_of_collections(
    catalogue: Catalogue, documents: Mapping[str, Document]
) -> Iterator[Notice]:
    """A notice for each basis quote that no document of its collection holds."""
    for name, entry in catalogue.entries.items():
        inside = [each for id_, each in documents.items() if name in collections_of(id_)]
        quote = entry.basis_quote
        if quote and inside and not any(passage_in(each.text, quote) for each in inside):
            yield Notice(
                file=FILE_NAME,
                line=catalogue.lines[name].get("basis_quote"),
                message=f"source {name!r}: its `basis_quote` is in none of its documents",
                remedy="copy it letter for letter",
            )
