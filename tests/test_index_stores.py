from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.furniture.left_out import left_out_of
from rag.index.rows import Rows
from rag.index.saving import Cut
from rag.index.stores import Stores
from rag.records import Document, Passage
from tests.making import encoded_of, libraries
from tests.tiny import DIMENSION, TinyEncoder

ENCODER = TinyEncoder()


def stores_of(cuts: list[Cut]) -> Stores:
    return Stores.of(cuts, encoded_of(cuts, ENCODER), "english")


def files_of(stores: Stores) -> dict[str, bytes]:
    """What they are saved as."""
    with TemporaryDirectory() as folder:
        stores.save(Path(folder))
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def cut_of(name: str, text: str) -> Cut:
    """A document of one sentence."""
    return cut_of_spans(name, text, [(0, len(text))])


def cut_of_spans(name: str, text: str, spans: list[tuple[int, int]]) -> Cut:
    """A document of which each of these spans is a passage of one sentence."""
    told = [
        {
            "number": number,
            "document": name,
            "start": start,
            "end": end,
            "text": text[start:end],
            "sentences": [{"start": start, "end": end}],
        }
        for number, (start, end) in enumerate(spans)
    ]
    document = Document(id=name, text=text, sha256="", encoding="utf_8", language="en")
    return Cut(document, [Passage.model_validate(each) for each in told])


@given(libraries())
@settings(deadline=None, max_examples=60)
def test_each_store_holds_what_is_told_of_the_documents(cuts: list[Cut]) -> None:
    stores = stores_of(cuts)
    passages = [passage for cut in cuts for passage in cut.passages]
    sentences = [(each, sentence) for each in passages for sentence in each.sentences]
    assert len(stores.rows.passages) == len(cuts) + 1
    assert len(stores.fingerprints.each()) == len(cuts)
    sizes = [len(stores.dense), len(stores.lexical), len(stores.tokens)]
    assert sizes == [len(passages)] * 3
    assert len(stores.sentences) == len(sentences)
    left_out = [(text, cut.document) for cut in cuts for text in left_out_of(cut.document)]
    assert len(stores.left_out) == len(left_out)
    encoded = ENCODER.encode_documents([passage.text for passage in passages])
    assert stores.dense.vectors().tolist() == encoded.vectors.tolist()
    documents = {cut.id: cut.document for cut in cuts}
    stemmers = {"de": "german", "ru": "russian"}
    held = [(each.text_of(sentence), documents[each.document]) for each, sentence in sentences]
    for store, texts in ((stores.sentences, held), (stores.left_out, left_out)):
        for number, (text, document) in enumerate(texts):
            stemmer = stemmers.get(document.language or "", "english")
            assert all(number in store.holding(term) for term in store.terms(text, stemmer))


@given(before=libraries(), after=libraries("new "), chance=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_joined_stores_are_those_made_from_nothing(
    before: list[Cut], after: list[Cut], chance: Random
) -> None:
    every = [*before, *after]
    chosen = chance.sample(range(len(every)), chance.randint(0, len(every)))
    old, new = stores_of(before), stores_of(after)
    rows, places = Rows.joined(old.rows, new.rows, np.array(chosen, dtype=np.int64))
    joined = Stores.joined(old, new, rows, places, places.passages)
    expected = stores_of([every[number] for number in chosen])
    assert files_of(joined) == files_of(expected)


def test_a_vector_is_taken_from_where_the_model_read_the_same_text(tmp_path: Path) -> None:
    old = stores_of([cut_of("a", "The herring came back."), cut_of("b", "Cod was landed.")])
    old.save(tmp_path)
    # The same words in a new document: nothing was encoded for it.
    copy = cut_of("c", "Cod was landed.")
    new = Stores.of([copy], ENCODER.encode_documents([]), "english")
    numbers = np.array([2, 0], dtype=np.int64)
    rows, places = Rows.joined(old.rows, new.rows, numbers)
    vectors = np.array([1, 0], dtype=np.int64)
    joined = Stores.joined(Stores.load(tmp_path), new, rows, places, vectors)
    expected = stores_of([copy, cut_of("a", "The herring came back.")])
    assert files_of(joined) == files_of(expected)


@given(libraries())
@settings(deadline=None, max_examples=40)
def test_stores_are_the_same_after_saving_and_loading(cuts: list[Cut]) -> None:
    stemmers = ["english"] * len(cuts)
    with TemporaryDirectory() as folder:
        stores_of(cuts).save(Path(folder))
        loaded = Stores.load(Path(folder), stemmers)
        assert files_of(loaded) == files_of(stores_of(cuts))
        passages = sum(len(cut.passages) for cut in cuts)
        expected = {"english": passages} if passages else {}
        assert loaded.lexical.terms.languages == expected
        assert loaded.sentences.terms.languages == expected
        del loaded


def test_a_language_counts_as_many_times_as_it_has_passages(tmp_path: Path) -> None:
    cuts = [
        cut_of_spans("a", "Eins. Zwei. Drei.", [(0, 5), (6, 11), (12, 17)]),
        cut_of("b", "One."),
        cut_of_spans("c", "", []),
        cut_of("d", "Vier."),
    ]
    stores_of(cuts).save(tmp_path)
    loaded = Stores.load(tmp_path, ["german", "english", "russian", "german"])
    assert loaded.lexical.terms.languages == {"german": 4, "english": 1}


def test_stores_of_nothing_have_no_row_and_are_saved(tmp_path: Path) -> None:
    nothing = stores_of([])
    assert nothing.dense.vectors().shape == (0, DIMENSION)
    nothing.save(tmp_path)
    loaded = Stores.load(tmp_path)
    assert len(loaded.dense) == len(loaded.lexical) == len(loaded.tokens) == 0
    assert loaded.fingerprints.each() == []
