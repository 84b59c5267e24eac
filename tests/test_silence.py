from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.furniture.left_out import left_out_of
from rag.index.generation import Generation
from rag.index.lexical import LexicalStore
from rag.records import UNLABELLED, Abstention, Cause, Document, Filter
from rag.retrieval import Query
from rag.silence import LeftOut, abstention
from rag.weights import weights
from tests.making import HARBOUR, WHEN_CLOSED, labelled, library_of

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"
LIGHTHOUSE = "What colour is the lighthouse of Lomvik?"

TICKETS = "tickets.html"
FURNISHED = {
    TICKETS: (
        "<html><body><nav><ul><li><a href='/a'>Orchestra tickets by post</a></li>"
        "<li><a href='/b'>Regatta calendar</a></li></ul></nav><main><article>"
        "<p>The harbour of Lomvik was dredged by a bucket dredger in the year 1931.</p>"
        "<p>The dredger was towed to Ostby in the following spring, and it sank on the way.</p>"
        "</article></main></body></html>"
    )
}
"""A page of which the menu says what its text does not."""


def silent(
    library: Library, question: str, perspectives: Sequence[str] = (), history: Sequence[str] = ()
) -> Abstention:
    answer = library.ask(question, history, labelled(*perspectives))
    assert answer.abstention is not None
    return answer.abstention


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Library:
    return library_of(tmp_path_factory.mktemp("furnished"), FURNISHED, quick_encoder)


def left_out(library: Library, document: str) -> list[str]:
    held = library.documents[document]
    return [held.text[span.start : span.end] for span in held.furniture]


# Each cause


def test_an_empty_library_says_so() -> None:
    # No build makes an index of nothing, so no library is asked here.
    said = abstention("empty", (), (), (), ())
    assert (said.message, said.cause) == ("This library is empty.", "empty")
    assert "folder of seeds" in said.remedy


@pytest.mark.parametrize("question", [WHEN_CLOSED, ELSEWHERE, '"zeppelin"'])
def test_a_label_that_no_source_carries_is_a_gap_of_the_library(
    harbour: Library, question: str
) -> None:
    said = silent(harbour, question, ["scientists"])
    assert said.cause == "gap"
    assert said.message == "This library holds no source labelled Scientists."
    assert said.nearest == ()


def test_a_label_with_sources_beside_one_without_is_no_gap(harbour: Library) -> None:
    assert silent(harbour, ELSEWHERE, ["scientists", "for-closing"]).cause == "nothing-near"


@pytest.mark.parametrize(
    ("heard", "cause"),
    [
        # The lighthouse is in the visitor's note alone, which is unlabelled.
        (["for-closing"], "filter"),
        (["for-closing", "against-closing"], "filter"),
    ],
)
def test_that_only_others_answer_is_the_reader_s_filter(
    harbour: Library, heard: list[str], cause: str
) -> None:
    assert harbour.ask(LIGHTHOUSE, only=labelled(UNLABELLED)).answered
    said = silent(harbour, LIGHTHOUSE, heard)
    assert said.cause == cause
    labels = " or ".join({"for-closing": "For closing"}.get(h, "Against closing") for h in heard)
    assert said.message == (
        f"Nothing in the sources labelled {labels} answers this question;"
        " other sources of this library do."
    )
    assert said.remedy == "Take the filter off to read them."


@pytest.mark.parametrize(
    ("only", "such"),
    [
        (Filter(kinds=("diary",)), "of the kind “diary”"),
        (Filter(since="1977"), "published since 1977"),
        (Filter(until="1975-12-31"), "published up to 1975-12-31"),
        (
            Filter(perspectives=("against-closing",), since="1900", until="1999"),
            "labelled Against closing, published from 1900 to 1999",
        ),
    ],
)
def test_what_no_source_is_by_kind_or_date_is_a_gap_of_the_library(
    harbour: Library, only: Filter, such: str
) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=only)
    assert answer.abstention
    assert answer.abstention.cause == "gap"
    assert answer.abstention.message == f"This library holds no source {such}."
    assert [row.searched for row in answer.coverage] == [0] * 4


def test_chosen_sources_that_another_condition_leaves_out_are_named(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=Filter(sources=("council.txt",), since="1990"))
    assert answer.abstention
    assert answer.abstention.cause == "gap"
    assert answer.abstention.message == (
        "Nothing of the source “Minutes of the council” passes the filter."
    )


@pytest.mark.parametrize(
    ("only", "such"),
    [
        (Filter(kinds=("minutes",)), "of the kind “minutes”"),
        (Filter(since="1976", until="1976"), "published in 1976"),
    ],
)
def test_that_sources_of_another_kind_or_date_answer_is_the_reader_s_filter(
    harbour: Library, only: Filter, such: str
) -> None:
    answer = harbour.ask(LIGHTHOUSE, only=only)
    assert answer.abstention
    assert answer.abstention.cause == "filter"
    assert answer.abstention.message == (
        f"Nothing in the sources {such} answers this question; other sources of this library do."
    )


def test_what_nobody_answers_is_no_matter_of_the_filter(harbour: Library) -> None:
    assert silent(harbour, ELSEWHERE, ["for-closing"]).cause == "nothing-near"


def test_words_that_only_the_menu_holds_are_left_out(furnished: Library) -> None:
    assert any("Orchestra tickets" in text for text in left_out(furnished, TICKETS))
    said = silent(furnished, "Are there orchestra tickets by post?")
    assert said.cause == "left-out"
    assert "left out of answers" in said.message


def test_words_that_neither_menu_nor_text_holds_are_not_left_out(furnished: Library) -> None:
    assert silent(furnished, ELSEWHERE).cause == "nothing-near"


def test_words_that_the_text_holds_too_are_not_said_to_be_left_out(
    furnished: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Who dredged the harbour of Lomvik in 1931?"
    assert furnished.ask(question).answered
    high = weights().model_copy(update={"answer_at": 1.1})
    monkeypatch.setattr("rag.answering.weights", lambda: high)
    assert silent(furnished, question).cause == "near"


@pytest.mark.parametrize(
    ("near_at", "cause"), [(0.0, "near"), (1.0, "nothing-near")], ids=["near", "far"]
)
def test_near_and_nothing_near_are_told_apart_by_the_match(
    harbour: Library, monkeypatch: pytest.MonkeyPatch, near_at: float, cause: str
) -> None:
    limits = weights().model_copy(update={"near_at": near_at})
    monkeypatch.setattr("rag.silence.weights", lambda: limits)
    said = silent(harbour, ELSEWHERE)
    assert said.cause == cause
    assert len(said.nearest) == 3


def test_the_match_at_which_something_is_near_is_below_the_one_that_answers() -> None:
    assert 0 < weights().near_at < weights().answer_at < 1


def test_a_phrase_that_nobody_wrote_is_a_cause_and_a_reason(harbour: Library) -> None:
    said = silent(harbour, 'Who wrote "zeppelin" or “airship”?')
    assert (said.cause, said.reason) == ("phrase", "phrase-not-found")
    assert said.message == (
        "No sentence of this library holds the exact words “zeppelin” and “airship”."
    )
    assert "quotation marks" in said.remedy
    assert silent(harbour, ELSEWHERE).reason == "no-evidence"


def test_a_phrase_that_another_perspective_wrote_is_a_matter_of_the_filter(
    harbour: Library,
) -> None:
    assert silent(harbour, 'What of the "herring"?', ["against-closing"]).cause == "filter"
    assert silent(harbour, 'What of the "zeppelin"?', ["against-closing"]).cause == "phrase"


# What they say


@pytest.mark.parametrize("cause", get_args(Cause))
def test_every_cause_has_a_message_and_a_remedy_of_its_own(cause: Cause) -> None:
    said = abstention(cause, ["rye"], ["The town", "Millers"], (), ())
    assert said.cause == cause
    assert said.message.endswith(".")
    assert said.remedy.endswith(".")
    assert "{" not in said.message + said.remedy
    others = [abstention(each, ["rye"], ["A"], (), ()) for each in get_args(Cause) if each != cause]
    assert said.message not in [each.message for each in others]
    assert said.remedy not in [each.remedy for each in others]


def test_the_sources_that_were_heard_are_named_by_title_before_their_labels() -> None:
    said = abstention("near", (), ["The town"], ["A night in March"], ())
    assert said.message.startswith("Passages of the source “A night in March” come near")
    said = abstention("near", (), ["The town"], (), ())
    assert said.message.startswith("Passages of the sources labelled The town come near")


def test_words_that_stand_nowhere_are_told_where_words_are_what_a_reader_can_change(
    harbour: Library,
) -> None:
    said = silent(harbour, "When was the Olympiad of chess held, olympiad?")
    assert said.remedy.startswith("No passage of this library holds “Olympiad”, “chess”, ")
    near, filtered = (
        abstention(cause, (), (), (), (), absent=["rye"]).remedy for cause in ("near", "filter")
    )
    assert "“rye”" in near
    assert near.endswith(abstention("near", (), (), (), ()).remedy)
    assert "rye" not in filtered


# What is left out


def furniture_of(text: str, *spans: tuple[int, int]) -> Document:
    given = [{"start": start, "end": end, "reason": "menu"} for start, end in spans]
    return Document.model_validate(
        {"id": "a", "text": text, "sha256": "", "encoding": "utf_8", "furniture": given}
    )


def test_words_that_stand_in_two_menus_apart_are_held_by_neither(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    generation = library_of(tmp_path, HARBOUR, quick_encoder).generation
    assert list(generation.numbers) == ["council.txt", "fishers.txt", "visitor.md"]

    def holds(document: Document, question: str, searched: Iterable[str] = ("visitor.md",)) -> bool:
        runs = left_out_of(document)
        stores = generation.stores._replace(
            rows=generation.rows._replace(left_out=np.array([0, 0, 0, len(runs)])),
            left_out=LexicalStore.from_texts(runs, ["english"] * len(runs)),
        )
        held = Generation(generation.manifest, generation.texts, stores)
        return LeftOut(held).holds(question, {*searched})

    text = "Orchestra by\n tickets post. The harbour was dredged. Orchestra regatta"
    together = furniture_of(text, (0, 12), (14, 27))
    apart = furniture_of(text, (0, 12), (53, len(text)))
    assert holds(together, "Orchestra tickets?")
    assert not holds(together, "Orchestra tickets?", ["council.txt", "fishers.txt"])
    assert not holds(apart, "Orchestra tickets?")
    assert not holds(furniture_of(text), "Orchestra tickets?")
    assert not holds(furniture_of(text), "the of and")


def test_a_query_is_filtered_by_a_condition_or_by_whom_it_names() -> None:
    query = Query(question="Who?", text="Who?")
    assert not query.filtered
    assert query.model_copy(update={"only": Filter(until="2020")}).filtered
    assert query.model_copy(update={"named": ("a",)}).filtered
