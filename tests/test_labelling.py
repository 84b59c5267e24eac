from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from rag.catalogue import read_catalogue
from rag.errors import CatalogueError
from rag.labelling import Walk
from rag.passages import sentences_of
from rag.records import Document, Source
from rag.talk import Talk
from rag.wording.builds import walked_lines

TODAY = date(2026, 11, 22)

TEXTS = {
    "council.txt": "The council closed the harbour in 1974.\nIt defended that for years.\n",
    "letter.txt": "We must open our harbour again,\nand we should do it now, not next year.\n",
    "wire.csv#1": "The harbour opens in May, a paper said.\n",
    "wire.csv#2": "The harbour will not open, another paper said.\n",
}

CATALOGUE = """\
# Who says what of the harbour.

[perspectives.for-closing]
label = "For closing"
description = "Wants it closed"

[perspectives.against]
label = "Against"

[[sources]]
file = "council.txt"   # minutes
kind = "minutes"
perspective = "for-closing"
basis = "It defends the closing."
assigned_by = "a program, from the text alone"

# Questions
[questions]
ask = ["When?"]
"""

ENTRY_TO_REVIEW = """
[[sources]]
file = "letter.txt"
perspective = "against"
assigned_by = "a program, from the text alone"
"""

COUNCIL = 'assigned_by = "a program, from the text alone"\n'


def documents_of(*names: str) -> dict[str, Document]:
    return {
        name: Document(
            id=name,
            text=TEXTS[name],
            sha256="",
            encoding="utf_8",
            source=Source(title=f"Title of {name}"),
            sentences=sentences_of(TEXTS[name], (), "en"),
        )
        for name in names
    }


class Person:
    """Somebody who answers each question, in this order, with a line or by doing something."""

    def __init__(self, *answers: str | Callable[[], str] | type[BaseException]) -> None:
        self.said: list[str] = []
        self.answers: Iterator[str | Callable[[], str] | type[BaseException]] = iter(answers)

    def talk(self) -> Talk:
        return Talk(line=self._told, key=self._told, say=self.said.append)

    def _told(self, prompt: str) -> str:
        self.said.append(prompt)
        answer = next(self.answers, EOFError)
        if isinstance(answer, type):
            raise answer
        return answer if isinstance(answer, str) else answer()

    @property
    def asked_everything(self) -> bool:
        return next(self.answers, None) is None


def walk(folder: Path, person: Person, *names: str, by: str = "") -> Walk:
    path = folder / "sources.toml"
    return Walk(path, documents_of(*(names or ("letter.txt",))), person.talk(), by, TODAY)


def catalogue_in(folder: Path, text: str = CATALOGUE) -> Path:
    path = folder / "sources.toml"
    path.write_bytes(text.encode())
    return path


LETTER = """\

[[sources]]
file = "letter.txt"
perspective = "against"
basis = "It asks to open it."
basis_quote = "We must open our harbour again, and we should"
assigned_by = "Ana"
assigned_on = 2026-11-22
kind = "letter"
origin = "a copy"
"""


def test_a_source_without_a_label_gets_the_one_that_is_told(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person(
        "2", "letter", "a copy", "It asks to open it.",
        "We must open our harbour again, and we should", "Ana",
    )  # fmt: skip
    done = walk(tmp_path, person)
    done.through_all()
    assert person.asked_everything
    assert path.read_text() == CATALOGUE.replace(COUNCIL, COUNCIL + LETTER)
    assert done.done == ["letter.txt is labelled Against"]
    assert done.left() == (0, 0)


def test_what_helps_to_decide_is_shown_before_it_is_asked(tmp_path: Path) -> None:
    catalogue_in(tmp_path)
    person = Person("q")
    walk(tmp_path, person).through_all()
    shown = "\n".join(person.said)
    assert "1 source without a label." in shown
    assert "── letter.txt\n   Title of letter.txt\n   Unlabelled\n" in shown
    assert "   Beginning:\n     We must open our harbour again," in shown
    assert "  1  For closing – Wants it closed\n  2  Against\n  n  another one" in shown


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_owner_confirms_with_one_key(tmp_path: Path, end: str, mark: str) -> None:
    path = catalogue_in(tmp_path, mark + CATALOGUE.replace("\n", end))
    person = Person("c")
    done = walk(tmp_path, person, "council.txt", by="Bo")
    done.through_all()
    assert person.asked_everything
    reviewed = COUNCIL + 'reviewed_by = "Bo"\nreviewed_on = 2026-11-22\n'
    expected = mark + CATALOGUE.replace(COUNCIL, reviewed).replace("\n", end)
    assert path.read_bytes() == expected.encode()
    assert done.left() == (0, 0)
    shown = "\n".join(person.said)
    assert "1 source not yet reviewed." in shown
    assert "basis: It defends the closing." in shown


def test_the_name_of_the_owner_is_asked_for_once(tmp_path: Path) -> None:
    entry = CATALOGUE[CATALOGUE.index("[[sources]]") : CATALOGUE.index("# Questions")]
    path = catalogue_in(tmp_path, CATALOGUE + "\n" + entry.replace("council", "letter"))
    person = Person("c", "Bo", "c")
    walk(tmp_path, person, "council.txt", "letter.txt").through_all()
    assert person.asked_everything
    catalogue = read_catalogue(path)
    names = [catalogue.source_of(name).perspective.reviewed_by for name in catalogue.entries]
    assert names == ["Bo", "Bo"]


def test_a_label_given_anew_keeps_the_former_one_with_its_day(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("l", "2", "", "", "It laments it.", "", "Bo")
    walk(tmp_path, person, "council.txt").through_all()
    assert person.asked_everything
    label = read_catalogue(path).source_of("council.txt").perspective
    assert (label.label, label.basis, label.assigned_by) == ("Against", "It laments it.", "Bo")
    assert label.reviewed
    (former,) = label.history
    assert former.label == "For closing"
    assert former.basis == "It defends the closing."
    assert former.assigned_by == "a program, from the text alone"
    assert former.until == TODAY


def test_a_source_that_is_named_is_labelled_again(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("against", "report", "", "It laments it.", "", "Bo")
    walk(tmp_path, person, "council.txt", "letter.txt").through_one("council.txt")
    assert person.asked_everything
    source = read_catalogue(path).source_of("council.txt")
    assert (source.kind, source.perspective.id) == ("report", "against")
    assert "letter.txt" not in read_catalogue(path).entries


def test_a_perspective_that_is_not_declared_yet_can_be(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("7", "n", "", "Against!", "Wants it open", "", "", "b", "", "Ana")
    walk(tmp_path, person).through_all()
    assert person.asked_everything
    catalogue = read_catalogue(path)
    assert catalogue.notices == ()
    assert [(p.id, p.label, p.description) for p in catalogue.perspectives][2:] == [
        ("against-2", "Against!", "Wants it open")
    ]
    assert catalogue.source_of("letter.txt").perspective.id == "against-2"


def test_a_label_that_reads_as_none_is_asked_for_again(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("7", "n", "unlabelled", "Без метки", "Neither", "", "", "", "b", "", "Ana")
    walk(tmp_path, person).through_all()
    assert person.asked_everything
    assert [each.label for each in read_catalogue(path).perspectives][2:] == ["Neither"]


def test_a_label_that_is_declared_is_not_declared_again(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    walk(tmp_path, Person("n", "Against", "", "", "b", "", "Ana")).through_all()
    assert len(read_catalogue(path).perspectives) == 2
    assert read_catalogue(path).source_of("letter.txt").perspective.id == "against"


def test_without_a_catalogue_one_is_made(tmp_path: Path) -> None:
    person = Person("Unlabelled!", "", "letter", "", "b", "", "Ana")
    walk(tmp_path, person).through_all()
    assert (tmp_path / "sources.toml").read_text() == (
        '[perspectives.unlabelled-2]\nlabel = "Unlabelled!"\n'
        '\n[[sources]]\nfile = "letter.txt"\nperspective = "unlabelled-2"\nbasis = "b"\n'
        'assigned_by = "Ana"\nassigned_on = 2026-11-22\nkind = "letter"\n'
    )


def test_a_quote_that_the_source_does_not_hold_is_asked_for_again(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("2", "", "", "b", "we must open", "We must open", "Ana")
    walk(tmp_path, person).through_all()
    assert person.asked_everything
    assert read_catalogue(path).source_of("letter.txt").perspective.basis_quote == "We must open"
    assert any("does not hold these words" in line for line in person.said)


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("how", ["s", "q", EOFError])
def test_who_leaves_half_way_changes_nothing(
    tmp_path: Path, at: int, how: str | type[BaseException]
) -> None:
    path = catalogue_in(tmp_path)
    answers = ["2", "letter", "a copy", "b", "", "Ana"][:at]
    done = walk(tmp_path, Person(*answers, how))
    done.through_all()
    assert path.read_text() == CATALOGUE
    assert done.done == []
    assert done.left() == (1, 0)


def test_what_was_written_stays_when_somebody_breaks_off(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    person = Person("2", "", "", "b", "", "Ana", KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        walk(tmp_path, person, "letter.txt", "council.txt").through_all()
    assert read_catalogue(path).source_of("letter.txt").perspective.label == "Against"


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    other = CATALOGUE.replace("# minutes", "# minutes, as printed")

    def late() -> str:
        path.write_text(other)
        return "Ana"

    person = Person("2", "letter", "a copy", "It asks to open it.",
                    "We must open our harbour again, and we should", late)  # fmt: skip
    walk(tmp_path, person).through_all()
    assert path.read_text() == other.replace(COUNCIL, COUNCIL + LETTER)


def test_an_entry_that_went_meanwhile_is_told_and_the_walk_goes_on(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path, CATALOGUE + ENTRY_TO_REVIEW)
    other = CATALOGUE[: CATALOGUE.index("[[sources]]")] + ENTRY_TO_REVIEW

    def late() -> str:
        path.write_text(other)
        return "Bo"

    person = Person("c", late, "c")
    done = walk(tmp_path, person, "council.txt", "letter.txt")
    done.through_all()
    assert person.asked_everything
    assert "Somebody has removed its entry meanwhile; there is nothing to confirm." in person.said
    assert done.done == ["letter.txt: its label is confirmed by Bo"]


@pytest.mark.parametrize(
    "form",
    ['sources = [{ file = "a.txt" }]\n', "sources = []\n", '[sources]\nfile = "a.txt"\n'],
)
@pytest.mark.parametrize("name", ["", "letter.txt"])
def test_a_form_that_cannot_be_changed_is_told_before_anything_is_asked(
    tmp_path: Path, form: str, name: str
) -> None:
    path = catalogue_in(tmp_path, form)
    person = Person("q")
    done = walk(tmp_path, person)
    with pytest.raises(CatalogueError, match="stand in one list") as raised:
        done.through_one(name) if name else done.through_all()
    assert raised.value.remedy == "Write each source below [[sources]]."
    assert person.said == []
    assert path.read_text() == form


def test_a_label_that_changed_meanwhile_is_not_confirmed_unseen(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path)
    other = CATALOGUE.replace("It defends", "It laments")

    def late() -> str:
        path.write_text(other)
        return "Bo"

    person = Person("c", late, "s")
    walk(tmp_path, person, "council.txt").through_all()
    assert person.asked_everything
    assert path.read_text() == other
    assert any("basis: It laments" in line for line in person.said)


def test_a_collection_is_labelled_whole_and_its_documents_are_not_asked_about(
    tmp_path: Path,
) -> None:
    path = catalogue_in(tmp_path)
    names = ("council.txt", "wire.csv#1", "wire.csv#2")
    person = Person("2", "wire", "", "b", "another paper said", "Ana")
    one = walk(tmp_path, person, *names)
    one.through_one("wire.csv")
    assert person.asked_everything
    assert any("2 documents; the first: wire.csv#1" in line for line in person.said)
    assert one.left() == (0, 1)
    assert list(read_catalogue(path).entries) == ["council.txt", "wire.csv"]


def test_a_document_of_a_labelled_collection_can_have_its_own_label(tmp_path: Path) -> None:
    whole = (
        '\n[[sources]]\nfile = "wire.csv"\nkind = "wire"\nperspective = "against"\nbasis = "b"\n'
    )
    path = catalogue_in(tmp_path, CATALOGUE + whole)
    person = Person("1", "", "", "It defends it.", "", "Ana")
    walk(tmp_path, person, "wire.csv#1", "wire.csv#2").through_one("wire.csv#2")
    catalogue = read_catalogue(path)
    own, other = (catalogue.source_of(f"wire.csv#{number}") for number in (2, 1))
    assert (own.kind, own.perspective.label) == ("wire", "For closing")
    assert (other.kind, other.perspective.label) == ("wire", "Against")
    assert own.perspective.history == ()


def test_a_catalogue_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    path = catalogue_in(tmp_path, "[[sources]\n")
    with pytest.raises(CatalogueError):
        walk(tmp_path, Person()).through_all()
    assert path.read_text() == "[[sources]\n"


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ((0, 2, 1), ["0 sources written. Left: 2 without a label, 1 not yet reviewed."]),
        (
            (1, 0, 0),
            [
                "1 source written. Left: 0 without a label, 0 not yet reviewed.",
                "To bring it into the index, run: parallax build",
            ],
        ),
    ],
)
def test_at_the_end_it_is_said_what_is_left(
    numbers: tuple[int, int, int], lines: Sequence[str]
) -> None:
    assert walked_lines(*numbers) == lines
