from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learn_furniture import judge_of
from sklearn.ensemble import HistGradientBoostingClassifier

from rag.furniture.trees import Judge, Tree, judge, kept

NAMES = ("length", "links", "place")


def test_the_trees_say_what_scikit_learn_says() -> None:
    random = np.random.default_rng(0)
    lines = np.round(random.normal(size=(400, 3)), 2)
    right = lines[:, 0] + lines[:, 1] * lines[:, 2] > 0.2
    model = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6).fit(lines, right)
    found = judge_of(model, NAMES).probabilities(lines, NAMES)
    np.testing.assert_allclose(found, model.predict_proba(lines)[:, 1], atol=1e-4)


def test_features_are_found_by_their_names_and_not_by_their_order() -> None:
    tree = Tree(
        feature=("links", "", ""),
        limit=(0.5, 0, 0),
        left=(1, 0, 0),
        right=(2, 0, 0),
        value=(0, 1, -2),
    )
    one = Judge(made_by="", bias=0.5, trees=(tree,))
    lines = np.array([[9.0, 0.5], [9.0, 0.6]])
    expected = 1 / (1 + np.exp([-1.5, 1.5]))
    np.testing.assert_allclose(one.probabilities(lines, ("place", "links")), expected)
    np.testing.assert_allclose(one.probabilities(lines[:, ::-1], ("links", "place")), expected)


def test_a_judge_without_trees_says_its_bias() -> None:
    alone = Judge(made_by="", bias=0.0, trees=())
    assert alone.probabilities(np.zeros((2, 1)), ("a",)).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("name", ["lines", "blocks"])
def test_the_judges_that_ship_are_whole(name: str) -> None:
    for tree in judge(name).trees:
        nodes = range(len(tree.feature))
        assert {len(each) for each in (tree.limit, tree.left, tree.right, tree.value)} == {
            len(nodes)
        }
        below = sorted(n for n in (*tree.left, *tree.right) if n)
        assert below == list(nodes)[1:]  # each node but the root hangs below exactly one other


LINES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40).map(float)), min_size=1, max_size=6)


def expected_f1(likely: list[float], words: list[float], chosen: tuple[int, ...]) -> float:
    right = sum(likely[n] * words[n] for n in chosen)
    taken = sum(words[n] for n in chosen)
    wanted = sum(a * b for a, b in zip(likely, words, strict=True))
    return 2 * right / max(taken + wanted, 1e-9)


@settings(deadline=None, max_examples=200)
@given(lines=LINES)
def test_no_other_choice_of_lines_is_expected_to_be_better(
    lines: list[tuple[float, float]],
) -> None:
    likely, words = [a for a, _ in lines], [b for _, b in lines]
    keep = kept(np.array(likely), np.array(words))
    chosen = tuple(int(n) for n in np.flatnonzero(keep))
    best = max(
        expected_f1(likely, words, each)
        for size in range(1, len(lines) + 1)
        for each in combinations(range(len(lines)), size)
    )
    assert expected_f1(likely, words, chosen) == pytest.approx(best)
    assert chosen


def test_a_doubtful_line_is_kept_where_all_is_doubtful_and_left_out_where_all_is_clear() -> None:
    doubt = kept(np.array([0.5, 0.4, 0.4]), np.array([10.0, 10.0, 10.0]))
    clear = kept(np.array([0.99, 0.99, 0.4]), np.array([100.0, 100.0, 10.0]))
    assert (doubt.tolist(), clear.tolist()) == ([True, True, True], [True, True, False])


def test_of_no_lines_none_is_kept() -> None:
    assert kept(np.zeros(0), np.zeros(0)).tolist() == []
