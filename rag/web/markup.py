"""Templates filled so that no character of a document is ever read as anything but text.

Jinja escapes whatever a template puts out. What remains is that HTML has no plain way to hold a
carriage return, that a character which turns the direction of writing would turn what stands around
it too, and that some characters cannot be seen: `verbatim` takes care of all three.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from rag import wording
from rag.characters import doubtful_words, name_of, unseen_in
from rag.wording.language import say
from rag.wording.plain import joined


def render(template: str, **values: object) -> str:
    """Fill a template of this package; every string in `values` is escaped where it is put.

    What the program says stands in `wording`; each template sees that, and `said` as `say`.
    """
    return _environment().get_template(template).render(values)


def verbatim(text: str) -> Markup:
    """HTML whose `textContent` is `text`, character by character.

    Characters that cannot be seen, or that turn the direction of others (rag/characters.py), are
    kept, each alone in an element that shows its name and lets it turn nothing.
    """
    return Markup("").join(_pieces(str(text), unseen_in(str(text)), attribute, _named))


def titled(text: str) -> Markup:
    """The same for a title; words that mix or imitate alphabets are marked as doubtful."""
    return Markup("").join(_pieces(text, doubtful_words(text), verbatim, _doubted))


_AsMarkup = Callable[[str], Markup]


def _pieces(
    text: str, found: Iterable[re.Match[str]], plain: _AsMarkup, marked: _AsMarkup
) -> Iterator[Markup]:
    end = 0
    for match in found:
        yield plain(text[end : match.start()])
        yield marked(match[0])
        end = match.end()
    yield plain(text[end:])


def attribute(text: str) -> Markup:
    """HTML of an attribute's value that is `text`, character by character."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704


def isolated(text: str) -> Markup:
    """The text verbatim, in an element of its own: its writing turns nothing around it."""
    return Markup("<bdi>{}</bdi>").format(verbatim(text))


def said(message: str, **values: str | int | Sequence[str]) -> Markup:
    """A message with its values, of which a list is told as in a sentence.

    What is markup stands in it as it is. Messages are the program's own, and hold no character that
    HTML would read.
    """
    return Markup(say(message, **{name: _safe(each) for name, each in values.items()}))  # noqa: S704


def _safe(value: str | int | Sequence[str]) -> str | int:
    if isinstance(value, str):
        return attribute(value)
    return value if isinstance(value, int) else joined([attribute(each) for each in value])


def _named(character: str) -> Markup:
    return Markup('<span class="turning" title="{0}" data-name="{0}">{1}</span>').format(
        name_of(character), character
    )


def _doubted(word: str) -> Markup:
    return Markup('<span class="doubtful" title="{0}" data-why="{0}">{1}</span>').format(
        say("doubtful-letters"), verbatim(word)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rag.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"wording": wording, "say": said}
    environment.filters |= {
        "attribute": attribute,
        "isolated": isolated,
        "titled": titled,
        "verbatim": verbatim,
    }
    return environment
