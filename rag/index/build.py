"""From the seeds folder to a new current generation, and what changed in the seeds since.

A seed that cannot be read is reported, and the rest goes on; an interrupted build leaves the
index as it was.
"""

from collections.abc import Sequence
from pathlib import Path

from rag import catalogue as catalogues
from rag.catalogue import Catalogue
from rag.encoder import EncodedTexts, Encoder, Progress
from rag.errors import CatalogueError, SeedsError, SeedUnreadable
from rag.furniture import furniture_of
from rag.index import generation as generations
from rag.index import texts as text_store
from rag.index.generation import Manifest, Stores
from rag.index.texts import Texts
from rag.passages import passages_of, sentences_of
from rag.readers.folder import SeedFile, file_hash, leads_inside, read_seed, seed_files
from rag.records import Document, Notice, Passage, Record
from rag.settings import Settings


class Changes(Record):
    """Seeds that differ between two moments, by file name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


class Staleness(Record):
    """In what an index is older than what it would be built from now.

    Attributes:
        seeds: the files that differ.
        catalogue: whether sources.toml does.
        settings: whether a setting does that decides what an index holds.
    """

    seeds: Changes
    catalogue: bool
    settings: bool


class BuildReport(Record):
    """What a build did.

    Attributes:
        changes: against the generation that was current before.
        failed: seeds that could not be read, with the reason.
        notices: all else that a person should know.
    """

    generation: str
    documents: int
    passages: int
    changes: Changes
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]


class _Read(Record):
    """The seeds folder, read."""

    catalogue: Catalogue
    documents: tuple[Document, ...]
    hashes: dict[str, str]
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]


def build(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> BuildReport:
    """Build a generation from `settings.seeds` and make it current in `settings.index`.

    Raises:
        SeedsError: the folder is missing, or there is nothing in it to quote from.
        CatalogueError: sources.toml cannot be read as a whole.
        IndexBusy: another build is writing this index.
    """
    with generations.writing(settings.index):
        read = _read(settings.seeds, progress)
        documents, passages = _cut(read.documents, settings, encoder)
        if not passages:
            raise SeedsError(
                f"{settings.seeds}: no sentence to quote in any of {len(documents)} documents",
                "Put .txt or .md files with text into it.",
            )
        words = read.catalogue.perspectives, read.catalogue.questions
        texts = Texts.of(documents, passages, *words)
        encoded = encoder.encode_documents([p.text for p in passages], progress)
        before = generations.current_manifest(settings.index)
        manifest = _commit(settings, encoder, read, texts, encoded)
    return BuildReport(
        generation=manifest.id,
        documents=len(documents),
        passages=len(passages),
        changes=_compare(_readable(before) if before else {}, _readable(manifest)),
        failed=read.failed,
        notices=(*read.notices, *_without_passages(documents, passages)),
    )


def _commit(
    settings: Settings, encoder: Encoder, read: "_Read", texts: Texts, encoded: EncodedTexts
) -> Manifest:
    built = generations.now()
    manifest = Manifest(
        format=generations.FORMAT,
        id=generations.new_id(built),
        model=encoder.info,
        settings_hash=settings.build_hash,
        stem_language=settings.stem_language,
        seeds=read.hashes,
        refused=tuple(notice.file for notice in read.failed),
        catalogue=read.catalogue.sha256,
        documents=len(texts.documents),
        passages=len(texts.passages),
        built=built,
    )

    def write(folder: Path) -> None:
        text_store.save(texts, folder)
        Stores.of(texts, encoded, settings.stem_language).save(folder)

    return generations.commit(settings.index, manifest, write)


def _readable(manifest: Manifest) -> dict[str, str]:
    return {name: value for name, value in manifest.seeds.items() if name not in manifest.refused}


def staleness(manifest: Manifest, settings: Settings) -> Staleness:
    """How seeds and settings differ from what a generation was built from.

    Raises:
        SeedsError: there is no such folder of seeds.
    """
    files, _ = seed_files(settings.seeds)
    return Staleness(
        seeds=_compare(manifest.seeds, {seed.id: file_hash(seed.path) for seed in files}),
        catalogue=file_hash(settings.seeds / catalogues.FILE_NAME) != manifest.catalogue,
        settings=settings.build_hash != manifest.settings_hash,
    )


def _compare(before: dict[str, str], after: dict[str, str]) -> Changes:
    both = sorted(before.keys() & after.keys())
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(name for name in both if before[name] != after[name]),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def _read(seeds: Path, progress: Progress | None) -> _Read:
    files, notices = seed_files(seeds)
    if not leads_inside(seeds / catalogues.FILE_NAME, seeds):
        raise CatalogueError(
            f"{seeds / catalogues.FILE_NAME}: a link that leads out of the seeds",
            "Put the file itself there.",
        )
    catalogue = catalogues.read_catalogue(seeds / catalogues.FILE_NAME)
    notices += [*catalogue.notices, *catalogues.orphans(catalogue, {file.id for file in files})]
    documents: list[Document] = []
    failed: list[Notice] = []
    hashes: dict[str, str] = {}
    for number, file in enumerate(files, start=1):
        try:
            document, more = _read_one(file, catalogue)
        except SeedUnreadable as error:
            hashes[file.id] = file_hash(file.path)
            message = error.message.removeprefix(f"{file.id}: ")
            failed.append(Notice(file=file.id, message=message, remedy=error.remedy))
        else:
            hashes[file.id] = document.sha256
            documents.append(document)
            notices += more
        if progress:
            progress("reading seeds", number, len(files))
    if not documents:
        reasons = "".join(f"\n  {each}" for each in failed)
        raise SeedsError(
            f"{seeds}: no document in this folder can be read{reasons}",
            "Put .txt or .md files into it.",
        )
    return _Read(
        catalogue=catalogue,
        documents=tuple(documents),
        hashes=hashes,
        failed=tuple(failed),
        notices=tuple(notices),
    )


def _read_one(file: SeedFile, catalogue: Catalogue) -> tuple[Document, tuple[Notice, ...]]:
    document, read_notices = read_seed(file)
    document, notices = catalogues.described(document, catalogue)
    furniture = furniture_of(document.text)
    sentences = sentences_of(document.text, furniture, document.source.language)
    update = {"furniture": furniture, "sentences": sentences}
    return document.model_copy(update=update), (*read_notices, *notices)


def _cut(
    documents: Sequence[Document], settings: Settings, encoder: Encoder
) -> tuple[list[Document], list[Passage]]:
    """All passages, numbered through, and the documents with the sentences these are made of."""
    cut: list[Document] = []
    passages: list[Passage] = []
    for document in documents:
        sentences, more = passages_of(
            document,
            words=settings.passage_words,
            limit=encoder.info.max_tokens,
            count_tokens=encoder.count_tokens,
            first_number=len(passages),
        )
        cut.append(document.model_copy(update={"sentences": sentences}))
        passages += more
    return cut, passages


def _without_passages(documents: Sequence[Document], passages: Sequence[Passage]) -> list[Notice]:
    heard = {passage.document for passage in passages}
    return [
        Notice(file=document.id, message="no sentence in it can be quoted")
        for document in documents
        if document.id not in heard
    ]
