import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering import Library
from rag.encoder import Encoder
from rag.records import ScoredPassage
from rag.retrieval import Query, rank, scaled
from rag.weights import weights

QUESTION = "What do the UN Security Council resolutions demand?"


def ranked(
    library: Library,
    encoder: Encoder,
    text: str = QUESTION,
    candidates: int = 50,
    allowed: list[int] | None = None,
) -> list[ScoredPassage]:
    numbers = None if allowed is None else np.array(allowed, dtype=np.int64)
    return rank(
        Query(question=text, text=text),
        encoder.encode_query(text),
        library.generation,
        candidates=candidates,
        allowed=numbers,
    )


@pytest.mark.parametrize(
    ("scores", "lowest", "expected"),
    [
        ([1.0, 3.0, 2.0], None, [0.0, 1.0, 0.5]),
        ([-1.0, 1.0], None, [0.0, 1.0]),
        ([1.0, 4.0, 0.0], 0.0, [0.25, 1.0, 0.0]),
        ([2.0, 2.0], None, [0.0, 0.0]),
        ([2.0, 2.0], 0.0, [1.0, 1.0]),
        ([0.0, 0.0], 0.0, [0.0, 0.0]),
    ],
)
def test_scaled_by_hand(scores: list[float], lowest: float | None, expected: list[float]) -> None:
    assert scaled(np.array(scores, dtype=np.float32), lowest).tolist() == expected


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=20))
@settings(deadline=None)
def test_scaled_keeps_the_order_within_0_and_1(scores: list[float]) -> None:
    given_ = np.array(scores, dtype=np.float32)
    found = scaled(given_)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(given_, kind="stable")]) >= 0).all()


@pytest.mark.parametrize("candidates", [2, 50])
def test_scores_are_the_convex_sum_of_both_searches_scaled(
    library: Library, quick_encoder: Encoder, candidates: int
) -> None:
    found = ranked(library, quick_encoder, candidates=candidates)
    # Of two candidates each has words of the question, of fifty some have none.
    assert (min(scored.lexical for scored in found) > 0) == (candidates == 2)
    generation = library.generation
    texts = [scored.passage.text for scored in found]
    cosines = quick_encoder.encode_documents(texts) @ quick_encoder.encode_query(QUESTION)
    terms = generation.lexical.terms(QUESTION)
    bm25 = generation.lexical.scores(terms)[[scored.passage.number for scored in found]]
    np.testing.assert_allclose([scored.dense for scored in found], cosines, atol=1e-5)
    assert [scored.lexical for scored in found] == bm25.tolist()
    share = weights().dense
    assert 0 < share < 1
    spread = (cosines - cosines.min()) / (cosines.max() - cosines.min())
    expected = share * spread + (1 - share) * bm25 / bm25.max()
    np.testing.assert_allclose([scored.score for scored in found], expected, atol=1e-4)
    assert max(scored.score for scored in found) == found[0].score


def test_the_best_come_first_each_once(library: Library, quick_encoder: Encoder) -> None:
    found = ranked(library, quick_encoder)
    order = [(-scored.score, scored.passage.number) for scored in found]
    assert order == sorted(order)
    assert len({scored.passage.number for scored in found}) == len(found)


def test_candidates_are_the_best_of_both_searches(library: Library, quick_encoder: Encoder) -> None:
    every = ranked(library, quick_encoder, candidates=1000)
    by_dense = sorted(every, key=lambda scored: -scored.dense)[:3]
    by_lexical = sorted(every, key=lambda scored: -scored.lexical)[:3]
    expected = {scored.passage.number for scored in (*by_dense, *by_lexical)}
    found = ranked(library, quick_encoder, candidates=3)
    assert {scored.passage.number for scored in found} == expected


def test_a_question_without_a_known_word_is_ranked_by_its_vector_alone(
    library: Library, quick_encoder: Encoder
) -> None:
    found = ranked(library, quick_encoder, text="Zeppelin?")
    assert {scored.lexical for scored in found} == {0.0}
    dense = [scored.dense for scored in found]
    assert dense == sorted(dense, reverse=True)


@pytest.mark.parametrize("allowed", [[], [7], [3, 5, 11]])
def test_only_allowed_passages_are_ranked(
    library: Library, quick_encoder: Encoder, allowed: list[int]
) -> None:
    found = ranked(library, quick_encoder, allowed=allowed)
    assert sorted(scored.passage.number for scored in found) == allowed
