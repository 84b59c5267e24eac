"""Which occasion a sentence of a report speaks of: where it was, when, and what brought it about.

Days are those that the sentence names, or those around it, or for fresh news the days up to its
publication.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rag.claims import causes_in
from rag.dates import Moment, moments_in
from rag.records import Document, Span
from rag.reports import MONTH, Places, Report, rare_words_in
from rag.telling import Weights

FRESH = timedelta(days=1)
"""News tells of what happened up to so long before it was published."""

_GRAINS = {"day": 0, "weekday": 0, "month": 1, "year": 2}
_DATELINE = re.compile(
    r"\W*(?:(?:date\s+of\s+publication|published|(?:last\s+)?updated(?:\s+at)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\W*)*",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:earlier|previous(?:ly)?|ago|last\s+(?:week|month|year|summer|winter|spring|autumn)"
    r"|in\s+recent|formerly|once|decades?|anniversary)\b",
    re.IGNORECASE,
)
_WHEN_SAID = re.compile(
    r"\b(?:said|says|reported|announced|stated|added|told\s+\w+|confirmed)\s+(?:(?:late|early)\s+)?"
    r"(?:on\s+)?$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:meanwhile|separately|elsewhere|also|another|others?\s+attacks?|different)\b",
    re.IGNORECASE,
)
_SUMMED = re.compile(
    r"\bseparate\s+(?:\w+\s+){0,2}(?:attacks|strikes|raids|incidents|bombings|clashes|blasts)\b",
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
        words: the stems of its words in small letters, longer ones only.
        entire: whether the sentence tells of a whole war or the like, and not of one day.
        published: when the document was; None if nobody knows the day.
        leads: whether the sentence is one of those that tell what a report is of.
        report: the report, if the sentence tells of what its beginning is of; else None.
    """

    places: Places
    own: frozenset[str]
    days: Days | None
    causes: frozenset[str]
    words: frozenset[str]
    entire: bool
    published: date | None
    leads: bool
    report: Report | None


class Occasions:
    """The occasions of the sentences of a library's documents; what was found once is kept.

    Attributes:
        documents: by id.
        weights: of what their sentences share.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents = documents
        self.weights = Weights(documents)
        self._reports: dict[str, Report] = {}
        self._read: dict[tuple[str, int, int], Occasion | None] = {}

    def of(self, document: str, sentence: Span, at: int) -> Occasion | None:
        """The occasion of which a sentence speaks where the figure stands that starts at `at`.

        None if a dated report tells of something earlier without saying when it was, or if a
        sentence sums up several occasions.
        """
        key = document, sentence.start, at
        if key not in self._read:
            self._read[key] = _occasion_of(self._report(document), sentence, at)
        return self._read[key]

    def _report(self, document: str) -> Report:
        if document not in self._reports:
            self._reports[document] = Report(self.documents[document])
        return self._reports[document]


def _occasion_of(report: Report, sentence: Span, at: int) -> Occasion | None:
    text = report.text_of(sentence)
    if _SUMMED.search(text):
        return None
    background = report.published is not None and _BACKGROUND.search(text) is not None
    days = _days(report, sentence, at - sentence.start, background)
    if background and days is None:
        return None
    own = report.places_in(text, sentence.start)
    places = dict(own)
    if not background:
        before = {} if own else report.places_in(report.before(sentence), sentence.start)
        places = {**report.lead_places, **before, **own}
    leads = report.leads(sentence)
    main = leads or (own.keys() <= report.lead_places.keys() and not _ASIDE.search(text))
    main = main and not background
    return Occasion(
        places=places,
        own=frozenset(own),
        days=days,
        causes=causes_in(text) or (frozenset() if background else report.causes),
        words=rare_words_in(text),
        entire=_ENTIRE.search(text) is not None,
        published=report.published,
        leads=leads,
        report=report if main else None,
    )


def _days(report: Report, sentence: Span, at: int, background: bool) -> Days | None:
    """The days that a sentence names, or those around it; else those before the publication."""
    text, published = report.text_of(sentence), report.published
    own = _without_dateline(text, moments_in(text, published))
    if own:
        # That somebody said it on Monday tells less than that it was on Sunday.
        best = min(own, key=lambda moment: (_is_when_said(text, moment), abs(moment.start - at)))
        return _as_days(best, published, own=True)
    if background:
        return None
    before, after = report.before(sentence), report.after(sentence)
    days = [
        (_is_when_said(words, moment), moment)
        for words, moments in (
            (before, tuple(reversed(moments_in(before, published)))),
            (after, moments_in(after, published)),
            (report.lead, report.lead_moments),
        )
        for moment in moments
        if _GRAINS[moment.grain] == 0
    ]
    if days:
        return _as_days(min(days, key=lambda each: each[0])[1], published, own=False)
    if published is None:
        return None
    return Days(published - FRESH, published, named=False, own=False, fresh=True)


def _is_when_said(text: str, moment: Moment) -> bool:
    return _WHEN_SAID.search(text, 0, moment.start) is not None


def _without_dateline(text: str, moments: Sequence[Moment]) -> Sequence[Moment]:
    """The dates in a sentence but the one of its publication that it begins with."""
    later = [moment for moment in moments if not _DATELINE.fullmatch(text[: moment.start])]
    return later if len(later) == len(moments) or any(not _GRAINS[m.grain] for m in later) else ()


def _as_days(moment: Moment, published: date | None, *, own: bool) -> Days:
    fresh = published is not None and abs(published - moment.last) <= MONTH
    return Days(moment.first, moment.last, named=True, own=own, fresh=fresh)
