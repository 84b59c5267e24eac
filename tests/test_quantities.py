import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from rag.quantities import quantities_in, value_of

Read = tuple[str, float, float, str, str]


def read(text: str) -> list[Read]:
    return [
        (text[q.start : q.end], round(q.low, 3), round(q.high, 3), q.kind, q.unit)
        for q in quantities_in(text)
    ]


@pytest.mark.parametrize(
    ("text", "exact", "low", "high"),
    [
        ("83 otters", "83", 83, 83),
        ("eighty-three otters", "eighty-three", 83, 83),
        ("1,275 otters", "1,275", 1275, 1275),
        ("1.275 otters", "1.275", 1275, 1275),
        ("1.275.000 otters", "1.275.000", 1_275_000, 1_275_000),
        ("100 000 otters", "100 000", 100_000, 100_000),
        ("100\u202f250 otters", "100\u202f250", 100_250, 100_250),
        ("100'250 otters", "100'250", 100_250, 100_250),
        ("2.5 million otters", "2.5 million", 2_500_000, 2_500_000),
        ("1.2m people", "1.2m", 1_200_000, 1_200_000),
        ("a million otters", "a million", 1_000_000, 1_000_000),
        ("half a million otters", "half a million", 500_000, 500_000),
        ("one and a half million", "one and a half million", 1_500_000, 1_500_000),
        ("a quarter of a million otters", "a quarter of a million", 250_000, 250_000),
        ("thirteen hundred sheep", "thirteen hundred", 1_300, 1_300),
        ("two hundred and fifty", "two hundred and fifty", 250, 250),
        ("a dozen eggs", "a dozen", 12, 12),
        ("two dozen eggs", "two dozen", 24, 24),
        ("half a dozen eggs", "half a dozen", 6, 6),
        ("dozens of otters", "dozens", 24, 99),
        ("hundreds of otters", "hundreds", 200, 999),
        ("hundreds of thousands of otters", "hundreds of thousands", 200_000, 999_999),
        ("20-25 otters", "20-25", 20, 25),
        ("20 to 25 otters", "20 to 25", 20, 25),
        ("two or three otters", "two or three", 2, 3),
        ("between 20 and 30 otters", "between 20 and 30", 20, 30),
        ("2 to 3 million otters", "2 to 3 million", 2_000_000, 3_000_000),
        ("more than 100,000 otters", "more than 100,000", 100_000, math.inf),
        ("at least fifty otters", "at least fifty", 50, math.inf),
        ("no fewer than 50 otters", "no fewer than 50", 50, math.inf),
        ("50 or more otters", "50 or more", 50, math.inf),
        ("up to 50 otters", "up to 50", 0, 50),
        ("fewer than 50 otters", "fewer than 50", 0, 50),
        ("no more than 50 otters", "no more than 50", 0, 50),
        ("nearly 50 otters", "nearly 50", 45, 50),
        ("some 50 otters", "some 50", 45, 55),
        ("close to 50 otters", "close to 50", 45, 55),
    ],
)
def test_a_count_has_its_least_and_its_most(text: str, exact: str, low: float, high: float) -> None:
    for whole in (text, f"They saw {text}.", text.upper()):
        ((found, least, most, kind, unit),) = read(whole)
        assert (found.lower(), least, most, kind, unit) == (exact.lower(), low, high, "count", "")


@pytest.mark.parametrize(
    ("text", "exact", "low", "high"),
    [
        ("20 percent of the marsh", "20 percent", 20, 20),
        ("20% of the marsh", "20%", 20, 20),
        ("20 per cent of the marsh", "20 per cent", 20, 20),
        ("one fifth of the marsh", "one fifth", 20, 20),
        ("a fifth of the marsh", "a fifth", 20, 20),
        ("close to one fifth of it", "close to one fifth", 18, 22),
        ("two-thirds of the marsh", "two-thirds", 66.667, 66.667),
        ("three quarters of the marsh", "three quarters", 75, 75),
        ("more than half of the marsh", "more than half", 50, math.inf),
        ("one in five otters", "one in five", 20, 20),
        ("3 out of 4 otters", "3 out of 4", 75, 75),
        ("20-30 percent of the marsh", "20-30 percent", 20, 30),
        ("20%-30% of the marsh", "20%-30%", 20, 30),
    ],
)
def test_a_share_is_a_percentage_however_it_is_written(
    text: str, exact: str, low: float, high: float
) -> None:
    assert read(text) == [(exact, low, high, "share", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$2.5 million", ("$2.5 million", 2_500_000, 2_500_000, "money", "dollar")),
        ("US$ 3bn", ("US$ 3bn", 3e9, 3e9, "money", "dollar")),
        ("4,000 crowns", ("4,000 crowns", 4_000, 4_000, "money", "crown")),
        ("about €40", ("about €40", 36, 44, "money", "euro")),
        ("12 km", ("12 km", 12_000, 12_000, "measure", "metre")),
        ("50km", ("50km", 50_000, 50_000, "measure", "metre")),
        ("5 miles", ("5 miles", 8_046.72, 8_046.72, "measure", "metre")),
        ("3 tonnes", ("3 tonnes", 3_000, 3_000, "measure", "kilogram")),
        ("2 square kilometres", ("2 square kilometres", 2e6, 2e6, "measure", "square metre")),
        ("two hours", ("two hours", 7_200, 7_200, "measure", "second")),
        ("1.275 km", ("1.275 km", 1_275, 1_275, "measure", "metre")),
    ],
)
def test_money_and_measures_have_their_unit(text: str, expected: Read) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "No one came, and one of them said that one is enough.",
        "the second war, the third attack and a third time",
        "on 26 February 1992, in 1993 and on May 3",
        "the 21-year-old flew an S-300 over T72 and B52",
        "at 10:30 they met in Room 12 under Resolution 2254",
        "as the note says [12]",
        "phone 12345678901234567890",
        "",
    ],
)
def test_names_dates_and_places_in_a_row_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_figures_stand_in_their_order_without_overlap() -> None:
    text = "At least 58 people, including 11 children, on 3 March 40 men; killed 10 150 wounded"
    assert [exact for exact, *_ in read(text)] == ["At least 58", "11", "40", "10", "150"]


def test_of_a_change_the_figure_counts_that_it_came_to() -> None:
    assert read("The toll rose from 58 to 72.") == [("72", 72, 72, "count", "")]


@settings(deadline=None, max_examples=300)
@given(number=st.integers(2, 999_999_999))
def test_every_number_in_words_has_its_value(number: int) -> None:
    """Against num2words, another program."""
    words = num2words(number).replace(",", "")
    assert value_of(words) == number
    assert read(f"They saw {words} otters.") == [(words, number, number, "count", "")]


@settings(deadline=None, max_examples=200)
@given(number=st.integers(1, 10**14))
def test_digits_with_and_without_separators_have_their_value(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        if not 1000 <= number <= 2099 or "," in written:
            assert read(f"They saw {written} otters.") == [(written, number, number, "count", "")]


PIECES = [
    *("more than ", "20", "-", " to ", " and ", " million", "one", "half a", " dozen", " percent"),
    *("%", "$", " km", "٣", "１２", "[3]", "½", ".", ",", ".5", ",000", " of a ", " third", "5/6"),
    *("between ", "from ", "100 000", "\u00a0", "hundred", " in ", "a ", "'", "March", "1992"),
]


@settings(deadline=None, max_examples=500)
@given(
    text=st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(PIECES),
        ),
        max_size=14,
    ).map("".join)
)
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = quantities_in(text)
    assert all(0 <= q.start < q.end <= len(text) and q.low <= q.high for q in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.500.000 km", [("1.500.000 km", 1.5e9, 1.5e9, "measure", "metre")]),
        ("1.500 km", [("1.500 km", 1.5e3, 1.5e3, "measure", "metre")]),
        ("1.500 million otters", [("1.500 million", 1.5e6, 1.5e6, "count", "")]),
        ("€1.500.000", [("€1.500.000", 1.5e6, 1.5e6, "money", "euro")]),
        ("12345.678.901 km", []),
        ("0.123.456 km", []),
        ("1.500.00 km", []),
    ],
)
def test_points_between_thousands_are_told_from_decimals(text: str, found: list[Read]) -> None:
    assert read(text) == found
