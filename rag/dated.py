"""The dates of an English sentence as figures: when it says that something was done."""

import re

from rag.claims import Claim
from rag.counted import stem_of
from rag.dates import Moment, moments_in
from rag.english import PAST, SAYING
from rag.predicates import ACTIVE_NOUNS, PREDICATES
from rag.quantities import Quantity

_BEFORE = re.compile(r"\b(?:on|in|since|by|until|from|during)\s+(?:the\s+)?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_FAR = 80
"""A verb is not looked for further than so many code points from the date."""


def dated_in(sentence: str) -> tuple[Claim, ...]:
    """The date that a sentence gives for what its nearest verb says; none if it gives several.

    Only dates with their year, after a preposition: not the one that heads a report.
    """
    moments = [moment for moment in moments_in(sentence) if moment.grain != "weekday"]
    if len(moments) != 1 or not _BEFORE.search(sentence, 0, moments[0].start):
        return ()
    cue = _verb(sentence, moments[0])
    if cue is None:
        return ()
    word = cue[0].lower()
    first, last = (float(day.toordinal()) for day in (moments[0].first, moments[0].last))
    return (
        Claim(
            quantity=Quantity(moments[0].start, moments[0].end, first, last, "date"),
            counted="",
            people=False,
            noun=None,
            predicate=PREDICATES.get(word) or f"verb {stem_of(word)}",
            cue=cue.span(),
            clause=(0, len(sentence)),
            scope="",
            causes=frozenset(),
        ),
    )


def _verb(sentence: str, moment: Moment) -> re.Match[str] | None:
    """The last verb before a date, or the first one after it."""
    verbs = [match for match in _WORD.finditer(sentence) if _is_verb(match[0].lower())]
    before = [v for v in verbs if moment.start - _FAR <= v.start() < moment.start]
    after = [v for v in verbs if moment.end <= v.start() < moment.end + _FAR]
    return before[-1] if before else after[0] if after else None


def _is_verb(word: str) -> bool:
    if word in SAYING or word in ACTIVE_NOUNS:
        return False
    return word in PREDICATES or word in PAST or (word.endswith("ed") and len(word) > 4)
