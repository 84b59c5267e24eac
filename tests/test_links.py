"""A link finds its quote again, says what has become of it, and carries nothing that is shown."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rag.answering import Library
from rag.errors import LinkUnreadable
from rag.links import HELD, INFLATED, LONGEST, Link, Located, address_of, located
from rag.records import AROUND, Document, Span
from tests.making import ANY_TEXT, WHEN_CLOSED

TEXT = (
    "The mill of Ostby burnt down on a night in March.\r\n"
    "Nobody was in it but a cat 👩\u200d🚀, which the neighbours took in.\r\n\r\n"
    "The insurers paid the miller 4,000 crowns.\n"
    "It was a cafe\u0301 before. He was seen.\n"
)
PAID = "The insurers paid the miller 4,000 crowns."


def document_of(text: str, name: str = "mill.txt") -> Document:
    return Document(id=name, text=text, sha256=sha256_of(text), encoding="utf_8")


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def held(*documents: Document) -> dict[str, Document]:
    return {each.id: each for each in documents}


def link_to(exact: str, document: Document, after: int = 0) -> Link:
    """A link, by way of its address, to where these words stand in a document."""
    start = document.text.index(exact, after)
    return Link.read(address_of(Span(start=start, end=start + len(exact)), document))


def words_at(found: Located, documents: Mapping[str, Document]) -> str:
    assert found.document is not None
    assert found.span is not None
    return documents[found.document].text[found.span.start : found.span.end]


@st.composite
def quoted(draw: st.DrawFn, texts: st.SearchStrategy[str] = ANY_TEXT) -> tuple[Document, Span]:
    """A document, and any run of it that is not only white space."""
    document = document_of(draw(texts))
    start = draw(st.integers(0, len(document.text) - 1))
    span = Span(start=start, end=draw(st.integers(start + 1, len(document.text))))
    assume(document.text[span.start : span.end].strip())
    return document, span


# The way out and back


@settings(deadline=None)
@given(quoted())
def test_any_run_of_any_text_goes_round_and_is_intact(made: tuple[Document, Span]) -> None:
    document, span = made
    address = address_of(span, document)
    assert set(address) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    found = located(Link.read(address), held(document))
    assert found == Located(status="intact", document="mill.txt", span=span)


def test_every_sentence_of_the_seeds_goes_round_and_is_intact(library: Library) -> None:
    longest = 0
    for document in library.documents.values():
        for each in document.sentences:
            address = address_of(each, document)
            longest = max(longest, len(address))
            found = located(Link.read(address), library.documents)
            span = Span(start=each.start, end=min(each.end, each.start + HELD))
            assert found == Located(status="intact", document=document.id, span=span)
    assert longest < LONGEST / 4


def test_what_an_address_holds_is_what_the_w3c_calls_it(harbour: Library) -> None:
    citation = harbour.ask(WHEN_CLOSED).citations[0]
    document = harbour.documents[citation.document]
    address = address_of(citation, document)
    padded = address + "=" * (-len(address) % 4)
    assert json.loads(zlib.decompress(base64.urlsafe_b64decode(padded))) == {
        "document": citation.document,
        "sha256": citation.document_hash,
        "start": citation.start,
        "end": citation.end,
        "exact": citation.exact,
        "prefix": citation.prefix,
        "suffix": citation.suffix,
    }


def test_a_link_to_very_many_words_is_one_to_their_beginning() -> None:
    letters = "".join(chr(0x10000 + n * 7919 % 0xF0000) for n in range(5000))
    document = document_of(letters, "d" * 1000 + ".txt")
    address = address_of(Span(start=40, end=4900), document)
    assert len(address) < LONGEST
    link = Link.read(address)
    assert (link.start, link.end, link.exact) == (40, 40 + HELD, letters[40 : 40 + HELD])
    assert located(link, held(document)).status == "intact"


# Bad addresses


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).rstrip(b"=").decode()


WHOLE = Link.to(Span(start=0, end=3), document_of("Why? So."))
KNOWN = WHOLE.model_dump()


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(packed)))
@example("")
@example("====")
@example("\ud800")
@example("é")
def test_what_is_no_address_is_an_error_and_no_crash(address: str) -> None:
    with pytest.raises(LinkUnreadable, match="damaged") as caught:
        Link.read(address)
    assert caught.value.remedy


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_an_address_with_a_letter_changed_is_an_error_or_a_link(data: st.DataObject) -> None:
    address = WHOLE.address
    at = data.draw(st.integers(0, len(address) - 1))
    letter = data.draw(st.characters())
    try:
        link = Link.read(address[:at] + letter + address[at + 1 :])
    except LinkUnreadable:
        return
    assert link == WHOLE  # the last letter holds bits that nothing reads


@pytest.mark.parametrize(
    "known",
    [
        {"start": -1, "end": 2},
        {"start": 1},
        {"end": 10**30},
        {"start": "0"},
        {"start": None},
        {"start": 0.5},
        {"exact": ""},
        {"exact": " \n "},
        {"exact": "a" * (HELD + 1), "end": HELD + 1},
        {"prefix": "a" * (AROUND + 1)},
        {"suffix": ["a"]},
        {"document": None},
        {"title": "Not what the library says"},
    ],
)
def test_a_link_that_cannot_be_is_an_error(known: dict[str, object]) -> None:
    assert Link.read(packed(json.dumps(KNOWN).encode())) == WHOLE
    with pytest.raises(LinkUnreadable):
        Link.read(packed(json.dumps(KNOWN | known).encode()))


@pytest.mark.parametrize("field", list(KNOWN))
def test_a_link_that_lacks_something_is_an_error(field: str) -> None:
    data = {name: value for name, value in KNOWN.items() if name != field}
    with pytest.raises(LinkUnreadable):
        Link.read(packed(json.dumps(data).encode()))


def test_what_unpacks_to_more_than_any_link_is_not_unpacked() -> None:
    bomb = packed(b" " * 1_000_000 + json.dumps(KNOWN).encode())
    assert len(bomb) < LONGEST
    with pytest.raises(LinkUnreadable):
        Link.read(bomb)
    spaces = b" " * (INFLATED - len(json.dumps(KNOWN)))
    assert Link.read(packed(spaces + json.dumps(KNOWN).encode())) == WHOLE


@pytest.mark.parametrize("change", [lambda a: a + "AAAA", lambda a: a[:-4], lambda a: a * 2000])
def test_an_address_that_is_cut_off_or_followed_by_more_is_an_error(change: object) -> None:
    assert callable(change)
    with pytest.raises(LinkUnreadable):
        Link.read(change(WHOLE.address))


# What has become of a quote


@settings(deadline=None, max_examples=200)
@given(quoted(), ANY_TEXT)
def test_after_text_is_put_before_it_a_quote_is_found_moved(
    made: tuple[Document, Span], more: str
) -> None:
    document, span = made
    link = Link.to(span, document)
    longer = document_of(more + document.text)
    found = located(link, held(longer))
    assert words_at(found, held(longer)) == link.exact
    assert found.status in ("moved", "intact")
    if found.status == "intact":  # what was put there begins as what stood there
        assert found.span == span
        assert longer.text[span.start : span.end] == link.exact


def test_a_quote_is_moved_by_text_before_it_and_intact_with_text_behind_it() -> None:
    link = link_to(PAID, document_of(TEXT))
    before = document_of("A new first line.\n" + TEXT)
    found = located(link, held(before))
    assert found.status == "moved"
    assert found.span == Span(start=link.start + 18, end=link.end + 18)
    behind = document_of(TEXT + "A new last line.\n")
    assert located(link, held(behind)) == Located(
        status="intact", document="mill.txt", span=Span(start=link.start, end=link.end)
    )


def test_a_source_that_was_renamed_holds_the_quote_under_its_new_name() -> None:
    link = link_to(PAID, document_of(TEXT))
    found = located(link, held(document_of(TEXT, "new.txt")))
    assert (found.status, found.document) == ("moved", "new.txt")
    assert found.span == Span(start=link.start, end=link.end)


def test_of_two_sources_with_the_same_bytes_the_links_own_is_opened() -> None:
    documents = held(*(document_of(TEXT, name) for name in ("a.txt", "b.txt", "c.txt")))
    for name, document in documents.items():
        assert located(link_to(PAID, document), documents).document == name


def test_of_several_places_the_one_with_the_links_surroundings_is_taken() -> None:
    text = "He went on. He was seen. It rained.\nShe stayed. He was seen. The sun shone.\n"
    document = document_of(text)
    second = link_to("He was seen.", document, after=30)
    for more in ("", "He was seen. He was seen. ", "He was seen. " * 2000):
        now = document_of(more + text)
        found = located(second, held(now))
        assert found.span is not None
        assert found.span.start == len(more) + second.start


def test_a_quote_is_sought_in_its_own_source_before_others() -> None:
    link = link_to(PAID, document_of(TEXT))
    rewritten = document_of(f"All was written anew. {PAID}")
    other = document_of(f"All was written again. {PAID}", "other.txt")
    found = located(link, held(other, rewritten))
    assert (found.status, found.document) == ("moved", "mill.txt")
    found = located(link, held(other, document_of("Nothing of it.")))
    assert (found.status, found.document) == ("moved", "other.txt")


@pytest.mark.parametrize("now", ["The insurers paid nothing.", "They paid 👩\u200d🚀 cafe\u0301."])
@pytest.mark.parametrize("name", ["mill.txt", "new.txt"])
def test_where_other_words_stand_between_the_same_sides_those_are_found(
    now: str, name: str
) -> None:
    link = link_to(PAID, document_of(TEXT))
    documents = held(document_of("A new line.\n" + TEXT.replace(PAID, now), name))
    found = located(link, documents)
    assert found.status == "changed"
    assert words_at(found, documents) == now


@pytest.mark.parametrize(
    "exact", ["The mill of Ostby burnt down on a night in March.", "was seen."]
)
def test_at_either_end_of_its_source_a_changed_quote_is_found_too(exact: str) -> None:
    link = link_to(exact, document_of(TEXT))
    documents = held(document_of(TEXT.replace(exact, "Other words.")))
    found = located(link, documents)
    assert found.status == "changed"
    assert words_at(found, documents) == "Other words."
    # In a source of another name one side alone would be found by chance.
    elsewhere = held(document_of(TEXT.replace(exact, "Other words."), "new.txt"))
    assert located(link, elsewhere) == Located(status="removed")


def test_the_same_words_with_other_white_space_are_changed() -> None:
    link = link_to(PAID, document_of(TEXT))
    documents = held(document_of(TEXT.replace("paid the", "paid\r\n  the")))
    found = located(link, documents)
    assert found.status == "changed"
    assert words_at(found, documents) == "The insurers paid\r\n  the miller 4,000 crowns."


def test_words_that_stand_nowhere_are_removed() -> None:
    link = link_to(PAID, document_of(TEXT))
    assert located(link, {}) == Located(status="removed")
    assert located(link, held(document_of("Nothing of it.", "new.txt"))) == Located(
        status="removed"
    )
    assert located(link, held(document_of("Nothing of it."))) == Located(
        status="removed", document="mill.txt"
    )
    for now in ("", "\n", "A long chapter. " * 40):
        rewritten = held(document_of(TEXT.replace(PAID, now)))
        assert located(link, rewritten) == Located(status="removed", document="mill.txt")


@settings(deadline=None, max_examples=200)
@given(quoted(), st.lists(ANY_TEXT, max_size=3))
def test_whatever_is_found_is_a_run_of_a_document_of_the_library(
    made: tuple[Document, Span], texts: list[str]
) -> None:
    document, span = made
    names = ["mill.txt", "other.txt", "third.txt"]
    documents = held(*map(document_of, texts, names))
    found = located(Link.to(span, document), documents)
    exact = document.text[span.start : span.end]
    assert (found.span is None) == (found.status == "removed")
    if found.span is None:
        assert not any(exact in each.text for each in documents.values())
        return
    words = words_at(found, documents)
    assert words
    assert len(words) == found.span.end - found.span.start
    assert (words == exact) == (found.status in ("intact", "moved"))
