import re
from calendar import isleap
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.intervals import interval_of

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2021-12", "2021-12-01", "2021-12-31"),
        ("2020-10-21", "2020-10-21", "2020-10-21"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_date_is_the_days_that_it_holds(told: str, first: str, last: str) -> None:
    assert interval_of(told) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "told",
    [
        *("", "20", "20201", "0000", "2020-", "2020-13", "2020-00", "2020-1", "2020-02-30"),
        *("2020-10-21T00:00", "21-10-2020", "202010", "2020-W01", " 2020", "2020\n", "about 2020"),
        *("٢٠٢٠", "2021-02-29", "2020-04-31", "2020--01", "2020-10-00"),
    ],
)
def test_nothing_else_is_a_date(told: str) -> None:
    assert interval_of(told) is None


@given(st.dates())
def test_a_year_and_a_month_hold_each_of_their_days_and_no_other(day: date) -> None:
    told = day.isoformat()
    assert interval_of(told) == (day, day)
    leap = day.month == 2 and isleap(day.year)
    month, year = interval_of(told[:7]), interval_of(told[:4])
    assert month == (day.replace(day=1), day.replace(day=LENGTHS[day.month - 1] + leap))
    assert year == (day.replace(month=1, day=1), day.replace(month=12, day=31))


@given(st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True))
def test_what_has_the_form_of_a_date_is_one_if_its_first_day_is(told: str) -> None:
    try:
        first = date.fromisoformat(f"{told}-01-01"[:10])
    except ValueError:
        assert interval_of(told) is None
    else:
        found = interval_of(told)
        assert found
        assert found[0] == first
        assert re.match(told, found[1].isoformat())
