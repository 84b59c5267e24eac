"""Which sources are to be heard: what can be chosen, what is chosen, and what acts.

The form itself knows what is chosen and sends it with every question, so that no question can
overtake a choice. What the browser sends is checked here, and the library checks it again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from rag.answering import Library
from rag.errors import QuestionError
from rag.filters import plain_kind
from rag.heads import Described, heads_of
from rag.holdings import Holding, holdings
from rag.intervals import interval_of
from rag.records import Filter, Record
from rag.web.badges import shapes_of
from rag.web.markup import render

MOST = 10_000
LONGEST = 4096
"""So many things may be chosen at once, each with so many code points of its id."""

FOUND_BY_EYE = 8
"""Of more sources than this, a box helps to find one."""

Ids = tuple[Annotated[str, Field(max_length=LONGEST)], ...]


class Chosen(Record):
    """What somebody has chosen in the form, as the browser tells it; dates as they were typed.

    Attributes:
        at: counts what a page tells, so that it knows which reply is the newest.
    """

    perspectives: Ids = Field(default=(), max_length=MOST)
    sources: Ids = Field(default=(), max_length=MOST)
    kinds: Ids = Field(default=(), max_length=MOST)
    since: str = Field(default="", max_length=100)
    until: str = Field(default="", max_length=100)
    at: int = 0

    @property
    def wrong(self) -> tuple[str, ...]:
        """The fields whose date cannot be taken: it is none, or no day lies between the two."""
        told = {"since": self.since.strip(), "until": self.until.strip()}
        wrong = tuple(field for field, date in told.items() if date and interval_of(date) is None)
        if wrong:
            return wrong
        try:
            self._acting(())
        except QuestionError:
            return ("since", "until")
        return ()

    @property
    def only(self) -> Filter:
        """The filter that acts: of what is chosen, all but the dates that are none."""
        return self._acting(self.wrong)

    def _acting(self, left_out: Sequence[str]) -> Filter:
        dates = {"since": self.since.strip() or None, "until": self.until.strip() or None}
        return Filter(
            perspectives=self.perspectives,
            sources=self.sources,
            kinds=self.kinds,
            **{field: date for field, date in dates.items() if field not in left_out},
        )


class Chip(NamedTuple):
    """One condition that acts: in which field of the form, its value, and what it is called."""

    of: str
    value: str
    name: str


class Offer(NamedTuple):
    """What a library lets choose from; a list is empty where there is no choice."""

    labels: Sequence[Holding]
    sources: Sequence[Described]
    kinds: Sequence[tuple[str, int]]
    dated: bool


def offer_of(library: Library) -> Offer:
    """What can be chosen in a library."""
    heads = heads_of(library.documents).values()
    documents = sorted(heads, key=lambda each: each.display_title.casefold())
    labels = holdings(library.perspectives, library.documents)
    kinds = kinds_of(documents)
    apart = len(kinds) > 1 or sum(count for _, count in kinds) < len(documents)
    return Offer(
        labels=labels if len(labels) > 1 else [],
        sources=documents if len(documents) > 1 else [],
        kinds=kinds if apart else [],
        dated=any(interval_of(each.source.published or "") for each in documents),
    )


def kinds_of(documents: Sequence[Described]) -> list[tuple[str, int]]:
    """The kinds of source that there are, as the first source spells each, and how many of each.

    Case and width of space make no kind of its own, as `rag.filters` has it.
    """
    told = [each.source.kind for each in documents if each.source.kind]
    spelled: dict[str, str] = {}
    for kind in told:
        spelled.setdefault(plain_kind(kind), kind)
    counts = Counter(map(plain_kind, told))
    return sorted((spelled[key], counts[key]) for key in counts)


def filters_html(library: Library) -> str:
    """The form, with nothing chosen; empty if there is nothing to choose."""
    offer = offer_of(library)
    if not any(offer):
        return ""
    shapes = shapes_of(each.id for each in library.perspectives)
    return render("filters.html", offer=offer, shapes=shapes, by_eye=FOUND_BY_EYE)


def acting_html(library: Library, chosen: Chosen, *, kept: bool = True) -> str:
    """What acts, each condition with a button that takes it away; then what is wrong with it.

    Args:
        library: that is asked.
        chosen: what acts.
        kept: whether a question is kept that is asked with it.
    """
    return render(
        "acting.html",
        chips=list(_chips(library, chosen)),
        wrong={field: getattr(chosen, field) for field in chosen.wrong},
        are_dates=all(interval_of(getattr(chosen, field).strip()) for field in chosen.wrong),
        kept=kept,
        at=chosen.at,
        shapes=shapes_of(each.id for each in library.perspectives),
    )


def _chips(library: Library, chosen: Chosen) -> Iterator[Chip]:
    """What is chosen and known to the library."""
    labels = {
        row.perspective: row.label for row in holdings(library.perspectives, library.documents)
    }
    for each in chosen.perspectives:
        if each in labels:
            yield Chip("perspectives", each, labels[each])
    for each in chosen.sources:
        if each in library.documents:
            yield Chip("sources", each, heads_of(library.documents)[each].display_title)
    for each in chosen.kinds:
        yield Chip("kinds", each, each)
    for field in ("since", "until"):
        date = getattr(chosen.only, field)
        if date:
            yield Chip(field, date, date)
