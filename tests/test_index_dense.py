from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoder import Vectors
from rag.index import cells
from rag.index.dense import DenseStore
from rag.index.ragged import Numbers
from rag.index.recall import Kind, Recall
from rag.settings import Settings

KINDS: list[Kind] = ["exact", "ivf"]


def unit(seed: int, count: int, dimension: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def clustered(seed: int, count: int, dimension: int, centres: int = 40) -> Vectors:
    """Unit vectors around some centres, as passages lie around their subjects."""
    around = unit(seed, centres, dimension)
    chosen = np.random.default_rng(seed).integers(0, centres, count)
    vectors = around[chosen] + 0.7 * unit(seed + 1, count, dimension)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def nearest(vectors: Vectors, query: Vectors, count: int, allowed: list[int]) -> list[int]:
    """The oracle: exact search in NumPy, ties by number.

    Each row is summed alone: a product with a matrix may round equal rows differently.
    """
    cosines = np.sum(vectors.astype(np.float64) * query.astype(np.float64), axis=1)
    return sorted(allowed, key=lambda number: (-cosines[number], number))[:count]


def share_found(
    store: DenseStore, vectors: Vectors, queries: Vectors, allowed: Numbers | None = None
) -> float:
    """The mean share of the 50 nearest of NumPy that a store finds."""
    among = list(range(len(vectors))) if allowed is None else allowed.tolist()
    shares = [
        len({*store.search(query, 50, allowed).tolist()} & {*nearest(vectors, query, 50, among)})
        for query in queries
    ]
    return float(np.mean(shares)) / 50


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


@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(KINDS),
    copies=st.lists(st.integers(0, 5), min_size=1, max_size=40),
    count=st.integers(1, 45),
)
@settings(deadline=None, max_examples=100)
def test_copies_go_by_number(seed: int, kind: Kind, copies: list[int], count: int) -> None:
    vectors, query = unit(seed, 6, 16)[copies], unit(seed + 1, 1, 16)[0]
    store = DenseStore.from_vectors(vectors, kind)
    found = store.search(query, count).tolist()
    assert found == nearest(vectors, query, count, sorted(found))
    if kind == "exact":
        assert found == nearest(vectors, query, count, list(range(len(vectors))))


def test_of_many_copies_none_is_lost() -> None:
    vectors, queries = np.repeat(unit(1, 60, 384), 7, axis=0), unit(2, 200, 384)
    store = DenseStore.from_vectors(vectors)
    for query in queries:
        assert store.search(query, 50).tolist() == nearest(vectors, query, 50, list(range(420)))


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 40), data=st.data())
@settings(deadline=None, max_examples=40)
def test_scores_are_cosines_in_the_order_asked_for(
    kind: Kind, seed: int, size: int, data: st.DataObject
) -> None:
    vectors, query = unit(seed, size, 8), unit(seed + 1, 1, 8)[0]
    drawn = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=10))
    numbers: Numbers = np.array(drawn, dtype=np.int64)
    store = DenseStore.from_vectors(vectors, kind)
    found = store.scores(query, numbers)
    np.testing.assert_allclose(found, [vectors[number] @ query for number in drawn], atol=1e-6)
    assert store.vectors(numbers).tolist() == vectors[drawn].tolist()


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("exact", ["dense.faiss"]),
        ("ivf", ["dense.cells.faiss", "dense.faiss", "dense.recall.json"]),
    ],
)
def test_a_store_answers_alike_after_saving_and_loading(
    tmp_path: Path, kind: Kind, files: list[str]
) -> None:
    vectors, query = clustered(1, 300, 16), unit(2, 1, 16)[0]
    store = DenseStore.from_vectors(vectors, kind)
    store.save(tmp_path)
    loaded = DenseStore.load(tmp_path)
    every = np.arange(300, dtype=np.int64)
    assert len(loaded) == len(store) == 300
    assert loaded.recall == store.recall
    assert loaded.search(query, 30).tolist() == store.search(query, 30).tolist()
    assert (
        loaded.search(query, 30, every[:40]).tolist()
        == store.search(query, 30, every[:40]).tolist()
    )
    assert loaded.scores(query, every).tolist() == store.scores(query, every).tolist()
    assert loaded.vectors(every).tolist() == vectors.tolist()
    assert sorted(file.name for file in tmp_path.iterdir()) == files


@pytest.mark.parametrize("number", [0, 3])
def test_a_vector_finds_itself_first_with_cosine_1(number: int) -> None:
    vectors = unit(5, 4, 8)
    store = DenseStore.from_vectors(vectors)
    assert store.search(vectors[number], 1).tolist() == [number]
    own = store.scores(vectors[number], np.array([number], dtype=np.int64))
    assert own[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_one_passage_and_more_asked_for_than_there_are(kind: Kind) -> None:
    vectors = unit(5, 1, 8)
    store = DenseStore.from_vectors(vectors, kind)
    assert store.search(vectors[0], 1).tolist() == store.search(vectors[0], 100).tolist() == [0]
    assert store.search(vectors[0], 3, np.array([0], dtype=np.int64)).tolist() == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_of_nothing_finds_nothing(kind: Kind, tmp_path: Path) -> None:
    none: Numbers = np.zeros(0, dtype=np.int64)
    store = DenseStore.from_vectors(unit(5, 0, 8), kind)
    store.save(tmp_path)
    for each in (store, DenseStore.load(tmp_path)):
        assert len(each) == 0
        assert each.recall.kind == "exact"
        assert each.search(unit(1, 1, 8)[0], 5).tolist() == []
        assert each.search(unit(1, 1, 8)[0], 5, none).tolist() == []
        assert each.vectors(none).shape == (0, 8)


def test_size_decides_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "EXACT", 100)
    kinds = [DenseStore.from_vectors(unit(1, size, 8)).recall.kind for size in (0, 1, 100, 101)]
    assert kinds == ["exact", "exact", "exact", "ivf"]
    assert DenseStore.from_vectors(unit(1, 101, 8), "exact").recall == Recall(kind="exact")


def test_a_kind_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().dense == "auto"
    monkeypatch.setenv("PARALLAX_DENSE", "ivf")
    chosen = Settings()
    assert DenseStore.from_vectors(unit(1, 30, 8), chosen.dense).recall.kind == "ivf"
    assert chosen.build_hash == Settings(dense="exact").build_hash


def test_cells_find_what_they_are_measured_to_find() -> None:
    vectors, queries = clustered(3, 4000, 32), clustered(3, 60, 32)
    store = DenseStore.from_vectors(vectors, "ivf")
    recall = store.recall
    assert (recall.kind, recall.cells, recall.queries) == ("ivf", 128, 300)
    assert recall.probed < recall.cells
    assert recall.share >= 0.98
    assert share_found(store, vectors, queries) >= 0.98


def test_the_share_is_what_the_sampled_queries_find() -> None:
    vectors = clustered(4, 1000, 16)
    store = DenseStore.from_vectors(vectors, "ivf")
    queries = cells.queries_like(vectors, np.random.default_rng(9))
    assert share_found(store, vectors, queries) == pytest.approx(store.recall.share, abs=0.01)


def test_where_the_target_cannot_be_met_all_cells_are_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cells, "TARGET", 1.1)
    recall = DenseStore.from_vectors(clustered(4, 500, 16), "ivf").recall
    assert recall.probed == recall.cells
    assert recall.share == pytest.approx(1.0, abs=0.01)


def test_copies_of_one_text_count_as_found() -> None:
    vectors = np.repeat(unit(6, 5, 16), 200, axis=0)
    assert DenseStore.from_vectors(vectors, "ivf").recall.share >= 0.98


def test_sampled_queries_are_near_a_passage_and_unit_vectors() -> None:
    vectors = clustered(7, 500, 32)
    queries = cells.queries_like(vectors, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    cosines = queries @ vectors.T
    assert np.all(cosines.max(axis=1) > cells.LIKENESS - 1e-5)
    assert cosines.max() < 0.99


@pytest.mark.parametrize("size", [0, 1, 30, 900])
def test_of_a_filter_exactly_what_it_lets_in_is_found(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "EXACT", 100)
    vectors, queries = clustered(8, 3000, 32), clustered(8, 40, 32)
    store = DenseStore.from_vectors(vectors)
    drawn = np.random.default_rng(size).choice(3000, size, replace=False)
    allowed: Numbers = np.sort(drawn).astype(np.int64)
    for query in queries:
        found = store.search(query, 50, allowed).tolist()
        assert {*found} <= {*allowed.tolist()}
        if size <= 100:
            assert found == nearest(vectors, query, 50, allowed.tolist())
    if size > 100:
        assert store.recall.kind == "ivf"
        assert share_found(store, vectors, queries, allowed) >= 0.98


def test_the_same_vectors_give_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        DenseStore.from_vectors(clustered(9, 2000, 32), "ivf").save(tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_store_outlives_the_removal_of_its_files(tmp_path: Path) -> None:
    vectors, query = clustered(1, 300, 16), unit(2, 1, 16)[0]
    DenseStore.from_vectors(vectors, "ivf").save(tmp_path)
    loaded = DenseStore.load(tmp_path)
    for file in tmp_path.iterdir():
        file.unlink()
    assert loaded.search(query, 10).tolist() == nearest(vectors, query, 10, list(range(300)))
