from math import log

import pytest
import Stemmer
from hypothesis import example, given, settings
from wordfreq import word_frequency

from rag.importance import absent, surprisal, words_of
from rag.index.lexical import LexicalStore
from tests.making import ANY_TEXT

FISH = LexicalStore.from_texts(
    ["The herring came back.", "The cod and the herring.", "Nobody sold 1,275 boats in Lomvik."],
    ["english"] * 3,
)


def test_the_words_of_a_question_stand_where_they_are_with_their_terms() -> None:
    text = "Who sold 1,275 herrings, in Lomvik’s “Café”?"
    found = words_of(text, FISH)
    assert [(text[word.start : word.end], word.terms) for word in found] == [
        ("Who", ()),
        ("sold", ("sold",)),
        ("1,275", ("1,275",)),
        ("herrings", ("herring",)),
        ("in", ()),
        ("Lomvik", ("lomvik",)),
        ("s", ()),
        ("Café", ("cafe",)),
    ]


def test_what_no_text_holds_in_any_form_is_absent() -> None:
    question = "Who sells herrings, zander and 1,276 Zanders of zander in Lomvik’s boat?"
    # "sells" and "sold" have different stems; "boat" and "herrings" are held in another form.
    assert absent(question, FISH) == ("sells", "zander", "1,276", "Zanders")
    assert absent("Who is it?", FISH) == absent("", FISH) == ()


def test_a_word_tells_what_it_does_in_the_library_and_in_general() -> None:
    herring, cod, unheard, who = words_of("herring cod Zzqwvk who", FISH)

    def rare(holding: int) -> float:
        return log(1 + (3 - holding + 0.5) / (holding + 0.5))

    assert herring.importance == pytest.approx(rare(2) + surprisal("herring", "english"))
    assert cod.importance == pytest.approx(rare(1) + surprisal("cod", "english"))
    assert unheard.importance == pytest.approx(rare(0) - log(0.001))
    assert who.importance == pytest.approx(surprisal("who", "english"))
    assert 0 < who.importance < 2 < herring.importance


@pytest.mark.parametrize("word", ["the", "who", "herring", "Trawler", "zzqwvk"])
def test_surprisal_by_hand(word: str) -> None:
    held = 1 - (1 - word_frequency(word, "en", wordlist="small")) ** 100
    assert surprisal(word, "english") == pytest.approx(-log(0.001 + 0.999 * held))


def test_a_rarer_word_is_a_greater_surprise() -> None:
    words = ["the", "who", "people", "fish", "herring", "zzqwvk"]
    found = [surprisal(word, "english") for word in words]
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert surprisal("gebaut", "german") < surprisal("gebaut", "english")


@pytest.mark.parametrize("language", ["basque", "esperanto"])
def test_a_language_of_which_nothing_is_known_surprises_nobody(language: str) -> None:
    assert language in Stemmer.algorithms()
    assert surprisal("the", language) == 0


# Words as frequent as any in their languages.
FREQUENT = ["the", "a", "de", "w", "i", "и", "в", "και", "में", "في", "و", "ve", "die", "di", "je"]


@pytest.mark.parametrize("language", Stemmer.algorithms())
def test_no_word_tells_less_than_nothing(language: str) -> None:
    for word in FREQUENT:
        assert 0 <= surprisal(word, language) <= -log(0.001), word


@given(text=ANY_TEXT)
@example(text="1,275.5 ½ ① ㎏ é e\u0301 _x_ İ")
@settings(deadline=None)
def test_words_of_any_text_stand_apart_in_it_and_each_tells_something(text: str) -> None:
    end = 0
    for word in words_of(text, FISH):
        assert end <= word.start < word.end <= len(text)
        assert word.importance > 0
        end = word.end


def test_an_accent_that_stands_apart_is_part_of_its_word() -> None:
    (word,) = words_of("cafe\u0301s", FISH)
    (composed,) = words_of("caf\u00e9s", FISH)
    assert (word.start, word.end) == (0, 6)
    assert word.terms == composed.terms == ("cafe",)
