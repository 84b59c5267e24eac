import hashlib
import io
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rag import parsing, worker
from rag import reading as module
from rag.errors import CatalogueError, SeedsError
from rag.parsing import FileRead, read_file
from rag.readers.folder import SeedFile
from rag.reading import SeedsRead, read_alone, read_seeds
from rag.records import Furniture
from rag.sandbox import Limits, Message, Sandbox, Stopped
from rag.settings import Settings
from tests.making import HARBOUR, known_of, settings_for

MOST = 10**6
BOARD = b"The harbour board met on Monday to decide on the cranes. It voted for two of them."
LOCAL = Limits(seconds=30)


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def seed(folder: Path, name: str, content: bytes) -> SeedFile:
    (folder / name).write_bytes(content)
    return SeedFile(id=name, path=folder / name)


def read(folder: Path, name: str, content: bytes) -> FileRead:
    with Sandbox(LOCAL) as sandbox:
        return read_file(seed(folder, name, content), {}, {}, sandbox, MOST)


class Scripted(Sandbox):
    """A sandbox that answers as written, once for each task, and keeps the tasks."""

    def __init__(self, *answers: list[Message | Stopped]) -> None:
        super().__init__(LOCAL)
        self.tasks: list[Message] = []
        self._answers = list(answers)

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:  # noqa: ARG002
        self.tasks.append(task | {"skip": list(task["skip"])})
        for answer in self._answers.pop(0):
            if isinstance(answer, Stopped):
                raise answer
            yield answer


class Counting(Sandbox):
    """The sandbox, which keeps the names of the files that it parsed."""

    parsed: list[str] = []

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:
        if task["do"] == "read":
            self.parsed.append(task["name"])
        return super().run(task, data)


def test_a_file_becomes_one_reading_under_its_own_name(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + BOARD
    found = read(tmp_path, "board.txt", data)
    assert list(found.readings) == ["board.txt"]
    assert found.readings["board.txt"].text == BOARD.decode()
    assert found.readings["board.txt"].encoding == "utf_8_sig"
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.refused, found.final) == ((), True)


def test_what_is_no_text_is_refused_with_its_reason(tmp_path: Path) -> None:
    found = read(tmp_path, "map.txt", b"\x89PNG\0\0\1\2")
    assert found.readings == {}
    assert str(found.refused[0]).startswith("map.txt: ")
    assert found.refused[0].remedy


def test_a_file_over_the_limit_is_refused_and_not_parsed(tmp_path: Path) -> None:
    sandbox = Scripted()
    found = read_file(seed(tmp_path, "big.txt", b"x" * (MOST + 1)), {}, {}, sandbox, MOST)
    assert "larger than 1 MB" in found.refused[0].message
    assert sandbox.tasks == []


def test_the_key_changes_with_name_bytes_and_columns_and_with_nothing_else(tmp_path: Path) -> None:
    def key(name: str, content: bytes, columns: Mapping[str, Mapping[str, str]]) -> str:
        with Sandbox(LOCAL) as sandbox:
            return read_file(seed(tmp_path, name, content), columns, {}, sandbox, MOST).key

    rows = b"text,more\nRye was scarce.,Bread was dear.\n"
    keys = [
        key("a.csv", rows, {}),
        key("b.csv", rows, {}),
        key("a.csv", rows + b"Oats were not.,x\n", {}),
        key("a.csv", rows, {"a.csv": {"text": "more"}}),
    ]
    assert len(set(keys)) == 4
    assert key("a.csv", rows, {"other.csv": {"text": "more"}}) == keys[0]


def test_what_is_known_by_its_key_is_not_parsed_again(tmp_path: Path) -> None:
    found = read(tmp_path, "board.txt", BOARD)
    sandbox = Scripted()
    again = read_file(
        SeedFile(id="board.txt", path=tmp_path / "board.txt"), {}, {found.key: found}, sandbox, MOST
    )
    assert again == found
    assert sandbox.tasks == []


def test_other_readers_give_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(tmp_path, "board.txt", BOARD).key
    monkeypatch.setattr(parsing, "_program", lambda: "another")
    assert read(tmp_path, "board.txt", BOARD).key != before


def test_an_archive_is_the_collection_of_its_files(tmp_path: Path) -> None:
    inner = {
        "in/board.txt": BOARD,
        "rye.md": b"Rye was scarce.",
        ".hidden.txt": BOARD,
        "__MACOSX/rye.md": BOARD,
        "rows.csv": b"id,text\nseven,Oats were dear.\n",
    }
    found = read(tmp_path, "saved.zip", zipped(inner))
    assert {name: each.text for name, each in found.readings.items()} == {
        "saved.zip/in/board.txt": BOARD.decode(),
        "saved.zip/rye.md": "Rye was scarce.",
        "saved.zip/rows.csv#seven": "Oats were dear.",
    }
    assert found.refused == ()


def test_in_an_archive_a_bad_file_costs_itself(tmp_path: Path) -> None:
    inner = {
        "a.txt": BOARD,
        "b.pdf": b"%PDF-1.7 of nothing",
        "c.zip": zipped({"a.txt": BOARD}),
        "d.png": b"\x89PNG",
        "e.txt": b"Rye was scarce.",
    }
    found = read(tmp_path, "saved.zip", zipped(inner))
    assert list(found.readings) == ["saved.zip/a.txt", "saved.zip/e.txt"]
    assert [notice.file for notice in found.refused] == [
        "saved.zip/b.pdf",
        "saved.zip/c.zip",
        "saved.zip/d.png",
    ]
    assert "archive inside another" in found.refused[1].message
    assert "its format is none of" in found.refused[2].message


def test_an_archive_that_is_none_or_leads_out_is_refused(tmp_path: Path) -> None:
    (none,) = read(tmp_path, "none.zip", b"PK\3\4 and nothing more").refused
    assert none.file == "none.zip"
    (out,) = read(tmp_path, "out.zip", zipped({"../out.txt": BOARD})).refused
    assert "leads out" in out.message


def test_characters_of_no_text_are_replaced_one_for_one(tmp_path: Path) -> None:
    rows = b'{"text": "Rye \\ud800 was\\u0000 scarce \\ud83d\\ude00."}\n'
    (reading,) = read(tmp_path, "rows.jsonl", rows).readings.values()
    assert reading.text == "Rye \ufffd was\ufffd scarce 😀."


def test_after_a_stop_the_rest_of_an_archive_is_read(tmp_path: Path) -> None:
    text = {"text": "Rye.", "encoding": "utf_8"}
    sandbox = Scripted(
        [{"begin": "a.zip/1.txt"}, {"id": "a.zip/1.txt", "reading": text, "lines": [7]},
         {"begin": "a.zip/2.txt"}, Stopped("it took too long")],
        [{"begin": "a.zip/3.txt"}, {"id": "a.zip/3.txt", "reading": text, "lines": [8, 7]}],
    )  # fmt: skip
    found = read_file(seed(tmp_path, "a.zip", b"PK"), {}, {}, sandbox, MOST)
    assert list(found.readings) == ["a.zip/1.txt", "a.zip/3.txt"]
    lines = {name: keys.tolist() for name, keys in found.lines.items()}
    assert lines == {"a.zip/1.txt": [7], "a.zip/3.txt": [8, 7]}
    assert [str(each) for each in found.refused] == [
        f"a.zip/2.txt: it took too long ({parsing._LIMITS})"
    ]
    assert [task["skip"] for task in sandbox.tasks] == [[], ["a.zip/1.txt", "a.zip/2.txt"]]
    assert not found.final


def test_an_archive_that_stops_one_reader_after_another_is_given_up(tmp_path: Path) -> None:
    stops: list[list[Message | Stopped]] = [
        [{"begin": f"a.zip/{number}.txt"}, Stopped("it fell")] for number in range(9)
    ]
    sandbox = Scripted(*stops)
    found = read_file(seed(tmp_path, "a.zip", b"PK"), {}, {}, sandbox, MOST)
    assert len(sandbox.tasks) == parsing.STOPS
    assert [notice.file for notice in found.refused] == [
        *(f"a.zip/{number}.txt" for number in range(parsing.STOPS)),
        "a.zip",
    ]
    assert "the rest of it was not read" in found.refused[-1].message


def test_one_file_that_stops_its_reader_is_not_tried_again(tmp_path: Path) -> None:
    sandbox = Scripted([{"begin": "a.txt"}, Stopped("it fell")])
    found = read_file(seed(tmp_path, "a.txt", BOARD), {}, {}, sandbox, MOST)
    assert [notice.message for notice in found.refused] == ["it fell"]
    assert not found.final


def test_what_the_limits_ended_may_be_read_another_time(tmp_path: Path) -> None:
    sandbox = Scripted([{"begin": "a.txt"}, {"stopped": "a.txt", "why": "too much memory"}])
    found = read_file(seed(tmp_path, "a.txt", BOARD), {}, {}, sandbox, MOST)
    assert "PARALLAX_READ_MEGABYTES" in found.refused[0].remedy
    assert not found.final


def test_a_file_of_many_slow_documents_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = {"text": "Rye.", "encoding": "utf_8"}
    answers: list[Message | Stopped] = [
        {"id": f"a.zip/{n}.txt", "reading": text, "lines": []} for n in range(9)
    ]
    clock = iter(range(0, 10**6, 100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    found = read_file(seed(tmp_path, "a.zip", b"PK"), {}, {}, Scripted(answers), MOST)
    assert len(found.readings) == parsing.FILE_TIMES * LOCAL.seconds // 100 + 1
    assert "the rest of it was not read" in found.refused[-1].message
    assert not found.final


def test_names_in_an_archive_that_begin_with_a_dot_and_a_slash_are_not_hidden(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, "a.zip", zipped({"./a.txt": BOARD, "./in/.b.txt": BOARD}))
    assert list(found.readings) == ["a.zip/a.txt"]


def test_documents_that_would_have_one_id_are_told_and_only_one_is_kept(tmp_path: Path) -> None:
    files = {"rows.csv": "id,text\n1.txt,Rye was scarce.\n2,Oats.\n", "rows.csv#1.txt": "Bread."}
    settings = settings_for(tmp_path, files)
    found = read_seeds(settings)
    assert sorted((each.id, each.text) for each in found.documents) == [
        ("rows.csv#1.txt", "Rye was scarce."),
        ("rows.csv#2", "Oats."),
    ]
    assert by_file(found) == {"rows.csv": ("read", 2), "rows.csv#1.txt": ("refused", 0)}
    assert "another document has this id" in found.failed[0].message
    again = read_seeds(settings, known_of(found)._replace(documents={}))
    assert again.documents == found.documents
    (settings.seeds / "rows.csv").unlink()
    alone = read_seeds(settings, known_of(found))
    assert [each.text for each in alone.documents] == ["Bread."]


def test_a_file_over_the_limit_is_no_change_by_itself(tmp_path: Path) -> None:
    file = seed(tmp_path, "big.txt", b"x" * (MOST + 1))
    found = read_file(file, {}, {}, Scripted(), MOST)
    assert found.sha256 == hashlib.sha256(b"x" * (MOST + 1)).hexdigest()


@pytest.mark.parametrize("lines", [[-1], [1 << 64], [0.5], None])
def test_keys_of_lines_that_make_no_sense_are_refused(tmp_path: Path, lines: object) -> None:
    told = {"text": "Rye.", "encoding": "utf_8"}
    sandbox = Scripted([{"begin": "a.txt"}, {"id": "a.txt", "reading": told, "lines": lines}])
    found = read_file(seed(tmp_path, "a.txt", BOARD), {}, {}, sandbox, MOST)
    assert (found.readings, found.lines) == ({}, {})
    assert found.refused[0].message.startswith("its reader failed")


@pytest.mark.parametrize(
    "told",
    [
        {"text": "Rye.", "encoding": "utf_8", "furniture": [{"start": 2, "end": 9, "reason": "x"}]},
        {"text": "Rye.", "encoding": "utf_8", "headings": [{"start": 2, "end": 4},
                                                          {"start": 0, "end": 2}]},
        {"text": "Rye.", "encoding": "utf_8", "more": 1},
        {"encoding": "utf_8"},
    ],
)  # fmt: skip
def test_a_reading_that_makes_no_sense_is_refused(tmp_path: Path, told: Message) -> None:
    sandbox = Scripted([{"begin": "a.txt"}, {"id": "a.txt", "reading": told, "lines": []}])
    found = read_file(seed(tmp_path, "a.txt", BOARD), {}, {}, sandbox, MOST)
    assert found.readings == {}
    assert found.refused[0].message.startswith("its reader failed")


def by_file(read: SeedsRead) -> dict[str, tuple[str, int]]:
    return {each.file: (each.how, each.documents) for each in read.outcomes}


def test_every_file_is_in_the_table_with_what_became_of_it(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        {
            **HARBOUR,
            "bad.pdf": b"%PDF-1.7 of nothing",
            "map.png": b"\x89PNG",
            "rows.csv": "text\nRye was scarce.\nOats were dear.\n",
            "saved.zip": zipped({"a.txt": BOARD, "b.pdf": b"%PDF"}),
        },
    )
    read = read_seeds(settings)
    assert by_file(read) == {
        "bad.pdf": ("refused", 0),
        "council.txt": ("read", 1),
        "fishers.txt": ("read", 1),
        "rows.csv": ("read", 2),
        "saved.zip": ("read", 1),
        "visitor.md": ("read", 1),
        "map.png": ("passed over", 0),
    }
    reasons = {each.file: each.reasons for each in read.outcomes}
    assert all(reasons[file] for file in ("bad.pdf", "map.png", "saved.zip"))
    assert reasons["rows.csv"] == ()
    assert {document.id for document in read.documents} == {
        "council.txt", "fishers.txt", "rows.csv#1", "rows.csv#2", "saved.zip/a.txt", "visitor.md",
    }  # fmt: skip
    assert [notice.file for notice in read.failed] == ["bad.pdf", "saved.zip/b.pdf"]


def test_adding_one_file_to_many_parses_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{number:03}.txt": f"Boat {number} was sold in the autumn." for number in range(60)}
    settings = settings_for(tmp_path, files)
    before = read_seeds(settings)
    (settings.seeds / "new.txt").write_bytes(BOARD)
    (settings.seeds / "007.txt").write_text("Boat 7 was not sold.", "utf-8")
    monkeypatch.setattr(module, "Sandbox", Counting)
    monkeypatch.setattr(Counting, "parsed", [])
    after = read_seeds(settings, known_of(before)._replace(documents={}))
    assert Counting.parsed == ["007.txt", "new.txt"]
    assert {file for file, (how, _) in by_file(after).items() if how == "read"} == {
        "007.txt",
        "new.txt",
    }
    unchanged = [document for document in before.documents if document.id != "007.txt"]
    assert [each for each in after.documents if each in unchanged] == unchanged


def test_lines_that_the_owner_keeps_or_drops_are_heard_before_sentences_are_found(
    tmp_path: Path,
) -> None:
    text = f"{BOARD.decode()}\nRead more\nThe cost is borne by the users of the harbour.\n"
    catalogue = '[[sources]]\nfile = "a.txt"\nkeep = [2]\ndrop = [3]\n'
    settings = settings_for(tmp_path, {"a.txt": text, "sources.toml": catalogue})
    (document,) = read_seeds(settings).documents
    (left_out,) = document.furniture
    assert text[left_out.start : left_out.end].startswith("The cost")
    said = [text[each.start : each.end] for each in document.sentences]
    assert "Read more" in said
    assert not any(each.startswith("The cost") for each in said)


def test_a_structure_that_the_format_shows_is_kept(tmp_path: Path) -> None:
    page = "<html><body><h2>Cranes</h2><p>The board met on Monday. It voted.</p></body></html>"
    settings = settings_for(tmp_path, {"page.html": page})
    (document,) = read_seeds(settings).documents
    kinds = [(document.text[s.start : s.end], s.kind) for s in document.sentences]
    assert kinds[0] == ("Cranes", "heading")
    assert [text for text, _ in kinds[1:]] == ["The board met on Monday.", "It voted."]


def test_a_folder_without_a_document_is_an_error_with_all_reasons(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, {"a.pdf": b"%PDF", "b.docx": b"PK"})
    with pytest.raises(SeedsError, match=r"a\.pdf: .*\n.*b\.docx: "):
        read_seeds(settings)


def test_one_file_is_read_wherever_it_lies(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    (tmp_path / "elsewhere.txt").write_bytes(BOARD + b"\nRead more\n")
    ((alone,), refused, notices) = read_alone(tmp_path / "elsewhere.txt", settings)
    assert (alone.document.id, refused, notices) == ("elsewhere.txt", [], [])
    told = alone.to_json()
    assert told["text"] == BOARD.decode() + "\nRead more\n"
    assert [Furniture(**each).reason for each in told["furniture"]] == ["navigation"]
    assert told["language"] == "en"
    ((inside,), _, _) = read_alone(settings.seeds / "council.txt", settings)
    assert inside.document.source.title == "Minutes of the council"


def test_a_missing_file_is_refused_and_a_broken_catalogue_an_error(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, {"a.txt": BOARD, "sources.toml": "[[["})
    documents, (refused,), _ = read_alone(tmp_path / "gone.txt", settings)
    assert documents == []
    assert "cannot be opened" in refused.message
    with pytest.raises(CatalogueError):
        read_alone(settings.seeds / "a.txt", settings)


def test_the_limits_are_settings(tmp_path: Path) -> None:
    settings = Settings(seeds=tmp_path, read_seconds=7, read_megabytes=600)
    sandbox = module._sandbox(settings)
    assert sandbox.limits.seconds == 7
    assert sandbox.limits.memory == 600 << 20


@pytest.mark.parametrize("inner", [{}, {"folder/": b""}, {".hidden.txt": BOARD}])
def test_an_archive_without_a_file_is_refused(tmp_path: Path, inner: Mapping[str, bytes]) -> None:
    found = read(tmp_path, "saved.zip", zipped(inner))
    assert found.readings == {}
    assert found.refused[0].message == "an archive without a file"


def test_a_damaged_member_is_told_by_its_own_name_once(tmp_path: Path) -> None:
    data = zipped({"a.txt": BOARD, "b.txt": b"Rye was scarce."}).replace(b"Rye was", b"Rye is ")
    found = read(tmp_path, "saved.zip", data)
    assert list(found.readings) == ["saved.zip/a.txt"]
    assert str(found.refused[0]).startswith("saved.zip/b.txt: its part b.txt is damaged (Bad CRC")


def test_of_two_members_with_one_name_one_is_read_once(tmp_path: Path) -> None:
    twice = zipped({"a.txt": BOARD, "b.txt": b"Rye was scarce."}).replace(b"b.txt", b"a.txt")
    found = read(tmp_path, "saved.zip", twice)
    assert {name: each.text for name, each in found.readings.items()} == {
        "saved.zip/a.txt": "Rye was scarce."
    }
    assert found.refused == ()


def test_a_file_that_holds_too_much_is_read_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "MOST_DOCUMENTS", 3)
    rows = b"text\nOne.\nTwo.\nThree.\nFour.\nFive.\n"
    task = {"do": "read", "name": "a.csv", "columns": {}, "skip": []}
    answers = list(worker._answers(task, rows))
    assert [each["id"] for each in answers if "id" in each] == ["a.csv#1", "a.csv#2", "a.csv#3"]
    assert "the rest of it was not read" in answers[-1]["refused"]["message"]
    monkeypatch.setattr(worker, "MOST_CHARACTERS", 9)
    answers = list(worker._answers(task, rows))
    assert [each["id"] for each in answers if "id" in each] == ["a.csv#1", "a.csv#2"]


def test_a_document_that_is_too_long_is_refused_and_read_when_more_is_allowed(
    tmp_path: Path,
) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    length = len(str(HARBOUR["fishers.txt"]))
    less = settings.model_copy(update={"max_document_characters": length - 1})
    before = read_seeds(less)
    (outcome,) = [each for each in before.outcomes if each.how == "refused"]
    assert outcome.file == "fishers.txt"
    assert f"its text has {length} characters; {length - 1} are the most" in outcome.reasons[0]
    known = known_of(before)
    enough = settings.model_copy(update={"max_document_characters": length})
    assert "fishers.txt" in {each.id for each in read_seeds(enough, known).found}
