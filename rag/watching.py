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

QUIET = 1_000
"""So many milliseconds without a change end a bout of changes: a copied folder is one."""

LONGEST = 3_600_000
"""After so many the index is built again though files change all the time."""

_HEARD = 500
"""Milliseconds after which Python listens for Ctrl-C."""


def watched(settings: Settings) -> Iterator[None]:
    """Yield at once, and then whenever the seeds, their catalogue or settings are not the index's.

    Whatever changes while the caller is at work is told afterwards.

    Raises:
        SeedsError: there is no such folder of seeds.
    """
    seed_files(settings.seeds)
    bouts = watch(
        settings.seeds,
        watch_filter=None,
        step=QUIET,
        debounce=LONGEST,
        rust_timeout=_HEARD,
        yield_on_timeout=True,
    )
    next(bouts)  # it watches from now on
    yield
    for changes in bouts:
        if changes and _differs(settings):
            yield


def _differs(settings: Settings) -> bool:
    manifest = current_manifest(settings.index)
    try:
        return manifest is None or staleness(manifest, settings).any
    except SeedsError:
        return False  # the folder is gone; it may come back
