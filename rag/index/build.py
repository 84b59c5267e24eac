"""From the seeds folder to a new current generation.

A seed that cannot be read is reported, and the rest goes on; an interrupted build leaves the
index as it was.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from rag.duplicates import duplicates_of
from rag.encoder import EncodedTexts, Encoder
from rag.errors import ParallaxError, SeedsError
from rag.index import log
from rag.index import manifest as manifests
from rag.index import readings as reading_store
from rag.index import texts as text_store
from rag.index.changes import Changes
from rag.index.generation import Stores
from rag.index.keeping import commit
from rag.index.lock import writing
from rag.index.log import LoggedBuild, Names
from rag.index.manifest import Manifest, current_manifest, new_id, now
from rag.index.texts import Texts
from rag.passages import passages_of
from rag.progress import Progress
from rag.readers import FORMATS
from rag.reading import FileOutcome, SeedsRead, read_seeds
from rag.records import Document, Duplicates, Notice, Passage, Record
from rag.settings import Settings


class BuildReport(Record):
    """What a build did.

    Attributes:
        changes: against the generation that was current before.
        duplicates: the groups of documents that are near duplicates.
        files: every file that was found among the seeds, and what became of it.
        failed: seeds, or parts of them, that could not be read, with the reason.
        notices: all else that a person should know.
    """

    generation: str
    documents: int
    passages: int
    changes: Changes
    duplicates: tuple[Duplicates, ...] = ()
    files: tuple[FileOutcome, ...]
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]


def build(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> BuildReport:
    """Build a generation from `settings.seeds` and make it current in `settings.index`.

    A folder without any document makes an empty library, but never in the place of one that holds
    some: whoever empties the folder by a slip keeps what was built. The log tells of every build.

    Raises:
        SeedsError: the folder is missing, or there is nothing in it to quote from.
        CatalogueError: sources.toml cannot be read as a whole.
        IndexBusy: another build is writing this index.
    """
    with writing(settings.index):
        return _logged(settings.index, lambda: _built(settings, encoder, progress))


def _logged(index: Path, build: Callable[[], BuildReport]) -> BuildReport:
    """Build, and write into the log what came of it."""
    begun, started = now(), monotonic()
    told: dict[str, object] = {"error": "it was interrupted"}
    try:
        report = build()
        told = _of_log(report)
        return report
    except Exception as error:
        known = isinstance(error, ParallaxError) and error.message
        told = {"error": known or type(error).__name__}
        raise
    finally:
        seconds = round(monotonic() - started, 1)
        log.append(index, LoggedBuild.model_validate({"begun": begun, "seconds": seconds} | told))


def _of_log(report: BuildReport) -> dict[str, object]:
    return {
        "generation": report.generation,
        "documents": report.documents,
        "passages": report.passages,
        "added": Names.of(report.changes.added),
        "changed": Names.of(report.changes.changed),
        "removed": Names.of(report.changes.removed),
        "failed": Names.of([notice.file for notice in report.failed]),
    }


def _built(settings: Settings, encoder: Encoder, progress: Progress | None) -> BuildReport:
    read = read_seeds(settings, reading_store.known(settings.index), progress)
    documents, passages = _cut(read.documents, settings, encoder)
    before = current_manifest(settings.index)
    if not passages and (documents or (before and before.documents)):
        raise SeedsError(
            f"{settings.seeds}: no sentence to quote in any of {len(documents)} documents",
            f"Put documents with text into it ({FORMATS}).",
        )
    words = read.catalogue.perspectives, read.catalogue.questions
    texts = Texts.of(documents, passages, *words, duplicates_of(documents))
    encoded = encoder.encode_documents([p.text for p in passages], progress)
    notices = (*read.notices, *_without_passages(documents, passages))
    manifest = _commit(settings, encoder, read, texts, encoded, notices)
    return BuildReport(
        generation=manifest.id,
        documents=len(documents),
        passages=len(passages),
        changes=Changes.between(before.readable if before else {}, manifest.readable),
        duplicates=texts.duplicates,
        files=read.outcomes,
        failed=read.failed,
        notices=notices,
    )


def _commit(
    settings: Settings,
    encoder: Encoder,
    read: SeedsRead,
    texts: Texts,
    encoded: EncodedTexts,
    notices: Sequence[Notice],
) -> Manifest:
    built = now()
    manifest = Manifest(
        format=manifests.FORMAT,
        id=new_id(built),
        model=encoder.info,
        settings_hash=settings.build_hash,
        stem_language=settings.stem_language,
        seeds=read.hashes,
        refused=tuple(each.file for each in read.outcomes if each.how == "refused"),
        failed=read.failed,
        notices=tuple(notices),
        catalogue=read.catalogue.sha256,
        documents=len(texts.documents),
        passages=len(texts.passages),
        built=built,
    )

    def write(folder: Path) -> None:
        text_store.save(texts, folder)
        reading_store.save(read.files, folder)
        Stores.of(texts, encoded, texts.stemmers(settings.stem_language)).save(folder)

    return commit(settings.index, manifest, write, settings.keep_generations)


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
