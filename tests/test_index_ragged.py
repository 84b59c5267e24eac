from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.ragged import following, joined, runs, starts_of, taken

RUNS = st.lists(st.lists(st.integers(0, 99), max_size=4), max_size=6)


@pytest.mark.parametrize(
    ("lengths", "starts"),
    [([], [0]), ([3], [0, 3]), ([2, 0, 5], [0, 2, 2, 7]), ([0, 0], [0, 0, 0])],
)
def test_starts_by_hand(lengths: list[int], starts: list[int]) -> None:
    for given_as in (lengths, np.array(lengths, dtype=np.uint32)):
        found = starts_of(given_as)
        assert found.tolist() == starts
        assert found.dtype == np.int64


def test_lengths_that_32_bits_do_not_hold_together_are_added_up() -> None:
    lengths = np.full(3, 2**31, dtype=np.uint32)
    assert starts_of(lengths).tolist() == [0, 2**31, 2**32, 3 * 2**31]


@given(before=RUNS, after=RUNS)
def test_following_starts_are_those_of_all_runs(
    before: list[list[int]], after: list[list[int]]
) -> None:
    found = following(starts_of(list(map(len, before))), starts_of(list(map(len, after))))
    assert found.tolist() == starts_of([len(each) for each in [*before, *after]]).tolist()


@given(held=RUNS, chance=st.randoms(use_true_random=False))
def test_the_places_of_runs_are_those_of_their_elements_in_the_order_asked_for(
    held: list[list[int]], chance: Random
) -> None:
    # A run may be asked for twice.
    chosen = chance.choices(range(len(held)), k=chance.randrange(9)) if held else []
    flat = np.array([each for run in held for each in run], dtype=np.int64)
    places, own = runs(starts_of(list(map(len, held))), np.array(chosen, dtype=np.int64))
    expected = [held[number] for number in chosen]
    assert flat[places].tolist() == [each for run in expected for each in run]
    found = [flat[places][own[n] : own[n + 1]].tolist() for n in range(len(chosen))]
    assert found == expected
    assert places.dtype == own.dtype == np.int64


@given(before=RUNS, after=RUNS, chance=st.randoms(use_true_random=False))
def test_runs_of_two_arrays_are_joined_in_the_order_asked_for(
    before: list[list[int]], after: list[list[int]], chance: Random
) -> None:
    every = [*before, *after]
    if chance.random() < 0.5:  # as a build asks: nearly all of them, in stretches
        chosen = [number for number in range(len(every)) if chance.random() < 0.8]
    else:
        chosen = chance.choices(range(len(every)), k=chance.randrange(9)) if every else []
    one, other = (np.array([n for run in runs for n in run], np.uint8) for runs in (before, after))
    starts = following(*(starts_of(list(map(len, each))) for each in (before, after)))
    pieces, own = joined(one, other, starts, np.array(chosen, dtype=np.int64))
    found = np.concatenate(pieces)
    expected = [every[number] for number in chosen]
    assert [found[own[n] : own[n + 1]].tolist() for n in range(len(chosen))] == expected
    assert (len(own), int(own[-1])) == (len(chosen) + 1, len(found))
    assert found.dtype == np.uint8


def test_runs_that_follow_one_another_are_one_piece_that_is_no_copy() -> None:
    before, after = np.arange(6, dtype=np.uint8).reshape(3, 2), np.full((1, 2), 9, dtype=np.uint8)
    starts = np.array([0, 1, 2, 3, 4])
    (empty, *pieces), own = joined(before, after, starts, np.array([1, 2, 3, 0]))
    assert empty.shape == (0, 2)
    assert [each.tolist() for each in pieces] == [[[2, 3], [4, 5]], [[9, 9]], [[0, 1]]]
    assert own.tolist() == [0, 1, 2, 3, 4]
    assert np.shares_memory(pieces[0], before)
    (none,), own = joined(before, after, starts, np.zeros(0, dtype=np.int64))
    assert (none.shape, own.tolist()) == ((0, 2), [0])


@given(
    before=st.lists(st.tuples(*2 * [st.integers(0, 255)]), max_size=6),
    after=st.lists(st.tuples(*2 * [st.integers(0, 255)]), max_size=6),
    chance=st.randoms(use_true_random=False),
)
def test_what_is_taken_is_what_stands_there_in_both_put_together(
    before: list[tuple[int, int]], after: list[tuple[int, int]], chance: Random
) -> None:
    every = [*before, *after]
    chosen = chance.choices(range(len(every)), k=chance.randrange(9)) if every else []
    one, other = (np.array(each, dtype=np.uint8).reshape(-1, 2) for each in (before, after))
    found = taken(one, other, np.array(chosen, dtype=np.int64))
    assert [tuple(row) for row in found.tolist()] == [every[number] for number in chosen]
    assert found.shape == (len(chosen), 2)
    assert found.dtype == np.uint8
    found[:] = 0
    assert [*map(tuple, one.tolist()), *map(tuple, other.tolist())] == every
