"""A library in which every text, and everything that is known of one, is hostile.

And what a page is made of: whatever else stands on it came out of a text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from rag.answering import Library
from tests.browser.payloads import PAYLOADS

WORDS = tuple(
    first + last
    for first in ("Zorb", "Quib", "Fend", "Mosk", "Trev", "Ulm", "Voss", "Wend")
    for last in ("lax", "narrow", "imund", "oquin", "uvik")
)
"""A word for each document, which stands in each of its sentences and in no other document."""

SHARE = -(-len(PAYLOADS) // len(WORDS))

FIELDS = ("title", "author", "publisher", "kind", "origin", "basis", "assigned_by")


def _words(line: str) -> list[str]:
    return line.split()


ELEMENTS = _words(
    "a article b bdi blockquote button caption circle cite code dd details div dl dt em fieldset "
    "h1 h2 h3 h4 header input label legend li mark ol option p path progress q section select "
    "span strong summary svg table tbody td textarea th thead tr ul "
)
"""All that the templates are made of; what they hold beside it is text."""

ATTRIBUTES = _words(
    "aria-current aria-describedby aria-expanded aria-hidden aria-invalid aria-label "
    "aria-labelledby aria-sort autocomplete class colspan cx cy d data-act data-also data-answer "
    "data-ask data-at data-broke data-cancel data-cancel-of data-cancelled data-change "
    "data-citation data-clear data-close data-copied data-copy data-current data-do data-document "
    "data-edit data-editing data-ending data-failed data-figure data-file data-find data-first "
    "data-generation data-id data-key data-last data-library data-link data-list data-most "
    "data-name data-none data-number data-of data-open data-page data-quote data-refused "
    "data-rename data-revision data-script data-sent data-shown data-sign-in data-some data-sort "
    "data-sort-by data-sources data-step data-too-large data-turn data-value data-why data-wrong "
    "dir disabled hidden href id lang max maxlength multiple name open placeholder r rel role "
    "rows scope selected size spellcheck tabindex target title type value viewBox "
)
"""All that these have, and no `style` and no listener among it."""


@dataclass(frozen=True)
class Hostile:
    """A document that holds some payloads, and of which everything that is known holds them."""

    word: str
    payloads: Sequence[str]

    @property
    def file(self) -> str:
        return f"{self.word.lower()}.txt"

    @property
    def text(self) -> str:
        lines = (f"{self.word} bears {each} upon it: {self.word}." for each in self.payloads)
        return "".join(f"{line}\n" for line in lines)

    def told(self, field: str) -> str:
        """What is said of it in a field, every payload of it."""
        return f"{field} of {self.word} " + " ".join(self.payloads)

    @property
    def label(self) -> str:
        return f"{self.word} {self.payloads[0]}"

    @property
    def url(self) -> str:
        return f"https://evil.example/\"onmouseover=window.pwned=1'<script>#{self.word}"

    @property
    def entry(self) -> str:
        """Its lines of the catalogue."""
        about = {"label": self.label, "description": self.told("description")}
        known = {"file": self.file} | {field: self.told(field) for field in FIELDS}
        known |= {
            "url": self.url,
            "language": "en\" onload=window.pwned=1 x='<script>",
            "perspective": self.word,
            "basis_quote": self.payloads[0],
        }
        inferred = {field: self.told(f"inferred {field}") for field in ("author", "kind")}
        return (
            f"[perspectives.{self.word}]\n{_lines(about)}"
            f"[[sources]]\n{_lines(known)}[sources.inferred]\n{_lines(inferred)}"
        )


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(table: Mapping[str, str]) -> str:
    return "".join(f"{key} = {toml(value)}\n" for key, value in table.items())


DOCUMENTS = [
    Hostile(word, PAYLOADS[number * SHARE : (number + 1) * SHARE])
    for number, word in enumerate(WORDS)
]

# Each payload on a line of its own: where Markdown and furniture begin.
BARE = {"bare.md": "\n\n".join(PAYLOADS), "bare.txt": "\r\n".join(PAYLOADS) + "\r\n"}

FILES: Mapping[str, str] = (
    {each.file: each.text for each in DOCUMENTS}
    | BARE
    | {
        "sources.toml": f"[questions]\nask = [{', '.join(map(toml, PAYLOADS))}]\n"
        + "".join(each.entry for each in DOCUMENTS)
    }
)


class Served(NamedTuple):
    """A library that is served."""

    url: str
    library: Library
    seeds: Path

    def text(self, document: str) -> str:
        """The text of a document, as anybody would decode its file."""
        return (self.seeds / document).read_bytes().decode("utf-8-sig")


STRANGE = """([elements, attributes]) => {
  const inside = "#status, #conversations, #acting, #filters, #thread, #said, #reader,"
    + " #changed, #progress, #adding, #sources, #labels, #map, #nearest";
  const strange = [];
  // An address leads to a quote on this page, or out of it into a tab that knows nothing.
  const leads = (each) =>
    each.localName === "a" &&
    (/^[?]cite=[A-Za-z0-9_-]+$/.test(each.getAttribute("href")) ||
      (["http:", "https:"].includes(each.protocol) &&
        each.origin !== location.origin &&
        each.target === "_blank" &&
        each.rel === "noopener noreferrer"));
  // What plotly draws, and where the page puts the words beside the pointer, is not of templates.
  const drawn = ".plot *, .plot, .beside-pointer";
  const searching = "#nearest form[data-find]:not([action])";
  for (const root of document.querySelectorAll(inside)) {
    for (const each of root.querySelectorAll(".html-container > div *")) {
      if (each.matches(drawn) || each.matches(searching)) continue;
      if (!elements.includes(each.localName)) strange.push(each.outerHTML);
      for (const { name } of each.attributes)
        if (!attributes.includes(name)) strange.push(`${name} of ${each.outerHTML}`);
      const { position } = getComputedStyle(each);
      const ours = each.matches(".choose > [type=file], .export > p")
        || (each.matches(".unseen") && each.clientWidth <= 1);
      const lies = position === "fixed" || (position === "absolute" && !ours);
      if (lies) strange.push(each.outerHTML);
      if (each.hasAttribute("href") && !leads(each)) strange.push(each.outerHTML);
    }
  }
  const elsewhere = "iframe, frame, object, embed, body base, body link, body style, dialog,"
    + "marquee, [popover], meta[http-equiv], a[href]:not(#reader a),"
    + ".plot :is(a, image, foreignObject, script)";
  for (const each of document.querySelectorAll(elsewhere)) strange.push(each.outerHTML);
  for (const each of document.querySelectorAll("form"))
    if (!each.matches(searching)) strange.push(each.outerHTML);
  return strange.map((each) => each.slice(0, 200));
}"""
"""What stands on the page that the page is not made of."""


def assert_inert(page: Page) -> None:
    """Nothing of what the page shows is more than text, in the elements that the page is made of.

    What scripts, requests and dialogs there were is told by the fixture that opened the page.
    """
    strange = page.evaluate(STRANGE, [ELEMENTS, ATTRIBUTES])
    assert strange == [], strange
    assert page.evaluate("'pwned' in window || 'pwned' in {}") is False
    assert page.title() == "Parallax"
