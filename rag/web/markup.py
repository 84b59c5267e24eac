"""Templates filled so that no character of a document is ever read as anything but text.

Jinja escapes whatever a template puts out. What remains is that HTML has no plain way to hold a
carriage return, and that a character which turns the direction of writing would turn what stands
around it too: `verbatim` takes care of both.
"""

import re
import unicodedata
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def render(template: str, **values: object) -> str:
    """Fill a template of this package; every string in `values` is escaped where it is put."""
    return _environment().get_template(template).render(values)


def verbatim(text: str) -> Markup:
    """HTML whose `textContent` is `text`, character by character.

    Embeddings, overrides and isolates of the bidirectional algorithm (Unicode Annex 9) are kept,
    each alone in an element that shows its name and lets it turn nothing.
    """
    return Markup(_TURNING.sub(_shown, attribute(text)))  # noqa: S704 (escaped by `attribute`)


def attribute(text: str) -> Markup:
    """HTML of an attribute's value that is `text`, character by character."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704


def _shown(found: re.Match[str]) -> str:
    name = unicodedata.name(found[0]).lower()
    return f'<span class="turning" title="{name}" data-name="{name}">{found[0]}</span>'


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rag.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"verbatim": verbatim, "attribute": attribute}
    return environment
