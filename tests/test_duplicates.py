from collections.abc import Iterable
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import duplicates as module
from rag.duplicates import ALIKE, SHARED, SHINGLE, fingerprint_of
from rag.furniture.left_out import own_text
from rag.records import Document, Duplicates, Furniture

WORDS = [f"word{number}" for number in range(60)]


def document(name: str, text: str, furniture: tuple[Furniture, ...] = ()) -> Document:
    return Document(id=name, text=text, sha256="", encoding="utf_8", furniture=furniture)


def documents(**texts: str) -> list[Document]:
    return [document(name, text) for name, text in texts.items()]


def duplicates_of(found: Iterable[Document]) -> tuple[Duplicates, ...]:
    """Of documents, by their fingerprints, as a build asks for them."""
    return module.duplicates_of({each.id: fingerprint_of(each) for each in found})


def grouped(*found: Document) -> list[tuple[str, ...]]:
    return [group.documents for group in duplicates_of(found)]


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    last = max(len(words) - 3, 0)
    return {tuple(words[at : at + 3]) for at in range(last + 1)} if words else set()


def alike(one: str, other: str) -> float:
    """Jaccard of the sets of three neighbouring words, as anyone would write it down."""
    either = shingles(one) | shingles(other)
    return len(shingles(one) & shingles(other)) / len(either) if either else 0.0


def near(one: str, other: str) -> bool:
    if one.split() == other.split():
        return bool(one.split())
    enough = len(shingles(one) & shingles(other)) >= SHARED
    return enough and alike(one, other) >= ALIKE


def by_brute_force(texts: dict[str, str]) -> set[tuple[str, ...]]:
    """The connected components of all pairs that are near duplicates, of two documents at least."""
    group = {name: {name} for name in texts}
    for one, other in combinations(texts, 2):
        if near(texts[one], texts[other]):
            both = group[one] | group[other]
            group |= dict.fromkeys(both, both)
    return {tuple(sorted(each)) for each in group.values() if len(each) > 1}


@st.composite
def libraries(draw: st.DrawFn) -> dict[str, str]:
    """Stories, and copies of them with words changed, parts cut off or others put to them."""
    chance = draw(st.randoms(use_true_random=False))
    stories = [chance.choices(WORDS, k=chance.randint(0, 90)) for _ in range(4)]
    texts = {}
    for number in range(draw(st.integers(2, 9))):
        words = list(chance.choice(stories))
        for _ in range(chance.choice([0, 0, 1, 4, 12])):
            if words:
                words[chance.randrange(len(words))] = chance.choice(WORDS)
        words = words[chance.choice([0, 0, 5, 30]) :]
        words += chance.choice([[], [], chance.choice(stories)])
        texts[f"{number}.txt"] = " ".join(words)
    return texts


@given(libraries())
@settings(deadline=None, max_examples=200)
def test_groups_are_the_components_of_all_pairs_that_are_alike(texts: dict[str, str]) -> None:
    found = duplicates_of(documents(**texts))
    assert {group.documents for group in found} == by_brute_force(texts)
    assert [group.documents for group in found] == sorted(group.documents for group in found)
    for group in found:
        held = [texts[name] for name in group.documents]
        assert group.exact == (len({tuple(text.split()) for text in held}) == 1)
        pairs = [alike(one, other) for one, other in combinations(held, 2)]
        assert any(group.similarity == pytest.approx(each) for each in pairs)
        best = [
            max(alike(texts[a], texts[b]) for b in group.documents if b != a)
            for a in group.documents
        ]
        assert group.similarity <= min(best) + 1e-9
        if len(held) == 2:
            assert group.similarity == pytest.approx(pairs[0])


@given(libraries(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_documents_makes_no_difference(texts: dict[str, str], chance: Random) -> None:
    found = documents(**texts)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert duplicates_of(shuffled) == duplicates_of(found)


@given(libraries(), st.data())
@settings(deadline=None, max_examples=60)
def test_an_exact_copy_is_always_grouped(texts: dict[str, str], data: st.DataObject) -> None:
    texts["original"] = texts["0.txt"] or "No."
    original = data.draw(st.sampled_from([name for name in texts if texts[name]]))
    groups = grouped(*documents(**texts, copy=texts[original]))
    assert [group for group in groups if "copy" in group] == [
        group for group in groups if original in group
    ]
    assert any("copy" in group for group in groups)


def test_documents_without_a_common_shingle_are_never_grouped() -> None:
    # The same words, so many that any measure of single words would call them one.
    forward = " ".join(WORDS * 3)
    backward = " ".join(reversed(forward.split()))
    assert not shingles(forward) & shingles(backward)
    assert grouped(*documents(a=forward, b=backward)) == []


LONG = " ".join(WORDS)


def test_the_similarity_is_the_share_of_common_shingles() -> None:
    # 58 shingles each; a changed word in the middle takes 3 of them away.
    changed = LONG.replace("word30 ", "other ")
    (group,) = duplicates_of(documents(a=LONG, b=changed))
    assert group == Duplicates(documents=("a", "b"), similarity=55 / 61, exact=False)


def test_case_accents_and_punctuation_make_no_difference() -> None:
    found = documents(a="“Café”, said he: the mill.", b="cafe\u0301 SAID he – the mill")
    assert duplicates_of(found) == (Duplicates(documents=("a", "b"), similarity=1.0, exact=True),)


def test_texts_of_fewer_words_than_a_shingle_are_grouped_only_with_their_like() -> None:
    assert SHINGLE == 3
    found = documents(a="No.", b="no", c="Yes", d="no no", e="No, no!", f="no no no")
    assert grouped(*found) == [("a", "b"), ("d", "e")]


@pytest.mark.parametrize("empty", ["", " \n", "… — !"])
def test_documents_without_words_are_never_grouped(empty: str) -> None:
    assert grouped(*documents(a=empty, b=empty, c="")) == []
    assert duplicates_of([]) == ()


def test_a_sentence_with_another_figure_is_no_duplicate_and_a_long_text_is() -> None:
    sentence = "the harbour of the town was closed to all trawlers in"
    assert alike(f"{sentence} 1974", f"{sentence} 1975") > 0.7
    assert grouped(*documents(a=f"{sentence} 1974", b=f"{sentence} 1975")) == []
    assert grouped(*documents(a=f"{LONG} 1974", b=f"{LONG} 1975")) == [("a", "b")]


def test_words_that_all_documents_begin_with_do_not_group_them() -> None:
    # 40 words that each has, and 60 of its own: 38 shingles of 156.
    shared = " ".join(WORDS[:40])
    found = {f"{n:02}": f"{shared} {' '.join(f'own{n}x{k}' for k in range(60))}" for n in range(20)}
    assert grouped(*documents(**found)) == []


def test_furniture_counts_for_nothing() -> None:
    menu = "Home News Sport Opinion Archive "
    text = menu + LONG
    left_out = Furniture(start=0, end=len(menu), reason="menu")
    found = document("a", text, (left_out,)), document("b", LONG)
    (group,) = duplicates_of(found)
    assert group.exact
    assert own_text(found[0]).split() == LONG.split()
    everything = Furniture(start=0, end=len(text), reason="menu")
    assert grouped(document("a", text, (everything,)), document("b", text, (everything,))) == []


def test_a_group_is_connected_by_its_nearest() -> None:
    words = [f"w{number}" for number in range(160)]
    # Each shares 73 of 123 shingles with the next, the first 48 of 148 with the last.
    found = {
        name: " ".join(words[start : start + 100])
        for name, start in [("a", 0), ("b", 25), ("c", 50)]
    }
    assert alike(found["a"], found["c"]) < ALIKE < alike(found["a"], found["b"])
    (group,) = duplicates_of(documents(**found))
    assert group.documents == ("a", "b", "c")
    assert group.similarity == pytest.approx(73 / 123)
