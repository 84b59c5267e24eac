from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from rag.answering import Library
from rag.encoder import Encoder
from rag.terminal import answer_view, furniture_view, sources_view
from tests.answers import ANSWER, DOCUMENTS, GAZETTE, SPOKEN, cited, words
from tests.making import WHEN_CLOSED, WHO_BURNT, labelled, library_of


def rendered(view: RenderableType, *, colour: bool = False, width: int = 200) -> str:
    out = StringIO()
    Console(file=out, width=width, force_terminal=colour, color_system=None).print(view)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def answered(library: Library, question: str, *, context: bool = False, only: str = "") -> str:
    answer = library.ask(question, only=labelled(*filter(None, [only])))
    return rendered(answer_view(answer, library.documents, context=context))


def test_a_citation_shows_number_quote_label_source_and_place(harbour: Library) -> None:
    lines = answered(harbour, WHEN_CLOSED, only="for-closing").splitlines()
    assert lines[:4] == [
        "[1]  The town council closed the harbour of Lomvik to trawlers in 1974.",
        "     — source labelled For closing · minutes",
        "     Minutes of the council · Ada Berg · 1976",
        "     council.txt [0:66]",
    ]
    assert lines[5:-1] == [
        "1 quote from 1 source: 1 For closing.",
        (
            "Only sources labelled For closing were heard, as you asked; 1 source labelled Against"
            " closing and 1 without a label were not searched."
        ),
        "This library holds no source labelled Scientists.",
    ]
    assert lines[-1].startswith("How closely the library matches your question: ")


def test_all_that_an_answer_may_hold_is_shown_in_its_order() -> None:
    assert rendered(answer_view(ANSWER, DOCUMENTS, context=False)).splitlines() == [
        "Asked as: How many workers died in the fire of Ostby?",
        "",
        "Different figures:",
        (
            "     workers · died · Ostby: 83 [1] Millers, 1870; [not quoted above: A letter]"
            " Unlabelled · 63 [2] Town, 1871 (inferred)"
        ),
        "",
        "The same figure in several sources:",
        "     put out: 2 March [2] Town, 1871 (inferred); [not quoted above: A diary] Town, 1870",
        "",
        "     The Gazette (source labelled Millers) reports Ada Berg:",
        "[1]  Ada Berg said that 83 workers died at Ostby. “Nobody came to help,” she told us.",
        "     — source labelled Millers",
        "     A night in March · The Gazette · 1870",
        "     gazette.txt [0:80]",
        "",
        "[2]  The fire of Ostby took the lives of 63 workers.",
        "     It was put out on 2 March.",
        "     — source labelled Town",
        "     The ledger · 1871 (inferred)",
        "     ledger.txt [0:74]",
        "",
        "2 quotes from 2 sources: 1 Millers, 1 Town.",
        "This library holds no source labelled Church.",
        (
            "1 source without a label is in this library; its best passage stood at rank 3 and"
            " is not quoted."
        ),
        (
            "4 sources labelled Press are in this library; none of their passages came near"
            " enough to be quoted."
        ),
        (
            "Why these quotes, in this order? By relevance; a perspective, and a source, that"
            " has been heard counts for less the next time."
        ),
        (
            "How closely the library matches your question: 80 %."
            " This says nothing about what is true."
        ),
    ]


def test_a_name_or_a_figure_over_two_lines_is_shown_in_one() -> None:
    torn = GAZETTE.model_copy(update={"text": GAZETTE.text.replace("Ada Berg", "Ada\nBerg")})
    speech = SPOKEN[0].model_copy(update={"speaker": words(torn, "Ada\nBerg"), "mention": None})
    citation = cited(torn, 1, speech)
    answer = ANSWER.model_copy(update={"citations": (citation,), "figures": ()})
    shown = rendered(answer_view(answer, DOCUMENTS | {torn.id: torn}, context=False))
    assert "     The Gazette (source labelled Millers) reports Ada Berg:\n" in shown
    assert "[1]  Ada\n     Berg said" in shown


def test_context_adds_the_neighbouring_sentences(harbour: Library) -> None:
    question = "Were the boats sold and did their crews leave the coast?"
    neighbour = "The harbour of Lomvik was closed to trawlers in 1975"
    plain = answered(harbour, question, only="against-closing")
    assert "[1]  Forty boats were sold and their crews left the coast." in plain
    around = answered(harbour, question, only="against-closing", context=True)
    assert f"↑    {neighbour}" in around
    assert "[1]  Forty boats were sold and their crews left the coast." in around
    assert around.count(neighbour) == plain.count(neighbour) + 1


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_says_so_and_shows_the_nearest_as_no_answer(harbour: Library) -> None:
    lines = answered(harbour, WHEN_CLOSED).splitlines()
    assert lines[0] == (
        "Passages of this library come near this question, but none of them answers it."
    )
    assert lines[1] == "Read the nearest ones, or ask in words that the sources would use."
    assert lines[3] == "Nearest in this library, not an answer to the question:"
    assert any(line.startswith("[1]  ") for line in lines[5:])


def test_an_abstention_without_anything_near_has_no_such_heading(harbour: Library) -> None:
    shown = answered(harbour, 'Who wrote "zeppelin"?')
    assert "No sentence of this library holds the exact words “zeppelin”." in shown
    assert "Nearest" not in shown


def test_who_else_holds_a_quotes_words_is_named_under_the_label_of_each(carried: Library) -> None:
    here = answered(carried, WHO_BURNT, only="town")
    assert (
        "also in Untitled: “From our reporter in Ostby.” · source labelled Millers · b.txt" in here
    )
    there = answered(carried, WHO_BURNT, only="millers")
    assert "     also in A night in March · source labelled The town · a.txt [0:71]" in there


def test_near_duplicates_are_named_with_each_source(carried: Library) -> None:
    (group,) = carried.generation.texts.duplicates
    alike = f"     {round(100 * group.similarity)} % alike: "
    lines = rendered(sources_view(carried.generation)).splitlines()
    assert [line for line in lines if "alike" in line] == [f"{alike}b.txt", f"{alike}a.txt"]


STEERING = (
    "The mayor of Eidsund \x1b[31mwas \x07[bold]paid[/bold]\x1b]8;;http://x\x1b\\ by the mill.\n"
)


@pytest.mark.parametrize("context", [False, True])
@pytest.mark.parametrize("colour", [False, True])
def test_control_characters_and_markup_of_a_document_are_shown_not_obeyed(
    tmp_path: Path, quick_encoder: Encoder, context: bool, colour: bool
) -> None:
    catalogue = '[[sources]]\nfile = "a.txt"\ntitle = "A \\u001b[5m[red]title"\nkind = "\\u0007"\n'
    library = library_of(tmp_path, {"a.txt": STEERING, "sources.toml": catalogue}, quick_encoder)
    answer = library.ask("Who paid the mayor of Eidsund?")
    assert answer.citations[0].exact == STEERING.strip()
    shown = rendered(answer_view(answer, library.documents, context=context), colour=colour)
    assert "was ␇[bold]paid[/bold]␛]8;;http://x␛\\ by the mill." in shown
    assert "A ␛[5m[red]title" in shown
    assert "\x07" not in shown
    assert "\x1b[31m" not in shown
    assert "\x1b]" not in shown
    assert "\x1b[5m" not in shown


def test_sources_are_listed_with_title_label_and_extent(harbour: Library) -> None:
    shown = rendered(sources_view(harbour.generation))
    assert harbour.generation.id in shown.splitlines()[0]
    for name in harbour.documents:
        assert f"\n{name}\n" in shown
    assert "Minutes of the council · Ada Berg · 1976" in shown
    assert "source labelled For closing · minutes" in shown
    assert "Unlabelled" in shown
    assert shown.count("1 passage · 0% left out\n") == 3
    assert "  1 labelled For closing (id: for-closing)" in shown.splitlines()[-4]


def test_a_basis_over_several_lines_is_shown_in_one(tmp_path: Path, encoder: Encoder) -> None:
    entry = '[[sources]]\nfile = "a.txt"\nperspective = "x"\nbasis = """It says\nso."""\n'
    catalogue = f'[perspectives.x]\nlabel = "X"\n\n{entry}'
    files = {"a.txt": "The quay is made of wood.\n", "sources.toml": catalogue}
    shown = rendered(sources_view(library_of(tmp_path, files, encoder).generation))
    assert "\n     basis: It says so.\n" in shown


def test_labels_that_nobody_reviewed_and_what_is_inferred_are_marked(library: Library) -> None:
    shown = rendered(sources_view(library.generation))
    waiting = sum(not d.source.perspective.reviewed for d in library.documents.values())
    assert shown.count("\n     not yet reviewed by the library's owner\n") == waiting > 0
    assert shown.count(" (not yet reviewed) · ") == waiting
    assert " · 2011 (inferred)\n" in shown


def test_furniture_is_listed_with_line_offsets_and_reason(library: Library) -> None:
    document = library.documents["000_eb101fab395a99e3.txt"]
    shown = rendered(furniture_view(document))
    assert len(document.furniture) > 0
    for span in document.furniture:
        (row,) = [line for line in shown.splitlines() if f"{span.start}:{span.end}" in line]
        number = document.text.count("\n", 0, span.start) + 1
        assert row.split("│")[1].strip() == str(number)
        assert span.reason.split()[0] in row


def test_a_document_without_furniture_says_so(harbour: Library) -> None:
    shown = rendered(furniture_view(harbour.documents["council.txt"]))
    assert shown == "Nothing was left out of council.txt."
