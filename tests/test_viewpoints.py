from collections import Counter
from math import log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import viewpoints
from rag.quotes import Candidate, Evidence, Found
from rag.records import (
    AssignedPerspective,
    Citation,
    Coverage,
    Document,
    Duplicates,
    Passage,
    Perspective,
    Quote,
    Sentence,
    Source,
)
from rag.retrieval import ScoredPassage
from rag.signals import PassageSignals
from rag.viewpoints import (
    OWN_SHARE,
    PERSPECTIVE_AGAIN,
    SOURCE_AGAIN,
    coverage_of,
    in_turn,
    let_in,
)
from rag.weights import weights
from tests.making import assert_apart, row_of

LABELS = {"a": "x", "b": "x", "c": "y", "d": "unlabelled"}
"""Two sources of one perspective, one of another, and one that is unlabelled."""


def quote(
    document: str, score: float, start: int = 0, length: int = 5, relevance: float = 1.0
) -> Quote:
    return Quote(
        exact="x" * length,
        prefix="",
        suffix="",
        start=start,
        end=start + length,
        score=score,
        relevance=relevance,
        document=document,
        document_hash="",
    )


def heard(*quotes: Quote, count: int = 6) -> list[tuple[str, float]]:
    return [(each.document, each.score) for each in in_turn(quotes, count, LABELS)]


def spread(document: str, *scores: float) -> list[Quote]:
    """Quotes of one document that stand apart."""
    return [quote(document, score, start=10 * place) for place, score in enumerate(scores)]


def test_what_has_been_heard_counts_for_less_and_still_for_something() -> None:
    assert 0 < PERSPECTIVE_AGAIN < 1
    assert 0 < SOURCE_AGAIN < 1


def test_one_source_is_heard_by_score() -> None:
    assert heard(*spread("a", 0.5, 0.9, 0.7)) == [("a", 0.9), ("a", 0.7), ("a", 0.5)]


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares with which one can reckon."""
    monkeypatch.setattr(viewpoints, "PERSPECTIVE_AGAIN", 0.5)
    monkeypatch.setattr(viewpoints, "SOURCE_AGAIN", 0.8)


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(
    ("document", "score", "place"),
    [
        # What is left of the 0.9 of `a`, heard once: 0.9 * 0.5 * 0.8 = 0.36.
        ("c", 0.37, 1),
        ("c", 0.35, 2),
        ("d", 0.37, 1),
        # `b` is of the same perspective, so of its score 0.5 is left: 0.36 / 0.5 = 0.72.
        ("b", 0.73, 1),
        ("b", 0.71, 2),
    ],
)
def test_another_is_heard_where_more_is_left_of_its_evidence(
    document: str, score: float, place: int
) -> None:
    order = heard(*spread("a", 1.0, 0.9), quote(document, score))
    assert order.index((document, score)) == place
    assert order[0] == ("a", 1.0)


@pytest.mark.usefixtures("by_hand")
def test_what_is_left_shrinks_each_time_that_perspective_and_source_are_heard() -> None:
    quotes = [*spread("a", 1.0, 1.0, 1.0), *spread("b", 0.9, 0.9), *spread("c", 0.3)]
    # a 1; then b 0.45 to a 0.4; then c 0.3 to a 0.2; then a 0.2 to b 0.18; then b 0.09 to a 0.08.
    assert [document for document, _ in heard(*quotes)] == ["a", "b", "c", "a", "b", "a"]


def test_with_these_shares_perspectives_alike_in_evidence_alternate() -> None:
    found = heard(*spread("a", 0.9, 0.89, 0.88), *spread("c", 0.9, 0.89, 0.88))
    assert [LABELS[document] for document, _ in found] == ["x", "y", "x", "y", "x", "y"]


def test_equal_scores_are_ordered_by_document_then_place() -> None:
    quotes = [quote("c", 0.5), quote("a", 0.5, start=20), quote("a", 0.5, start=0)]
    assert [(each.document, each.start) for each in in_turn(quotes, 6, LABELS)] == [
        ("a", 0),
        ("c", 0),
        ("a", 20),
    ]


def test_of_overlapping_quotes_the_better_is_heard() -> None:
    quotes = [
        quote("a", 0.5, start=0, length=10),
        quote("a", 0.9, start=9, length=10),
        quote("a", 0.4, start=19, length=10),
        quote("c", 0.3, start=9, length=10),
    ]
    assert set(heard(*quotes)) == {("a", 0.9), ("a", 0.4), ("c", 0.3)}


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_at_most_so_many_are_heard(count: int) -> None:
    assert len(heard(*spread("a", 0.9, 0.8, 0.7, 0.6), count=count)) == min(count, 4)


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(("relevance", "place"), [(0.61, 1), (0.59, 2)])
def test_what_bears_more_on_the_question_is_heard_before(relevance: float, place: int) -> None:
    # Left of `a` is 0.9 * 0.5 * 0.8 = 0.36; of `c` 0.6 times its relevance.
    quotes = [*spread("a", 1.0, 0.9), quote("c", 0.6, relevance=relevance)]
    assert heard(*quotes).index(("c", 0.6)) == place


def test_the_first_is_the_one_with_the_most_evidence_however_little_it_bears() -> None:
    quotes = [quote("a", 0.9, relevance=0.01), quote("c", 0.8)]
    assert heard(*quotes) == [("a", 0.9), ("c", 0.8)]


def test_nobody_is_heard_where_nothing_was_found() -> None:
    assert in_turn([], 6, LABELS) == []


def test_documents_of_one_story_are_one_source() -> None:
    group = Duplicates(documents=("a", "b"), similarity=0.9, exact=False)
    # Between the two: more than what is left of a source heard once, less than it whole.
    between = (1 + SOURCE_AGAIN) / 2
    labels = {"a": "x", "b": "x", "e": "x"}
    quotes = [*spread("a", 1.0), *spread("b", 0.999), *spread("e", between)]
    apart = [each.document for each in in_turn(quotes, 6, labels)]
    assert apart == ["a", "b", "e"]
    together = [each.document for each in in_turn(quotes, 6, labels, {"a": group, "b": group})]
    assert together == ["a", "e", "b"]


QUOTES = st.lists(
    st.builds(
        quote,
        document=st.sampled_from("abcd"),
        score=st.sampled_from([0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        relevance=st.sampled_from([0.1, 0.5, 0.8, 1.0]),
        start=st.integers(0, 30),
        length=st.integers(1, 10),
    ),
    max_size=12,
)


@given(quotes=QUOTES, count=st.integers(0, 8))
@settings(deadline=None, max_examples=150)
def test_the_rule_holds_at_every_turn(quotes: list[Quote], count: int) -> None:
    chosen = in_turn(quotes, count, LABELS)
    assert_apart(chosen)
    assert [each.score for each in chosen[:1]] == sorted(each.score for each in quotes)[-1:][:count]
    for turn, now in enumerate(chosen[1:], start=1):
        before = chosen[:turn]
        waiting = [q for q in quotes if not any(q.overlaps(each) for each in before)]

        def left(one: Quote, before: list[Quote] = before) -> float:
            share = one.score * max(q.relevance for q in quotes if q.document == one.document)
            for each in before:
                share *= PERSPECTIVE_AGAIN if LABELS[each.document] == LABELS[one.document] else 1
                share *= SOURCE_AGAIN if each.document == one.document else 1
            return share

        assert left(now) == pytest.approx(max(map(left, waiting)))
    remaining = [q for q in quotes if not any(q.overlaps(each) for each in chosen)]
    assert len(chosen) == count or not remaining


def test_a_source_bears_on_the_question_as_much_as_its_best_passage() -> None:
    # Both of `a` count 0.3 * 0.9, although the first stands in a passage that hardly bears on it.
    a = [quote("a", 0.3, start=0, relevance=0.1), quote("a", 0.3, start=10, relevance=0.9)]
    found = in_turn([quote("d", 0.9), *a, quote("c", 0.4, relevance=0.6)], 3, LABELS)
    assert [(each.document, each.start) for each in found] == [("d", 0), ("a", 0), ("c", 0)]


def values(quotes: list[Quote]) -> list[tuple[str, int, float, float]]:
    """What is alike of quotes that only the order of arrival tells apart."""
    return [(each.document, each.start, each.score, each.relevance) for each in quotes]


@given(quotes=QUOTES, seed=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_arrival_makes_no_difference_to_who_is_heard(
    quotes: list[Quote], seed: Random
) -> None:
    shuffled = list(quotes)
    seed.shuffle(shuffled)
    assert values(in_turn(shuffled, 6, LABELS)) == values(in_turn(quotes, 6, LABELS))


@given(quotes=QUOTES, seed=st.permutations(["x", "y", "unlabelled"]))
@settings(deadline=None, max_examples=60)
def test_no_perspective_is_favoured_by_its_name(quotes: list[Quote], seed: list[str]) -> None:
    renamed = dict(zip(["x", "y", "unlabelled"], seed, strict=True))
    others = {name: renamed[label] for name, label in LABELS.items()}
    assert in_turn(quotes, 6, others) == in_turn(quotes, 6, LABELS)


# Who is let in

NOTHING_SPEAKS = Evidence(*[0.0] * len(Evidence._fields))


def candidate(document: str, log_odds: float, relevance: float) -> Candidate:
    sentence = Sentence(start=0, end=5)
    passage = Passage(
        number=0, document=document, start=0, end=5, text="xxxxx", sentences=(sentence,)
    )
    return Candidate(sentence, passage, NOTHING_SPEAKS, log_odds, relevance)


def of_probability(document: str, probability: float, relevance: float) -> Candidate:
    return candidate(document, log(probability / (1 - probability)), relevance)


@pytest.fixture
def thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the best evidence; a relevance of 0.4; a quarter of one's own best evidence."""
    chosen = weights().model_copy(update={"cite_at": 0.5, "hear_at": 0.4})
    monkeypatch.setattr(viewpoints, "weights", lambda: chosen)
    monkeypatch.setattr(viewpoints, "OWN_SHARE", 0.25)


A, C, D = "acd"
"""Sources of the perspectives `x` and `y`, and one that is unlabelled; see `LABELS`."""

LET_IN = {
    "the best evidence, and at least half as much": (
        [(A, 0.8, 0), (A, 0.41, 0), (A, 0.39, 0)],
        [(A, 0.8), (A, 0.41)],
    ),
    "one perspective alone is not heard for its own sake": (
        [(A, 0.8, 1), (A, 0.39, 1), (C, 0.39, 0.39)],
        [(A, 0.8)],
    ),
    "two that bear on the question are, each with what is not its weakest": (
        [(A, 0.8, 1), (A, 0.21, 1), (A, 0.19, 1), (C, 0.1, 0.4), (C, 0.026, 0.4), (C, 0.024, 1)],
        [(A, 0.8), (A, 0.21), (C, 0.1), (C, 0.026)],
    ),
    "of the same perspective only what bears on the question": (
        [(A, 0.8, 1), (C, 0.1, 0.4), (C, 0.09, 0.39)],
        [(A, 0.8), (C, 0.1)],
    ),
    "a share of the best evidence among what bears on the question, not among all": (
        [(A, 0.8, 0), (C, 0.3, 1), (A, 0.1, 1), (A, 0.026, 1)],
        [(A, 0.8), (C, 0.3), (A, 0.1), (A, 0.026)],
    ),
    "another source of the perspective is no other perspective": (
        [(A, 0.8, 1), ("b", 0.39, 1)],
        [(A, 0.8)],
    ),
    "unlabelled sources are heard like others": (
        [(A, 0.8, 1), (D, 0.1, 1)],
        [(A, 0.8), (D, 0.1)],
    ),
    "the best evidence is let in though it does not bear on the question": (
        [(A, 0.8, 0), (C, 0.2, 1)],
        [(A, 0.8)],
    ),
}


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize(("given", "expected"), LET_IN.values(), ids=LET_IN)
def test_let_in_is_who_has_evidence_enough_or_is_heard_for_its_perspective(
    given: list[tuple[str, float, float]], expected: list[tuple[str, float]]
) -> None:
    found = let_in([of_probability(*each) for each in given], LABELS)
    assert [(each.passage.document, round(each.probability, 6)) for each in found] == expected


CANDIDATES = st.lists(
    st.builds(
        candidate,
        document=st.sampled_from("abcd"),
        log_odds=st.floats(-9, 9),
        relevance=st.one_of(
            st.floats(0, 1), st.sampled_from([weights().hear_at, weights().hear_at / 2])
        ),
    ),
    min_size=1,
    max_size=9,
).map(lambda found: sorted(found, key=lambda each: -each.log_odds))


@given(found=CANDIDATES)
@settings(deadline=None, max_examples=300)
def test_let_in_is_the_rule_as_it_is_written_down(found: list[Candidate]) -> None:
    def bears(each: Candidate) -> bool:
        return each.relevance >= weights().hear_at

    def label(each: Candidate) -> str:
        return LABELS[each.passage.document]

    def is_let_in(one: Candidate) -> bool:
        if one.probability >= weights().cite_at * max(each.probability for each in found):
            return True
        if len({label(each) for each in found if bears(each)}) < 2 or not bears(one):
            return False
        own = [each.probability for each in found if bears(each) and label(each) == label(one)]
        return one.probability >= OWN_SHARE * max(own)

    assert let_in(found, LABELS) == [each for each in found if is_let_in(each)] != []


@given(found=CANDIDATES, names=st.permutations(["x", "y", "unlabelled"]))
@settings(deadline=None, max_examples=100)
def test_no_perspective_is_let_in_by_its_name(found: list[Candidate], names: list[str]) -> None:
    renamed = dict(zip(["x", "y", "unlabelled"], names, strict=True))
    others = {name: renamed[label] for name, label in LABELS.items()}
    assert let_in(found, others) == let_in(found, LABELS)


# How each perspective fares


def document(name: str, perspective: str | None) -> Document:
    assigned = AssignedPerspective(id=perspective) if perspective else AssignedPerspective()
    source = Source(perspective=assigned)
    return Document(id=name, text="x" * 50, sha256="", encoding="utf_8", source=source)


def cited(*quotes: Quote) -> list[Citation]:
    return [
        Citation.of(each, number=number, source=Source())
        for number, each in enumerate(quotes, start=1)
    ]


def ranked(*places: tuple[str, int, int]) -> Found:
    """What was found: passages of these documents at these places, best first."""
    nothing = PassageSignals(*[0.0] * len(PassageSignals._fields))
    passages = [
        Passage(
            number=n, document=name, start=start, end=end, text="x" * (end - start), sentences=()
        )
        for n, (name, start, end) in enumerate(places)
    ]
    scored = [ScoredPassage(passage, 0.0, nothing, ()) for passage in passages]
    return Found(ranking=tuple(scored), candidates=())


PRO, CONTRA = Perspective(id="pro", label="Pro"), Perspective(id="contra", label="Contra")
DOCUMENTS = {
    name: document(name, perspective)
    for name, perspective in {"a": "pro", "b": "pro", "c": "pro", "d": None, "e": None}.items()
}
RANKED = ranked(("a", 0, 20), ("d", 0, 20), ("a", 15, 40), ("c", 0, 50), ("e", 0, 9), ("d", 20, 50))


def rows(
    *quotes: Quote, searched: str = "abcde", near: tuple[int, ...] = ()
) -> tuple[Coverage, ...]:
    return coverage_of(
        [PRO, CONTRA],
        DOCUMENTS,
        searched=set(searched),
        found=RANKED,
        near=set(near),
        citations=cited(*quotes),
    )


def test_every_perspective_and_unlabelled_sources_have_a_row() -> None:
    assert rows() == (
        row_of("pro", "Pro", sources=3, best_left_out=1),
        row_of("contra", "Contra", sources=0),
        row_of("unlabelled", "Unlabelled", sources=2, best_left_out=2),
    )


def test_quotes_sources_and_near_passages_are_counted_each_for_itself() -> None:
    quotes = [*spread("a", 0.9, 0.8), quote("b", 0.7), quote("d", 0.6)]
    assert rows(*quotes, near=(0, 1, 2)) == (
        row_of("pro", "Pro", sources=3, quoted=2, quotes=3, near=2, best_left_out=3),
        row_of("contra", "Contra", sources=0),
        row_of("unlabelled", "Unlabelled", sources=2, quoted=1, near=1, best_left_out=5),
    )


def test_the_best_left_out_is_the_first_passage_that_shares_no_character_with_a_quote() -> None:
    # [15:20] stands in both passages of `a`; [19:21] in none of `d` as a whole, but in both.
    pro, _, unlabelled = rows(quote("a", 0.9, start=15), quote("d", 0.8, start=19, length=2))
    assert (pro.best_left_out, unlabelled.best_left_out) == (4, 5)
    pro, _, unlabelled = rows(quote("a", 0.9, start=10), quote("d", 0.8, start=15))
    assert (pro.best_left_out, unlabelled.best_left_out) == (3, 5)
    everything = [quote(name, 0.5, start=15, length=20) for name in "acd"] + [quote("e", 0.5)]
    assert [row.best_left_out for row in rows(*everything)] == [None, None, None]


def test_only_what_was_searched_is_counted_as_searched() -> None:
    assert [(row.sources, row.searched) for row in rows(searched="ad")] == [(3, 1), (0, 0), (2, 1)]


def test_coverage_has_no_row_for_unlabelled_sources_where_there_are_none() -> None:
    held = {"a": document("a", "contra")}
    found = coverage_of(
        [CONTRA],
        held,
        searched={"a"},
        found=ranked(("a", 0, 9)),
        near={0},
        citations=cited(quote("a", 0.5)),
    )
    assert found == (row_of("contra", "Contra", quoted=1),)


@given(
    names=st.lists(st.sampled_from("abcde"), max_size=6),
    near=st.sets(st.integers(0, len(RANKED.ranking) - 1)),
)
@settings(deadline=None)
def test_the_rows_add_up(names: list[str], near: set[int]) -> None:
    quotes = [quote(name, 0.5, start=5 * place) for place, name in enumerate(names)]
    found = rows(*quotes, near=tuple(near))
    assert sum(row.quotes for row in found) == len(names)
    assert sum(row.quoted for row in found) == len(set(names))
    assert sum(row.near for row in found) == len(near)
    held = Counter(each.source.perspective.id for each in DOCUMENTS.values())
    assert [row.sources for row in found] == [held[row.perspective] for row in found]
