from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoder import Vectors
from rag.index.dense import DenseStore
from rag.index.ragged import Numbers


def unit(seed: int, count: int, dimension: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def nearest(vectors: Vectors, query: Vectors, count: int, allowed: list[int]) -> list[int]:
    """The oracle: exact search in NumPy."""
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    return sorted(allowed, key=lambda number: -cosines[number])[:count]


@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 60),
    count=st.integers(1, 70),
    data=st.data(),
)
@settings(deadline=None, max_examples=60)
def test_search_is_exact_search(seed: int, size: int, count: int, data: st.DataObject) -> None:
    vectors, query = unit(seed, size, 16), unit(seed + 1, 1, 16)[0]
    store = DenseStore.from_vectors(vectors)
    assert store.search(query, count).tolist() == nearest(vectors, query, count, list(range(size)))
    allowed = data.draw(st.lists(st.integers(0, size - 1), unique=True).map(sorted))
    numbers: Numbers = np.array(allowed, dtype=np.int64)
    assert store.search(query, count, numbers).tolist() == nearest(vectors, query, count, allowed)


@given(seed=st.integers(0, 10**6), size=st.integers(1, 40), data=st.data())
@settings(deadline=None, max_examples=40)
def test_scores_are_cosines_in_the_order_asked_for(
    seed: int, size: int, data: st.DataObject
) -> None:
    vectors, query = unit(seed, size, 8), unit(seed + 1, 1, 8)[0]
    numbers = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=10))
    found = DenseStore.from_vectors(vectors).scores(query, np.array(numbers, dtype=np.int64))
    np.testing.assert_allclose(found, [vectors[number] @ query for number in numbers], atol=1e-6)


def test_a_store_answers_alike_after_saving_and_loading(tmp_path: Path) -> None:
    vectors, query = unit(1, 30, 16), unit(2, 1, 16)[0]
    store = DenseStore.from_vectors(vectors)
    store.save(tmp_path)
    loaded = DenseStore.load(tmp_path)
    every = np.arange(30, dtype=np.int64)
    assert len(loaded) == len(store) == 30
    assert loaded.search(query, 30).tolist() == store.search(query, 30).tolist()
    assert loaded.scores(query, every).tolist() == store.scores(query, every).tolist()
    assert [file.name for file in tmp_path.iterdir()] == ["dense.faiss"]


@pytest.mark.parametrize("number", [0, 3])
def test_a_vector_finds_itself_first_with_cosine_1(number: int) -> None:
    vectors = unit(5, 4, 8)
    store = DenseStore.from_vectors(vectors)
    assert store.search(vectors[number], 1).tolist() == [number]
    own = store.scores(vectors[number], np.array([number], dtype=np.int64))
    assert own[0] == pytest.approx(1.0, abs=1e-6)
