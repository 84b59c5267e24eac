"""Who may do what: everybody reads, the library's owner adds, labels, removes and rebuilds."""

import gradio as gr

from rag.errors import NotOwner
from rag.web.markup import render
from rag.wording.language import say

OWNER = "parallax.owner"
"""Key of an ASGI scope: whether the request comes from the library's owner. The guard sets it."""

SHARED = "parallax.shared"
"""Key of an ASGI scope: whether others can reach the page. The guard sets it."""


def is_owner(request: gr.Request) -> bool:
    """Whether a request comes from the library's owner; without a word of the guard it does not."""
    asked = request.request
    return asked is not None and asked.scope.get(OWNER) is True


def require_owner(request: gr.Request) -> None:
    """Go on only for the library's owner.

    Raises:
        NotOwner: the request comes from somebody else.
    """
    if not is_owner(request):
        raise NotOwner(say("not-owner"), say("not-owner-remedy"))


def standing_html(request: gr.Request) -> str:
    """The way to the door, for a visitor of a shared page; empty for other pages."""
    asked = request.request
    if asked is None or not asked.scope.get(SHARED):
        return ""
    return render("standing.html", owner=is_owner(request))
