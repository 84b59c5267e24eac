"""What the page says of the library, beside the conversation."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import gradio as gr

from rag.answering import Library
from rag.errors import LibraryIndexError
from rag.holdings import holdings
from rag.web.shelf import Shelf
from rag.web.sources import (
    changed_html,
    failure_html,
    labels_html,
    library_html,
    status_html,
    unusable_html,
)
from rag.wording.builds import changed_line


class About(NamedTuple):
    """New values of the components that are about the library; without any, they stay as they are.

    Attributes:
        shown: id of the generation that the rest is of.
        status: the line in the bar.
        changed: what a rebuild would bring in.
        rebuild: the button, which stands out if that is anything.
        heard: the filter by perspective.
        sources: the list.
        labels: the page on labels.
    """

    shown: Any = gr.skip()
    status: Any = gr.skip()
    changed: Any = gr.skip()
    rebuild: Any = gr.skip()
    heard: Any = gr.skip()
    sources: Any = gr.skip()
    labels: Any = gr.skip()


def about(shelf: Shelf, shown: str, heard: Sequence[str]) -> About:
    """What to change on a page that shows the generation `shown`, with these labels ticked."""
    try:
        library = shelf.library()
    except LibraryIndexError as error:
        return About(status=unusable_html(), changed=failure_html(error))
    stale = shelf.staleness(library)
    waiting = bool(stale and changed_line(stale))
    state = About(
        status=status_html(library, stale),
        changed=changed_html(library, stale, shelf.seeds),
        rebuild=gr.update(variant="primary" if waiting else "secondary"),
    )
    if library.generation.id == shown:
        return state
    return state._replace(
        shown=library.generation.id,
        heard=_filter(library, heard),
        sources=library_html(library),
        labels=labels_html(library),
    )


def _filter(library: Library, heard: Sequence[str]) -> gr.CheckboxGroup:
    """A box for each label; those ticked stay so, if the library still knows them."""
    rows = holdings(library.perspectives, library.documents)
    choices = [(f"{row.label} ({row.sources})", row.perspective) for row in rows]
    kept = [row.perspective for row in rows if row.perspective in heard]
    return gr.CheckboxGroup(choices=choices, value=kept, visible=len(choices) > 1)
