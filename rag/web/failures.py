"""What the page shows of an error, and what of it goes to the log."""

import logging

from rag import wording
from rag.errors import Defect, LibraryAway, LibraryIndexError, ParallaxError, VerbatimError
from rag.web.markup import render
from rag.wording.language import say

_log = logging.getLogger("uvicorn.error")


def reported(error: Exception) -> ParallaxError:
    """The error that the page shows: that itself if it was foreseen, else a `Defect`.

    One that nobody foresaw goes to the log with its traceback; the page holds no word of it.
    """
    if isinstance(error, ParallaxError) and not isinstance(error, VerbatimError):
        return error
    _log.error("an error that nobody foresaw", exc_info=error)
    return Defect(*wording.plain.defect())


def for_readers(error: ParallaxError) -> ParallaxError:
    """The same for those who do not own the library: they are told of no files of the index."""
    if isinstance(error, LibraryIndexError) and not isinstance(error, LibraryAway):
        return LibraryAway(say("away"), say("away-remedy"))
    return error


def failure_html(error: ParallaxError, *, owner: bool = False) -> str:
    """What went wrong, and what to do."""
    shown = error if owner else for_readers(error)
    return render("failure.html", message=shown.message, remedy=wording.plain.on_page(shown))
