"""From the seeds folder to a new current generation.

A seed that cannot be read is reported, and the rest goes on; an interrupted build leaves the
index as it was.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np

from rag.duplicates import duplicates_of
from rag.encoder import EncodedTexts, Encoder
from rag.errors import ParallaxError, SeedsError
from rag.index import log, readings, saving
from rag.index import manifest as manifests
from rag.index.before import Before
from rag.index.changes import Changes
from rag.index.keeping import commit
from rag.index.lock import writing
from rag.index.log import LoggedBuild, Names
from rag.index.manifest import Manifest, current_manifest, new_id, now
from rag.index.ragged import Numbers
from rag.index.recall import Kind
from rag.index.rows import Rows
from rag.index.saving import Cut, Said
from rag.index.stores import Stores
from rag.passages import passages_of
from rag.progress import Progress
from rag.readers import FORMATS
from rag.reading import Carried, FileOutcome, Fresh, SeedsRead, read_seeds
from rag.records import Duplicates, Notice, Record
from rag.settings import Settings


class BuildReport(Record):
    """What a build did.

    Attributes:
        changes: against the generation that was current before.
        unchanged: how many of the files that were read are as they were then.
        encoded: how many passages the model had to read; the others were taken over.
        duplicates: the groups of documents that are near duplicates.
        files: every file that was found among the seeds, and what became of it.
        failed: seeds, or parts of them, that could not be read, with the reason.
        notices: all else that a person should know.
        seconds: how long each stage took, in their order.
    """

    generation: str
    documents: int
    passages: int
    changes: Changes
    unchanged: int
    encoded: int
    duplicates: tuple[Duplicates, ...] = ()
    files: tuple[FileOutcome, ...]
    failed: tuple[Notice, ...]
    notices: tuple[Notice, ...]
    seconds: dict[str, float] = {}


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
    stage = Stages()
    current = current_manifest(settings.index)
    with stage("opening"):
        before = Before.of(settings, encoder.info)
    with stage("reading"):
        read = read_seeds(settings, before.known, progress)
    with stage("cutting"):
        documents = _cut(read.found, settings, encoder)
    fresh = [each for each in documents if isinstance(each, Cut)]
    with stage("encoding"):
        encoded, vectors = _encoded(fresh, before, encoder, progress)
    with stage("joining"):
        after = Stores.of(fresh, encoded, settings.stem_language)
        stores = _joined(documents, before.stores, after, vectors, settings.dense)
    if not len(stores.dense) and (documents or (current and current.documents)):
        raise SeedsError(
            f"{settings.seeds}: no sentence to quote in any of {len(documents)} documents",
            f"Put documents with text into it ({FORMATS}).",
        )
    with stage("comparing"):
        names = [each.id for each in documents]
        duplicates = duplicates_of(dict(zip(names, stores.fingerprints.each(), strict=True)))
    notices = (*read.notices, *_without_passages(names, stores))
    said = Said(read.catalogue.perspectives, read.catalogue.questions, duplicates)

    def write(folder: Path) -> None:
        saving.save(folder, documents, said, stores.rows, before.copied)
        readings.save(read.files, folder, before.files)
        stores.save(folder)

    with stage("writing"):
        planned = _manifest(settings, encoder, read, stores, notices)
        manifest = commit(settings.index, planned, write, settings.keep_generations)
    changes = Changes.between(current.readable if current else {}, manifest.readable)
    return BuildReport(
        generation=manifest.id,
        documents=manifest.documents,
        passages=manifest.passages,
        changes=changes,
        unchanged=len(manifest.readable) - len(changes.added) - len(changes.changed),
        encoded=len(encoded.vectors),
        duplicates=duplicates,
        files=read.outcomes,
        failed=read.failed,
        notices=notices,
        seconds=stage.seconds,
    )


class Stages:
    """How long each stage of a build takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time one stage."""
        started = monotonic()
        yield
        self.seconds[name] = round(monotonic() - started, 3)


def _manifest(
    settings: Settings,
    encoder: Encoder,
    read: SeedsRead,
    stores: Stores,
    notices: Sequence[Notice],
) -> Manifest:
    built = now()
    return Manifest(
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
        documents=len(read.found),
        passages=len(stores.dense),
        dense=stores.dense.recall,
        built=built,
    )


def _cut(
    found: Sequence[Fresh | Carried], settings: Settings, encoder: Encoder
) -> list[Cut | Carried]:
    """The documents, new ones with their passages and the sentences these are made of."""
    documents: list[Cut | Carried] = []
    for each in found:
        if isinstance(each, Carried):
            documents.append(each)
            continue
        sentences, passages = passages_of(
            each.document,
            words=settings.passage_words,
            limit=encoder.info.max_tokens,
            count_tokens=encoder.count_tokens,
        )
        document = each.document.model_copy(update={"sentences": sentences})
        documents.append(Cut(document, passages, each.key, each.notices))
    return documents


def _encoded(
    fresh: Sequence[Cut], before: Before, encoder: Encoder, progress: Progress | None
) -> tuple[EncodedTexts, Numbers]:
    """The passages that no model has read, read, and where each of all passages stands so.

    Returns:
        What was read; and for each passage of the last generation, and then for each new one, its
        place in that generation, or behind it among what was read.
    """
    texts = [passage.text for each in fresh for passage in each.passages]
    new = before.numbers_of(texts)
    unread = np.flatnonzero(new < 0)
    new[unread] = len(before.stores.dense) + np.arange(len(unread))
    encoded = encoder.encode_documents([texts[number] for number in unread], progress)
    return encoded, np.concatenate([np.arange(len(before.stores.dense)), new])


def _joined(
    documents: Sequence[Cut | Carried],
    before: Stores,
    after: Stores,
    vectors: Numbers,
    dense: Literal["auto"] | Kind,
) -> Stores:
    """The stores of all documents, those of the last generation and new ones."""
    new = iter(range(len(before.rows.passages) - 1, sys.maxsize))
    numbers = [each.number if isinstance(each, Carried) else next(new) for each in documents]
    rows, places = Rows.joined(before.rows, after.rows, np.array(numbers, dtype=np.int64))
    return Stores.joined(before, after, rows, places, vectors[places.passages], dense)


def _without_passages(names: Sequence[str], stores: Stores) -> list[Notice]:
    return [
        Notice(file=names[number], message="no sentence in it can be quoted")
        for number in np.flatnonzero(np.diff(stores.rows.passages) == 0).tolist()
    ]
