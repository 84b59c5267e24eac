import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rag.errors import (
    CatalogueError,
    CollectionError,
    Defect,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    LibraryAway,
    LibraryIndexError,
    LinkUnreadable,
    ModelDamaged,
    ModelError,
    ModelMissing,
    NoRoom,
    NotOwner,
    PageForgotten,
    ParallaxError,
    PortTaken,
    QuestionError,
    SandboxMissing,
    SeedExists,
    SeedRefused,
    SeedsError,
    SeedTooLarge,
    SeedUnreadable,
    SharingRefused,
    SourceGone,
    TextTooLong,
    VerbatimError,
)
from rag.records import (
    AROUND,
    Abstention,
    Answer,
    Citation,
    Document,
    Furniture,
    Notice,
    Page,
    Passage,
    Quote,
    Reading,
    Sentence,
    SentenceKind,
    Sentences,
    Source,
    Span,
    Speech,
    Words,
)
from tests.making import row_of

TEXT = "The mill\n\nIt ground rye. The river was straightened in 1820. Then it stood still.\n"
SENTENCES = (
    Sentence(start=0, end=8, kind="heading"),
    Sentence(start=10, end=24),
    Sentence(start=25, end=60),
    Sentence(start=61, end=81),
)
DOCUMENT = Document(
    id="hills/mill.txt", text=TEXT, sha256="ab" * 32, encoding="utf_8", sentences=SENTENCES
)
MIDDLE = "The river was straightened in 1820."


def a_quote(start: int = 25, end: int = 60, document: Document = DOCUMENT) -> Quote:
    expected = document.text[start:end]
    return Quote.from_document(document, start, end, expected=expected, score=0.5)


def an_answer(citations: tuple[Citation, ...], abstention: Abstention | None) -> Answer:
    return Answer(
        question="When was the river straightened?",
        asked_as="When was the river straightened?",
        perspectives=(),
        sources=(),
        abstention=abstention,
        match=0.5,
        generation="g",
        coverage=(
            row_of("a", "A", quoted=1),
            row_of("b", "B", sources=0),
        ),
        figures=(),
        citations=citations,
    )


def test_the_offsets_of_this_file_are_what_they_claim() -> None:
    assert [TEXT[s.start : s.end] for s in SENTENCES] == [
        "The mill",
        "It ground rye.",
        MIDDLE,
        "Then it stood still.",
    ]


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (Notice(file="a.txt", message="odd"), "a.txt: odd"),
        (Notice(file="a.txt", line=3, message="odd"), "a.txt:3: odd"),
        (Notice(file="a.txt", line=3, message="odd", remedy="mend"), "a.txt:3: odd (mend)"),
    ],
)
def test_a_notice_says_file_line_message_and_remedy_in_one_line(notice: Notice, said: str) -> None:
    assert str(notice) == said


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
@pytest.mark.parametrize("kind", [Span, Sentence])
def test_an_empty_or_reversed_span_is_refused(kind: type[Span], start: int, end: int) -> None:
    with pytest.raises(ValidationError, match=f"not a run of text: {start} to {end}"):
        kind(start=start, end=end)


def test_furniture_is_a_span_too() -> None:
    with pytest.raises(ValidationError, match="not a run of text"):
        Furniture(start=2, end=2, reason="menu")


@given(text=st.text(min_size=1), start=st.integers(0, 9))
def test_words_have_the_length_of_what_stands_there(text: str, start: int) -> None:
    end = start + len(text)
    assert Words(start=start, end=end, exact=text).exact == text
    for other in (end + 1, end - 1):
        with pytest.raises((VerbatimError, ValidationError)):
            Words(start=start, end=other, exact=text)


def test_words_that_cannot_stand_there_say_how_many_characters_do() -> None:
    with pytest.raises(VerbatimError, match=r"\[3:9\]: 6 code points expected, 4 found"):
        Words(start=3, end=9, exact="mill")


def speech(speaker: str | None) -> Speech:
    named = Words(start=0, end=len(speaker), exact=speaker) if speaker else None
    cue = Words(start=20, end=24, exact="said")
    reported = (Span(start=25, end=30),)
    return Speech(speaker=named, mention=named, cue=cue, reported=reported, direct=False)


@pytest.mark.parametrize(
    ("speakers", "first"),
    [([], None), ([None], None), (["Ada"], "Ada"), ([None, "Bo", "Ada"], "Bo")],
)
def test_the_speaker_of_a_citation_is_the_first_who_is_named(
    speakers: list[str | None], first: str | None
) -> None:
    citation = Citation.of(
        a_quote(), number=1, source=Source(), speeches=tuple(map(speech, speakers))
    )
    assert citation.speaker == first
    assert citation.model_dump()["speaker"] == first


def test_records_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        DOCUMENT.text = "other"  # type: ignore[misc]


def test_records_refuse_fields_that_nobody_declared() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Source.model_validate({"title": "The mill", "colour": "red"})


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        ("The mill", TEXT, "The mill"),
        (None, TEXT, "Untitled: “It ground rye.”"),
        (None, "one two three four five six seven eight nine", None),
        (None, "one two three four five six seven eight", None),
        (None, "", "Untitled"),
    ],
)
def test_an_untitled_document_shows_its_opening_words(
    title: str | None, text: str, shown: str | None
) -> None:
    whole = (Sentence(start=0, end=len(text)),) if text else ()
    sentences = SENTENCES if text == TEXT else whole
    document = DOCUMENT.model_copy(
        update={"text": text, "sentences": sentences, "source": Source(title=title)}
    )
    eight = "one two three four five six seven eight"
    mark = "…" if text.endswith("nine") else ""
    assert document.display_title == (shown or f"Untitled: “{eight}{mark}”")


@pytest.mark.parametrize(
    ("start", "end", "before", "after"),
    [
        (25, 60, "It ground rye.", "Then it stood still."),
        (10, 60, "The mill", "Then it stood still."),
        (0, 8, "", "It ground rye."),
        (61, 81, MIDDLE, ""),
    ],
)
def test_around_gives_the_neighbouring_sentences(
    start: int, end: int, before: str, after: str
) -> None:
    assert DOCUMENT.around(start, end) == (before, after)


def test_a_passage_of_another_length_than_its_offsets_is_refused() -> None:
    with pytest.raises(
        VerbatimError, match=r"passage 7 of a\.txt: 4 code points expected, 3 found"
    ):
        Passage(number=7, document="a.txt", start=0, end=4, text="abc", sentences=())


def test_a_quote_carries_its_surroundings_and_its_document() -> None:
    quote = a_quote()
    assert quote.exact == MIDDLE
    assert quote.prefix == "The mill\n\nIt ground rye. "
    assert quote.suffix == " Then it stood still.\n"
    assert (quote.document, quote.document_hash) == ("hills/mill.txt", "ab" * 32)


def test_the_surroundings_of_a_quote_are_bounded() -> None:
    text = "a" * 100 + "QUOTE" + "b" * 100
    quote = a_quote(100, 105, DOCUMENT.model_copy(update={"text": text}))
    assert (quote.prefix, quote.suffix) == ("a" * AROUND, "b" * AROUND)


def test_offsets_count_code_points() -> None:
    text = "👩‍🌾 e\u0301te\u0301: rye"
    start = text.index("rye")
    assert start == 11
    assert a_quote(start, start + 3, DOCUMENT.model_copy(update={"text": text})).exact == "rye"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (25, 60, "The river was straightened in 1821."),
        (25, 59, MIDDLE),
        (-57, 60, MIDDLE),
        (60, 25, ""),
        (25, 25, ""),
        (61, 200, "Then it stood still.\n"),
    ],
)
def test_a_quote_that_does_not_stand_there_raises(start: int, end: int, expected: str) -> None:
    with pytest.raises(VerbatimError):
        Quote.from_document(DOCUMENT, start, end, expected=expected, score=0.5)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((10, 24), (25, 60), False),
        ((10, 25), (25, 60), False),
        ((10, 26), (25, 60), True),
        ((10, 60), (25, 30), True),
    ],
)
def test_quotes_overlap_when_they_share_a_character(
    one: tuple[int, int], other: tuple[int, int], overlap: bool
) -> None:
    assert a_quote(*one).overlaps(a_quote(*other)) is overlap
    assert a_quote(*other).overlaps(a_quote(*one)) is overlap


def test_the_same_words_of_two_documents_do_not_overlap() -> None:
    copy = DOCUMENT.model_copy(update={"id": "copy.txt"})
    assert not a_quote().overlaps(a_quote(document=copy))


def test_a_citation_is_its_quote_with_number_and_source() -> None:
    quote = a_quote()
    citation = Citation.of(quote, number=2, source=Source(title="The mill"))
    assert (citation.number, citation.source.title) == (2, "The mill")
    assert {field: getattr(citation, field) for field in Quote.model_fields} == dict(quote)


def test_an_answer_has_citations_or_an_abstention_and_never_both() -> None:
    citation = Citation.of(a_quote(), number=1, source=Source())
    abstention = Abstention(
        reason="no-evidence",
        cause="near",
        message="Nothing near.",
        remedy="Ask otherwise.",
        nearest=(citation,),
    )
    assert an_answer((citation,), None).answered
    assert not an_answer((), abstention).answered
    with pytest.raises(ValidationError, match="never both"):
        an_answer((citation,), abstention)
    with pytest.raises(ValidationError, match="never both"):
        an_answer((), None)


def test_an_answer_names_the_perspectives_that_the_library_lacks() -> None:
    answer = an_answer((Citation.of(a_quote(), number=1, source=Source()),), None)
    assert [row.label for row in answer.lacking] == ["B"]


def test_the_json_of_an_answer_says_whether_it_answers_and_holds_plain_values() -> None:
    perspective = Source().perspective.model_copy(update={"assigned_on": date(2024, 5, 6)})
    source = Source(perspective=perspective)
    shape = an_answer((Citation.of(a_quote(), number=1, source=source),), None).to_json()
    assert shape["answered"] is True
    assert shape["citations"][0]["exact"] == MIDDLE
    assert shape["citations"][0]["source"]["perspective"]["assigned_on"] == "2024-05-06"
    assert "lacking" not in shape


def test_a_source_without_a_label_shows_unlabelled() -> None:
    assert (Source().perspective.id, Source().perspective.label) == ("unlabelled", "Unlabelled")


def test_an_error_says_what_happened_then_the_remedy() -> None:
    assert str(ParallaxError("It broke.", "Mend it.")) == "It broke.\nMend it."
    assert str(ParallaxError("It broke.")) == "It broke."


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (
            ParallaxError,
            [
                SeedsError,
                SeedUnreadable,
                SandboxMissing,
                CatalogueError,
                ModelError,
                LibraryIndexError,
                PortTaken,
                SharingRefused,
                CollectionError,
                QuestionError,
                NotOwner,
                LinkUnreadable,
                SeedRefused,
                SourceGone,
                PageForgotten,
                Defect,
                VerbatimError,
            ],
        ),
        (SeedRefused, [SeedTooLarge, SeedExists, NoRoom]),
        (ModelError, [ModelMissing, ModelDamaged, TextTooLong]),
        (
            LibraryIndexError,
            [IndexMissing, IndexDamaged, IndexMismatch, IndexBusy, LibraryAway],
        ),
        (IndexMismatch, [IndexOutdated]),
    ],
)
def test_the_tree_of_errors_is_the_documented_one(
    parent: type[ParallaxError], children: list[type[ParallaxError]]
) -> None:
    assert set(parent.__subclasses__()) == set(children)


@pytest.mark.parametrize("spans", [[(0, 3), (3, 8)], [(2, 4), (6, 8)], [(0, 8)], []])
def test_a_readings_spans_are_in_order_within_its_text(spans: list[tuple[int, int]]) -> None:
    pages = tuple(Page(start=a, end=b, number=n) for n, (a, b) in enumerate(spans, start=1))
    assert Reading(text="Rye, oat", encoding="utf_8", pages=pages).pages == pages


@pytest.mark.parametrize("spans", [[(3, 8), (0, 3)], [(0, 5), (4, 8)], [(0, 9)], [(9, 12)]])
def test_a_readings_spans_out_of_order_or_beyond_its_text_are_refused(
    spans: list[tuple[int, int]],
) -> None:
    headings = tuple(Span(start=a, end=b) for a, b in spans)
    with pytest.raises(ValidationError, match="out of order, or beyond"):
        Reading(text="Rye, oat", encoding="utf_8", headings=headings)


def test_a_quote_knows_the_page_that_it_begins_on() -> None:
    text = "Rye was scarce. Oats were dear."
    pages = (Page(start=0, end=15, number=1), Page(start=16, end=31, number=4))
    document = Document(id="a.pdf", text=text, sha256="", encoding="pdf", pages=pages)
    for start, end, page in [(0, 15, 1), (0, 31, 1), (16, 31, 4), (20, 25, 4), (15, 31, 1)]:
        quote = Quote.from_document(document, start, end, expected=text[start:end], score=0.5)
        assert quote.page == page
    plain = document.model_copy(update={"pages": ()})
    assert Quote.from_document(plain, 0, 3, expected="Rye", score=0.5).page is None


def test_the_published_schema_is_that_of_the_records() -> None:
    published = Path(__file__).parent.parent / "docs" / "answer.schema.json"
    assert json.loads(published.read_text("utf-8")) == Answer.model_json_schema(
        mode="serialization"
    ), "Make it again: parallax ask --schema > docs/answer.schema.json"


# Sentences as numbers


@pytest.mark.parametrize("kind", ["sentence", "heading", "fragment"])
def test_sentences_are_found_by_place_and_in_slices(kind: SentenceKind) -> None:
    each = (Sentence(start=0, end=3), Sentence(start=4, end=9, kind=kind))
    held = Sentences(each)
    assert (len(held), held[0], held[-1]) == (2, *each)
    assert (held[:], held[1:], held[5:]) == (each, each[1:], ())
    assert tuple(held) == each
    assert tuple(reversed(held)) == each[::-1]
    with pytest.raises(IndexError):
        held[2]


def test_sentences_are_equal_if_all_of_them_are() -> None:
    one, other = Sentence(start=0, end=3), Sentence(start=0, end=3, kind="heading")
    assert Sentences([one]) == Sentences([one]) == (one,)
    assert Sentences([one]) != Sentences([other])
    assert Sentences([one]) != Sentences([one, Sentence(start=3, end=4)])
    assert Sentences([one]) != [one]
    assert not Sentences()


def test_a_document_says_its_sentences_as_before() -> None:
    dumped = DOCUMENT.model_dump(mode="json")
    assert dumped["sentences"] == [each.model_dump(mode="json") for each in SENTENCES]
    again = Document.model_validate_json(DOCUMENT.model_dump_json())
    assert again == DOCUMENT
    assert again.sentences == SENTENCES
    assert isinstance(again.sentences, Sentences)


def test_a_sentence_of_a_document_is_a_run() -> None:
    with pytest.raises(ValidationError):
        Document.model_validate(DOCUMENT.model_dump() | {"sentences": [{"start": 3, "end": 3}]})
