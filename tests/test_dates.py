from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates import date_spans, day_of, moments_in
from tests.making import ANY_TEXT

TODAY = date(2016, 9, 22)  # a Thursday


@pytest.mark.parametrize(
    ("text", "exact", "first", "last"),
    [
        ("on 26 February 1992", "26 February 1992", date(1992, 2, 26), date(1992, 2, 26)),
        ("on February 26, 1992", "February 26, 1992", date(1992, 2, 26), date(1992, 2, 26)),
        ("on 3rd of May 1901", "3rd of May 1901", date(1901, 5, 3), date(1901, 5, 3)),
        ("1992-02-26", "1992-02-26", date(1992, 2, 26), date(1992, 2, 26)),
        ("26.02.1992", "26.02.1992", date(1992, 2, 26), date(1992, 2, 26)),
        ("in February 1992", "February 1992", date(1992, 2, 1), date(1992, 2, 29)),
        ("in 1992", "1992", date(1992, 1, 1), date(1992, 12, 31)),
        ("(1992)", "1992", date(1992, 1, 1), date(1992, 12, 31)),
        ("on August 21", "August 21", date(2016, 8, 21), date(2016, 8, 21)),
        ("on 24 December", "24 December", date(2015, 12, 24), date(2015, 12, 24)),
        ("in July", "July", date(2016, 7, 1), date(2016, 7, 31)),
        ("on Tuesday", "Tuesday", date(2016, 9, 20), date(2016, 9, 20)),
        ("on Thursday", "Thursday", date(2016, 9, 22), date(2016, 9, 22)),
        ("yesterday", "yesterday", date(2016, 9, 21), date(2016, 9, 21)),
        ("over the weekend", "over the weekend", date(2016, 9, 17), date(2016, 9, 18)),
        ("on Friday", "Friday", date(2016, 9, 16), date(2016, 9, 16)),
    ],
)
def test_a_date_is_the_days_that_it_may_be(text: str, exact: str, first: date, last: date) -> None:
    whole = f"It happened {text}, they say."
    (moment,) = moments_in(whole, TODAY)
    assert exact in whole[moment.start : moment.end]
    assert (moment.first, moment.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["31 June 1992", "On Tuesday", "on August 21", "in July", "May I?"]
)
def test_without_a_day_of_reference_nothing_is_guessed(text: str) -> None:
    assert moments_in(text) == ()


def test_a_date_without_a_year_is_still_no_count() -> None:
    text = "On March 3 40 boats came."
    assert [text[start:end] for start, end in date_spans(text)] == ["March 3"]


def test_a_catalogue_names_a_day_or_does_not() -> None:
    assert day_of("2016-09-22") == TODAY
    assert day_of("2016-09-22T10:00:00Z") == TODAY
    assert day_of("2016") is day_of("September 2016") is day_of(None) is None


@settings(deadline=None, max_examples=300)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_each_form(day: date) -> None:
    for form in (f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%b %d %Y}", day.isoformat()):
        (moment,) = moments_in(f"on {form} it rained")
        assert moment.first == moment.last == day


@settings(deadline=None, max_examples=200)
@given(text=ANY_TEXT)
def test_any_text_is_read_without_an_error(text: str) -> None:
    moments = moments_in(f"{text} 3 March{text}", TODAY)
    assert all(0 <= m.start < m.end <= len(text) * 2 + 9 and m.first <= m.last for m in moments)
