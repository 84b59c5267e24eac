"""The folder of seeds is watched: when it differs from the index, and nobody writes in it any more.

By what the system tells of changes to files (inotify and its like: https://watchfiles.helpmanual.io).
"""

from collections.abc import Iterator

from watchfiles import watch

from rag.errors import SeedsError
from rag.index.changes import staleness
from rag.index.manifest import current_manifest
from rag.readers.folder import seed_files
from rag.settings import Settings

QUIET = 2
"""So many times nothing was told: a copied folder, or a file that grows, is one change."""

AGAIN = 120
"""After so many times without a change what could not be built is tried again."""

_TOLD = 500
"""Milliseconds after which it is told that nothing has changed."""


def watched(settings: Settings) -> Iterator[None]:
    """Yield at once, and then whenever the seeds, their catalogue or settings are not the index's.

    Whatever changes while the caller is at work is told afterwards.

    Raises:
        SeedsError: there is no such folder of seeds.
    """
    seed_files(settings.seeds)
    bouts = watch(settings.seeds, watch_filter=None, rust_timeout=_TOLD, yield_on_timeout=True)
    next(bouts)  # it watches from now on
    yield
    quiet, changed, built = 0, False, True
    for changes in bouts:
        quiet = 0 if changes else quiet + 1
        changed = changed or bool(changes)
        if (quiet == QUIET and changed) or (quiet and quiet % AGAIN == 0 and built):
            # After a build once more: only then is it known that it did not fail.
            changed, built = False, _differs(settings)
            if built:
                yield


def _differs(settings: Settings) -> bool:
    manifest = current_manifest(settings.index)
    try:
        return manifest is None or staleness(manifest, settings).any
    except SeedsError:
        return False  # the folder is gone; it may come back
