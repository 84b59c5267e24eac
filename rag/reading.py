"""From the files of the seeds folder to documents: parsed and cut in a sandbox, file by file.

Whatever a file does to its reader, the others are read: it is refused, and the reason told.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from rag import catalogue as catalogues
from rag import languages, readers
from rag.catalogue import Catalogue
from rag.errors import CatalogueError, SeedsError, SeedUnreadable
from rag.furniture.repeated import repeated
from rag.overrules import decided
from rag.parsing import (
    REMEDY,
    RENAME,
    SAME_ID,
    FileRead,
    notice_of,
    read_file,
)
from rag.progress import Progress
from rag.readers.folder import SeedFile, leads_inside, seed_files
from rag.records import Document, Furniture, Metadata, Notice, Reading, Record, Sentence
from rag.sandbox import Limits, Message, Sandbox, Stopped
from rag.settings import Settings


class FileOutcome(Record):
    """A line of a build's table: what became of one file.

    Attributes:
        how: read, carried over from the last build because nothing changed, refused as a whole, or
            passed over because it is no seed.
        documents: how many documents of it are in the library.
        reasons: why it, or parts of it, are not.
    """

    file: str
    how: Literal["read", "carried over", "refused", "passed over"]
    documents: int = 0
    reasons: tuple[str, ...] = ()


class SeedsRead(Record):
    """The folder of seeds, read."""

    catalogue: Catalogue
    files: tuple[FileRead, ...]
    documents: tuple[Document, ...]
    hashes: dict[str, str]
    outcomes: tuple[FileOutcome, ...]
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]


def read_seeds(
    settings: Settings, known: Mapping[str, FileRead], progress: Progress | None = None
) -> SeedsRead:
    """Read every file of `settings.seeds` into documents with sources, furniture and sentences.

    Args:
        settings: the folder, and how much a file may cost.
        known: what an earlier build read, by key; such files are not parsed again.
        progress: told of every file and every document.

    Raises:
        SeedsError: there is no such folder, or none of its files can be read.
        CatalogueError: sources.toml cannot be read as a whole.
    """
    seeds, passed_over = seed_files(settings.seeds)
    catalogue = catalogue_of(settings.seeds)
    with _sandbox(settings) as sandbox:
        files: list[FileRead] = []
        for number, seed in enumerate(seeds, start=1):
            most = settings.max_file_bytes
            files.append(read_file(seed, catalogue.collections, known, sandbox, most))
            if progress:
                progress("reading seeds", number, len(seeds))
        longest = settings.max_document_characters
        apart = _apart(files)
        documents, cut_failed, notices = _documents(apart, catalogue, sandbox, longest, progress)
    failed = (*(notice for each in apart for notice in each.refused), *cut_failed)
    if (seeds or passed_over) and not documents:
        reasons = "".join(f"\n  {each}" for each in failed)
        raise SeedsError(
            f"{settings.seeds}: no document in this folder can be read{reasons}",
            f"Put documents into it ({readers.FORMATS}).",
        )
    ids = {*(file.file for file in files), *(document.id for document in documents)}
    return SeedsRead(
        catalogue=catalogue,
        files=tuple(files),
        documents=tuple(documents),
        hashes={each.file: each.sha256 for each in files},
        outcomes=(*_outcomes(apart, known, cut_failed), *map(_passed_over, passed_over)),
        failed=failed,
        notices=(*passed_over, *catalogue.notices, *catalogues.orphans(catalogue, ids), *notices),
    )


class Shown(Record):
    """A document of a file that somebody wants to look at, and what the file says of itself."""

    document: Document
    metadata: Metadata

    def to_json(self) -> dict[str, Any]:
        """The public shape of it; see docs/formats.md."""
        headings = [each for each in self.document.sentences if each.kind == "heading"]
        return {
            "id": self.document.id,
            "sha256": self.document.sha256,
            "text": self.document.text,
            "furniture": [span.model_dump() for span in self.document.furniture],
            "headings": [span.model_dump(include={"start", "end"}) for span in headings],
            "pages": [page.model_dump() for page in self.document.pages],
            "metadata": self.metadata.model_dump(),
            "language": self.document.language,
            "encoding": self.document.encoding,
        }


def read_alone(path: Path, settings: Settings) -> tuple[list[Shown], list[Notice], list[Notice]]:
    """The documents of one file wherever it lies, what in it was refused, and what to note.

    A file of the seeds is read as a build would read it, with its entry in the catalogue.

    Raises:
        CatalogueError: sources.toml cannot be read as a whole.
    """
    inside = path.resolve().is_relative_to(settings.seeds.resolve())
    name = path.resolve().relative_to(settings.seeds.resolve()).as_posix() if inside else path.name
    catalogue = catalogue_of(settings.seeds) if inside else Catalogue()
    with _sandbox(settings) as sandbox:
        seed = SeedFile(id=name, path=path)
        file = read_file(seed, catalogue.collections, {}, sandbox, settings.max_file_bytes)
        longest = settings.max_document_characters
        documents, failed, notices = _documents([file], catalogue, sandbox, longest, None)
    shown = [
        Shown(document=document, metadata=file.readings[document.id].metadata)
        for document in documents
    ]
    return shown, [*file.refused, *failed], notices


def _sandbox(settings: Settings) -> Sandbox:
    return Sandbox(Limits(seconds=settings.read_seconds, memory=settings.read_megabytes << 20))


def catalogue_of(seeds: Path) -> Catalogue:
    """The catalogue of a folder of seeds.

    Raises:
        CatalogueError: it cannot be read as a whole, or is a link that leads out of the folder.
    """
    path = seeds / catalogues.FILE_NAME
    if not leads_inside(path, seeds):
        raise CatalogueError(
            f"{path}: a link that leads out of the seeds", "Put the file itself there."
        )
    return catalogues.read_catalogue(path)


def document_of(
    document_id: str,
    sha256: str,
    reading: Reading,
    catalogue: Catalogue,
    sandbox: Sandbox,
    shared: Collection[str],
) -> tuple[Document, tuple[Notice, ...]]:
    """A document with its source, furniture and sentences, and what a person should know of it.

    Args:
        document_id: of the document.
        sha256: of its file.
        reading: what its reader found.
        catalogue: says where it comes from, and overrules furniture.
        sandbox: where its text is looked at.
        shared: keys of the lines that stand in several documents of the library.

    Raises:
        SeedUnreadable: its text defeats the rules that find them.
    """
    whole = Document(
        id=document_id,
        text=reading.text,
        sha256=sha256,
        encoding=reading.encoding,
        pages=reading.pages,
    )
    whole, of_source = catalogues.described(whole, catalogue, reading.metadata)
    structure = [span.model_dump() for span in reading.furniture]
    lines = [key for key in reading.line_keys if key in shared]
    told = _told(
        sandbox, "furniture", whole, structure=structure, judged=reading.judged, repeated=lines
    )
    found = [Furniture(**each) for each in told["furniture"]]
    furniture, of_lines = decided(whole, found, catalogue)
    source = whole.source
    stated = languages.primary(source.language)
    told = _told(
        sandbox,
        "sentences",
        whole,
        furniture=[span.model_dump() for span in furniture],
        headings=[span.model_dump() for span in reading.headings],
        # What a page says of its language is often that of the site around it.
        language=None if "language" in source.from_file else stated,
    )
    sentences = tuple(Sentence(**each) for each in told["sentences"])
    language = told["language"] or stated
    update = {"furniture": furniture, "sentences": sentences, "language": language}
    return whole.model_copy(update=update), (*reading.notices, *of_source, *of_lines)


def _told(sandbox: Sandbox, what: str, document: Document, **task: object) -> Message:
    try:
        asked = {"do": what, "name": document.id} | task
        (answer,) = sandbox.run(asked, document.text.encode())
        if "refused" in answer:
            raise Stopped(answer["refused"]["message"])
        if "stopped" in answer:
            raise Stopped(answer["why"])
    except Stopped as error:
        message = f"{document.id}: cannot be cut into sentences: {error}"
        raise SeedUnreadable(message, REMEDY) from error
    return answer


def _documents(
    files: Sequence[FileRead],
    catalogue: Catalogue,
    sandbox: Sandbox,
    longest: int,
    progress: Progress | None,
) -> tuple[list[Document], list[Notice], list[Notice]]:
    """All documents, those that could not be cut, and what else a person should know."""
    read = [(file, each, reading) for file in files for each, reading in file.readings.items()]
    shared = repeated(reading.line_keys for _, _, reading in read)
    documents: list[Document] = []
    failed: list[Notice] = []
    notices: list[Notice] = []
    for number, (file, document_id, reading) in enumerate(read, start=1):
        try:
            _check_length(document_id, reading, longest)
            document, more = document_of(
                document_id, file.sha256, reading, catalogue, sandbox, shared
            )
        except SeedUnreadable as error:
            message = error.message.removeprefix(f"{document_id}: ")
            failed.append(notice_of(document_id, message, error.remedy))
        else:
            documents.append(document)
            notices += more
        if progress:
            progress("telling documents from furniture", number, len(read))
    return documents, failed, notices


def _check_length(document_id: str, reading: Reading, longest: int) -> None:
    if len(reading.text) > longest:
        raise SeedUnreadable(
            f"{document_id}: its text has {len(reading.text):,} characters; {longest:,} are the"
            " most",
            "Split it, or allow more with PARALLAX_MAX_DOCUMENT_CHARACTERS.",
        )


def _outcomes(
    files: Sequence[FileRead], known: Mapping[str, FileRead], cut_failed: Sequence[Notice]
) -> Iterator[FileOutcome]:
    lost = {notice.file: notice for notice in cut_failed}
    for file in files:
        refused = [*file.refused, *(lost[each] for each in file.readings if each in lost)]
        count = sum(each not in lost for each in file.readings)
        how: Literal["read", "carried over", "refused"]
        if refused and not count:
            how = "refused"
        else:
            how = "carried over" if file.key in known else "read"
        reasons = tuple(map(str, refused))
        yield FileOutcome(file=file.file, how=how, documents=count, reasons=reasons)


def _passed_over(notice: Notice) -> FileOutcome:
    return FileOutcome(file=notice.file, how="passed over", reasons=(notice.message,))


def _apart(files: Iterable[FileRead]) -> list[FileRead]:
    """The files, each without the documents whose id a document of an earlier file has."""
    seen: set[str] = set()
    apart: list[FileRead] = []
    for file in files:
        doubles = seen & file.readings.keys()
        seen |= file.readings.keys()
        refused = [notice_of(each, SAME_ID, RENAME) for each in sorted(doubles)]
        readings = {name: each for name, each in file.readings.items() if name not in doubles}
        update = {"readings": readings, "refused": (*file.refused, *refused)}
        apart.append(file.model_copy(update=update) if doubles else file)
    return apart
