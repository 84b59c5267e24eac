from collections import Counter
from math import log
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoder import Vectors
from rag.index.lexical import LexicalStore, Terms, best
from tests.conftest import SEEDS

FISH = [
    "The herring came back; herring and cod were landed.",
    "Cod was landed in the harbour.",
    "The harbour was closed.",
    "Ferries sail at nine.",
]


def store_of(texts: list[str]) -> LexicalStore:
    return LexicalStore.from_texts(texts, ["english"] * len(texts))


def lucene_bm25(documents: list[list[str]], query: list[str]) -> list[float]:
    """The oracle: sum of idf * tf / (tf + k1 * (1 - b + b * length / mean length))."""
    mean = sum(len(document) for document in documents) / len(documents)
    scores = []
    for document in documents:
        counts = Counter(document)
        score = 0.0
        for term in query:
            holding = sum(term in each for each in documents)
            idf = log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
            norm = 1.2 * (1 - 0.75 + 0.75 * len(document) / mean)
            score += idf * counts[term] / (counts[term] + norm) if counts[term] else 0.0
        scores.append(score)
    return scores


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The boats were landing", ["boat", "land"]),
        ("Boats, BOATS and boating", ["boat", "boat", "boat"]),
        ("1,275 of 3.5 tonnes in 1992.", ["1,275", "3.5", "tonn", "1992"]),
        ("a b C é Ж 東京 の", ["ж", "東京", "の"]),
        ("ﬁsh ＡＢＣ", ["fish", "abc"]),
        ("It is what it is", []),
        ("", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert Terms({"english": 1})(text) == terms


def test_terms_of_another_language_use_its_stems_and_keep_english_function_words() -> None:
    assert Terms({"german": 1})("Fischer verkauften die Boote") == [
        "fisch",
        "verkauft",
        "die",
        "boot",
    ]


def test_scores_by_hand() -> None:
    # herring: in 1 of 4, twice in the first; lengths 6, 3, 2, 3, mean 3.5
    idf = log(1 + 3.5 / 1.5)
    tf = 2 / (2 + 1.2 * (0.25 + 0.75 * 6 / 3.5))
    terms = Terms({"english": 1})
    assert [len(terms(text)) for text in FISH] == [6, 3, 2, 3]
    np.testing.assert_allclose(
        store_of(FISH).scores(["herring"]), [idf * tf, 0, 0, 0], rtol=1e-5, atol=0
    )


ALL_WORDS = ["herring", "harbour", "council", "trawler", "quota", "zinc", "copper"]
WORDS = st.sampled_from(ALL_WORDS)
DOCUMENTS = st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=8)


@given(
    documents=DOCUMENTS,
    query=st.lists(WORDS, max_size=6),
)
@settings(deadline=None, max_examples=80)
def test_scores_are_lucenes(documents: list[list[str]], query: list[str]) -> None:
    terms = Terms({"english": 1})
    store = store_of([" ".join(words) for words in documents])
    stems = [terms(" ".join(words)) for words in documents]
    asked = terms(" ".join(query))
    np.testing.assert_allclose(store.scores(asked), lucene_bm25(stems, asked), rtol=1e-4, atol=1e-6)


def by_bm25s(documents: list[list[str]], query: list[str]) -> Vectors:
    """Another implementation's scores: https://github.com/xhluca/bm25s."""
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(documents, show_progress=False)
    scores: Vectors = index.get_scores(query)
    return scores


@given(documents=DOCUMENTS, query=st.lists(WORDS, min_size=1, max_size=6))
@settings(deadline=None, max_examples=80)
def test_scores_are_those_of_bm25s(documents: list[list[str]], query: list[str]) -> None:
    terms = Terms({"english": 1})
    store = store_of([" ".join(words) for words in documents])
    stems = [terms(" ".join(words)) for words in documents]
    asked = terms(" ".join(query))
    np.testing.assert_allclose(store.scores(asked), by_bm25s(stems, asked), rtol=1e-5, atol=1e-6)


def test_scores_of_whole_documents_are_those_of_bm25s() -> None:
    paragraphs = [
        paragraph
        for file in sorted(SEEDS.glob("*.txt"))
        for paragraph in file.read_text("utf-8-sig").split("\n")
        if paragraph.strip()
    ]
    store = store_of(paragraphs)
    stems = [store.terms(paragraph) for paragraph in paragraphs]
    assert len(paragraphs) > 50
    for question in paragraphs[::7]:
        asked = store.terms(question)
        if asked:
            expected = by_bm25s(stems, asked)
            np.testing.assert_allclose(store.scores(asked), expected, rtol=1e-5, atol=1e-5)


@given(
    documents=DOCUMENTS,
    query=st.lists(WORDS, max_size=6),
    chance=st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=80)
def test_scores_and_coverage_of_some_texts_are_those_of_all_at_their_numbers(
    documents: list[list[str]], query: list[str], chance: Random
) -> None:
    store = store_of([" ".join(words) for words in documents])
    asked = [*store.terms(" ".join(query)), "zeppelin"]
    chosen = chance.choices(range(len(documents)), k=chance.randrange(9))
    rows = np.array(chosen, dtype=np.int64)
    shares = {term: chance.random() for term in asked}
    assert store.scores(asked, rows).tolist() == store.scores(asked)[rows].tolist()
    assert store.coverage(shares, rows).tolist() == store.coverage(shares)[rows].tolist()


def test_terms_that_no_passage_holds_score_0() -> None:
    assert store_of(FISH).scores(["zeppelin"]).tolist() == [0, 0, 0, 0]
    assert store_of(FISH).scores([]).tolist() == [0, 0, 0, 0]


def test_texts_without_any_term_score_0() -> None:
    store = store_of(["It is what it is.", "That was that."])
    assert len(store) == 2
    assert store.scores(["herring"]).tolist() == [0, 0]


def test_one_text_without_any_term_among_others_scores_0() -> None:
    store = store_of(["It is what it is.", "The herring came back."])
    scores = store.scores(Terms({"english": 1})("herring"))
    assert scores[0] == 0
    assert scores[1] > 0


@pytest.mark.parametrize(("term", "holding"), [("cod", 2), ("ferri", 1), ("zeppelin", 0)])
def test_idf_by_hand(term: str, holding: int) -> None:
    expected = log(1 + (4 - holding + 0.5) / (holding + 0.5))
    assert store_of(FISH).idf(term) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("term", "numbers"), [("cod", [0, 1]), ("harbour", [1, 2]), ("ferri", [3]), ("zeppelin", [])]
)
def test_holding_by_hand(term: str, numbers: list[int]) -> None:
    assert store_of(FISH).holding(term).tolist() == numbers


@given(documents=DOCUMENTS)
@settings(deadline=None, max_examples=60)
def test_texts_that_hold_a_term_are_those_among_whose_terms_it_is(
    documents: list[list[str]],
) -> None:
    texts = [" ".join(words) for words in documents]
    store = store_of(texts)
    stems = [store.terms(text) for text in texts]
    for word in ALL_WORDS:
        (term,) = store.terms(word)
        holding = [number for number, each in enumerate(stems) if term in each]
        assert store.holding(term).tolist() == holding
        expected = log(1 + (len(texts) - len(holding) + 0.5) / (len(holding) + 0.5))
        assert store.idf(term) == pytest.approx(expected)


def test_coverage_by_hand() -> None:
    store = store_of(FISH)
    shares = {"cod": 0.5, "ferri": 0.125, "zeppelin": 0.25, "harbour": 0.0625}
    assert store.coverage(shares).tolist() == [0.5, 0.5625, 0.0625, 0.125]
    assert store.coverage({"zeppelin": 1.0}).tolist() == [0, 0, 0, 0]
    assert store.coverage({}).tolist() == [0, 0, 0, 0]


def test_best_are_the_highest_above_0_ties_by_number() -> None:
    scores = np.array([0.5, 0.0, 2.0, 0.5, 1.0], dtype=np.float32)
    assert best(scores, 10).tolist() == [2, 4, 0, 3]
    assert best(scores, 3).tolist() == [2, 4, 0]
    assert best(scores, 10, np.array([0, 1, 3], dtype=np.int64)).tolist() == [0, 3]
    assert best(scores, 10, np.array([], dtype=np.int64)).tolist() == []


def test_a_store_answers_alike_after_saving_and_loading(tmp_path: Path) -> None:
    store = store_of(FISH)
    store.save(tmp_path / "words")
    assert [path.name for path in tmp_path.iterdir()] == ["words"]
    loaded = LexicalStore.load(tmp_path / "words", {"english": 4})
    query = loaded.terms("Where was the cod of the harbour landed?")
    assert query == store.terms("Where was the cod of the harbour landed?")
    assert len(loaded) == 4
    assert loaded.scores(query).tolist() == store.scores(query).tolist()
    assert loaded.idf("cod") == store.idf("cod")
    assert loaded.holding("cod").tolist() == [0, 1]
    assert loaded.coverage({"cod": 0.5}).tolist() == [0.5, 0.5, 0, 0]


def files_of(store: LexicalStore) -> dict[str, bytes]:
    """What it is saved as."""
    with TemporaryDirectory() as folder:
        store.save(Path(folder) / "words")
        return {file.name: file.read_bytes() for file in (Path(folder) / "words").iterdir()}


TEXTS = st.lists(
    st.tuples(st.lists(WORDS, max_size=6).map(" ".join), st.sampled_from(["english", "german"])),
    max_size=6,
)


def store_in_languages(texts: list[tuple[str, str]]) -> LexicalStore:
    return LexicalStore.from_texts([text for text, _ in texts], [its for _, its in texts])


@given(before=TEXTS, after=TEXTS, chance=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=120)
def test_a_joined_store_is_that_of_the_texts_made_from_nothing(
    before: list[tuple[str, str]], after: list[tuple[str, str]], chance: Random
) -> None:
    every = [*before, *after]
    chosen = chance.sample(range(len(every)), chance.randint(0, len(every)))
    joined = LexicalStore.joined(
        store_in_languages(before), store_in_languages(after), np.array(chosen, dtype=np.int64)
    )
    assert files_of(joined) == files_of(store_in_languages([every[number] for number in chosen]))


def test_the_same_texts_give_the_same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        store_of(FISH).save(tmp_path / name)
        files = sorted((tmp_path / name).iterdir())
        contents.append({file.name: file.read_bytes() for file in files})
    assert contents[0] == contents[1] != {}
