import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from rag import nearness
from rag.answering import Library
from rag.encoder import Encoder, Vectors
from rag.index.generation import Generation
from rag.index.saving import Cut
from rag.index.stores import Stores
from rag.nearness import Nearness, directions, nearest, plane
from tests.making import library_of


def unit(seed: int, count: int, dimension: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def torgerson(vectors: Vectors) -> Vectors:
    """The oracle: eigenvectors of the doubly centred squared distances, as in the paper."""
    wide = vectors.astype(np.float64)
    squared = ((wide[:, None] - wide[None]) ** 2).sum(axis=2)
    centring = np.eye(len(wide)) - 1 / len(wide)
    values, axes = np.linalg.eigh(-centring @ squared @ centring / 2)
    placed: Vectors = axes[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 0))
    return placed


@given(seed=st.integers(0, 10**6), count=st.integers(3, 40), dimension=st.integers(2, 12))
@settings(deadline=None, max_examples=80)
def test_the_plane_is_classical_scaling_of_the_distances(
    seed: int, count: int, dimension: int
) -> None:
    vectors = unit(seed, count, dimension)
    positions, share = plane(vectors)
    np.testing.assert_allclose(np.abs(positions), np.abs(torgerson(vectors)), atol=1e-4)
    analysis = PCA(2).fit(vectors.astype(np.float64))
    assert share == pytest.approx(analysis.explained_variance_ratio_.sum(), abs=1e-6)
    np.testing.assert_allclose(
        pdist(positions), pdist(analysis.transform(vectors.astype(np.float64))), atol=1e-4
    )
    for axis in positions.T:
        assert axis[np.abs(axis).argmax()] > 0
    again, _ = plane(vectors.copy())
    assert again.tolist() == positions.tolist()


def test_distances_that_fit_on_a_plane_are_kept_on_it() -> None:
    corners = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    positions, share = plane(corners)
    assert share == pytest.approx(1)
    np.testing.assert_allclose(pdist(positions), [math.sqrt(2)] * 3)


def test_one_source_two_sources_and_equal_ones_have_places() -> None:
    positions, share = plane(unit(1, 1, 8))
    assert (positions.tolist(), share) == ([[0, 0]], 1)
    positions, share = plane(np.array([[1, 0], [0, 1]], dtype=np.float32))
    assert share == 1
    assert sorted(positions[:, 0]) == pytest.approx([-math.sqrt(0.5), math.sqrt(0.5)])
    assert positions[0, 0] > 0  # the first of those that lie equally far out
    assert positions[:, 1] == pytest.approx([0, 0])
    positions, share = plane(np.repeat(unit(2, 1, 8), 4, axis=0))
    assert (np.abs(positions).max(), share) == (0, 1)


@given(seed=st.integers(0, 10**6), count=st.integers(2, 40), wanted=st.integers(1, 5), at=st.data())
@settings(deadline=None, max_examples=80)
def test_the_nearest_are_those_of_an_exact_search(
    seed: int, count: int, wanted: int, at: st.DataObject
) -> None:
    vectors = unit(seed, count, 6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearness, "_AT_ONCE", at.draw(st.integers(1, count + 1)))
        found = nearest(vectors, wanted)
    expected = min(wanted, count - 1)
    search = NearestNeighbors(n_neighbors=expected, metric="cosine", algorithm="brute")
    distances, rows = search.fit(vectors).kneighbors()
    assert [[row for row, _ in near] for near in found] == rows.tolist()
    cosines = [[cosine for _, cosine in near] for near in found]
    np.testing.assert_allclose(cosines, 1 - distances, atol=1e-5)


def test_of_equally_near_ones_the_first_are_named() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 1], [0, 1], [0, 1]], dtype=np.float32)
    assert nearest(vectors, 2) == [
        [(1, 0), (2, 0)],
        [(2, 1), (3, 1)],
        [(1, 1), (3, 1)],
        [(1, 1), (2, 1)],
        [(1, 1), (2, 1)],
    ]
    assert nearest(vectors[:1]) == [[]]


def test_the_direction_of_a_source_is_the_mean_of_its_passages(library: Library) -> None:
    names, vectors = directions(library.generation)
    assert names == list(library.documents)
    for name, direction in zip(names, vectors, strict=True):
        own = [each.text for each in library.generation.texts.passages if each.document == name]
        mean = library.encoder.encode_documents(own).vectors.astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(direction, mean / np.linalg.norm(mean), atol=1e-5)


def test_a_library_has_its_map(library: Library) -> None:
    names, vectors = directions(library.generation)
    found = library.nearness
    assert found is library.nearness
    assert list(found.sources) == names
    for row, placed in enumerate(found.sources.values()):
        cosines = {
            name: float(vectors[row] @ other)
            for name, other in zip(names, vectors, strict=True)
            if name != names[row]
        }
        nearest_first = sorted(cosines, key=cosines.__getitem__, reverse=True)
        assert [each.document for each in placed.nearest] == nearest_first[:3]
        assert [each.cosine for each in placed.nearest] == pytest.approx(
            [cosines[name] for name in nearest_first[:3]]
        )
    positions, share = plane(vectors)
    assert [[placed.x, placed.y] for placed in found.sources.values()] == positions.tolist()
    assert found.shown == share


def test_sources_in_like_words_lie_near_whatever_they_claim(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    files = {
        "yes.txt": "The herring came back to the harbour after it was closed to trawlers.\n",
        "no.txt": "The herring never came back to the harbour after it was closed to trawlers.\n",
        "moon.txt": "The moon has no air, and its days last for two weeks.\n",
    }
    placed = library_of(tmp_path, files, quick_encoder).nearness.sources
    assert placed["yes.txt"].nearest[0].document == "no.txt"
    near, far = (each.cosine for each in placed["yes.txt"].nearest)
    assert near > 0.7
    assert far < 0.3


def test_a_generation_without_passages_has_an_empty_map(library: Library) -> None:
    generation = library.generation
    cuts = [Cut(document, ()) for document in generation.texts.documents.values()]
    bare = replace(generation.texts, passages=())
    stores = Stores.of(cuts, library.encoder.encode_documents([]), "english")
    empty = Generation(generation.manifest, bare, stores)
    assert Nearness.of(empty) == Nearness(sources={}, shown=1.0)
