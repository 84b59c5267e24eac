"""RTF: what a person reads in the document as it stands, paragraph by paragraph.

`start` and `end` refer to that text, not to the file. A paragraph is one line (with line ends where
its author broke it), and so is a row of a table whose cells hold a few words each, with tabs
between. Text boxes follow their paragraph; footnotes stand after everything else. Text that is
hidden or deleted by a tracked change is left out, and so are comments, the instructions of fields,
pictures, the bullets and numbers of lists, and the heads and feet of pages. Bytes are decoded with
the code page of their font, else of the document. When the file was made says nothing of when its
text was published, so there is no date.

The format: Rich Text Format Specification, version 1.9.1 (Microsoft, 2008).
"""

import codecs
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from rag.errors import SeedUnreadable
from rag.readers import stated
from rag.readers.building import BETWEEN_BLOCKS, BETWEEN_ROWS, TextBuilder, row_of, tidy
from rag.records import Metadata, Notice, Reading

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL
)

_CHARSETS: Mapping[int, str] = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Charset of a font -> code page; 0 and 1 stand for the document's own."""

_WORDS: Mapping[str, str] = {
    "tab": " ", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—",
    "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_PAGES: Mapping[str, str] = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_SYMBOLS: Mapping[str, str] = {"~": " ", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\t": " "}

_UNSEEN = frozenset([
    "annotation", "atnauthor", "atnid", "colortbl", "fldinst", "footer", "footerf", "footerl",
    "footerr", "ftncn", "ftnsep", "ftnsepc", "header", "headerf", "headerl", "headerr", "info",
    "listtext", "nonesttables", "nonshppict", "object", "pict", "pntext", "shprslt", "sp", "tc",
    "txe", "upr", "xe",
])  # fmt: skip
"""Destinations that are no text of the document; so are all that are starred, but for these:"""

_SEEN = frozenset(["do", "shpinst", "ud"])

_TARGETS: Mapping[str, str] = {
    "dptxbxtext": "box", "fonttbl": "font", "footnote": "note", "shptxt": "box",
    "stylesheet": "style",
}  # fmt: skip
"""Destinations whose text goes elsewhere than to the body."""

_INFO = frozenset(["title", "author"])

_CELL_WORDS = 12
"""A table's row of cells with at most so many words each is one line, as in HTML."""


def read(data: bytes, name: str) -> Reading:
    """The text of an RTF document with its headings and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is no RTF, or holds no text.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        raise SeedUnreadable(f"{name}: no RTF file", "Check that its name ends as its format does.")
    parser = _Parser()
    parser.parse(data.decode("latin-1"))
    builder = parser.written()
    if not builder.parts:
        raise SeedUnreadable(f"{name}: a document without text", "Take it out of the seeds.")
    cut = Notice(file=name, message="incomplete: it ends in the middle", remedy="get it again")
    return Reading(
        text=builder.text,
        encoding="rtf",
        headings=tuple(builder.headings),
        metadata=Metadata(
            title=stated.title(parser.said["title"]) or stated.title(parser.titled),
            author=stated.person(parser.said["author"]),
        ),
        notices=(cut,) if parser.stack else (),
    )


@dataclass(frozen=True)
class _State:
    """What holds for the text that comes; a closing brace brings the former back.

    `target` is where text goes: "body", "box", "note", "title", "author", "font", "style" or
    nowhere ("").
    """

    target: str = "body"
    font: int = -1
    style: int = -1
    level: int = 9
    skipped_after_unicode: int = 1
    hidden: bool = False
    in_table: bool = False


@dataclass
class _Flow:
    """The paragraphs of the body or of the notes as they come."""

    blocks: list[tuple[str, int, int, bool]] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    style: int = -1
    level: int = 9
    cell: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    first_row: bool = True

    def put(self, text: str, state: _State) -> None:
        """Add text to the paragraph; its style is that of its last word."""
        self.line.append(text)
        if text.strip():
            self.style, self.level = state.style, state.level

    def taken(self) -> str:
        """The paragraph so far, which is ended."""
        units = "".join(self.line)
        self.line = []
        # What lies beyond U+FFFF is written in two halves.
        return tidy(units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def end_paragraph(self, state: _State) -> None:
        """End a paragraph, which may be one of several in a cell."""
        if state.in_table:
            self.cell.append(self.taken())
            return
        self.end_row()
        self.blocks.append((self.taken(), self.style, self.level, False))
        self.first_row = True

    def end_cell(self) -> None:
        """End a cell of a table."""
        self.cells.append([*self.cell, self.taken()])
        self.cell = []

    def end_row(self) -> None:
        """End a row of a table, and with it the cells that nothing else ended."""
        if self.cell:
            self.end_cell()
        texts = [" ".join(cell) for cell in self.cells]
        if len(texts) > 1 and all(len(text.split()) <= _CELL_WORDS for text in texts):
            self.blocks.append((row_of(texts), -1, 9, not self.first_row))
            self.first_row = False
        else:
            self.blocks += [(line, -1, 9, False) for cell in self.cells for line in cell]
            self.first_row = True
        self.cells = []


class _Parser:
    """Goes over the tokens of a document and keeps what they say."""

    def __init__(self) -> None:
        self.said = {"title": "", "author": ""}
        self.titled: str | None = None
        self.stack: list[_State] = []
        self._state = _State()
        self._flows = {"body": _Flow(), "box": _Flow(), "note": _Flow()}
        self._bytes = bytearray()
        self._skip = 0
        self._starred = False
        self._page = "cp1252"
        self._font = -1
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._title_styles: set[int] = set()
        self._named = ""

    def parse(self, markup: str) -> None:
        """Take all tokens; what stands after the last brace is no part of the document."""
        place = 0
        while match := _TOKEN.search(markup, place):
            word, number, code, symbol, brace, plain = match.groups()
            place = match.end()
            if word == "bin":
                place += max(0, int(number or 0))
            elif word:
                self._word(word, None if number is None else int(number))
            elif code:
                self._text(bytes.fromhex(code))
            elif plain:
                self._text(plain.encode("latin-1"))
            elif symbol:
                self._symbol(symbol)
            else:
                self._brace(brace)
                if not self.stack:
                    break
        self._flush()
        self._starred = False

    def written(self) -> TextBuilder:
        """The text of the body, then that of the notes."""
        builder = TextBuilder()
        for flow in self._flows.values():
            flow.end_paragraph(_State())
            for text, style, level, follows in flow.blocks:
                titled = style in self._title_styles
                if titled and self.titled is None and text:
                    self.titled = text
                heading = titled or level < 9 or self._levels.get(style, 9) < 9
                builder.add(
                    text, heading=heading, between=BETWEEN_ROWS if follows else BETWEEN_BLOCKS
                )
        return builder

    def _text(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        """Decode the bytes so far. Two bytes of one character may come in two tokens."""
        if self._bytes:
            encoding = self._fonts.get(self._state.font, self._page)
            self._put(self._bytes.decode(encoding, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        target = self._state.target
        if target in _INFO:
            self.said[target] += text
        elif target == "style":
            self._named += text
        elif target in self._flows and not self._state.hidden:
            self._flows[target].put(text, self._state)

    def _symbol(self, symbol: str) -> None:
        self._flush()
        self._skip = 0
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            self._word("par", None)
        else:
            self._put(_SYMBOLS.get(symbol, ""))

    def _brace(self, brace: str) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if brace == "{":
            self.stack.append(self._state)
            self._named = ""
            return
        ended = self._state
        if self.stack:
            self._state = self.stack.pop()
        if ended.target == "style":
            self._style(ended)
        elif ended.target in ("box", "note") and ended.target != self._state.target:
            self._flows[ended.target].end_paragraph(_State())

    def _style(self, state: _State) -> None:
        name = self._named.strip().rstrip(";").strip().lower()
        if state.level < 9 or name.startswith("heading "):
            self._levels[state.style] = min(state.level, 8)
        if name == "title":
            self._title_styles.add(state.style)
        self._named = ""

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        self._skip = 0
        starred, self._starred = self._starred, False
        if starred or word in _DESTINATIONS:
            self._destination(word, starred=starred)
        elif self._state.target == "":
            return
        elif word in _WORDS:
            self._put(_WORDS[word])
        elif word in _PAGES:
            self._page = _PAGES[word]
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)
        elif word in _PROPERTIES:
            self._state = replace(self._state, **_PROPERTIES[word](number))

    def _destination(self, word: str, *, starred: bool) -> None:
        """Where the text of this group goes; out of a group that is no text only these lead."""
        if word in _INFO:
            self.said[word] = ""  # where it is given twice, the second is in Unicode
            target = word
        elif starred and word in _SEEN:
            target = self._state.target if word != "ud" else "body"
        elif self._state.target == "":
            return
        else:
            target = "" if starred else _TARGETS.get(word, "")
        self._state = replace(self._state, target=target)

    def _unicode(self, number: int | None) -> None:
        if number is not None:
            self._put(chr(number % 0x10000))
            self._skip = self._state.skipped_after_unicode

    def _end_paragraph(self, _: int | None) -> None:
        flow = self._flows.get(self._state.target)
        if flow is not None:
            flow.end_paragraph(self._state)
        if flow is self._flows["body"] and not self._state.in_table:
            flow.blocks += self._flows["box"].blocks
            self._flows["box"].blocks = []

    def _end_cell(self, _: int | None) -> None:
        if self._state.target in self._flows:
            self._flows[self._state.target].end_cell()

    def _end_row(self, _: int | None) -> None:
        if self._state.target in self._flows:
            self._flows[self._state.target].end_row()

    def _default_font(self, number: int | None) -> None:
        self._font = -1 if number is None else number
        self._plain(None)

    def _plain(self, _: int | None) -> None:
        self._state = replace(self._state, hidden=False, font=self._font)

    def _code_page(self, number: int | None) -> None:
        with suppress(LookupError):
            self._page = codecs.lookup(f"cp{number}").name

    def _charset(self, number: int | None) -> None:
        if self._state.target == "font" and number is not None and number in _CHARSETS:
            self._fonts[self._state.font] = _CHARSETS[number]


_DESTINATIONS = _UNSEEN | _INFO | _TARGETS.keys()

_ACTIONS: Mapping[str, Callable[[_Parser, int | None], None]] = {
    "u": _Parser._unicode, "par": _Parser._end_paragraph, "sect": _Parser._end_paragraph,
    "cell": _Parser._end_cell, "nestcell": _Parser._end_cell, "row": _Parser._end_row,
    "nestrow": _Parser._end_row, "deff": _Parser._default_font, "plain": _Parser._plain,
    "ansicpg": _Parser._code_page, "fcharset": _Parser._charset,
}  # fmt: skip

_PROPERTIES: Mapping[str, Callable[[int | None], Mapping[str, Any]]] = {
    "f": lambda number: {"font": number if number is not None else -1},
    "s": lambda number: {"style": number if number is not None else -1},
    "outlinelevel": lambda number: {"level": number if number is not None else 9},
    "uc": lambda number: {"skipped_after_unicode": number if number is not None else 1},
    "v": lambda number: {"hidden": number != 0},
    "deleted": lambda number: {"hidden": number != 0},
    "intbl": lambda number: {"in_table": number != 0},
    "pard": lambda _: {"style": -1, "level": 9, "in_table": False},
}
