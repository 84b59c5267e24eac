from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rag.answering import Library
from rag.characters import UNSEEN
from rag.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    LibraryIndexError,
    QuestionError,
)
from rag.index.build import BuildReport
from rag.index.changes import Changes, Staleness
from rag.records import (
    Answer,
    AssignedPerspective,
    Coverage,
    Document,
    Duplicates,
    FormerLabel,
    Furniture,
    Notice,
    Sentence,
    Source,
)
from rag.silence import abstention
from rag.wording.answers import asked_as_line, coverage_line, match_line, reference
from rag.wording.builds import build_lines, changed_line
from rag.wording.hearing import (
    fares_line,
    filter_line,
    lacking_line,
    notes,
    one_sided_line,
    others_line,
    unheard_lines,
)
from rag.wording.language import spoken
from rag.wording.plain import counted, on_page, visible
from rag.wording.silence import lacking_message
from rag.wording.sources import (
    alike_line,
    also_in_line,
    basis_lines,
    duplicates_lines,
    extent_line,
    former_line,
    holdings_lines,
    label_line,
    place_line,
    review_line,
    since_line,
    source_line,
)
from tests.answers import ANSWER, DOCUMENTS, GAZETTE, LEDGER, LETTER, cited
from tests.making import WHEN_CLOSED, citation_of, labelled, row_of


def document(**source: object) -> Document:
    return Document(
        id="a.txt",
        text="x" * 100,
        sha256="",
        encoding="cp1252",
        source=Source.model_validate(source),
        furniture=(Furniture(start=0, end=25, reason="menu"),),
        sentences=(Sentence(start=25, end=100),),
    )


@pytest.mark.parametrize(
    ("kind", "line"),
    [("opinion", "source labelled Pro-Mill · opinion"), (None, "source labelled Pro-Mill")],
)
def test_label_line_says_the_label_and_the_kind(kind: str | None, line: str) -> None:
    label = AssignedPerspective(id="pro-mill", label="Pro-Mill")
    assert label_line(Source(kind=kind, perspective=label)) == line


def test_label_line_of_an_unlabelled_source() -> None:
    assert label_line(Source()) == "Unlabelled"


def test_source_line_names_what_is_known_and_marks_what_is_inferred() -> None:
    known = document(
        title="The mill", author="Ada Berg", published="1976", inferred={"published": "its paper"}
    )
    line = source_line(known)
    assert line.startswith("The mill · Ada Berg")
    assert "1976 (inferred)" in line
    assert "Ada Berg (inferred)" not in line
    assert "None" not in line


def test_what_only_the_file_says_is_marked() -> None:
    known = document(
        title="The mill",
        author="Ada Berg",
        published="1976",
        inferred={"published": "its paper", "author": "a guess, of nobody now"},
        from_file=("title", "author"),
    )
    assert source_line(known) == "The mill · Ada Berg (from the file) · 1976 (inferred)"
    assert basis_lines(known.source)[-1] == "from the file: title, author"


ALONE = "a program, from the text alone"


@pytest.mark.parametrize(
    ("known", "label", "review"),
    [
        ({"assigned_by": "Ada"}, "source labelled Pro-Mill", ""),
        (
            {"assigned_by": ALONE},
            "source labelled Pro-Mill (not yet reviewed)",
            "not yet reviewed by the library's owner",
        ),
        (
            {"assigned_by": ALONE, "reviewed_by": "Bo", "reviewed_on": date(2026, 11, 22)},
            "source labelled Pro-Mill",
            "reviewed by: Bo, 2026-11-22",
        ),
        ({"reviewed_by": "Bo"}, "source labelled Pro-Mill", "reviewed by: Bo"),
    ],
)
def test_a_label_that_nobody_confirmed_is_said_to_be_not_yet_reviewed(
    known: dict[str, object], label: str, review: str
) -> None:
    assigned = AssignedPerspective.model_validate({"id": "pro-mill", "label": "Pro-Mill"} | known)
    source = Source(perspective=assigned)
    assert label_line(source) == label
    assert review_line(assigned) == review
    assert (review in basis_lines(source)) == bool(review)


def test_former_labels_are_told_with_who_assigned_them_and_until_when() -> None:
    former = FormerLabel(
        id="a",
        label="Against",
        basis="It laments.",
        assigned_by="Ada",
        assigned_on=date(2026, 1, 2),
        until=date(2026, 11, 22),
    )
    line = "until 2026-11-22: Against, assigned by Ada, 2026-01-02 (basis: It laments.)"
    assert former_line(former) == line
    assert former_line(FormerLabel(id="a", label="Against")) == "formerly: Against"
    history = (former, FormerLabel(id="a", label="Against"))
    source = Source(perspective=AssignedPerspective(history=history))
    assert basis_lines(source) == [line, "formerly: Against"]


def test_extent_line_says_how_much_was_left_out() -> None:
    assert extent_line(document(), 3) == "3 passages · 25% left out · cp1252"
    assert extent_line(document(), 1).startswith("1 passage ·")


def test_place_line_is_a_slice_of_the_file(harbour: Library) -> None:
    citation = harbour.ask(WHEN_CLOSED, only=labelled("for-closing")).citations[0]
    assert place_line(citation) == "council.txt [0:66]"


def answer_with(*rows: Coverage, quotes: str = "", **known: object) -> Answer:
    """An answer that quotes these documents of `answers.DOCUMENTS`, by their first letters."""
    named = {"g": GAZETTE, "l": LEDGER, "t": LETTER}
    citations = tuple(cited(named[each], number) for number, each in enumerate(quotes, start=1))
    said = None if quotes else abstention("near", (), (), (), ())
    given = {"coverage": rows, "citations": citations, "abstention": said, "figures": ()} | known
    return ANSWER.model_copy(update=given)


MILLERS = row_of("millers", "Millers", sources=3, quoted=1)
TOWN = row_of("town", "Town", sources=2)
CHURCH = row_of("church", "Church", sources=0)


@pytest.mark.parametrize(
    ("quotes", "said"),
    [
        ("", ""),
        ("g", "1 quote from 1 source: 1 Millers."),
        ("gg", "2 quotes from 1 source: 2 Millers."),
        ("lgtg", "4 quotes from 3 sources: 1 Town, 2 Millers, 1 Unlabelled."),
    ],
)
def test_coverage_line_counts_quotes_by_label_as_they_are_first_heard(
    quotes: str, said: str
) -> None:
    assert coverage_line(answer_with(MILLERS, TOWN, quotes=quotes)) == said


@pytest.mark.parametrize(
    ("quotes", "said"),
    [
        ("g", "The only quote comes from one source labelled Millers."),
        ("gg", "Both quotes come from one source labelled Millers."),
        ("ggg", "All 3 quotes come from one source labelled Millers."),
        ("t", "The only quote comes from one source without a label."),
        ("gl", ""),
        ("", ""),
    ],
)
def test_that_one_label_alone_is_heard_is_said(quotes: str, said: str) -> None:
    assert one_sided_line(answer_with(MILLERS, TOWN, quotes=quotes)) == said


def test_that_one_label_alone_is_heard_is_said_of_several_sources() -> None:
    answer = answer_with(MILLERS, TOWN, quotes="gg")
    first, second = answer.citations
    other = second.model_copy(update={"document": "other.txt"})
    answer = answer.model_copy(update={"citations": (first, other)})
    assert one_sided_line(answer) == "Both quotes come from sources labelled Millers."


def test_that_one_label_alone_is_heard_is_not_said_where_it_is_no_wonder() -> None:
    assert one_sided_line(answer_with(MILLERS, quotes="gg")) == ""
    asked = answer_with(MILLERS, TOWN, quotes="gg", perspectives=("millers",))
    assert one_sided_line(asked) == ""
    asked = answer_with(MILLERS, TOWN, quotes="gg", sources=("gazette.txt",))
    assert one_sided_line(asked) == ""
    asked = answer_with(MILLERS, TOWN, quotes="gg", perspectives=("millers", "town"))
    assert one_sided_line(asked) == "Both quotes come from one source labelled Millers."


def test_a_gap_of_the_library_of_the_ranking_and_a_filter_are_three_sentences() -> None:
    gap = answer_with(MILLERS, CHURCH, quotes="gl")
    assert notes(gap, DOCUMENTS) == ["This library holds no source labelled Church."]
    far = answer_with(MILLERS, TOWN.model_copy(update={"best_left_out": 40}), quotes="gl")
    assert notes(far, DOCUMENTS) == [
        (
            "2 sources labelled Town are in this library; none of their passages came near"
            " enough to be quoted."
        )
    ]
    near = TOWN.model_copy(update={"near": 2, "best_left_out": 14})
    assert notes(answer_with(MILLERS, near, quotes="gl"), DOCUMENTS) == [
        (
            "2 sources labelled Town are in this library; their best passage stood at rank 14"
            " and is not quoted."
        )
    ]
    unasked = TOWN.model_copy(update={"searched": 0})
    asked = answer_with(MILLERS, unasked, quotes="g", perspectives=("millers",))
    assert notes(asked, DOCUMENTS) == [
        (
            "Only sources labelled Millers were heard, as you asked; 2 sources labelled Town"
            " were not searched."
        )
    ]


def test_of_one_source_it_is_said_in_the_singular() -> None:
    one = row_of("press", "Press")
    assert unheard_lines(answer_with(MILLERS, one, quotes="gl")) == [
        (
            "1 source labelled Press is in this library; none of its passages came near enough"
            " to be quoted."
        )
    ]
    one = row_of("unlabelled", "Unlabelled", near=1, best_left_out=2)
    assert unheard_lines(answer_with(MILLERS, one, quotes="gl")) == [
        (
            "1 source without a label is in this library; its best passage stood at rank 2 and"
            " is not quoted."
        )
    ]


def test_who_is_unheard_is_no_news_where_nobody_is_or_one_source_was_asked() -> None:
    assert unheard_lines(answer_with(MILLERS, TOWN)) == []
    assert unheard_lines(answer_with(MILLERS, TOWN, quotes="g", sources=("gazette.txt",))) == []


def test_of_many_labels_a_few_are_named() -> None:
    rows = [row_of(f"p{n}", f"P{n}", sources=n) for n in range(1, 8)]
    assert unheard_lines(answer_with(MILLERS, *rows[:4], quotes="gl")) == [
        (
            "1 source labelled P1, 2 labelled P2, 3 labelled P3 and 4 labelled P4 are in this"
            " library; none of their passages came near enough to be quoted."
        )
    ]
    assert unheard_lines(answer_with(MILLERS, *rows, quotes="gl")) == [
        (
            "28 sources of 7 other labels are in"
            " this library; none of their passages came near enough to be quoted."
        )
    ]
    near = [row.model_copy(update={"near": 1, "best_left_out": 20 - row.sources}) for row in rows]
    (line,) = unheard_lines(answer_with(MILLERS, *near, quotes="gl"))
    assert line.endswith("in this library; their best passage stood at rank 13 and is not quoted.")


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["A"], "A"),
        (["A", "B"], "A or B"),
        (["A", "B", "C", "D"], "A or B or C or D"),
        (list("ABCDE"), "A, B, C or any of 2 more labels"),
        (list("ABCDEFGH"), "A, B, C or any of 5 more labels"),
    ],
)
def test_which_labels_the_library_lacks(labels: list[str], said: str) -> None:
    message = f"This library holds no source labelled {said}."
    assert lacking_message(labels) == message
    assert abstention("gap", (), labels, (), ()).message == message
    gaps = [row_of(each, each, sources=0) for each in labels]
    assert lacking_line(answer_with(MILLERS, *gaps, quotes="g")) == message
    silent = abstention("gap", (), labels, (), ())
    assert lacking_line(answer_with(MILLERS, *gaps, abstention=silent)) == ""


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["ledger.txt"], "the source “The ledger” was heard"),
        (["ledger.txt", "letter.txt"], "the sources “The ledger” and “A letter” were heard"),
        (
            ["ledger.txt", "letter.txt", "diary.txt", "gazette.txt", "ledger.txt"],
            "the sources “The ledger”, “A letter”, “A diary” and 2 more were heard",
        ),
    ],
)
def test_a_filter_by_source_is_named_by_title(sources: list[str], said: str) -> None:
    searched = row_of("town", "Town", sources=3, searched=1)
    answer = answer_with(searched, CHURCH, quotes="l", sources=tuple(sources))
    rest = "2 sources labelled Town were not searched."
    assert filter_line(answer, DOCUMENTS) == f"Only {said}, as you asked; {rest}"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["millers"], "sources labelled Millers were heard, as you asked."),
        (["millers", "town"], "sources labelled Millers or Town were heard, as you asked."),
        (["unlabelled"], "sources without a label were heard, as you asked."),
        (
            ["town", "unlabelled"],
            "sources labelled Town or without a label were heard, as you asked.",
        ),
    ],
)
def test_a_filter_by_label_is_named_as_such(asked: list[str], said: str) -> None:
    answer = answer_with(MILLERS, TOWN, quotes="g", perspectives=tuple(asked))
    assert filter_line(answer, DOCUMENTS) == f"Only {said}"
    assert filter_line(answer_with(MILLERS, quotes="g"), DOCUMENTS) == ""


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"kinds": ("news report",)}, "of the kind “news report”"),
        ({"kinds": ("a", "b", "c", "d")}, "of the kind “a” or “b” or “c” or “d”"),
        ({"kinds": tuple("abcde")}, "of the kind “a”, “b”, “c” or any of 2 more kinds"),
        ({"since": "2020-10"}, "published since 2020-10"),
        ({"until": "2021"}, "published up to 2021"),
        ({"since": "2020", "until": "2021-03-04"}, "published from 2020 to 2021-03-04"),
        ({"since": "2020-10", "until": "2020-10"}, "published in 2020-10"),
        ({"since": "2020-10-21", "until": "2020-10-21"}, "published on 2020-10-21"),
        (
            {"perspectives": ("town",), "kinds": ("diary",), "since": "2020"},
            "labelled Town, of the kind “diary”, published since 2020",
        ),
        (
            {"sources": ("ledger.txt", "diary.txt"), "until": "2021"},
            "among “The ledger” and “A diary”, published up to 2021",
        ),
    ],
)
def test_a_filter_by_kind_and_date_is_said_in_words(
    conditions: dict[str, object], said: str
) -> None:
    answer = answer_with(MILLERS, TOWN, quotes="g", **conditions)
    assert filter_line(answer, DOCUMENTS) == f"Only sources {said} were heard, as you asked."
    asked = answer.model_copy(update={"asked_as": "How many?"})
    assert asked_as_line(asked, DOCUMENTS) == f"Asked as: How many? (only sources {said})"


@pytest.mark.parametrize(
    ("out", "dated", "said"),
    [
        (1, {"since": "1871"}, "1 source labelled Town was not searched, for want of a date."),
        (
            3,
            {"since": "1871"},
            "3 sources labelled Town were not searched, 1 of them for want of a date.",
        ),
        (3, {"kinds": ("letter",)}, "3 sources labelled Town were not searched."),
        # The letter has no date, but its label leaves it out as well.
        (
            3,
            {"since": "1871", "perspectives": ("town",)},
            "3 sources labelled Town were not searched.",
        ),
    ],
)
def test_how_many_are_left_out_because_nobody_knows_their_date(
    out: int, dated: dict[str, object], said: str
) -> None:
    assert [each.source.published for each in (GAZETTE, LEDGER, LETTER)] == ["1870", "1871", None]
    row = row_of("town", "Town", sources=5, searched=5 - out)
    answer = answer_with(row, quotes="l", **dated)
    assert filter_line(answer, DOCUMENTS).split("; ")[1] == said


def test_whom_nobody_could_hear_was_to_be_heard() -> None:
    none = row_of("town", "Town", searched=0)
    for asked, whom in (
        ({"kinds": ("will",)}, "sources of the kind “will” were"),
        ({"sources": ("ledger.txt",)}, "the source “The ledger” was"),
    ):
        answer = answer_with(none).model_copy(update=asked)
        assert filter_line(answer, DOCUMENTS) == (
            f"Only {whom} to be heard, as you asked; 1 source labelled Town was not searched."
        )


def test_of_labels_of_which_a_part_was_searched_that_part_is_said() -> None:
    part = row_of("town", "Town", sources=5, searched=2)
    whole = row_of("press", "Press", sources=2)
    far = "none of their passages came near enough to be quoted."
    answer = answer_with(MILLERS, part, whole, quotes="gl", since="1870")
    (line,) = unheard_lines(answer)
    assert line == f"2 sources labelled Town and 2 labelled Press were searched; {far}"
    near = part.model_copy(update={"searched": 1, "near": 3, "best_left_out": 7})
    lines = unheard_lines(answer_with(MILLERS, near, whole, quotes="gl", since="1870"))
    assert lines == [
        "1 source labelled Town was searched; its best passage stood at rank 7 and is not quoted.",
        f"2 sources labelled Press are in this library; {far}",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (CHURCH, "no source in this library"),
        (TOWN, "2 sources in this library, no passage came near, no quote"),
        (
            row_of("a", "A", sources=1, near=1, quoted=1, quotes=2, best_left_out=1),
            (
                "1 source in this library, 1 passage came near, 2 quotes from 1 source;"
                " the best passage left out stood at rank 1"
            ),
        ),
        (
            row_of("a", "A", sources=3, near=12, quoted=2, quotes=3),
            "3 sources in this library, 12 passages came near, 3 quotes from 2 sources",
        ),
        (row_of("a", "A", sources=3, searched=0), "3 sources in this library, not searched"),
        (
            row_of("a", "A", sources=3, searched=1, near=0),
            "3 sources in this library, 1 searched, no passage came near, no quote",
        ),
    ],
)
def test_how_a_label_fares_in_words(row: Coverage, said: str) -> None:
    assert fares_line(row) == said


def test_how_other_labels_fare_is_summed_up() -> None:
    rows = [CHURCH, TOWN, TOWN, row_of("a", "A", searched=0), row_of("b", "B", near=3)]
    told = "1 without a source, 2 with none near, 1 not searched, 1 with a passage near"
    assert others_line(rows) == f"5 other labels: {told}"
    assert others_line([TOWN]) == "1 other label: 1 with none near"


def test_what_was_searched_for_is_said_with_its_filter_where_it_is_not_the_question() -> None:
    assert asked_as_line(ANSWER.model_copy(update={"asked_as": ANSWER.question}), DOCUMENTS) == ""
    assert asked_as_line(ANSWER, DOCUMENTS) == (
        "Asked as: How many workers died in the fire of Ostby?"
    )
    filtered = ANSWER.model_copy(update={"perspectives": ("town",)})
    assert asked_as_line(filtered, DOCUMENTS).endswith("Ostby? (only sources labelled Town)")


@pytest.mark.parametrize(
    ("match", "percent"), [(0.0, 1), (0.004, 1), (0.5, 50), (0.866, 87), (0.9999, 99), (1.0, 99)]
)
def test_match_line_is_sure_of_nothing(harbour: Library, match: float, percent: int) -> None:
    answer = harbour.ask(WHEN_CLOSED, abstain=False).model_copy(update={"match": match})
    assert match_line(answer) == (
        f"How closely the library matches your question: {percent} %."
        " This says nothing about what is true."
    )


@pytest.mark.usefixtures("never_answers")
def test_match_line_is_said_with_an_abstention_that_has_something_near(harbour: Library) -> None:
    assert match_line(harbour.ask(WHEN_CLOSED)).startswith("How closely")
    assert match_line(harbour.ask('Who wrote "zeppelin"?')) == ""


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_says_only_what_is_lacking(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    assert coverage_line(answer) == ""
    assert lacking_line(answer) == "This library holds no source labelled Scientists."


def test_holdings_lines_count_sources_by_label_and_give_its_id(harbour: Library) -> None:
    first, *labels = holdings_lines(harbour.generation.texts)
    assert first == "3 sources:"
    assert [line.split(" – ")[0].strip() for line in labels] == [
        "1 labelled For closing (id: for-closing)",
        "1 labelled Against closing (id: against-closing)",
        "0 labelled Scientists (id: scientists)",
        "1 labelled Unlabelled (id: unlabelled)",
    ]


@pytest.mark.parametrize(
    ("seeds", "catalogue", "settings", "what"),
    [
        (Changes(added=("a",)), False, False, "1 seed"),
        (Changes(changed=("a",), removed=("b",)), False, False, "2 seeds"),
        (Changes(), True, False, "sources.toml"),
        (Changes(), False, True, "the settings"),
        (Changes(added=("a", "b", "c")), True, False, "3 seeds and sources.toml"),
    ],
)
def test_changed_line_names_what_changed(
    seeds: Changes, catalogue: bool, settings: bool, what: str
) -> None:
    stale = Staleness(seeds=seeds, catalogue=catalogue, settings=settings)
    assert changed_line(stale) == f"{what} changed since this build"


def test_changed_line_of_a_fresh_index_is_empty() -> None:
    assert changed_line(Staleness(seeds=Changes(), catalogue=False, settings=False)) == ""


def test_build_lines_say_what_was_done_and_what_to_look_at() -> None:
    report = BuildReport(
        generation="G",
        documents=3,
        passages=1,
        changes=Changes(added=("a.txt", "b.txt"), removed=("c.txt",)),
        unchanged=1,
        encoded=1,
        seconds={"opening": 0.04, "reading": 1.04, "encoding": 12.5},
        files=(),
        failed=(Notice(file="d.txt", message="is no text", remedy="mend it"),),
        notices=(Notice(file="sources.toml", line=7, message="unknown key"),),
    )
    assert list(build_lines(report)) == [
        "Built G: 3 documents, 1 passage (2 added, 0 changed, 1 removed, 1 unchanged, 1 failed).",
        "14 s (reading 1.0, encoding 12). The model read 1 passage; taken over: 0 passages.",
        "failed: d.txt: is no text (mend it)",
        "note: sources.toml:7: unknown key",
    ]


def group(similarity: float, *names: str, exact: bool = False) -> Duplicates:
    return Duplicates(documents=names, similarity=similarity, exact=exact)


def test_build_lines_tell_of_the_first_near_duplicates_and_how_many_more() -> None:
    groups = [
        group(0.966, "a.txt", "b.txt"),
        group(0.4, "c.txt", "d.txt", "e.txt"),
        group(1.0, "f.txt", "g.txt", exact=True),
        group(0.999, *(f"h{number}" for number in range(7))),
        group(0.5, "i.txt", "j.txt"),
    ]
    more = [group(0.5, f"k{number}.txt", f"l{number}.txt") for number in range(12)]
    told = [
        "2 documents tell the same story: a.txt, b.txt (97 % alike)",
        "3 documents tell the same story: c.txt, d.txt, e.txt (40 % alike or more)",
        "2 documents tell the same story: f.txt, g.txt (the same words)",
        "7 documents tell the same story: h0, h1, h2, h3, h4 and 2 more (99 % alike or more)",
        "2 documents tell the same story: i.txt, j.txt (50 % alike)",
    ]
    assert duplicates_lines([]) == []
    assert duplicates_lines(groups) == told
    assert duplicates_lines([*groups, *more]) == [
        *told,
        "and 12 more groups; see parallax sources",
    ]
    assert duplicates_lines([*groups, more[0]])[-1] == "and 1 more group; see parallax sources"
    report = BuildReport(
        generation="G",
        documents=3,
        passages=1,
        changes=Changes(),
        unchanged=3,
        encoded=0,
        duplicates=tuple(groups[:1]),
        files=(),
        failed=(),
        notices=(),
    )
    assert list(build_lines(report))[1:] == [
        "0.0 s. The model read 0 passages; taken over: 1 passage.",
        f"note: {told[0]}",
    ]


@pytest.mark.parametrize(
    ("stories", "told"),
    [
        ([(), (), ()], "3 sources:"),
        ([("a", "b"), ("a", "b"), ()], "3 sources that tell 2 stories:"),
        ([("a", "b", "c")] * 3, "3 sources that tell the same story:"),
        ([("a", "x"), ("b", "y"), ()], "3 sources:"),
    ],
)
def test_coverage_line_counts_a_story_once(
    harbour: Library, stories: list[tuple[str, ...]], told: str
) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    one = answer.citations[0]
    cited = [
        one.model_copy(update={"document": name, "story": story})
        for name, story in zip("abc", stories, strict=True)
    ]
    found = answer.model_copy(update={"citations": (*cited, cited[0])})
    assert f"4 quotes from {told}" in coverage_line(found)


def test_alike_line_names_the_others_of_a_group() -> None:
    assert alike_line("b.txt", group(0.966, "a.txt", "b.txt")) == "97 % alike: a.txt"
    copies = group(1.0, "a.txt", "b.txt", "c.txt", exact=True)
    assert alike_line("b.txt", copies) == "the same words: a.txt, c.txt"
    assert alike_line("b.txt", None) == ""


def test_a_reference_names_every_source_that_holds_the_words_under_its_label() -> None:
    label = AssignedPerspective(id="pro-mill", label="Pro-Mill", assigned_by="Ada")
    here, there, other = (
        Document(id=name, text="It burnt.", sha256="", encoding="utf_8", source=source)
        for name, source in {
            "a.txt": Source(title="A"),
            "b.txt": Source(title="B", perspective=label),
            "c.txt": Source(title="C"),
        }.items()
    )
    citation = citation_of(here, 3, 9, also=[there, other])
    assert [also_in_line(each) for each in citation.also_in] == [
        "also in B · source labelled Pro-Mill · b.txt [3:9]",
        "also in C · Unlabelled · c.txt [3:9]",
    ]
    assert reference(citation, here) == (
        "“burnt.”\n— A · Unlabelled · a.txt [3:9]"
        "\n— also in B · source labelled Pro-Mill · b.txt [3:9]"
        "\n— also in C · Unlabelled · c.txt [3:9]"
    )


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 seeds"), (1, "1 seed"), (2, "2 seeds"), (1000, "1000 seeds")]
)
def test_counted(number: int, text: str) -> None:
    assert counted(number, "seed") == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain, naïve 🚢\n\tline", "plain, naïve 🚢\n\tline"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\x00b\x07c\x08d\x7fe", "a␀b␇c␈d␡e"),
        ("\x9b31m", "\ufffd31m"),
        ("one\r\ntwo\rthree", "one\ntwo␍three"),
        ("pay \u202e001\u202c now", "pay \ufffd001\ufffd now"),
        ("\u2066a\u2069\u200f", "\ufffda\ufffd\ufffd"),
    ],
)
def test_visible_shows_control_characters(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text(), st.text(), st.none() | st.integers(1, 9))
def test_a_notice_is_one_line_whatever_the_names_in_it(
    file: str, message: str, line: int | None
) -> None:
    told = str(Notice(file=file, message=message, remedy="a\nb", line=line))
    assert len(told.splitlines()) == 1
    assert told.endswith(" (a\u240ab)")


@given(st.text())
@hypothesis_settings(deadline=None)
def test_nothing_visible_steers_a_terminal_and_no_character_is_lost(text: str) -> None:
    text = text.replace("\r\n", "\n")
    seen = visible(text)
    assert len(seen) == len(text)
    assert not any((c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" for c in seen)
    # Python calls some printable that nobody sees, such as U+034F.
    kept = [each.isprintable() and not UNSEEN.fullmatch(each) for each in text]
    assert all(new == old for new, old, same in zip(seen, text, kept, strict=True) if same)


def test_what_became_of_a_source_since_an_answer() -> None:
    before = Document(id="a.txt", text="One.", sha256="1", encoding="utf_8")
    after = before.model_copy(update={"sha256": "2"})
    assert since_line(before, before.model_copy(update={"source": Source(title="New")})) == ""
    assert since_line(before, after) == (
        "Since this answer the source was changed. It is shown as it was."
    )
    assert since_line(before, None) == (
        "Since this answer the source was taken out of the library. It is shown as it was."
    )


def test_a_remedy_on_the_page_is_not_a_command() -> None:
    for error in (IndexMissing, IndexDamaged, IndexMismatch, IndexOutdated):
        why = error("index: no index was built here", "Run: parallax build")
        assert on_page(why) == "Rebuild the index on the Library tab."
        with spoken("ru"):
            assert on_page(why) == "Перестройте индекс на вкладке «Библиотека»."
    for other in (QuestionError, IndexBusy, LibraryIndexError):
        assert on_page(other("It is long.", "Ask in fewer words.")) == "Ask in fewer words."


@pytest.mark.usefixtures("never_answers")
def test_what_a_library_lacks_is_not_said_twice(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=labelled("scientists"))
    assert answer.abstention
    assert answer.abstention.message == "This library holds no source labelled Scientists."
    assert lacking_line(answer) == ""
