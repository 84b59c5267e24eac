import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.furniture import DOUBTFUL, furniture_of
from rag.furniture.learned import judged_lines
from rag.furniture.repeated import key_of, line_keys, repeated
from rag.furniture.trees import judge
from rag.lines import lines_of
from rag.records import Furniture

BOARD = "The harbour board met on Monday to decide on the new cranes. It voted for two of them."
QUAY = "The cranes will stand on the eastern quay, where the old warehouse was pulled down."
COST = "Their cost is to be borne by the users of the harbour over the next twelve years."
TAGLINE = "Voices from the valley"


def test_a_line_is_repeated_that_stands_in_three_documents() -> None:
    texts = {
        "a": f"{TAGLINE}\n\n{BOARD}",
        "b": f"{QUAY}\n\nVOICES  from the valley\n\n{QUAY}",
        "c": f"{COST}\n\n{TAGLINE}\n",
        "d": f"{COST}\n\n{COST}",
    }
    assert repeated(map(line_keys, texts.values())).tolist() == [key_of(TAGLINE)]
    twice = repeated(map(line_keys, texts.values()), 2)
    assert twice.tolist() == sorted([key_of(TAGLINE), key_of(COST)])
    assert repeated(map(line_keys, texts.values()), 4).tolist() == []
    assert repeated([]).tolist() == []


@given(texts=st.lists(st.text(alphabet="aB \n", max_size=12), max_size=5))
def test_each_line_is_counted_once_a_document(texts: list[str]) -> None:
    found = repeated(map(line_keys, texts), 2)
    lines = [{" ".join(line.text.casefold().split()) for line in lines_of(t)} for t in texts]
    every = {line for each in lines for line in each}
    expected = {line for line in every if sum(line in each for each in lines) >= 2}
    assert found.dtype == np.uint64
    assert found.tolist() == sorted(key_of(line) for line in expected)


@given(st.text(alphabet="aB \n\r", max_size=20))
def test_the_keys_of_lines_are_each_there_once_in_order_of_their_first_places(text: str) -> None:
    expected = dict.fromkeys(key_of(line.text) for line in lines_of(text))
    found = line_keys(text)
    assert found.dtype == np.uint64
    assert found.tolist() == list(expected)


def test_prose_that_several_documents_share_is_no_furniture() -> None:
    text = f"{BOARD}\n\n{QUAY}\n\n{COST}"
    shared = frozenset(key_of(line) for line in (BOARD, QUAY, COST))
    assert furniture_of(text, repeated=shared) == ()


AROUND = ["The Valley Post", "Home", "News", "The cranes", BOARD, QUAY, COST, TAGLINE, "Holm Press"]


def test_of_the_lines_that_other_documents_have_too_the_doubtful_ones_are_furniture() -> None:
    text = "\n\n".join(AROUND)
    lines = judged_lines(lines_of(text), judge("lines"))
    doubtful = {line.text for line in lines if line.probability <= DOUBTFUL}
    shared = frozenset(map(key_of, AROUND))
    alone = {text[f.start : f.end]: f.reason for f in furniture_of(text)}
    found = {text[f.start : f.end]: f.reason for f in furniture_of(text, repeated=shared)}
    new = dict.fromkeys(doubtful - set(alone), "stands in other documents too")
    assert {"The Valley Post", "Home"} <= doubtful
    assert doubtful.isdisjoint({BOARD, QUAY, COST})
    assert found == alone | new


def test_they_are_furniture_in_a_page_that_its_reader_judged_too() -> None:
    text = "\n\n".join(AROUND)
    structural = (Furniture(start=0, end=15, reason="navigation"),)
    found = furniture_of(text, structural, {key_of("The Valley Post"), key_of("Home")}, judged=True)
    assert [(text[f.start : f.end], f.reason) for f in found] == [
        ("The Valley Post", "navigation"),
        ("Home", "stands in other documents too"),
    ]
