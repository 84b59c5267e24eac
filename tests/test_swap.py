from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from swap import Asked, Exchange, Place, jaccard, staged

PAIRS = [("Lomvik", "Varde"), ("Lomviker", "Vardish"), ("Old Quay", "Sandhamn"), ("Quay", "Kai")]
EXCHANGE = Exchange(PAIRS, keep=["Varde Sound"])

# Each piece of a text, and what the mirror must hold there; written down here, not computed.
PIECES = {
    "Lomvik": "Varde",
    "VARDISH": "LOMVIKER",
    "lomvik": "varde",
    "Old Quay": "Sandhamn",
    "Sandhamn": "Old Quay",
    "Quay": "Kai",
    "Varde Sound": "Varde Sound",
    "Vardes": "Vardes",
    "LomVik": "LomVik",
    "“the harbour”": "“the harbour”",
    "𝒳é": "𝒳é",
}


@given(st.lists(st.sampled_from([*PIECES])), st.sampled_from([", ", "-", ".\r\n", "'", "_"]))
@example(["Old Quay", "Lomvik"], "-")
def test_every_span_of_the_mirror_leads_back_to_the_one_it_was(
    pieces: list[str], between: str
) -> None:
    text, expected = between.join(pieces), between.join(PIECES[each] for each in pieces)
    mirrored = EXCHANGE(text)
    assert mirrored.text == expected
    assert EXCHANGE(mirrored.text).text == text
    ends = [*accumulate(len(each) + len(between) for each in pieces)]
    ends_there = [*accumulate(len(PIECES[each]) + len(between) for each in pieces)]
    for i, piece in enumerate(pieces):
        for j in range(i, len(pieces)):
            start, end = ends[i] - len(between) - len(piece), ends[j] - len(between)
            start_there = ends_there[i] - len(between) - len(PIECES[piece])
            back = mirrored.back(start_there, ends_there[j] - len(between))
            assert back == (start, end)


def test_a_span_that_cuts_an_exchanged_word_leads_back_to_all_of_it() -> None:
    mirrored = EXCHANGE("To Old\nQuay by sea")
    assert mirrored.text == "To Sandhamn by sea"
    assert mirrored.back(5, 7) == (3, 11)
    assert mirrored.back(0, 3) == (0, 3)
    assert mirrored.back(11, 14) == (11, 14)


def test_a_word_in_two_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="Varde: in two pairs"):
        Exchange([("Lomvik", "Varde"), ("Varde", "Kai")])


def test_all_of_a_catalogue_is_exchanged_but_the_names_of_files() -> None:
    catalogue = {
        "perspectives": {"pro-lomvik": {"label": "Pro-Lomvik"}},
        "sources": [{"file": "Lomvik.txt", "perspective": "pro-lomvik", "year": 1998}],
    }
    assert EXCHANGE.everywhere(catalogue, but="file") == {
        "perspectives": {"pro-varde": {"label": "Pro-Varde"}},
        "sources": [{"file": "Lomvik.txt", "perspective": "pro-varde", "year": 1998}],
    }


def test_overlap_counts_characters_and_shares_move_towards_the_own_name() -> None:
    here = {"cited": [Place("a", 0, 10), Place("a", 5, 15), Place("b", 0, 10)]}
    there = {"cited": [Place("a", 0, 10), Place("b", 0, 10), Place("b", 20, 30)]}
    asked = Asked(named=True, here=here, there=there, nearer={})
    found = staged([asked], "cited", {"a": "lomvik", "b": "varde"})
    assert found["overlap"] == 20 / 35
    assert found["same spans"] == 2 / 4
    assert found["moved"]["lomvik"] == pytest.approx(200 / 3 - 100 / 3)
    assert found["moved"]["varde"] == pytest.approx(100 / 3 - 200 / 3)


def test_two_that_find_nothing_are_alike() -> None:
    assert jaccard(set(), set()) == 1
    assert jaccard({1}, set()) == 0
