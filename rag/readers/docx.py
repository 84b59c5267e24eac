"""DOCX: what a person reads in the document as it stands, paragraph by paragraph.

`start` and `end` refer to that text, not to the file. A paragraph is one line (with line ends where
its author broke it), and so is a row of a table whose cells hold a few words each, with tabs
between. Text boxes follow the paragraph that they are anchored to; footnotes and endnotes stand
after everything else, and their marks in the text are left out. Insertions that are tracked are
text, deletions are not; nor are hidden letters, comments, the instructions of fields, and the
heads and feet of pages. A table of contents is furniture. The numbers of lists and headings are
counted by Word and are no part of the file. It has no pages either: Word makes them when it shows
it. When the file was made or changed says nothing of when its text was published, so there is no
date.
"""

import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from rag.errors import SeedUnreadable
from rag.readers import stated
from rag.readers.archive import member, open_archive
from rag.readers.building import BETWEEN_BLOCKS, BETWEEN_ROWS, TextBuilder, row_of, tidy
from rag.readers.xml import parse_xml, tag_of
from rag.records import Metadata, Reading

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of older Office versions begin, and those that newer ones encrypted."""

_UNSEEN = frozenset([
    "Fallback", "annotationRef", "commentReference", "del", "delInstrText", "delText",
    "endnoteReference", "footnoteReference", "instrText", "moveFrom", "pPr", "rPr", "sdtEndPr",
    "sdtPr", "tblPr", "tcPr", "trPr", "txbxContent",
])  # fmt: skip
"""Elements that hold nothing which is shown in the line that they stand in."""

_CHARACTERS: Mapping[str, str] = {
    "tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011",
}  # fmt: skip

_CELL_WORDS = 12
"""A table's row of cells with at most so many words each is one line, as in HTML."""

_MOST_STYLES = 32
"""A style that is based on more others than this is based on itself."""


def read(data: bytes, name: str) -> Reading:
    """The text of a Word document with its headings and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is damaged, encrypted, of an older format, or holds no text.
    """
    if data.startswith(_OLE):
        raise SeedUnreadable(
            f"{name}: needs a password, or is of the format that Word had before 2007",
            "Save it as .docx without a password.",
        )
    archive = open_archive(data, name)
    path = _main_part(archive, name)
    folder = path.rpartition("/")[0]
    body = parse_xml(member(archive, path), name, path)
    if tag_of(body) != "document":
        raise _no_document(name)
    writer = _Writer(_heading_styles(_optional(archive, f"{folder}/styles.xml", name)))
    writer.write(body)
    for notes in ("footnotes", "endnotes"):
        root = _optional(archive, f"{folder}/{notes}.xml", name)
        for note in root if root is not None else ():
            if _value(note, "type") in (None, "normal"):
                writer.write(note)
    if not writer.parts:
        raise SeedUnreadable(f"{name}: a document without text", "Take it out of the seeds.")
    return Reading(
        text=writer.text,
        encoding="docx",
        headings=tuple(writer.headings),
        furniture=tuple(writer.furniture),
        metadata=_metadata(_optional(archive, "docProps/core.xml", name), writer.title),
    )


def _main_part(archive: zipfile.ZipFile, name: str) -> str:
    """The path of the document itself, which the archive's relations tell."""
    relations = _optional(archive, "_rels/.rels", name)
    for each in relations if relations is not None else ():
        if str(each.get("Type", "")).endswith("/officeDocument"):
            return str(each.get("Target", "")).lstrip("/")
    raise _no_document(name)


def _no_document(name: str) -> SeedUnreadable:
    return SeedUnreadable(
        f"{name}: an archive, but no Word document",
        "Check that its name ends as its format does: an archive of files is a .zip.",
    )


def _optional(archive: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    if path not in archive.namelist():
        return None
    return parse_xml(member(archive, path), name, path)


def _heading_styles(styles: etree._Element | None) -> Mapping[str, str]:
    """Style id -> "title", "heading" or "contents", for styles of these kinds, own or inherited."""
    based: dict[str, str | None] = {}
    kinds: dict[str, str] = {}
    for style in styles if styles is not None else ():
        if tag_of(style) == "style":
            key, label = _value(style, "styleId") or "", _child_value(style, "name") or ""
            based[key] = _child_value(style, "basedOn")
            if label.lower() == "title":
                kinds[key] = "title"
            elif label.lower().startswith("toc "):
                kinds[key] = "contents"
            elif label.lower().startswith("heading ") or _outlined(style):
                kinds[key] = "heading"
    inherited = {key: kinds.get(_origin(key, based, kinds)) for key in based}
    return {key: kind for key, kind in inherited.items() if kind is not None}


def _origin(key: str, based: Mapping[str, str | None], kinds: Mapping[str, str]) -> str:
    """The style itself, or the nearest of those it is based on that is one of `kinds`."""
    for _ in range(_MOST_STYLES):
        parent = based.get(key)
        if key in kinds or parent is None:
            break
        key = parent
    return key


def _outlined(element: etree._Element) -> bool:
    """Whether a style or paragraph has a level of the outline; the tenth is that of the text."""
    levels = [_value(each, "val") for each in element.iter() if tag_of(each) == "outlineLvl"]
    return bool(levels) and levels[0] in set("012345678")


def _metadata(core: etree._Element | None, title: str | None) -> Metadata:
    said = {tag_of(each): each.text for each in core} if core is not None else {}
    return Metadata(
        title=stated.title(said.get("title")) or stated.title(title),
        author=stated.person(said.get("creator")),
        language=stated.language(said.get("language")),
    )


def _value(element: etree._Element, attribute: str) -> str | None:
    """An attribute, whichever of the two namespaces of the format it is in."""
    found = (v for k, v in element.attrib.items() if str(k).rpartition("}")[2] == attribute)
    value = next(found, None)
    return None if value is None else str(value)


def _child(element: etree._Element, tag: str) -> etree._Element | None:
    return next((each for each in element if tag_of(each) == tag), None)


def _child_value(element: etree._Element, tag: str) -> str | None:
    child = _child(element, tag)
    return None if child is None else _value(child, "val")


def _is_on(properties: etree._Element | None, tag: str) -> bool:
    switch = None if properties is None else _child(properties, tag)
    return switch is not None and _value(switch, "val") not in ("0", "false", "off")


def _shown(element: etree._Element) -> Iterator[str]:
    """The characters that an element shows in its line, in order."""
    for child in element:
        tag = tag_of(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag in _UNSEEN or (tag == "r" and _is_on(_child(child, "rPr"), "vanish")):
            continue
        else:
            yield from _shown(child)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes that are anchored in a paragraph."""
    for child in paragraph:
        tag = tag_of(child)
        if tag == "txbxContent":
            yield child
        elif tag not in _UNSEEN:
            yield from _boxes(child)


class _Writer(TextBuilder):
    """Writes the blocks of a document; `title` is its first paragraph in the style of that name."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        super().__init__()
        self._styles = styles
        self._in_list = False
        self.title: str | None = None

    def write(self, element: etree._Element) -> None:
        """Write all paragraphs and tables in an element."""
        for child in element:
            tag = tag_of(child)
            if tag == "p":
                self._paragraph(child)
            elif tag == "tbl":
                self._table(child)
            elif tag not in _UNSEEN:
                self.write(child)

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = _child(paragraph, "pPr")
        kind, listed = None, False
        if properties is not None:
            kind = self._styles.get(_child_value(properties, "pStyle") or "")
            kind = "heading" if kind is None and _outlined(properties) else kind
            listed = _child(properties, "numPr") is not None and kind is None
        text = tidy("".join(_shown(paragraph)))
        if kind == "title" and self.title is None:
            self.title = text or None
        between = BETWEEN_ROWS if listed and self._in_list else BETWEEN_BLOCKS
        furniture = "table of contents" if kind == "contents" else ""
        heading = kind in ("title", "heading")
        if self.add(text, heading=heading, between=between, furniture=furniture):
            self._in_list = listed
        for box in _boxes(paragraph):
            self.write(box)

    def _table(self, table: etree._Element) -> None:
        first = True
        for row in _within(table, "tr"):
            cells = list(_within(row, "tc"))
            texts = [
                " ".join("".join(_shown(p)) for p in cell if tag_of(p) == "p") for cell in cells
            ]
            simple = len(cells) > 1 and all(len(text.split()) <= _CELL_WORDS for text in texts)
            if simple and not any(tag_of(each) == "tbl" for each in row.iterdescendants()):
                added = self.add(row_of(texts), between=BETWEEN_BLOCKS if first else BETWEEN_ROWS)
                first = first and added is None
            else:
                for cell in cells:
                    self.write(cell)
                first = True


def _within(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row that are not deleted, in content controls too."""
    for child in element:
        if tag_of(child) == tag:
            properties = _child(child, f"{tag}Pr")
            if properties is None or _child(properties, "del") is None:
                yield child
        elif tag_of(child) not in _UNSEEN:
            yield from _within(child, tag)
