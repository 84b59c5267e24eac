"""Which occasion a sentence of a report speaks of: where it was, when, and what brought it about.

Two figures are of the same thing only if they are of the same occasion. Places are names that the
document itself uses as places ("in Lomvik", "Lomvik harbour"); a name that many documents hold
tells little. Days are those that the sentence names, or those around it, or for fresh news the days
up to its publication.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from wordfreq import zipf_frequency

from rag.claims import REMEMBERED, causes_in
from rag.dates import Moment, day_of, moments_in
from rag.english import STOPS, words
from rag.lines import folded
from rag.predicates import CAUSES, NOUNS, PREDICATES, VAGUE
from rag.records import Document, Span

WINDOW = 3_000
"""So many code points around a sentence are looked at for how its document uses a name."""

OPENING = 300
"""A report begins with its date within so many code points."""

REPORT, LEAD = 40, 3
"""A document of at most so many sentences is a report, and its first ones tell what it is of."""

SAMPLE = 100
"""Of so many documents the share that holds a name is taken."""

KNOWN = 3.5
"""Names as frequent as this in general language (Zipf scale) tell nothing by their rarity."""

FRESH = timedelta(days=1)
"""News tells of what happened up to so long before it was published."""

SAME_DAY, FRESH_NEWS, DAY_APART, UNDATED, LOOKING_BACK = 1.0, 2.5, 2.5, 3.0, 6.0
"""How much the names and causes that sentences share have to tell: where both sources name the same
day; where one may only be supposed to tell of the days before its publication; where the days named
are neighbours, and were long ago when it was written; where a day is not known; and where reports
are of different days, but one sentence does not itself name its own and may look back."""

COMMON = 1.0
"""So much less a shared cause tells than a shared name that is as rare."""

FREQUENT = 2.0
"""So much less a shared word that is no name tells than a name that is as rare."""

LOCAL = 0.7
"""A name of more weight is one of a part of the country."""

RARE, ELSEWHERE = 4.0, 4.0
"""Where each sentence names a place of this weight that the other source does not have around its
own, the names that they share have to tell more: two villages of one province."""

MONTH = timedelta(days=31)

YEARS = timedelta(days=5 * 365)
"""A date that heads a text may be so far from the one that the catalogue gives, and is believed."""

_NAME = re.compile(r"(?<![\w'’])[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*")
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_ARTICLE = re.compile(r"^(?:al|el|ez|as|ar|ad|an|at|az|es|er|en|et)-")
_VOWELS = str.maketrans("", "", "aeiouyw'’-")
_DOUBLED = re.compile(r"(.)\1+")
_PLACED = (
    r"\b(?:in|at|near|outside|inside|around|into|towards?|across|(?:town|city|village|province"
    r"|district|suburb|area|region|neighbou?rhood|port|harbou?r|county|camp|east|west|north|south"
    r"|part|parts|outskirts|countryside) of)\s+(?:[\w'’.-]+\s+){0,3}?NAME\b"
    r"|\bNAME(?:\s+[A-Z][\w-]+)?\s+(?:town|city|village|province|district|suburb|region|county"
    r"|countryside|neighbou?rhood|airport|port|harbou?r|massacre|tragedy|residents)\b"
)
_CALENDAR = words(
    "january february march april may june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct"
    " nov dec mon tue wed thu fri sat sun"
)
_GRAINS = {"day": 0, "weekday": 0, "month": 1, "year": 2}
_ADJECTIVE = re.compile(r"(?:ish|ese|ian|ians|ean)$|-[a-z]")
_DATELINE = re.compile(
    r"\W*(?:(?:date\s+of\s+publication|published|(?:last\s+)?updated(?:\s+at)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\W*)*",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"(?:^|\n\W*|published\s+|publication\s+|updated\s+(?:at\s+)?"
    r"|(?<!on )(?<!On )(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W+)$",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:earlier|previous(?:ly)?|ago|last\s+(?:week|month|year|summer|winter|spring|autumn)"
    r"|in\s+recent|formerly|once|decades?|anniversary)\b",
    re.IGNORECASE,
)
_ENTIRE = re.compile(
    r"\b(?:war|conflict|uprising|crisis|unrest|insurgency|revolt|violence|fighting|pandemic)\b"
    r"[^.]{0,80}\b(?:has|have)\b|\bsince\b",
    re.IGNORECASE,
)


class Days(NamedTuple):
    """When something was.

    Attributes:
        first: the first day that it may have been.
        last: the last.
        named: whether the text names it; else it is the day of publication and those before it.
        own: whether the very sentence names it.
        fresh: whether it was published within a month of it.
    """

    first: date
    last: date
    named: bool
    own: bool
    fresh: bool


class Occasion(NamedTuple):
    """Where and when what a sentence tells took place.

    Attributes:
        places: key of a name -> the name as the sentence, or what stands around it, spells it.
        own: keys of those names that stand in the sentence itself.
        days: when it was; None if nobody can tell.
        causes: what brought it about, as classes (`rag.predicates`).
        words: the words of the sentence in small letters, longer ones only.
        entire: whether the sentence tells of a whole war or the like, and not of one day.
        published: when the document was; None if nobody knows the day.
    """

    places: Mapping[str, str]
    own: frozenset[str]
    days: Days | None
    causes: frozenset[str]
    words: frozenset[str]
    entire: bool
    published: date | None


def occasion_of(document: Document, sentence: Span, at: int) -> Occasion | None:
    """The occasion of which a sentence speaks where the figure stands that starts at `at`.

    None if a dated report tells of something earlier without saying when it was.
    """
    text = document.text[sentence.start : sentence.end]
    published = _published(document)
    background = published is not None and _BACKGROUND.search(text) is not None
    days = _days(document, sentence, at - sentence.start, published, background)
    if background and days is None:
        return None
    near = _window(document, sentence)
    own = _places(text, near)
    title = document.source.title or ""
    places = dict(own)
    if not background:
        before = "" if own else _around(document, sentence)[0]
        places = _places(f"{title}\n{_lead(document)}\n{before}", near) | own
    return Occasion(
        places=places,
        own=frozenset(own),
        days=days,
        causes=causes_in(text) or (frozenset() if background else causes_in(title)),
        words=frozenset(_WORD.findall(text)),
        entire=_ENTIRE.search(text) is not None,
        published=published,
    )


class Weights:
    """How much it tells that two sentences share a name or a cause, from 0.

    By the share of documents without it, and for a name by how rare it is in general language.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        every = max(1, len(documents) // SAMPLE)
        self._texts = [document.text[:WINDOW] for document in list(documents.values())[::every]]
        self._known: dict[tuple[str, str], float] = {}

    def of_name(self, name: str) -> float:
        """0 for a word that stands in small letters too."""
        if ("name", name) not in self._known:
            stem = re.sub(r"['’]?s$", "", name)
            common = any(f" {name.lower()} " in text for text in self._texts)
            general = max(zipf_frequency(each, "en") for each in (name, stem))
            weight = self._rarity([stem]) + max(0.0, KNOWN - general)
            self._known["name", name] = 0.0 if common else weight
        return self._known["name", name]

    def of_cause(self, cause: str) -> float:
        """0 for what brings about much of what the library tells of."""
        if ("cause", cause) not in self._known:
            named = [word for word, name in CAUSES.items() if name == cause]
            self._known["cause", cause] = max(0.0, self._rarity(named) - COMMON)
        return self._known["cause", cause]

    def of_word(self, word: str) -> float:
        """0 for all but the rare words that tell one occasion from others: "wedding", "bakery"."""
        if word in PREDICATES or word in NOUNS or word in CAUSES or word in STOPS:
            return 0.0
        if ("word", word) not in self._known:
            self._known["word", word] = max(0.0, self._rarity([word]) - FREQUENT)
        return self._known["word", word]

    def _rarity(self, words: Sequence[str]) -> float:
        held = sum(any(word in text for word in words) for text in self._texts)
        return max(0.0, math.log((len(self._texts) + 1) / (held + 0.5)))


def same_occasion(one: Occasion, other: Occasion, weights: Weights, *, equal: bool = False) -> bool:
    """Whether two occasions are the same, as far as places, days and causes tell.

    Args:
        one: of a figure.
        other: of another.
        weights: of names and causes.
        equal: whether both figures are the same number, which is evidence too.
    """
    if one.entire or other.entire:
        return one.entire and other.entire and _same_war(one, other, weights)
    if _differ(one.causes - VAGUE, other.causes - VAGUE):
        return False
    needed = _needed(one, other, equal)
    if needed is None:
        return False
    shared = one.places.keys() & other.places.keys()
    if needed == LOOKING_BACK:
        shared &= one.own & other.own
    told = sum(min(weights.of_name(each.places[key]) for each in (one, other)) for key in shared)
    told += max(map(weights.of_cause, one.causes & other.causes), default=0.0)
    told += max(map(weights.of_word, one.words & other.words), default=0.0)
    if told < needed or not _in_own_words(one, other, shared, weights):
        return False
    return told >= ELSEWHERE or not _elsewhere(one, other, weights, needed)


def _differ(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    return bool(one and other and not one & other)


def _in_own_words(
    one: Occasion, other: Occasion, shared: AbstractSet[str], weights: Weights
) -> bool:
    """Whether, of two sentences that both name places, one at least names a shared one itself."""
    named = [
        {key for key in each.own if weights.of_name(each.places[key])} for each in (one, other)
    ]
    return not all(named) or not shared.isdisjoint(named[0] | named[1])


def _elsewhere(one: Occasion, other: Occasion, weights: Weights, needed: float) -> bool:
    """Whether each sentence names a place that the other source does not name around its own."""
    rare = RARE if needed else 0.5
    return all(
        any(weights.of_name(a.places[key]) >= rare for key in a.own - b.places.keys())
        for a, b in ((one, other), (other, one))
    )


def _same_war(one: Occasion, other: Occasion, weights: Weights) -> bool:
    """Whether totals of a whole war are of the same one, at about the same time."""
    if one.published and other.published and abs(one.published - other.published) > MONTH:
        return False
    shared = one.own & other.own
    alone = (one.own | other.own) - shared
    places = dict(one.places) | dict(other.places)
    return bool(shared) and all(weights.of_name(places[key]) < LOCAL for key in alone)


def _needed(one: Occasion, other: Occasion, equal: bool) -> float | None:
    """How much the names have to tell, by what is known of the days; None if they differ."""
    a, b = one.days, other.days
    if a is None or b is None:
        return UNDATED
    gap = max(a.first, b.first) - min(a.last, b.last)
    if gap > timedelta(0):
        return _needed_apart(a, b, gap)
    if max(a.last - a.first, b.last - b.first) > FRESH:
        return UNDATED
    if a.named and b.named:
        return 0.0 if equal and one.places.keys() & other.places.keys() else SAME_DAY
    return FRESH_NEWS


def _needed_apart(one: Days, other: Days, gap: timedelta) -> float | None:
    # Sources of long ago name the evening or the morning after; news of two days is two news.
    if not (one.fresh and other.fresh):
        return DAY_APART if gap == timedelta(days=1) and one.named and other.named else None
    return LOOKING_BACK if gap <= MONTH and not (one.own and other.own) else None


def key_of(name: str) -> str:
    """What is the same for the spellings of one name: "Deir Ezzor", "Deir al-Zour"."""
    plain = re.sub(r"['’]?s$", "", _ARTICLE.sub("", folded(name))).rstrip("h")
    bones = _DOUBLED.sub(r"\1", plain.translate(_VOWELS))
    if len(bones) >= 3:
        return bones
    return _DOUBLED.sub(r"\1", plain.replace("ou", "u").replace("oo", "u").replace("ee", "i"))


@lru_cache(maxsize=REMEMBERED)
def _places(text: str, near: str) -> dict[str, str]:
    """The names in a text that the document around it uses as places."""
    found: dict[str, str] = {}
    for match in _NAME.finditer(text):
        name = match[0]
        if (
            name.lower() in _CALENDAR
            or name.isupper()
            or _ADJECTIVE.search(name)
            or f" {name.lower()} " in near
        ):
            continue
        if re.search(_PLACED.replace("NAME", re.escape(name)), near):
            found.setdefault(key_of(name), name)
    return found


def _window(document: Document, sentence: Span) -> str:
    start = max(0, sentence.start - WINDOW)
    return f"{document.source.title or ''}\n{document.text[start : sentence.end + WINDOW]}"


def _around(document: Document, sentence: Span) -> tuple[str, str]:
    """The two sentences before one, and the two after it."""
    every = document.sentences
    number = bisect_left(every, sentence.start, key=lambda each: each.start)
    runs = every[max(0, number - 2) : number], every[number + 1 : number + 3]
    before, after = (" ".join(document.text[s.start : s.end] for s in run) for run in runs)
    return before, after


def _lead(document: Document) -> str:
    """The first sentences of a report, which tell where and when all of it was; else nothing."""
    if len(document.sentences) > REPORT:
        return ""
    return " ".join(document.text[s.start : s.end] for s in document.sentences[:LEAD])


def _published(document: Document) -> date | None:
    """The day of publication; the one that the text itself begins with, where it has one."""
    published = day_of(document.source.published)
    if published is None:
        return None
    opening = document.text[:OPENING]
    for moment in moments_in(opening):
        apart = abs(moment.first - published)
        headed = _HEADED.search(opening, 0, moment.start) is not None
        if moment.grain == "day" and (apart <= MONTH or (headed and apart <= YEARS)):
            return moment.first
    return published


def _days(
    document: Document, sentence: Span, at: int, published: date | None, background: bool
) -> Days | None:
    """The days that a sentence names, or those around it; else those before the publication."""
    text = document.text[sentence.start : sentence.end]
    own = _without_dateline(text, moments_in(text, published))
    if own:
        best = min(own, key=lambda moment: abs(moment.start - at))
        return _as_days(best, published, own=True)
    if background:
        return None
    near = (*_around(document, sentence), _lead(document))
    before, after, lead = (moments_in(each, published) for each in near)
    if dated := [m for m in (*reversed(before), *after, *lead) if _GRAINS[m.grain] == 0]:
        return _as_days(dated[0], published, own=False)
    if published is None:
        return None
    return Days(published - FRESH, published, named=False, own=False, fresh=True)


def _without_dateline(text: str, moments: Sequence[Moment]) -> Sequence[Moment]:
    """The dates in a sentence but the one of its publication that it begins with."""
    later = [moment for moment in moments if not _DATELINE.fullmatch(text[: moment.start])]
    return later if len(later) == len(moments) or any(not _GRAINS[m.grain] for m in later) else ()


def _as_days(moment: Moment, published: date | None, *, own: bool) -> Days:
    fresh = published is not None and abs(published - moment.last) <= MONTH
    return Days(moment.first, moment.last, named=True, own=own, fresh=fresh)
