"""The visible text of a parsed page, one block a line, and which element each line stands in.

HTML, EPUB, MHTML and mail all hold pages; each of their readers parses with `parse` and reads with
`visible_text`. Nothing is judged here: menus and forms are text like all other.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from rag.errors import SeedUnreadable
from rag.records import Span

DROPPED = frozenset([
    "applet", "area", "audio", "base", "basefont", "canvas", "embed", "frame", "frameset",
    "head", "iframe", "link", "map", "meta", "noembed", "noframes", "noscript", "object",
    "param", "script", "source", "style", "svg", "template", "title", "track", "video",
])  # fmt: skip
"""Elements whose content a browser that runs scripts does not show as text."""

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col",
    "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "listing", "main", "menu", "multicol", "nav", "ol", "optgroup",
    "option", "p", "plaintext", "pre", "search", "section", "select", "summary", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "xmp",
])  # fmt: skip
"""Elements that begin and end a line (the rendering section of the HTML standard, old ones too)."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
CELLS = frozenset(["td", "th"])
PREFORMATTED = frozenset(["pre", "listing", "plaintext", "textarea", "xmp"])

CELL_WORDS = 12
"""A table's row of cells with at most so many words each is one line."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_NOSCRIPT = re.compile(r"<noscript\b[^<>]*>", re.IGNORECASE)
_NOSCRIPT_END = re.compile(r"</noscript\s*>", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


Event = tuple[Literal["text", "break", "block"], HtmlElement, str]
"""What is met, the element that it stands in, and for text the text."""


class Block(NamedTuple):
    """One line of the text: its span, and the innermost element that holds all of it.

    Attributes:
        linked: the share of its characters that are in links, 0 to 1.
    """

    start: int
    end: int
    element: HtmlElement
    linked: float


class VisibleText(NamedTuple):
    """The text of a page, and its lines in order."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> tuple[Span, ...]:
        """The spans of the lines that stand in h1 to h6."""
        return tuple(
            Span(start=block.start, end=block.end)
            for block in self.blocks
            if block.element.tag in HEADINGS or _inside(block.element, HEADINGS)
        )


def parse(markup: str, name: str) -> HtmlElement:
    """The tree of a decoded page, as libxml2 mends it. Nothing is fetched, no entity is resolved.

    Args:
        markup: HTML or XHTML.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: no element can be made of it, or it is nested deeper than libxml2 reads.
    """
    parser = HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    markup = _without_noscript(_NOT_XML.sub("", markup))
    data = markup.encode("utf-8", "replace")
    try:
        root = document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise SeedUnreadable(
            f"{name}: no page can be made of it ({error})",
            "Save the page from a browser again, or take the file out of the seeds.",
        ) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SeedUnreadable(
            f"{name}: its elements are nested too deep, or one is too long, to be read whole",
            "Save the page's text as a plain text file.",
        )
    return root


def _without_noscript(markup: str) -> str:
    """The page as a browser that runs scripts reads it: what `noscript` holds is no markup.

    libxml2 reads it as elements, and loses the page behind an element that is not closed there.
    """
    kept, end = [], 0
    for opening in _NOSCRIPT.finditer(markup):
        if opening.start() < end:
            continue
        closing = _NOSCRIPT_END.search(markup, opening.end())
        if closing is None:
            break
        kept.append(markup[end : opening.start()])
        end = closing.end()
    return "".join([*kept, markup[end:]])


def visible_text(root: HtmlElement) -> VisibleText:
    """All text that a browser shows of the page's body, furniture included.

    A block's text has the white space inside made one space; `br` and the lines of preformatted
    text are line ends, and an empty line stands between blocks. The cells of a table's row with
    nothing but a few words each stand on one line, with tabs between.
    """
    writer = _Writer()
    for event in _events(root):
        writer.take(*event)
    writer.end_block()
    return VisibleText("".join(writer.parts), tuple(writer.blocks))


class _Writer:
    """Collects text into lines, and lines into the text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.line: list[str] = []
        self.holder: HtmlElement | None = None
        self.linked = 0
        self.between = ""

    def take(self, kind: str, element: HtmlElement, text: str) -> None:
        """Take one event of `_events`."""
        if kind == "text":
            if text.strip():
                self.holder = element if self.holder is None else _common(self.holder, element)
                self.linked += len(text.strip()) if _in_link(element) else 0
            self.line.append(text)
        elif kind == "break":
            self.end_line("\n")
        elif kind == "block":
            self.end_block()

    def end_line(self, between: str) -> None:
        """Put the line so far into the text; `between` will stand before the next one."""
        cells = (" ".join(cell.split()) for cell in "".join(self.line).split("\t"))
        line = "\t".join(cell for cell in cells if cell)
        if line and self.holder is not None:
            start = self.length + len(self.between)
            self.parts += [self.between, line]
            self.length = start + len(line)
            linked = min(1.0, self.linked / len(line))
            self.blocks.append(Block(start, self.length, self.holder, linked))
            self.between = between
        elif self.between and self.blocks:
            self.between = "\n\n"
        self.line, self.holder, self.linked = [], None, 0

    def end_block(self) -> None:
        """End the line and the block that it stands in."""
        self.end_line("\n\n")
        if self.blocks:
            self.between = "\n\n"


def _events(root: HtmlElement) -> Iterator[Event]:
    """Text, breaks and ends of blocks in the order in which a reader meets them.

    Without recursion, so that depth costs no stack.
    """
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    rows: list[HtmlElement] = []  # those open that stand on one line
    for event, element in walker:
        shown = isinstance(element.tag, str) and element.tag not in DROPPED
        if event == "start" and shown:
            if element.tag == "tr" and is_simple_row(element):
                rows.append(element)
            yield from _opening(element, in_row=bool(rows))
        elif event == "start":
            walker.skip_subtree()
        else:
            if shown and element.tag in BLOCKS and not (rows and element.tag in CELLS):
                yield "block", element, ""
            if rows and element is rows[-1]:
                rows.pop()
            if element.tail and element is not root:
                yield from _text(element.getparent(), element.tail)


def _opening(element: HtmlElement, *, in_row: bool) -> Iterator[Event]:
    if in_row and element.tag in CELLS:
        yield "text", element, "\t"
    elif element.tag in BLOCKS:
        yield "block", element, ""
    elif element.tag == "br":
        yield "break", element, ""
    elif element.tag in ("img", "input") or _touches_link(element):
        yield "text", element, " "
    if element.text:
        yield from _text(element, element.text)


def _text(element: HtmlElement, text: str) -> Iterator[Event]:
    """A text node; in preformatted text, its lines with breaks between."""
    if element.tag not in PREFORMATTED and not _inside(element, PREFORMATTED):
        yield "text", element, " ".join(re.split(r"\s", text))
        return
    for number, line in enumerate(_LINE_END.split(text)):
        if number:
            yield "break", element, ""
        yield "text", element, line.replace("\t", " ")


def _touches_link(element: HtmlElement) -> bool:
    """Whether it is a link right after another one: style sheets keep such links apart."""
    before = element.getprevious() if element.tag == "a" else None
    return before is not None and before.tag == "a" and not before.tail


def _in_link(element: HtmlElement) -> bool:
    around = (element, *element.iterancestors("a"))
    return any(each.tag == "a" and each.get("href") is not None for each in around)


def is_simple_row(row: HtmlElement) -> bool:
    """Whether a table's row has two cells or more, with a few words each and no blocks inside."""
    cells = [cell for cell in row if cell.tag in CELLS]
    filled = 0
    for cell in cells:
        if any(each.tag in BLOCKS or each.tag == "br" for each in cell.iterdescendants()):
            return False
        words = len("".join(cell.itertext()).split())
        filled += words > 0
        if words > CELL_WORDS:
            return False
    return filled > 1


def _inside(element: HtmlElement, tags: frozenset[str]) -> bool:
    return any(each.tag in tags for each in element.iterancestors())


def _common(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    """The innermost element that holds both."""
    around = {one, *one.iterancestors()}
    while other not in around:
        other = other.getparent()
    return other
