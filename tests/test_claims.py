import pytest
from hypothesis import given, settings

from rag.claims import causes_in, claims_in
from tests.making import ANY_TEXT

Read = tuple[str, str, str]


def read(text: str) -> list[Read]:
    return [
        (text[c.quantity.start : c.quantity.end], c.counted, c.predicate) for c in claims_in(text)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The dam killed 63 children.", [("63", "child", "killed")]),
        ("63 Ostby town residents were killed.", [("63", "person", "killed")]),
        ("The flood left 12 villagers dead.", [("12", "person", "killed")]),
        ("The flood claimed the lives of three fishers.", [("three", "fishers", "killed")]),
        ("The flood claimed 17 lives.", [("17", "person", "killed")]),
        ("The death toll rose to 72 on Monday.", [("72", "person", "killed")]),
        ("It put the number of people killed at 13.", [("13", "person", "killed")]),
        ("Among the dead were three children.", [("three", "child", "killed")]),
        ("Seven children were among 71 killed.", [
            ("Seven", "child", "killed"), ("71", "person", "killed"),
        ]),
        ("613 people were killed, including 106 women, 70 elderly and 83 children.", [
            ("613", "person", "killed"), ("106", "woman", "killed"),
            ("70", "elder", "killed"), ("83", "child", "killed"),
        ]),
        ("40 people (including 7 children, and 9 women)[4] remain missing.", [
            ("40", "person", "missing"), ("7", "child", "missing"), ("9", "woman", "missing"),
        ]),
        ("The blast killed 34 people, 11 of them children.", [
            ("34", "person", "killed"), ("11", "child", "killed"),
        ]),
        ("The blast killed six and wounded 15.", [
            ("six", "person", "killed"), ("15", "person", "wounded"),
        ]),
        ("Raiders came to Lomvik massacring dozens of fishers and injuring hundreds.", [
            ("dozens", "fishers", "killed"), ("hundreds", "person", "wounded"),
        ]),
        ("20 villagers were butchered.", [("20", "person", "killed")]),
        ("The massacre of 20 villagers was in May.", [("20", "person", "killed")]),
        ("After the massacre 20 villagers fled.", [("20", "person", "displaced")]),
        ("Lomvik had 20 fishers and injured 30.", [("30", "person", "wounded")]),
        ("The fire hit Lomvik with 20 fishers, injuring 30.", [("30", "person", "wounded")]),
        ("The storm uprooted 90 trees.", [("90", "tree", "verb uproot")]),
        ("90 trees were uprooted.", [("90", "tree", "verb uproot")]),
        ("The storm uprooted 90 families.", [("90", "family", "displaced")]),
        ("90 were uprooted.", [("90", "person", "displaced")]),
        ("3 Fishers Killed 38 Injured in Dam Break", [
            ("3", "fishers", "killed"), ("38", "person", "wounded"),
        ]),
        ("A boy was killed and eight others were injured.", [("eight", "person", "wounded")]),
        ("At Least 48 Killed and Injured", [("At Least 48", "person", "killed+wounded")]),
        ("31 guards killed 12 rebels.", [("12", "fighter", "killed")]),
        ("A storm left 56 dead including 11 children and dozens wounded.", [
            ("56", "person", "killed"), ("11", "child", "killed"), ("dozens", "person", "wounded"),
        ]),
        ("Child Killed 9 Fishers Injured in Dam Break", [("9", "fishers", "wounded")]),
        ("14 of the dead were fire fighters.", [("14", "fighter", "killed")]),
        ("Among the dead were four staff and five children.", [
            ("four", "staff", "killed"), ("five", "child", "killed"),
        ]),
        ("Forty boats were sold.", [("Forty", "boat", "verb sold")]),
        ("A fifth of the marsh was drained.", [("A fifth", "marsh", "verb drain")]),
        ("13,350 people have entered the county.", [("13,350", "person", "entered")]),
        ("1,275 people were taken hostage.", [("1,275", "person", "hostage")]),
    ],
)  # fmt: skip
def test_a_figure_has_what_it_counts_and_what_is_said_of_it(
    sentence: str, expected: list[Read]
) -> None:
    assert read(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Another 20 people were killed.",
        "Two more villagers were killed.",
        "In 20 raids the guards killed nobody.",
        "They came with 20 boats.",
        "18.10 2014 9427 The mill burnt.",
        "Nobody knows.",
        "",
    ],
)
def test_what_is_no_total_or_has_no_predicate_is_no_claim(sentence: str) -> None:
    assert read(sentence) == []


def test_a_claim_keeps_for_how_long_it_was_counted() -> None:
    (day,) = claims_in("20 people were killed.")
    (week,) = claims_in("20 people were killed in the past week.")
    (since,) = claims_in("20 people have been killed since the dam was built.")
    assert (day.scope, week.scope, since.scope) == ("", "in the past week", "since")


def test_spans_are_those_of_the_sentence() -> None:
    sentence = "While the dam held, at least 63 children were killed in Ostby"
    (claim,) = claims_in(sentence)
    assert claim.noun is not None
    assert sentence[slice(*claim.noun)] == "children"
    assert sentence[slice(*claim.cue)] == "killed"
    assert sentence[slice(*claim.clause)] == sentence.removeprefix("While ")


def test_causes_are_classes_of_words() -> None:
    assert causes_in("Warplanes and a car bomber") == {"from the air", "explosion"}
    assert causes_in("The flood") == {"nature"}
    assert causes_in("A quiet night") == frozenset()


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_any_text_is_read_without_an_error(text: str) -> None:
    for sentence in (text, f"{text} 20 people {text} killed 3 of {text}, including 5{text}"):
        for claim in claims_in(sentence):
            for start, end in (claim.cue, claim.clause, claim.noun or claim.cue):
                assert 0 <= start < end <= len(sentence)
