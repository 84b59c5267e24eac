"""From the files of the seeds folder to documents: parsed and cut in a sandbox, file by file.

Whatever a file does to its reader, the others are read: it is refused, and the reason told.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from rag import catalogue as catalogues
from rag import languages, readers
from rag.catalogue import Catalogue
from rag.errors import CatalogueError, SeedsError, SeedUnreadable
from rag.furniture.repeated import LineKeys, repeated
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


class Fresh(NamedTuple):
    """A document that was made in this reading.

    Attributes:
        key: of all that it depends on; empty if it may be another one next time for more than that.
        notices: what a person should know of it.
    """

    document: Document
    key: str
    notices: tuple[Notice, ...]

    @property
    def id(self) -> str:
        """The document's id."""
        return self.document.id


class Carried(NamedTuple):
    """A document that an earlier build made of the same, and that need not be made again.

    Attributes:
        number: of the document in that build.
        notices: what a person should know of it.
    """

    id: str
    number: int
    notices: tuple[Notice, ...]


class Known(NamedTuple):
    """What an earlier build found, each by its key."""

    files: Mapping[str, FileRead] = {}
    documents: Mapping[str, Carried] = {}


NOTHING = Known()


@dataclass(frozen=True)
class SeedsRead:
    """The folder of seeds, read.

    Attributes:
        found: its documents, in order.
        hashes: file -> SHA-256 of its bytes.
        outcomes: what became of each file.
        failed: what could not be read.
        notices: all else that a person should know.
    """

    catalogue: Catalogue
    files: tuple[FileRead, ...]
    found: tuple[Fresh | Carried, ...]
    hashes: dict[str, str]
    outcomes: tuple[FileOutcome, ...]
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]

    @property
    def fresh(self) -> list[Fresh]:
        """Those of its documents that were made in this reading."""
        return [each for each in self.found if isinstance(each, Fresh)]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The same; all of the library, where nothing was known before."""
        return tuple(each.document for each in self.fresh)


def read_seeds(
    settings: Settings, known: Known = NOTHING, progress: Progress | None = None
) -> SeedsRead:
    """Read every file of `settings.seeds` into documents with sources, furniture and sentences.

    Args:
        settings: the folder, and how much a file may cost.
        known: what an earlier build found; such files and documents are not made again.
        progress: told of every file and every document.

    Raises:
        SeedsError: there is no such folder, or none of its files can be read.
        CatalogueError: sources.toml cannot be read as a whole.
    """
    with _sandbox(settings) as sandbox:  # it starts while the folder is looked through
        seeds, passed_over = seed_files(settings.seeds)
        catalogue = catalogue_of(settings.seeds)
        files: list[FileRead] = []
        for number, seed in enumerate(seeds, start=1):
            most = settings.max_file_bytes
            files.append(read_file(seed, catalogue.collections, known.files, sandbox, most))
            if progress:
                progress("reading seeds", number, len(seeds))
        apart = _apart(files)
        work = _Work(catalogue, sandbox, settings.max_document_characters, known.documents)
        found, cut_failed = _documents(apart, work, progress)
    failed = (*(notice for each in apart for notice in each.refused), *cut_failed)
    if (seeds or passed_over) and not found:
        reasons = "".join(f"\n  {each}" for each in failed)
        raise SeedsError(
            f"{settings.seeds}: no document in this folder can be read{reasons}",
            f"Put documents into it ({readers.FORMATS}).",
        )
    ids = {*(file.file for file in files), *(each.id for each in found)}
    notices = (notice for each in found for notice in each.notices)
    return SeedsRead(
        catalogue=catalogue,
        files=tuple(files),
        found=tuple(found),
        hashes={each.file: each.sha256 for each in files},
        outcomes=(*_outcomes(apart, known.files, cut_failed), *map(_passed_over, passed_over)),
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
        work = _Work(catalogue, sandbox, settings.max_document_characters, {})
        found, failed = _documents([file], work, None)
    fresh = [each for each in found if isinstance(each, Fresh)]
    shown = [
        Shown(document=each.document, metadata=file.readings[each.id].metadata) for each in fresh
    ]
    return shown, [*file.refused, *failed], [notice for each in fresh for notice in each.notices]


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


class _Work(NamedTuple):
    """What documents are made with.

    Attributes:
        catalogue: says where they come from, and overrules furniture.
        sandbox: where their texts are looked at.
        longest: the most characters that a text may have.
        known: documents that need not be made again, by key.
    """

    catalogue: Catalogue
    sandbox: Sandbox
    longest: int
    known: Mapping[str, Carried]


def _found(file: FileRead, document_id: str, work: _Work, shared: LineKeys) -> Fresh | Carried:
    """A document, made again or not.

    Args:
        file: that it is in.
        document_id: of the document.
        work: what it is made with.
        shared: keys of those of its lines that stand in several documents of the library.

    Raises:
        SeedUnreadable: its text defeats the rules that find furniture and sentences.
    """
    said = work.catalogue.told_of(document_id)
    told = json.dumps([file.key, document_id, said, work.longest, shared.tolist()])
    key = hashlib.sha256(told.encode()).hexdigest()
    if key in work.known:
        return work.known[key]
    reading = file.readings[document_id]
    _check_length(document_id, reading, work.longest)
    document, notices = _made(document_id, file.sha256, reading, work, shared)
    # A notice of the catalogue names a line there, which changes with what is written above it.
    lasting = file.final and not notices
    return Fresh(document, key if lasting else "", (*reading.notices, *notices))


def _made(
    document_id: str, sha256: str, reading: Reading, work: _Work, shared: LineKeys
) -> tuple[Document, tuple[Notice, ...]]:
    """A document with its source, furniture and sentences, and what is wrong in the catalogue."""
    catalogue, sandbox = work.catalogue, work.sandbox
    whole = Document(
        id=document_id,
        text=reading.text,
        sha256=sha256,
        encoding=reading.encoding,
        pages=reading.pages,
    )
    whole, of_source = catalogues.described(whole, catalogue, reading.metadata)
    structure = [span.model_dump() for span in reading.furniture]
    lines = shared.tolist()
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
    return whole.model_copy(update=update), (*of_source, *of_lines)


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
    files: Sequence[FileRead], work: _Work, progress: Progress | None
) -> tuple[list[Fresh | Carried], list[Notice]]:
    """All documents, and why some could not be cut."""
    read = [(file, name, keys) for file in files for name, keys in file.lines.items()]
    shared = repeated(keys for _, _, keys in read)
    found: list[Fresh | Carried] = []
    failed: list[Notice] = []
    for number, (file, name, keys) in enumerate(read, start=1):
        try:
            found.append(_found(file, name, work, keys[_among(keys, shared)]))
        except SeedUnreadable as error:
            message = error.message.removeprefix(f"{name}: ")
            failed.append(notice_of(name, message, error.remedy))
        if progress:
            progress("telling documents from furniture", number, len(read))
    return found, failed


def _among(keys: LineKeys, rising: LineKeys) -> npt.NDArray[np.bool_]:
    """Which of some keys are among others; `np.isin` would sort these each time."""
    among = np.zeros(len(keys), dtype=np.bool_)
    places = np.searchsorted(rising, keys)
    inside = places < len(rising)
    among[inside] = rising[places[inside]] == keys[inside]
    return among


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
        refused = [*file.refused, *(lost[each] for each in file.lines if each in lost)]
        count = sum(each not in lost for each in file.lines)
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
    """The files, each without the lines of documents whose id one of an earlier file has."""
    seen: set[str] = set()
    apart: list[FileRead] = []
    for file in files:
        doubles = {name for name in file.lines if name in seen}
        seen.update(file.lines)
        refused = [notice_of(each, SAME_ID, RENAME) for each in sorted(doubles)]
        lines = {name: each for name, each in file.lines.items() if name not in doubles}
        apart.append(replace(file, lines=lines, refused=(*file.refused, *refused)))
    return apart
