"""One story in several documents: its words are quoted once, and who else carries them is named."""

import re
from collections.abc import Iterable, Mapping

from rag.lines import words_of
from rag.records import AlsoIn, Document, Quote
from rag.stories import Stories, story_of

SAME_SCORE = 2
"""Scores that agree in so many decimals are the same: the model reads the same words, in another
batch, with the last digits of its numbers another."""


def without_echoes(
    quotes: Iterable[Quote], stories: Stories, documents: Mapping[str, Document]
) -> list[Quote]:
    """The quotes, of those of one story that have the same words only one.

    It is the one with the best score, then of the document published first, then by its id. Words
    are the same whatever the punctuation between them; another figure is another word.
    """

    def order(quote: Quote) -> tuple[float, str, str, int]:
        published = documents[quote.document].source.published or "9999"
        return -round(quote.score, SAME_SCORE), published, quote.document, quote.start

    kept: dict[object, Quote] = {}
    for quote in sorted(quotes, key=order):
        alone = (quote.document, quote.start, quote.end)
        kept.setdefault(_said(quote, stories) if quote.document in stories else alone, quote)
    return list(kept.values())


def repeats(longer: Quote, other: Quote, stories: Stories) -> bool:
    """Whether a quote says again what another quote of its story does."""
    (story, words), (of, inside) = _said(longer, stories), _said(other, stories)
    return story == of and f" {' '.join(inside)} " in f" {' '.join(words)} "


def _said(quote: Quote, stories: Stories) -> tuple[str, tuple[str, ...]]:
    return story_of(quote.document, stories), tuple(words_of(quote.exact))


def also_in(
    quote: Quote, stories: Stories, documents: Mapping[str, Document]
) -> tuple[AlsoIn, ...]:
    """The other documents of the quote's story that hold its text, by id, each with the place."""
    group = stories.get(quote.document)
    others = (
        [documents[name] for name in group.documents if name != quote.document] if group else []
    )
    places = ((other, _place(quote.exact, other)) for other in others)
    return tuple(
        AlsoIn(
            start=place.start(),
            end=place.end(),
            document=other.id,
            title=other.display_title,
            perspective=other.source.perspective,
        )
        for other, place in places
        if place
    )


def _place(text: str, document: Document) -> re.Match[str] | None:
    """Where a document, its furniture left out, holds a text in whatever white space."""
    words = r"\s+".join(re.escape(word) for word in text.split())
    for found in re.finditer(rf"{_edge(text[0], '<')}{words}{_edge(text[-1])}", document.text):
        if not any(s.start < found.end() and found.start() < s.end for s in document.furniture):
            return found
    return None


def _edge(character: str, behind: str = "") -> str:
    """A pattern that lets no word go on beyond a text that begins or ends with a character."""
    return rf"(?{behind}!\w)" if re.match(r"\w", character) else ""
