"""ODT: what a person reads in the document as it stands, paragraph by paragraph.

`start` and `end` refer to that text, not to the file. A paragraph is one line (with line ends where
its author broke it), and so is a row of a table whose cells hold a few words each, with tabs
between. Text boxes follow the paragraph that they are anchored to; footnotes and endnotes stand
after everything else, and their marks in the text are left out. What tracked changes deleted is
kept apart by the format and is no text; nor are hidden letters and sections, comments, and the
heads and feet of pages. A table of contents is furniture. The format has no pages: programs that
show it make them. When the file was made or changed says nothing of when its text was published,
so there is no date.
"""

import zipfile
from collections.abc import Iterator, Set

from lxml import etree

from rag.errors import SeedUnreadable
from rag.readers import stated
from rag.readers.archive import member, open_archive
from rag.readers.building import BETWEEN_BLOCKS, BETWEEN_ROWS, TextBuilder, row_of, tidy
from rag.readers.xml import parse_xml, tag_of
from rag.records import Metadata, Reading

_UNSEEN = frozenset([
    "annotation", "desc", "forms", "hidden-text", "note", "page-number", "ruby-text", "script",
    "sequence-decls", "text-box", "title", "tracked-changes", "variable-decls",
])  # fmt: skip
"""Elements that hold nothing which is shown in the line that they stand in."""

_CHARACTERS = {"s": " ", "tab": " ", "line-break": "\n"}
_PARAGRAPHS = frozenset(["p", "h"])
_ROWS = frozenset(["table-row"])
_CELLS = frozenset(["table-cell"])
_CONTENTS = "table of contents"

_CELL_WORDS = 12
"""A table's row of cells with at most so many words each is one line, as in HTML."""


def read(data: bytes, name: str) -> Reading:
    """The text of an OpenDocument text with its headings and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is damaged or encrypted, another kind of document, or holds no text.
    """
    archive = open_archive(data, name)
    manifest = _optional(archive, "META-INF/manifest.xml", name)
    if manifest is not None and any(tag_of(e) == "encryption-data" for e in manifest.iter()):
        raise SeedUnreadable(
            f"{name}: encrypted: it opens only with a password", "Save it without a password."
        )
    content = _optional(archive, "content.xml", name)
    body = None if content is None else next((e for e in content.iter() if _is_body(e)), None)
    if content is None or body is None:
        raise SeedUnreadable(
            f"{name}: an archive, but no OpenDocument text",
            "Check that its name ends as its format does: an archive of files is a .zip.",
        )
    writer = _Writer(content)
    writer.write(body)
    for note in _outermost(body, "note-body"):
        writer.write(note)
    if not writer.parts:
        raise SeedUnreadable(f"{name}: a document without text", "Take it out of the seeds.")
    return Reading(
        text=writer.text,
        encoding="odt",
        headings=tuple(writer.headings),
        furniture=tuple(writer.furniture),
        metadata=_metadata(_optional(archive, "meta.xml", name), writer.title),
    )


def _optional(archive: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    if path not in archive.namelist():
        return None
    return parse_xml(member(archive, path), name, path)


def _is_body(element: etree._Element) -> bool:
    return tag_of(element) == "text" and tag_of(element.getparent()) == "body"


def _metadata(meta: etree._Element | None, title: str | None) -> Metadata:
    said = {tag_of(each): each.text for each in meta.iter()} if meta is not None else {}
    # "creator" is whoever saved the file last.
    return Metadata(
        title=stated.title(said.get("title")) or stated.title(title),
        author=stated.person(said.get("initial-creator")) or stated.person(said.get("creator")),
        language=stated.language(said.get("language")),
    )


def _attribute(element: etree._Element, name: str) -> str | None:
    found = (v for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name)
    value = next(found, None)
    return None if value is None else str(value)


def _outermost(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements of this name that are shown, in order, none of them inside another."""
    for child in element:
        if tag_of(child) == tag:
            yield child
        elif tag_of(child) not in _UNSEEN or tag_of(child) in ("note", "text-box"):
            yield from _outermost(child, tag)


class _Writer(TextBuilder):
    """Writes the blocks of a document; `title` is its first paragraph in the style of that name."""

    def __init__(self, content: etree._Element) -> None:
        super().__init__()
        self.title: str | None = None
        self._in_list = False
        styles = [each for each in content.iter() if tag_of(each) == "style"]
        names = {each: _attribute(each, "name") or "" for each in styles}
        parents = {each: _attribute(each, "parent-style-name") for each in styles}
        self._titles = {"Title", *(names[s] for s in styles if parents[s] == "Title")}
        self._hidden: Set[str] = {names[s] for s in styles if any(map(_is_hiding, s))}

    def write(self, element: etree._Element, furniture: str = "", *, listed: bool = False) -> None:
        """Write all paragraphs, lists and tables in an element.

        Args:
            element: what holds them.
            furniture: why all of them are furniture; empty if they are not.
            listed: whether the element stands in a list.
        """
        for child in element:
            tag = tag_of(child)
            if tag in _UNSEEN or self._is_hidden(child):
                continue
            if tag in _PARAGRAPHS:
                self._paragraph(child, furniture, listed=listed)
            elif tag == "table":
                self._table(child, furniture)
            elif tag == "table-of-content":
                self.write(child, _CONTENTS)
            elif tag != "table-of-content-source":
                self.write(child, furniture, listed=listed or tag == "list")

    def _is_hidden(self, element: etree._Element) -> bool:
        return _attribute(element, "style-name") in self._hidden or _is_hiding(element)

    def _paragraph(self, paragraph: etree._Element, furniture: str, *, listed: bool) -> None:
        text = tidy("".join(self._shown(paragraph)))
        titled = _attribute(paragraph, "style-name") in self._titles
        if titled and self.title is None:
            self.title = text or None
        heading = titled or tag_of(paragraph) == "h"
        between = BETWEEN_ROWS if listed and self._in_list else BETWEEN_BLOCKS
        if self.add(text, heading=heading, between=between, furniture=furniture):
            self._in_list = listed
        for box in _outermost(paragraph, "text-box"):
            self.write(box, furniture)

    def _shown(self, element: etree._Element) -> Iterator[str]:
        """The characters that an element shows in its line, in order."""
        yield element.text or ""
        for child in element:
            tag = tag_of(child)
            if tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag and tag not in _UNSEEN and not self._is_hidden(child):
                yield from self._shown(child)
            yield child.tail or ""

    def _table(self, table: etree._Element, furniture: str) -> None:
        first = True
        for row in _within(table, _ROWS):
            cells = list(_within(row, _CELLS))
            texts = [
                " ".join("".join(self._shown(p)) for p in cell if tag_of(p) in _PARAGRAPHS)
                for cell in cells
            ]
            simple = len(cells) > 1 and all(len(text.split()) <= _CELL_WORDS for text in texts)
            if simple and not any(tag_of(e) in ("table", "list") for e in row.iterdescendants()):
                between = BETWEEN_BLOCKS if first else BETWEEN_ROWS
                added = self.add(row_of(texts), between=between, furniture=furniture)
                first = first and added is None
            else:
                for cell in cells:
                    self.write(cell, furniture)
                first = True


def _is_hiding(element: etree._Element) -> bool:
    """Whether an element, or the properties of a style, say that something is not shown."""
    return _attribute(element, "display") == "none" or _attribute(element, "is-hidden") == "true"


def _within(element: etree._Element, tags: Set[str]) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, in groups too."""
    for child in element:
        if tag_of(child) in tags:
            yield child
        elif tag_of(child) not in _UNSEEN:
            yield from _within(child, tags)
