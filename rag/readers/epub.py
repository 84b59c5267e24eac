"""EPUB: the chapters of a book in the order of its spine, each read as the page that it is.

`start` and `end` refer to that text, not to the file. A book's table of contents is marked as
furniture where the spine holds it. An EPUB file has no pages: programs that show it make them.
Books that a shop has locked are not opened.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from html.entities import html5
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from rag.errors import SeedUnreadable
from rag.readers import html, stated
from rag.readers.archive import member, open_archive
from rag.readers.blocks import parse, visible_text
from rag.readers.building import BETWEEN_BLOCKS, TextBuilder
from rag.readers.xml import parse_xml, tag_of
from rag.records import Metadata, Notice, Reading, Span

_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Algorithms that only make fonts harder to take out of a book."""

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"

_ENTITY = re.compile(r"&(\w+);")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])


class Chapter(NamedTuple):
    """A part of the spine: where it is in the archive, and whether it is the table of contents."""

    path: str
    contents: bool


def read(data: bytes, name: str) -> Reading:
    """The text of a book with its headings and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is damaged or locked, or no chapter of it holds text.
    """
    archive = open_archive(data, name)
    if _is_locked(archive, name):
        raise SeedUnreadable(f"{name}: locked by a shop (DRM)", "Get the book without a lock.")
    path, package = _package(archive, name)
    builder = TextBuilder()
    notices = []
    for chapter in _spine(package, path):
        try:
            _add(builder, member(archive, chapter.path), chapter, name)
        except SeedUnreadable as error:
            message = f"a chapter was not read: {error.message.removeprefix(f'{name}: ')}"
            notices.append(Notice(file=name, message=message))
    if not builder.parts:
        why = f" ({notices[0].message})" if notices else ""
        raise SeedUnreadable(f"{name}: a book without text{why}", "Take it out of the seeds.")
    return Reading(
        text=builder.text,
        encoding="epub",
        headings=tuple(builder.headings),
        furniture=tuple(builder.furniture),
        metadata=_metadata(package),
        notices=tuple(notices),
    )


def _is_locked(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether anything but fonts is encrypted."""
    if _ENCRYPTION not in archive.namelist():
        return False
    root = parse_xml(member(archive, _ENCRYPTION), name, _ENCRYPTION)
    methods = [each for each in root.iter() if tag_of(each) == "EncryptionMethod"]
    data = [each for each in methods if tag_of(each.getparent()) == "EncryptedData"]
    return any(each.get("Algorithm") not in _FONTS for each in data)


def _package(archive: zipfile.ZipFile, name: str) -> tuple[str, etree._Element]:
    """The path and the root of the file that lists what the book is made of."""
    if _CONTAINER not in archive.namelist():
        raise SeedUnreadable(
            f"{name}: an archive, but no EPUB book",
            "Check that its name ends as its format does: an archive of files is a .zip.",
        )
    container = parse_xml(member(archive, _CONTAINER), name, _CONTAINER)
    paths = [each.get("full-path") for each in container.iter() if tag_of(each) == "rootfile"]
    path = str(paths[0]) if paths and paths[0] else ""
    return path, parse_xml(member(archive, path), name, path)


def _spine(package: etree._Element, path: str) -> Iterator[Chapter]:
    """The chapters in order; one that is named again is not repeated, as the format demands."""
    items = {each.get("id"): each for each in package.iter() if tag_of(each) == "item"}
    met: set[str] = set()
    for reference in package.iter():
        item = items.get(reference.get("idref")) if tag_of(reference) == "itemref" else None
        if item is not None and "html" in str(item.get("media-type", "html")):
            href = unquote(str(item.get("href", "")).partition("#")[0])
            properties = str(item.get("properties", "")).split()
            chapter = Chapter(normpath(join(dirname(path), href)), "nav" in properties)
            if chapter.path not in met:
                yield chapter
            met.add(chapter.path)


def _add(builder: TextBuilder, data: bytes, chapter: Chapter, name: str) -> None:
    page = visible_text(_tree(data, name))
    reason = "table of contents" if chapter.contents else ""
    span = builder.add(page.text, between=BETWEEN_BLOCKS, furniture=reason)
    if span and not chapter.contents:
        builder.headings += [
            Span(start=span.start + each.start, end=span.start + each.end) for each in page.headings
        ]


def _tree(data: bytes, name: str) -> etree._Element:
    """The tree of a chapter, which is XML; one that is not well-formed is read as HTML.

    An HTML parser takes an empty `<title/>` for the beginning of one, and loses the chapter in it.
    """
    markup, _, _ = html.decode(data, name)
    try:
        whole = _ENTITY.sub(_character, _DECLARATION.sub("", markup))
        root = parse_xml(whole.encode("utf-8", "replace"), name)
    except SeedUnreadable:
        return parse(markup, name)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = tag_of(element).lower()
    return root


def _character(match: re.Match[str]) -> str:
    """The character of a named entity of HTML: the DTD that declares it is not read."""
    known = match[1] not in _XML_ENTITIES
    return html5.get(f"{match[1]};", match[0]) if known else match[0]


def _metadata(package: etree._Element) -> Metadata:
    def said(tag: str) -> Sequence[etree._Element]:
        elements = (each for each in package.iter() if tag_of(each) == tag)
        return [each for each in elements if each.prefix is not None and each.text]

    def first(tag: str) -> str | None:
        return next((each.text for each in said(tag)), None)

    authors = [stated.person(each.text) for each in said("creator")]
    addresses = [
        stated.address(each.text) for tag in ("source", "identifier") for each in said(tag)
    ]
    return Metadata(
        title=stated.title(first("title")),
        author=", ".join(author for author in authors if author) or None,
        publisher=stated.person(first("publisher")),
        published=stated.published(_date(said("date"))),
        url=next((address for address in addresses if address), None),
        language=stated.language(first("language")),
    )


def _date(dates: Sequence[etree._Element]) -> str | None:
    """The date of publication among those of a book, which may name what happened at each."""
    events = {_event(each): each.text for each in reversed(dates)}
    return events.get("publication") or events.get("original-publication") or events.get("")


def _event(element: etree._Element) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("event")), "")
