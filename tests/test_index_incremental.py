"""A build that takes over what has not changed makes what a build from nothing makes."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from rag import reading
from rag.encoder import EncodedTexts
from rag.index import build as building
from rag.index.build import BuildReport, build
from rag.index.generation import Generation
from rag.index.manifest import Manifest, current_manifest
from rag.index.rollback import go_back
from rag.passages import passages_of
from rag.progress import Progress
from rag.records import Answer, Document, Passage
from rag.sandbox import Message
from rag.settings import Settings
from tests.changing import BROKEN, MET, PAGES, PRESS, QUESTIONS, SITE, Changing
from tests.making import Files, opened, settings_for, write_files
from tests.tiny import Inside, TinyEncoder

SEEDS = range(40 if os.environ.get("SOAK") else 3)
SQLITE = ("library.sqlite", "readings.sqlite")


class Counting(Inside):
    """Which tasks it was given: what to do, and with which file or document."""

    tasks: list[tuple[str, str]] = []

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:
        self.tasks.append((task["do"], task["name"]))
        return super().run(task, data)


class CountingEncoder(TinyEncoder):
    """Which texts it was given."""

    def __init__(self, revision: str = "0") -> None:
        super().__init__(revision)
        self.encoded: list[str] = []

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        self.encoded += texts
        return super().encode_documents(texts, progress)


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the sandbox is asked to do from now on; it is inside this process."""
    monkeypatch.setattr(Counting, "tasks", [])
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here
    monkeypatch.setattr(reading, "_sandbox", lambda _: Counting())
    return Counting.tasks


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are cut into passages from now on."""
    names: list[str] = []

    def counted(document: Document, **told: object) -> object:
        names.append(document.id)
        return passages_of(document, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "passages_of", counted)
    return names


# What is compared


def arrays_of(folder: Path) -> dict[str, bytes]:
    """All files of a generation but those of SQLite and the manifest."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    apart = {*SQLITE, "manifest.json"}
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in found.items() if name not in apart}


def tables_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the order of its first columns."""
    with closing(sqlite3.connect(file)) as connection:
        every = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        return {
            f"{name}: {sql}": connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608 - names of the file's own
            for name, sql in every.fetchall()
        }


def told_of(manifest: Manifest) -> dict[str, object]:
    """A manifest but for what differs from build to build."""
    told = manifest.model_dump(exclude={"id", "built"})
    files = {name: value for name, value in told["files"].items() if name not in SQLITE}
    return told | {"files": files, "names": [*told["files"]]}


def answers_of(settings: Settings, encoder: TinyEncoder) -> list[Answer]:
    """What is answered to some questions, whatever the generation is called."""
    library = opened(settings, encoder)
    return [
        library.ask(question, abstain=number == 0).model_copy(update={"generation": ""})
        for number, question in enumerate(QUESTIONS)
    ]


def said_by(report: BuildReport) -> dict[str, object]:
    """A report but for what is of this build alone."""
    told = report.model_dump(
        exclude={"generation", "changes", "unchanged", "encoded", "seconds", "files"}
    )
    files = [(each.file, each.documents, each.reasons) for each in report.files]
    return told | {"files": files}


def assert_as_from_nothing(
    settings: Settings, encoder: TinyEncoder, report: BuildReport, fresh: Path
) -> None:
    """The current generation is that which a build into an empty index makes."""
    from_nothing = settings.model_copy(update={"index": fresh})
    expected = build(from_nothing, encoder)
    assert said_by(report) == said_by(expected)
    one, other = (Generation.open(each.index) for each in (settings, from_nothing))
    assert told_of(one.manifest) == told_of(other.manifest)
    folder, made = settings.index / one.id, fresh / other.id
    found, anew = arrays_of(folder), arrays_of(made)
    assert found.keys() == anew.keys()
    assert [name for name in found if found[name] != anew[name]] == []
    for name in SQLITE:
        assert tables_of(folder / name) == tables_of(made / name)
    assert answers_of(settings, encoder) == answers_of(from_nothing, encoder)


def readable_files(report: BuildReport) -> set[str]:
    """The files of which anything could be read."""
    return {each.file for each in report.files if each.how in ("read", "carried over")}


# A library that changes


@pytest.mark.parametrize("seed", SEEDS)
def test_after_every_change_the_library_is_as_if_built_from_nothing(
    tmp_path: Path, seed: int
) -> None:
    changing = Changing(tmp_path, seed)
    steps = changing.steps
    build(changing.settings, changing.encoder)
    left_out = set()
    order = changing.chance.sample(range(len(steps)), len(steps))
    for number, step in enumerate(order):
        steps[step]()
        if changing.chance.random() < 0.2:
            changing.chance.choice(steps)()
        changing.write()
        before = current_manifest(changing.settings.index)
        report = build(changing.settings, changing.encoder)
        told = f"step {number}: {steps[step].__name__}"
        assert_counted(report, before, told)
        fresh = tmp_path / f"fresh{number}"
        assert_as_from_nothing(changing.settings, changing.encoder, report, fresh)
        left_out.add(tuple(furniture_in(changing.settings)[PAGES[0]]))
    assert left_out == {(), (PRESS,)}


def assert_counted(report: BuildReport, before: Manifest | None, told: str) -> None:
    """Every file that can be read is added, changed or neither."""
    changes, now = report.changes, readable_files(report)
    assert len(changes.added) + len(changes.changed) + report.unchanged == len(now), told
    earlier = set(before.readable) if before else set()
    assert {*changes.added} == now - earlier, told
    assert {*changes.removed} == earlier - now, told
    assert {*changes.changed} <= now & earlier, told
    assert report.encoded <= report.passages, told


# What is not made again


MANY = 60


def many(**more: str | bytes) -> Files:
    """Files of two passages each."""
    files = {
        f"{number:02}.txt": f"Boat {number} was sold to Ostby in the autumn.\n\n"
        + f"Its {number} nets were kept in the loft of the old mill. " * 8
        for number in range(MANY)
    }
    return {**files, **more}


@pytest.fixture
def built(tmp_path: Path, tasks: list[tuple[str, str]]) -> Settings:
    """Many files, built."""
    settings = settings_for(tmp_path, many()).model_copy(update={"passage_words": 40})
    encoder = CountingEncoder()
    report = build(settings, encoder)
    assert report.encoded == len(encoder.encoded) == report.passages > 2 * MANY
    assert [name for what, name in tasks if what == "read"] == [f"{n:02}.txt" for n in range(MANY)]
    tasks.clear()
    return settings


def again(settings: Settings, encoder: CountingEncoder, fresh: Path) -> BuildReport:
    """Build, and have it be as from nothing; only what this build did is counted."""
    report = build(settings, encoder)
    counted, texts = list(Counting.tasks), list(encoder.encoded)
    assert_as_from_nothing(settings, encoder, report, fresh)
    Counting.tasks[:], encoder.encoded[:] = counted, texts
    assert report.encoded == len(encoder.encoded)
    return report


def texts_in(settings: Settings, document: str) -> list[str]:
    passages: Sequence[Passage] = Generation.open(settings.index).texts.passages
    return [passage.text for passage in passages if passage.document == document]


def all_of(*names: str) -> list[tuple[str, str]]:
    """The tasks of which documents are made."""
    read = [("read", name) for name in names]
    return read + [(what, name) for name in names for what in ("furniture", "sentences")]


def test_nothing_is_made_again_where_nothing_has_changed(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert (tasks, cut, encoder.encoded) == ([], [], [])
    assert (len(report.changes), report.unchanged, report.encoded) == (0, MANY, 0)
    assert {each.how for each in report.files} == {"carried over"}
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_of_many_files_the_one_that_changed_alone_is_made_again(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    kept = texts_in(built, "07.txt")[1]
    write_files(built.seeds, {"07.txt": f"Boat 7 was not sold.\n\n{kept}\n"})
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert tasks == all_of("07.txt")
    assert cut == ["07.txt"]
    assert encoder.encoded == [text for text in texts_in(built, "07.txt") if text != kept]
    assert 0 < report.encoded < report.passages / MANY
    assert report.changes.changed == ("07.txt",)
    assert report.unchanged == MANY - 1
    assert {each.file for each in report.files if each.how == "read"} == {"07.txt"}
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_of_a_new_file_alone_everything_is_made(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    # It stands before all others, whose numbers change.
    write_files(built.seeds, {"00.md": "A new boat was built at Holm, of oak and pine."})
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert tasks == all_of("00.md")
    assert (cut, encoder.encoded) == (["00.md"], texts_in(built, "00.md"))
    assert report.changes.added == ("00.md",)
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_a_file_with_another_name_is_read_and_cut_and_not_encoded(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    (built.seeds / "07.txt").rename(built.seeds / "99.txt")
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert tasks == all_of("99.txt")
    assert (cut, encoder.encoded, report.encoded) == (["99.txt"], [], 0)
    assert report.changes.added == ("99.txt",)
    assert report.changes.removed == ("07.txt",)
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_files_that_change_their_contents_with_each_other_are_not_encoded(
    built: Settings, tmp_path: Path
) -> None:
    one, other = ((built.seeds / name).read_bytes() for name in ("07.txt", "08.txt"))
    write_files(built.seeds, {"07.txt": other, "08.txt": one})
    encoder = CountingEncoder()
    report = again(built, encoder, tmp_path / "fresh")
    assert (report.changes.changed, report.encoded) == (("07.txt", "08.txt"), 0)


LABELLED = """
[perspectives.for]
label = "{label}"

[[sources]]
file = "07.txt"
{told}

[[sources]]
file = "08.txt"
perspective = "for"
basis = "It says so."

[[sources]]
file = "09.txt"
title = "Nets"
"""


def test_a_label_makes_the_documents_again_that_carry_it_and_reads_and_encodes_none(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    titled = 'title = "A boat"'
    write_files(built.seeds, {"sources.toml": LABELLED.format(label="For", told=titled)})
    build(built, CountingEncoder())
    made = {"07.txt", "08.txt", "09.txt"}
    assert {name for _, name in tasks} == {*cut} == made
    for told, label, made in (
        (titled, "For boats", {"08.txt"}),
        ('title = "Another boat"', "For boats", {"07.txt"}),
        ('perspective = "for"\nbasis = "It does."', "For boats", {"07.txt"}),
        ('perspective = "for"\nbasis = "It does."', "For", {"07.txt", "08.txt"}),
    ):
        tasks.clear()
        cut.clear()
        write_files(built.seeds, {"sources.toml": LABELLED.format(label=label, told=told)})
        encoder = CountingEncoder()
        report = build(built, encoder)
        assert {name for _, name in tasks} == {*cut} == made
        assert {what for what, _ in tasks} == {"furniture", "sentences"}
        assert (encoder.encoded, report.encoded, report.unchanged) == ([], 0, MANY)
        labels = {
            name: document.source.perspective.label
            for name, document in Generation.open(built.index).texts.documents.items()
        }
        assert labels["08.txt"] == label
        assert labels["07.txt"] == (label if "perspective" in told else "Unlabelled")
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_what_is_told_of_the_library_as_a_whole_makes_no_document_again(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    told = '[perspectives.for]\nlabel = "For"\n[questions]\nask = ["When?"]\n# a remark\n'
    write_files(built.seeds, {"sources.toml": told})
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert (tasks, cut, encoder.encoded) == ([], [], [])
    assert Generation.open(built.index).texts.questions == ("When?",)
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_with_another_model_all_is_encoded_and_nothing_read(
    built: Settings, tasks: list[tuple[str, str]], tmp_path: Path
) -> None:
    encoder = CountingEncoder(revision="1")
    report = build(built, encoder)
    assert {what for what, _ in tasks} == {"furniture", "sentences"}
    assert len(encoder.encoded) == report.encoded == report.passages
    assert (len(report.changes), report.unchanged) == (0, MANY)
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


@pytest.mark.parametrize("update", [{"passage_words": 60}, {"stem_language": "german"}])
def test_with_a_decisive_setting_all_is_cut_and_encoded_and_nothing_read(
    built: Settings,
    tasks: list[tuple[str, str]],
    cut: list[str],
    tmp_path: Path,
    update: Mapping[str, object],
) -> None:
    settings = built.model_copy(update=update)
    encoder = CountingEncoder()
    report = build(settings, encoder)
    assert {what for what, _ in tasks} == {"furniture", "sentences"}
    assert len(cut) == MANY
    assert len(encoder.encoded) == report.encoded == report.passages
    assert_as_from_nothing(settings, encoder, report, tmp_path / "fresh")


def test_a_setting_that_decides_nothing_makes_nothing_again(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str]
) -> None:
    settings = built.model_copy(update={"max_citations": 2, "candidates": 9, "read_seconds": 5.0})
    encoder = CountingEncoder()
    build(settings, encoder)
    assert (tasks, cut, encoder.encoded) == ([], [], [])


def test_over_a_damaged_generation_everything_is_made_anew(
    built: Settings, tasks: list[tuple[str, str]], cut: list[str], tmp_path: Path
) -> None:
    folder = built.index / Generation.open(built.index).id
    for name in ("library.sqlite", "readings.sqlite", "tokens.bits.npy", "lexical/terms.json"):
        tasks.clear()
        cut.clear()
        folder = built.index / Generation.open(built.index).id
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        encoder = CountingEncoder()
        report = build(built, encoder)
        assert {task for task, _ in tasks} == {"read", "furniture", "sentences"}
        assert len(tasks) == 3 * MANY
        assert len(cut) == MANY
        assert len(encoder.encoded) == report.passages
        assert {each.how for each in report.files} == {"read"}
    assert_as_from_nothing(built, encoder, report, tmp_path / "fresh")


def test_after_going_back_what_was_made_then_is_taken_over(
    built: Settings, tasks: list[tuple[str, str]]
) -> None:
    # In the generation before, not in the last one.
    changing = built.seeds / "07.txt"
    text = changing.read_text("utf-8")
    changing.write_text("Boat 7 was not sold.", "utf-8")
    build(built, CountingEncoder())
    go_back(built.index, None, built.keep_generations)
    changing.write_text(text, "utf-8")
    tasks.clear()
    encoder = CountingEncoder()
    report = build(built, encoder)
    assert (tasks, encoder.encoded, len(report.changes)) == ([], [], 0)


# Documents that depend on others


def furniture_in(settings: Settings) -> dict[str, list[str]]:
    """What is left out of each document because other documents have it too."""
    documents = Generation.open(settings.index).texts.documents
    return {
        name: [
            document.text[span.start : span.end]
            for span in document.furniture
            if span.reason == "stands in other documents too"
        ]
        for name, document in documents.items()
    }


def test_a_line_that_a_third_document_has_is_furniture_in_all_until_one_goes(
    tmp_path: Path, tasks: list[tuple[str, str]], cut: list[str]
) -> None:
    page = "\n\n".join([*SITE, MET, PRESS]) + "\n"
    pages = {"0.txt": page, "1.txt": page.replace("Monday", "Tuesday"), "2.txt": page}
    apart = {
        "apart.txt": "Oats were dear.\n",
        "rows.csv": "text\nRye was scarce.\nOats were dear.\n",
    }
    third = pages.pop("2.txt")
    settings = settings_for(tmp_path, {**pages, **apart})
    build(settings, CountingEncoder())
    assert {name for name, left_out in furniture_in(settings).items() if left_out} == set()
    for number in range(2):
        tasks.clear()
        cut.clear()
        write_files(settings.seeds, {"2.txt": third})
        report = again(settings, CountingEncoder(), tmp_path / f"with{number}")
        assert report.changes.added == ("2.txt",)
        assert report.unchanged == 4
        left_out = furniture_in(settings)
        assert left_out["0.txt"] == left_out["1.txt"] == left_out["2.txt"] == [PRESS]
        assert left_out["apart.txt"] == left_out["rows.csv#1"] == []
        # The file was read once, and the three documents were made.
        assert sorted({name for _, name in tasks}) == ["0.txt", "1.txt", "2.txt"]
        assert [name for what, name in tasks if what == "read"] == ["2.txt"]
        tasks.clear()
        (settings.seeds / "2.txt").unlink()
        report = again(settings, CountingEncoder(), tmp_path / f"without{number}")
        assert (report.changes.removed, report.unchanged) == (("2.txt",), 4)
        assert {name for name, left_out in furniture_in(settings).items() if left_out} == set()
        assert sorted({name for _, name in tasks}) == ["0.txt", "1.txt"]
        assert all(what != "read" for what, _ in tasks)


# What may be another one next time


def test_what_could_not_be_read_is_tried_again_if_it_might_be_read_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tasks: list[tuple[str, str]]
) -> None:
    settings = settings_for(tmp_path, {**many(), "slow.txt": "The slow boat.", "bad.txt": BROKEN})
    slow = [True]
    run = Counting.run

    def stopping(self: Counting, task: Message, data: bytes = b"") -> Iterator[Message]:
        if slow[0] and task["name"] == "slow.txt":
            self.tasks.append((task["do"], task["name"]))
            return iter([{"stopped": "slow.txt", "why": "it took too long"}])
        return run(self, task, data)

    monkeypatch.setattr(Counting, "run", stopping)
    first = build(settings, CountingEncoder())
    assert sorted(notice.file for notice in first.failed) == ["bad.txt", "slow.txt"]
    tasks.clear()
    report = build(settings, CountingEncoder())
    # What is no text is none tomorrow either.
    assert tasks == [("read", "slow.txt")]
    assert (report.failed, report.unchanged) == (first.failed, MANY)
    slow[0] = False
    tasks.clear()
    report = again(settings, CountingEncoder(), tmp_path / "fresh")
    assert tasks == all_of("slow.txt")
    assert [notice.file for notice in report.failed] == ["bad.txt"]
    assert report.changes.added == ("slow.txt",)


def test_all_documents_of_an_archive_that_was_not_read_to_its_end_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tasks: list[tuple[str, str]], cut: list[str]
) -> None:
    settings = settings_for(tmp_path, {**many(), "a.zip": b"PK"})
    told: list[Message] = [
        {"id": "a.zip/1.txt", "reading": {"text": "One boat.", "encoding": "utf_8"}, "lines": [1]},
        {"stopped": "a.zip/2.txt", "why": "it took too long"},
    ]
    run = Counting.run

    def scripted(self: Counting, task: Message, data: bytes = b"") -> Iterator[Message]:
        if task["do"] == "read" and task["name"] == "a.zip":
            return iter(told)
        return run(self, task, data)

    monkeypatch.setattr(Counting, "run", scripted)
    assert [notice.file for notice in build(settings, CountingEncoder()).failed] == ["a.zip/2.txt"]
    told[1] = {"id": "a.zip/2.txt"} | {
        "reading": {"text": "Two boats.", "encoding": "utf_8"},
        "lines": [2],
    }
    for made in (["a.zip/1.txt", "a.zip/2.txt"], []):
        tasks.clear()
        cut.clear()
        report = again(settings, CountingEncoder(), tmp_path / f"fresh{len(made)}")
        assert {name for _, name in tasks} == {*made}
        assert cut[: len(made)] == made
        assert report.failed == ()
    assert texts_in(settings, "a.zip/2.txt") == ["Two boats."]


def test_a_document_that_could_not_be_cut_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tasks: list[tuple[str, str]]
) -> None:
    settings = settings_for(tmp_path, many())
    failing = [True]
    run = Counting.run

    def stopping(self: Counting, task: Message, data: bytes = b"") -> Iterator[Message]:
        if failing[0] and task["do"] == "sentences" and task["name"] == "07.txt":
            return iter([{"stopped": "07.txt", "why": "it took too long"}])
        return run(self, task, data)

    monkeypatch.setattr(Counting, "run", stopping)
    report = build(settings, CountingEncoder())
    assert [notice.file for notice in report.failed] == ["07.txt"]
    failing[0] = False
    tasks.clear()
    encoder = CountingEncoder()
    report = again(settings, encoder, tmp_path / "fresh")
    assert tasks == [("furniture", "07.txt"), ("sentences", "07.txt")]
    assert encoder.encoded == texts_in(settings, "07.txt")
    assert report.changes.added == ("07.txt",)


def test_a_note_on_a_line_of_the_catalogue_names_the_line_that_it_stands_in_now(
    built: Settings, tmp_path: Path
) -> None:
    slip = '[[sources]]\nfile = "07.txt"\nperspective = "for"\nbasis = "x"\nbasis_quote = "none"\n'
    declared = '[perspectives.for]\nlabel = "For"\n'
    lines = []
    for number, remark in enumerate(["", "# a remark\n\n"]):
        write_files(built.seeds, {"sources.toml": remark + declared + slip})
        report = again(built, CountingEncoder(), tmp_path / f"fresh{number}")
        (note,) = report.notices
        lines.append(note.line)
        assert report.encoded == 0
    assert lines == [7, 9]


def test_a_document_that_is_too_long_is_made_when_more_is_allowed(
    built: Settings, tasks: list[tuple[str, str]], tmp_path: Path
) -> None:
    write_files(built.seeds, {"long.txt": "The long boat sailed. " * 100})
    less = built.model_copy(update={"max_document_characters": 1000})
    report = again(less, CountingEncoder(), tmp_path / "less")
    assert [notice.file for notice in report.failed] == ["long.txt"]
    tasks.clear()
    report = again(built, CountingEncoder(), tmp_path / "more")
    assert report.failed == ()
    assert all(what != "read" for what, _ in tasks)
    assert report.changes.added == ("long.txt",)
