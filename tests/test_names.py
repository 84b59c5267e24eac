"""Which words are names to a library on ferries that a test makes up."""

import pytest

from rag.encoder import Encoder
from rag.names import MOSTLY, Names
from tests.making import library_of

FERRIES = {
    "a.txt": (
        "Yesterday the ferry of Brenna ran aground, and Brenna was told of it by Strand.\n\n"
        "Nobody in Brenna had seen the ferry, but Ferry tickets were sold.\n\n"
        "Postmasters wrote letters. Kalvik burnt.\n\n"
        "It was a Mail boat, the mail of three, the mail of four, the mail of five, the mail.\n\n"
        "In the Marsh, in a Marsh, by the Marsh, of every Marsh, and in one marsh.\n\n"
        "He saw (Vestby) there.\n"
    )
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Names:
    return Names(library_of(tmp_path_factory.mktemp("ferries"), FERRIES, quick_encoder).generation)


@pytest.mark.parametrize("word", ["Brenna", "brenna", "BRENNA", "Strand", "strand"])
def test_a_word_that_has_a_capital_inside_sentences_is_a_name(names: Names, word: str) -> None:
    assert word in names


def test_a_name_may_have_a_small_letter_now_and_then(names: Names) -> None:
    assert MOSTLY == 0.8  # four of five
    assert "marsh" in names
    assert "mail" not in names


@pytest.mark.parametrize(
    "word",
    [
        "ferry",
        "letters",
        "Yesterday",  # only where any word has a capital
        "Kalvik",
        "Lomvik",
        "the",
        "of",
        "1911",
        "",
        "ran aground",
        "x*(",
        "\0",
        "Bren",
    ],
)
def test_any_other_word_is_none(names: Names, word: str) -> None:
    assert word not in names
