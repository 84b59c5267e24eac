import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from rag import cli
from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import CollectionError, QuestionError
from rag.evaluation import library as libraries
from rag.evaluation import measures
from rag.evaluation.collection import Collection, some
from rag.evaluation.library import Judged, open_library
from rag.evaluation.measures import KEYS, Figure
from rag.evaluation.report import evaluate
from rag.evaluation.run import (
    DEPTH,
    NOTHING,
    Baseline,
    Chat,
    Seen,
    ask_all,
    bm25_alone,
    dense_alone,
    run_of,
)
from rag.settings import Settings

CORPUS = [
    {"_id": "tower", "title": "Varn", "text": "The lighthouse of Varn was painted green in 1911."},
    {"_id": "keeper", "title": "Varn", "text": "Its keeper Odda Rell counted 340 ships a year."},
    {"_id": "bread", "title": "Osk", "text": "The bakery of Osk sells rye bread on Tuesdays."},
    {"_id": "ice", "title": "", "text": "Glaciers in Tundrel lose nine metres every summer."},
    {"_id": "blank", "title": "", "text": "", "url": "a key that nobody needs"},
]
QUERIES = [
    {"_id": "q-tower", "text": "When was the lighthouse of Varn painted green?"},
    {"_id": "q-keeper", "text": "How many ships did the keeper Odda Rell count a year?"},
    {"_id": "q-bread", "text": "On which day does the bakery of Osk sell rye bread?"},
    {"_id": "q-idle", "text": "Is this question judged?"},
]
JUDGED = [("q-tower", "tower", 1), ("q-keeper", "keeper", 1), ("q-bread", "ice", 1)]
"""The bread is misjudged on purpose, so that not everything is found at once."""

UNJUDGED = [("q-tower", "bread", 0), ("q-idle", "ice", 0)]
ANSWERS = [
    {"_id": "q-tower", "answers": ["1911", "in the year 1911"]},
    {"_id": "q-keeper", "answers": ["341"]},
    {"_id": "q-bread", "answers": [""]},
]
UNANSWERABLE = [
    {"_id": "u-1", "text": "Who repaired the lighthouse of Varn?", "near": "tower"},
    {"_id": "u-2", "text": "How much is an accordion?", "near": "bread"},
]


def lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def judgements(rows: Sequence[tuple[str, str, int]]) -> str:
    return "query-id\tcorpus-id\tscore\n" + "".join(f"{q}\t{d}\t{s}\n" for q, d, s in rows)


def write_collection(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(lines(CORPUS), "utf-8")
    (folder / "queries.jsonl").write_text(lines(QUERIES), "utf-8")
    (folder / "qrels" / "test.tsv").write_text(judgements([*JUDGED, *UNJUDGED]), "utf-8")
    (folder / "answers.jsonl").write_text(lines(ANSWERS), "utf-8")
    (folder / "unanswerable.jsonl").write_text(lines(UNANSWERABLE), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "coast")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> tuple[Path, Judged]:
    """The collection's library, built once, and the cache that holds it. Read-only."""
    place = tmp_path_factory.mktemp("evaluation")
    collection = Collection.read(write_collection(place / "coast"))
    return place / "cache", open_library(collection, quick_encoder, Settings(), place / "cache")


@pytest.fixture
def judged(built: tuple[Path, Judged]) -> Judged:
    return built[1]


def files_of(judged: Judged, *names: str) -> frozenset[str]:
    return frozenset(file for file, name in judged.names.items() if name in names)


def test_a_collection_is_read(folder: Path) -> None:
    collection = Collection.read(folder)
    assert collection.name == "coast"
    assert list(collection.texts) == ["tower", "keeper", "bread", "ice", "blank"]
    assert list(collection.queries) == ["q-tower", "q-keeper", "q-bread"]
    assert collection.relevant == {
        "q-tower": {"tower": 1},
        "q-keeper": {"keeper": 1},
        "q-bread": {"ice": 1},
    }
    assert collection.answers["q-tower"] == ["1911", "in the year 1911"]
    assert collection.answers["q-bread"] == []
    assert collection.unanswerable["u-2"] == "How much is an accordion?"
    assert collection.notices == ()


def test_only_a_title_of_its_own_stands_above_a_text(folder: Path) -> None:
    collection = Collection.read(folder)
    assert collection.file_text("bread") == "Osk\n\nThe bakery of Osk sells rye bread on Tuesdays."
    assert collection.file_text("tower") == "The lighthouse of Varn was painted green in 1911."
    assert collection.file_text("ice") == "Glaciers in Tundrel lose nine metres every summer."


def test_answers_and_unanswerable_questions_may_be_missing(folder: Path) -> None:
    (folder / "answers.jsonl").unlink()
    (folder / "unanswerable.jsonl").unlink()
    collection = Collection.read(folder)
    assert collection.answers == {}
    assert collection.unanswerable == {}


def test_numbers_as_ids_null_titles_marks_and_blank_lines_are_read(folder: Path) -> None:
    corpus = '\ufeff{"_id": 7, "title": null, "text": "Oars.\u2028Sails."}\r\n\r\n'
    (folder / "corpus.jsonl").write_text(corpus, "utf-8")
    rows = judgements([("q-tower", "7", 2)]).replace("\n", "\r\n")
    (folder / "qrels" / "test.tsv").write_text(f"\ufeff{rows}", "utf-8")
    collection = Collection.read(folder)
    assert collection.texts == {"7": "Oars.\u2028Sails."}
    assert collection.titles == {"7": ""}
    assert collection.relevant == {"q-tower": {"7": 2}}


def told_of(folder: Path) -> str:
    with pytest.raises(CollectionError) as raised:
        Collection.read(folder)
    assert raised.value.remedy
    return raised.value.message


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert told_of(tmp_path / "none") == f"{tmp_path / 'none'}: there is no such folder"


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert told_of(folder) == f"{folder / file}: is not there"


def test_a_folder_in_a_files_place_is_told(folder: Path) -> None:
    (folder / "answers.jsonl").unlink()
    (folder / "answers.jsonl").mkdir()
    assert told_of(folder).startswith(f"{folder / 'answers.jsonl'}: cannot be read: ")


@pytest.mark.parametrize(
    ("file", "line", "slip"),
    [
        ("corpus.jsonl", b"{_id: 1}", "not JSON: "),
        ("queries.jsonl", b'{"_id": "x", "text": "\xff"}', "not JSON: "),
        ("queries.jsonl", b'["x"]', "Input should be an object"),
        ("corpus.jsonl", b'{"_id": "x"}', "text: Field required"),
        ("queries.jsonl", b'{"text": "x"}', "_id: Field required"),
        ("queries.jsonl", b'{"_id": "", "text": "x"}', "_id: String should have at least 1"),
        ("answers.jsonl", b'{"_id": "q-tower", "answers": "x"}', "answers: Input should be"),
        ("unanswerable.jsonl", b'{"_id": "x", "text": 7.5', "not JSON: "),
    ],
)
def test_a_line_that_is_no_row_is_told(folder: Path, file: str, line: bytes, slip: str) -> None:
    (folder / file).write_bytes(b"\n" + line + b"\n")
    assert told_of(folder).startswith(f"{folder / file}, line 2: {slip}")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "answers.jsonl"])
def test_an_id_given_twice_is_told(folder: Path, file: str) -> None:
    rows = (folder / file).read_text("utf-8").splitlines()
    (folder / file).write_text("\n".join([rows[1], "", *rows]), "utf-8")
    again = json.loads(rows[1])["_id"]
    assert told_of(folder) == f"{folder / file}, line 4: the _id {again!r} again, as in line 1"


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "unanswerable.jsonl"])
def test_an_empty_file_is_told(folder: Path, file: str) -> None:
    (folder / file).write_text("\n", "utf-8")
    assert told_of(folder) == f"{folder / file}: is empty"


def test_documents_without_any_text_are_told(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text(lines([{"_id": "tower", "text": " "}]), "utf-8")
    assert told_of(folder) == f"{folder / 'corpus.jsonl'}: no document in it has any text"


@pytest.mark.parametrize(
    ("table", "slip"),
    [
        ("", ": has no column query-id and no column corpus-id and no column score"),
        ("q-tower 0 tower 1\n", ": has no column query-id and "),
        ("query-id\tcorpus-id\nq-tower\ttower\n", ": has no column score"),
        ("query-id\tcorpus-id\tscore\nq-tower\ttower\n", ", line 2: the score None is no whole"),
        ("query-id\tcorpus-id\tscore\nq-tower\ttower\tx\n", ", line 2: the score 'x' is no whole"),
        ("query-id\tcorpus-id\tscore\nq-tower\ttower\t0\n", ": judges no document right for any"),
        ("query-id\tcorpus-id\tscore\nq-none\ttower\t1\n", ": judges no document right for any"),
    ],
)
def test_judgements_that_cannot_be_used_are_told(folder: Path, table: str, slip: str) -> None:
    file = folder / "qrels" / "test.tsv"
    file.write_text(table, "utf-8")
    assert told_of(folder).startswith(f"{file}{slip}")


def test_judgements_in_another_encoding_are_told(folder: Path) -> None:
    file = folder / "qrels" / "test.tsv"
    file.write_bytes(b"query-id\tcorpus-id\tscore\nq\xff\ttower\t1\n")
    assert told_of(folder).startswith(f"{file}: not UTF-8: ")


def test_answers_to_unknown_questions_are_told(folder: Path) -> None:
    strange = [{"_id": f"x{n}", "answers": []} for n in range(7)]
    (folder / "answers.jsonl").write_text(lines([*ANSWERS, *strange]), "utf-8")
    told = f"{folder / 'answers.jsonl'}: no such question in queries.jsonl: "
    assert told_of(folder) == f"{told}x0, x1, x2, x3, x4 and 2 more"


def test_judgements_of_what_is_not_there_are_noticed(folder: Path) -> None:
    rows = judgements([*JUDGED, ("q-tower", "lost", 1), ("q-lost", "tower", 1)])
    (folder / "qrels" / "test.tsv").write_text(rows, "utf-8")
    collection = Collection.read(folder)
    assert [str(each) for each in collection.notices] == [
        "qrels/test.tsv: judged documents that corpus.jsonl lacks count as not found: lost",
        "qrels/test.tsv: judged questions that queries.jsonl lacks are not asked: q-lost",
    ]
    assert collection.relevant["q-tower"] == {"tower": 1, "lost": 1}
    assert collection.judged("q-tower") == {"tower"}
    assert "q-lost" not in collection.queries


def test_some_ids_stand_for_many() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some([*"abcdefg"]) == "a, b, c, d, e and 2 more"


def test_a_sample_depends_on_its_seed_alone(folder: Path) -> None:
    collection = Collection.read(folder)
    everything = ["q-bread", "q-keeper", "q-tower"]
    assert collection.sample(None) == collection.sample(3) == collection.sample(99) == everything
    samples = {seed: collection.sample(2, seed) for seed in range(20)}
    assert samples == {seed: collection.sample(2, seed) for seed in range(20)}
    assert all(len(set(each)) == 2 and set(each) < set(everything) for each in samples.values())
    assert len({tuple(each) for each in samples.values()}) == 3


def test_an_article_is_what_shares_a_title(judged: Judged) -> None:
    assert judged.holders("q-tower") == files_of(judged, "tower")
    assert judged.others("q-tower") == files_of(judged, "tower", "keeper")
    # "ice" has no title, and so has "blank": that is nothing to share.
    assert judged.others("q-bread") == judged.holders("q-bread") == files_of(judged, "ice")


def test_what_is_taken_out_is_not_found(judged: Judged) -> None:
    def names(without: frozenset[str]) -> set[str]:
        found = judged.found("q-tower", without)
        assert {c.passage.document for c in found.candidates}.isdisjoint(without)
        return {judged.names[each.passage.document] for each in found.ranking}

    assert names(frozenset()) >= {"tower", "keeper"}
    assert "tower" not in names(judged.holders("q-tower"))
    assert names(judged.holders("q-tower")) >= {"keeper"}
    assert names(judged.others("q-tower")).isdisjoint({"tower", "keeper"})
    before = judged.found("q-tower").match
    assert judged.found("q-tower", judged.others("q-tower")).match < before


def test_the_chat_is_seen_as_it_answers(judged: Judged) -> None:
    chat, question = Chat(judged), "What was painted “green in 1911” at Varn?"
    answer = judged.library.ask(question, abstain=False)
    assert answer.citations
    assert chat.answer(question) == tuple(citation.exact for citation in answer.citations)
    seen = chat.look(question, frozenset())
    assert seen.match == answer.match
    assert [judged.names[document] for document, _ in seen.passages] == ["tower"]


def test_a_library_is_built_once(
    built: tuple[Path, Judged],
    quick_encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_build(*_arguments: object) -> None:
        raise AssertionError

    cache, first = built
    monkeypatch.setattr(libraries, "build", no_build)
    again = open_library(first.collection, quick_encoder, Settings(), cache)
    assert again.library.generation.id == first.library.generation.id
    assert again.names == first.names
    other = Settings(passage_words=40)
    with pytest.raises(AssertionError):
        open_library(first.collection, quick_encoder, other, cache)


def test_another_corpus_and_a_damaged_index_are_built(
    folder: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    def opened() -> Library:
        collection = Collection.read(folder)
        return open_library(collection, quick_encoder, Settings(), tmp_path / "cache").library

    first = opened()
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "ferry", "text": "The ferry of Osk sails at nine."}')
    second = opened()
    assert len(second.documents) == len(first.documents) + 1
    for pointer in (tmp_path / "cache").glob("*/index/current"):
        pointer.write_text("damaged", "utf-8")
    assert opened().generation.id != second.generation.id
    assert len([*(tmp_path / "cache").iterdir()]) == 2


LABELLED: list[dict[str, str | None]] = [
    {"_id": "a", "text": "The harbour of Varn was closed.", "perspective": "PRO"},
    {"_id": "b", "text": "The harbour of Varn was not closed.", "perspective": 'Städter & "Co."'},
    {"_id": "c", "text": "The harbour of Varn has two piers.", "perspective": "PRO"},
    {"_id": "d", "text": "Varn has a lighthouse.", "perspective": None},
    {"_id": "e", "text": "Varn has a bakery.", "perspective": ""},
    {"_id": "f", "text": "Varn has a school."},
]


def test_a_collections_perspectives_are_the_labels_of_its_library(
    folder: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    (folder / "corpus.jsonl").write_text(lines(LABELLED), "utf-8")
    (folder / "qrels" / "test.tsv").write_text(judgements([("q-tower", "a", 1)]), "utf-8")
    collection = Collection.read(folder)
    assert collection.perspectives == {"a": "PRO", "b": 'Städter & "Co."', "c": "PRO"}
    judged = open_library(collection, quick_encoder, Settings(), tmp_path / "cache")
    library = judged.library
    assert [each.label for each in library.perspectives] == ["PRO", 'Städter & "Co."']
    labels = {judged.names[n]: d.source.perspective for n, d in library.documents.items()}
    assert {name: label.label for name, label in labels.items()} == {
        "a": "PRO",
        "b": 'Städter & "Co."',
        "c": "PRO",
        "d": "Unlabelled",
        "e": "Unlabelled",
        "f": "Unlabelled",
    }
    assert labels["b"].basis == 'Judged Städter & "Co." in the collection coast.'
    answer = library.ask("Was the harbour of Varn closed?")
    rows = {row.label: (row.sources, row.quoted) for row in answer.coverage}
    assert [rows[label][0] for label in rows] == [2, 1, 3]
    assert rows['Städter & "Co."'][1] == 1


def test_a_collection_without_perspectives_has_no_catalogue(built: tuple[Path, Judged]) -> None:
    cache, judged = built
    assert judged.collection.perspectives == {}
    assert judged.library.perspectives == ()
    assert not [*cache.glob("*/seeds/sources.toml")]


def test_a_cache_that_cannot_be_written_is_told(
    judged: Judged, tmp_path: Path, quick_encoder: Encoder
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(CollectionError, match="--cache") as raised:
        open_library(judged.collection, quick_encoder, Settings(), tmp_path / "file")
    assert str(tmp_path / "file") in raised.value.message


def test_a_collection_with_nothing_to_quote_is_told(
    folder: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    (folder / "corpus.jsonl").write_text(lines([{"_id": "tower", "text": "—"}]), "utf-8")
    with pytest.raises(CollectionError, match=r"coast: no sentence in its corpus\.jsonl"):
        open_library(Collection.read(folder), quick_encoder, Settings(), tmp_path / "cache")


class Scripted:
    """A system whose matches are written down: for the whole library, and for less of it."""

    quotes = True

    def __init__(self, judged: Judged, matches: Mapping[str, Sequence[float]]) -> None:
        self._judged, self._matches = judged, matches
        self.asked: list[tuple[str, set[str]]] = []

    def answer(self, question: str) -> tuple[str, ...]:
        return ("It was in 1911.", "It was later.") if "Varn" in question else ("She saw 341.",)

    def look(self, question: str, without: frozenset[str]) -> Seen:
        names = {self._judged.names[each] for each in without}
        self.asked.append((question, names))
        if question not in self._matches:
            raise QuestionError("too long")
        (first,) = files_of(self._judged, "tower")
        (second,) = files_of(self._judged, "keeper")
        passages = [(first, 3.0), (first, 2.0), (second, 1.0)]
        return Seen(passages, self._matches[question][min(len(names), 2)])


def test_every_question_is_asked_with_and_without_what_answers_it(judged: Judged) -> None:
    tower, keeper, bread = (row["text"] for row in QUERIES[:3])
    system = Scripted(judged, {tower: (0.9, 0.4, 0.2), keeper: (0.5, 0.6, 0.3)})
    steps: list[None] = []
    outcome = ask_all(judged, system, ["q-tower", "q-bread"], ["u-1"], lambda: steps.append(None))
    near = UNANSWERABLE[0]["text"]
    assert {(question, frozenset(names)) for question, names in system.asked} == {
        (tower, frozenset()),
        (tower, frozenset({"tower"})),
        (tower, frozenset({"tower", "keeper"})),
        (bread, frozenset()),
        (bread, frozenset({"ice"})),
        (near, frozenset()),
    }
    assert len(system.asked) == 6
    asked = outcome.asked["q-tower"]
    assert asked.run == {"tower": 3.0, "keeper": 1.0}
    assert (asked.match, asked.without_judged, asked.without_article) == (0.9, 0.4, 0.2)
    assert asked.quotes == ("It was in 1911.", "It was later.")
    assert asked.seconds is not None
    refused = outcome.asked["q-bread"]
    assert (refused.run, refused.match, refused.without_judged) == ({}, NOTHING, NOTHING)
    assert outcome.near == (NOTHING,)
    assert len(steps) == 3


def test_figures_are_those_of_the_hand(judged: Judged) -> None:
    tower, keeper, bread = (row["text"] for row in QUERIES[:3])
    near = [row["text"] for row in UNANSWERABLE]
    matches = {
        tower: (0.9, 0.4, 0.2),
        keeper: (0.5, 0.6, 0.3),
        bread: (0.4, 0.4, 0.4),
        near[0]: (0.45,),
        near[1]: (0.1,),
    }
    ids = ["q-tower", "q-keeper", "q-bread"]
    outcome = ask_all(judged, Scripted(judged, matches), ids, ["u-1", "u-2"], lambda: None)
    figures = measures.figures(outcome, judged.collection, seed=7)
    assert set(figures) == {*KEYS, "false_answers@95_judged_only"}
    values = {key: figure.value for key, figure in figures.items() if figure}
    assert values["hit@1"] == pytest.approx(1 / 3)
    assert values["hit@5"] == values["R@100"] == pytest.approx(2 / 3)
    assert values["MRR@10"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert values["nDCG@10"] == pytest.approx((1 + 1 / np.log2(3) + 0) / 3)
    # Two questions have gold strings; "341" stands in the first quote of the second.
    assert values["quote@1"] == values["quote@3"] == 1.0
    quotes = ["It was in 1911.", "It was later.", "She saw 341.", "She saw 341."]
    assert values["chars_per_quote"] == pytest.approx(sum(map(len, quotes)) / 4)
    # .9 .5 .4 against .2 .3 .4: eight pairs are right and one is even.
    assert values["abstention_auroc"] == pytest.approx(8.5 / 9)
    # .9 .5 .4 against .4 .6 .4: 3, 2, and twice half a pair.
    assert values["abstention_auroc_judged_only"] == pytest.approx((3 + 2 + 1) / 9)
    # The 5 % quantile of .4 .5 .9 is .41.
    assert values["false_answers@95"] == 0.0
    assert values["false_answers@95_judged_only"] == pytest.approx(1 / 3)
    # .9 .5 .4 against .45 .1: 2, 2, 1.
    assert values["near_auroc"] == pytest.approx(5 / 6)
    assert 0 <= values["p50_ms"] <= values["p95_ms"]
    assert all(f.low <= f.value <= f.high for f in figures.values() if f)


def test_a_question_whose_documents_are_missing_tells_nothing_of_silence(
    folder: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    (folder / "qrels" / "test.tsv").write_text(judgements([("q-tower", "lost", 1)]), "utf-8")
    lost = open_library(Collection.read(folder), quick_encoder, Settings(), tmp_path)
    figures = evaluate(lost, sample=None).to_json()["system"]
    assert figures["hit@1"] == figures["R@100"] == 0.0
    assert figures["abstention_auroc"] is None
    assert figures["false_answers@95"] is None
    assert figures["near_auroc"] is None
    assert figures["quote@1"] == 1.0


@given(
    higher=st.lists(st.integers(-3, 3), min_size=1, max_size=20),
    lower=st.lists(st.integers(-3, 3), min_size=1, max_size=20),
)
def test_auroc_is_that_of_scikit_learn(higher: list[int], lower: list[int]) -> None:
    expected = roc_auc_score([1] * len(higher) + [0] * len(lower), higher + lower)
    found = measures.auroc(np.array(higher, dtype=float), np.array(lower, dtype=float))
    assert found == pytest.approx(expected)


def test_false_answers_are_counted_where_95_of_100_are_answered() -> None:
    inside = np.arange(1, 101) / 100
    assert np.quantile(inside, 0.05) == pytest.approx(0.0595)
    outside = np.array([0.01, 0.05, 0.06, 0.5])
    assert measures.false_answers(inside, outside) == 0.5


def test_quotes_are_right_where_a_gold_string_stands() -> None:
    quotes = {"a": ["One ferry.", "Two boats."], "b": [], "c": ["Nine"] * 4, "d": ["x"]}
    golds = {"a": ["boats", "rafts"], "b": ["one"], "c": ["nine"]}
    assert measures.quote_values(quotes, golds, 1).tolist() == [0, 0, 0]
    assert measures.quote_values(quotes, golds, 3).tolist() == [1, 0, 0]


def test_an_interval_is_seeded_and_that_of_the_binomial() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    figure = measures.with_interval(np.mean, values, seed=7)
    assert figure is not None
    assert figure == measures.with_interval(np.mean, values, seed=7)
    assert figure.value == 0.8
    assert figure.low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.02)
    assert figure.high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.02)
    constant = measures.with_interval(np.mean, np.ones(5), seed=7)
    assert constant == Figure(value=1.0, low=1.0, high=1.0)
    assert measures.with_interval(np.mean, np.array([]), seed=7) is None


def test_a_document_stands_where_its_best_passage_does() -> None:
    passages = [("a", 0.9), ("b", 0.8), ("a", 0.7), ("c", 0.8), ("d", 0.95), ("e", -1.0)]
    run = run_of(passages)
    assert list(run) == ["a", "b", "c", "d", "e"]
    scores = [*run.values()]
    assert scores == sorted(set(scores), reverse=True)
    assert scores == pytest.approx([0.9, 0.8, 0.8, 0.8, -1.0], abs=1e-6)
    assert len(run_of((str(number), 1.0) for number in range(DEPTH + 5))) == DEPTH


def many(folder: Path, documents: int) -> Path:
    """Every other document is long; only its passages hold the question's word often."""
    (folder / "qrels").mkdir(parents=True)
    long = " ".join(f"Herring after herring of shoal {n} swims to Ulm." for n in range(40))
    rows = [
        {"_id": f"d{n}", "text": long if n % 2 else "A herring came to Ulm alone."}
        for n in range(documents)
    ]
    (folder / "corpus.jsonl").write_text(lines(rows), "utf-8")
    (folder / "queries.jsonl").write_text(lines([{"_id": "q", "text": "herring?"}]), "utf-8")
    (folder / "qrels" / "test.tsv").write_text(judgements([("q", "d0", 1)]), "utf-8")
    return folder


@pytest.mark.parametrize("prepare", [dense_alone, bm25_alone])
def test_a_baseline_sees_a_hundred_documents(
    tmp_path: Path, quick_encoder: Encoder, prepare: Callable[..., Any]
) -> None:
    collection = Collection.read(many(tmp_path / "many", 110))
    judged = open_library(collection, quick_encoder, Settings(), tmp_path / "cache")
    assert len(judged.library.generation.texts.passages) > 2 * DEPTH
    seen = Baseline(judged, prepare).look("herring?", frozenset())
    assert len({document for document, _ in seen.passages}) >= DEPTH
    scores = [score for _, score in seen.passages]
    assert scores == sorted(scores, reverse=True)
    assert seen.match == scores[0]
    left = files_of(judged, "d0", "d1")
    few = Baseline(judged, prepare).look("herring?", frozenset(judged.names) - left)
    assert {document for document, _ in few.passages} == left
    nothing = Baseline(judged, prepare).look("herring?", frozenset(judged.names))
    assert nothing == Seen([], NOTHING)


Evaluate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    built: tuple[Path, Judged],
    quick_encoder: Encoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Evaluate:
    """The command on a collection, with a copy of the cache that holds the tiny one's library."""
    shutil.copytree(built[0], tmp_path / "cache")
    monkeypatch.setattr(Encoder, "load", lambda *_: quick_encoder)
    monkeypatch.setenv("COLUMNS", "120")

    def evaluate(folder: Path, *options: str) -> tuple[int, str, str]:
        named = ["evaluate", str(folder), "--cache", str(tmp_path / "cache")]
        return (cli.main([*named, *options]), *capsys.readouterr())

    return evaluate


def test_json_has_these_keys_and_no_others(run: Evaluate, folder: Path) -> None:
    code, out, err = run(folder, "--json", "--baselines")
    assert code == 0
    assert err == "corpus.jsonl: documents without a sentence to quote are never found: blank\n"
    figures = json.loads(out)
    assert list(figures) == ["system", "baselines"]
    assert list(figures["baselines"]) == ["dense", "bm25"]
    for each in (figures["system"], *figures["baselines"].values()):
        assert tuple(each) == KEYS
        assert each["hit@1"] == pytest.approx(2 / 3)
        assert each["near_auroc"] == 1.0
    assert figures["system"]["quote@1"] == 0.5
    assert None not in figures["system"].values()
    for each in figures["baselines"].values():
        lacking = {key for key, value in each.items() if value is None}
        assert lacking == {"quote@1", "quote@3", "chars_per_quote"}


def test_json_is_null_where_the_collection_lacks_something(run: Evaluate, folder: Path) -> None:
    (folder / "answers.jsonl").unlink()
    (folder / "unanswerable.jsonl").unlink()
    code, out, _ = run(folder, "--json", "--sample", "1")
    figures = json.loads(out)
    assert code == 0
    assert figures["baselines"] == {}
    lacking = {key for key, value in figures["system"].items() if value is None}
    assert lacking == {"quote@1", "quote@3", "near_auroc"}


def test_a_person_reads_what_was_asked_and_what_figures_say(run: Evaluate, folder: Path) -> None:
    code, out, _ = run(folder, "--baselines", "--sample", "2", "--seed", "3")
    assert code == 0
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert rows[0] == ("coast: 5 documents; 2 of 3 questions and 2 of 2 unanswerable ones asked")
    assert "(seed 3)" in rows[1]
    assert "Parallax dense alone BM25 alone" in rows
    (hit,) = [row for row in rows if row.startswith("hit@1 ") and "[" in row]
    assert hit.count("[") == 3
    (quote,) = [row for row in rows if row.startswith("quote@1 ") and "[" in row]
    assert quote.endswith("– –")
    assert "hit@1 share of questions whose first document is a judged one" in rows
    assert len([row for row in rows if row.startswith("wrong @95") and "[" in row]) == 2


def test_a_person_reads_what_is_lacking(run: Evaluate, folder: Path) -> None:
    (folder / "answers.jsonl").unlink()
    (folder / "unanswerable.jsonl").unlink()
    code, out, _ = run(folder)
    assert code == 0
    assert "3 of 3 questions asked" in out
    assert "There is no answers.jsonl" in out
    assert "There is no unanswerable.jsonl" in out


def test_runs_are_read_and_measured_the_same_by_ir_measures(
    run: Evaluate, folder: Path, tmp_path: Path
) -> None:
    code, out, _ = run(folder, "--json", "--baselines", "--out", str(tmp_path / "runs"))
    assert code == 0
    figures = json.loads(out)
    systems = {"system": figures["system"], **figures["baselines"]}
    files = {file.stem: file for file in (tmp_path / "runs").iterdir()}
    assert files.keys() == systems.keys()
    qrels = [ir_measures.Qrel(*row) for row in JUDGED]
    for name, file in files.items():
        rows = [row.split(" ") for row in file.read_text("utf-8").splitlines()]
        assert {(row[1], row[5]) for row in rows} == {("Q0", name)}
        for query in ("q-tower", "q-keeper", "q-bread"):
            own = [row for row in rows if row[0] == query]
            assert [int(row[3]) for row in own] == [*range(1, len(own) + 1)]
            assert own[0][2] == {"q-bread": "bread"}.get(query, query.removeprefix("q-"))
        read = [*ir_measures.read_trec_run(str(file))]  # type: ignore[no-untyped-call]
        for key, measure in measures.RANKING.items():
            wanted = ir_measures.parse_measure(measure)
            measured = ir_measures.calc_aggregate([wanted], qrels, read)[wanted]
            assert measured == pytest.approx(systems[name][key])


def test_ids_that_a_run_cannot_hold_are_told(run: Evaluate, folder: Path, tmp_path: Path) -> None:
    text = (folder / "corpus.jsonl").read_text("utf-8").replace('"tower"', '"the tower"')
    (folder / "corpus.jsonl").write_text(text, "utf-8")
    code, _, err = run(folder, "--out", str(tmp_path / "runs"))
    assert code == 1
    assert "cannot hold ids with white space: the tower" in err
    assert not (tmp_path / "runs").exists()


def test_a_place_for_runs_that_cannot_be_made_is_told_first(
    run: Evaluate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "ask", None)
    code, out, err = run(folder, "--out", str(folder / "corpus.jsonl"))
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {folder / 'corpus.jsonl'}: cannot be written: ")
    assert "--out" in err


def test_errors_and_notices_go_to_standard_error(run: Evaluate, folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text(judgements([("q-tower", "lost", 1)]), "utf-8")
    code, _, err = run(folder)
    assert code == 0
    assert err.splitlines()[0].endswith("corpus.jsonl lacks count as not found: lost")
    (folder / "queries.jsonl").write_text("{", "utf-8")
    code, out, err = run(folder)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {folder / 'queries.jsonl'}, line 1: not JSON: ")


def test_questions_that_cannot_be_asked_find_nothing(run: Evaluate, folder: Path) -> None:
    long = {"_id": "q-tower", "text": "Who " * 400}
    (folder / "queries.jsonl").write_text(lines([*QUERIES[1:], long]), "utf-8")
    code, out, err = run(folder, "--json", "--baselines")
    assert code == 0
    assert "queries.jsonl: empty or too long for the model, so they find nothing: q-tower" in err
    assert json.loads(out)["system"]["hit@1"] == pytest.approx(1 / 3)


def test_an_interrupt_leaves_the_library_and_the_runs_as_they_were(
    run: Evaluate, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = ("--out", str(tmp_path / "runs"))
    assert run(folder, *runs)[0] == 0
    before = (tmp_path / "runs" / "system.trec").read_bytes()

    def interrupted(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Library, "ask", interrupted)
        assert run(folder, *runs)[0] == 130
    assert (tmp_path / "runs" / "system.trec").read_bytes() == before
    assert [file.name for file in (tmp_path / "runs").iterdir()] == ["system.trec"]
    assert run(folder)[0] == 0
