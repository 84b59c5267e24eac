import numpy as np
import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.ragged import Numbers
from rag.retrieval import Query, ScoredPassage, rank
from rag.signals import PassageSignals, signals_of
from rag.weights import weights

QUESTION = "What do the UN Security Council resolutions demand?"


def ranked(
    library: Library,
    encoder: Encoder,
    text: str = QUESTION,
    candidates: int = 50,
    allowed: list[int] | None = None,
) -> list[ScoredPassage]:
    return rank(
        Query(question=text, text=text),
        encoder.encode_query(text),
        library.generation,
        candidates=candidates,
        allowed=None if allowed is None else np.array(allowed, dtype=np.int64),
    )


def numbers_of(found: list[ScoredPassage]) -> list[int]:
    return [scored.passage.number for scored in found]


def highest(scores: list[float], count: int, allowed: list[int]) -> set[int]:
    """The oracle: numbers of the highest scores above 0."""
    above = [number for number in allowed if scores[number] > 0]
    return set(sorted(above, key=lambda number: -scores[number])[:count])


def test_scores_are_the_learned_sum_of_the_signals(
    library: Library, quick_encoder: Encoder
) -> None:
    found = ranked(library, quick_encoder)
    learned = weights().passage
    assert len({scored.score for scored in found}) > 10
    for scored in found:
        products = [
            weight * getattr(scored.signals, name) for name, weight in learned.weights.items()
        ]
        assert scored.score == pytest.approx(sum(products) + learned.bias)


def test_signals_are_those_of_the_passage_and_of_its_sentences(
    library: Library, quick_encoder: Encoder
) -> None:
    found = ranked(library, quick_encoder, candidates=5)
    assert 5 <= len(found) <= 10
    numbers: Numbers = np.array(sorted(numbers_of(found)), dtype=np.int64)
    encoded = quick_encoder.encode_query(QUESTION)
    signals = signals_of(QUESTION, encoded, library.generation, numbers)
    for scored in found:
        place = numbers.tolist().index(scored.passage.number)
        assert scored.passage == library.generation.texts.passages[scored.passage.number]
        assert list(scored.signals) == signals.passages[place].tolist()
        own = signals.sentences[signals.first[place] : signals.first[place + 1]]
        assert [list(sentence) for sentence in scored.sentences] == own.tolist()
        assert len(scored.sentences) == len(scored.passage.sentences)


def test_a_sentence_asked_for_by_its_words_has_the_highest_signals(
    harbour: Library, quick_encoder: Encoder
) -> None:
    text = "Forty boats were sold and their crews left the coast."
    best = ranked(harbour, quick_encoder, text)[0]
    assert best.passage.document == "fishers.txt"
    first, second = best.sentences
    assert best.passage.text_of(best.passage.sentences[1]) == text
    assert second.coverage == pytest.approx(1)
    assert first.coverage < 0.5
    assert second.lexical > first.lexical
    assert second.late > first.late


def test_the_best_come_first_each_once_ties_by_number(
    library: Library, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ranked(library, quick_encoder)
    scores = [scored.score for scored in found]
    assert scores == sorted(scores, reverse=True)
    assert len(set(numbers_of(found))) == len(found) >= 50

    alike = weights().passage.model_copy(update={"weights": dict.fromkeys(_NAMES, 0.0)})
    flat = weights().model_copy(update={"passage": alike})
    monkeypatch.setattr("rag.retrieval.weights", lambda: flat)
    assert numbers_of(ranked(library, quick_encoder)) == sorted(numbers_of(found))


_NAMES = PassageSignals._fields


@pytest.mark.parametrize("candidates", [1, 3, 10])
@pytest.mark.parametrize("allowed", [None, list(range(1, 60, 2))])
def test_candidates_are_the_best_of_both_searches(
    library: Library, quick_encoder: Encoder, candidates: int, allowed: list[int] | None
) -> None:
    generation = library.generation
    every = list(range(len(generation.texts.passages)))
    texts = [passage.text for passage in generation.texts.passages]
    vectors = quick_encoder.encode_documents(texts).vectors
    dense = (vectors @ quick_encoder.encode_query(QUESTION).vector).tolist()
    lexical = generation.lexical.scores(generation.lexical.terms(QUESTION)).tolist()
    pool = every if allowed is None else allowed
    proposed = (highest(scores, candidates, pool) for scores in (dense, lexical))
    found = ranked(library, quick_encoder, candidates=candidates, allowed=allowed)
    assert set(numbers_of(found)) == set.union(*proposed)


@pytest.mark.parametrize("text", ["Zeppelin?", "?!", "🚢", "\u200b", "Who is it?"])
def test_a_question_without_a_known_word_has_the_nearest_passages(
    library: Library, quick_encoder: Encoder, text: str
) -> None:
    found = ranked(library, quick_encoder, text, candidates=5)
    vector = quick_encoder.encode_query(text).vector
    assert set(numbers_of(found)) == set(library.generation.dense.search(vector, 5).tolist())
    assert len(found) == 5
    assert {scored.signals.lexical for scored in found} == {0.0}
    assert np.isfinite([scored.score for scored in found]).all()


@pytest.mark.parametrize("allowed", [[], [7], [3, 5, 11]])
def test_only_allowed_passages_are_ranked(
    library: Library, quick_encoder: Encoder, allowed: list[int]
) -> None:
    found = ranked(library, quick_encoder, allowed=allowed)
    assert sorted(numbers_of(found)) == allowed
