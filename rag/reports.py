"""What a document as a whole tells of where and when it speaks of, found once for each document.

Places are names that the document itself uses as places ("in Lomvik", "Lomvik harbour").
"""

import math
import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

from rag.agreement import TELLING
from rag.claims import causes_in, claims_in
from rag.counted import stem_of
from rag.dates import Moment, day_of, moments_in
from rag.english import words
from rag.lines import folded
from rag.records import Document, Span
from rag.telling import Weights

WINDOW = 3_000
"""So many code points at least around a sentence are looked at for how a long document uses a
name; of a document that is shorter than three times that, all."""

OPENING = 300
"""A report begins with its date within so many code points."""

SHORT, LEAD = 40, 3
"""A document of at most so many sentences is a report, and its first ones tell what it is of."""

MONTH = timedelta(days=31)

YEARS = timedelta(days=5 * 365)
"""A date that heads a text may be so far from the one that the catalogue gives, and is believed."""

FIGURE = 4.0
"""No figure that two reports share tells more."""

_NAME = re.compile(r"(?<![\w'’])[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*")
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_ARTICLE = re.compile(r"^(?:al|el|ez|as|ar|ad|an|at|az|es|er|en|et)-")
_VOWELS = str.maketrans("", "", "aeiouyw'’-")
_DOUBLED = re.compile(r"(.)\1+")
_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|at|near|outside|inside|around|into|towards?|across|(?:town|city|village|province"
    r"|district|suburb|area|region|neighbou?rhood|port|harbou?r|county|camp|east|west|north|south"
    r"|part|parts|outskirts|countryside) of)(?=\s+((?:[\w'’.-]+\s+){0,3}[\w'’.-]+))"
)
_BEFORE_KIND = re.compile(
    r"\b((?:[^\W\d_a-z][\w'’-]+\s+){1,2})(?:town|city|village|province|district|suburb|region"
    r"|county|countryside|neighbou?rhood|airport|port|harbou?r|massacre|tragedy|residents)\b"
)
_CALENDAR = words(
    "january february march april may june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct"
    " nov dec mon tue wed thu fri sat sun"
)
_ADJECTIVE = re.compile(r"(?:ish|ese|ian|ians|ean)$|-[a-z]")
_HEADED = re.compile(
    r"(?:^|\n\W*|published\s+|publication\s+|updated\s+(?:at\s+)?"
    r"|(?<!on )(?<!On )(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W+)$",
    re.IGNORECASE,
)

Places = Mapping[str, str]
"""Key of a name (`key_of`) -> the name as a text spells it."""


class Report:
    """A document, and what is found in it as a whole."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._placed: dict[int, tuple[str, frozenset[str]]] = {}
        self._gist: Mapping[str, float] | None = None

    @property
    def title(self) -> str:
        """Its title; empty if nobody knows it."""
        return self.document.source.title or ""

    @cached_property
    def published(self) -> date | None:
        """The day of publication; the one that the text itself begins with, where it has one."""
        published = day_of(self.document.source.published)
        if published is None:
            return None
        opening = self.document.text[:OPENING]
        for moment in moments_in(opening):
            apart = abs(moment.first - published)
            headed = _HEADED.search(opening, 0, moment.start) is not None
            if moment.grain == "day" and (apart <= MONTH or (headed and apart <= YEARS)):
                return moment.first
        return published

    @cached_property
    def lead(self) -> str:
        """The first sentences of a report, which tell where and when it was; else nothing."""
        sentences = self.document.sentences
        if len(sentences) > SHORT:
            return ""
        return " ".join(self.document.text[s.start : s.end] for s in sentences[:LEAD])

    @cached_property
    def causes(self) -> frozenset[str]:
        """What its title says brought it about, as classes."""
        return causes_in(self.title)

    @cached_property
    def lead_places(self) -> Places:
        """The places that its title and its lead name."""
        return self.places_in(f"{self.title}\n{self.lead}", 0)

    @cached_property
    def lead_moments(self) -> tuple[Moment, ...]:
        """The dates in its lead."""
        return moments_in(self.lead, self.published)

    def leads(self, sentence: Span) -> bool:
        """Whether a sentence is one of those that tell what a report is of."""
        first = self.document.sentences[:LEAD]
        return bool(self.lead and first) and sentence.start < first[-1].end

    def gist(self, weights: Weights) -> Mapping[str, float]:
        """The names, figures and rare words of its title and lead, and how much each tells."""
        if self._gist is None:
            text = f"{self.title}\n{self.lead}" if self.lead else ""
            names = (m[0] for m in _NAME.finditer(text) if m[0].lower() not in _CALENDAR)
            told = {key_of(name): weights.of_name(name) for name in names}
            told |= {word: weights.of_word(word) for word in rare_words_in(text)}
            told |= _figures_in(text)
            self._gist = {each: weight for each, weight in told.items() if weight}
        return self._gist

    def text_of(self, sentence: Span) -> str:
        """The text of a sentence."""
        return self.document.text[sentence.start : sentence.end]

    def before(self, sentence: Span) -> str:
        """The two sentences before one."""
        number = self._number(sentence)
        return " ".join(map(self.text_of, self.document.sentences[max(0, number - 2) : number]))

    def after(self, sentence: Span) -> str:
        """The two sentences after one."""
        number = self._number(sentence)
        return " ".join(map(self.text_of, self.document.sentences[number + 1 : number + 3]))

    def _number(self, sentence: Span) -> int:
        return bisect_left(self.document.sentences, sentence.start, key=lambda each: each.start)

    def places_in(self, text: str, at: int) -> dict[str, str]:
        """The names in a text that the document uses as places around the offset `at`."""
        near, placed = self._around(at)
        found: dict[str, str] = {}
        for match in _NAME.finditer(text):
            name = match[0]
            if name in placed and f" {name.lower()} " not in near:
                found.setdefault(key_of(name), name)
        return found

    def _around(self, at: int) -> tuple[str, frozenset[str]]:
        """A piece of the document with its title, and the names that are places there."""
        text = self.document.text
        number = at // WINDOW if len(text) > 3 * WINDOW else 0
        if number not in self._placed:
            first = max(0, (number - 1) * WINDOW)
            near = f"{self.title}\n{text[first : (number + 2) * WINDOW + WINDOW]}"
            self._placed[number] = near, frozenset(_placed_in(near))
        return self._placed[number]


def rare_words_in(text: str) -> frozenset[str]:
    """The stems of the longer words of a text that are written in small letters."""
    return frozenset(stem_of(word) for word in _WORD.findall(text))


def _figures_in(text: str) -> dict[str, float]:
    """What is counted in a text, and how much it tells that another gives the same count."""
    return {
        f"{claim.quantity.low:.0f} {claim.predicate}": min(FIGURE, math.log2(claim.quantity.low))
        for line in text.splitlines()
        for claim in claims_in(line)
        if claim.quantity.kind == "count" and claim.quantity.low >= TELLING
    }


def _placed_in(text: str) -> set[str]:
    runs = [*_AFTER_PREPOSITION.finditer(text), *_BEFORE_KIND.finditer(text)]
    names = {match[0] for run in runs for match in _NAME.finditer(run[1])}
    return {
        name
        for name in names
        if name.lower() not in _CALENDAR and not name.isupper() and not _ADJECTIVE.search(name)
    }


def key_of(name: str) -> str:
    """What is the same for the spellings of one name: "Deir Ezzor", "Deir al-Zour"."""
    plain = re.sub(r"['’]?s$", "", _ARTICLE.sub("", folded(name))).rstrip("h")
    bones = _DOUBLED.sub(r"\1", plain.translate(_VOWELS))
    if len(bones) >= 3:
        return bones
    return _DOUBLED.sub(r"\1", plain.replace("ou", "u").replace("oo", "u").replace("ee", "i"))
