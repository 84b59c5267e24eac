"""Permanent links to quotes: an address that finds a quote again, whatever was built since.

A link holds what the W3C calls a text quote selector and a text position selector
(https://www.w3.org/TR/annotation-model/#selectors). Anybody can make one up, so what it holds is
only ever searched for: what is shown comes from the documents of the library.
"""

import base64
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate, islice
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from rag.errors import LinkUnreadable
from rag.records import AROUND, Document, Quote, Record, Span

HELD = 1000
"""Code points of a quote that a link holds. A link to a longer one is a link to its beginning."""

LONGEST = 12 * 1024
"""Characters of the longest address: many servers read no request line over 16 KiB."""

INFLATED = 64 * 1024
"""Bytes that an address may hold when it is unpacked."""

LOOKED_AT = 1000
"""So many places that hold a link's words are compared; first those of the document it names."""

SLACK = 200
"""Code points by which changed words may be longer than twice the words that a link holds."""

Around = Annotated[str, Field(max_length=AROUND)]
Offset = Annotated[int, Field(ge=0)]
Status = Literal["intact", "moved", "changed", "removed"]


class Link(Record):
    """A quote as a link holds it.

    Attributes:
        document: id of its document, which tells it from others that hold the same words.
        sha256: of the file's bytes.
        exact: the quote's first `HELD` code points, which stood at `start` to `end`.
        prefix: up to `AROUND` code points before it.
        suffix: the same after it.
    """

    document: str
    sha256: str
    start: Offset
    end: Offset
    exact: Annotated[str, Field(min_length=1, max_length=HELD)]
    prefix: Around
    suffix: Around

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if self.end - self.start != len(self.exact) or self.exact.isspace():
            raise ValueError("the offsets are not those of the words, or there are no words")
        return self

    @classmethod
    def to(cls, quoted: Quote | Span, document: Document) -> Self:
        """A link to a place of a document."""
        text, start = document.text, quoted.start
        end = min(quoted.end, start + HELD)
        return cls(
            document=document.id,
            sha256=document.sha256,
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - AROUND) : start],
            suffix=text[end : end + AROUND],
        )

    @classmethod
    def read(cls, address: str) -> Self:
        """The link that an address holds.

        Raises:
            LinkUnreadable: the address is too long, or damaged, or was never one.
        """
        try:
            return cls.model_validate_json(_unpacked(address), strict=True)
        except (ValueError, zlib.error):  # of which binascii.Error and ValidationError are two
            raise LinkUnreadable(
                "This link to a quote is damaged: it names no place in any source.",
                "Copy it again, whole, from where you have it.",
            ) from None

    @property
    def address(self) -> str:
        """What stands behind `?cite=`: its JSON, zlib-deflated, as base64url without padding."""
        packed = zlib.compress(self.model_dump_json().encode(), level=9)
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


class Located(Record):
    """What has become of a link's quote.

    Attributes:
        status: `intact`: the same words at the same place of the same document. `moved`: the same
            words at another place, or in another document. `changed`: other words between what
            stood before and after the quote; or the same with other white space. `removed`: none
            of that.
        document: id of the document that holds it now; of the link's own one where the words are
            removed from it; None if that is gone too.
        span: where the words stand, or those that stand in their place; None if they are removed.
    """

    status: Status
    document: str | None = None
    span: Span | None = None


class _Place(NamedTuple):
    """A place that may be the link's; of several the greatest is taken.

    Attributes:
        likeness: how many code points around it are those around the quote; a document of the
            same name, and one of the same bytes, count as much as one side of it each.
        nearness: minus the distance to where the quote stood.
    """

    likeness: int
    nearness: int
    document: str
    start: int
    end: int


def address_of(quoted: Quote | Span, document: Document) -> str:
    """The permanent address of a place of a document: the value of `cite` in `/?cite=…`."""
    return Link.to(quoted, document).address


def located(link: Link, documents: Mapping[str, Document]) -> Located:
    """Where a link's quote stands in these documents now, by id, and whether it still does."""
    own = documents.get(link.document)
    if own is not None and own.sha256 == link.sha256 and _stands(link, own, link.start):
        return _found("intact", _place(link, own, link.start, link.end))
    if best := max(_occurrences(link, documents), default=None):
        same = (best.document, best.start) == (link.document, link.start)
        return _found("intact" if same else "moved", best)
    if best := max(_replaced(link, documents), default=None):
        return _found("changed", best)
    return Located(status="removed", document=own.id if own else None)


def _found(status: Status, place: _Place) -> Located:
    return Located(
        status=status, document=place.document, span=Span(start=place.start, end=place.end)
    )


def _stands(link: Link, document: Document, at: int) -> bool:
    return document.text.startswith(link.exact, at)


def _occurrences(link: Link, documents: Mapping[str, Document]) -> Iterator[_Place]:
    """Where the very words of the link stand."""
    left = LOOKED_AT
    for name in sorted(documents, key=lambda each: each != link.document):
        document = documents[name]
        # These two are looked at even behind a thousand others.
        whole = document.text.find(link.prefix + link.exact + link.suffix)
        likely = [whole + len(link.prefix)] if whole >= 0 else []
        likely += [link.start] if _stands(link, document, link.start) else []
        for start in likely:
            yield _place(link, document, start, start + len(link.exact))
        for start in islice(_each(link.exact, document.text), left):
            left -= 1
            yield _place(link, document, start, start + len(link.exact))


def _each(words: str, text: str) -> Iterator[int]:
    """Where words stand in a text, overlapping or not."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _replaced(link: Link, documents: Mapping[str, Document]) -> Iterator[_Place]:
    """Where the words stand with other white space, or others stand between the link's two sides.

    The sides must be whole, but in the document that the link names: what is short stands in many.
    """
    exact, before, after = map(_flat, (link.exact, link.prefix, link.suffix))
    whole = len(link.prefix) == len(link.suffix) == AROUND
    for document in documents.values():
        spaced = _may_hold(document, exact)
        sides = any((before, after)) and all(_may_hold(document, side) for side in (before, after))
        between = sides and (whole or document.id == link.document)
        if not (spaced or between):
            continue
        text = _Flattened(document.text)
        places = [(at, at + len(exact)) for at in _first(exact, text.flat)] if spaced else []
        places += _between(before, after, 2 * len(exact) + SLACK, text.flat) if between else []
        for start, end in places:
            yield _place(link, document, *text.span(start, end))


def _between(before: str, after: str, most: int, flat: str) -> Iterator[tuple[int, int]]:
    """What stands between two sides, `most` code points of it at most.

    A side without words is the beginning or the end of the text.
    """
    starts = [at + len(before) for at in _first(before, flat)] if before else [0]
    for start in starts:
        end = flat.find(after, start, start + most + len(after)) if after else len(flat)
        inside = flat[start : max(start, end)]
        if inside.strip() and len(inside) <= most:
            yield start + inside.startswith(" "), end - inside.endswith(" ")


def _first(words: str, text: str) -> Iterator[int]:
    """The first places where words stand in a text."""
    return islice(_each(words, text), LOOKED_AT)


def _may_hold(document: Document, flat: str) -> bool:
    """Whether a document holds the longest of these words, which is quickly seen."""
    return max(flat.split(" "), key=len) in document.text


def _flat(text: str) -> str:
    """A text with each run of white space made one space, and none around it."""
    return " ".join(text.split())


class _Flattened:
    """A text with its white space flat, and the way back from there.

    A regular expression would do, but not in linear time for words that repeat themselves.
    """

    def __init__(self, text: str) -> None:
        self.flat = _flat(text)
        self._starts = [match.start() for match in re.finditer(r"\S+", text)]
        lengths = (len(word) + 1 for word in self.flat.split(" "))
        self._flat_starts = list(accumulate(lengths, initial=0))[:-1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text of a place in the flat one that begins and ends with words."""
        return self._at(start), self._at(end - 1) + 1

    def _at(self, offset: int) -> int:
        word = bisect_right(self._flat_starts, offset) - 1
        return self._starts[word] + offset - self._flat_starts[word]


def _place(link: Link, document: Document, start: int, end: int) -> _Place:
    before = document.text[max(0, start - AROUND) : start]
    after = document.text[end : end + AROUND]
    around = _alike(before[::-1], link.prefix[::-1]) + _alike(after, link.suffix)
    own = (document.id == link.document) + (document.sha256 == link.sha256)
    return _Place(AROUND * own + around, -abs(start - link.start), document.id, start, end)


def _alike(one: str, other: str) -> int:
    """With how many of the same code points two texts begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _unpacked(address: str) -> bytes:
    """The bytes that an address holds.

    Raises:
        ValueError, zlib.error: the address is none.
    """
    if len(address) > LONGEST:
        raise ValueError("too long")
    packed = base64.b64decode(address + "=" * (-len(address) % 4), altchars=b"-_", validate=True)
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, INFLATED)
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("cut off, followed by more, or too long when it is unpacked")
    return data
