"""What the page says of the library, beside the conversation."""

from typing import Any, NamedTuple

import gradio as gr

from rag.web.filters import filters_html
from rag.web.shelf import Shelf
from rag.web.sources import (
    changed_html,
    labels_html,
    status_html,
    unusable_html,
)
from rag.web.wiring import button
from rag.wording.builds import changed_line


class About(NamedTuple):
    """New values of the components that are about the library; without any, they stay as they are.

    Attributes:
        shown: id of the generation that the rest is of.
        status: the line in the bar.
        changed: what a rebuild would bring in.
        rebuild: the button, which stands out if that is anything.
        filters: what can be chosen from.
        labels: the page on labels.
    """

    shown: Any = gr.skip()
    status: Any = gr.skip()
    changed: Any = gr.skip()
    rebuild: Any = gr.skip()
    filters: Any = gr.skip()
    labels: Any = gr.skip()


def about(shelf: Shelf, shown: str, *, owner: bool) -> About:
    """What to change on a page that shows the generation `shown`, of the owner or of a reader.

    Nothing while the library is being opened.

    Raises:
        LibraryIndexError: there is a new generation, and it cannot be used.
    """
    if not shelf.is_open:
        return About()
    library = shelf.library()
    stale = shelf.staleness(library)
    waiting = bool(stale and changed_line(stale))
    state = About(
        status=status_html(library, stale, shelf.building),
        changed=changed_html(library, stale, shelf.seeds, owner=owner),
        rebuild=_rebuild(waiting=waiting, busy=shelf.busy),
    )
    if library.generation.id == shown:
        return state
    return state._replace(
        shown=library.generation.id,
        filters=filters_html(library),
        labels=labels_html(library),
    )


def unusable(failure: str) -> About:
    """What to change where the library cannot be shown; why, is HTML already."""
    return About(status=unusable_html(), changed=failure)


def _rebuild(*, waiting: bool, busy: bool) -> dict[str, Any]:
    """The button: it stands out if a rebuild would bring anything, and rests during one."""
    says = button("library-rebuilding" if busy else "library-rebuild", idle=not busy)
    return says | {"variant": "primary" if waiting else "secondary"}
