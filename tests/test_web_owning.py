import hashlib
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.catalogue import read_catalogue
from rag.encoder import Encoder
from rag.index.build import build
from rag.removal import taken_out
from rag.settings import Settings
from rag.web.details import KEPT, Details, beside, details_of, removed_since
from rag.web.listing import rows_of
from rag.web.owning import LONGEST, NEW, Desk, LabelForm, Wish, done
from rag.web.shelf import Shelf
from rag.wording.language import say
from tests.making import opened, settings_for, write_files

PAGE = (
    "Skip to main content\n"
    "\n"
    "The mill of Ostby burnt down on a night in March, and nobody was in it.\n"
    "Its miller was paid four thousand crowns before anybody asked where he had been.\n"
    "\n"
    "Share this article\n"
    "Follow us on Facebook\n"
    "\n"
    "A year later a new mill of stone stood in the same place beside the river.\n"
)

GOOD = LabelForm(perspective="for-closing", basis="It says so.", by="Ana")


class Room:
    """A library with its folder, and a session before it."""

    def __init__(self, own: Settings, encoder: Encoder) -> None:
        self.settings = own
        self.encoder = encoder
        self.shelf = Shelf(own, opened(own, encoder))
        self.desk = Desk()

    @property
    def catalogue(self) -> Path:
        return self.settings.seeds / "sources.toml"

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        said = tomllib.loads(self.catalogue.read_text("utf-8"))
        return {each["file"]: each for each in said["sources"]}

    def wish(self, act: str, document: str = "", **more: object) -> Desk:
        asked = Wish.model_validate({"act": act, "document": document} | more)
        self.desk = done(asked, self.desk, self.shelf.library(), self.settings.seeds)
        return self.desk

    def details(self, name: str) -> Details:
        library = self.shelf.library()
        row = next(each for each in rows_of(library) if each.id == name)
        return details_of(row, library, self.settings.seeds)

    def rebuild(self) -> None:
        build(self.settings, self.encoder)


@pytest.fixture
def room(own_harbour: Settings, quick_encoder: Encoder) -> Room:
    return Room(own_harbour, quick_encoder)


@pytest.fixture
def mill(tmp_path: Path, quick_encoder: Encoder) -> Room:
    """A library of one page that has furniture around its text."""
    own = settings_for(tmp_path, {"mill.txt": PAGE})
    build(own, quick_encoder)
    return Room(own, quick_encoder)


# What was left out


def runs(room: Room) -> list[tuple[tuple[int, int], str, bool]]:
    return [(run.lines, run.text, run.kept) for run in room.details("mill.txt").runs]


def left_out(room: Room) -> list[str]:
    """What a build of the folder as it is now leaves out, by the lines of the file."""
    document = room.shelf.library().documents["mill.txt"]
    return [document.text[span.start : span.end] for span in document.furniture]


def test_runs_are_told_by_their_lines_and_words(mill: Room) -> None:
    found = runs(mill)
    lines = PAGE.splitlines()
    for (first, last), text, kept in found:
        assert "\n".join(lines[first - 1 : last]) == text
        assert not kept
    assert found[0][:2] == ((1, 1), "Skip to main content")
    whole = "".join(text for _, text, _ in found)
    assert "".join("".join(left_out(mill)).split()) == "".join(whole.split())


def test_lines_that_are_kept_are_searched_after_the_next_build_and_can_be_left_out_again(
    mill: Room,
) -> None:
    lines, text, _ = runs(mill)[0]
    before = left_out(mill)
    assert text in before
    desk = mill.wish("keep", "mill.txt", first=lines[0], last=lines[1])
    assert (desk.problems, desk.said, desk.opened) == (
        {},
        f"Kept. {say('owning-later')}",
        "mill.txt",
    )
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    assert mill.entries == {
        "mill.txt": {"file": "mill.txt", "keep": [1], "lines_checked_for": digest[:12]}
    }
    assert runs(mill)[0] == (lines, text, True)
    mill.rebuild()
    assert text not in left_out(mill)
    assert any(text in passage.text for passage in mill.shelf.library().generation.texts.passages)
    assert [run.reason for run in mill.details("mill.txt").runs if run.kept] == [KEPT]
    mill.wish("leave out", "mill.txt", first=lines[0], last=lines[1])
    assert mill.entries == {"mill.txt": {"file": "mill.txt"}}
    mill.rebuild()
    assert left_out(mill) == before


def test_lines_that_the_owner_left_out_come_back_and_go_again(mill: Room) -> None:
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    said = f'[[sources]]\nfile = "mill.txt"\ndrop = [[3, 4]]\nlines_checked_for = "{digest}"\n'
    mill.catalogue.write_text(said, "utf-8")
    mill.rebuild()
    mill.wish("keep", "mill.txt", first=3, last=4)
    assert mill.entries == {"mill.txt": {"file": "mill.txt"}}
    assert ((3, 4), True) in [(lines, kept) for lines, _, kept in runs(mill)]
    mill.wish("leave out", "mill.txt", first=3, last=4)
    entry = mill.entries["mill.txt"]
    assert (entry["drop"], entry["lines_checked_for"]) == ([[3, 4]], digest[:12])


def test_a_hash_that_the_owner_wrote_stays_as_long_as_it_was_written(mill: Room) -> None:
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    said = f'[[sources]]\nfile = "mill.txt"\nkeep = [9]\nlines_checked_for = "{digest[:20]}"\n'
    mill.catalogue.write_text(said, "utf-8")
    mill.wish("keep", "mill.txt", first=1, last=1)
    assert mill.entries["mill.txt"]["lines_checked_for"] == digest[:20]
    assert mill.entries["mill.txt"]["keep"] == [1, 9]


def test_lines_of_another_state_of_the_file_are_not_taken_over(mill: Room) -> None:
    said = '[[sources]]\nfile = "mill.txt"\nkeep = [[3, 9]]\nlines_checked_for = "0123456789ab"\n'
    mill.catalogue.write_text(said, "utf-8")
    assert not any(kept for _, _, kept in runs(mill))
    mill.wish("keep", "mill.txt", first=1, last=1)
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    assert mill.entries["mill.txt"]["keep"] == [1]
    assert mill.entries["mill.txt"]["lines_checked_for"] == digest[:12]


def test_lines_are_not_decided_on_in_a_file_that_has_changed(mill: Room) -> None:
    write_files(mill.settings.seeds, {"mill.txt": "New.\n" + PAGE})
    desk = mill.wish("keep", "mill.txt", first=1, last=1)
    assert "has changed since this build" in desk.problems[""]
    assert not mill.catalogue.exists()


@pytest.mark.parametrize("lines", [(0, 0), (2, 2), (3, 4), (1, 99), (-1, 1)])
def test_only_a_run_that_is_there_can_be_kept(mill: Room, lines: tuple[int, int]) -> None:
    desk = mill.wish("keep", "mill.txt", first=lines[0], last=lines[1])
    assert desk.problems[""]
    assert not mill.catalogue.exists()


# The label


def test_a_label_with_its_basis_is_written_and_acts_after_the_next_build(room: Room) -> None:
    told = {
        "perspective": "scientists",
        "basis": " It measures\n the light. ",
        "quote": "The lighthouse of\nLomvik is painted green",
        "by": "Ana",
        "kind": "letter",
    }
    desk = room.wish("label", "visitor.md", form=told)
    assert (desk.problems, desk.said, desk.by) == (
        {},
        f"Labelled Scientists. {say('owning-later')}",
        "Ana",
    )
    assert room.entries["visitor.md"] == {
        "file": "visitor.md",
        "perspective": "scientists",
        "basis": "It measures the light.",
        "basis_quote": "The lighthouse of Lomvik is painted green",
        "assigned_by": "Ana",
        "assigned_on": date.today(),
        "kind": "letter",
    }
    assert room.details("visitor.md").waiting == "Scientists"
    assert room.shelf.library().documents["visitor.md"].source.perspective.label == "Unlabelled"
    room.rebuild()
    label = room.shelf.library().documents["visitor.md"].source.perspective
    assert (label.label, label.basis) == ("Scientists", "It measures the light.")
    assert room.details("visitor.md").waiting is None


def test_a_perspective_that_is_not_declared_yet_is_declared(room: Room) -> None:
    told = {"perspective": NEW, "label": 'The "Coast"', "description": "x", "basis": "y", "by": "A"}
    room.wish("label", "visitor.md", form=told)
    said = tomllib.loads(room.catalogue.read_text("utf-8"))
    assert said["perspectives"]["the-coast"] == {"label": 'The "Coast"', "description": "x"}
    assert room.entries["visitor.md"]["perspective"] == "the-coast"


def test_a_new_perspective_with_the_label_of_a_declared_one_is_that_one(room: Room) -> None:
    room.wish(
        "label", "visitor.md", form=GOOD.model_dump() | {"perspective": NEW, "label": "Scientists"}
    )
    assert room.entries["visitor.md"]["perspective"] == "scientists"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, {"perspective", "basis", "by"}),
        (GOOD.model_dump() | {"basis": " \n"}, {"basis"}),
        (GOOD.model_dump() | {"by": ""}, {"by"}),
        (GOOD.model_dump() | {"perspective": "nobody"}, {"perspective"}),
        (GOOD.model_dump() | {"perspective": "unlabelled"}, {"perspective"}),
        (GOOD.model_dump() | {"perspective": NEW}, {"label"}),
        (GOOD.model_dump() | {"perspective": NEW, "label": "unLabelled"}, {"label"}),
        (GOOD.model_dump() | {"quote": "The lighthouse is green"}, {"quote"}),
        (GOOD.model_dump() | {"kind": "x" * (LONGEST["kind"] + 1)}, {"kind"}),
        (GOOD.model_dump() | {"basis": "x" * (LONGEST["basis"] + 1)}, {"basis"}),
    ],
)
def test_what_is_missing_is_told_beside_its_field_and_nothing_is_written(
    room: Room, told: dict[str, str], wrong: set[str]
) -> None:
    before = room.catalogue.read_bytes()
    desk = room.wish("label", "visitor.md", form=told)
    assert desk.problems.keys() == wrong
    assert all(desk.problems.values())
    assert (desk.said, desk.opened) == ("", "visitor.md")
    assert room.catalogue.read_bytes() == before


def test_the_name_is_remembered_and_the_problems_are_not(room: Room) -> None:
    room.wish("label", "visitor.md", form={"by": "Ana"})
    assert room.desk.by == "Ana"
    desk = room.wish("remove", "visitor.md")
    assert (desk.by, desk.problems) == ("Ana", {})


def test_a_catalogue_that_is_no_toml_is_told_and_left_as_it_is(room: Room) -> None:
    room.catalogue.write_text("[perspectives", "utf-8")
    assert "cannot be read" in room.details("visitor.md").problem
    desk = room.wish("label", "visitor.md", form=GOOD.model_dump())
    assert "cannot be read" in desk.problems[""]
    assert room.catalogue.read_text("utf-8") == "[perspectives"


def test_a_catalogue_that_leads_out_of_the_seeds_is_not_written(room: Room, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    room.catalogue.rename(outside)
    room.catalogue.symlink_to(outside)
    before = outside.read_bytes()
    for act in ("label", "confirm", "keep"):
        desk = room.wish(act, "council.txt", form=GOOD.model_dump(), shown="for-closing")
        assert desk.problems
    assert outside.read_bytes() == before


def test_a_label_from_the_text_alone_is_confirmed_under_a_name(room: Room) -> None:
    told = GOOD.model_dump() | {"by": "a program, from the text alone"}
    room.wish("label", "visitor.md", form=told)
    assert room.details("visitor.md").unreviewed
    assert room.wish("confirm", "visitor.md", shown="for-closing").problems.keys() == {"by"}
    assert (
        "changed" in room.wish("confirm", "visitor.md", shown="x", form={"by": "Bo"}).problems[""]
    )
    assert "reviewed_by" not in room.entries["visitor.md"]
    desk = room.wish("confirm", "visitor.md", shown="for-closing", form={"by": "Bo"})
    assert desk.said == f"Confirmed by Bo. {say('owning-later')}"
    assert room.entries["visitor.md"]["reviewed_by"] == "Bo"
    assert room.entries["visitor.md"]["reviewed_on"] == date.today()
    assert not room.details("visitor.md").unreviewed


def test_the_label_of_a_collection_is_confirmed_for_all_of_it(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    said = """
[perspectives.wire]
label = "The wire"

[[sources]]
file = "wire.csv"
perspective = "wire"
basis = "It is."
assigned_by = "from the text alone"
"""
    rows = "id,text\n1,The first one stands here.\n2,The second one lies there.\n"
    own = settings_for(tmp_path, {"wire.csv": rows, "sources.toml": said})
    build(own, quick_encoder)
    room = Room(own, quick_encoder)
    assert (room.details("wire.csv#1").whole, room.details("wire.csv#1").unreviewed) == (2, True)
    room.wish("confirm", "wire.csv#1", shown="wire", form={"by": "Bo"})
    assert room.entries["wire.csv"]["reviewed_by"] == "Bo"
    room.wish("label", "wire.csv#2", form=GOOD.model_dump() | {"perspective": "wire"})
    assert room.entries.keys() == {"wire.csv", "wire.csv#2"}
    assert (room.details("wire.csv#1").file, len(room.details("wire.csv#1").holds)) == (
        "wire.csv",
        2,
    )


HOSTILE = st.text(max_size=30)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each takes a fresh room
)
@given(label=HOSTILE, basis=HOSTILE, by=HOSTILE, kind=HOSTILE)
def test_whatever_is_typed_stands_in_the_catalogue_as_it_was_typed(
    harbour_room: Callable[[], Room],
    label: str,
    basis: str,
    by: str,
    kind: str,
) -> None:
    room = harbour_room()
    told = {"perspective": NEW, "label": label, "basis": basis, "by": by, "kind": kind}
    before = room.catalogue.read_bytes()
    desk = room.wish("label", "visitor.md", form=told)
    if desk.problems:
        assert room.catalogue.read_bytes() == before
        return
    plain = {name: " ".join(value.split()) for name, value in told.items()}
    catalogue = read_catalogue(room.catalogue)
    assert catalogue.notices == ()
    said = catalogue.source_of("visitor.md")
    assert said.perspective.label == plain["label"]
    assert (said.perspective.basis, said.perspective.assigned_by) == (plain["basis"], plain["by"])
    assert said.kind == (plain["kind"] or None)


@pytest.fixture
def harbour_room(own_harbour: Settings, quick_encoder: Encoder) -> Callable[[], Room]:
    """A room in which nobody has written anything yet."""
    room = Room(own_harbour, quick_encoder)
    before = room.catalogue.read_bytes()

    def fresh() -> Room:
        room.catalogue.write_bytes(before)
        room.desk = Desk()
        return room

    return fresh


# The file


def names(room: Room) -> list[str]:
    return [each.file for each in removed_since(room.shelf.library(), room.settings.seeds)]


def test_a_source_is_removed_after_a_second_word_and_put_back(room: Room) -> None:
    assert room.wish("remove", "visitor.md").removing
    assert (room.settings.seeds / "visitor.md").exists()
    assert not room.wish("cancel", "visitor.md").removing
    assert room.wish("removal", "visitor.md").said == "visitor.md is removed."
    assert not (room.settings.seeds / "visitor.md").exists()
    assert names(room) == ["visitor.md"]
    (removed,) = taken_out(room.settings.seeds)
    desk = room.wish("restore", file=removed.file, key=removed.key)
    assert (desk.said, desk.opened) == ("visitor.md is back.", "visitor.md")
    assert (room.settings.seeds / "visitor.md").exists()
    assert names(room) == []


def test_after_the_next_build_it_is_gone_and_no_longer_put_back_from_here(room: Room) -> None:
    room.wish("removal", "visitor.md")
    room.rebuild()
    assert "visitor.md" not in room.shelf.library().documents
    assert names(room) == []


def test_what_is_removed_twice_is_told(room: Room) -> None:
    room.wish("removal", "visitor.md")
    assert "not among the seeds" in room.wish("removal", "visitor.md").problems[""]


def test_nothing_outside_the_library_is_removed_or_put_back(room: Room, tmp_path: Path) -> None:
    write_files(tmp_path, {"outside.txt": "mine"})
    for name in ("../outside.txt", "sources.toml", "", "/etc/passwd", "council.txt#1"):
        assert room.wish("removal", name).problems[""]
        assert room.wish("restore", file=name, key="..").problems[""]
    assert (tmp_path / "outside.txt").read_text("utf-8") == "mine"
    assert room.catalogue.exists()


def test_what_a_room_shows_beside_its_library(room: Room) -> None:
    library = room.shelf.library()
    plain = beside(library, room.shelf, "", owner=False)
    assert [row.id for row in plain.rows] == ["council.txt", "fishers.txt", "visitor.md"]
    assert (plain.details, plain.removed, plain.owner) == (None, [], False)
    assert [build.generation for build in plain.builds] == [library.generation.id]
    unfolded = beside(library, room.shelf, "visitor.md", owner=True)
    assert unfolded.details
    assert unfolded.details.file == "visitor.md"
    assert beside(library, room.shelf, "gone.txt", owner=True).details is None


def test_a_folder_of_seeds_that_is_away_is_told(room: Room) -> None:
    room.settings.seeds.rename(room.settings.seeds.with_name("away"))
    desk = room.wish("removal", "visitor.md")
    assert "no such folder of seeds" in desk.problems[""]
