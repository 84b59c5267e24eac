"""Small libraries on made-up matters, an encoder that remembers, and oracles of several tests."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from rag.answering import Library
from rag.characters import MARKS, TURNING, UNSEEN
from rag.encoder import Bits, EncodedTexts, Encoder, Starts, Vectors
from rag.furniture.left_out import left_out_of
from rag.index.build import build
from rag.index.rows import Rows
from rag.index.saving import Cut, Said
from rag.index.texts import Texts
from rag.progress import Progress
from rag.reading import Carried, Known, SeedsRead
from rag.records import (
    AlsoIn,
    Answer,
    AssignedPerspective,
    Citation,
    Coverage,
    Document,
    Filter,
    FormerLabel,
    Furniture,
    Notice,
    Passage,
    Quote,
    Sentence,
    Source,
)
from rag.settings import Settings

Files = Mapping[str, str | bytes]

HARBOUR: Files = {
    "council.txt": (
        "The town council closed the harbour of Lomvik to trawlers in 1974.\n"
        "It said that the herring would come back within a decade.\n"
    ),
    "fishers.txt": (
        "The harbour of Lomvik was closed to trawlers in 1975, without asking any fisher.\n"
        "Forty boats were sold and their crews left the coast.\n"
    ),
    "visitor.md": "The lighthouse of Lomvik is painted green, a visitor wrote.\n",
    "sources.toml": """
[perspectives.for-closing]
label = "For closing"

[perspectives.against-closing]
label = "Against closing"

[perspectives.scientists]
label = "Scientists"

[[sources]]
file = "council.txt"
title = "Minutes of the council"
author = "Ada Berg"
published = "1976"
kind = "minutes"
perspective = "for-closing"
basis = "It defends the closing."
basis_quote = "the herring would come back"
assigned_by = "a test"

[[sources]]
file = "fishers.txt"
perspective = "against-closing"
basis = "It laments the closing."

[questions]
ask = ["When was the harbour closed?"]
""",
}
"""Two labelled sources, one unlabelled, and a perspective that no source carries."""

WHEN_CLOSED = "When was the harbour of Lomvik closed to trawlers?"


STORY = """The mill of Ostby was burnt down by its own miller on a night in March.
Nobody was in it but a cat, which the neighbours took in, and which lived for nine years more.
The insurers of the town paid him {sum} crowns before anybody asked where he had been that night.
"""
CARRIED: Files = {
    "a.txt": STORY.format(sum="4,000"),
    "b.txt": "From our reporter in Ostby.\n\n"
    + STORY.format(sum="5,000").replace("of Ostby", "of\n\tOstby"),
    "c.txt": "The mill of Lomvik stands to this day, and its miller is an honest man.\n",
    "sources.toml": """
[perspectives.town]
label = "The town"

[perspectives.millers]
label = "Millers"

[[sources]]
file = "a.txt"
title = "A night in March"
perspective = "town"
basis = "It blames the miller."
published = "1871"

[[sources]]
file = "b.txt"
perspective = "millers"
basis = "Its paper does."
published = "1870"
""",
}
"""One story in two papers of different labels, with another sum, and another story."""

WHO_BURNT = "Who burnt down the mill of Ostby?"


def labelled(*perspectives: str) -> Filter:
    """The filter that hears these labels alone."""
    return Filter(perspectives=perspectives)


class RememberingEncoder(Encoder):
    """The same encoder, which encodes no text twice: hundreds of questions in seconds."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder._model, encoder.info)
        self._known: dict[str, tuple[Vectors, Bits, Starts]] = {}

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        made = super().encode_documents(new, progress)
        self._known.update(zip(new, zip(*made, strict=True), strict=True))
        known = [self._known[text] for text in texts]
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        for number, (vector, _, _) in enumerate(known):
            vectors[number] = vector
        return EncodedTexts(vectors, [bits for _, bits, _ in known], [at for _, _, at in known])


def write_files(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def settings_for(folder: Path, files: Files) -> Settings:
    """Settings of a library whose seeds, written here, are these files."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    write_files(folder / "seeds", files)
    return Settings(seeds=folder / "seeds", index=folder / "index")


def opened(settings: Settings, encoder: Encoder) -> Library:
    return Library.open(settings.index, settings, encoder)


def library_of(folder: Path, files: Files, encoder: Encoder) -> Library:
    """Those files, built and opened."""
    settings = settings_for(folder, files)
    build(settings, encoder)
    return opened(settings, encoder)


def texts_of(
    documents: Sequence[Document], passages: Sequence[Passage] = (), said: Said | None = None
) -> Texts:
    """What a generation of these would give to whoever reads it."""
    said = said or Said()
    return Texts(
        documents={each.id: each for each in documents},
        passages=tuple(passages),
        perspectives=tuple(said.perspectives),
        questions=tuple(said.questions),
        duplicates=tuple(said.duplicates),
        languages={each.id: each.language for each in documents},
    )


def cuts_of(texts: Texts) -> list[Cut]:
    """Its documents as if they were new, each with its passages."""
    own: dict[str, list[Passage]] = {name: [] for name in texts.documents}
    for passage in texts.passages:
        own[passage.document].append(passage)
    return [Cut(document, own[name]) for name, document in texts.documents.items()]


def rows_of(cuts: Sequence[Cut]) -> Rows:
    """The numbers that new documents get."""
    return Rows.of([cut.passages for cut in cuts], [len(left_out_of(c.document)) for c in cuts])


def known_of(read: SeedsRead) -> Known:
    """What is known to the next reading, after a build that began with nothing."""
    documents = {
        each.key: Carried(each.id, number, each.notices)
        for number, each in enumerate(read.fresh)
        if each.key
    }
    return Known({file.key: file for file in read.files if file.final}, documents)


def shown(answer: Answer) -> tuple[Citation, ...]:
    """Every citation that an answer shows, as evidence or as what was nearest."""
    return answer.abstention.nearest if answer.abstention else answer.citations


def row_of(
    perspective: str, label: str, sources: int = 1, quoted: int = 0, **known: int | None
) -> Coverage:
    """How a perspective fares: all its sources searched, a quote and a near passage of each quoted.

    What is known otherwise is given.
    """
    fares = {"searched": sources, "near": quoted, "quotes": quoted, "best_left_out": None} | known
    row = {"perspective": perspective, "label": label, "sources": sources, "quoted": quoted}
    return Coverage.model_validate(row | fares)


def assert_verbatim(quotes: Iterable[Quote], seeds: Path) -> None:
    """Each quote is a slice of its file as anybody would decode it, and names the file's hash."""
    for quote in quotes:
        data = (seeds / quote.document).read_bytes()
        text = data.decode("utf-8-sig")
        assert text[quote.start : quote.end] == quote.exact
        assert quote.exact
        before, after = text[: quote.start], text[quote.end :]
        assert before.endswith(quote.prefix)
        assert after.startswith(quote.suffix)
        assert len(quote.prefix) == min(32, len(before))
        assert len(quote.suffix) == min(32, len(after))
        assert quote.document_hash == hashlib.sha256(data).hexdigest()


def assert_apart(quotes: Sequence[Quote]) -> None:
    """No two quotes share a character of a document."""
    for one, other in combinations(quotes, 2):
        if one.document == other.document:
            assert one.end <= other.start or other.end <= one.start


def prompted(model: Path, prompts: dict[str, str]) -> Path:
    """The model, told to put these prompts before what it reads."""
    file = model / "config_sentence_transformers.json"
    settings = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(settings | {"prompts": prompts}), "utf-8")
    return model


# Pages

_PIECES = [
    *(
        "\r",
        "\r\n",
        "\n",
        "\f",
        "\x85",
        "\u2028",
        "\u00a0",
        "\u200f",
        "\ufeff",
        *TURNING,
        *MARKS,
        *("\u200b", "\u2060", "\u180e", "\u00ad", "\u3164", "\ufe0f"),
        *("\u2065", "\U000e0041", "\U000e0fff"),
    ),
    *("👩\u200d🚀", "e\u0301", "東京", "سمك", "`", "\\", "${alert(1)}", "{{ turns }}", "{% raw %}"),
    *("<b>", "</span>", "</p></div>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>"),
    *("<!--", "]]>", "<", ">", "&", '"', "'", "&amp;", "&lt;b&gt;", "&#13;", "&copy", "&#x202e;"),
]
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ANY_TEXT = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.text(_CHARACTERS, min_size=1, max_size=6)),
    min_size=1,
    max_size=8,
).map("".join)
"""What a text may hold that was read: all but surrogates and NUL, which readers refuse."""


# Documents


_LINES = st.one_of(
    st.sampled_from(
        [
            "The herring came back; herring and cod were landed.",
            "Cod was landed in the harbour in 1974.",
            "Der Hafen wurde geschlossen.",
            "Гавань закрыли в 1975 году.",
            "It is what it is.",
        ]
    ),
    ANY_TEXT,
)
_LANGUAGES = st.sampled_from([None, "en", "de", "ru"])
_INFERRED = st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2)


@st.composite
def cuts(draw: st.DrawFn, name: str) -> Cut:
    """A document of lines, which may be none, some of them in passages and some left out."""
    text = ""
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    for line in draw(st.lists(_LINES, max_size=4)):
        sentence = Sentence(
            start=len(text),
            end=len(text) + len(line),
            kind=draw(st.sampled_from(["sentence", "heading", "fragment"])),
        )
        text += line + draw(st.sampled_from(["\n", "\r\n", "\r", " "]))
        sentences.append(sentence)
        where = draw(st.sampled_from(["of its own", "with the one before", "nowhere"]))
        if where == "nowhere":
            continue
        first = passages.pop() if passages and where == "with the one before" else None
        start = first.start if first else sentence.start
        passages.append(
            Passage(
                number=len(passages),
                document=name,
                start=start,
                end=sentence.end,
                text=text[start : sentence.end],
                sentences=(*(first.sentences if first else ()), sentence),
            )
        )
    source = Source(title=draw(st.none() | ANY_TEXT), inferred=draw(_INFERRED))
    document = Document(
        id=name,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        encoding="utf_8",
        language=draw(_LANGUAGES),
        source=source,
        furniture=tuple(
            Furniture(start=each.start, end=each.end, kind="reference", reason=draw(ANY_TEXT))
            for each in sentences[:: draw(st.integers(1, 4))]
        ),
        sentences=tuple(sentences),
    )
    notice = Notice(file=name, message=draw(ANY_TEXT))
    return Cut(document, passages, draw(st.text(max_size=3)), (notice,) * draw(st.integers(0, 1)))


def libraries(prefix: str = "") -> st.SearchStrategy[list[Cut]]:
    """Documents in their order, each with its passages."""
    odd = ["a b?c#d%20é", "東京/👩\u200d🚀.txt", "e\u0301", "\r\n", "'; DROP TABLE documents; --"]
    return st.lists(st.sampled_from([f"{prefix}{each}" for each in odd]), unique=True).flatmap(
        lambda names: st.tuples(*map(cuts, names)).map(list)
    )


def encoded_of(cuts: Sequence[Cut], encoder: Encoder) -> EncodedTexts:
    """Their passages as a model reads them."""
    return encoder.encode_documents([each.text for cut in cuts for each in cut.passages])


@dataclass
class Element:
    """An element of a page, as the standard library reads it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What browsers call its `textContent`."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    @property
    def words(self) -> str:
        """Its text, white space made one."""
        return " ".join(self.text.split())

    @property
    def children(self) -> list["Element"]:
        return [each for each in self.inside if isinstance(each, Element)]

    def every(self, name: str = "") -> list["Element"]:
        """The elements in it, in order: of a tag ("p"), of a class (".card"), or of both."""
        tag, _, kind = name.partition(".")
        found = []
        for each in self.children:
            kinds = each.attributes.get("class", "").split()
            if tag in ("", each.tag) and (not kind or kind in kinds):
                found.append(each)
            found += each.every(name)
        return found

    def one(self, name: str) -> "Element":
        (found,) = self.every(name)
        return found

    def texts(self, name: str) -> list[str]:
        return [each.text for each in self.every(name)]

    def values(self, attribute: str) -> list[str]:
        """What an attribute is, wherever it stands."""
        each_of = [each.attributes for each in self.every()]
        return [attributes[attribute] for attributes in each_of if attribute in attributes]


_ENDS_PARAGRAPH = frozenset(
    {"article", "blockquote", "details", "div", "dl", "h1", "h2", "header", "p", "section", "ul"}
)


_VOID = frozenset({"input"})
"""Elements that hold nothing and are never closed."""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        assert len(values) == len(attrs)
        assert tag not in _ENDS_PARAGRAPH or all(element.tag != "p" for element in self.open)
        element = Element(tag, values)
        self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: str) -> Element:
    """The page, of which every element is closed where it should be, and none by another.

    Line ends are made one before anything else, as browsers do and `html.parser` does not
    (https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream).
    """
    assert "<!" not in html
    assert "<?" not in html
    parser = _Parser()
    parser.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    (page,) = parser.open
    return page


def settled(element: Element, tell: Callable[[str], str] = str) -> Element:
    """The same with `tell` done to each text and value, and what turns writing as plain text."""
    inside: list[Element | str] = []
    for each in element.inside:
        if isinstance(each, Element) and each.attributes.get("class") == "turning":
            each = _turned(each)
        if isinstance(each, Element) and each.attributes.get("class") == "doubtful":
            each = settled(each).text
        if isinstance(each, str) and inside and isinstance(inside[-1], str):
            inside[-1] += each
        else:
            inside.append(each)
    return Element(
        element.tag,
        {name: tell(_unlinked(name, value)) for name, value in element.attributes.items()},
        [tell(each) if isinstance(each, str) else settled(each, tell) for each in inside],
    )


def _unlinked(name: str, value: str) -> str:
    """The value of an attribute; of one that holds a permanent link only that it does.

    A link packs what it holds into letters, digits, "-" and "_", so it can be no markup.
    """
    prefix = "?cite=" if name == "href" and value.startswith("?cite=") else ""
    if not prefix and name != "data-link":
        return value
    assert re.fullmatch("[A-Za-z0-9_-]+", value.removeprefix(prefix))
    return f"{prefix}…"


def _turned(element: Element) -> str:
    """The character that an element keeps from turning anything; the element says which it is."""
    assert element.tag == "span"
    assert UNSEEN.fullmatch(element.text)
    name = unicodedata.name(element.text, "").lower() or f"U+{ord(element.text):04X}"
    assert element.attributes == {"class": "turning", "title": name, "data-name": name}
    return element.text


def assert_stays_text(html_of: Callable[[str], str], text: str) -> None:
    """A page holds `text` wherever it would hold a harmless one, and differs in nothing else."""
    harmless = "\ue000" * len(text)
    expected = settled(parsed(html_of(harmless)), lambda each: each.replace(harmless, text))
    assert settled(parsed(html_of(text))) == expected


def document_told(told: str, kept: str, left_out: str) -> Document:
    """A document of two parts, the second furniture; all that can be told of it is `told`."""
    known = ("title", "author", "publisher", "published", "url", "language", "kind", "origin")
    label = AssignedPerspective(
        id="one",
        label=told,
        basis=told,
        basis_quote=told,
        assigned_by=told,
        reviewed_by=told,
        history=(FormerLabel(id="two", label=told, basis=told, assigned_by=told),),
    )
    return Document(
        id=told,
        text=kept + left_out,
        sha256="",
        encoding="utf_8",
        source=Source.model_validate(
            dict.fromkeys(known, told)
            | {"inferred": dict.fromkeys(["author", "published"], told), "perspective": label}
            | {"from_file": ("publisher",)}
        ),
        furniture=(Furniture(start=len(kept), end=len(kept + left_out), reason="menu"),),
    )


def citation_of(
    document: Document, start: int, end: int, number: int = 1, also: Sequence[Document] = ()
) -> Citation:
    """A slice of a document as a citation, which others hold at the same place."""
    quote = Quote.from_document(document, start, end, expected=document.text[start:end], score=0.5)
    also_in = tuple(
        AlsoIn(
            start=start,
            end=end,
            document=each.id,
            title=each.display_title,
            perspective=each.source.perspective,
        )
        for each in also
    )
    return Citation.of(quote, number=number, source=document.source, also_in=also_in)
