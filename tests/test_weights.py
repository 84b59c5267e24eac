import json
from importlib.resources import files

import numpy as np
import pytest

from rag.quotes import MATCH_SIGNALS, Evidence
from rag.signals import PassageSignals
from rag.weights import Linear, weights

SUM = Linear(weights={"words": 2.0, "tokens": -0.5}, bias=0.25)


def test_a_linear_is_a_weighted_sum_by_hand() -> None:
    one = SUM(("words", "tokens"), np.array([3.0, 4.0]))
    assert float(one) == 2 * 3 - 0.5 * 4 + 0.25
    some = SUM(["words", "tokens"], np.array([[3.0, 4.0], [0.0, 0.0], [0.5, 2.0]]))
    assert some.tolist() == [4.25, 0.25, 0.25]


def test_a_linear_of_nothing_is_no_sum() -> None:
    assert SUM(("words", "tokens"), np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    "names", [("tokens", "words"), ("words",), ("words", "token"), ("words", "tokens", "more"), ()]
)
def test_signals_of_other_names_or_in_another_order_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"weights for \['words', 'tokens'\], signals"):
        SUM(names, np.zeros(len(names)))


def test_the_weights_that_ship_are_of_the_signals_that_there_are() -> None:
    found = weights()
    assert tuple(found.passage.weights) == PassageSignals._fields
    assert tuple(found.sentence.weights) == Evidence._fields
    assert tuple(found.match.weights) == MATCH_SIGNALS
    assert tuple(found.relevance.weights) == PassageSignals._fields


def test_the_weights_are_those_of_the_file_in_the_package() -> None:
    content = json.loads(files("rag").joinpath("weights.json").read_bytes())
    assert weights().model_dump(exclude_unset=True) == content


def test_thresholds_are_probabilities_and_shares() -> None:
    assert 0 < weights().answer_at < 1
    assert 0 <= weights().cite_at < 1
    assert 0 < weights().hear_at < 1


def test_what_comes_near_a_question_may_still_not_answer_it() -> None:
    assert 0 < weights().near_at < weights().answer_at


def test_nothing_that_speaks_for_an_answer_lowers_its_match() -> None:
    assert min(weights().match.weights.values()) >= 0
    assert min(weights().passage.weights.values()) >= 0
    assert min(weights().sentence.weights.values()) >= 0
