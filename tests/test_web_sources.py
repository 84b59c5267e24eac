from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from rag import wording
from rag.answering import Library
from rag.entries import SourceEntry
from rag.errors import SeedsError
from rag.index.build import BuildReport
from rag.index.changes import Changes, Staleness
from rag.index.generation import Generation
from rag.index.log import LoggedBuild, Names
from rag.index.saving import Said
from rag.records import Document, Duplicates, Notice, Perspective
from rag.removal import Removed
from rag.settings import Settings
from rag.web.details import Beside, Details, Run, details_of
from rag.web.failures import failure_html
from rag.web.listing import Listing, Row, rows_of
from rag.web.owning import Desk
from rag.web.shelf import Step
from rag.web.sources import (
    adding_html,
    changed_html,
    labels_html,
    library_html,
    progress_html,
    report_html,
    status_html,
)
from tests.making import (
    ANY_TEXT,
    Element,
    assert_stays_text,
    document_told,
    parsed,
    texts_of,
)

DAY = datetime(2026, 11, 22, tzinfo=UTC)
FRESH = Staleness(seeds=Changes(), catalogue=False, settings=False)
STALE = Staleness(
    seeds=Changes(added=("new.md",), changed=("a.txt", "b/c.txt")), catalogue=True, settings=True
)


def holding(library: Library, document: Document, *perspectives: Perspective) -> Library:
    """The library with one document instead of its own, of which no sentence is quoted."""
    texts = texts_of([document], said=Said(perspectives))
    held = library.generation
    generation = Generation(held.manifest, texts, held.stores)
    return Library(generation, library.encoder, Settings())


def groups_of(page: Element) -> dict[str, list[str]]:
    """What each list of files is headed, and the names in it."""
    return {
        head.text: body.texts("p")
        for listed in page.every("dl.files")
        for head, body in zip(listed.every("dt"), listed.every("dd"), strict=True)
    }


# The library


def listed(
    library: Library, desk: Desk | None = None, *, owner: bool = True, **more: object
) -> str:
    """The tab as a session with that desk sees it, with nothing on the disk but the library."""
    desk = desk or Desk()
    rows = rows_of(library)
    row = next((each for each in rows if each.id == desk.opened), None)
    room = {
        "rows": rows,
        "details": details_of(row, library, Path("no-such-folder")) if row else None,
        "removed": [],
        "builds": [],
        "owner": owner,
    }
    return library_html(library, desk, Beside(**(room | more)))  # type: ignore[arg-type]


def unfolded(library: Library, name: str, **more: object) -> Element:
    return parsed(listed(library, Desk(opened=name), **more)).one("div.details")  # type: ignore[arg-type]


def cells(page: Element, column: str) -> list[str]:
    return [entry.one(f"td.{column}").words for entry in page.every("tr.entry")]


def test_the_library_lists_every_source_with_label_and_extent(harbour: Library) -> None:
    page = parsed(listed(harbour))
    assert page.one("h1").text == "3 sources"
    entries = page.every("tr.entry")
    assert [entry.attributes["id"] for entry in entries] == ["source-1", "source-2", "source-3"]
    assert page.values("data-document") == ["council.txt", "fishers.txt", "visitor.md"]
    assert [entry.one("th").one("button").text for entry in entries] == [
        "Minutes of the council",
        "Untitled: “The harbour of Lomvik was closed to trawlers…”",
        "visitor.md",
    ]
    assert cells(page, "labelled") == ["For closing", "Against closing", "Unlabelled"]
    assert [entry.one("span.badge").attributes["class"] for entry in entries] == [
        "badge diamond",
        "badge disc",
        "badge unlabelled",
    ]
    assert [entry.one("span.place").words for entry in entries] == [
        "council.txt Ada Berg",
        "fishers.txt",
        "visitor.md",
    ]
    assert cells(page, "kind") == ["minutes", "", ""]
    assert cells(page, "published") == ["1976", "", ""]
    assert cells(page, "passages") == ["1 passage"] * 3
    assert cells(page, "pages") == cells(page, "warnings") == ["", "", ""]
    assert page.every("div.details") == []


def test_the_headings_say_how_the_list_is_sorted(harbour: Library) -> None:
    def sorting(listing: Listing) -> dict[str, str]:
        heads = parsed(listed(harbour, Desk(listing=listing))).every("th")
        return {
            head.one("button").text: head.attributes["aria-sort"]
            for head in heads
            if "aria-sort" in head.attributes
        }

    names = ["Title", "Source labelled", "Kind", "Date", "Pages", "Passages", "Warnings"]
    assert sorting(Listing()) == dict.fromkeys(names, "none")
    by_date = Listing(sort="published")
    assert sorting(by_date) == dict.fromkeys(names, "none") | {"Date": "ascending"}
    turned = by_date.sorted_by("published")
    assert sorting(turned) == dict.fromkeys(names, "none") | {"Date": "descending"}


def test_the_list_is_shown_as_it_is_looked_at(harbour: Library) -> None:
    page = parsed(listed(harbour, Desk(listing=Listing(find="council"))))
    assert page.values("data-document") == ["council.txt"]
    assert page.one("p.found").text == "1 of 3 rows"
    page = parsed(listed(harbour, Desk(listing=Listing(sort="title", descending=True))))
    assert page.values("data-document") == ["visitor.md", "fishers.txt", "council.txt"]
    assert page.every("tr.entry")[0].attributes["id"] == "source-3"
    page = parsed(listed(harbour, Desk(listing=Listing(find="nowhere"))))
    assert page.every("tr.entry") == []
    assert page.one("p.nothing").text == "No source is like that."
    page = parsed(listed(harbour, Desk(listing=Listing(label="against-closing"))))
    assert page.values("data-document") == ["fishers.txt"]
    (chosen,) = [each for each in page.every("option") if "selected" in each.attributes]
    assert chosen.text == "Against closing"


def test_pages_are_turned_where_there_are_several(harbour: Library) -> None:
    rows = rows_of(harbour) * 40
    assert parsed(listed(harbour)).values("data-page") == []
    page = parsed(listed(harbour, Desk(listing=Listing(page=2)), rows=rows))
    assert page.values("data-page") == ["1", "3"]
    assert len(page.every("tr.entry")) == 20
    disabled = ["disabled" in each.attributes for each in page.every("button.button")]
    assert disabled == [False, True]


def test_what_was_not_read_is_a_row_with_its_cause(harbour: Library) -> None:
    rows = [*rows_of(harbour), Row(4, "scan.pdf", None, 0, ("holds no text (OCR it first)",))]
    page = parsed(listed(harbour, rows=rows))
    entry = page.every("tr.entry")[3]
    assert entry.words == "scan.pdf could not be read 1 warning Details of source 4"
    assert entry.every("span.badge") == []
    assert len(page.values("data-document")) == 3
    desk = Desk(opened="scan.pdf")
    details = details_of(rows[3], harbour, Path("no-such-folder"))
    page = parsed(listed(harbour, desk, rows=rows, details=details)).one("div.details")
    assert page.texts("p.warning") == ["holds no text (OCR it first)"]
    assert page.every("section.labelling") == page.every("section.left") == []


def test_the_library_marks_labels_that_nobody_has_reviewed(
    library: Library, harbour: Library
) -> None:
    entries = parsed(listed(library)).every("tr.entry")
    assert [entry.one("td.labelled").texts(".unreviewed") for entry in entries] == [
        [] if document.source.perspective.reviewed else ["not yet reviewed"]
        for document in library.documents.values()
    ]
    assert parsed(listed(harbour)).every(".unreviewed") == []


def test_the_library_names_the_near_duplicates_of_each_source(
    harbour: Library, carried: Library
) -> None:
    assert unfolded(harbour, "council.txt").every("p.also") == []
    (group,) = carried.generation.texts.duplicates
    alike = f"{round(100 * group.similarity)} % alike: "
    told = [unfolded(carried, name).texts("p.also") for name in ("a.txt", "b.txt", "c.txt")]
    assert told == [[f"{alike}b.txt"], [f"{alike}a.txt"], []]


def test_the_library_counts_sources_by_label_those_without_any_too(harbour: Library) -> None:
    rows = parsed(listed(harbour)).one("ul.holdings").every("li")
    assert [row.words for row in rows] == [
        "For closing 1 source",
        "Against closing 1 source",
        "Scientists 0 sources",
        "Unlabelled 1 source",
    ]
    shapes = [row.one("span.badge").attributes["class"] for row in rows]
    assert shapes == ["badge diamond", "badge disc", "badge triangle", "badge unlabelled"]


def test_what_was_left_out_of_each_source_stands_there_with_its_reason(library: Library) -> None:
    for document in library.documents.values():
        details = unfolded(library, document.id)
        runs = details.one("ol").every("li")
        assert runs
        told = "".join(run.one("p.words").text for run in runs)
        left_out = [document.text[span.start : span.end] for span in document.furniture]
        assert "".join(told.split()) == "".join("".join(left_out).split())
        reasons = [run.one("p.reason").words for run in runs]
        assert {reason.split(" · ")[1].removesuffix(" Keep this") for reason in reasons} == {
            span.reason for span in document.furniture
        }
        lines = document.text.splitlines()
        for run, reason in zip(runs, reasons, strict=True):
            first, last = (
                int(run.one("button").attributes[f"data-{at}"]) for at in ("first", "last")
            )
            words = run.one("p.words").text
            assert words.strip() in "\n".join(lines[first - 1 : last])
            assert reason.startswith(
                f"Line {first} ·" if first == last else f"Lines {first} to {last}"
            )
        share = sum(map(len, left_out)) / len(document.text)
        passages = [p for p in library.generation.texts.passages if p.document == document.id]
        assert details.one("div.facts").every("p.extent")[0].text == (
            f"{len(passages)} passages · {share:.0%} left out"
        )


def test_only_one_row_is_unfolded_and_says_so(harbour: Library) -> None:
    page = parsed(listed(harbour, Desk(opened="fishers.txt")))
    assert page.values("data-of") == ["fishers.txt"]
    assert page.values("aria-expanded") == ["false", "true", "false"]
    assert page.values("data-open") == ["council.txt", "fishers.txt", "visitor.md"]


# What the owner may do


def acts(page: Element) -> list[str]:
    return page.values("data-act")


def test_the_forms_are_shown_to_the_owner_alone(library: Library) -> None:
    name = next(iter(library.documents))
    owner, other = (unfolded(library, name, owner=each) for each in (True, False))
    assert {"keep", "label", "confirm"} <= set(acts(owner)) | {"confirm"}
    assert acts(other) == other.values("data-name") == []
    assert "Changing the library needs the owner's token." in other.words
    assert [run.one("p.words").text for run in other.one("ol").every("li")] == [
        run.one("p.words").text for run in owner.one("ol").every("li")
    ]
    assert parsed(adding_html(owner=True, most_bytes=5_000_000)).values("data-name") == ["files"]
    offered = parsed(adding_html(owner=True, most_bytes=5_000_000))
    assert "A file may have 5 MB at the most." in offered.words
    assert offered.values("data-most") == ["5000000"]
    assert offered.values("data-too-large") == [
        "not added: larger than 5 MB Split it, or allow more with PARALLAX_MAX_FILE_MEGABYTES."
    ]
    assert parsed(adding_html(owner=False, most_bytes=5_000_000)).values("data-name") == []
    assert "owner's token" in parsed(adding_html(owner=False, most_bytes=5_000_000)).words


@pytest.fixture
def room(harbour_built: Settings) -> Path:
    return harbour_built.seeds


def test_a_label_can_be_chosen_and_a_new_one_declared(harbour: Library, room: Path) -> None:
    row = rows_of(harbour)[0]
    page = unfolded(harbour, "council.txt", details=details_of(row, harbour, room))
    choices = page.one("section.labelling").every("option")
    assert [(each.attributes["value"], each.text) for each in choices] == [
        ("", "Choose…"),
        ("for-closing", "For closing"),
        ("against-closing", "Against closing"),
        ("scientists", "Scientists"),
        ("+", "Another one, not declared yet…"),
    ]
    fields = ["perspective", "label", "description", "basis", "quote", "by", "kind", "origin"]
    assert page.values("data-name") == fields
    (kind,) = [each for each in page.every("input") if each.attributes["data-name"] == "kind"]
    assert kind.attributes["value"] == "minutes"
    assert page.one("section.removing").one("button").text == "Remove it…"


def test_a_problem_stands_beside_its_field(harbour: Library, room: Path) -> None:
    row = rows_of(harbour)[0]
    desk = Desk(opened="council.txt", by="Ana", problems={"basis": "A label needs it.", "": "No."})
    page = parsed(listed(harbour, desk, details=details_of(row, harbour, room)))
    told = {each.attributes.get("id", ""): each.text for each in page.every("p.problem")}
    assert told == {"": "No.", "problem-basis": "A label needs it."}
    (wrong,) = [each for each in page.every() if "aria-invalid" in each.attributes]
    assert wrong.attributes["data-name"] == "basis"
    assert wrong.attributes["aria-describedby"] == "problem-basis"
    (by,) = [each for each in page.every("input") if each.attributes["data-name"] == "by"]
    assert by.attributes["value"] == "Ana"


def test_the_whole_file_is_named_before_it_is_removed(harbour: Library, room: Path) -> None:
    row = rows_of(harbour)[0]
    found = details_of(row, harbour, room)
    whole = replace(found, file="wire.zip", holds=[f"wire.zip/{number}.txt" for number in range(7)])
    asked = unfolded(harbour, "council.txt", details=whole).one("section.removing")
    assert (asked.one("button").text, acts(asked)) == ("Remove the whole file…", ["remove"])
    desk = Desk(opened="council.txt", removing=True)
    page = parsed(listed(harbour, desk, details=whole)).one("section.removing")
    assert "Remove wire.zip? It holds 7 sources, which go with it: wire.zip/0.txt," in page.words
    assert "wire.zip/4.txt and 2 more." in page.words
    assert acts(page) == ["removal", "cancel"]


def test_what_was_removed_can_be_put_back_until_the_next_build(
    harbour: Library, room: Path
) -> None:
    removed = [Removed(file="council.txt", when=DAY, key="20261122T000000.000000Z")]
    page = parsed(listed(harbour, Desk(), removed=removed))
    assert acts(page.one("div.waiting")) == ["restore"]
    assert page.one("div.waiting").values("data-file") == ["council.txt"]
    (gone,) = page.every("tr.gone")
    assert "removed: goes with the next rebuild" in gone.words
    details = details_of(rows_of(harbour)[0], harbour, room)
    page = unfolded(harbour, "council.txt", removed=removed, details=details)
    assert acts(page.one("section.removing")) == ["restore"]
    assert acts(parsed(listed(harbour, Desk(), removed=removed, owner=False))) == []


def test_the_last_builds_say_what_they_changed_and_how_long_they_took(harbour: Library) -> None:
    begun = datetime(2026, 11, 22, 20, 23, tzinfo=UTC)
    names = Names.of([f"{number}.txt" for number in range(30)])
    done = LoggedBuild(
        begun=begun, seconds=4.25, generation="g", documents=1, passages=90, added=names
    )
    failed = LoggedBuild(begun=begun, seconds=61.8, error="no <such> folder")
    page = parsed(listed(harbour, builds=[done, failed])).one("details.builds")
    here = begun.astimezone()
    first, second = page.every("li")
    assert first.every("p")[0].text == (
        f"{here.day} November 2026, {here:%H:%M} · 1 source, 90 passages · 4.2 s"
    )
    assert first.every("p")[1].words.startswith("added 30: 0.txt, 1.txt, ")
    assert first.every("p")[1].words.endswith("19.txt and 10 more")
    assert second.every("p")[0].text.endswith(" · failed · 62 s")
    assert second.one("p.problem").text == "no <such> folder"
    read = parsed(listed(harbour, owner=False, builds=[done, failed])).one("details.builds")
    assert [each.words for each in read.every("li")] == [
        first.every("p")[0].words,
        second.every("p")[0].words,
    ]
    assert parsed(listed(harbour)).every("details.builds") == []


def test_descriptions_stand_beside_the_labels_that_have_one(library: Library) -> None:
    for html in (listed(library), labels_html(library)):
        rows = parsed(html).one("ul.holdings").every("li")
        assert [row.words for row in rows] == [
            f"{each.label} {count} {each.description}"
            for each, count in zip(
                library.perspectives, ["3 sources", "0 sources", "2 sources"], strict=True
            )
        ]


def test_how_labels_work_is_told_with_the_labels_of_this_library(harbour: Library) -> None:
    page = parsed(labels_html(harbour))
    assert page.one("h1").text == "How labels work"
    rows = page.one("ul.holdings").every("li")
    assert [row.words for row in rows] == [
        "For closing 1 source",
        "Against closing 1 source",
        "Scientists 0 sources",
        "Unlabelled 1 source",
    ]
    told = next(p for p in page.every("p") if "nobody has labelled" in p.text)
    assert told.one("span.badge").words == "Unlabelled"
    assert told.one("span.badge").attributes["class"] == "badge unlabelled"


# Its state


@pytest.mark.parametrize("stale", [None, FRESH])
def test_a_status_that_is_not_known_to_be_stale_says_only_what_was_built(
    harbour: Library, stale: Staleness | None
) -> None:
    page = parsed(status_html(harbour, stale))
    assert page.words == wording.builds.built_line(harbour.generation.manifest)
    assert page.words.startswith("3 sources · built ")
    assert page.every("button") == page.every(".changed") == []


def test_a_stale_status_says_what_changed_and_leads_to_the_library(harbour: Library) -> None:
    page = parsed(status_html(harbour, STALE))
    assert page.one("span.changed").words == (
        "· 3 seeds and sources.toml and the settings changed since this build: rebuild"
    )
    assert page.one("button").attributes == {"type": "button", "data-library": ""}


def test_what_a_rebuild_would_bring_in_is_named_by_file(harbour: Library) -> None:
    page = parsed(changed_html(harbour, STALE, Path("my/seeds"), owner=True))
    assert page.every("p")[0].text == (
        "3 seeds and sources.toml and the settings changed since this build."
    )
    assert groups_of(page) == {"added": ["new.md"], "changed": ["a.txt", "b/c.txt"]}
    assert page.one("code").text == "my/seeds"


def test_what_the_last_build_could_not_read_is_named_as_long_as_it_stands(
    harbour: Library,
) -> None:
    held = harbour.generation
    failed = (Notice(file="scan.txt", message="is no text", remedy="Save it anew."),)
    manifest = held.manifest.model_copy(update={"failed": failed})
    generation = Generation(manifest, held.texts, held.stores)
    library = Library(generation, harbour.encoder, Settings())
    assert groups_of(parsed(changed_html(library, FRESH, Path("seeds"), owner=True))) == {
        "not read": ["scan.txt: is no text (Save it anew.)"]
    }


def test_an_index_that_is_up_to_date_has_nothing_to_name(harbour: Library) -> None:
    page = parsed(changed_html(harbour, FRESH, Path("seeds"), owner=True))
    assert page.every("p")[0].text == "The index is up to date with the seeds."
    assert groups_of(page) == {}


def test_nobody_can_tell_without_the_folder_of_seeds(harbour: Library) -> None:
    page = parsed(changed_html(harbour, None, Path("seeds"), owner=True))
    assert page.every("p")[0].text == (
        "The folder of seeds cannot be read, so nobody can tell whether the index is up to date."
    )
    assert groups_of(page) == {}


# A build


def test_progress_says_stage_and_how_many_of_how_many() -> None:
    page = parsed(progress_html(Step("encoding passages", 32, 90)))
    assert page.one("label").words == "Encoding passages: 32 of 90"
    assert page.one("progress").attributes == {"value": "32", "max": "90"}
    assert page.one("p").attributes["role"] == "status"


def report_of(**told: object) -> BuildReport:
    counts = {"generation": "g1", "documents": 2, "passages": 1, "unchanged": 0, "encoded": 1}
    known = counts | {"files": (), "failed": (), "notices": ()}
    return BuildReport.model_validate(known | {"changes": Changes()} | told)


def test_a_report_names_every_file_that_changed_or_failed_and_every_notice() -> None:
    report = report_of(
        changes=Changes(added=("new.md",), changed=("a.txt", "b.txt"), removed=("old.txt",)),
        failed=(Notice(file="x.txt", message="no text", remedy="take it out"),),
        notices=(Notice(file="sources.toml", line=3, message="no such file"),),
        duplicates=(Duplicates(documents=("a.txt", "b.txt"), similarity=0.97, exact=False),),
    )
    page = parsed(report_html(report))
    assert page.one("strong").text == "The index is rebuilt: 2 sources, 1 passage."
    assert list(groups_of(page).items()) == [
        ("added", ["new.md"]),
        ("changed", ["a.txt", "b.txt"]),
        ("removed", ["old.txt"]),
        ("failed", ["x.txt: no text (take it out)"]),
        ("told twice", ["2 documents tell the same story: a.txt, b.txt (97 % alike)"]),
        ("to note", ["sources.toml:3: no such file"]),
    ]


def test_a_report_of_a_build_that_changed_nothing_names_no_file() -> None:
    page = parsed(report_html(report_of()))
    assert page.words == "The index is rebuilt: 2 sources, 1 passage."
    assert groups_of(page) == {}


def test_a_failure_says_what_happened_and_what_to_do() -> None:
    page = parsed(failure_html(SeedsError("seeds: no such folder", "Make it."), owner=True))
    assert page.words == "seeds: no such folder Make it."
    assert page.one("strong").text == "seeds: no such folder"
    assert page.one("div.failure").attributes["role"] == "alert"


# Hostile text


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT)
def test_no_text_of_a_file_or_a_catalogue_is_ever_markup(harbour: Library, text: str) -> None:
    def pages_of(told: str) -> str:
        document = document_told(told, "The mill burnt down.", told)
        library = holding(harbour, document, Perspective(id="one", label=told, description=told))
        stale = Staleness(
            seeds=Changes(added=(told,), changed=(told,)), catalogue=False, settings=False
        )
        desk = Desk(opened=told, by=told, said=told, problems={"basis": told, "": told})
        entry = SourceEntry(file=told, perspective="one", basis=told, kind=told, origin=told)
        details = Details(
            row=Row(1, told, document, 1, (told,)),
            document=document,
            runs=[Run((3, 4), told, told, kept=False)],
            more=0,
            perspectives=library.perspectives,
            entry=entry,
            waiting=told,
            unreviewed=True,
            whole=2,
            file=told,
            holds=[told, told],
            problem=told,
        )
        asked = desk.model_copy(update={"removing": True})
        removed = [Removed(file=told, when=DAY, key=told)]
        logged = LoggedBuild(begun=DAY, seconds=1, error=told, added=Names(count=1, names=(told,)))
        return "".join(
            [
                listed(library, desk, removed=removed, builds=[logged], details=details),
                listed(library, asked, details=details),
                listed(library, Desk(said=told, problems={"": told})),
                labels_html(library),
                status_html(library, stale),
                changed_html(library, stale, Path("seeds"), owner=True),
                report_html(report_of(changes=stale.seeds)),
                failure_html(SeedsError(told, told), owner=True),
            ]
        )

    def notices_of(told: str) -> str:
        notice = Notice(file=told, message=told, remedy=told)
        return report_html(report_of(failed=(notice,), notices=(notice,)))

    assert_stays_text(pages_of, text)
    assert_stays_text(notices_of, "␊".join(text.splitlines()))  # a notice is one line
