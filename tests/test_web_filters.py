from pathlib import Path

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from rag.answering import Library
from rag.encoder import Encoder
from rag.records import EVERYTHING, Filter
from rag.web.filters import (
    FOUND_BY_EYE,
    LONGEST,
    MOST,
    Chosen,
    acting_html,
    filters_html,
    kinds_of,
)
from tests.making import ANY_TEXT, Element, assert_stays_text, library_of, parsed


def boxes(page: Element, field: str) -> list[tuple[str, str]]:
    """Of each box of a field, its value and what stands beside it."""
    found = []
    for label in page.every("label"):
        box = label.one("input").attributes
        if box.get("data-of") == field:
            found.append((box["value"], label.words))
    return found


def chips(page: Element) -> list[tuple[str, str, str]]:
    return [
        (each.attributes["data-of"], each.attributes["data-value"], each.words)
        for each in page.every("button.chip")
    ]


# The form


def test_the_form_offers_what_the_library_holds(harbour: Library) -> None:
    page = parsed(filters_html(harbour))
    heard, *_ = page.every("fieldset")
    assert heard.attributes["id"] == "heard"
    assert boxes(page, "perspectives") == [
        ("for-closing", "For closing (1)"),
        ("against-closing", "Against closing (1)"),
        ("scientists", "Scientists (0)"),
        ("unlabelled", "Unlabelled (1)"),
    ]
    names = [each.attributes["name"] for each in heard.every("input")]
    assert names == [value for value, _ in boxes(page, "perspectives")]
    titles = dict(boxes(page, "sources"))
    assert titles == {each.id: each.display_title for each in harbour.documents.values()}
    assert boxes(page, "kinds") == [("minutes", "minutes (1)")]
    dates = [each.attributes.get("data-of") for each in page.every("input")][-2:]
    assert dates == ["since", "until"]


def test_where_there_is_no_choice_none_is_offered(tmp_path: Path, quick_encoder: Encoder) -> None:
    one = library_of(tmp_path, {"one.txt": "A gull was seen over the harbour."}, quick_encoder)
    assert filters_html(one) == ""


def test_of_many_sources_one_is_found_by_its_name(tmp_path: Path, quick_encoder: Encoder) -> None:
    for count in (FOUND_BY_EYE, FOUND_BY_EYE + 1):
        files = {f"{number}.txt": f"A gull of kind {number}." for number in range(count)}
        page = parsed(filters_html(library_of(tmp_path / str(count), files, quick_encoder)))
        assert len(boxes(page, "sources")) == count
        assert len(page.every("input.find")) == (count > FOUND_BY_EYE)


def test_kinds_are_told_apart_by_their_words_alone(harbour: Library) -> None:
    (document,) = [each for each in harbour.documents.values() if each.source.kind]
    kinds = ("Open  letter", "open letter", "Essay", None)
    documents = [
        document.model_copy(update={"source": document.source.model_copy(update={"kind": kind})})
        for kind in kinds
    ]
    assert kinds_of(documents) == [("Essay", 1), ("Open  letter", 2)]


# What is chosen


@pytest.mark.parametrize(
    ("told", "only", "wrong"),
    [
        ({}, EVERYTHING, ()),
        ({"perspectives": ["a", "b"]}, Filter(perspectives=("a", "b")), ()),
        (
            {"sources": ["a.txt"], "kinds": ["letter"]},
            Filter(sources=("a.txt",), kinds=("letter",)),
            (),
        ),
        ({"since": " 2020 ", "until": "2020-10-21"}, Filter(since="2020", until="2020-10-21"), ()),
        ({"since": "2020-13", "until": "2021"}, Filter(until="2021"), ("since",)),
        ({"until": "2021-02-29"}, EVERYTHING, ("until",)),
        ({"since": "spring", "until": "x"}, EVERYTHING, ("since", "until")),
        (
            {"since": "2021", "until": "2020", "kinds": ["k"]},
            Filter(kinds=("k",)),
            ("since", "until"),
        ),
        ({"since": "2020", "until": "2020"}, Filter(since="2020", until="2020"), ()),
    ],
)
def test_what_is_chosen_is_a_filter_but_for_dates_that_are_none(
    told: dict[str, object], only: Filter, wrong: tuple[str, ...]
) -> None:
    chosen = Chosen.model_validate(told)
    assert chosen.only == only
    assert chosen.wrong == wrong


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_whatever_is_typed_as_a_date_makes_a_filter(since: str, until: str) -> None:
    chosen = Chosen(since=since[:100], until=until[:100])
    for field in chosen.wrong:
        assert getattr(chosen.only, field) is None


@pytest.mark.parametrize(
    "told",
    [
        {"since": "2" * 101},
        {"sources": ["a"] * 10_001},
        {"perspectives": "a"},
        {"perspectives": [5]},
        {"all": True},
    ],
)
def test_what_no_form_sends_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Chosen.model_validate(told)


# What acts


def test_every_condition_that_acts_can_be_taken_away(harbour: Library) -> None:
    chosen = Chosen(
        perspectives=("for-closing", "unlabelled"),
        sources=("council.txt",),
        kinds=("minutes",),
        since="1970",
        until=" 1980-02 ",
        at=7,
    )
    page = parsed(acting_html(harbour, chosen))
    title = harbour.documents["council.txt"].display_title
    assert chips(page) == [
        ("perspectives", "for-closing", "For closing × remove this filter"),
        ("perspectives", "unlabelled", "Unlabelled × remove this filter"),
        ("sources", "council.txt", f"source {title} × remove this filter"),
        ("kinds", "minutes", "kind minutes × remove this filter"),
        ("since", "1970", "from 1970 × remove this filter"),
        ("until", "1980-02", "until 1980-02 × remove this filter"),
    ]
    assert page.every("button")[-1].words == "Clear filters"
    acting = page.one("div.acting").attributes
    assert (acting["data-at"], acting["data-wrong"]) == ("7", "")


def test_with_nothing_chosen_nothing_is_said(harbour: Library) -> None:
    page = parsed(acting_html(harbour, Chosen()))
    assert page.words == ""
    assert page.every("button") == []


def test_a_filter_too_long_to_be_kept_says_so(harbour: Library) -> None:
    page = parsed(acting_html(harbour, Chosen(), kept=False))
    assert page.one("p.not-kept").words == (
        "So much is chosen that a question asked like this is not kept in the list of"
        " conversations."
    )


@pytest.mark.parametrize("field", ["perspectives", "sources", "kinds"])
def test_what_is_chosen_has_its_limits(field: str) -> None:
    longest = "\u20ac" * LONGEST
    assert getattr(Chosen.model_validate({field: [longest]}), field) == (longest,)
    with pytest.raises(ValidationError):
        Chosen.model_validate({field: [longest + "x"]})
    with pytest.raises(ValidationError):
        Chosen.model_validate({field: ["x"] * (MOST + 1)})


def test_what_the_library_does_not_know_is_not_said_to_act(harbour: Library) -> None:
    page = parsed(acting_html(harbour, Chosen(perspectives=("gone",), sources=("gone.txt",))))
    assert chips(page) == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Chosen(since="2020-13"), "“2020-13”: not a date, so it does not act."),
        (Chosen(since="x", until="y"), "“x”, “y”: not a date, so it does not act."),
        (
            Chosen(since="2021", until="2020"),
            "“2021”, “2020”: no day lies between these, so it does not act.",
        ),
    ],
)
def test_a_date_that_is_none_is_said_not_to_act(
    harbour: Library, chosen: Chosen, said: str
) -> None:
    page = parsed(acting_html(harbour, chosen))
    assert page.one("p.wrong").words == said
    assert page.one("div.acting").attributes["data-wrong"] == " ".join(chosen.wrong)
    assert chips(page) == []


@settings(deadline=None, max_examples=50)
@given(text=ANY_TEXT.filter(str.strip))
def test_no_label_no_title_and_no_kind_is_ever_markup(harbour: Library, text: str) -> None:
    def page(told: str) -> str:
        chosen = Chosen(kinds=(told, told), since=told[:100])
        return acting_html(harbour, chosen)

    assert_stays_text(page, text)


def test_a_library_of_hostile_names_is_only_text(tmp_path: Path, quick_encoder: Encoder) -> None:
    told = "<b onclick='alert(1)'>\\\"&lt;"
    catalogue = f'[perspectives."{told}"]\nlabel = "{told}"\n' + "".join(
        f'[[sources]]\nfile = "{name}"\ntitle = "{told}"\nkind = "{told}"\nperspective = "{told}"\n'
        for name in ("one.txt", "two.txt")
    )
    files = {"one.txt": "A gull.", "two.txt": "A tern.", "sources.toml": catalogue}
    library = library_of(tmp_path, files, quick_encoder)
    hostile = told.replace('\\"', '"')
    page = parsed(filters_html(library))
    assert [words for _, words in boxes(page, "sources")] == [hostile] * 2
    chosen = Chosen(kinds=(hostile,), sources=("one.txt",))
    assert [value for _, value, _ in chips(parsed(acting_html(library, chosen)))] == [
        "one.txt",
        hostile,
    ]
