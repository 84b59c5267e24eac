from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import QuestionError
from rag.filters import passing, undated
from rag.records import EVERYTHING, UNLABELLED, AssignedPerspective, Document, Filter, Source

FIRST, LAST = date(2019, 12, 1), date(2021, 1, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
"""The only days of the oracle, which looks at each: nothing else is drawn."""

DATES = st.one_of(
    st.sampled_from(DAYS).map(date.isoformat),
    st.sampled_from(DAYS).map(lambda day: day.isoformat()[:7]),
    st.sampled_from(["2019", "2020", "2021"]),
)
KINDS = ("letter", "news report", "memoir")
LABELS = ("town", "millers", UNLABELLED)


def document(
    name: str, label: str = UNLABELLED, kind: str | None = None, published: str | None = None
) -> Document:
    of = AssignedPerspective(id=label, label=label)
    source = Source(kind=kind, published=published, perspective=of)
    return Document(id=name, text="A mill.", sha256="", encoding="utf_8", source=source)


def library(*documents: Document) -> dict[str, Document]:
    return {each.id: each for each in documents}


ANY_LIBRARY = st.lists(
    st.builds(
        document,
        st.sampled_from([f"{n}.txt" for n in range(9)]),
        st.sampled_from(LABELS),
        st.sampled_from([None, *KINDS]),
        st.one_of(st.none(), st.just("long ago"), DATES),
    ),
    max_size=9,
).map(lambda documents: library(*documents))


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


@st.composite
def any_filter(draw: st.DrawFn) -> Filter:
    since, until = draw(st.none() | DATES), draw(st.none() | DATES)
    if not any(held_by(day, since, until) for day in DAYS):
        until = None
    return Filter(
        perspectives=draw(some(LABELS)),
        sources=draw(some(tuple(f"{n}.txt" for n in range(9)))),
        kinds=draw(some(KINDS)),
        since=since,
        until=until,
    )


def held_by(day: date, since: str | None, until: str | None) -> bool:
    """The oracle: whether a day is let in; dates are compared as text, as far as they are told."""
    told = day.isoformat()
    return (since is None or told[: len(since)] >= since) and (
        until is None or told[: len(until)] <= until
    )


def fits(each: Document, only: Filter) -> bool:
    """The oracle: each condition by itself, and each day of a date."""
    source = each.source
    days = [
        day for day in DAYS if source.published and day.isoformat().startswith(source.published)
    ]
    asked = [
        not only.perspectives or source.perspective.id in only.perspectives,
        not only.sources or each.id in only.sources,
        not only.kinds or source.kind in only.kinds,
        (only.since is None and only.until is None)
        or any(held_by(day, only.since, only.until) for day in days),
    ]
    return all(asked)


@given(ANY_LIBRARY, any_filter())
def test_what_passes_fits_every_condition(documents: dict[str, Document], only: Filter) -> None:
    assert passing(documents, only) == {n for n, each in documents.items() if fits(each, only)}


@given(ANY_LIBRARY, any_filter())
def test_what_has_no_date_is_left_out_for_that_alone(
    documents: dict[str, Document], only: Filter
) -> None:
    dated = only.since is not None or only.until is not None
    at_any_time = only.model_copy(update={"since": None, "until": None})
    assert undated(documents, only) == {
        name
        for name, each in documents.items()
        if dated and each.source.published in (None, "long ago") and fits(each, at_any_time)
    }


@given(ANY_LIBRARY, any_filter())
def test_a_filter_acts_if_it_has_a_condition(documents: dict[str, Document], only: Filter) -> None:
    assert only.acts == (only != EVERYTHING)
    assert passing(documents, EVERYTHING) == documents.keys()


@pytest.mark.parametrize(
    ("published", "since", "until", "passes"),
    [
        ("2020", "2020-12-31", None, True),
        ("2020", "2021", None, False),
        ("2020", None, "2020-01-01", True),
        ("2020", None, "2019", False),
        ("2020-10", "2020", "2020", True),
        ("2020-10", "2020-10-31", "2020-10-31", True),
        ("2020-10", "2020-11-01", None, False),
        ("2020-10-21", "2020-10", "2020-10", True),
        ("2020-10-21", "2020-10-21", "2020", True),
        ("2020-10-21", "2020-10-22", None, False),
        ("2020-10-21", None, "2020-10-20", False),
        (None, "2020", None, False),
        ("in 2020", "2020", None, False),
        ("in 2020", None, None, True),
    ],
)
def test_a_date_passes_if_one_of_the_days_that_it_may_be_does(
    published: str | None, since: str | None, until: str | None, passes: bool
) -> None:
    one = library(document("a.txt", published=published))
    assert bool(passing(one, Filter(since=since, until=until))) == passes


@pytest.mark.parametrize("asked", ["news report", "News  Report", "NEWS REPORT "])
def test_a_kind_is_the_same_in_any_letters(asked: str) -> None:
    both = library(document("a.txt", kind="News report"), document("b.txt", kind="news"))
    assert passing(both, Filter(kinds=(asked,))) == {"a.txt"}


def test_a_source_without_a_kind_is_of_none() -> None:
    one = library(document("a.txt"))
    assert passing(one, Filter(kinds=("",))) == passing(one, Filter(kinds=("None",))) == set()


@pytest.mark.parametrize("date_", ["", "2020-13", "21.10.2020", "last year", "2020-10-21T10:00"])
@pytest.mark.parametrize("end", ["since", "until"])
def test_what_is_no_date_is_an_error_of_the_question(end: str, date_: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Filter.model_validate({end: date_})
    assert str(caught.value) == (
        f"{date_!r} is no date\nWrite a year (2020), a month (2020-10) or a day (2020-10-21)."
    )


@given(DATES, DATES)
def test_dates_between_which_no_day_lies_are_an_error(since: str, until: str) -> None:
    if any(held_by(day, since, until) for day in DAYS):
        assert Filter(since=since, until=until).acts
        return
    with pytest.raises(QuestionError, match=f"no day lies between {since} and {until}"):
        Filter(since=since, until=until)
