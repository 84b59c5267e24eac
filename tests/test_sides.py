"""Whom a question wants to hear, of made-up councils, fishers and countries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import Library
from rag.sides import EVERYBODY, Heard, Sides, Wish

SIDES = Sides(
    perspectives={
        "council": "council",
        "the town council": "council",
        "fishers": "fishers",
        "india": "india",
        "iraq": "iraq",
        "unlabelled": "unlabelled",
    },
    sources={
        "ada berg": ("a.txt",),
        "berg": ("a.txt",),
        "coast gazette": ("b.txt", "c.txt"),
        "bread and herring": ("d.txt",),
        "minutes": ("a.txt", "d.txt"),
    },
    labels={"a.txt": "council", "b.txt": "fishers", "c.txt": "fishers", "d.txt": "unlabelled"},
)

COUNCIL, FISHERS, INDIA = Heard(("council",)), Heard(("fishers",)), Heard(("india",))
BERG, GAZETTE = Heard((), ("a.txt",)), Heard((), ("b.txt", "c.txt"))


@pytest.mark.parametrize(
    ("question", "heard", "rest"),
    [
        ("What do the fishers say?", FISHERS, "?"),
        ("What does the council say about the herring?", COUNCIL, "the herring?"),
        ("How did the Coast Gazette report it?", GAZETTE, "?"),
        ("What would Berg have to say about trawlers?", BERG, "trawlers?"),
        ("What does Ada Berg's paper claim?", BERG, "?"),
        ("What does the Indian delegation say?", INDIA, "?"),
        ("According to Ada Berg, who sold the boats?", BERG, ", who sold the boats?"),
        ("Who sold the boats according to the fishers?", FISHERS, "Who sold the boats ?"),
        ("Who sold the boats in Berg's view?", BERG, "Who sold the boats ?"),
        ("Who is to blame in the fishers’ opinion?", FISHERS, "Who is to blame ?"),
        ("Only sources labelled Fishers, please.", FISHERS, "."),
        ("Who sold the boats? From sources marked as fishers", FISHERS, "Who sold the boats?"),
        ("Just the Coast Gazette", GAZETTE, ""),
        ("What do the fishers and the council say?", Heard(("fishers", "council")), "?"),
        ("What do Berg and the fishers say?", Heard((), ("b.txt", "c.txt", "a.txt")), "?"),
        ("What does Bread and Herring say?", Heard((), ("d.txt",)), "?"),
        ("What do the minutes say?", Heard((), ("a.txt", "d.txt")), "?"),
        ("What do unlabelled sources say?", Heard(("unlabelled",)), "?"),
    ],
)
def test_whoever_is_asked_for_is_heard(question: str, heard: Heard, rest: str) -> None:
    assert SIDES.wish(question) == Wish(heard, others=False, rest=rest)


@pytest.mark.parametrize(
    "question",
    [
        "Who are the fishers?",
        "Did Ada Berg close the harbour of Lomvik?",
        "Why do the fishers of India want herring?",
        "What does Strand say?",
        "What do the fishers and Strand say?",
        "What does Iran say?",
        "What did he say?",
        "According to whom?",
        "Is it only herring?",
        "Which other side of the harbour is closed?",
        "",
    ],
)
def test_a_name_alone_or_of_nobody_here_is_no_wish(question: str) -> None:
    assert SIDES.wish(question) is None


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What does the other side say?", "?"),
        ("What do the others say about herring?", "herring?"),
        ("But what does everyone else say?", "But ?"),
        ("And the other side?", "?"),
        ("What about the opposing party?", "?"),
        ("And the other sources on the herring?", "on the herring?"),
        ("Who sold the boats according to the other newspapers?", None),
        ("According to the other papers?", "?"),
    ],
)
def test_the_others_are_asked_for_without_a_name(question: str, rest: str | None) -> None:
    expected = None if rest is None else Wish(EVERYBODY, others=True, rest=rest)
    assert SIDES.wish(question) == expected


@pytest.mark.parametrize(
    ("who", "label"),
    [
        *(("Indian", "india"), ("Pakistani", "pakistan"), ("Greek", "greece")),
        *(("Cypriot", "cyprus"), ("Azerbaijani", "azerbaijan"), ("Turkish", "turkey")),
        *(("Lebanese", "lebanon"), ("Afghan", "afghanistan"), ("Chinese", "china")),
        *(("the Germans", "germany"), ("German", "germany"), ("Congolese", "congo")),
        *(("fisher", "fishers"), ("Scottish", "scotland"), ("Norwegian", "norway")),
    ],
)
def test_an_adjective_names_the_label_that_it_is_made_of(who: str, label: str) -> None:
    known = (
        "india pakistan greece cyprus azerbaijan turkey lebanon afghanistan china germany congo"
        " fishers scotland norway"
    )
    sides = Sides({each: each for each in known.split()}, {}, {})
    assert sides.named(who) == Heard((label,))


@pytest.mark.parametrize(
    ("who", "known"),
    [
        *(("Iran", "iraq"), ("Australia", "austria"), ("Slovenia", "slovakia")),
        *(("Nigeria", "niger"), ("Lomvik Mail", "lomvik post"), ("Channel 4", "channel 5")),
        *(("Ostberg", "ostby"), ("Berger", "berg"), ("Martinez", "martin"), ("UNO", "un")),
    ],
)
def test_names_that_begin_alike_are_not_each_other(who: str, known: str) -> None:
    assert Sides({known: "it"}, {}, {}).named(who) == EVERYBODY
    assert Sides({}, {known: ("a.txt",)}, {}).named(who) == EVERYBODY


def test_a_root_of_several_names_names_nobody_but_each_name_itself() -> None:
    sides = Sides({"congo": "west", "congolese": "east", "congoland": "north"}, {}, {})
    assert sides.named("Congos") == EVERYBODY
    assert sides.named("Congo") == Heard(("west",))


def test_an_article_or_a_word_for_sources_may_be_part_of_a_name() -> None:
    sides = Sides({"government side": "a", "government": "b"}, {"coast press": ("c.txt",)}, {})
    assert sides.named("the government side") == Heard(("a",))
    assert sides.named("only the government") == Heard(("b",))
    assert sides.named("The Coast Press") == Heard((), ("c.txt",))
    assert sides.named("The Coast") == EVERYBODY


def test_labels_in_words_are_found_as_whole_words() -> None:
    assert SIDES.mentioned("Why did the FISHERS leave India?") == Heard(("fishers", "india"))
    assert SIDES.mentioned("Why did the fisherman leave the Indian Ocean?") == EVERYBODY
    assert SIDES.mentioned("Why did Berg leave?") == EVERYBODY


def test_the_others_are_all_labels_that_were_not_heard() -> None:
    assert SIDES.others(COUNCIL) == Heard(("fishers", "india", "iraq", "unlabelled"))
    assert SIDES.others(BERG) == SIDES.others(COUNCIL)
    every = Heard(("council", "fishers", "india", "iraq", "unlabelled"))
    assert SIDES.others(every) == Heard(("unlabelled",))


def test_nobody_is_another_than_everybody() -> None:
    assert SIDES.others(EVERYBODY) == EVERYBODY


def test_where_all_are_of_one_label_the_others_are_other_documents() -> None:
    sides = Sides({"all": "all"}, {"berg": ("a.txt",)}, {"a.txt": "all", "b.txt": "all"})
    assert sides.others(Heard((), ("a.txt",))) == Heard((), ("b.txt",))


def test_the_names_of_a_library(harbour: Library) -> None:
    sides = Sides.of(harbour.perspectives, harbour.documents)
    assert sides.perspectives == {
        "for closing": "for-closing",
        "against closing": "against-closing",
        "scientists": "scientists",
        "unlabelled": "unlabelled",
    }
    assert sides.sources == dict.fromkeys(("ada berg", "berg", "minutes"), ("council.txt",))
    assert sides.labels == {
        "council.txt": "for-closing",
        "fishers.txt": "against-closing",
        "visitor.md": "unlabelled",
    }


def test_what_all_documents_share_names_none_of_them(carried: Library) -> None:
    documents = {
        name: each.model_copy(
            update={"source": each.source.model_copy(update={"publisher": publisher})}
        )
        for (name, each), publisher in zip(carried.documents.items(), ["The Mill"] * 3, strict=True)
    }
    assert Sides.of((), documents).named("The Mill") == EVERYBODY
    first, second, third = documents
    apart = documents | {third: carried.documents[third]}
    assert Sides.of((), apart).named("The Mill") == Heard((), (first, second))


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_read(text: str) -> None:
    wish = SIDES.wish(text)
    assert wish is None or wish.others or any(wish.heard)
    named = SIDES.named(text)
    assert set(named.perspectives) <= set(SIDES.perspectives.values())
    assert set(named.sources) <= set(SIDES.labels)
