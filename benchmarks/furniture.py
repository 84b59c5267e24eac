r"""How well furniture is told from the document, beside what others make of the same pages.

    python benchmarks/furniture.py DIR [--json]

DIR holds `html/<id>.html` and `gold/<id>.txt`, as CleanEval does (Baroni et al., LREC 2008): in the
gold text a first line with the address and the marks <h>, <p> and <l> are left out, in the page
the wrapper `<text …>`. Measured are words (`\w+` in small letters) as bags: precision, recall and
F1 of each page, and their means over the pages whose plain dump has a precision below .8, and over
the others. The weights that ship were learned on CleanEval: figures of pages that no weight has
seen are those of `benchmarks/learn_furniture.py`.

The rows: the plain dump (every text node of the body, a line each block) with nothing done to it,
trafilatura, readability-lxml and jusText as they come, Parallax from the HTML, and Parallax from
the plain dump.
"""

import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, fromstring

from rag.errors import SeedUnreadable
from rag.furniture import furniture_of
from rag.readers import html
from rag.readers.blocks import BLOCKS, DROPPED, parse
from rag.records import Furniture

LEAST_PRECISION = 0.8
"""Pages whose plain dump is less precise have furniture worth leaving out."""

WORST = 10

_WRAPPER = re.compile(rb"\s*<text\b[^>]*>|</text>\s*\Z")
_ADDRESS = re.compile(r"\s*(?:URL:|https?://).*")
_MARK = re.compile(r"^\s*<[hpl]>", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """A page and what a person took out of it."""

    id: str
    data: bytes
    gold: str


class Measures(NamedTuple):
    """Of one page, or means over several; each 0 to 1."""

    precision: float
    recall: float
    f1: float


def main(folder: Path, as_json: bool) -> None:
    """Measure all rows and print them."""
    logging.disable(logging.CRITICAL)
    pages = pages_of(folder)
    measured = {name: [row(page) for page in pages] for name, row in rows().items()}
    noisy = [each.precision < LEAST_PRECISION for each in measured["nothing done"]]
    told: dict[str, Any] = {
        name: {
            "noisy": mean([m for m, worth in zip(each, noisy, strict=True) if worth])._asdict(),
            "others": mean(
                [m for m, worth in zip(each, noisy, strict=True) if not worth]
            )._asdict(),
        }
        for name, each in measured.items()
    }
    told |= dict.fromkeys(NOT_INSTALLED, "not installed")
    worst = {
        name: sorted((round(m.f1, 3), page.id) for m, page in zip(each, pages, strict=True))[:WORST]
        for name, each in measured.items()
        if name.startswith("Parallax")
    }
    if as_json:
        print(json.dumps({"pages": len(pages), "noisy": sum(noisy), "rows": told, "worst": worst}))
        return
    print(f"{sum(noisy)} noisy pages and {len(pages) - sum(noisy)} others: precision, recall, F1")
    for name, row in told.items():
        print(f"{name:28s}", row if isinstance(row, str) else "   ".join(_figures(row)))
    for name, ten in worst.items():
        print(f"worst of {name}:", ", ".join(f"{page} {f1}" for f1, page in ten))


def _figures(row: dict[str, dict[str, float]]) -> Iterator[str]:
    for pages in row.values():
        yield " ".join(f"{value:.3f}" for value in pages.values())


def pages_of(folder: Path) -> list[Page]:
    """The pages of a folder that have a gold text, by id."""
    pages = []
    for path in sorted(folder.glob("html/*.html")):
        gold = folder / "gold" / f"{path.stem}.txt"
        if gold.exists():
            data = _WRAPPER.sub(b"", path.read_bytes())
            pages.append(Page(id=path.stem, data=data, gold=_gold(gold.read_bytes())))
    return pages


def _gold(data: bytes) -> str:
    text = html.decode(data, "gold")[0].strip()
    first, _, rest = text.partition("\n")
    return _MARK.sub("", rest if _ADDRESS.fullmatch(first) else text)


def words_of(text: str) -> list[str]:
    """The words that are counted."""
    return _WORD.findall(text.lower())


def measure(found: str, gold: str) -> Measures:
    """Precision, recall and F1 of the words of a text, as bags; 0 where there is none."""
    bag, wanted = Counter(words_of(found)), Counter(words_of(gold))
    right = (bag & wanted).total()
    precision, recall = right / max(bag.total(), 1), right / max(wanted.total(), 1)
    return Measures(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def mean(measures: Sequence[Measures]) -> Measures:
    """The mean of each."""
    return Measures(*(sum(each) / max(len(measures), 1) for each in zip(*measures, strict=True)))


def tree_of(page: Page) -> HtmlElement:
    """The page, parsed as the HTML reader does."""
    return parse(html.decode(page.data, page.id)[0], page.id)


def dump_of(page: Page) -> str:
    """The plain dump of a page: every text node of its body, a line each block."""
    return "\n".join(lines_of_blocks(tree_of(page)))


def lines_of_blocks(root: HtmlElement) -> Iterator[str]:
    """The text between the edges of block elements; `br` is a space."""
    line = ""
    for edge, text in nodes(root):
        if edge and line.strip():
            yield " ".join(line.split())
        line = text if edge else line + text
    if line.strip():
        yield " ".join(line.split())


def nodes(root: HtmlElement) -> Iterator[tuple[bool, str]]:
    """Each text node that is shown, and whether it is the first after the edge of a block."""
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    edge = False
    for event, element in walker:
        shown = isinstance(element.tag, str) and element.tag not in DROPPED
        if event == "start" and not shown:
            walker.skip_subtree()
            continue
        edge = edge or (shown and element.tag in BLOCKS)
        text = element.text if event == "start" else element.tail
        if text or element.tag == "br":
            yield edge, text or " "
            edge = False


def outside(text: str, furniture: Sequence[Furniture]) -> str:
    """What is left of a text without its furniture."""
    edges = [0, *(edge for span in furniture for edge in (span.start, span.end)), len(text)]
    return "\n".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def from_html(page: Page) -> str:
    """The document that Parallax finds in the HTML."""
    try:
        reading = html.read(page.data, page.id)
    except SeedUnreadable:
        return ""
    return outside(reading.text, furniture_of(reading.text, reading.furniture, judged=True))


def from_dump(page: Page) -> str:
    """The document that Parallax finds in the plain dump."""
    text = dump_of(page)
    return outside(text, furniture_of(text))


def _trafilatura(module: Any, markup: str) -> str:  # noqa: ANN401 - a module without types
    return module.extract(markup) or ""


def _readability(module: Any, markup: str) -> str:  # noqa: ANN401
    return str(fromstring(module.Document(markup).summary()).text_content())


def _justext(module: Any, markup: str) -> str:  # noqa: ANN401
    stop_words = module.get_stoplist("English")
    paragraphs = module.justext(markup.encode(), stop_words, encoding="utf-8")
    return "\n".join(each.text for each in paragraphs if not each.is_boilerplate)


PEERS = {"trafilatura": _trafilatura, "readability": _readability, "justext": _justext}
NOT_INSTALLED: list[str] = []


def rows() -> dict[str, Callable[[Page], Measures]]:
    """Name of a row -> its measures of a page."""
    texts: dict[str, Callable[[Page], str]] = {"nothing done": dump_of}
    for name, extract in PEERS.items():
        try:
            texts[name] = _peer(import_module(name), extract)
        except ImportError:
            NOT_INSTALLED.append(name)
    texts |= {"Parallax from HTML": from_html, "Parallax from the dump": from_dump}
    return {name: _measured(text) for name, text in texts.items()}


def _peer(module: Any, extract: Callable[[Any, str], str]) -> Callable[[Page], str]:  # noqa: ANN401
    def text(page: Page) -> str:
        try:
            return extract(module, html.decode(page.data, page.id)[0])
        except Exception:  # in a page that a peer cannot read it finds nothing
            return ""

    return text


def _measured(text: Callable[[Page], str]) -> Callable[[Page], Measures]:
    return lambda page: measure(text(page), page.gold)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python benchmarks/furniture.py DIR [--json]; DIR holds html/ and gold/")
    main(Path(sys.argv[1]), "--json" in sys.argv[2:])
