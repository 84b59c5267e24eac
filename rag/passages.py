"""From a text to its sentences, and from sentences to passages, with offsets by construction.

Sentences: line ends first, then sentencex (a rule-based splitter that gives offsets), then inside
long quotations, which sentencex takes for one sentence. Passages: runs of whole sentences near a
length in words, never across a heading or furniture, within the model's token limit, and
overlapping by a sentence. What is longer than the limit alone is split at a clause mark.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from sentencex import get_sentence_boundaries

from rag.lines import Line, count_words, lines_of
from rag.records import Document, Furniture, Passage, Sentence, Span

CountTokens = Callable[[Sequence[str]], list[int]]
"""Texts -> for each the number of tokens that the model would read, special ones included."""

HEADING_WORDS = 12
TITLE_WORDS = 30
STACKED_HEADINGS = 4
LONG_QUOTATION = 300
"""A sentence of more characters than this is looked into where it holds a quotation."""

LONGEST = 10_000
"""No passage has many more characters than this, whatever the model reads: no sentence of a person
is as long, and some models take any word that they do not know, however long, for one token."""

WINDOW = 20_000
"""So many characters of a line are looked at together: the time that sentencex takes for a line
without spaces grows with the square of its length."""

_QUOTATION_MARKS = re.compile('["“”„«»]')
_OPENING = re.compile('(?<=\\s)["“„«(\\[]+\\s*$')
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"[-*+•–—|>]\s|\(?\d+[.)]\s")
_MARKS = re.compile(r"(?:(?:[-*+•–>]|\d{1,3}[.)])\s+)+")
_TABLE_ROW = re.compile(r"\|.*\|")
_CLAUSE = re.compile(r"[;:,—–)][\"'”’]*\s+")
_SPACE = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]")


def sentences_of(
    text: str,
    furniture: Iterable[Furniture],
    language: str | None = None,
    marked: Sequence[Span] = (),
) -> tuple[Sentence, ...]:
    """All sentences, headings and fragments of what is not furniture, in order.

    Args:
        text: of a document.
        furniture: what is left out of it.
        language: ISO 639-1 code; None is taken for English.
        marked: headings that the file's format marks; without any they are told by their looks.
    """
    lines = list(_outside(lines_of(text), list(furniture)))
    code = language or "en"
    headings = _marked(lines, marked) or _headings(lines, code)
    found: list[Sentence] = []
    for number, line in enumerate(lines):
        if number in headings:
            found.append(Sentence(start=line.start, end=line.end, kind="heading"))
        else:
            found += _split_line(line, code)
    return tuple(found)


def passages_of(
    document: Document,
    *,
    words: int,
    limit: int,
    count_tokens: CountTokens,
    first_number: int = 0,
) -> tuple[tuple[Sentence, ...], list[Passage]]:
    """The passages of a document, and its sentences with those split that exceed the limit.

    Args:
        document: with its sentences and furniture.
        words: the length in words that passages are made near to.
        limit: the most tokens that a passage has, special tokens included.
        count_tokens: counts as the model does.
        first_number: number of the first passage; the others follow.
    """
    text = document.text
    count_tokens = _by_length_too(count_tokens, limit)
    fitting = tuple(
        piece
        for sentence in document.sentences
        for piece in _fitting(text, sentence, limit, count_tokens)
    )
    passages: list[Passage] = []
    for section in _sections(fitting, document.furniture):
        for run in _runs(section, text, words, limit, count_tokens):
            if any(sentence.kind == "sentence" for sentence in run):
                start, end = run[0].start, run[-1].end
                passages.append(
                    Passage(
                        number=first_number + len(passages),
                        document=document.id,
                        start=start,
                        end=end,
                        text=text[start:end],
                        sentences=tuple(run),
                    )
                )
    return fitting, passages


def _by_length_too(count_tokens: CountTokens, limit: int) -> CountTokens:
    """Counts tokens so that `LONGEST` characters are never fewer than `limit`.

    The model is not asked about what is over the limit by its length alone.
    """

    def count(texts: Sequence[str]) -> list[int]:
        least = [len(text) * limit // LONGEST for text in texts]
        asked = [text if few <= limit else "" for text, few in zip(texts, least, strict=True)]
        return [max(pair) for pair in zip(least, count_tokens(asked), strict=True)]

    return count


def _outside(lines: Iterable[Line], furniture: Sequence[Furniture]) -> Iterator[Line]:
    """What is left of each line when furniture is taken out."""
    ends = [span.end for span in furniture]
    for line in lines:
        start = line.start
        for span in islice(furniture, bisect_right(ends, start), None):
            if span.start >= line.end:
                break
            yield from _part(line, start, span.start)
            start = max(start, span.end)
        yield from _part(line, start, line.end)


def _part(line: Line, start: int, end: int) -> Iterator[Line]:
    raw = line.text[start - line.start : max(start, end) - line.start]
    part = raw.strip()
    if part == line.text:
        yield line
    elif part:
        begin = start + raw.index(part)
        # No copy: that would keep what the whole line has counted.
        yield Line(start=begin, end=begin + len(part), text=part, after_blank=line.after_blank)


def _marked(lines: Sequence[Line], marked: Sequence[Span]) -> set[int]:
    """Numbers of the lines that begin inside a marked heading."""
    starts = [line.start for line in lines]
    return {
        number
        for span in marked
        for number in range(bisect_left(starts, span.start), bisect_left(starts, span.end))
    }


def _headings(lines: Sequence[Line], language: str) -> set[int]:
    """Numbers of the lines that stand over others: short, no full stop, and text below.

    A title, a byline and a section's heading may follow one another; a longer run of short lines
    is a list.
    """
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate(lines):
        above_text = number + 1 < len(lines)
        if above_text and _may_be_heading(line, lines[number + 1], language, first=number == 0):
            run.append(number)
            continue
        if above_text or is_text(line):
            found |= set(run if len(run) <= STACKED_HEADINGS else run[-1:])
        run = []
    return found | {n for n, line in enumerate(lines) if _MARKDOWN_HEADING.match(line.text)}


def is_text(line: Line) -> bool:
    """Whether a line can have a heading above it."""
    return line.terminated or line.words > HEADING_WORDS


def _may_be_heading(line: Line, after: Line, language: str, *, first: bool) -> bool:
    text = line.text
    if _ITEM.match(text) or text[0].islower() or not _LETTERS.search(text) or line.open_ended:
        return False
    if first and after.after_blank and line.words <= TITLE_WORDS:
        short = not line.terminated or text.rstrip("\"'”’»)").endswith("?")
    else:
        short = line.words <= HEADING_WORDS and not line.terminated
    return short and len(get_sentence_boundaries(language, text)) == 1


def _split_line(line: Line, language: str) -> Iterator[Sentence]:
    """The sentences of one line; a list's mark, or what says nothing, is a fragment."""
    mark = _MARKS.match(line.text)
    begin = mark.end() if mark else 0
    if _TABLE_ROW.fullmatch(line.text) or begin == len(line.text):
        yield Sentence(start=line.start, end=line.end, kind="fragment")
        return
    if mark:
        end = line.start + len(mark[0].rstrip())
        yield Sentence(start=line.start, end=end, kind="fragment")
    for start, end in _sentence_spans(line.text[begin:], language):
        start, end = begin + start, begin + end
        part = line.text[start:end]
        says_something = count_words(part) >= 2 and _LETTERS.search(part)
        yield Sentence(
            start=line.start + start,
            end=line.start + end,
            kind="sentence" if says_something else "fragment",
        )


def _sentence_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    for start, end in _segments(text, text, language):
        part = text[start:end]
        if len(part) > LONG_QUOTATION and _QUOTATION_MARKS.search(part):
            bare = _QUOTATION_MARKS.sub(" ", part)
            for inner_start, inner_end in _segments(part, bare, language):
                yield start + inner_start, start + inner_end
        else:
            yield start, end


def _segments(text: str, seen: str, language: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences that sentencex finds in `seen`, a text as long as `text`.

    A quotation mark that opens the next sentence goes with it.
    """
    ends = list(_ends(seen, language))
    start = 0
    for end in [*ends[:-1], len(text)]:
        opening = _OPENING.search(text, start, end) if end < len(text) else None
        stop = opening.start() if opening else end
        part = text[start:stop].strip()
        if part:
            begin = start + text[start:stop].index(part)
            yield begin, begin + len(part)
            start = stop


def _ends(text: str, language: str) -> Iterator[int]:
    """Where the sentences end that sentencex finds, in one window after the other.

    The second half of a window is looked at again as the first of the next: what a sentence is may
    depend on a bracket or a quotation mark that closes after it.
    """
    start = 0
    while start < len(text):
        window = text[start : start + WINDOW]
        ends = [start + each["end_index"] for each in get_sentence_boundaries(language, window)]
        if start + WINDOW < len(text):
            ends = [end for end in ends if end <= start + WINDOW // 2] or ends[:1]
        yield from ends
        start = ends[-1]


def _fitting(
    text: str, sentence: Sentence, limit: int, count_tokens: CountTokens
) -> Iterator[Sentence]:
    """The sentence, or its pieces where it has more tokens than the limit."""
    part = text[sentence.start : sentence.end]
    if len(part) == 1 or count_tokens([part])[0] <= limit:
        yield sentence
        return
    for start, end in _halves(part):
        piece = Sentence(start=sentence.start + start, end=sentence.start + end, kind=sentence.kind)
        yield from _fitting(text, piece, limit, count_tokens)


def _halves(part: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Cut a text near its middle: at a clause mark if it has one, at a space, or anywhere.

    The text has no space around it, nor have its halves.
    """
    cut = len(part) // 2
    for pattern in (_CLAUSE, _SPACE):
        ends = [match.end() for match in pattern.finditer(part)]
        inner = [end for end in ends if len(part) // 8 < end < len(part) - len(part) // 8]
        if inner:
            cut = min(inner, key=lambda end: abs(end - len(part) // 2))
            break
    left, right = part[:cut].rstrip(), part[cut:].lstrip()
    return (0, len(left)), (len(part) - len(right), len(part))


def _sections(
    sentences: Sequence[Sentence], furniture: Sequence[Furniture]
) -> Iterator[list[Sentence]]:
    """Runs of sentences with no heading inside (but first) and no furniture between."""
    cuts = [span.start for span in furniture]
    section: list[Sentence] = list(sentences[:1])
    for before, sentence in pairwise(sentences):
        heading = sentence.kind == "heading" != before.kind
        if heading or bisect_left(cuts, before.end) < bisect_left(cuts, sentence.start):
            yield section
            section = []
        section.append(sentence)
    if section:
        yield section


def _runs(
    section: Sequence[Sentence], text: str, words: int, limit: int, count_tokens: CountTokens
) -> Iterator[Sequence[Sentence]]:
    """Cut a section into runs of even length.

    Each begins with the last sentence of the one before, unless that is most of a run itself.
    """
    counts = [count_words(text[s.start : s.end]) for s in section]
    goal = sum(counts) / max(1, round(sum(counts) / words))
    alone = count_tokens([text[s.start : s.end] for s in section])
    # With the space before it, which some models count.
    following = [0, *count_tokens([text[a.end : b.end] for a, b in pairwise(section)])]

    def end_of(start: int, fresh: int) -> int:
        end, room = start + 1, limit - alone[start]
        length = counts[start] if fresh == start else 0
        while end < len(section):
            room -= following[end]
            if room < 0 or (end > fresh and length + counts[end] / 2 > goal):
                break
            length += counts[end]
            end += 1
        return end

    start = fresh = 0
    while fresh < len(section):
        end = end_of(start, fresh)
        yield section[start:end]
        last = end - 1
        overlaps = (
            end < len(section)
            and last > start
            and counts[last] <= goal / 2
            and alone[last] + following[end] <= limit
        )
        start, fresh = last if overlaps else end, end
