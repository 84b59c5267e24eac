"""A source's own address, opened by a browser at a quote: by a text fragment.

https://wicg.github.io/scroll-to-text-fragment/ says what browsers look for: the first place that
has all the words; each of the terms stands inside one block and begins and ends with a word.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from rag.characters import UNSEEN
from rag.records import AROUND, Document, Quote, Span

LONGEST_WHOLE = 300
"""Characters of the longest quote that is looked for whole; Chromium's own links have the same."""

WORDS = 6
"""So many words are looked for at each end of a longer one."""

_LINE_END = re.compile(r"[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\]")


def site_of(address: str | None) -> str:
    """The host that a web address leads to; empty if it is none that anybody should follow.

    That is one of another scheme, one that holds characters nobody sees or that is no address
    outside a browser, or one with a name before the host that could be taken for it.
    """
    address = address or ""
    if _NO_ADDRESS.search(address) or UNSEEN.search(address):
        return ""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and "@" not in parts.netloc
        return (parts.hostname or "") if known else ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def original_at(document: Document, quoted: Quote | Span | None) -> str:
    """The source's address, with the quote as a text fragment; empty if it has no web address."""
    if not document.source.url or not site_of(document.source.url):
        return ""
    if quoted is None:
        return document.source.url
    address, _, fragment = document.source.url.partition("#")
    named = fragment.partition(":~:")[0]
    return f"{address}#{named}:~:text={_fragment(document.text, quoted.start, quoted.end)}"


def _fragment(text: str, start: int, end: int) -> str:
    """What to look for: the words, and what stands beside them if they stand there twice."""
    terms = _terms(text[start:end])
    found = [_encoded(term) for term in terms]
    if " ".join(text.split()).count(terms[0]) > 1:
        before, after = _beside(text, start, end)
        found = [f"{_encoded(before)}-"] * bool(before) + found
        found += [f"-{_encoded(after)}"] * bool(after)
    return ",".join(found)


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """The whole words right before and right after a place, of one line each."""
    before = _LINE_END.split(text[max(0, start - AROUND) : start].rstrip())
    after = _LINE_END.split(text[end : end + AROUND].lstrip())
    cut = len(before) == 1 and start > AROUND, len(after) == 1 and end + AROUND < len(text)
    last, first = before[-1].split(), after[0].split()
    return " ".join(last[cut[0] :]), " ".join(first[: len(first) - cut[1]])


def _terms(exact: str) -> Sequence[str]:
    """The quote as one term, or its first and its last words if it is long or of several lines."""
    lines = [line.split() for line in _LINE_END.split(exact) if line.strip()]
    if len(lines) == 1 and len(exact) <= LONGEST_WHOLE:
        return [" ".join(lines[0])]
    first, last = lines[0][:WORDS], lines[-1][-WORDS:]
    if len(lines) == 1 and len(lines[0]) < 2 * WORDS:  # no room for two ends: huge words, or none
        return [" ".join(lines[0])]
    return [" ".join(first), " ".join(last)]


def _encoded(term: str) -> str:
    """A term as a part of a fragment, in which `-`, `,` and `&` have meanings of their own."""
    return percent_encoded(term, safe="").replace("-", "%2D")
