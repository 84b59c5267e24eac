"""HTML and XHTML: the text is all that a browser shows of the page's body, one block a line.

`start` and `end` refer to that text, not to the file: `rag.readers.blocks` says how it is made.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from rag.errors import SeedUnreadable
from rag.furniture.trees import judge
from rag.readers import stated
from rag.readers import text as text_reader
from rag.readers.blocks import parse, visible_text
from rag.readers.html_furniture import page_furniture
from rag.records import Metadata, Notice, Reading

_DECLARED = re.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_LOOKED_AT = 4096
"""Bytes at the beginning in which a declaration is looked for; browsers take the first 1,024."""

_AS_BROWSERS_READ: Mapping[str, str] = {
    # The larger code page that browsers read in place of the one that is named
    # (https://encoding.spec.whatwg.org/#names-and-labels).
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
_LABELS: Mapping[str, str] = {"x-sjis": "cp932", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949"}

_DAMAGE = 0.01
"""At most this share of a page may be bytes that its encoding lacks, or stray controls."""

_CONTROLS = bytes([*range(9), 11, *range(14, 32)])

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\[\s\S])*+(?:"|\\?\Z)')
"""One that never ends is taken to the end of the text, so that no part of it is looked at again."""

_LONGEST = 1000
"""Code points, white space included, of what is compared with a title or a name."""

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def read(data: bytes, name: str) -> Reading:
    """The visible text of a page with its headings, furniture and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: the bytes are no text, or the page shows none.
    """
    return shown_by(*decode(data, name), name)


def shown_by(markup: str, encoding: str, notices: tuple[Notice, ...], name: str) -> Reading:
    """What a browser shows of a page that was decoded.

    Raises:
        SeedUnreadable: the page shows no text.
    """
    root = parse(markup, name)
    page = visible_text(root)
    if not page.text:
        raise SeedUnreadable(
            f"{name}: a page without text; a script may have drawn what it showed",
            "Copy the text out of a browser into a text file.",
        )
    return Reading(
        text=page.text,
        encoding=encoding,
        headings=page.headings,
        furniture=page_furniture(page, judge("blocks")),
        judged=True,
        metadata=metadata_of(root),
        notices=notices,
    )


def decode(
    data: bytes, name: str, declared: str | None = None
) -> tuple[str, str, tuple[Notice, ...]]:
    """The text of a page's bytes, the encoding it was read with, and notices where that is a guess.

    A byte-order mark decides, then `declared`, then what the page declares, then what
    `rag.readers.text` recognises.

    Args:
        data: the bytes.
        name: the file's name, for messages.
        declared: the encoding that is named outside of the page, as by a mail's header.

    Raises:
        SeedUnreadable: the bytes are no text.
    """
    encoding = None if _has_mark(data) else _codec(declared) or _codec(_declared(data))
    if encoding is not None:
        text = data.decode(encoding, "replace")
        damaged = text.count("\ufffd") - data.count("\ufffd".encode())
        if damaged <= 0:
            return text, encoding, ()
        if damaged <= _DAMAGE * len(text):
            message = f"{damaged} characters are not {encoding}, as which it was read: shown as �"
            return text, encoding, (Notice(file=name, message=message),)
    reading = text_reader.read(_without_stray_controls(data), name)
    return reading.text, reading.encoding, reading.notices


def metadata_of(root: HtmlElement) -> Metadata:
    """What a page says of itself, found by trafilatura and told in the page's own letters.

    Trafilatura may change the tree: ask last. Only a tree is given to it, never a string, which it
    might take for an address. Without a stated publisher it gives the host of the page's address.
    """
    written = list(_written(root))
    dates = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
    found = extract_metadata(root, date_config=dates)
    authors = [_as_written(each, written) for each in (found.author or "").split("; ")]
    return Metadata(
        title=stated.title(_as_written(found.title or "", written)),
        author="; ".join(filter(None, map(stated.person, authors))) or None,
        publisher=stated.person(_as_written(found.sitename or "", written)),
        published=_matching(_DATE, found.date),
        url=found.url if found.url and found.url.startswith(("http://", "https://")) else None,
        language=_language(root),
    )


def _written(root: HtmlElement) -> Iterator[Sequence[str]]:
    """The values that a page may hold: those that only programs read, then those of its text."""
    scripts = root.xpath("//script[@type='application/ld+json']/text()")
    strings = [string for each in scripts for string in _JSON_STRING.findall(each)]
    yield [*root.xpath("//meta/@content"), *filter(None, map(_json_value, strings))]
    whole = root.xpath("//title | //h1 | //h2")
    yield [*(each.text_content() for each in whole), *root.xpath("//body//text()")]


def _json_value(string: str) -> str | None:
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        return None


def _as_written(value: str, written: Iterable[Sequence[str]]) -> str:
    """A value as the page writes it; trafilatura changes the case of names, and drops full stops.

    As the page writes it is what differs in letter case, punctuation and white space alone.
    """
    letters = _letters(value)
    for values in written if letters else ():
        same = [" ".join(each.split()) for each in values if _letters(each) == letters]
        if same:
            return value if value in same else same[0]
    return value


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())) if len(text) <= _LONGEST else ""


def _without_stray_controls(data: bytes) -> bytes:
    """The bytes without the few control characters that pages hold by mistake."""
    cleaned = data.translate(None, _CONTROLS)
    return cleaned if len(data) - len(cleaned) <= _DAMAGE * len(data) else data


def _has_mark(data: bytes) -> bool:
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return data.startswith(marks)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, _LOOKED_AT)
    return (match[1] or match[2]).decode("ascii") if match else None


def _codec(label: str | None) -> str | None:
    """The name of Python's codec for what browsers read a label as; None for an unknown one."""
    known = _LABELS.get((label or "").lower(), label)
    try:
        name = codecs.lookup(known or "").name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    return _AS_BROWSERS_READ.get(name, name)


def _language(root: HtmlElement) -> str | None:
    stated = [
        *root.xpath("/html/@lang | /html/@xml:lang | //body/@lang"),
        *root.xpath(
            "//meta[@http-equiv='Content-Language' or @http-equiv='content-language']/@content"
        ),
        *root.xpath("//meta[@property='og:locale']/@content"),
    ]
    tags = (_matching(_LANGUAGE, str(each).strip().replace("_", "-")) for each in stated)
    return next((tag for tag in tags if tag), None)


def _matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
