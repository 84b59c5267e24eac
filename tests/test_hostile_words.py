"""What hostile words do to the reading of speakers and figures: nothing."""

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.closeness import Place
from rag.figures import comparisons
from rag.occasions import Occasions
from rag.passages import sentences_of
from rag.records import Citation, Comparison, Document, Quote, Source
from rag.speakers import speeches_in
from tests.making import ANY_TEXT
from tests.samples import TEXT

DIGITS = (
    *("83", "1,000,000", "1.000.000", "9" * 400, "9" * 5000, f"{'9' * 5000}.5", "1e999", "-5"),
    *(
        "10%",
        "0",
        "½",
        "²",
        "٣٤",
        "８３",
        "1–2",
        "more than 100",
        "a fifth",
        "twenty-three",
        "1,,2",
    ),
    *("30 February 1992", "0 May 1921", "3 May 1921", "99 May 99999", "May", "in 0000", "1990s"),
    *("million", "billion", "9" * 300 + " million", "$", "€5", "km", "per cent", "dozens of"),
)
NAMES = (
    *("Ada Berg", "Lomvik", "Ms", "he", "they", "The Gazette", "O’Neill", "van der", "A" * 3000),
    *("Á\u0301da", "Be\u200brg", "\u202eadA", "БЕРГ", "伯格", "أدا", "İ", "ß", "ǅ"),
)
VERBS = (
    *("said", "according to", "told", "says", "that", "was quoted as saying", "sa\u200bid", "SAID"),
    *("killed", "were killed", "wounded", "children", "people", "including", "of", "in", "on"),
)
MARKS = (*'.,:;?!()[]"“”„«»‘’—-', "\n", "\n\n", "\r\n", "[4]", "...", '""', "“”", "\u2028", "\t")
WRITTEN = st.lists(
    st.one_of(*map(st.sampled_from, (DIGITS, NAMES, VERBS, MARKS)), ANY_TEXT),
    min_size=1,
    max_size=40,
).map(" ".join)
"""What might be a report of who said that how many were killed."""

HAND = (
    TEXT,
    f"On 3 May 1921 {'9' * 5000} children were killed in Lomvik.",
    f"Ada Berg said that {'9' * 400} children were killed in Lomvik on 3 May 1921.",
    f"{'9' * 320} million children were killed in Lomvik on 3 May 1921, Ada Berg said.",
    "On 30 February 1921 two children were killed in Lomvik.",
    "“" * 300 + "said Ada Berg",
    "said " * 2000,
    "A" * 20_000 + " said that 83 children were killed in Lomvik on 3 May 1921.",
    "\u202eAda Berg\u202c s\u200baid that 8\u200b3 children were killed.",
    "٣٤ children were killed in Lomvik on 3 May 1921.",
    "½ of ⅓ of the ² children, ⅷ in all, were killed in Lomvik.",
)


def alike(places: Sequence[Place]) -> NDArray[np.float32]:
    return np.ones((len(places), len(places)), dtype=np.float32)


def document(name: str, text: str) -> Document:
    sentences = tuple(sentences_of(text, ()))
    return Document(
        id=name, text=text, sha256="", encoding="utf_8", source=Source(), sentences=sentences
    )


def assert_speakers_hold(held: Document) -> None:
    """Whatever is said to be spoken within a sentence, or within all, stands there in order."""
    whole = (0, len(held.text))
    for start, end in [whole, *((each.start, each.end) for each in held.sentences)]:
        for speech in speeches_in(held, start, end):
            for words in filter(None, (speech.speaker, speech.mention, speech.cue)):
                assert held.text[words.start : words.end] == words.exact != ""
            assert speech.reported
            assert all(start <= each.start < each.end <= end for each in speech.reported)
            assert all(one.end <= two.start for one, two in pairwise(speech.reported))


def compared(*held: Document) -> tuple[Comparison, ...]:
    """The figures of the documents, all sentences of which are cited."""
    citations = [
        Citation.of(
            Quote.from_document(d, s.start, s.end, expected=d.text[s.start : s.end], score=0.5),
            number=number,
            source=d.source,
        )
        for d in held
        for number, s in enumerate(d.sentences, start=1)
    ]
    return comparisons(citations, [], Occasions({each.id: each for each in held}), alike)


def assert_figures_hold(*held: Document) -> int:
    """Each figure stands in its document, and is a number that JSON can hold; how many are told."""
    texts = {each.id: each.text for each in held}
    found = compared(*held)
    for comparison in found:
        assert len({each.document for each in comparison.figures}) > 1
        for figure in comparison.figures:
            assert texts[figure.document][figure.start : figure.end] == figure.exact != ""
        json.dumps(comparison.model_dump(mode="json"), allow_nan=False)
    return len(found)


@pytest.mark.parametrize("text", HAND, ids=range(len(HAND)))
def test_hostile_texts_by_hand_are_read(text: str) -> None:
    told = "On 3 May 1921 83 children were killed in Lomvik, said Ada Berg."
    held = document("one.txt", text), document("two.txt", told)
    assert_speakers_hold(held[0])
    assert_figures_hold(*held)


def test_the_texts_by_hand_would_be_compared_if_they_were_harmless() -> None:
    told = "On 3 May 1921 83 children were killed in Lomvik, said Ada Berg."
    other = HAND[2].replace("9" * 400, "99")
    assert assert_figures_hold(document("one.txt", other), document("two.txt", told)) == 1


@given(text=WRITTEN)
@settings(deadline=None, max_examples=150)
def test_who_speaks_is_read_in_any_text(text: str) -> None:
    assert_speakers_hold(document("one.txt", text))


@given(texts=st.lists(WRITTEN, min_size=2, max_size=3))
@settings(deadline=None, max_examples=150)
def test_figures_are_compared_in_any_texts(texts: list[str]) -> None:
    assert_figures_hold(*(document(f"{n}.txt", text) for n, text in enumerate(texts)))
