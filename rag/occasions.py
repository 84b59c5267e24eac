"""Which occasion a sentence of a report speaks of: where it was, when, and what brought it about.

Two figures are of the same thing only if they are of the same occasion. Places are names that the
document itself uses as places ("in Lomvik", "Lomvik harbour"); a name that many documents hold
tells little. Days are those that the sentence names, or those around it, or for fresh news the days
up to its publication.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from wordfreq import zipf_frequency

from rag.claims import causes_in
from rag.dates import Moment, day_of, moments_in
from rag.english import words
from rag.lines import folded
from rag.records import Document, Span

Weight = Callable[[str], float]
"""How much it tells that two sentences share a name, from 0."""

WINDOW = 3_000
"""So many code points around a sentence are looked at for how its document uses a name."""

OPENING = 300
"""A report begins with its date within so many code points."""

SAMPLE = 400
"""Of so many documents the share that holds a name is taken."""

KNOWN = 3.5
"""Names as frequent as this in general language (Zipf scale) tell nothing by their rarity."""

FRESH = timedelta(days=1)
"""News tells of what happened up to so long before it was published."""

SAME_DAY, FRESH_NEWS, DAY_APART, UNDATED = 1.0, 2.5, 2.5, 3.0
"""How much shared names have to tell (`Weight`) where both texts name the same day; where one may
only be supposed to be of the days before its publication; where the days named are neighbours, and
were long ago when it was written; and where a day is not known."""

RARE, ELSEWHERE = 4.0, 4.0
"""Where each sentence names a place of this weight that the other source does not have around its
own, the names that they share have to tell more: two villages of one province."""

MONTH = timedelta(days=31)

_NAME = re.compile(r"(?<![\w'’])[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*")
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
        fresh: whether it was published within a month of it.
    """

    first: date
    last: date
    named: bool
    fresh: bool


class Occasion(NamedTuple):
    """Where and when what a sentence tells took place.

    Attributes:
        places: key of a name -> the name as the sentence, or what stands around it, spells it.
        own: keys of those names that stand in the sentence itself.
        days: when it was; None if nobody can tell.
        causes: what brought it about, as classes (`rag.predicates`).
        entire: whether the sentence tells of a whole war or the like, and not of one day.
    """

    places: Mapping[str, str]
    own: frozenset[str]
    days: Days | None
    causes: frozenset[str]
    entire: bool


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
        around = {} if own else _places(_around(document, sentence)[0], near)
        places = _places(title, near) | around | own
    return Occasion(
        places=places,
        own=frozenset(own),
        days=days,
        causes=causes_in(text) or (frozenset() if background else causes_in(title)),
        entire=_ENTIRE.search(text) is not None,
    )


def same_occasion(one: Occasion, other: Occasion, weight: Weight) -> bool:
    """Whether two occasions are the same, as far as places, days and causes tell."""
    if one.entire != other.entire or (
        one.causes and other.causes and not one.causes & other.causes
    ):
        return False
    needed = _needed(one.days, other.days)
    if needed is None:
        return False
    elsewhere = _own_weight(one, other, weight) >= RARE <= _own_weight(other, one, weight)
    return shared_weight(one, other, weight) >= max(needed, ELSEWHERE * elsewhere)


def shared_weight(one: Occasion, other: Occasion, weight: Weight) -> float:
    """How much the names that both share tell together."""
    shared = one.places.keys() & other.places.keys()
    return sum(min(weight(one.places[key]), weight(other.places[key])) for key in shared)


def _own_weight(one: Occasion, other: Occasion, weight: Weight) -> float:
    """How much the rarest name in one's own sentence tells that the other does not have."""
    return max((weight(one.places[key]) for key in one.own - other.places.keys()), default=0.0)


def weight_among(documents: Mapping[str, Document]) -> Weight:
    """How much a name tells: by the share of documents without it, and by general language."""
    every = max(1, len(documents) // SAMPLE)
    texts = [document.text[:WINDOW] for document in list(documents.values())[::every]]

    @cache
    def weight(name: str) -> float:
        stem = re.sub(r"['’]?s$", "", name)
        if any(f" {name.lower()} " in text for text in texts):
            return 0.0
        held = sum(stem in text for text in texts)
        rarity = math.log((len(texts) + 1) / (held + 0.5))
        return max(0.0, rarity) + max(
            0.0, KNOWN - max(zipf_frequency(each, "en") for each in (name, stem))
        )

    return weight


def _needed(one: Days | None, other: Days | None) -> float | None:
    """How much the shared names have to tell, by what is known of the days; None if they differ."""
    if one is None or other is None:
        return UNDATED
    gap = max(one.first, other.first) - min(one.last, other.last)
    if gap > timedelta(days=0):
        # Sources of long ago name the evening or the morning after; news of two days is two news.
        told_later = not (one.fresh and other.fresh) and one.named and other.named
        return DAY_APART if gap == timedelta(days=1) and told_later else None
    if max(one.last - one.first, other.last - other.first) > FRESH:
        return UNDATED
    return SAME_DAY if one.named and other.named else FRESH_NEWS


def key_of(name: str) -> str:
    """What is the same for the spellings of one name: "Deir Ezzor", "Deir al-Zour"."""
    plain = re.sub(r"['’]?s$", "", _ARTICLE.sub("", folded(name))).rstrip("h")
    bones = _DOUBLED.sub(r"\1", plain.translate(_VOWELS))
    if len(bones) >= 3:
        return bones
    return _DOUBLED.sub(r"\1", plain.replace("ou", "u").replace("oo", "u").replace("ee", "i"))


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


def _published(document: Document) -> date | None:
    """The day of publication; the one that the text itself begins with, if it is about the same."""
    published = day_of(document.source.published)
    if published is None:
        return None
    opening = moments_in(document.text[:OPENING])
    days = [m.first for m in opening if m.grain == "day" and abs(m.first - published) <= MONTH]
    return days[0] if days else published


def _days(
    document: Document, sentence: Span, at: int, published: date | None, background: bool
) -> Days | None:
    """The days that a sentence names, or those around it; else those before the publication."""
    own = moments_in(document.text[sentence.start : sentence.end], published)
    if own:
        return _as_days(min(own, key=lambda m: (_GRAINS[m.grain], abs(m.start - at))), published)
    if background:
        return None
    before, after = (moments_in(text, published) for text in _around(document, sentence))
    if dated := [m for m in (*reversed(before), *after) if _GRAINS[m.grain] == 0]:
        return _as_days(dated[0], published)
    return Days(published - FRESH, published, named=False, fresh=True) if published else None


def _as_days(moment: Moment, published: date | None) -> Days:
    fresh = published is not None and abs(published - moment.last) <= MONTH
    return Days(moment.first, moment.last, named=True, fresh=fresh)
