from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.answering import Library
from rag.closeness import Closeness, Place
from rag.encoder import Encoder
from rag.figures import comparisons
from rag.occasions import Occasions
from rag.passages import sentences_of
from rag.records import Citation, Comparison, Document, Duplicates, Quote, Source
from rag.stated import stated_in
from tests.making import ANY_TEXT

Shown = tuple[bool, str, list[str]]


def close(places: Sequence[Place]) -> NDArray[np.float32]:
    """Every clause is as near every other as can be."""
    return np.ones((len(places), len(places)), dtype=np.float32)


def far(places: Sequence[Place]) -> NDArray[np.float32]:
    return np.eye(len(places), dtype=np.float32)


def document(name: str, text: str, published: str | None = None) -> Document:
    return Document(
        id=name,
        text=text,
        sha256=name,
        encoding="utf-8",
        source=Source(title=None, published=published),
        sentences=tuple(sentences_of(text, ())),
    )


def quotes_of(held: Document) -> list[Quote]:
    return [
        Quote.from_document(held, s.start, s.end, expected=held.text[s.start : s.end], score=0.5)
        for s in held.sentences
    ]


def cited(quotes: Sequence[Quote], documents: Mapping[str, Document]) -> list[Citation]:
    return [
        Citation.of(quote, number=number, source=documents[quote.document].source)
        for number, quote in enumerate(quotes, 1)
    ]


def compared(*texts: str, published: Sequence[str | None] = ()) -> tuple[Comparison, ...]:
    """What is compared if all sentences of all texts are cited, whatever their vectors are."""
    days = [*published, *([None] * len(texts))]
    documents = {f"{n}.txt": document(f"{n}.txt", text, days[n]) for n, text in enumerate(texts)}
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    return comparisons(cited(quotes, documents), [], Occasions(documents), close)


def shown(found: Sequence[Comparison]) -> list[Shown]:
    return [
        (c.agreed, " ".join(words.exact for words in c.about), [f.exact for f in c.figures])
        for c in found
    ]


def test_different_figures_of_one_thing_stand_side_by_side() -> None:
    found = compared(
        "The flood in Lomvik on 3 May 1921 killed 83 children.",
        "63 children were killed by the flood in Lomvik on 3 May 1921.",
    )
    assert shown(found) == [(False, "Lomvik killed children", ["83", "63"])]
    (comparison,) = found
    assert comparison.kind == "count"
    assert [(f.low, f.high, f.citation) for f in comparison.figures] == [(83, 83, 1), (63, 63, 2)]


def test_the_same_figure_of_two_sources_is_agreed() -> None:
    found = compared(
        "The flood in Lomvik on 3 May 1921 killed 613 people, including 106 women.",
        "On 3 May 1921, 613 residents were killed in Lomvik, among them one hundred and six women.",
    )
    assert shown(found) == [
        (True, "Lomvik killed people", ["613", "613"]),
        (True, "Lomvik killed women", ["106", "one hundred and six"]),
    ]


@pytest.mark.parametrize(
    ("one", "other", "agreed"),
    [
        ("more than 100", "120", True),
        ("more than 100", "300", False),
        ("at least 58", "at least 72", False),
        ("about 100", "95", True),
        ("about 100", "85", False),
        ("up to 50", "40", True),
        ("dozens of", "40", True),
        ("dozens of", "140", False),
        ("between 20 and 30", "25", True),
        ("20-25", "26", False),
    ],
)
def test_figures_agree_if_they_may_be_the_same(one: str, other: str, agreed: bool) -> None:
    found = compared(
        f"The flood in Lomvik on 3 May 1921 killed {one} people.",
        f"The flood in Lomvik on 3 May 1921 killed {other} people.",
    )
    assert [comparison.agreed for comparison in found] == [agreed]


DRAINED = (
    "A fifth of the marsh was drained in Lomvik on 3 May 1921.",
    "On 3 May 1921 20 percent of the marsh was drained in Lomvik.",
)


def test_a_share_is_compared_with_a_fraction() -> None:
    found = compared(
        *DRAINED,
        "30 per cent of the marsh was drained in Lomvik on 3 May 1921.",
    )
    assert shown(found) == [
        (False, "marsh drained Lomvik", ["A fifth", "20 percent", "30 per cent"])
    ]
    assert shown(compared(*DRAINED)) == [(True, "marsh drained Lomvik", ["A fifth", "20 percent"])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # another predicate
        (
            "71 children are missing in Lomvik since 3 May 1921.",
            "83 children were killed in Lomvik.",
        ),
        # those who came first, and all who left
        (
            "On 3 May 1921 13,350 people have entered Ostby from Lomvik.",
            "On 3 May 1921 more than 20,000 people left Lomvik.",
        ),
        # shares of different wholes
        (
            "Close to one fifth of the county of Lomvik was flooded in May 1921.",
            "The marsh forms approximately 30 percent of the county of Lomvik.",
        ),
        # another noun
        (
            "On 3 May 1921 70 elderly were killed in Lomvik.",
            "On 3 May 1921 65 old men were killed in Lomvik.",
        ),
        ("On 3 May 1921 20 women died in Lomvik.", "On 3 May 1921 25 people died in Lomvik."),
        # another place, another day, another cause
        ("On 3 May 1921 20 women died in Lomvik.", "On 3 May 1921 25 women died in Ostby."),
        ("On 3 May 1921 20 women died in Lomvik.", "On 9 May 1921 25 women died in Lomvik."),
        (
            "On 3 May 1921 the flood killed 20 women in Lomvik.",
            "On 3 May 1921 gas killed 25 women in Lomvik.",
        ),
        # for another length of time
        (
            "20 women died in Lomvik on 3 May 1921.",
            "25 women died in Lomvik in the past week, up to 3 May 1921.",
        ),
        # no totals
        (
            "On 3 May 1921 another 20 women died in Lomvik.",
            "On 3 May 1921 25 women died in Lomvik.",
        ),
        # too far apart to be of one thing
        ("On 3 May 1921 20 women died in Lomvik.", "On 3 May 1921 900 women died in Lomvik."),
        # another unit
        (
            "On 3 May 1921 20 boats were sold in Lomvik.",
            "On 3 May 1921 20 percent of the boats were sold in Lomvik.",
        ),
    ],
)
def test_figures_of_different_things_are_not_compared(one: str, other: str) -> None:
    assert compared(one, other) == ()


def test_elderly_and_old_men_may_at_most_agree() -> None:
    found = compared(
        "On 3 May 1921 70 elderly were killed in Lomvik.",
        "On 3 May 1921 70 old men were killed in Lomvik.",
    )
    assert all(comparison.agreed for comparison in found)


def test_news_of_two_days_is_two_news() -> None:
    text = "A shell killed {} women in Lomvik on {}."
    days = ["2016-09-22", "2016-09-22"]
    same = compared(text.format(4, "Tuesday"), text.format(6, "Tuesday"), published=days)
    other = compared(text.format(4, "Tuesday"), text.format(6, "Wednesday"), published=days)
    assert [[f.exact for f in c.figures] for c in same] == [["4", "6"]]
    assert other == ()


def test_a_month_from_which_there_is_news_tells_no_day() -> None:
    texts = (
        "{} women were killed near Lomvik by a shell in July.",
        "A shell killed 25 women near Lomvik on 19 July 2016.",
    )
    days = ["2016-08-06", "2016-07-19"]
    assert compared(texts[0].format(40), texts[1], published=days) == ()
    agreed = compared(texts[0].format(25), texts[1], published=days)
    assert [[f.exact for f in c.figures] for c in agreed] == [["25", "25"]]


def test_the_day_on_which_somebody_spoke_is_not_that_of_the_event() -> None:
    days = ["2016-08-08", "2016-08-06"]
    found = compared(
        "A shell killed 13 women in Lomvik over the weekend, a witness said on Monday.",
        "A shell killed 10 women in Lomvik on Saturday.",
        published=days,
    )
    assert [[f.exact for f in c.figures] for c in found] == [["13", "10"]]


def test_a_sum_over_several_occasions_is_not_of_one_of_them() -> None:
    text = "On 3 May 1921 {} killed 20 women in Lomvik."
    assert len(compared(text.format("air raids"), text.format("air raids"))) == 1
    assert compared(text.format("separate air raids"), text.format("air raids")) == ()


def test_executions_are_killings_where_the_numbers_are_equal() -> None:
    text = "On 3 May 1921 {} women were {} in Lomvik."
    killed = text.format(48, "killed")
    assert [c.agreed for c in compared(text.format(48, "executed"), killed)] == [True]
    assert compared(text.format(40, "executed"), killed) == ()


def test_headline_and_text_of_a_document_give_a_figure_once() -> None:
    found = compared(
        "A flood killed 83 women in Lomvik on 3 May 1921. On 3 May 1921 83 women died in Lomvik.",
        "On 3 May 1921 63 women died in Lomvik. In Lomvik, 63 women were killed on 3 May 1921.",
    )
    assert [[f.exact for f in c.figures] for c in found] == [["83", "63"]]
    assert [f.citation for f in found[0].figures] == [1, 3]


def test_near_sentences_are_read_only_if_they_may_say_what_a_citation_does() -> None:
    documents = {
        "a": document("a", "On 3 May 1921 20 women died in Lomvik."),
        "b": document("b", "On 3 May 1921 25 women perished in Lomvik."),
        "c": document("c", "On 3 May 1921 30 women sang in Lomvik."),
    }
    a, b, c = (quotes_of(each)[0] for each in documents.values())
    occasions = Occasions(documents)
    read = stated_in(cited([a], documents), [b, c], occasions, {})
    assert [(each.document.id, each.citation) for each in read] == [("a", 1), ("b", None)]
    assert stated_in([], [a, b, c], occasions, {}) == []


def test_clauses_that_are_far_apart_in_meaning_are_not_compared() -> None:
    documents = {
        name: document(name, f"On 3 May 1921 {count} women died in Lomvik.")
        for name, count in (("a", 20), ("b", 25))
    }
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    assert len(comparisons(cited(quotes, documents), [], Occasions(documents), close)) == 1
    assert comparisons(cited(quotes, documents), [], Occasions(documents), far) == ()


def test_vectors_are_asked_for_once_and_only_where_the_rules_allow_a_pair() -> None:
    asked: list[list[str]] = []

    def remembered(places: Sequence[Place]) -> NDArray[np.float32]:
        asked.append([documents[p.document].text[p.start : p.end] for p in places])
        return close(places)

    documents = {
        "a": document("a", "On 3 May 1921 20 women died in Lomvik. Forty boats were sold."),
        "b": document("b", "On 3 May 1921 25 women died in Lomvik."),
        "c": document("c", "30 mules were lost in Ostby."),
    }
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    comparisons(cited(quotes, documents), [], Occasions(documents), remembered)
    assert asked == [
        ["On 3 May 1921 20 women died in Lomvik.", "On 3 May 1921 25 women died in Lomvik."]
    ]
    asked.clear()
    comparisons(cited(quotes[:1], documents), [], Occasions(documents), remembered)
    assert asked == []


def test_a_comparison_needs_a_citation_and_two_sources() -> None:
    documents = {
        name: document(name, f"On 3 May 1921 {count} women died in Lomvik.")
        for name, count in (("a", 20), ("b", 20), ("c", 25))
    }
    a, b, c = (quotes_of(each)[0] for each in documents.values())
    assert comparisons([], [a, b, c], Occasions(documents), close) == ()
    one_story = Duplicates(documents=("a", "b"), similarity=1.0, exact=True)
    stories = {"a": one_story, "b": one_story}
    assert comparisons(cited([a], documents), [b], Occasions(documents), close, stories) == ()
    (found,) = comparisons(cited([a], documents), [b, c], Occasions(documents), close, stories)
    assert [(f.document, f.citation) for f in found.figures] == [("a", 1), ("c", None)]


def test_two_figures_of_one_document_are_never_compared() -> None:
    text = "On 3 May 1921 20 women died in Lomvik. On 3 May 1921 25 women died in Lomvik."
    assert compared(text) == ()
    assert all(
        len({f.document for f in comparison.figures}) == len(comparison.figures)
        for comparison in compared(text, text.replace("25", "26"))
    )


def test_documents_in_other_languages_are_left_alone() -> None:
    documents = {
        name: document(name, f"On 3 May 1921 {count} women died in Lomvik.").model_copy(
            update={"language": "de"}
        )
        for name, count in (("a", 20), ("b", 25))
    }
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    assert comparisons(cited(quotes, documents), [], Occasions(documents), close) == ()


COUNTS = st.lists(st.integers(15, 60), min_size=2, max_size=4)


@settings(deadline=None, max_examples=30)
@given(counts=COUNTS)
def test_the_order_of_the_quotes_makes_no_other_pairs(counts: list[int]) -> None:
    documents = {
        f"{n}": document(f"{n}", f"On 3 May 1921 {count} women died in Lomvik.")
        for n, count in enumerate(counts)
    }
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    pairs = {
        frozenset(
            frozenset((f.document, f.start) for f in comparison.figures)
            for comparison in comparisons(cited(order, documents), [], Occasions(documents), close)
        )
        for order in permutations(quotes)
    }
    assert len(pairs) == 1


@settings(deadline=None, max_examples=100)
@given(texts=st.lists(ANY_TEXT, min_size=2, max_size=3))
def test_any_texts_are_compared_without_an_error_and_verbatim(texts: list[str]) -> None:
    known = "On 3 May 1921 {} women died in Lomvik."
    written = [f"{known.format(20 + n)} {text} {n + 5}" for n, text in enumerate(texts)]
    for comparison in compared(*written):
        for figure in comparison.figures:
            text = written[int(figure.document.removesuffix(".txt"))]
            assert text[figure.start : figure.end] == figure.exact
            assert text[figure.sentence.start : figure.sentence.end] == figure.sentence.exact
        first = comparison.figures[0]
        assert all(
            first.sentence.start <= word.start and word.end <= first.sentence.end
            for word in comparison.about
        )


def test_the_seeds_hold_one_difference_and_two_agreements(library: Library) -> None:
    """All sentences of all seeds at once: what is known of them is found, and no trap is paired."""
    closeness = Closeness(library.generation)
    documents = library.documents
    quotes = [quote for each in documents.values() for quote in quotes_of(each)]
    found = comparisons(cited(quotes, documents), [], Occasions(documents), closeness)
    assert [(c.agreed, [f.exact for f in c.figures]) for c in found] == [
        (True, ["613", "613"]),
        (True, ["106", "106"]),
        (False, ["83", "63"]),
    ]
    assert [w.exact for w in found[2].about] == ["killed", "children"]


def test_dates_are_figures_of_their_own_kind() -> None:
    found = compared(
        "The town council closed the harbour of Lomvik to trawlers in 1974.",
        "The harbour of Lomvik was closed to trawlers in 1975, without asking any fisher.",
    )
    assert shown(found) == [(False, "closed Lomvik", ["1974", "1975"])]
    assert found[0].kind == "date"


def test_a_day_of_a_year_and_the_year_agree() -> None:
    found = compared(
        "The harbour of Lomvik was closed to trawlers in 1974.",
        "The council closed the harbour of Lomvik to trawlers on 3 March 1974.",
    )
    assert [(c.agreed, [f.exact for f in c.figures]) for c in found] == [
        (True, ["1974", "3 March 1974"])
    ]


@pytest.mark.parametrize(
    "other",
    [
        "The harbour of Lomvik was opened to trawlers in 1975.",
        "The harbour of Ostby was closed to trawlers in 1975.",
        "The school by the church of Lomvik was closed in 1975.",
        "The harbour of Lomvik was closed to trawlers in 1935.",
        "In 1975 there were 1975 people who heard that the harbour of Lomvik was closed in 1980.",
    ],
)
def test_dates_of_other_events_are_not_compared(other: str) -> None:
    assert compared("The harbour of Lomvik was closed to trawlers in 1974.", other) == ()


def test_closeness_is_highest_for_the_same_place_and_0_outside_all_passages(
    library: Library,
) -> None:
    passages = library.generation.texts.passages
    places = [Place(p.document, s.start, s.end) for p in passages[:4] for s in p.sentences[:1]]
    nowhere = Place("no such document", 0, 10)
    cosines = Closeness(library.generation)([*places, places[0], nowhere])
    assert np.allclose(cosines, cosines.T, atol=1e-6)
    assert np.allclose(np.diag(cosines)[:-1], 1.0, atol=1e-5)
    assert cosines[0, len(places)] == pytest.approx(1.0, abs=1e-5)
    assert not cosines[-1].any()


def test_closeness_is_much_like_the_cosines_of_the_model(
    library: Library, encoder: Encoder
) -> None:
    """Signs of tokens in their surroundings rank pairs much as the model's own vectors do."""
    places = [
        Place(p.document, s.start, s.end)
        for p in library.generation.texts.passages
        for s in p.sentences
        if s.kind == "sentence"
    ][::3]
    texts = [library.documents[p.document].text[p.start : p.end] for p in places]
    vectors = encoder.encode_documents(texts).vectors
    rows, columns = np.triu_indices(len(places), 1)
    stored = Closeness(library.generation)(places)[rows, columns]
    assert np.corrcoef(stored, (vectors @ vectors.T)[rows, columns])[0, 1] > 0.45
