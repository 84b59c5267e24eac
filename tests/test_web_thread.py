import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from rag import wording
from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import QuestionError
from rag.export import Told, turn_markdown
from rag.records import (
    Abstention,
    Answer,
    AssignedPerspective,
    Citation,
    Comparison,
    Coverage,
    Document,
    Figure,
    Sentence,
    Source,
    Span,
    Speech,
    Words,
)
from rag.web.thread import Turn, said_html, thread_html, welcome_html
from rag.wording import language
from rag.wording.language import say
from tests.answers import ANSWER, DEAD, DOCUMENTS, GAZETTE, SHAPES, SPOKEN, cited, words
from tests.making import (
    ANY_TEXT,
    WHEN_CLOSED,
    Element,
    assert_stays_text,
    citation_of,
    document_told,
    labelled,
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
    return Turn(1, question).answered(library.ask(question, only=labelled(*perspectives)), library)


def shown(*turns: Turn) -> Element:
    return parsed(thread_html(turns))


def made_up() -> Element:
    """A page with the answer that has all that one may have."""
    turn = turn_of(1, ANSWER, *DOCUMENTS.values(), question=ANSWER.question)
    return shown(replace(turn, shapes=SHAPES))


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
    assert copied == wording.answers.reference(quote, MILL)
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

ONLY_CLOSING = (
    "Only sources labelled For closing were heard, as you asked;"
    " 1 source labelled Against closing and 1 without a label were not searched."
)


@pytest.mark.usefixtures("always_answers")
def test_coverage_is_said_and_what_the_library_lacks_apart_from_it(harbour: Library) -> None:
    turn = asked(harbour, WHEN_CLOSED, perspectives=["for-closing"])
    page = shown(turn)
    quotes = len(turn.citations)
    told = f"{wording.plain.counted(quotes, 'quote')} from 1 source: {quotes} For closing."
    assert page.one("span.told").words == told
    assert page.one("p.notes").texts("bdi") == [
        ONLY_CLOSING,
        "This library holds no source labelled Scientists.",
    ]
    (match,) = page.texts("p.match")
    assert match.startswith("How closely the library matches your question: ")


def test_nothing_is_said_to_be_lacking_where_every_label_has_a_source() -> None:
    held = [row_of("millers", "Millers", quoted=1)]
    answer = answer_of([citation_of(MILL, 0, 20)], coverage=held)
    page = shown(turn_of(1, answer, MILL))
    assert page.one("span.told").words == "1 quote from 1 source: 1 Millers."
    assert page.texts("p.notes") == ["Only sources labelled Millers were heard, as you asked. "]


def test_the_bar_has_a_part_for_each_quote_and_the_words_beside_it_its_shapes() -> None:
    page = made_up()
    parts = [each.attributes["class"] for each in page.one("span.shares").children]
    assert parts == ["share diamond", "share disc"]
    first, second = page.every("span.legend")
    assert (first.words, second.words) == ("1 Millers", "1 Town")
    assert [each.attributes["class"] for each in (first, second)] == [
        "legend diamond",
        "legend disc",
    ]
    assert [len(each.every("path")) for each in (first, second)] == [1, 0]


def test_how_each_label_fares_can_be_opened() -> None:
    fares = made_up().one("details.coverage").one("ul.fares")
    assert "open" not in made_up().one("details.coverage").attributes
    told = {each.one("span.badge").words: each.every("span")[-1].words for each in fares.children}
    assert list(told) == ["Millers", "Town", "Church", "Press", "Unlabelled"]
    assert told["Millers"] == (
        "3 sources in this library, 12 passages came near, 1 quote from 1 source;"
        " the best passage left out stood at rank 4"
    )
    assert told["Church"] == "no source in this library"


def test_of_many_labels_those_that_are_not_quoted_are_summed_up() -> None:
    rows = [row_of(f"p{number}", f"Party {number}", sources=number % 3) for number in range(25)]
    quoted = row_of("millers", "Millers", quoted=1)
    answer = answer_of([citation_of(MILL, 0, 20)]).model_copy(update={"coverage": (*rows, quoted)})
    coverage = shown(turn_of(1, answer, MILL)).one("details.coverage")
    told, folded = coverage.every("ul.fares")
    assert [each.one("span.badge").words for each in told.children] == ["Millers"]
    assert len(folded.children) == 25
    assert coverage.one("details").one("summary").words == (
        "25 other labels: 9 without a source, 16 with none near"
    )


def test_the_order_is_explained_to_who_opens_it_where_there_is_one() -> None:
    order = made_up().one("details.order")
    assert order.one("summary").text == say("order-heading")
    assert order.one("p").text == say("order")
    single = shown(turn_of(1, answer_of([citation_of(MILL, 0, 20)]), MILL))
    assert single.every("details.order") == []


# What can be done with a question


def test_a_question_is_edited_asked_again_or_removed_and_its_answer_copied() -> None:
    answer = answer_of([citation_of(MILL, 0, 20)])
    turn = turn_of(7, answer, MILL, question="What *burnt*?")
    page = shown(turn)
    buttons = {each.words: each.attributes for each in page.every("button")}
    assert buttons["Edit"]["data-edit"] == "What *burnt*?"
    assert buttons["Edit"]["data-editing"] == "Editing question 1, “What *burnt*?”"
    assert buttons["Edit"]["data-cancel"] == "Cancel"
    for says, what in (("Ask again", "again"), ("Remove", "remove")):
        assert (buttons[says]["data-do"], buttons[says]["data-turn"]) == (what, "7")
    assert buttons["Copy answer"]["data-answer"] == turn_markdown(
        Told("What *burnt*?", answer, {MILL.id: MILL})
    )


def test_nothing_can_be_done_with_a_question_that_waits() -> None:
    page = shown(Turn(1, "Why?"))
    assert page.every("button") == []
    assert page.one("p.searching").words == "Searching the library…"


def test_a_question_that_was_stopped_says_so_and_can_be_asked_again() -> None:
    page = shown(Turn(2, "Why?", stopped=True))
    assert page.every("p.searching") == []
    stopped = page.one("p.stopped")
    assert stopped.words == "You stopped this before it was answered. Ask again"
    assert stopped.one("button").attributes["data-do"] == "again"
    assert [each.words for each in page.every("button")] == ["Edit", "Remove", "Ask again"]


def test_an_answer_of_another_generation_than_before_says_so() -> None:
    answer = answer_of([citation_of(MILL, 0, 20)])
    turn = turn_of(1, answer, MILL)
    for earlier, said in (("", 0), (answer.generation, 0), ("an older one", 1)):
        assert len(shown(replace(turn, earlier=earlier)).every("p.anew")) == said


# Figures


def rows_of(table: Element) -> list[list[str]]:
    return [[cell.words for cell in row.children] for row in table.every("tr")]


def test_figures_stand_in_a_table_with_source_label_and_date() -> None:
    page = made_up()
    differ, agree = page.every("section.figures")
    assert differ.one("h3").text == "Different figures:"
    assert differ.one("caption").words == "workers · died · Ostby"
    assert rows_of(differ.one("table")) == [
        ["Figure", "Source", "Label", "Date"],
        ["83", "[1] A night in March", "Millers", "1870"],
        ["83", "A letter not quoted above", "Unlabelled", ""],
        ["63", "[2] The ledger", "Town", "1871 (inferred)"],
    ]
    assert rows_of(agree.one("table"))[1:] == [
        ["2 March", "[2] The ledger", "Town", "1871 (inferred)"],
        ["2 March", "A diary not quoted above", "Town", "1870"],
    ]


def test_figures_that_agree_are_folded_under_what_they_are_of() -> None:
    differ, agree = made_up().every("section.figures")
    assert differ.every("details") == []
    summary = agree.one("details").one("summary").words
    assert summary == "The same figure in several sources: put out"


def test_every_figure_is_a_button_of_its_own() -> None:
    page = made_up()
    places = [each.attributes["id"] for each in page.every("tr.figure")]
    assert places == [f"figure-1-{number}" for number in range(1, 6)]
    for number, each in enumerate(page.every("tr.figure"), start=1):
        button = each.one("button").attributes
        assert button == {"type": "button", "data-turn": "1", "data-figure": str(number)}


def test_of_many_comparisons_the_first_are_shown_and_the_rest_folded() -> None:
    answer = ANSWER.model_copy(update={"figures": (DEAD,) * 5})
    figures = shown(turn_of(1, answer, *DOCUMENTS.values())).one("section.figures")
    assert len(figures.every("table.compared")) == 5
    fold = figures.one("details")
    assert fold.one("summary").text == "2 more"
    assert len(fold.every("table.compared")) == 2
    numbers = figures.values("data-figure")
    assert sorted(map(int, numbers)) == list(range(1, 16))


def test_without_figures_nothing_is_said_of_any() -> None:
    page = shown(turn_of(1, answer_of([citation_of(MILL, 0, 20)]), MILL))
    assert page.every("section.figures") == []


# Who is speaking


def speech_told(*speeches: Speech, document: Document = GAZETTE) -> list[str]:
    answer = ANSWER.model_copy(update={"citations": (cited(document, 1, *speeches),)})
    card = shown(turn_of(1, answer, *DOCUMENTS.values())).one("article.card")
    return [each.words for each in card.every("p.speech")]


def test_a_card_says_whom_its_source_reports_before_the_quote() -> None:
    first, second = made_up().every("article.card")
    assert first.one("p.speech").words == "The Gazette (source labelled Millers) reports Ada Berg:"
    assert first.text.index("reports") < first.text.index("83 workers")
    assert second.every("p.speech") == []


def test_speakers_are_joined_and_one_who_is_not_named_is_said_to_be_so() -> None:
    ada, she = SPOKEN
    miller = ada.model_copy(update={"speaker": words(GAZETTE, "83 workers"), "mention": None})
    third = ada.model_copy(update={"speaker": words(GAZETTE, "Ostby"), "mention": None})
    unnamed = she.model_copy(update={"speaker": None})
    source = "The Gazette (source labelled Millers) reports"
    assert speech_told(ada, miller, ada) == [f"{source} Ada Berg and 83 workers:"]
    assert speech_told(ada, miller, third) == [f"{source} Ada Berg, 83 workers and Ostby:"]
    assert speech_told(she) == [f"{source} Ada Berg (“she”):"]
    assert speech_told(unnamed) == [f"{source} a speaker not named in this quote (“she”):"]
    nobody = unnamed.model_copy(update={"mention": None})
    assert speech_told(nobody, ada) == [f"{source} a speaker not named in this quote and Ada Berg:"]


@pytest.mark.parametrize(
    ("known", "reporter"),
    [
        ({"publisher": "A", "author": "B", "title": "C"}, "B (source without a label)"),
        ({"publisher": "A", "title": "C"}, "A (source without a label)"),
        ({"title": "C"}, "C (source without a label)"),
    ],
)
def test_who_reports_is_the_author_the_publisher_or_the_title(
    known: dict[str, str], reporter: str
) -> None:
    document = GAZETTE.model_copy(update={"source": Source.model_validate(known)})
    citation = cited(document, 1, SPOKEN[0])
    turn = turn_of(1, ANSWER.model_copy(update={"citations": (citation,)}), document)
    turn = replace(turn, documents=DOCUMENTS | {document.id: document})
    page = shown(turn)
    assert page.one("p.speech").words == f"{reporter} reports Ada Berg:"
    assert page.values("data-copy")[0].startswith(f"{reporter} reports Ada Berg:\n“Ada Berg said")


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_says_so_and_folds_away_what_is_nearest(harbour: Library) -> None:
    page = shown(asked(harbour, WHEN_CLOSED))
    silence = page.one("div.silence")
    assert silence.one("strong").text == (
        "Passages of this library come near this question, but none of them answers it."
    )
    fold = silence.one("details")
    assert "open" not in fold.attributes
    assert fold.one("p.nearest").text == say("nearest-heading")
    assert page.texts("blockquote") == fold.texts("blockquote")
    assert len(page.every("blockquote")) == 3
    assert silence.one("p.remedy").text == say("silence-near-remedy")
    assert silence.one("p.notes").texts("bdi") == [
        "This library holds no source labelled Scientists."
    ]
    assert page.every(".failure") == page.every(".coverage") == page.every(".order") == []


def test_an_abstention_without_anything_near_folds_nothing_away(harbour: Library) -> None:
    page = shown(asked(harbour, 'Who wrote "zeppelin"?'))
    assert page.one("strong").text == (
        "No sentence of this library holds the exact words “zeppelin”."
    )
    assert page.every("details") == page.every("article") == []
    assert say("nearest-heading") not in page.text


def test_that_a_label_has_no_source_is_said_once(harbour: Library) -> None:
    page = shown(asked(harbour, WHEN_CLOSED, perspectives=["scientists"]))
    silence = page.one("div.silence")
    assert silence.one("strong").text == "This library holds no source labelled Scientists."
    (note,) = silence.one("p.notes").texts("bdi")
    assert note == (
        "Only sources labelled Scientists were to be heard, as you asked; 1 source labelled"
        " For closing, 1 labelled Against closing and 1 without a label were not searched."
    )


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
        [
            (button.attributes["data-turn"], button.attributes["data-citation"])
            for button in turn.every("button")
            if "data-citation" in button.attributes
        ]
        for turn in turns
    ]
    assert places == [[("1", "1"), ("1", "2")], [], [("3", "1")]]
    assert page.values("id") == ["citation-1-1", "citation-1-2", "citation-3-1"]


def test_a_turn_is_made_into_html_once_for_each_language_and_place() -> None:
    turn = turn_of(1, answer_of([citation_of(MILL, 0, 20)]), MILL)
    first = turn.html(1)
    assert turn.html(1) == first
    assert str(thread_html([turn])).count(first) == 1
    with language.spoken("ru"):
        russian = turn.html(1)
        assert say("thread-read") in russian
    assert (russian == first, turn.html(2) == first) == (False, False)
    assert replace(turn, stopped=True, answer=None).html(1) != first


def test_without_turns_there_is_only_the_unseen_heading() -> None:
    assert shown().words == "Conversation"
    assert [(each.tag, each.attributes) for each in shown().every()] == [
        ("h1", {"class": "unseen"})
    ]


def test_what_was_searched_for_is_said_only_where_it_is_not_the_question() -> None:
    quote = citation_of(MILL, 0, 20)
    alone = shown(turn_of(1, answer_of([quote]), MILL))
    assert alone.every("p.asked-as") == []
    answer = answer_of([quote], asked_as="Who paid for the mill?")
    together = shown(turn_of(1, answer, MILL)).one("p.asked-as")
    assert together.words == "Asked as: Who paid for the mill? Change"
    assert together.one("button").attributes == {
        "type": "button",
        "data-change": "Who paid for the mill?",
    }
    heard = answer.model_copy(
        update={"perspectives": ("millers",), "coverage": (row_of("millers", "Millers", 1),)}
    )
    changed = shown(turn_of(1, heard, MILL)).one("p.asked-as").one("button").attributes
    asks = "Only sources labelled Millers: Who paid for the mill?"
    assert changed["data-change"] == asks
    only = answer.model_copy(update={"sources": (MILL.id,)})
    told = shown(turn_of(1, only, MILL)).one("p.asked-as").words
    assert told == "Asked as: Who paid for the mill? (only the source “The mill”) Change"


def test_what_is_read_aloud_is_the_coverage_or_the_silence_with_its_remedy() -> None:
    turn = turn_of(1, ANSWER, *DOCUMENTS.values())
    told = parsed(said_html(turn)).text
    assert told.startswith("2 quotes from 2 sources: 1 Millers, 1 Town. This library holds no")
    silent = answer_of(nearest=[citation_of(MILL, 0, 20)], told="Nothing.")
    assert parsed(said_html(turn_of(1, silent, MILL))).text == "Nothing. Nothing."


# Hostile text


def conversation(told: str) -> list[Turn]:
    """Every kind of turn, with `told` wherever a question, a catalogue or a file may put words."""
    document = document_told(told, told, told)
    citations = [spoken(citation_of(document, 0, len(told), also=[document]))]
    coverage = [
        row_of("one", told, quoted=1),
        row_of("two", told, sources=0),
    ]
    answer, silence = (
        answer_of(quoted, nearest, told=told, asked_as=f"{told} {told}", coverage=coverage)
        for quoted, nearest in ((citations, None), ((), citations))
    )
    figures = tuple(comparison_of(document, told, agreed=each) for each in (True, False))
    answer = answer.model_copy(update={"figures": figures})
    return [
        turn_of(1, answer, document, question=told),
        turn_of(2, silence, document, question=told),
        Turn(3, told, error=QuestionError(told, told)),
        Turn(4, told, stopped=True),
        Turn(5, told),
    ]


def spoken(citation: Citation) -> Citation:
    """The same with its whole text as speaker, as what stands for one, and as both."""
    all_of_it = Words(start=0, end=citation.end, exact=citation.exact)
    speech = Speech(
        speaker=all_of_it,
        mention=all_of_it,
        cue=all_of_it,
        reported=(Span(start=0, end=citation.end),),
        direct=False,
    )
    unnamed = speech.model_copy(update={"speaker": None})
    return citation.model_copy(update={"speeches": (speech, unnamed)})


def comparison_of(document: Document, told: str, *, agreed: bool) -> Comparison:
    """Figures whose words are all of a text, quoted and not."""
    whole = Words(start=0, end=len(told), exact=told)
    figures = [
        Figure(
            **dict(whole),
            sentence=whole,
            document=document.id,
            document_hash="",
            citation=citation,
            low=0,
            high=0,
            source=document.source,
        )
        for citation in (1, None)
    ]
    return Comparison(about=(whole, whole), kind="count", agreed=agreed, figures=tuple(figures))


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT.filter(str.strip))  # no quote is of white space alone
def test_no_text_of_a_question_a_source_or_a_label_is_ever_markup(text: str) -> None:
    assert_stays_text(lambda told: COPIED.sub("", thread_html(conversation(told))), text)
    turns = conversation(text)
    copied = [turn.copied for turn in turns if turn.copied]
    assert parsed(thread_html(turns)).values("data-answer") == copied


COPIED = re.compile(r'(?<=data-answer=")[^"]*')
"""Markdown, which escapes what would be markup there; see tests/test_export.py."""


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
            *("cite", "button", "details", "summary", "ul", "li"),
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
