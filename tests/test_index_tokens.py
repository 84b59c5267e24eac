from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoder import EncodedTexts, Vectors, signs_of
from rag.index.ragged import Numbers
from rag.index.tokens import Tokens, TokenStore, similarities

COUNTS = [3, 0, 5, 1]


def unit(seed: int, count: int, dimension: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def encoded_of(counts: list[int], dimension: int = 20) -> EncodedTexts:
    """Texts of so many tokens, each token with its own bits and start."""
    return EncodedTexts(
        vectors=unit(0, len(counts), dimension),
        bits=[signs_of(unit(seed, count, dimension)) for seed, count in enumerate(counts)],
        starts=[np.arange(count, dtype=np.uint32) * 7 + count for count in counts],
    )


def numbers_of(*numbers: int) -> Numbers:
    return np.array(numbers, dtype=np.int64)


def assert_tokens(found: Tokens, expected: EncodedTexts, numbers: list[int]) -> None:
    """Those of these passages, one after another."""
    lengths = [len(expected.starts[number]) for number in numbers]
    assert found.rows.tolist() == [sum(lengths[:place]) for place in range(len(lengths) + 1)]
    assert found.bits.shape == (sum(lengths), expected.bits[0].shape[1])
    assert found.starts.shape == (sum(lengths),)
    assert found.bits.dtype == np.uint8
    assert found.starts.dtype == np.uint32
    for place, number in enumerate(numbers):
        own = slice(found.rows[place], found.rows[place + 1])
        assert found.bits[own].tolist() == expected.bits[number].tolist()
        assert found.starts[own].tolist() == expected.starts[number].tolist()


@given(
    counts=st.lists(st.integers(0, 6), min_size=1, max_size=8),
    data=st.data(),
)
@settings(deadline=None, max_examples=60)
def test_tokens_of_passages_come_in_the_order_asked_for(
    counts: list[int], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(counts) - 1), max_size=10))
    encoded = encoded_of(counts)
    store = TokenStore.from_encoded(encoded)
    assert len(store) == len(counts)
    assert_tokens(store.of(numbers_of(*numbers)), encoded, numbers)


def test_a_store_is_alike_after_saving_and_loading(tmp_path: Path) -> None:
    encoded = encoded_of(COUNTS)
    TokenStore.from_encoded(encoded).save(tmp_path)
    loaded = TokenStore.load(tmp_path)
    assert len(loaded) == len(COUNTS)
    assert_tokens(loaded.of(numbers_of(2, 1, 0, 3)), encoded, [2, 1, 0, 3])
    assert {file.name for file in tmp_path.iterdir()} == set(TokenStore.FILES)


def test_a_loaded_store_stays_on_disk(tmp_path: Path) -> None:
    TokenStore.from_encoded(encoded_of(COUNTS)).save(tmp_path)
    loaded = TokenStore.load(tmp_path)
    for array in (*loaded._bits, *loaded._starts, loaded._rows):
        assert isinstance(array, np.memmap)
        assert not array.flags.writeable


def test_passages_without_any_token_are_kept_too(tmp_path: Path) -> None:
    encoded = encoded_of([0, 0])
    TokenStore.from_encoded(encoded).save(tmp_path)
    loaded = TokenStore.load(tmp_path)
    assert len(loaded) == 2
    assert_tokens(loaded.of(numbers_of(1, 0)), encoded, [1, 0])


def test_a_passage_of_160_tokens_takes_9_kib_at_most(tmp_path: Path) -> None:
    TokenStore.from_encoded(encoded_of([160], dimension=384)).save(tmp_path)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 9 * 1024


@given(
    seed=st.integers(0, 10**6),
    dimension=st.sampled_from([1, 7, 8, 12, 32, 384]),
    asked=st.integers(0, 5),
    count=st.integers(0, 9),
)
@settings(deadline=None, max_examples=60)
def test_similarities_are_cosines_with_vectors_of_signs(
    seed: int, dimension: int, asked: int, count: int
) -> None:
    query, tokens = unit(seed, asked, dimension), unit(seed + 1, count, dimension)
    found = similarities(query, signs_of(tokens))
    assert found.shape == (asked, count)
    assert found.dtype == np.float32
    for row in range(asked):
        for column in range(count):
            expected = cosine(query[row], np.where(tokens[column] > 0, 1.0, -1.0))
            assert found[row, column] == pytest.approx(expected, abs=1e-5)


def cosine(one: Vectors, other: npt.NDArray[np.float64]) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def test_a_similarity_by_hand() -> None:
    query = np.array([[0.6, -0.8]], dtype=np.float32)
    bits = signs_of(np.array([[3, -1], [3, 1], [-2, 0.1]], dtype=np.float32))
    expected = np.array([[1.4, -0.2, -1.4]]) / np.sqrt(2)
    np.testing.assert_allclose(similarities(query, bits), expected, rtol=1e-6)
