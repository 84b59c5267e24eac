from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.echoes import also_in, repeats, without_echoes
from rag.records import AssignedPerspective, Document, Duplicates, Furniture, Quote, Source
from rag.stories import NO_STORIES, Stories


def document(
    name: str, text: str, furniture: tuple[Furniture, ...] = (), **source: object
) -> Document:
    told = Source.model_validate(source)
    return Document(
        id=name, text=text, sha256="", encoding="utf_8", furniture=furniture, source=told
    )


def held(*documents: Document) -> dict[str, Document]:
    return {each.id: each for each in documents}


def story(*names: str) -> Stories:
    return dict.fromkeys(names, Duplicates(documents=names, similarity=0.9, exact=False))


def quote(document: Document, text: str, score: float = 0.5) -> Quote:
    start = document.text.index(text)
    return Quote.from_document(document, start, start + len(text), expected=text, score=score)


def places(quoted: Quote, stories: Stories, documents: Mapping[str, Document]) -> dict[str, str]:
    return {
        each.document: documents[each.document].text[each.start : each.end]
        for each in also_in(quoted, stories, documents)
    }


A = document("a", "Fire! The mill burnt down. Nobody was paid.")


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("The mill burnt down.", "The mill burnt down."),
        ("It said:\n\tThe  mill\u00a0burnt\r\ndown.And so", "The  mill\u00a0burnt\r\ndown."),
        ("“The mill burnt down.”", "The mill burnt down."),
        ("The Mill burnt down.", None),
        ("The mill burnt down!", None),
        ("The mill, burnt down.", None),
        ("Bathe mill burnt down. The millburnt down.", None),
        ("", None),
    ],
)
def test_only_a_near_duplicate_that_holds_the_very_words_is_named(
    text: str, there: str | None
) -> None:
    documents = held(A, document("b", text))
    found = places(quote(A, "The mill burnt down."), story("a", "b"), documents)
    assert found == ({"b": there} if there else {})


def test_no_word_goes_on_where_the_quote_begins_or_ends() -> None:
    one = document("a", "he paid")
    documents = held(
        one, document("b", "she paid"), document("c", "he paidx"), document("d", "he paid")
    )
    assert places(quote(one, "he paid"), story("a", "b", "c", "d"), documents) == {"d": "he paid"}


def test_what_is_furniture_in_the_other_is_passed_over() -> None:
    text = "The mill burnt down. More: The mill burnt down."
    menu = Furniture(start=0, end=20, reason="teaser")
    documents = held(A, document("b", text, (menu,)), document("c", text[:20], (menu,)))
    (also,) = also_in(quote(A, "The mill burnt down."), story("a", "b", "c"), documents)
    assert (also.document, also.start, also.end) == ("b", 27, 47)


def test_who_is_named_is_named_with_title_and_label_in_the_order_of_ids() -> None:
    label = AssignedPerspective(id="millers", label="Millers")
    documents = held(
        A,
        document("c", A.text),
        document("b", A.text, title="The mill", perspective=label),
        document("d", A.text),
    )
    found = also_in(quote(A, "Nobody was paid."), story("a", "b", "c"), documents)
    assert [each.document for each in found] == ["b", "c"]
    assert (found[0].title, found[0].perspective) == ("The mill", label)
    assert found[1].perspective.label == "Unlabelled"
    assert also_in(quote(A, "Nobody was paid."), NO_STORIES, documents) == ()


PIECES = st.sampled_from(["mill", "Mill", "burnt", "3,5", "(", ".", "。", "*", "\\", "سمك", "é"])
SPACE = st.sampled_from([" ", "\n", "\t ", "\r\n\r\n", "\u2028", "\u00a0"])


@given(data=st.data(), pieces=st.lists(PIECES, min_size=1, max_size=5))
@settings(deadline=None, max_examples=150)
def test_the_place_holds_the_quotes_words_and_is_found_wherever_they_stand(
    data: st.DataObject, pieces: list[str]
) -> None:
    around = st.lists(PIECES, max_size=5)
    spaced = "".join(piece + data.draw(SPACE) for piece in pieces).strip()
    before, after = (" ".join(data.draw(around)) for _ in range(2))
    one = document("a", " ".join(pieces))
    documents = held(one, document("b", f"{before} {spaced} {after}"))
    (there,) = places(quote(one, one.text), story("a", "b"), documents).values()
    assert there.split() == pieces


def kept(documents: Mapping[str, Document], stories: Stories, *quotes: Quote) -> list[str]:
    return [each.document for each in without_echoes(quotes, stories, documents)]


SAID = "The mill burnt down."


def test_of_quotes_with_the_same_words_the_best_is_kept() -> None:
    b = document("b", "“The mill – burnt down”!")
    documents = held(A, b)
    quotes = quote(A, SAID, 0.5), quote(b, b.text, 0.7)
    assert kept(documents, story("a", "b"), *quotes) == ["b"]
    assert kept(documents, story("a", "b"), *reversed(quotes)) == ["b"]


@pytest.mark.parametrize(
    ("days", "best"),
    [
        ({"a": "1871", "b": "1870-12-31"}, "b"),
        ({"a": "1871-02", "b": "1871-01-30"}, "b"),
        ({"a": None, "b": "1999"}, "b"),
        ({"a": "1871", "b": "1871"}, "a"),
        ({"a": None, "b": None}, "a"),
    ],
)
def test_of_the_equally_good_the_earliest_is_kept_then_the_first(
    days: dict[str, str | None], best: str
) -> None:
    documents = held(*(document(name, SAID, published=day) for name, day in days.items()))
    # The model's numbers differ in their last digits from batch to batch.
    quotes = quote(documents["a"], SAID, 0.5000001), quote(documents["b"], SAID, 0.5)
    assert kept(documents, story("a", "b"), *quotes) == [best]


def test_another_figure_another_story_and_other_words_are_kept() -> None:
    texts = {"a": "He paid 35 crowns.", "b": "He paid 3.5 crowns.", "c": "He paid 36 crowns."}
    documents = held(*(document(name, text) for name, text in texts.items()))
    quotes = [quote(each, each.text) for each in documents.values()]
    assert kept(documents, story("a", "b", "c"), *quotes) == ["a", "b", "c"]
    same = held(*(document(name, SAID) for name in "abcd"))
    quotes = [quote(each, SAID) for each in same.values()]
    assert kept(same, NO_STORIES, *quotes) == ["a", "b", "c", "d"]
    two = {**story("a", "b"), **story("c", "d")}
    assert kept(same, two, *quotes) == ["a", "c"]


def test_a_quote_repeats_what_it_holds_of_another_of_its_story() -> None:
    b = document("b", "THE MILL burnt down")
    longer, other = quote(A, "Fire! The mill burnt down."), quote(b, b.text)
    assert repeats(longer, other, story("a", "b"))
    assert not repeats(other, longer, story("a", "b"))
    assert not repeats(longer, other, NO_STORIES)
    part = document("b", "ill burnt down")
    assert not repeats(longer, quote(part, part.text), story("a", "b"))
