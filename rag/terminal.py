"""Answers and sources as a terminal shows them: pure functions from records to rich renderables."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rag import wording
from rag.entries import HASH_SHOWN
from rag.index.generation import Generation
from rag.records import Answer, Citation, Document, Furniture, Metadata, Span
from rag.wording.language import say


def answer_view(
    answer: Answer, documents: Mapping[str, Document], *, context: bool
) -> RenderableType:
    """The whole answer: figures and citations or the abstention, then who is heard in it."""
    parts: list[RenderableType] = []
    if asked_as := wording.answers.asked_as_line(answer, documents):
        parts += [_line(asked_as, "dim"), Text()]
    if answer.abstention:
        parts += [_line(answer.abstention.message, "bold"), _line(answer.abstention.remedy), Text()]
        if answer.abstention.nearest:
            parts += [_line(say("nearest-heading"), "dim"), Text()]
    parts += _figures(answer, documents)
    cited = answer.abstention.nearest if answer.abstention else answer.citations
    for citation in cited:
        parts += _citation(citation, documents[citation.document], context=context)
    parts += _who_is_heard(answer, documents)
    return Group(*parts)


def _figures(answer: Answer, documents: Mapping[str, Document]) -> Iterator[RenderableType]:
    for heading, comparisons in wording.within.compared(answer).items():
        yield _line(heading, "bold")
        told = (wording.within.comparison_line(each, documents) for each in comparisons)
        yield from _below(*((_in_line(each), "") for each in told))
        yield Text()


def _who_is_heard(answer: Answer, documents: Mapping[str, Document]) -> Iterator[RenderableType]:
    """How many quotes there are of whom, what a reader must know of that, order and match."""
    for told in (wording.answers.coverage_line(answer), *wording.hearing.notes(answer, documents)):
        if told:
            yield _line(told, "italic")
    if len(answer.citations) > 1:
        yield _line(f"{say('order-heading')} {say('order')}", "dim")
    if match := wording.answers.match_line(answer):
        yield _line(match, "dim")


def _citation(citation: Citation, document: Document, *, context: bool) -> Iterator[RenderableType]:
    before, after = document.around(citation.start, citation.end) if context else ("", "")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, min_width=4)
    yield from _below((_in_line(wording.within.speech_line(citation, document)), ""))
    for mark, text, style in (
        ("↑", before, "dim"),
        (f"[{citation.number}]", citation.exact, "bold"),
        ("↓", after, "dim"),
    ):
        if text:
            grid.add_row(Text(mark), _quoted(text, style))
    yield grid
    yield from _below(
        (f"— {wording.sources.label_line(citation.source)}", "cyan"),
        (wording.sources.source_line(document), ""),
        (wording.sources.place_line(citation), "dim"),
        *((wording.sources.also_in_line(each), "") for each in citation.also_in),
    )
    yield Text()


def sources_view(generation: Generation) -> RenderableType:
    """The library's sources, a few lines each."""
    stories = generation.texts.stories
    parts: list[RenderableType] = [_line(f"Generation {generation.id}", "dim"), Text()]
    for document in generation.texts.documents.values():
        passages = len(generation.passages_of(document.id))
        parts.append(_line(document.id, "bold"))
        parts += _below(
            (wording.sources.source_line(document), ""),
            (wording.sources.label_line(document.source), "cyan"),
            *((_in_line(each), "dim") for each in wording.sources.basis_lines(document.source)),
            (wording.sources.extent_line(document, passages), "dim"),
            (wording.sources.alike_line(document.id, stories.get(document.id)), ""),
        )
        parts.append(Text())
    parts += [_line(line) for line in wording.sources.holdings_lines(generation.texts)]
    return Group(*parts)


def furniture_view(document: Document) -> RenderableType:
    """What was left out of a document, where, and why."""
    if not document.furniture:
        return _line(f"Nothing was left out of {document.id}.")
    table = Table(title=_line(f"Left out of {document.id}", "italic"), title_justify="left")
    for heading in ("Line", "Offsets", "Why", "Text"):
        table.add_column(heading, overflow="fold")
    lengths = map(len, document.text.splitlines(keepends=True))
    starts = list(accumulate(lengths, initial=0))
    for span in document.furniture:
        text = document.text[span.start : span.end]
        table.add_row(
            str(bisect_right(starts, span.start)),
            f"{span.start}:{span.end}",
            _line(_reason(span)),
            _line(
                " ".join(text.split()) if len(text) < 160 else f"{' '.join(text[:150].split())}…"
            ),
        )
    return table


def reading_view(document: Document, metadata: Metadata) -> RenderableType:
    """A document line by line, as it was read: what is a heading, and what is left out and why."""
    known = [f"{name}: {value}" for name, value in metadata if value]
    known += [f"SHA-256 of the file: {document.sha256[:HASH_SHOWN]}"]
    known += [f"language of the text: {document.language or 'nobody can tell'}"]
    table = Table(box=None, padding=(0, 1))
    table.add_column("Line", justify="right")
    if document.pages:
        table.add_column("Page", justify="right")
    table.add_column("Left out", max_width=24)
    table.add_column("Text", overflow="fold")
    start = 0
    for number, line in enumerate(document.text.splitlines(keepends=True), start=1):
        if line.strip():
            page = [str(document.page_at(start))] if document.pages else []
            reason, style = _line_told(document, start, start + len(line))
            table.add_row(str(number), *page, _line(reason), _quoted(line.strip(), style))
        start += len(line)
    lines = _below(*((each, "dim") for each in known))
    return Group(_line(document.id, "bold"), *lines, Text(), table)


def _line_told(document: Document, start: int, end: int) -> tuple[str, str]:
    """Why a line, or part of it, is left out; and a style that sets headings off."""
    spans, sentences = document.furniture, document.sentences
    first = bisect_right(spans, start, key=lambda span: span.end)
    reasons = dict.fromkeys(map(_reason, spans[first : bisect_left(spans, end, key=_start)]))
    first = bisect_left(sentences, start, key=_start)
    inside = sentences[first : bisect_left(sentences, end, key=_start)]
    heading = any(each.kind == "heading" for each in inside)
    style = "" if inside else "dim"
    return ", ".join(reasons), "bold" if heading else style


def _start(span: Span) -> int:
    return span.start


def _reason(span: Furniture) -> str:
    return f"{span.reason} (kept as a reference)" if span.kind == "reference" else span.reason


def _below(*lines: tuple[str, str]) -> Iterator[RenderableType]:
    for text, style in lines:
        if text:
            yield Padding(_line(text, style), (0, 0, 0, 5))


def _in_line(text: str) -> str:
    """The text in one line: its white space is made one space."""
    return " ".join(text.split())


def _line(text: str, style: str = "") -> Text:
    """One line as it stands: no markup in it is read, no control character sent."""
    return Text(wording.plain.visible(text, keep=""), style)


def _quoted(text: str, style: str) -> Text:
    """What stands in a document, with its own lines and tabs."""
    return Text(wording.plain.visible(text), style)
