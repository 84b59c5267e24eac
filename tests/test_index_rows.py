from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.furniture.left_out import left_out_of
from rag.index.rows import Rows, digests_of
from rag.index.saving import Cut
from rag.lines import asks
from rag.records import Passage, Sentence
from tests.making import libraries, rows_of


def passage(document: str, *sentences: str) -> Passage:
    """Sentences one after the other, which all of its text is."""
    ends = [sum(map(len, sentences[: number + 1])) for number in range(len(sentences))]
    text = "".join(sentences)
    return Passage(
        number=0,
        document=document,
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(
            Sentence(start=end - len(each), end=end)
            for each, end in zip(sentences, ends, strict=True)
        ),
    )


def test_rows_by_hand() -> None:
    first = [passage("b", "One.", "Two?"), passage("b", "“Three?”")]
    rows = Rows.of([[], first, [], [passage("a", "One.", "Two?")]], [1, 0, 3, 0])
    assert rows.passages.tolist() == [0, 0, 2, 2, 3]
    assert rows.left_out.tolist() == [0, 1, 1, 4, 4]
    assert rows.sentences.tolist() == [0, 2, 3, 5]
    assert rows.tells.tolist() == [True, False, True]
    assert rows.owners.tolist() == [1, 1, 3]
    one, two, again = rows.digests.tolist()
    assert one == again != two
    nothing = Rows.of([], [])
    assert [array.tolist() for array in nothing] == [[0], [0], [0], [], []]


@given(libraries())
@settings(deadline=None)
def test_the_rows_of_a_library_are_those_that_counting_finds(cuts: list[Cut]) -> None:
    rows = rows_of(cuts)
    passages = [passage for cut in cuts for passage in cut.passages]
    assert len(rows.passages) == len(cuts) + 1
    assert len(rows.sentences) == len(passages) + 1
    for number, cut in enumerate(cuts):
        assert list(cut.passages) == passages[rows.passages[number] : rows.passages[number + 1]]
        assert rows.left_out[number + 1] - rows.left_out[number] == len(left_out_of(cut.document))
    assert np.diff(rows.sentences).tolist() == [len(each.sentences) for each in passages]
    assert rows.tells.tolist() == [
        any(
            sentence.kind == "sentence" and not asks(each.text_of(sentence))
            for sentence in each.sentences
        )
        for each in passages
    ]
    assert [cuts[owner].id for owner in rows.owners] == [each.document for each in passages]


@given(before=libraries(), after=libraries("new "), chance=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_joined_rows_are_those_made_from_nothing_and_places_lead_to_where_all_was(
    before: list[Cut], after: list[Cut], chance: Random
) -> None:
    every = [*before, *after]
    chosen = chance.sample(range(len(every)), chance.randint(0, len(every)))
    numbers = np.array(chosen, dtype=np.int64)
    rows, places = Rows.joined(rows_of(before), rows_of(after), numbers)
    picked = [every[number] for number in chosen]
    for found, expected in zip(rows, rows_of(picked), strict=True):
        assert found.tolist() == expected.tolist()
        assert found.dtype == expected.dtype
    assert places.documents.tolist() == chosen
    all_passages = [passage for cut in every for passage in cut.passages]
    found_passages = [all_passages[place] for place in places.passages]
    assert found_passages == [passage for cut in picked for passage in cut.passages]
    all_left_out = [text for cut in every for text in left_out_of(cut.document)]
    expected_left_out = [text for cut in picked for text in left_out_of(cut.document)]
    assert [all_left_out[place] for place in places.left_out] == expected_left_out
    all_sentences = [each.text_of(s) for each in all_passages for s in each.sentences]
    expected_sentences = [each.text_of(s) for each in found_passages for s in each.sentences]
    assert [all_sentences[place] for place in places.sentences] == expected_sentences


@given(libraries())
@settings(deadline=None)
def test_rows_are_the_same_after_saving_and_loading(cuts: list[Cut]) -> None:
    with TemporaryDirectory() as folder:
        rows_of(cuts).save(Path(folder))
        names = {file.name for file in Path(folder).iterdir()}
        assert names == {f"rows.{name}.npy" for name in Rows._fields}
        loaded = Rows.load(Path(folder))
        for found, expected in zip(loaded, rows_of(cuts), strict=True):
            assert isinstance(found, np.memmap)
            assert not found.flags.writeable
            assert found.tolist() == expected.tolist()
            assert found.dtype == expected.dtype
        del loaded, found


@given(st.lists(st.text(max_size=9), max_size=20))
def test_equal_texts_have_equal_digests_and_no_others_have(texts: list[str]) -> None:
    digests = digests_of(texts)
    assert digests.dtype == np.uint64
    assert digests.tolist() == [digests_of([text])[0] for text in texts]
    # Of 64 bits no two of a few hundred texts are ever the same by chance.
    assert len({*digests.tolist()}) == len({*texts})
