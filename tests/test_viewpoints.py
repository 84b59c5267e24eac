from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.records import (
    AssignedPerspective,
    Citation,
    Coverage,
    Document,
    Duplicates,
    Perspective,
    Quote,
    Source,
)
from rag.viewpoints import NEARLY, coverage_of, in_turn
from tests.making import assert_apart


def quote(document: str, score: float, start: int = 0, length: int = 5) -> Quote:
    return Quote(
        exact="x" * length,
        prefix="",
        suffix="",
        start=start,
        end=start + length,
        score=score,
        document=document,
        document_hash="",
    )


def heard(*quotes: Quote, count: int = 6) -> list[tuple[str, float]]:
    return [(each.document, each.score) for each in in_turn(quotes, count)]


def spread(document: str, *scores: float) -> list[Quote]:
    """Quotes of one document that stand apart."""
    return [quote(document, score, start=10 * place) for place, score in enumerate(scores)]


def test_one_source_is_heard_by_score() -> None:
    assert heard(*spread("a", 0.5, 0.9, 0.7)) == [("a", 0.9), ("a", 0.7), ("a", 0.5)]


def test_a_source_waits_while_another_nearly_as_good_is_unheard() -> None:
    # 0.7 is more than three quarters of 0.9
    found = heard(*spread("a", 1.0, 0.9), *spread("b", 0.7))
    assert found == [("a", 1.0), ("b", 0.7), ("a", 0.9)]


def test_a_source_does_not_wait_for_much_weaker_evidence() -> None:
    # 0.6 is less than three quarters of 0.9
    found = heard(*spread("a", 1.0, 0.9), *spread("b", 0.6))
    assert found == [("a", 1.0), ("a", 0.9), ("b", 0.6)]


def test_evidence_at_the_limit_is_nearly_as_good() -> None:
    assert NEARLY == 0.75
    found = heard(*spread("a", 1.0, 1.0), *spread("b", 0.75))
    assert found == [("a", 1.0), ("b", 0.75), ("a", 1.0)]


def test_sources_alternate_while_their_evidence_is_alike() -> None:
    found = heard(*spread("a", 0.9, 0.89, 0.88), *spread("b", 0.8, 0.79, 0.78))
    assert [document for document, _ in found] == ["a", "b", "a", "b", "a", "b"]


def test_three_sources_are_each_heard_before_any_is_heard_again() -> None:
    found = heard(*spread("a", 1.0, 0.99), *spread("b", 0.95, 0.9), *spread("c", 0.8))
    assert [document for document, _ in found] == ["a", "b", "c", "a", "b"]


def test_equal_scores_are_ordered_by_document_then_place() -> None:
    quotes = [quote("b", 0.5), quote("a", 0.5, start=20), quote("a", 0.5, start=0)]
    assert [(each.document, each.start) for each in in_turn(quotes, 6)] == [
        ("a", 0),
        ("b", 0),
        ("a", 20),
    ]


def test_of_overlapping_quotes_the_better_is_heard() -> None:
    quotes = [
        quote("a", 0.5, start=0, length=10),
        quote("a", 0.9, start=9, length=10),
        quote("a", 0.4, start=19, length=10),
        quote("b", 0.3, start=9, length=10),
    ]
    assert heard(*quotes) == [("a", 0.9), ("a", 0.4), ("b", 0.3)]


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_at_most_so_many_are_heard(count: int) -> None:
    assert len(heard(*spread("a", 0.9, 0.8, 0.7, 0.6), count=count)) == min(count, 4)


def test_nobody_is_heard_where_nothing_was_found() -> None:
    assert in_turn([], 6) == []


def test_documents_of_one_story_take_one_turn() -> None:
    group = Duplicates(documents=("a", "b"), similarity=0.9, exact=False)
    quotes = [*spread("a", 1.0, 0.97), *spread("b", 0.99, 0.98), *spread("c", 0.8, 0.79)]
    apart = [each.document for each in in_turn(quotes, 6)]
    assert apart == ["a", "b", "c", "b", "a", "c"]
    together = [each.document for each in in_turn(quotes, 6, {"a": group, "b": group})]
    assert together == ["a", "c", "b", "c", "b", "a"]


QUOTES = st.lists(
    st.builds(
        quote,
        document=st.sampled_from("abc"),
        score=st.sampled_from([0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        start=st.integers(0, 30),
        length=st.integers(1, 10),
    ),
    max_size=12,
)


@given(quotes=QUOTES, count=st.integers(0, 8))
@settings(deadline=None, max_examples=150)
def test_the_rule_holds_at_every_turn(quotes: list[Quote], count: int) -> None:
    chosen = in_turn(quotes, count)
    assert_apart(chosen)
    for turn, now in enumerate(chosen):
        before = chosen[:turn]
        waiting = [q for q in quotes if not any(q.overlaps(each) for each in before)]
        times = Counter(each.document for each in before)
        top = max(q.score for q in waiting)
        good = [q for q in waiting if q.score >= 0.75 * top]
        assert now.score >= 0.75 * top
        fewest = min(times[q.document] for q in good)
        assert times[now.document] == fewest
        assert now.score == max(q.score for q in good if times[q.document] == fewest)
    left = [q for q in quotes if not any(q.overlaps(each) for each in chosen)]
    assert len(chosen) == count or not left


@given(quotes=QUOTES, seed=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_arrival_makes_no_difference_to_who_is_heard(
    quotes: list[Quote], seed: Random
) -> None:
    shuffled = list(quotes)
    seed.shuffle(shuffled)
    key = [(q.document, q.start, q.score) for q in in_turn(quotes, 6)]
    assert [(q.document, q.start, q.score) for q in in_turn(shuffled, 6)] == key


def document(name: str, perspective: str | None) -> Document:
    assigned = AssignedPerspective(id=perspective) if perspective else AssignedPerspective()
    source = Source(perspective=assigned)
    return Document(id=name, text="x" * 50, sha256="", encoding="utf_8", source=source)


def cited(*documents: str) -> list[Citation]:
    return [
        Citation.of(quote(name, 0.5), number=number, source=Source())
        for number, name in enumerate(documents, start=1)
    ]


PRO, CONTRA = Perspective(id="pro", label="Pro"), Perspective(id="contra", label="Contra")
DOCUMENTS = {
    name: document(name, perspective)
    for name, perspective in {"a": "pro", "b": "pro", "c": "pro", "d": None, "e": None}.items()
}


@pytest.mark.parametrize(
    ("citations", "quoted"),
    [
        ([], (0, 0, 0)),
        (["a"], (1, 0, 0)),
        (["a", "a", "b"], (2, 0, 0)),
        (["d", "c", "e", "d"], (1, 0, 2)),
    ],
)
def test_coverage_counts_sources_not_quotes(
    citations: list[str], quoted: tuple[int, int, int]
) -> None:
    assert coverage_of([PRO, CONTRA], DOCUMENTS, cited(*citations)) == (
        Coverage(perspective="pro", label="Pro", sources=3, quoted=quoted[0]),
        Coverage(perspective="contra", label="Contra", sources=0, quoted=quoted[1]),
        Coverage(perspective="unlabelled", label="Unlabelled", sources=2, quoted=quoted[2]),
    )


def test_coverage_has_no_row_for_unlabelled_sources_where_there_are_none() -> None:
    rows = coverage_of([CONTRA], {"a": document("a", "contra")}, cited("a"))
    assert rows == (Coverage(perspective="contra", label="Contra", sources=1, quoted=1),)
