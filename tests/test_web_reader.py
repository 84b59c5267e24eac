from collections.abc import Sequence
from datetime import date
from itertools import accumulate, dropwhile, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.answering import Library
from rag.links import Link, located
from rag.passages import sentences_of
from rag.records import (
    AssignedPerspective,
    Citation,
    Document,
    FormerLabel,
    Furniture,
    Page,
    Sentence,
    Source,
    Span,
)
from rag.web.reader import Block, Others, blocks_of, reader_html
from rag.wording.language import say
from tests.making import (
    ANY_TEXT,
    WHEN_CLOSED,
    Element,
    assert_stays_text,
    citation_of,
    document_told,
    labelled,
    parsed,
)

WORDS = [
    "The mill burnt down.",
    "Nobody was paid, and the",
    "men left",
    "- a list",
    "Why?",
    "«So.»",
]
SPACES = [" ", "\t", "\n", "\r\n", "\r", "\n\n", "\r\n \r\n", "\u2028", "\x85", "\u00a0", "\f"]
PAGES = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(SPACES), ANY_TEXT), max_size=25
).map("".join)


def document_of(text: str, *spans: tuple[int, int, str], **source: object) -> Document:
    return Document(
        id="a/mill.txt",
        text=text,
        sha256="",
        encoding="utf_8",
        source=Source.model_validate({"title": "The mill"} | source),
        furniture=tuple(Furniture(start=s, end=e, reason=reason) for s, e, reason in spans),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text of many lines with spans of furniture anywhere in it, some side by side."""
    text = draw(PAGES)
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True).map(sorted))
    runs = [run for run in pairwise(cuts) if draw(st.booleans())]
    reasons = st.sampled_from(["menu", "counter", "appeal"])
    return document_of(text, *((start, end, draw(reasons)) for start, end in runs))


@st.composite
def paged(draw: st.DrawFn, documents: st.SearchStrategy[Document]) -> Document:
    """The same documents with pages that begin anywhere, some numbers missing."""
    document = draw(documents)
    assume(document.text)
    starts = st.lists(st.integers(0, len(document.text) - 1), max_size=6, unique=True).map(sorted)
    spans = pairwise([*draw(starts), len(document.text)])
    pages = [Page(start=s, end=e, number=3 * n + 1) for n, (s, e) in enumerate(spans)]
    return document.model_copy(update={"pages": tuple(pages)})


@st.composite
def quoted_documents(draw: st.DrawFn) -> tuple[Document, Citation]:
    """A document with a citation of what begins and ends with no white space nor furniture."""
    document = draw(documents())
    bounds = [0, *(e for s in document.furniture for e in (s.start, s.end)), len(document.text)]
    start, end = draw(st.sampled_from(list(zip(bounds[::2], bounds[1::2], strict=True))))
    within = [at for at in range(start, end) if document.text[at].strip()]
    assume(within)
    first, last = sorted((draw(st.sampled_from(within)), draw(st.sampled_from(within))))
    return document, citation_of(document, first, last + 1)


def shown(
    document: Document,
    citation: Citation | None = None,
    perspective: str = "millers",
    others: Others = (),
) -> Element:
    return parsed(reader_html(document, citation, {perspective: "disc"}, others=others))


def runs_of(blocks: Sequence[Block]) -> list[tuple[str, bool]]:
    """Every run of text, in order, and whether it may stand inside a mark."""
    runs = []
    for block in blocks:
        runs += [(piece.text, piece.quoted) for piece in block.pieces]
        runs.append((block.space, False))
    return [(text, quoted) for text, quoted in runs if text]


def text_shown(page: Element) -> str:
    """What of the page is the document's, folded or not."""
    blocks = blocks_shown(page)
    return "".join(b.one("div").text if b.tag == "details" else b.text for b in blocks)


def blocks_shown(page: Element) -> list[Element]:
    """The paragraphs, headings and folds of the text, without what stands between its pages."""
    return [each for each in page.one("div.text").children if "page" not in kinds_of(each)]


def kinds_of(element: Element) -> list[str]:
    return element.attributes.get("class", "").split()


# The text


@settings(deadline=None, max_examples=200)
@given(document=documents(), data=st.data())
def test_blocks_and_the_page_hold_the_text_character_by_character(
    document: Document, data: st.DataObject
) -> None:
    length = len(document.text)
    citation = None
    if length and data.draw(st.booleans(), label="cited"):
        start = data.draw(st.integers(0, length - 1), label="start")
        end = data.draw(st.integers(start + 1, length), label="end")
        assume(document.text[start:end].strip())
        citation = citation_of(document, start, end)
    blocks = blocks_of(document, citation)
    assert "".join(block.text for block in blocks) == document.text
    assert all(block.text for block in blocks)
    page = shown(document, citation)
    assert text_shown(page) == document.text
    assert len(blocks_shown(page)) == len(blocks)


@settings(deadline=None, max_examples=200)
@given(quoted=quoted_documents())
def test_a_citation_is_marked_whole_but_for_the_space_between_paragraphs(
    quoted: tuple[Document, Citation],
) -> None:
    document, citation = quoted
    runs = runs_of(blocks_of(document, citation))
    before = "".join(text for text, _ in runs[: [marked for _, marked in runs].index(True)])
    inside = list(dropwhile(lambda run: not run[1], runs))
    inside = list(dropwhile(lambda run: not run[1], inside[::-1]))[::-1]
    assert len(before) == citation.start
    assert "".join(text for text, _ in inside) == citation.exact
    assert all(marked or text.isspace() for text, marked in inside)
    assert shown(document, citation).texts("mark") == [text for text, marked in runs if marked]


@settings(deadline=None, max_examples=200)
@given(document=documents(), data=st.data())
def test_every_sentence_that_may_be_quoted_is_one_mark(
    document: Document, data: st.DataObject
) -> None:
    sentences = sentences_of(document.text, document.furniture)
    assume(sentences)
    sentence = data.draw(st.sampled_from(sentences))
    citation = citation_of(document, sentence.start, sentence.end)
    assert shown(document, citation).texts("mark") == [citation.exact]


@settings(deadline=None, max_examples=200)
@given(document=documents())
def test_furniture_is_folded_and_nothing_else_but_the_space_between(document: Document) -> None:
    folded, at = set(), 0
    for block in blocks_of(document, None):
        if block.left_out:
            assert block.space == ""
            folded |= set(range(at, at + len(block.text)))
        at += len(block.text)
    spans = document.furniture
    furniture = {at for span in spans for at in range(span.start, span.end)}
    assert furniture <= folded
    for at in folded - furniture:
        assert document.text[at].isspace()
        assert spans[0].start < at < spans[-1].end


def test_each_paragraph_of_a_seed_stands_alone_and_each_quote_is_one_mark(library: Library) -> None:
    for document in library.documents.values():
        page = shown(document)
        assert text_shown(page) == document.text
        assert page.every("mark") == []
        assert not any("\n\n" in p.text.strip() for p in page.one("div.text").every("p"))
        for sentence in document.sentences:
            blocks = blocks_of(document, citation_of(document, sentence.start, sentence.end))
            marks = [piece.text for block in blocks for piece in block.pieces if piece.quoted]
            assert marks == [document.text[sentence.start : sentence.end]]


def test_a_quote_of_an_answer_is_marked_in_its_source(harbour: Library) -> None:
    citation = harbour.ask(WHEN_CLOSED, only=labelled("for-closing")).citations[0]
    page = shown(harbour.documents["council.txt"], citation, "for-closing")
    assert page.one("mark").text == citation.exact
    assert page.one("p.place").text == "council.txt · characters 0 to 66"


def test_white_space_after_a_paragraph_is_kept_apart_from_it() -> None:
    document = document_of(" \nThe mill burnt down. \r\n\r\nWhy?\n")
    assert [(block.text.strip(), block.space) for block in blocks_of(document, None)] == [
        ("", " \n"),
        ("The mill burnt down.", " \r\n\r\n"),
        ("Why?", "\n"),
    ]
    assert shown(document).texts("span.space") == [" \n", " \r\n\r\n", "\n"]


def test_a_source_opened_by_itself_has_no_number_and_no_place_marked() -> None:
    page = shown(document_of("The mill burnt down."))
    assert page.every("mark") == []
    assert page.every("a") == []
    assert page.one("p.place").text == "a/mill.txt"


def test_an_empty_document_is_an_empty_text() -> None:
    assert blocks_of(document_of(""), None) == []
    assert shown(document_of("")).one("div.text").inside == []


# Other quotes of the same answer


@settings(deadline=None, max_examples=200)
@given(document=paged(documents()), data=st.data())
def test_whatever_else_is_marked_the_text_stays_and_the_quote_is_whole(
    document: Document, data: st.DataObject
) -> None:
    length = len(document.text)
    cuts = st.lists(st.integers(0, length), min_size=2, max_size=8, unique=True).map(sorted)
    spans = [Span(start=s, end=e) for s, e in pairwise(data.draw(cuts, label="others"))]
    start, end = data.draw(cuts, label="quote")[:2]
    assume(document.text[start:end].strip())
    quote = citation_of(document, start, end, number=9)
    others = list(enumerate(spans, start=1))
    page = shown(document, quote, others=others)
    assert text_shown(page) == document.text
    marked: dict[bool, set[int]] = {True: set(), False: set()}
    at = 0
    for block in blocks_of(document, quote, others):
        for piece in block.pieces:
            assert not (piece.quoted and piece.other)
            for quoted in (True, False):
                held = piece.quoted if quoted else piece.other
                marked[quoted] |= set(range(at, at + len(piece.text))) if held else set()
            at += len(piece.text)
        at += len(block.space)
    of_quote = set(range(start, end))
    of_others = {at for span in spans for at in range(span.start, span.end)} - of_quote
    for quoted, wanted in ((True, of_quote), (False, of_others)):
        assert marked[quoted] <= wanted
        assert all(document.text[at].isspace() for at in wanted - marked[quoted])


def test_other_quotes_of_the_answer_are_marked_lightly_with_their_numbers() -> None:
    document = document_of("The mill burnt down. Nobody was paid.\n\nThe men left. Why? So.")
    quote = citation_of(document, 21, 37, number=2)
    others = [(1, Span(start=0, end=20)), (4, Span(start=39, end=52))]
    page = shown(document, quote, others=others)
    marks = [(each.attributes, each.text) for each in page.every("mark")]
    assert marks == [
        ({"class": "other", "data-number": "1"}, "The mill burnt down."),
        ({"tabindex": "-1", "data-number": "2"}, "Nobody was paid."),
        ({"class": "other", "data-number": "4"}, "The men left."),
    ]
    assert page.one("p.others").text == (
        "2 other quotes of the same answer: marked lightly, with their numbers."
    )
    assert shown(document, quote).every("p.others") == []


def test_a_quote_over_two_pages_has_its_number_once() -> None:
    document = paged_document("Nobody was paid, and the ", "men left.\n\nWhy?")
    quote = citation_of(document, 0, 34, number=3)
    assert shown(document, quote).one("div.text").values("data-number") == ["3"]


# Links


def test_a_quote_has_a_permanent_link_that_leads_back_to_it() -> None:
    document = document_of("The mill burnt down.\n\nNobody was paid.")
    quote = citation_of(document, 22, 38)
    way = shown(document, quote).one("p.ways").one("a")
    assert way.attributes["href"] == f"?cite={way.attributes['data-link']}"
    found = located(Link.read(way.attributes["data-link"]), {document.id: document})
    assert found.status == "intact"
    assert found.span == Span(start=22, end=38)
    assert shown(document).every("p.ways") == []


def test_the_original_is_opened_at_the_quote_and_said_to_be_elsewhere() -> None:
    document = document_of("The mill burnt down. So.", url="https://mill.example/1")
    _, way = shown(document, citation_of(document, 21, 24)).one("p.ways").every("a")
    assert way.attributes == {
        "href": "https://mill.example/1#:~:text=So.",
        "target": "_blank",
        "rel": "noopener noreferrer",
    }
    said = shown(document, citation_of(document, 21, 24)).one("p.ways").one("span").text
    assert said == "Open the original at this quote (leaves this library, for mill.example)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://mill.example/\n", "Vol. 3"])
def test_what_is_no_web_address_stays_text(url: str) -> None:
    page = shown(document_of("The mill burnt down.", url=url))
    assert page.every("a") == []
    assert page.one("p.place").text == f"a/mill.txt · {url}"


def test_what_has_become_of_a_quote_is_said_beside_it_and_read_out_with_it() -> None:
    document = document_of("The mill burnt down.")
    page = parsed(reader_html(document, Span(start=4, end=8), {}, note="Moved: <b>so</b>."))
    note = page.one("div.bar").one("p.note")
    assert note.text == "Moved: <b>so</b>."
    assert page.one("mark").attributes["aria-describedby"] == note.attributes["id"]


def test_a_search_box_stands_above_the_text() -> None:
    find = shown(document_of("The mill burnt down.")).one("div.find")
    assert find.one("label").text == "Find in this source"
    assert find.one("input").attributes["type"] == "search"
    assert find.values("data-step") == ["-1", "1"]
    assert find.one("span.hits").attributes["role"] == "status"


# What is left out

MENU = "Home\nNews\n\nSport\nThe mill burnt down.\n12 views\nNobody was paid.\n"


def test_neighbouring_furniture_is_folded_as_one_with_its_lines_and_reasons() -> None:
    document = document_of(
        MENU, (0, 4, "menu"), (5, 9, "site"), (11, 16, "menu"), (38, 46, "counter")
    )
    folds = shown(document).every("details.left-out")
    assert [fold.one("summary").text for fold in folds] == [
        "3 lines left out: menu, site",
        "1 line left out: counter",
    ]
    assert [fold.one("div").text for fold in folds] == ["Home\nNews\n\nSport", "12 views"]
    assert all("open" not in fold.attributes for fold in folds)


def test_furniture_with_words_between_is_not_folded_as_one() -> None:
    folds = [b.left_out for b in blocks_of(document_of("a b c", (0, 1, "x"), (4, 5, "y")), None)]
    assert folds == ["1 line left out: x", "", "1 line left out: y"]


def test_what_follows_furniture_on_its_line_is_shown() -> None:
    document = document_of("Share this The mill burnt down.", (0, 10, "navigation"))
    page = shown(document, citation_of(document, 11, 31))
    assert page.one("details.left-out").one("div").text == "Share this"
    assert page.one("div.text").one("p").text == " The mill burnt down."
    assert page.one("mark").text == "The mill burnt down."


def test_what_is_left_out_unfolds_where_a_quote_stands_in_it() -> None:
    document = document_of(MENU, (0, 16, "menu"), (38, 46, "counter"))
    page = shown(document, citation_of(document, 5, 9))
    opened, closed = page.every("details.left-out")
    assert "open" in opened.attributes
    assert opened.one("mark").text == "News"
    assert "open" not in closed.attributes
    assert text_shown(page) == MENU


# Pages


@settings(deadline=None, max_examples=200)
@given(document=paged(documents()))
def test_each_page_is_told_once_at_the_block_it_begins_with(document: Document) -> None:
    blocks = blocks_of(document, None)
    assert "".join(block.text for block in blocks) == document.text
    starts = dict(zip(accumulate((len(b.text) for b in blocks), initial=0), blocks, strict=False))
    told = {at: block.page for at, block in starts.items() if block.page is not None}
    assert told == {page.start: page.number for page in document.pages}
    page = shown(document)
    assert text_shown(page) == document.text
    children = page.one("div.text").children
    numbers = [each.attributes["data-page"] for each in children if "data-page" in each.attributes]
    assert numbers == [str(each.number) for each in document.pages]


@settings(deadline=None, max_examples=200)
@given(document=paged(documents()), data=st.data())
def test_a_quote_is_marked_also_over_the_end_of_a_page(
    document: Document, data: st.DataObject
) -> None:
    sentences = sentences_of(document.text, document.furniture)
    assume(sentences)
    sentence = data.draw(st.sampled_from(sentences))
    citation = citation_of(document, sentence.start, sentence.end)
    runs = runs_of(blocks_of(document, citation))
    ends = accumulate(len(text) for text, _ in runs)
    marked = set()
    for (text, quoted), end in zip(runs, ends, strict=True):
        marked |= set(range(end - len(text), end)) if quoted else set()
    of_quote = set(range(sentence.start, sentence.end))
    assert marked <= of_quote
    assert all(document.text[at].isspace() for at in of_quote - marked)


def paged_document(*pages: str, spans: Sequence[tuple[int, int, str]] = ()) -> Document:
    ends = list(accumulate(map(len, pages), initial=0))
    cut = [Page(start=s, end=e, number=n) for n, (s, e) in enumerate(pairwise(ends), start=1)]
    return document_of("".join(pages), *spans).model_copy(update={"pages": tuple(cut)})


def test_a_paragraph_that_runs_over_pages_is_cut_where_each_begins() -> None:
    document = paged_document("Nobody was paid, and the ", "men left that very ", "night.\n\nWhy?")
    assert [(block.page, block.text) for block in blocks_of(document, None)] == [
        (1, "Nobody was paid, and the "),
        (2, "men left that very "),
        (3, "night.\n\n"),
        (None, "Why?"),
    ]
    quote = citation_of(document, 7, 50)
    assert shown(document, quote).texts("mark") == [
        "was paid, and the",
        "men left that very",
        "night.",
    ]
    assert shown(document, quote).one("p.place").text == (
        "a/mill.txt · page 1 · characters 7 to 50"
    )


def test_a_heading_that_runs_over_a_page_is_one_on_both() -> None:
    document = paged_document("The mill of ", "Ostby\n\n", "Why?")
    heading = Sentence(start=0, end=17, kind="heading")
    document = document.model_copy(update={"sentences": (heading,)})
    blocks = blocks_of(document, None)
    assert [block.heading for block in blocks] == [True, True, False]
    page = shown(document)
    assert page.one("div.text").texts("h3") == ["The mill of ", "Ostby\n\n"]
    assert page.one("div.text").texts("p") == ["Why?"]


def test_each_page_is_set_apart_by_its_name() -> None:
    document = paged_document("So.\n\n", "Why?")
    breaks = shown(document).one("div.text").every("div.page")
    assert [each.attributes["aria-label"] for each in breaks] == ["Page 1", "Page 2"]
    assert {each.attributes["role"] for each in breaks} == {"separator"}
    assert {each.text for each in breaks} == {""}


def test_what_is_left_out_over_a_page_is_folded_on_each() -> None:
    document = paged_document(
        "Why?\n\nThe Gazette\n\n1\n\n",
        "May 1976\n\nSo.",
        spans=[(6, 17, "foot"), (19, 20, "number"), (22, 30, "head")],
    )
    assert [(block.page, block.text, block.left_out) for block in blocks_of(document, None)] == [
        (1, "Why?\n\n", ""),
        (None, "The Gazette\n\n1\n\n", "2 lines left out: foot, number"),
        (2, "May 1976", "1 line left out: head"),
        (None, "\n\n", ""),
        (None, "So.", ""),
    ]


# The source


def test_a_quotes_other_sources_stand_beside_its_own() -> None:
    document = document_of("The mill burnt down.", perspective=label_of())
    copy = document.model_copy(update={"id": "copy.txt", "source": Source(title="A copy")})
    page = shown(document, citation_of(document, 4, 20, also=[copy]))
    assert page.texts("p.also") == ["also in A copy · Unlabelled · copy.txt [4:20]"]
    assert shown(document, citation_of(document, 4, 20)).every("p.also") == []


def test_in_another_source_that_holds_a_quote_its_words_are_marked() -> None:
    document = document_of("The mill burnt down.")
    (also,) = citation_of(document, 4, 20, also=[document]).also_in
    page = parsed(reader_html(document, also, {}))
    assert page.one("mark").text == "mill burnt down."
    assert page.one("p.place").text == "a/mill.txt · characters 4 to 20"
    assert page.every("p.also") == []


def label_of(**known: object) -> AssignedPerspective:
    return AssignedPerspective.model_validate({"id": "millers", "label": "Millers"} | known)


def test_the_label_stands_with_its_basis_its_quote_and_who_assigned_it_when() -> None:
    label = label_of(
        basis="It defends the owner.",
        basis_quote="He paid\r\nhis men.",
        assigned_by="a reader",
        assigned_on="2026-11-22",
    )
    page = shown(document_of("The mill burnt down.", perspective=label))
    assert page.one("span.badge").words == "source labelled Millers"
    (basis,) = page.every("details.basis")
    assert "open" in basis.attributes
    assert basis.one("summary").text == "Why this label"
    assert basis.texts("p") == [
        "It defends the owner.",
        "He paid\r\nhis men.",
        "Assigned on 2026-11-22 by a reader.",
    ]
    assert basis.one("q").text == "He paid\r\nhis men."


def test_a_label_that_nobody_reviewed_is_said_to_be_so_until_somebody_does() -> None:
    label = label_of(basis="It says so.", assigned_by="a program, from the text alone")
    page = shown(document_of("The mill burnt down.", perspective=label))
    assert page.one("div.bar").one(".unreviewed").text == "not yet reviewed"
    for day, told in ((None, "Reviewed by Bo."), ("2026-11-22", "Reviewed on 2026-11-22 by Bo.")):
        confirmed = label.model_copy(update={"reviewed_by": "Bo", "reviewed_on": day})
        page = shown(document_of("The mill burnt down.", perspective=confirmed))
        assert page.every(".unreviewed") == []
        assert page.one("details.basis").texts("p")[-1] == told


def test_former_labels_and_what_only_the_file_says_stand_beside_the_text() -> None:
    former = FormerLabel(id="owners", label="Owners", assigned_by="Ada", until=date(2026, 11, 22))
    label = label_of(basis="It says so.", history=(former,))
    document = document_of(
        "The mill burnt down.", perspective=label, author="Ada Berg", from_file=("author",)
    )
    page = shown(document)
    basis = page.one("details.basis")
    assert basis.texts("li") == ["until 2026-11-22: Owners, assigned by Ada"]
    assert basis.texts("p")[1:] == [
        "Former labels of this source:",
        "From the file itself: author.",
    ]
    assert page.one("p.source").words == "Ada Berg (from the file)"


def test_no_day_is_said_where_none_is_known() -> None:
    page = shown(document_of("The mill burnt down.", perspective=label_of(assigned_by="a reader")))
    assert page.one("details.basis").texts("p") == [
        say("no-basis"),
        "Assigned by a reader.",
    ]


def test_of_an_unlabelled_source_it_is_said_that_nobody_labelled_it() -> None:
    page = shown(document_of("The mill burnt down."))
    assert page.one("span.badge").words == "Unlabelled"
    assert page.one("span.badge").attributes["class"] == "badge unlabelled"
    assert page.one("details.basis").texts("p") == [say("no-label")]


@pytest.mark.parametrize("known", [{}, {"basis_quote": "He paid his men."}])
def test_of_a_labelled_source_it_is_never_said_that_nobody_labelled_it(
    known: dict[str, str],
) -> None:
    page = shown(document_of("The mill burnt down.", perspective=label_of(**known)))
    assert page.one("span.badge").words == "source labelled Millers"
    assert say("no-label") not in page.text
    assert page.one("details.basis").texts("p")[0] == say("no-basis")


def test_what_is_known_of_the_source_is_said_and_what_is_inferred_with_its_reason() -> None:
    document = document_of(
        "The mill burnt down.",
        author="Ada Berg",
        publisher="The Gazette",
        published="1976",
        kind="letter",
        origin="a copy",
        url="https://mill.example/1",
        language="en-GB",
        inferred={"published": "its paper"},
    )
    page = shown(document)
    assert page.one("h2").text == "The mill"
    source = page.one("p.source")
    told = [each.text for each in source.children]
    assert told == ["letter", "Ada Berg", "The Gazette", "1976 (inferred: its paper)"]
    assert source.one("span.inferred").attributes["title"] == "inferred: its paper"
    assert page.one("p.place").text == "a/mill.txt · a copy · https://mill.example/1"
    assert page.one("div.text").attributes["lang"] == "en-GB"
    (way,) = page.every("a")
    assert way.text == "Open the original"
    assert way.attributes["href"] == "https://mill.example/1"


def test_of_a_source_of_which_nothing_is_known_nothing_is_said() -> None:
    page = shown(document_of("The mill burnt down.", title=None))
    assert page.one("h2").text == "Untitled"
    assert page.one("p.source").children == []
    assert len(page.every("details")) == 1
    assert "None" not in page.text


# Hostile text


def told_page(told: str, line: str) -> str:
    document = document_told(told, f"“{line}”\n\n", f"“{line}”")
    quote = citation_of(document, 0, len(line) + 2, also=[document])
    return reader_html(document, quote, {"one": "disc"})


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT)
def test_nothing_that_is_told_of_a_source_is_ever_markup(text: str) -> None:
    assert_stays_text(lambda told: told_page(told, "The mill burnt down."), text)


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT.map(lambda text: "_".join(text.splitlines())))
def test_no_line_of_a_document_is_ever_markup(text: str) -> None:
    assert_stays_text(lambda told: told_page("The mill", told), f"{text}.")
