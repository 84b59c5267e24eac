"""Who is speaking inside a quote: reported speech, by rules, with offsets of the document.

A paragraph is read as a whole, because the words that report a quotation may stand in another of
its sentences; a quotation that begins a paragraph without such words is the speaker's of the
paragraph before, if that ends with a quotation, or with a colon. No tagger: the words that report
are listed in `rag.speakers.lexicon`, and who stands beside them is told by closed classes of words,
capital letters and marks. What is denied, asked or only possible ("did not say", "would say"), and
what stands within a quotation, is not credited. Nor is "I" or "we": that is the source itself.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from rag.records import Document, Span, Speech, Words
from rag.speakers.cues import cues_of, uncredited
from rag.speakers.mentions import Run
from rag.speakers.naming import named
from rag.speakers.reported import Cue
from rag.speakers.tokens import Tokens, tokens_of

FAR = 3000
"""So many characters of a paragraph are looked at before a quote, and after it."""

PARAGRAPHS = 4
"""So many paragraphs before a quote are looked at for the speaker."""

_LINE_END = re.compile(r"[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_PRONOUN = re.compile(r"\b(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_MARK = re.compile(r"[\"“„«`‟]|''|(?<!\S)['‘](?=[^\W\d_])")
_OPENING = frozenset("“\"„«‘'`")


def speeches_in(document: Document, start: int, end: int) -> tuple[Speech, ...]:
    """What somebody is reported to have said within `document.text[start:end]`, in order.

    English is read; there is none in a document that is known to be in another language. The cue
    and the speaker may stand outside the quote, what is reported is cut to it.
    """
    if document.language not in (None, "en"):
        return ()
    reach = _sentences_at(document, start, end)
    if not reach:
        return ()
    reading = _Reading(document, reach)
    spoken = [speech for cue in reading.cues if (speech := reading.speech(cue, start, end))]
    return tuple(sorted(spoken, key=lambda speech: (speech.reported[0].start, speech.cue.start)))


class _Reading:
    """The paragraphs around a quote, their cues, and what they report."""

    def __init__(self, document: Document, reach: range) -> None:
        self._document = document
        self._tokens = Tokens([], [])
        self.cues: list[Cue] = []
        for paragraph in _looked_at(document, reach):
            self._read(paragraph)

    def _read(self, paragraph: range) -> None:
        document = self._document
        sentences = document.sentences[paragraph.start : paragraph.stop]
        goes_on = _opens_with_mark(document, paragraph.stop)
        tokens = tokens_of(document.text, sentences, goes_on=goes_on)
        cues = cues_of(tokens)
        offset = len(self._tokens.all)
        found = [_moved(cue, offset) for cue in cues]
        first = next(iter(uncredited(tokens, cues)), None)
        last = self._last_quoted() if first and first[0] == 0 else None
        if first and last:
            found.append(Cue(last.mention, last.words, [_by(first, offset)], quoted=True))
        self._tokens = Tokens(
            self._tokens.all + tokens.all,
            self._tokens.sentences + [_by(run, offset) for run in tokens.sentences],
        )
        self.cues += found

    def _last_quoted(self) -> Cue | None:
        """The cue of the quotation, or of the colon, that the paragraph before ends with."""
        if not self.cues:
            return None
        last = self._tokens.sentences[-1]
        announced = self._tokens.all[-1].kind == ":"
        for cue in reversed(self.cues):
            runs = [*cue.content, cue.words]
            if (cue.quoted or announced) and any(end > last[0] for _, end in runs):
                return cue
        return None

    def speech(self, cue: Cue, start: int, end: int) -> Speech | None:
        """What a cue reports within a span of the document."""
        words = self._tokens.all
        inside = []
        for first, last in cue.content:
            begin, stop = max(start, words[first].start), min(end, words[last - 1].end)
            if any(char.isalnum() for char in self._document.text[begin:stop]):
                inside.append(Span(start=begin, end=stop))
        if not inside:
            return None
        speaker = named(self._document.text, self._tokens, cue, self.cues)
        return Speech(
            speaker=self._words(speaker) if speaker else None,
            mention=self._words(cue.mention),
            cue=self._words(cue.words),
            reported=tuple(inside),
            direct=words[cue.content[0][0]].kind == "quote",
        )

    def _words(self, run: Run) -> Words:
        start, end = self._tokens.all[run[0]].start, self._tokens.all[run[1] - 1].end
        return Words(start=start, end=end, exact=self._document.text[start:end])


def _by(run: Run, offset: int) -> Run:
    return run[0] + offset, run[1] + offset


def _moved(cue: Cue, offset: int) -> Cue:
    content = [_by(run, offset) for run in cue.content]
    return Cue(_by(cue.mention, offset), _by(cue.words, offset), content, cue.quoted)


def _sentences_at(document: Document, start: int, end: int) -> range:
    """The numbers of the sentences that a span holds a character of."""
    sentences = document.sentences
    first = bisect_right(sentences, start, key=lambda sentence: sentence.end)
    return range(first, bisect_left(sentences, end, key=lambda sentence: sentence.start))


def _looked_at(document: Document, reach: range) -> list[range]:
    """The paragraphs that can tell who speaks in a run of sentences.

    Where no pronoun stands in it and no quotation near it, one sentence on each side will do, in
    case the splitter cut one in two.
    """
    paragraphs = list(_paragraphs(document, reach))
    sentences, text = document.sentences, document.text
    first, last = paragraphs[0].start, paragraphs[-1].stop - 1
    if _PRONOUN.search(text, sentences[reach.start].start, sentences[reach.stop - 1].end):
        return paragraphs
    if _MARK.search(text, sentences[first].start, sentences[last].end):
        return paragraphs
    near = range(reach.start - 1, reach.stop + 1)
    cut = (range(max(near.start, p.start), min(near.stop, p.stop)) for p in paragraphs)
    return [paragraph for paragraph in cut if paragraph]


def _paragraphs(document: Document, reach: range) -> Iterator[range]:
    """The paragraphs of a run of sentences and those before, as far as they are looked at."""
    sentences = document.sentences
    first, last = reach.start, reach.stop
    left = PARAGRAPHS
    while first and sentences[reach.start].start - sentences[first - 1].start < FAR:
        left -= _breaks(document, first)
        if not left:
            break
        first -= 1
    while last < len(sentences) and not _breaks(document, last):
        if sentences[last].end - sentences[reach.stop - 1].end > FAR:
            break
        last += 1
    breaks = [n for n in range(first + 1, last) if _breaks(document, n)]
    for start, stop in pairwise([first, *breaks, last]):
        yield range(start, stop)


def _breaks(document: Document, number: int) -> bool:
    """Whether a paragraph begins with a sentence; the lines of a hard-wrapped one are one."""
    before, sentence = document.sentences[number - 1], document.sentences[number]
    between = document.text[before.end : sentence.start]
    ends = len(_LINE_END.findall(between.replace("\r\n", "\n")))
    if ends != 1 or "heading" in (before.kind, sentence.kind):
        return ends > 0
    return not any(
        _LINE_END.search(document.text, each.start, each.end) for each in (before, sentence)
    )


def _opens_with_mark(document: Document, number: int) -> bool:
    if number >= len(document.sentences):
        return False
    return document.text[document.sentences[number].start] in _OPENING
