"""Back to a generation that was kept, with a line in the log of builds."""

from pathlib import Path
from time import monotonic

from rag.index import keeping, log, pointer
from rag.index.changes import Changes
from rag.index.lock import writing
from rag.index.log import LoggedBuild, Names
from rag.index.manifest import Manifest, current_manifest, now


def go_back(index: Path, generation: str | None, keep: int) -> tuple[Manifest, Changes]:
    """Make a kept generation current again; what it has of the seeds, against the one before.

    Args:
        index: the folder of generations.
        generation: its id, or how that begins; None for the one that was current before.
        keep: so many generations stay, it among them.

    Raises:
        IndexMissing: nothing was built in this folder yet.
        IndexBusy: a build is writing this index.
        LibraryIndexError: there is no such generation, or it cannot be used.
    """
    if not index.is_dir():
        pointer.read(index)  # tells that there is none; to hold it would make one
    with writing(index):
        begun, started = now(), monotonic()
        before = current_manifest(index)
        manifest = keeping.rollback(index, generation, keep)
        changes = Changes.between(before.readable if before else {}, manifest.readable)
        log.append(
            index,
            LoggedBuild(
                begun=begun,
                seconds=round(monotonic() - started, 1),
                back=True,
                generation=manifest.id,
                documents=manifest.documents,
                passages=manifest.passages,
                added=Names.of(changes.added),
                changed=Names.of(changes.changed),
                removed=Names.of(changes.removed),
            ),
        )
    return manifest, changes
