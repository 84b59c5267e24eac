import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.furniture.features import LineFeatures, around, function_words, shifted

BOARD = "The harbour board met on Monday to decide on the new cranes. It voted for two of them."
QUAY = "The cranes will stand on the eastern quay, where the old warehouse was pulled down."
PAGE = ["Home", "News", "Sport", "The new cranes", BOARD, "12 views", QUAY, "© 2024 Valley Post"]


def of(name: str, texts: list[str] = PAGE) -> list[float]:
    return [round(float(value), 3) for value in LineFeatures(texts, "en").columns[name]]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("terminated", [0, 0, 0, 0, 1, 0, 1, 0]),
        ("sentences", [0, 0, 0, 0, 2, 0, 1, 0]),
        ("copyright", [0, 0, 0, 0, 0, 0, 0, 1]),
        ("navigation", [1, 1, 0, 0, 0, 0.5, 0, 0.333]),
        ("first digit", [0, 0, 0, 0, 0, 1, 0, 0]),
        ("run", [4, 4, 4, 4, 0, 1, 0, 1]),
        ("place in run", [0, 1, 2, 3, 0, 0, 0, 0]),
        ("distance to prose", [4, 3, 2, 1, 0, 1, 0, 1]),
        ("prose above", [0, 0, 0, 0, 0, 0.548, 0.548, 1]),
        ("prose below", [1, 1, 1, 1, 0.452, 0.452, 0, 0]),
        ("between prose", [0, 0, 0, 0, 0, 1, 0, 0]),
        ("lines above", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("lines below", [7, 6, 5, 4, 3, 2, 1, 0]),
        ("page: prose lines", [0.25] * 8),
        ("page: lines above prose", [round(float(np.log1p(4)), 3)] * 8),
    ],
)
def test_a_feature_says_what_its_name_says(name: str, values: list[float]) -> None:
    assert of(name) == pytest.approx(values, abs=0.02 if name.startswith("prose") else 0.001)


def test_repetition_counts_lines_and_beginnings_but_not_their_numbers() -> None:
    texts = ["Posted 12 May", "Posted 3 June", "Rye", "RYE", "Oats"]
    assert of("repeated", texts) == [1, 1, 2, 2, 1]
    assert of("alike", texts) == [2, 2, 2, 2, 1]


def test_words_of_the_prose_are_those_that_other_prose_has() -> None:
    texts = [QUAY, "Warehouse cranes", "Bakery", QUAY.replace("quay", "pier")]
    known = of("words of the prose", texts)
    assert known[1:3] == [1, 0]
    assert known[0] == pytest.approx(6 / 7, abs=0.2)
    assert known[0] < 1


def test_a_text_without_lines_has_no_rows() -> None:
    nothing = LineFeatures([], "en")
    assert nothing.matrix.shape == (0, len(LineFeatures(PAGE, "en").names))


@pytest.mark.parametrize("texts", [["Rye"], ["Rye", "…"], ["", "\u2028", "😀"]])
def test_features_of_next_to_nothing_are_finite(texts: list[str]) -> None:
    assert np.isfinite(LineFeatures(texts, "en").matrix).all()


def test_function_words_are_those_of_the_language() -> None:
    assert {"the", "of"} <= function_words("en")
    assert {"der", "und"} <= function_words("de")
    assert function_words("xx") == frozenset()


NUMBERS = st.lists(st.integers(-9, 9).map(float), max_size=9)


@given(values=NUMBERS, reach=st.integers(0, 12))
def test_around_is_the_sum_of_the_neighbours(values: list[float], reach: int) -> None:
    expected = [sum(values[max(0, n - reach) : n + reach + 1]) for n in range(len(values))]
    assert around(np.array(values), reach).tolist() == expected


@given(values=NUMBERS, by=st.sampled_from([-3, -1, 1, 2]))
def test_shifted_is_the_value_of_the_line_so_far_away(values: list[float], by: int) -> None:
    expected = [values[n - by] if 0 <= n - by < len(values) else -1.0 for n in range(len(values))]
    assert shifted(np.array(values), by, -1.0).tolist() == expected
