from pathlib import Path

import pytest
from hypothesis import given, settings

from rag import wording
from rag.answering import Library
from rag.errors import SeedsError
from rag.index.build import BuildReport, Changes, Staleness
from rag.index.generation import Generation, Stores
from rag.index.texts import Texts
from rag.records import Document, Duplicates, Notice, Perspective
from rag.settings import Settings
from rag.web.shelf import Step
from rag.web.sources import (
    changed_html,
    failure_html,
    labels_html,
    library_html,
    progress_html,
    report_html,
    status_html,
)
from tests.making import ANY_TEXT, Element, assert_stays_text, document_told, parsed

FRESH = Staleness(seeds=Changes(), catalogue=False, settings=False)
STALE = Staleness(
    seeds=Changes(added=("new.md",), changed=("a.txt", "b/c.txt")), catalogue=True, settings=True
)


def holding(library: Library, document: Document, *perspectives: Perspective) -> Library:
    """The library with one document instead of its own, of which no sentence is quoted."""
    texts = Texts.of([document], [], perspectives, [])
    held = library.generation
    generation = Generation(held.manifest, texts, stores_of(held))
    return Library(generation, library.encoder, Settings())


def stores_of(generation: Generation) -> Stores:
    return Stores(generation.dense, generation.lexical, generation.sentences, generation.tokens)


def groups_of(page: Element) -> dict[str, list[str]]:
    """What each list of files is headed, and the names in it."""
    return {
        head.text: body.texts("p")
        for listed in page.every("dl.files")
        for head, body in zip(listed.every("dt"), listed.every("dd"), strict=True)
    }


# The library


def test_the_library_lists_every_source_with_label_and_extent(harbour: Library) -> None:
    page = parsed(library_html(harbour))
    assert page.one("h1").text == "3 sources"
    entries = page.every("article.entry")
    assert [entry.attributes["id"] for entry in entries] == ["source-1", "source-2", "source-3"]
    assert page.values("data-document") == ["council.txt", "fishers.txt", "visitor.md"]
    assert [entry.one("h2").one("button").text for entry in entries] == [
        "Minutes of the council",
        "Untitled: “The harbour of Lomvik was closed to trawlers…”",
        "visitor.md",
    ]
    assert [entry.one("span.badge").words for entry in entries] == [
        "source labelled For closing",
        "source labelled Against closing",
        "Unlabelled",
    ]
    assert [entry.one("span.badge").attributes["class"] for entry in entries] == [
        "badge diamond",
        "badge disc",
        "badge unlabelled",
    ]
    assert [entry.one("p.place").text for entry in entries] == [
        "council.txt · 1 passage · 0% left out",
        "fishers.txt · 1 passage · 0% left out",
        "visitor.md · 1 passage · 0% left out",
    ]
    told = [each.text for each in entries[0].one("p.source").children]
    assert told == ["minutes", "Ada Berg", "1976"]
    assert page.every("details") == []


def test_the_library_marks_labels_that_nobody_has_reviewed(
    library: Library, harbour: Library
) -> None:
    entries = parsed(library_html(library)).every("article.entry")
    assert [entry.one("p.label").texts(".unreviewed") for entry in entries] == [
        [] if document.source.perspective.reviewed else ["not yet reviewed"]
        for document in library.documents.values()
    ]
    assert parsed(library_html(harbour)).every(".unreviewed") == []


def test_the_library_names_the_near_duplicates_of_each_source(
    harbour: Library, carried: Library
) -> None:
    assert parsed(library_html(harbour)).every("p.also") == []
    (group,) = carried.generation.texts.duplicates
    entries = parsed(library_html(carried)).every("article.entry")
    alike = f"{round(100 * group.similarity)} % alike: "
    told = [entry.texts("p.also") for entry in entries]
    assert told == [[f"{alike}b.txt"], [f"{alike}a.txt"], []]


def test_the_library_counts_sources_by_label_those_without_any_too(harbour: Library) -> None:
    rows = parsed(library_html(harbour)).one("ul.holdings").every("li")
    assert [row.words for row in rows] == [
        "For closing 1 source",
        "Against closing 1 source",
        "Scientists 0 sources",
        "Unlabelled 1 source",
    ]
    shapes = [row.one("span.badge").attributes["class"] for row in rows]
    assert shapes == ["badge diamond", "badge disc", "badge triangle", "badge unlabelled"]


def test_what_was_left_out_of_each_source_stands_there_with_its_reason(library: Library) -> None:
    documents = list(library.documents.values())
    entries = parsed(library_html(library)).every("article.entry")
    assert [entry.one("h2").text for entry in entries] == [d.display_title for d in documents]
    for document, entry in zip(documents, entries, strict=True):
        fold = entry.one("details")
        assert "open" not in fold.attributes
        parts = len(document.furniture)
        assert parts > 1
        assert fold.one("summary").text == f"What was left out ({parts})"
        reasons = list(dict.fromkeys(span.reason for span in document.furniture))
        assert fold.texts("dt") == reasons
        assert fold.texts("dd") == [
            document.text[span.start : span.end]
            for reason in reasons
            for span in document.furniture
            if span.reason == reason
        ]
        left_out = sum(len(text) for text in fold.texts("dd")) / len(document.text)
        passages = [p for p in library.generation.texts.passages if p.document == document.id]
        assert entry.one("p.place").text == (
            f"{document.id} · {len(passages)} passages · {left_out:.0%} left out"
        )


def test_descriptions_stand_beside_the_labels_that_have_one(library: Library) -> None:
    for html in (library_html(library), labels_html(library)):
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
    page = parsed(changed_html(harbour, STALE, Path("my/seeds")))
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
    generation = Generation(manifest, held.texts, stores_of(held))
    library = Library(generation, harbour.encoder, Settings())
    assert groups_of(parsed(changed_html(library, FRESH, Path("seeds")))) == {
        "not read": ["scan.txt: is no text (Save it anew.)"]
    }


def test_an_index_that_is_up_to_date_has_nothing_to_name(harbour: Library) -> None:
    page = parsed(changed_html(harbour, FRESH, Path("seeds")))
    assert page.every("p")[0].text == "The index is up to date with the seeds."
    assert groups_of(page) == {}


def test_nobody_can_tell_without_the_folder_of_seeds(harbour: Library) -> None:
    page = parsed(changed_html(harbour, None, Path("seeds")))
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
    counts = {"generation": "g1", "documents": 2, "passages": 1}
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
    page = parsed(failure_html(SeedsError("seeds: no such folder", "Make it.")))
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
        return "".join(
            [
                library_html(library),
                labels_html(library),
                status_html(library, stale),
                changed_html(library, stale, Path("seeds")),
                report_html(report_of(changes=stale.seeds)),
                failure_html(SeedsError(told, told)),
            ]
        )

    def notices_of(told: str) -> str:
        notice = Notice(file=told, message=told, remedy=told)
        return report_html(report_of(failed=(notice,), notices=(notice,)))

    assert_stays_text(pages_of, text)
    assert_stays_text(notices_of, "␊".join(text.splitlines()))  # a notice is one line
