from collections.abc import Sequence
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.answering import Library
from rag.encoder import EncodedText, Encoder, Vectors
from rag.importance import Word, words_of
from rag.index.generation import Generation
from rag.index.lexical import LexicalStore
from rag.index.ragged import Numbers
from rag.index.saving import Cut
from rag.index.stores import Stores
from rag.records import Document, Passage, Sentence
from rag.signals import (
    PassageSignals,
    SentenceSignals,
    Signals,
    best_matches,
    highest_in_runs,
    pairs_held,
    rarity,
    shares,
    signals_of,
    token_importance,
    words_in_common,
)
from tests.making import ANY_TEXT, WHEN_CLOSED, library_of, texts_of

UNREAD = "\u200b\u200b"
"""Characters of which the model reads nothing."""

WORD_SIGNALS = ("lexical", "coverage", "pairs")

FISH = [
    "The herring came back; herring and cod were landed.",
    "Cod was landed in the harbour.",
    "It is what it is.",
    "Ferries sail at nine.",
]


def numbers_of(*numbers: int) -> Numbers:
    return np.array(numbers, dtype=np.int64)


@pytest.fixture(scope="module")
def scattered(harbour: Library, quick_encoder: Encoder) -> Generation:
    """One document of five passages, with sentences of which the model reads nothing."""
    sentences_of = [
        ["The ferry sank in 1931.", UNREAD, "Who was to blame?", "Nobody said."],
        [UNREAD],
        ["Café owners blamed the captain."],
        [UNREAD, "Herring was landed, and cod.", UNREAD],
        ["船は東京に来た。", "船は沈んだ。", "The captain drowned."],
    ]
    text = "Menu\n\n"
    passages = []
    for number, told in enumerate(sentences_of):
        start = len(text)
        sentences = []
        for each in told:
            sentences.append(Sentence(start=len(text), end=len(text) + len(each)))
            text += each if each.endswith("。") else f"{each} "
        passages.append(
            Passage(
                number=number,
                document="a.txt",
                start=start,
                end=len(text) - 1,
                text=text[start:-1],
                sentences=tuple(sentences),
            )
        )
    document = Document(id="a.txt", text=text, sha256="", encoding="utf_8")
    encoded = quick_encoder.encode_documents([passage.text for passage in passages])
    stores = Stores.of([Cut(document, passages)], encoded, "english")
    return Generation(harbour.generation.manifest, texts_of([document], passages), stores)


def signs(generation: Generation, encoder: Encoder, number: int) -> list[tuple[int, Vectors]]:
    """Where each token of a passage starts in its document, and its signs as a unit vector."""
    passage = generation.texts.passages[number]
    encoded = encoder.encode_documents([passage.text])
    ones = 2.0 * np.unpackbits(encoded.bits[0], axis=1).astype(np.float32) - 1
    ones /= np.sqrt(encoder.info.dimension)
    starts = encoded.starts[0].tolist()
    return [(passage.start + start, one) for start, one in zip(starts, ones, strict=True)]


def slowly_matched(
    encoded: EncodedText, generation: Generation, encoder: Encoder, number: int
) -> list[list[float]]:
    """The oracle: for each sentence of a passage the best cosine of each token of the question."""
    tokens = signs(generation, encoder, number)
    return [
        [
            max(
                (float(asked @ one) for at, one in tokens if sentence.start <= at < sentence.end),
                default=0.0,
            )
            for asked in encoded.tokens
        ]
        for sentence in generation.texts.passages[number].sentences
    ]


# Late interaction


@pytest.mark.parametrize("numbers", [[0, 1, 2, 3, 4], [3, 1], [1], [2, 2]])
def test_matches_are_the_best_cosines_within_each_sentence(
    scattered: Generation, quick_encoder: Encoder, numbers: list[int]
) -> None:
    encoded = quick_encoder.encode_query("Who blamed the captain of the ferry 東京 in 1931?")
    found = best_matches(encoded, scattered, numbers_of(*numbers))
    expected = [
        sentence
        for number in numbers
        for sentence in slowly_matched(encoded, scattered, quick_encoder, number)
    ]
    np.testing.assert_allclose(found.T, expected, atol=1e-5)


def test_a_sentence_without_tokens_matches_nothing(
    scattered: Generation, quick_encoder: Encoder
) -> None:
    encoded = quick_encoder.encode_query("Who blamed the captain?")
    found = best_matches(encoded, scattered, numbers_of(0, 1, 2, 3))
    assert found.any(axis=0).tolist() == [True, False, True, True, False, True, False, True, False]


def test_matches_in_a_library_of_seeds_are_the_best_cosines(
    library: Library, quick_encoder: Encoder
) -> None:
    encoded = quick_encoder.encode_query("How many people were killed in Khojaly?")
    numbers = [5, 30, 12]
    found = best_matches(encoded, library.generation, numbers_of(*numbers))
    expected = [
        sentence
        for number in numbers
        for sentence in slowly_matched(encoded, library.generation, quick_encoder, number)
    ]
    assert len(expected) > len(numbers)
    np.testing.assert_allclose(found.T, expected, atol=1e-5)


@given(
    values=st.lists(
        st.lists(st.floats(-1, 1, width=32), min_size=7, max_size=7), min_size=0, max_size=4
    ),
    starts=st.lists(st.integers(0, 7), min_size=1, max_size=9).map(sorted),
)
@example(values=[[-1.0] * 7], starts=[0, 0, 3, 7, 7])
@settings(deadline=None)
def test_the_highest_in_runs_is_that_of_a_loop(
    values: list[list[float]], starts: list[int]
) -> None:
    ends = [*starts[1:], 7]
    expected = [
        [max(row[start:end], default=0.0) for start, end in zip(starts, ends, strict=True)]
        for row in values
    ]
    array = np.array(values, dtype=np.float32).reshape(len(values), 7)
    found = highest_in_runs(array, numbers_of(*starts))
    assert found.shape == (len(values), len(starts))
    assert found.tolist() == expected


def test_rarity_by_hand() -> None:
    matches = np.array([[0.9, 0.9, 0.9], [0.5, 0.9, 0.8], [0.1, -0.9, -0.9]], dtype=np.float32)
    expected = [0, -log((exp(-4) + 1 + exp(-1)) / 3), -log((1 + 2 * exp(-10)) / 3)]
    np.testing.assert_allclose(rarity(matches), expected, atol=1e-5)


def test_nothing_is_rare_in_one_candidate() -> None:
    assert rarity(np.array([[0.2], [0.9]], dtype=np.float32)).tolist() == [0, 0]


@given(
    matches=st.lists(
        st.lists(st.floats(-1, 1, width=32), min_size=6, max_size=6), min_size=1, max_size=4
    )
)
@settings(deadline=None)
def test_rarity_is_at_most_the_logarithm_of_the_candidates(matches: list[list[float]]) -> None:
    found = rarity(np.array(matches, dtype=np.float32))
    assert found.shape == (len(matches),)
    assert (found >= 0).all()
    assert (found <= log(6) + 1e-6).all()


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1.0, 3.0, 0.0], [0.25, 0.75, 0.0]),
        ([5.0], [1.0]),
        ([0.0, 0.0], [0.5, 0.5]),
        ([], []),
    ],
)
def test_shares_by_hand(weights: list[float], expected: list[float]) -> None:
    assert shares(np.array(weights)).tolist() == expected


# Words


def weighed(text: str, store: LexicalStore, *importance: float) -> list[Word]:
    """The words of a text, which are as important as is said here."""
    words = words_of(text, store)
    return [word._replace(importance=each) for word, each in zip(words, importance, strict=True)]


@pytest.fixture(scope="module")
def fish() -> LexicalStore:
    return LexicalStore.from_texts(FISH, ["english"] * len(FISH))


def test_the_tokens_of_a_word_share_its_importance_and_punctuation_has_none(
    fish: LexicalStore,
) -> None:
    words = weighed("Who blamed the captain?", fish, 0.25, 3.0, 0.125, 6.0)
    # Who | bla med | the | ca pta in | ?
    starts = numbers_of(0, 4, 7, 11, 15, 17, 20, 22)
    expected = [0.25, 1.5, 1.5, 0.125, 2, 2, 2, 0]
    assert token_importance(words, starts).tolist() == expected


def test_a_word_of_which_no_token_was_read_leaves_the_others_theirs(fish: LexicalStore) -> None:
    words = weighed("ok no", fish, 1.0, 2.0)
    assert token_importance(words, numbers_of(0)).tolist() == [1.0]
    assert token_importance(words, numbers_of()).tolist() == []
    assert token_importance([], numbers_of(0, 3)).tolist() == [0, 0]


def test_the_pieces_of_a_rare_word_share_what_it_tells(
    harbour: Library, quick_encoder: Encoder
) -> None:
    text = "Was Lomvik sold in 1,275 days?"
    starts = quick_encoder.encode_query(text).spans[:, 0]
    # Was | Lo m vik | sold | in | 1 , 275 | days | ?
    assert starts.tolist() == [0, 4, 6, 7, 11, 16, 19, 20, 21, 25, 29]
    was, lomvik, sold, in_, number, days = words_of(text, harbour.generation.lexical)
    found = token_importance([was, lomvik, sold, in_, number, days], starts)
    third, part = lomvik.importance / 3, number.importance / 3
    expected = [was[3], third, third, third, sold[3], in_[3], part, part, part, days[3], 0]
    assert found.tolist() == expected
    assert len(set(expected)) == 7


def test_words_in_common_by_hand(fish: LexicalStore) -> None:
    text = "Cod, cod and a ferry?"
    words = weighed(text, fish, 2.0, 2.0, 7.0, 7.0, 6.0)
    cod, ferry = (log(1 + (4 - holding + 0.5) / (holding + 0.5)) for holding in (2, 1))

    def share(length: int) -> float:
        """Of a term that is there once, in Lucene's BM25; 12 terms in 4 texts."""
        return 1 / (1 + 1.2 * (0.25 + 0.75 * length / 3))

    assert [len(fish.terms(each)) for each in FISH] == [6, 3, 0, 3]
    most = 2 * cod + ferry
    bm25 = [2 * cod * share(6) / most, 2 * cod * share(3) / most, 0, ferry * share(3) / most]
    lexical, coverage, *_ = words_in_common(words, fish, numbers_of(3, 2, 1, 0))
    np.testing.assert_allclose(lexical, bm25[::-1], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(coverage, [0.75, 0, 0.25, 0.25], rtol=1e-6, atol=1e-9)


def test_terms_that_no_text_holds_lessen_what_is_held(fish: LexicalStore) -> None:
    words = weighed("Zeppelin cod", fish, 3.0, 1.0)
    lexical, coverage, *_ = words_in_common(words, fish, numbers_of(1, 2))
    cod, zeppelin = (log(1 + (4 - holding + 0.5) / (holding + 0.5)) for holding in (2, 0))
    assert coverage.tolist() == [0.25, 0]
    assert lexical[0] == pytest.approx(cod / (1 + 1.2) / (cod + zeppelin), rel=1e-5)
    assert lexical[1] == 0


@pytest.mark.parametrize("text", ["", "Who is it?", "?!", "🚢"])
def test_without_terms_no_text_has_more_in_common_than_another(
    fish: LexicalStore, text: str
) -> None:
    found = words_in_common(words_of(text, fish), fish, numbers_of(0, 2, 3))
    assert found[0].tolist() == [0, 0, 0]
    for values in found:
        assert len(set(values.tolist())) == 1


# All together


def signals_for(
    text: str, generation: Generation, encoder: Encoder, numbers: Sequence[int]
) -> Signals:
    return signals_of(text, encoder.encode_query(text), generation, numbers_of(*numbers))


def column(signals: Signals, name: str) -> list[float]:
    """A signal of the passages."""
    found: list[float] = signals.passages[:, PassageSignals._fields.index(name)].tolist()
    return found


def assert_within_bounds(signals: Signals) -> None:
    """Cosines are between -1 and 1, shares of words between 0 and 1."""
    names = (*PassageSignals._fields, *SentenceSignals._fields)
    columns = (*signals.passages.T, *signals.sentences.T)
    for name, values in zip(names, columns, strict=True):
        words = name.endswith(WORD_SIGNALS)
        assert values.min() >= (0 if words else -1 - 1e-5), name
        assert values.max() <= 1 + 1e-5, name


@pytest.mark.parametrize("text", ["Who blamed the captain?", "Cod and herring", "?!", "Zeppelin"])
def test_signals_are_those_of_a_loop(
    scattered: Generation, quick_encoder: Encoder, text: str
) -> None:
    numbers = [0, 2, 3]
    encoded = quick_encoder.encode_query(text)
    found = signals_for(text, scattered, quick_encoder, numbers)
    matched = [slowly_matched(encoded, scattered, quick_encoder, number) for number in numbers]
    best = np.array([np.max(sentences, axis=0) for sentences in matched])
    words = words_of(text, scattered.lexical)
    importance = token_importance(words, encoded.spans[:, 0])
    rare = -np.log(np.exp(10 * (best - best.max(axis=0))).mean(axis=0))

    def late(matches: Sequence[float], weights: Vectors) -> float:
        if not weights.sum():
            return float(np.mean(matches))
        return float(np.dot(matches, weights) / weights.sum())

    weights = importance * rare
    expected = [late(matches, weights) for matches in best]
    np.testing.assert_allclose(column(found, "late"), expected, atol=1e-5)
    place = SentenceSignals._fields.index("late")
    of_sentences = [late(matches, weights) for each in matched for matches in each]
    np.testing.assert_allclose(found.sentences[:, place], of_sentences, atol=1e-5)

    passages = [scattered.texts.passages[number] for number in numbers]
    vectors = quick_encoder.encode_documents([passage.text for passage in passages]).vectors
    np.testing.assert_allclose(column(found, "dense"), vectors @ encoded.vector, atol=1e-5)
    told = [passage.text_of(each) for passage in passages for each in passage.sentences]
    common = words_in_common(words, scattered.lexical, numbers_of(*numbers))
    for name, values in zip(WORD_SIGNALS, common, strict=False):
        assert column(found, name) == values.tolist()
    asked = {term: word.importance for word in words for term in word.terms}
    for row, sentence in enumerate(told if asked else []):
        held = sum(asked[term] for term in asked.keys() & set(scattered.lexical.terms(sentence)))
        share = held / sum(asked.values())
        place = SentenceSignals._fields.index("coverage")
        assert found.sentences[row, place] == pytest.approx(share, abs=1e-6)
    assert found.first.tolist() == [0, 4, 5, 8]


def test_bm25_of_sentences_is_among_all_sentences(library: Library, quick_encoder: Encoder) -> None:
    text = "How many people were killed in Khojaly?"
    numbers = [30, 5, 12]
    found = signals_for(text, library.generation, quick_encoder, numbers)
    passages = library.generation.texts.passages
    every = [passage.text_of(each) for passage in passages for each in passage.sentences]
    store = LexicalStore.from_texts(every, ["english"] * len(every))
    terms = store.terms(text)
    shares_of = dict(zip(every, store.scores(terms) / sum(map(store.idf, terms)), strict=True))
    told = [passages[n].text_of(each) for n in numbers for each in passages[n].sentences]
    np.testing.assert_allclose(found.sentences[:, 0], [shares_of[each] for each in told], rtol=1e-5)
    assert found.sentences[:, 0].any()


def test_the_last_signals_of_a_passage_are_the_best_of_its_sentences(
    library: Library, quick_encoder: Encoder
) -> None:
    found = signals_for(WHEN_CLOSED, library.generation, quick_encoder, range(20))
    assert PassageSignals._fields[-2:] == ("sentence_lexical", "sentence_late")
    assert SentenceSignals._fields[:2] == ("lexical", "late")
    for number in range(20):
        own = found.sentences[found.first[number] : found.first[number + 1]]
        assert len(own) == len(library.generation.texts.passages[number].sentences)
        assert found.passages[number, -2:].tolist() == own.max(axis=0)[:2].tolist()


def test_the_own_signals_of_a_passage_are_those_before_its_sentences() -> None:
    assert PassageSignals(*range(7)).own == (0, 1, 2, 3, 4)
    assert PassageSignals._fields[5].startswith("sentence_")


PAIRED = {
    "a.txt": "The old harbour of Lomvik was closed. Herring was landed there.",
    "b.txt": "The harbour was old. Lomvik had herring, and a harbour too.",
    "c.txt": "Nobody sold copper.",
}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        # Function words do not part neighbours: old harbour, harbour Lomvik.
        ("old harbour of Lomvik", [["old harbour", "harbour lomvik"], [], []]),
        ("Lomvik herring?", [[], ["lomvik herring"], []]),
        ("the harbour old", [[], ["harbour old"], []]),
        ("harbour", [[], [], []]),
        ("", [[], [], []]),
    ],
)
def test_pairs_held_by_hand(
    tmp_path: Path, quick_encoder: Encoder, text: str, pairs: list[list[str]]
) -> None:
    generation = library_of(tmp_path, PAIRED, quick_encoder).generation
    words = words_of(text, generation.lexical)
    told = {text[word.start : word.end].lower(): word.importance for word in words if word.terms}
    neighbours = [tuple(told)[place : place + 2] for place in range(len(told) - 1)]
    total = sum(told[a] + told[b] for a, b in neighbours) or 1
    expected = [sum(told[word] for pair in held for word in pair.split()) / total for held in pairs]
    found = pairs_held(words, generation, numbers_of(0, 1, 2))
    assert found.tolist() == pytest.approx(expected)


def test_signals_follow_the_passages_that_were_asked_for(
    library: Library, quick_encoder: Encoder
) -> None:
    text = "What do the UN Security Council resolutions demand?"
    one = signals_for(text, library.generation, quick_encoder, [3, 17, 8])
    other = signals_for(text, library.generation, quick_encoder, [8, 3, 17])
    np.testing.assert_allclose(other.passages, one.passages[[2, 0, 1]], atol=1e-6)


def test_but_for_rarity_a_passage_has_the_same_signals_alone_as_among_others(
    library: Library, quick_encoder: Encoder
) -> None:
    text = "What do the UN Security Council resolutions demand?"
    among = signals_for(text, library.generation, quick_encoder, [3, 17, 8])
    alone = signals_for(text, library.generation, quick_encoder, [17])
    for place, name in enumerate(PassageSignals._fields):
        if not name.endswith("late"):
            assert alone.passages[0, place] == pytest.approx(among.passages[1, place], abs=1e-6)
    # Among one nothing is rare, so tokens weigh by importance alone.
    encoded = quick_encoder.encode_query(text)
    best = np.max(slowly_matched(encoded, library.generation, quick_encoder, 17), axis=0)
    words = words_of(text, library.generation.lexical)
    importance = token_importance(words, encoded.spans[:, 0])
    expected = np.dot(best, importance) / importance.sum()
    assert column(alone, "late") == pytest.approx([expected], abs=1e-5)


@pytest.mark.parametrize("text", ["?!", "🚢", UNREAD, "Who is it?"])
@pytest.mark.parametrize("numbers", [[0, 1, 2, 3], [1], [2]])
def test_a_question_without_terms_is_ranked_by_vectors_alone(
    scattered: Generation, quick_encoder: Encoder, text: str, numbers: list[int]
) -> None:
    found = signals_for(text, scattered, quick_encoder, numbers)
    assert found.passages.shape == (len(numbers), len(PassageSignals._fields))
    for name in PassageSignals._fields:
        if name.endswith(WORD_SIGNALS):
            assert len(set(column(found, name))) == 1
    assert_within_bounds(found)
    late = column(found, "late")
    assert [each > 0 for each in late] == [text != UNREAD and number != 1 for number in numbers]


@given(text=ANY_TEXT)
@settings(deadline=None, max_examples=60)
def test_signals_of_any_question_are_within_their_bounds(
    library: Library, quick_encoder: Encoder, text: str
) -> None:
    found = signals_for(text, library.generation, quick_encoder, range(0, 40, 3))
    assert np.isfinite(found.passages).all()
    assert_within_bounds(found)


def test_a_question_asked_twenty_times_over_has_the_same_in_common(
    library: Library, quick_encoder: Encoder
) -> None:
    passages = library.generation.texts.passages
    sentence = max(passages[7].sentences, key=lambda each: each.end - each.start)
    words = passages[7].text_of(sentence).split()[:8]
    once, often = (
        signals_for(" ".join(words * times), library.generation, quick_encoder, range(20))
        for times in (1, 20)
    )
    assert column(once, "coverage")[7] == pytest.approx(1)
    assert_within_bounds(often)
    for name in ("lexical", "coverage", "sentence_lexical"):
        assert column(often, name) == pytest.approx(column(once, name), abs=1e-5)


def test_among_passages_that_match_alike_tokens_weigh_by_importance_alone(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    text = "The council closed the harbour of Lomvik in 1974."
    files = {"a.txt": text, "b.txt": text}
    generation = library_of(tmp_path, files, quick_encoder).generation
    both = signals_for(WHEN_CLOSED, generation, quick_encoder, [0, 1])
    alone = signals_for(WHEN_CLOSED, generation, quick_encoder, [0])
    assert column(both, "late") == pytest.approx(column(alone, "late") * 2, abs=1e-6)
