from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from rag import wording
from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import QuestionError
from rag.records import (
    Abstention,
    Answer,
    AssignedPerspective,
    Citation,
    Coverage,
    Document,
    Sentence,
    Source,
)
from rag.web.thread import Turn, thread_html, welcome_html
from tests.making import (
    ANY_TEXT,
    WHEN_CLOSED,
    Element,
    assert_stays_text,
    citation_of,
    document_told,
    library_of,
    parsed,
    row_of,
)

MILL = Document(
    id="a/mill.txt",
    text="The mill burnt down.\r\nNobody was paid.\r\n",
    sha256="",
    encoding="utf_8",
    source=Source(
        title="The mill",
        author="Ada Berg",
        publisher="The Gazette",
        published="1976",
        kind="letter",
        inferred={"published": "its paper"},
        perspective=AssignedPerspective(id="millers", label="Millers"),
    ),
)

NOTE = Document(
    id="note.md",
    text="The owner of the mill paid his men twice over in that year.",
    sha256="",
    encoding="utf_8",
    sentences=(Sentence(start=0, end=59),),
)


def answer_of(
    citations: Sequence[Citation] = (),
    nearest: Sequence[Citation] | None = None,
    *,
    told: str = "Who paid?",
    asked_as: str = "Who paid?",
    coverage: Sequence[Coverage] = (),
) -> Answer:
    abstention = None
    if nearest is not None:
        abstention = Abstention(
            reason="no-evidence", cause="near", message=told, remedy=told, nearest=tuple(nearest)
        )
    return Answer(
        question=told,
        asked_as=asked_as,
        perspectives=tuple(row.perspective for row in coverage if row.sources),
        sources=(),
        abstention=abstention,
        match=0.5,
        generation="",
        coverage=tuple(coverage),
        figures=(),
        citations=tuple(citations),
    )


def turn_of(number: int, answer: Answer, *documents: Document, question: str = "Who paid?") -> Turn:
    held = {document.id: document for document in documents}
    return Turn(number, question, answer, documents=held, shapes={"millers": "disc", "one": "disc"})


def asked(library: Library, question: str, perspectives: Sequence[str] = ()) -> Turn:
    return Turn(1, question).answered(library.ask(question, perspectives=perspectives), library)


def shown(*turns: Turn) -> Element:
    return parsed(thread_html(turns))


def two_cards() -> list[Element]:
    citations = [citation_of(MILL, 22, 38), citation_of(NOTE, 0, 59, number=2)]
    return shown(turn_of(1, answer_of(citations), MILL, NOTE)).every("article.card")


# Cards


def test_a_card_shows_number_quote_label_source_and_place() -> None:
    card, _ = two_cards()
    assert card.one("span.number").text == "1"
    assert card.one("blockquote.quote").inside == [MILL.text[22:38]] == ["Nobody was paid."]
    badge = card.one("span.badge")
    assert badge.words == "source labelled Millers"
    assert badge.attributes["class"] == "badge disc"
    assert badge.one("svg").one("circle")
    assert card.one("p.label").words == "source labelled Millers letter"
    assert card.one("cite").text == "The mill"
    assert card.one("p.source").words == "The mill Ada Berg The Gazette 1976 (inferred)"
    inferred = card.one("span.inferred")
    assert inferred.text == "1976 (inferred)"
    assert inferred.attributes["title"] == "inferred: its paper"
    assert card.one("span.place").text == "a/mill.txt [22:38]"


def test_a_card_marks_a_label_that_nobody_reviewed_and_what_only_the_file_says() -> None:
    label = AssignedPerspective(
        id="millers", label="Millers", assigned_by="a program, from the text alone"
    )
    source = MILL.source.model_copy(
        update={"perspective": label, "from_file": ("author", "published")}
    )
    mill = MILL.model_copy(update={"source": source})
    card = shown(turn_of(1, answer_of([citation_of(mill, 22, 38)]), mill)).one("article.card")
    assert card.one("p.label").words == "source labelled Millers not yet reviewed letter"
    told = "The mill Ada Berg (from the file) The Gazette 1976 (from the file)"
    assert card.one("p.source").words == told
    assert two_cards()[0].every(".unreviewed") == []


def test_a_card_of_an_unlabelled_untitled_source_says_so_and_shows_no_more_than_is_known() -> None:
    _, card = two_cards()
    assert card.one("span.number").text == "2"
    assert card.one("blockquote.quote").text == NOTE.text
    badge = card.one("span.badge")
    assert badge.text == "Unlabelled"
    assert badge.attributes["class"] == "badge unlabelled"
    assert badge.every("svg") == []
    assert card.one("p.label").words == "Unlabelled"
    assert card.one("p.source").words == "Untitled: “The owner of the mill paid his men…”"
    assert "None" not in card.text


def test_what_is_copied_is_the_reference_as_it_stands() -> None:
    quote = citation_of(MILL, 0, 38)
    (copied,) = shown(turn_of(1, answer_of([quote]), MILL)).values("data-copy")
    assert copied == wording.reference(quote, MILL)
    assert copied == (
        "“The mill burnt down.\r\nNobody was paid.”\n— The mill · Ada Berg · The Gazette"
        " · 1976 (inferred) · source labelled Millers · letter · a/mill.txt [0:38]"
    )


def test_a_card_names_who_else_holds_the_words_under_the_label_of_each_and_opens_it() -> None:
    copy = MILL.model_copy(update={"id": "copy.txt", "source": Source(title="A <copy>")})
    other = MILL.model_copy(update={"id": "b.txt"})
    citation = citation_of(MILL, 22, 38, also=[copy, other])
    page = shown(turn_of(3, answer_of([citation]), MILL, copy, other))
    first, second = page.every("p.also")
    assert first.words == "also in A <copy> Unlabelled"
    assert second.words == "also in The mill source labelled Millers"
    assert second.one("span.badge").attributes["class"] == "badge disc"
    button = {"type": "button", "data-turn": "3", "data-quote": "1"}
    assert [each.one("button").attributes for each in (first, second)] == [
        button | {"data-also": "1"},
        button | {"data-also": "2"},
    ]
    assert "— also in A <copy> · Unlabelled · copy.txt [22:38]" in page.values("data-copy")[0]


def test_a_card_of_a_quote_that_stands_nowhere_else_says_nothing_of_it() -> None:
    assert [card.every("p.also") for card in two_cards()] == [[], []]


@pytest.mark.usefixtures("always_answers")
def test_every_quote_of_a_real_answer_is_a_slice_of_its_document(library: Library) -> None:
    turn = asked(library, "How many people were killed at Khojaly?")
    cards = shown(turn).every("article.card")
    assert turn.answer is not None
    assert len(cards) == len(turn.answer.citations) > 2
    for number, (card, citation) in enumerate(zip(cards, turn.citations, strict=True), start=1):
        document = library.documents[citation.document]
        assert card.one("span.number").text == str(number) == str(citation.number)
        quote = card.one("blockquote").text
        assert quote == document.text[citation.start : citation.end]
        assert card.one("cite").text == document.display_title
        label = document.source.perspective.label
        assert card.one("span.badge").words == f"source labelled {label}"
        assert card.one("span.place").text == (
            f"{document.id} [{citation.start}:{citation.start + len(quote)}]"
        )


# What stands around cards


@pytest.mark.usefixtures("always_answers")
def test_coverage_is_said_and_what_the_library_lacks_apart_from_it(harbour: Library) -> None:
    page = shown(asked(harbour, WHEN_CLOSED, perspectives=["for-closing"]))
    assert page.texts("p.coverage") == [
        "Only sources labelled For closing were heard. 2 quotes from 1 source: 2 For closing.",
        "This library holds no source labelled Scientists.",
    ]
    assert page.texts("p.lacking") == ["This library holds no source labelled Scientists."]
    (match,) = page.texts("p.match")
    assert match.startswith("How closely the library matches your question: ")


def test_nothing_is_said_to_be_lacking_where_every_label_has_a_source() -> None:
    held = [row_of("millers", "Millers", quoted=1)]
    answer = answer_of([citation_of(MILL, 0, 20)], coverage=held)
    (said,) = shown(turn_of(1, answer, MILL)).texts("p.coverage")
    assert said == "Only sources labelled Millers were heard. 1 quote from 1 source: 1 Millers."


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_says_so_and_folds_away_what_is_nearest(harbour: Library) -> None:
    page = shown(asked(harbour, WHEN_CLOSED))
    silence = page.one("div.silence")
    assert silence.one("strong").text == (
        "Passages of this library come near this question, but none of them answers it."
    )
    fold = silence.one("details")
    assert "open" not in fold.attributes
    assert fold.one("p.nearest").text == wording.NEAREST_HEADING
    assert page.texts("blockquote") == fold.texts("blockquote")
    assert len(page.every("blockquote")) == 3
    assert silence.texts("p.lacking") == ["This library holds no source labelled Scientists."]
    assert page.every(".failure") == []


def test_an_abstention_without_anything_near_folds_nothing_away(harbour: Library) -> None:
    page = shown(asked(harbour, 'Who wrote "zeppelin"?'))
    assert page.one("strong").text == (
        "No sentence of this library holds the exact words “zeppelin”."
    )
    assert page.every("details") == page.every("article") == []
    assert wording.NEAREST_HEADING not in page.text


def test_that_a_label_has_no_source_is_said_once(harbour: Library) -> None:
    page = shown(asked(harbour, WHEN_CLOSED, perspectives=["scientists"]))
    silence = page.one("div.silence")
    assert silence.one("strong").text == "This library holds no source labelled Scientists."
    assert silence.texts("p.coverage") == ["Only sources labelled Scientists were heard."]


def test_an_error_shows_message_and_remedy_and_nothing_that_looks_like_silence() -> None:
    page = shown(Turn(1, "Who paid?", error=QuestionError("It is too long.", "Ask in fewer.")))
    error = page.one("div.failure")
    assert error.attributes["role"] == "alert"
    assert error.text == "It is too long. Ask in fewer."
    assert error.one("strong").text == "It is too long."
    assert page.every(".silence") == page.every(".searching") == page.every("article") == []


def test_a_question_without_an_answer_yet_is_being_searched_for() -> None:
    page = shown(Turn(1, "Who paid?"))
    assert page.one("h2.question").text == "Who paid?"
    assert page.one("p.searching").attributes["role"] == "status"
    assert page.every(".silence") == page.every(".failure") == page.every("article") == []


def test_an_answered_question_is_not_being_searched_for_any_more() -> None:
    page = shown(turn_of(1, answer_of([citation_of(MILL, 0, 20)]), MILL))
    assert page.every(".searching") == page.every(".silence") == page.every(".failure") == []


def test_turns_stand_in_their_order_and_each_quote_names_its_own() -> None:
    first, second = citation_of(MILL, 0, 20), citation_of(MILL, 22, 38, number=2)
    page = shown(
        turn_of(1, answer_of([first, second]), MILL, question="What burnt?"),
        Turn(2, "Why?", error=QuestionError("Too short.")),
        turn_of(3, answer_of(nearest=[first]), MILL, question="Who paid?"),
    )
    turns = page.every("section.turn")
    labels = [turn.attributes["aria-label"] for turn in turns]
    assert labels == ["Question 1", "Question 2", "Question 3"]
    assert [turn.one("h2").text for turn in turns] == ["What burnt?", "Why?", "Who paid?"]
    places = [
        list(zip(t.values("data-turn"), t.values("data-citation"), strict=True)) for t in turns
    ]
    assert places == [[("1", "1"), ("1", "2")], [], [("3", "1")]]
    assert page.values("id") == ["citation-1-1", "citation-1-2", "citation-3-1"]


def test_without_turns_there_is_only_the_unseen_heading() -> None:
    assert shown().words == "Conversation"
    assert [(each.tag, each.attributes) for each in shown().every()] == [
        ("h1", {"class": "unseen"})
    ]


def test_what_was_searched_for_is_said_only_where_it_is_not_the_question() -> None:
    quote = citation_of(MILL, 0, 20)
    alone = shown(turn_of(1, answer_of([quote]), MILL))
    assert alone.every("p.asked-as") == []
    together = shown(turn_of(1, answer_of([quote], asked_as="What burnt? Who paid?"), MILL))
    assert together.one("p.asked-as").text == (
        "Searched for together with the question before: What burnt? Who paid?"
    )


# Hostile text


def conversation(told: str) -> list[Turn]:
    """Every kind of turn, with `told` wherever a question, a catalogue or a file may put words."""
    document = document_told(told, told, told)
    citations = [citation_of(document, 0, len(told), also=[document])]
    coverage = [
        row_of("one", told, quoted=1),
        row_of("two", told, sources=0),
    ]
    answer, silence = (
        answer_of(quoted, nearest, told=told, asked_as=f"{told} {told}", coverage=coverage)
        for quoted, nearest in ((citations, None), ((), citations))
    )
    return [
        turn_of(1, answer, document, question=told),
        turn_of(2, silence, document, question=told),
        Turn(3, told, error=QuestionError(told, told)),
        Turn(4, told),
    ]


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT)
def test_no_text_of_a_question_a_source_or_a_label_is_ever_markup(text: str) -> None:
    assert_stays_text(lambda told: thread_html(conversation(told)), text)


HOSTILE = '<img src=x onerror="alert(1)"> ${alert(1)} {{ turns }} &amp; \u202e“\'`'


@pytest.mark.usefixtures("always_answers")
def test_a_library_of_hostile_names_and_words_is_only_text(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    sentence = f"The mill {HOSTILE} of Ostby burnt down in 1870."
    name = "<b onclick='alert(1)'>&lt;.txt"
    library = library_of(tmp_path, {name: f"{sentence}\r\n"}, quick_encoder)
    page = shown(asked(library, f"When did the mill of Ostby burn down? {HOSTILE}"))
    assert page.one("h2.question").text.endswith(HOSTILE)
    assert page.one("blockquote").text == sentence
    assert page.one("cite").text == name
    assert page.one("span.place").text == f"{name} [0:{len(sentence)}]"
    (copied,) = page.values("data-copy")
    assert copied.startswith(f"“{sentence}”\n— {name} · ")
    assert {element.tag for element in page.every()} == {
        *(
            "section",
            "h1",
            "h2",
            "p",
            "bdi",
            "article",
            "span",
            "div",
            "blockquote",
            "cite",
            "button",
        )
    }
    assert not [key for each in page.every() for key in each.attributes if key.startswith("on")]


# The first page


def test_the_first_page_offers_the_questions_of_the_catalogue(harbour: Library) -> None:
    page = parsed(welcome_html(harbour))
    assert "a quote from this library of 3 sources" in page.words
    assert page.texts("button.starter") == ["When was the harbour closed?"]
    assert page.values("data-ask") == ["When was the harbour closed?"]


def test_without_questions_to_begin_with_none_are_promised(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    library = library_of(tmp_path, {"a.txt": "The mill of Ostby burnt down.\n"}, quick_encoder)
    page = parsed(welcome_html(library))
    assert "a quote from this library of 1 source" in page.words
    assert page.every("button") == page.every("p.begin") == []
