import asyncio
import hashlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from rag import cli, encoder
from rag.answering import Library
from rag.encoder import Encoder
from rag.index import manifest as manifests
from rag.index.generation import Generation
from rag.models import files
from rag.settings import Backend, Settings
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from tests.making import HARBOUR, WHEN_CLOSED, settings_for, write_files

ANSWER_KEYS = {
    "question", "asked_as", "perspectives", "sources", "kinds", "since", "until", "answered",
    "abstention", "match", "generation", "coverage", "figures", "citations",
}  # fmt: skip
CITATION_KEYS = {
    "number", "exact", "prefix", "suffix", "start", "end", "score", "relevance", "document",
    "document_hash", "page", "source", "also_in", "story", "speeches", "speaker",
}  # fmt: skip
SOURCE_KEYS = {
    "title", "author", "publisher", "published", "url", "language", "kind", "origin", "inferred",
    "from_file", "perspective",
}  # fmt: skip
PERSPECTIVE_KEYS = {
    "id",
    "label",
    "basis",
    "basis_quote",
    "assigned_by",
    "assigned_on",
    "reviewed_by",
    "reviewed_on",
    "history",
}
COVERAGE_KEYS = {
    "perspective", "label", "sources", "searched", "near", "quoted", "quotes", "best_left_out",
}  # fmt: skip


class Run:
    """Runs the command line in this process, on one library, with a model that is loaded."""

    def __init__(
        self,
        settings: Settings,
        capsys: pytest.CaptureFixture[bytes],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.settings, self._capsys, self._monkeypatch = settings, capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *arguments: str, typed: str | bytes = "") -> int:
        data = typed.encode() if isinstance(typed, str) else typed
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        named = ["--seeds", str(self.settings.seeds), "--index", str(self.settings.index)]
        code = cli.main([*arguments, *named])
        self.out, self.err = (stream.decode() for stream in self._capsys.readouterr())
        return code

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output, which must be JSON lines and nothing else."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch, quick_encoder: Encoder) -> None:
    """Loading the bundled model checks it, and gives the one that is loaded already."""
    load = Encoder.load

    def quick(name: str, backend: Backend, cache: Path) -> Encoder:
        encoder.model_revision(name)
        return quick_encoder if name == quick_encoder.info.name else load(name, backend, cache)

    monkeypatch.setattr(Encoder, "load", quick)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def run(
    own_harbour: Settings,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    return Run(own_harbour, capsysbinary, monkeypatch)


def test_build_makes_an_index_and_says_what_it_did(run: Run) -> None:
    write_files(run.settings.seeds, {"ferry.txt": "The ferry sails at nine.", "bad.txt": b"\0"})
    assert run("build") == 0
    built = Generation.open(run.settings.index)
    assert f"Built {built.id}: 4 documents, " in run.err
    assert "(1 added, 0 changed, 0 removed, 3 unchanged, 1 failed)" in run.err
    assert "failed: bad.txt: " in run.err
    assert run.out == ""


def test_build_tells_as_json_what_became_of_every_file(run: Run) -> None:
    write_files(run.settings.seeds, {"bad.txt": b"\0", "map.png": b"\x89PNG"})
    assert run("build", "--json") == 0
    (told,) = run.lines
    how = {each["file"]: (each["how"], each["documents"]) for each in told["files"]}
    assert how == {
        "bad.txt": ("refused", 0),
        "council.txt": ("carried over", 1),
        "fishers.txt": ("carried over", 1),
        "visitor.md": ("carried over", 1),
        "map.png": ("passed over", 0),
    }
    assert all(each["reasons"] for each in told["files"] if not each["documents"])
    assert (told["unchanged"], told["encoded"]) == (3, 0)
    assert "(0 added, 0 changed, 0 removed, 3 unchanged, 1 failed)" in run.err
    assert "The model read 0 passages; taken over: 3 passages." in run.err


def test_an_index_of_an_earlier_version_is_built_again_by_what_builds_a_missing_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "FORMAT", manifests.FORMAT + 1)
    assert run("ask", WHEN_CLOSED) == 1
    assert "Run: parallax build" in " ".join(run.err.split())
    assert run("ask", typed=f"{WHEN_CLOSED}\n") == 0
    assert "building it again" in run.err
    assert "[1]  " in run.out


def test_read_shows_a_file_line_by_line_with_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The board met on Monday and voted for two cranes.\n\nRead more\n\nIt was late.\n"
    write_files(tmp_path, {"board.txt": text})
    assert cli.main(["read", str(tmp_path / "board.txt")]) == 0
    out, err = capsys.readouterr()
    rows = [line.split() for line in out.splitlines()]
    assert ["1", "The", "board", "met"] in [row[:4] for row in rows]
    assert ["3", "navigation", "Read", "more"] in rows
    assert ["5", "It", "was", "late."] in rows
    assert f"SHA-256 of the file: {hashlib.sha256(text.encode()).hexdigest()[:12]}" in out
    assert err == ""


def test_read_gives_a_json_object_for_each_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "id,text,title\nrye,Rye was scarce.,Of rye\noats,Oats were dear.,\n"
    write_files(tmp_path, {"rows.csv": rows})
    assert cli.main(["read", str(tmp_path / "rows.csv"), "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(first) == {
        "id", "sha256", "text", "furniture", "headings", "pages", "metadata", "language",
        "encoding",
    }  # fmt: skip
    assert (first["id"], first["text"]) == ("rows.csv#rye", "Rye was scarce.")
    assert first["metadata"]["title"] == "Of rye"
    assert (second["id"], second["metadata"]["title"]) == ("rows.csv#oats", None)


def test_read_refuses_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path, {"bad.pdf": b"%PDF-1.7 of nothing"})
    assert cli.main(["read", str(tmp_path / "bad.pdf"), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("refused: bad.pdf: ")


def test_ask_shows_quotes_and_no_warnings(run: Run) -> None:
    assert run("ask", WHEN_CLOSED) == 0
    assert "[1]  The " in run.out
    assert "source labelled For closing · minutes" in run.out
    assert "council.txt [0:66]" in run.out
    assert "This library holds no source labelled Scientists." in run.out
    assert run.err == ""


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_is_no_error(run: Run) -> None:
    assert run("ask", WHEN_CLOSED) == 0
    assert run.out.startswith(
        "Passages of this library come near this question, but none of them answers it."
    )


def test_context_shows_more(run: Run) -> None:
    question = "Were the boats sold and did their crews leave the coast?"
    only = ("--perspective", "against-closing")
    assert run("ask", question, *only) == 0
    plain = run.out
    assert run("ask", question, *only, "--context") == 0
    assert run.out.count("without asking any fisher") == (
        plain.count("without asking any fisher") + 1
    )


def test_json_has_the_public_keys_and_no_others(run: Run) -> None:
    assert run("ask", WHEN_CLOSED, "--json") == 0
    (answer,) = run.lines
    assert answer.keys() == ANSWER_KEYS
    assert answer["question"] == WHEN_CLOSED
    assert answer["answered"] is True
    assert answer["abstention"] is None
    assert answer["generation"] == Generation.open(run.settings.index).id
    assert 0 < answer["match"] <= 1
    assert len(answer["coverage"]) == 4
    assert all(row.keys() == COVERAGE_KEYS for row in answer["coverage"])
    for number, citation in enumerate(answer["citations"], start=1):
        assert citation.keys() == CITATION_KEYS
        assert citation["number"] == number
        assert citation["page"] is None
        assert citation["source"].keys() == SOURCE_KEYS
        assert citation["source"]["perspective"].keys() == PERSPECTIVE_KEYS
        text = (run.settings.seeds / citation["document"]).read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["exact"]


@pytest.mark.usefixtures("never_answers")
def test_json_of_an_abstention(run: Run) -> None:
    assert run("ask", WHEN_CLOSED, "--json") == 0
    (answer,) = run.lines
    assert answer.keys() == ANSWER_KEYS
    assert answer["answered"] is False
    assert answer["citations"] == []
    assert answer["abstention"].keys() == {*("reason", "cause", "message", "remedy", "nearest")}
    assert answer["abstention"]["reason"] == "no-evidence"
    assert answer["abstention"]["cause"] == "near"
    assert all(each.keys() == CITATION_KEYS for each in answer["abstention"]["nearest"])
    assert len(answer["abstention"]["nearest"]) == 3


def test_questions_are_read_line_by_line_plain_or_in_json(run: Run) -> None:
    follow_up = {"question": "And in which year?", "history": ["Who rules?", WHEN_CLOSED]}
    filtered = {"question": WHEN_CLOSED, "perspectives": ["against-closing"]}
    typed = "\n".join([WHEN_CLOSED, "", json.dumps(follow_up), json.dumps(filtered)])
    assert run("ask", "--json", "-", typed=typed) == 0
    plain, second, third = run.lines
    assert [each["question"] for each in run.lines] == [
        WHEN_CLOSED,
        "And in which year?",
        WHEN_CLOSED,
    ]
    first, again = ({each["document"] for each in said["citations"]} for said in (plain, second))
    assert first == again != set()
    assert plain["asked_as"] == WHEN_CLOSED
    assert second["asked_as"] == f"in which year? {WHEN_CLOSED}"
    assert plain["perspectives"] == []
    assert third["perspectives"] == ["against-closing"]
    assert {each["document"] for each in plain["citations"]} > {"fishers.txt"}
    assert {each["document"] for each in third["citations"]} == {"fishers.txt"}


@pytest.mark.usefixtures("always_answers")
def test_the_perspective_option_holds_for_lines_that_name_none(run: Run) -> None:
    own = {"question": WHEN_CLOSED, "perspectives": ["for-closing"]}
    typed = f"{WHEN_CLOSED}\n{json.dumps({'question': WHEN_CLOSED})}\n{json.dumps(own)}\n"
    assert run("ask", "--json", "-", "--perspective", "against-closing", typed=typed) == 0
    found = [{each["document"] for each in line["citations"]} for line in run.lines]
    assert found == [{"fishers.txt"}, {"fishers.txt"}, {"council.txt"}]


@pytest.mark.usefixtures("always_answers")
@pytest.mark.parametrize(
    "options",
    [
        ("--source", "council.txt"),
        ("--kind", "Minutes"),
        ("--since", "1976-02"),
        ("--until", "1976"),
        ("--since", "1975", "--until", "1980", "--perspective", "for-closing"),
    ],
)
def test_only_sources_that_fit_the_options_are_heard(run: Run, options: tuple[str, ...]) -> None:
    assert run("ask", WHEN_CLOSED, "--json", *options) == 0
    (answer,) = run.lines
    assert {each["document"] for each in answer["citations"]} == {"council.txt"}
    assert sum(row["searched"] for row in answer["coverage"]) == 1
    asked = dict(zip(options[::2], options[1::2], strict=True))
    assert answer["kinds"] == [value for key, value in asked.items() if key == "--kind"]
    assert answer["sources"] == [value for key, value in asked.items() if key == "--source"]
    assert (answer["since"], answer["until"]) == (asked.get("--since"), asked.get("--until"))


@pytest.mark.usefixtures("always_answers")
def test_a_source_is_named_by_its_path_too_and_several_are_heard(run: Run) -> None:
    path = str(run.settings.seeds / "visitor.md")
    assert run("ask", WHEN_CLOSED, "--json", "--source", path, "--source", "fishers.txt") == 0
    (answer,) = run.lines
    assert answer["sources"] == ["visitor.md", "fishers.txt"]
    assert {each["document"] for each in answer["citations"]} == {"visitor.md", "fishers.txt"}


@pytest.mark.usefixtures("always_answers")
def test_lines_have_filters_of_their_own_and_the_options_say_the_rest(run: Run) -> None:
    lines: list[dict[str, Any]] = [
        {},
        {"kinds": ["minutes"]},
        {"since": "1976-05", "until": "1976-05-03"},
        {"sources": ["fishers.txt"], "until": None},
        {"kinds": ["diary"]},
    ]
    typed = "\n".join(json.dumps({"question": WHEN_CLOSED} | line) for line in lines)
    assert run("ask", "--json", "-", "--until", "1990", typed=typed) == 0
    found = [{each["document"] for each in line["citations"]} for line in run.lines]
    assert found == [{"council.txt"}] * 3 + [{"fishers.txt"}, set()]
    assert [line["until"] for line in run.lines] == ["1990", "1990", "1976-05-03", None, "1990"]
    assert run.lines[-1]["abstention"]["message"] == (
        "This library holds no source of the kind “diary”, published up to 1990."
    )


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b'{"question": "Who?", "sources": ["none.txt"]}', id="source"),
        pytest.param(b'{"question": "Who?", "since": "yesterday"}', id="no date"),
        pytest.param(b'{"question": "Who?", "since": 2020}', id="a date that is a number"),
        pytest.param(b'{"question": "Who?", "since": "2020", "until": "2019"}', id="no time"),
        pytest.param(b'{"question": "Who?", "kinds": "letter"}', id="no list of kinds"),
        pytest.param(b"{not json}", id="no JSON"),
        pytest.param(b'{"question": 3}', id="a number"),
        pytest.param(b'{"question": ""}', id="empty"),
        pytest.param(b'{"history": ["Who?"]}', id="no question"),
        pytest.param(b'{"question": "Who?", "other": 1}', id="unknown key"),
        pytest.param(b'{"question": "Who?", "perspectives": ["none"]}', id="perspective"),
        pytest.param(b'{"question": "\\ud800"}', id="half a character"),
        pytest.param(b'{"\\ud800": 1, "question": "Who?"}', id="half a character in a key"),
        pytest.param(b"\xff\xfe who", id="no UTF-8"),
        pytest.param(b"herring " * 300, id="too long"),
        pytest.param(b'{"question": ' + b"[" * 100_000, id="deeply nested"),
    ],
)
def test_a_bad_line_is_one_error_among_good_answers(run: Run, bad: bytes) -> None:
    good = WHEN_CLOSED.encode()
    assert run("ask", "--json", "-", typed=good + b"\n" + bad + b"\n" + good + b"\n") == 1
    first, error, last = run.lines
    assert first["answered"]
    assert last["answered"]
    assert error.keys() == {"question", "error"}
    assert error["error"].keys() == {"type", "message", "remedy"}
    assert error["error"]["type"] == "QuestionError"
    assert error["error"]["message"]
    assert error["error"]["remedy"]
    assert "Traceback" not in run.err


def test_plain_questions_from_standard_input_are_answered_in_words(run: Run) -> None:
    assert run("ask", "-", typed=f"{WHEN_CLOSED}\n\n{WHEN_CLOSED}\n") == 0
    assert run.out.count("[1]  ") == 2


def test_without_a_question_it_asks_for_some_and_remembers_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []
    ask = Library.ask

    def noted(library: Library, question: str, history: Any, only: Any) -> Any:  # noqa: ANN401
        asked.append((question, tuple(history)))
        return ask(library, question, history, only)

    monkeypatch.setattr(Library, "ask", noted)
    assert run("ask", typed=f"{WHEN_CLOSED}\nAnd in which year?\n\nnever asked\n") == 0
    assert asked == [(WHEN_CLOSED, ()), ("And in which year?", (WHEN_CLOSED,))]
    assert "When was the harbour closed?" in run.err
    assert run.out.count("[1]  ") == 2


def test_a_question_that_cannot_be_asked_does_not_end_the_conversation(run: Run) -> None:
    assert run("ask", typed=f"{'herring ' * 300}\n{WHEN_CLOSED}\n") == 0
    assert "256 tokens" in run.err
    assert "[1]  " in run.out


def test_without_a_question_and_an_index_it_builds_one(
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run(settings_for(tmp_path, HARBOUR), capsysbinary, monkeypatch)
    assert run("ask", typed=f"{WHEN_CLOSED}\n") == 0
    assert "Built " in run.err
    assert "[1]  " in run.out


def test_sources_lists_them_without_the_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Encoder, "load")
    assert run("sources") == 0
    assert "Minutes of the council · Ada Berg · 1976" in run.out
    assert "0 labelled Scientists (id: scientists)" in run.out


def test_check_needs_no_index_and_fails_only_where_something_is_wrong(run: Run) -> None:
    shutil.rmtree(run.settings.index)
    assert run("sources", "--check") == 0
    assert "Sources without a label: 1\n  visitor.md\n" in run.out
    assert run.out.endswith("3 sources checked: nothing wrong.\n")
    path = run.settings.seeds / "sources.toml"
    with path.open("a", encoding="utf-8") as file:
        file.write('\n[[sources]]\nfile = "gone.txt"\n')
    line = len(path.read_text("utf-8").splitlines())
    assert run("sources", "--check") == 1
    told = "an entry for 'gone.txt', but there is no such file"
    assert run.out.startswith(f"sources.toml:{line}: {told}")
    assert run.out.endswith("3 sources checked: 1 thing to correct.\n")


def test_label_asks_line_by_line_and_says_what_is_left(run: Run) -> None:
    before = (run.settings.seeds / "sources.toml").read_text("utf-8")
    assert run("label", "--by", "Ana", typed="3\nnote\n\nIt only looks.\n\n") == 0
    after = (run.settings.seeds / "sources.toml").read_text("utf-8")
    entry = after.replace("\n[questions]", "").split("[[sources]]")[-1]
    assert 'file = "visitor.md"\nperspective = "scientists"\nbasis = "It only looks."\n' in entry
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert "Written: visitor.md is labelled Scientists." in run.out
    folders = f"--seeds {run.settings.seeds} --index {run.settings.index}"
    assert run.err == (
        "1 source written. Left: 0 without a label, 0 not yet reviewed.\n"
        f"To bring it into the index, run: parallax build {folders}\n"
    )
    assert run("build") == 0
    source = Generation.open(run.settings.index).texts.documents["visitor.md"].source
    assert (source.kind, source.perspective.assigned_by) == ("note", "Ana")


def test_label_of_no_source_is_an_error_and_the_end_of_input_is_none(run: Run) -> None:
    assert run("label", "nope.txt") == 1
    assert "error: nope.txt: not in the index" in run.err
    assert run("label", "council.txt", typed="1\n") == 0
    assert "0 sources written. Left: 1 without a label, 0 not yet reviewed." in run.err


@pytest.mark.parametrize("named", ["page.txt", "seeds/page.txt", "./page.txt"])
def test_furniture_shows_what_was_left_out_and_why(run: Run, named: str) -> None:
    teaser = "Read more\n\nRelated articles\n\nThe mayor opens a fair\n\nThe mayor closes a fair\n"
    write_files(run.settings.seeds, {"page.txt": f"{HARBOUR['council.txt']!s}\n{teaser}"})
    assert run("build") == 0
    assert run("sources", "--furniture", named) == 0
    assert "Left out of page.txt" in run.out
    assert "Related articles" in run.out
    document = Generation.open(run.settings.index).texts.documents["page.txt"]
    assert document.furniture
    for span in document.furniture:
        assert f"{span.start}:{span.end}" in run.out
        assert span.reason in run.out


def test_furniture_of_no_document_is_an_error_that_lists_them(run: Run) -> None:
    assert run("sources", "--furniture", "nope.txt") == 1
    assert "error: nope.txt: not in the index" in run.err
    assert "There are: council.txt, fishers.txt, visitor.md" in run.err


def test_changed_seeds_are_told_on_stderr_while_stdout_stays_json(run: Run) -> None:
    write_files(
        run.settings.seeds,
        {"council.txt": "The council met in the old hall.", "new.txt": "The ferry sails."},
    )
    folders = f"--seeds {run.settings.seeds} --index {run.settings.index}"
    told = f"{run.settings.index}: 2 seeds changed since this build; run: parallax build"
    told += f" {folders}\n"
    assert run("ask", WHEN_CLOSED, "--json") == 0
    assert run.err == told
    # The index answers as it was built.
    assert "1974" in json.dumps(run.lines[0]["citations"])
    assert run("sources") == 0
    assert run.err == told
    assert run("build") == 0
    assert run("sources") == 0
    assert run.err == ""


def test_a_library_whose_seeds_are_gone_answers_on_and_says_so(run: Run) -> None:
    (run.settings.seeds).rename(run.settings.seeds.with_name("moved"))
    assert run("ask", WHEN_CLOSED, "--json") == 0
    assert str(run.settings.seeds) in run.err
    assert run.lines[0]["answered"]


def assert_told(run: Run, *words: str) -> None:
    assert run.err.startswith("error: ")
    for each in words:
        assert each.lower() in run.err.lower()
    assert "Traceback" not in run.err
    assert run.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", ""], ["the question is empty"]),
        (["ask", "\udcff"], ["bytes that are no text", "UTF-8"]),
        (["ask", "Who?", "--source", "none.txt"], ["none.txt: not in the index", "council.txt"]),
        (["ask", "Who?", "--since", "May"], ["'May' is no date", "a month (2020-10)"]),
        (["ask", "Who?", "--since", "3", "--json"], ["'3' is no date"]),
        (
            ["ask", "Who?", "--since", "2020", "--until", "2019-12"],
            ["no day lies between 2020 and 2019-12"],
        ),
        (["ask", "Who?", "--perspective", "none"], ["no perspective 'none'", "for-closing"]),
        (["ask", "Who?", "--model", "no/model"], ["no/model", "all-MiniLM-L6-v2"]),
        (["build", "--model", "no/model"], ["no/model", "all-MiniLM-L6-v2"]),
        (["ask", "Who?", "--model", " "], ["model", "PARALLAX_"]),
    ],
)
def test_an_error_is_told_with_its_cause_and_remedy_and_code_1(
    run: Run, arguments: list[str], words: list[str]
) -> None:
    assert run(*arguments) == 1
    assert_told(run, *words)


@pytest.mark.parametrize("name", ["MAX_CITATIONS", "MAX_CITATION"])
def test_a_bad_environment_variable_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"PARALLAX_{name}", "none")
    assert run("ask", WHEN_CLOSED) == 1
    assert_told(run, name.lower(), "PARALLAX_")


def test_a_missing_index_is_told(run: Run) -> None:
    (run.settings.index / "current").unlink()
    assert run("ask", WHEN_CLOSED) == 1
    assert_told(run, str(run.settings.index), "Run: parallax build")


def test_a_damaged_index_is_told(run: Run) -> None:
    (file,) = run.settings.index.glob("*/dense.faiss")
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    for command in (["ask", WHEN_CLOSED], ["ask"], ["sources"]):
        assert run(*command) == 1
        assert_told(run, str(file), "Run: parallax build")


def test_another_model_than_the_indexs_is_told(run: Run, tiny_model: Path) -> None:
    assert run("ask", WHEN_CLOSED, "--model", str(tiny_model)) == 1
    assert_told(run, str(tiny_model), "all-MiniLM-L6-v2", "parallax build")


def test_damaged_weights_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BUNDLED_SHA256", "0" * 64)
    assert run("ask", WHEN_CLOSED) == 1
    assert_told(run, "model.safetensors", "pip install --force-reinstall")


@pytest.mark.parametrize("files", [{}, {"broken.txt": b"\0\1\2"}])
def test_seeds_that_cannot_be_read_are_told(run: Run, files: dict[str, bytes]) -> None:
    for seed in run.settings.seeds.iterdir():
        seed.unlink()
    write_files(run.settings.seeds, files)
    assert run("build") == 1
    assert str(run.settings.seeds) in run.err
    assert ".txt" in run.err
    for name in files:
        assert name in run.err


def test_an_index_that_cannot_be_written_is_told(run: Run) -> None:
    blocked = Run(
        run.settings.model_copy(update={"index": run.settings.seeds / "council.txt"}),
        run._capsys,
        run._monkeypatch,
    )
    assert blocked("build") == 1
    assert "error: " in blocked.err
    assert str(blocked.settings.index) in blocked.err


FORGED = "failed: sources.toml: cannot be read"


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "The quay of Lomvik is made of wood.\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [["build"], ["sources", "--check"], ["sources"], ["sources", "--furniture", "nothing.txt"]],
)
def test_no_name_forges_a_line(run: Run, arguments: list[str]) -> None:
    write_files(
        run.settings.seeds,
        {
            "saved.zip": zipped(f"a\n{FORGED} at all", f"b\n{FORGED} (mend it).txt"),
            f"c\r{FORGED}.txt": "The quay of Lomvik is made of stone, not of wood.\n",
            f"d\n{FORGED}.pdf": b"no PDF",
        },
    )
    assert run("build") == 0
    run(*arguments)
    lines = (run.out + run.err).split("\n")
    assert any(f"\u240a{FORGED}" in line for line in lines)
    assert not any(line.strip().startswith(FORGED) for line in lines)
    assert "\r" not in run.out + run.err


def test_read_gives_each_reason_a_line(run: Run) -> None:
    name = run.settings.seeds / "saved.zip"
    write_files(name.parent, {name.name: zipped(f"a\n{FORGED} at all", f"b\n{FORGED}.txt")})
    assert cli.main(["read", str(name)]) == 1
    out, err = (stream.decode() for stream in run._capsys.readouterr())
    assert [line[:22] for line in err.splitlines()] == ["refused: saved.zip/a\u240af"]
    assert out.splitlines()[0] == f"saved.zip/b\u240a{FORGED}.txt"


def test_the_reasons_for_which_nothing_can_be_read_are_a_line_each(
    tmp_path: Path, run: Run
) -> None:
    broken = settings_for(tmp_path / "other", {f"a\n{FORGED}.pdf": b"no PDF", "b.pdf": b"no PDF"})
    broken_run = Run(broken, run._capsys, run._monkeypatch)
    assert broken_run("build") == 1
    error, first, second, remedy, end = broken_run.err.split("\n")
    assert error == f"error: {broken.seeds}: no document in this folder can be read"
    assert first.startswith(f"  a\u240a{FORGED}.pdf: ")
    assert second.startswith("  b.pdf: ")
    assert remedy.startswith("Put documents into it (")
    assert end == ""


@pytest.mark.parametrize(
    "arguments",
    [["ask", "Who?", "--nope"], ["nope"], ["ask", "Who?", "and", "more"], ["build", "--seeds"]],
)
def test_bad_usage_is_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr().out == ""


INDEX_STAYS = "Stopped. The index is as the last finished build left it.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build"], INDEX_STAYS),
        (["ask", WHEN_CLOSED], "Stopped.\n"),
        (["sources", "--check"], "Stopped.\n"),
        (["label"], "Stopped. What was written stays.\n"),
    ],
)
def test_an_interrupt_is_code_130_and_says_what_stays(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    def interrupted(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    before = Generation.open(run.settings.index).id
    monkeypatch.setattr("rag.index.build.build", interrupted)
    monkeypatch.setattr("rag.reading.read_seeds", interrupted)
    monkeypatch.setattr("rag.labelling.Walk.through_all", interrupted)
    monkeypatch.setattr(Library, "ask", interrupted)
    assert run(*arguments) == 130
    assert run.err.endswith(told)
    assert run.err.count("Stopped") == 1
    assert "Traceback" not in run.err
    assert Generation.open(run.settings.index).id == before


def test_an_interrupt_of_the_build_that_a_question_needs_is_one_of_a_build(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    shutil.rmtree(run.settings.index)
    monkeypatch.setattr("rag.index.build.build", interrupted)
    assert run("ask") == 130
    assert run.err == INDEX_STAYS


def test_read_of_a_folder_says_what_to_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["read", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}: is a folder\nName a file in it.\n"


class Page:
    """Stands for the web chat: it notes which library it got, and where it would be served."""

    library = ""
    address = ("", 0)
    sharing: Sharing | None = None
    should_exit = False

    def __call__(self, shelf: Shelf, sharing: Sharing | None) -> "Page":
        self._shelf, self.sharing = shelf, sharing
        return self

    async def serve(self, sockets: list[socket.socket]) -> None:
        (listener,) = sockets
        self.address = listener.getsockname()
        while not (self._shelf.is_open or self.should_exit):
            await asyncio.sleep(0.01)
        if self._shelf.is_open:
            self.library = self._shelf.library().generation.id


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    page = Page()
    monkeypatch.setattr("rag.web.server.server", page)
    return page


def test_serve_builds_a_missing_index_with_progress_and_says_where_it_is(
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    page: Page,
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(cli, "_errors", Console(file=terminal, force_terminal=True, soft_wrap=True))
    new = {"oars.txt": "Nobody in Lomvik has ever counted the oars of its boats."}
    run = Run(settings_for(tmp_path, {**HARBOUR, **new}), capsysbinary, monkeypatch)
    assert run("serve", "--port", "0") == 0
    assert page.library == Generation.open(run.settings.index).id
    assert page.address[0] == "127.0.0.1"
    steps = [
        f"Parallax is open at http://127.0.0.1:{page.address[1]} (Ctrl-C ends it)",
        *("reading seeds", "encoding passages", f"Built {page.library}: 4 documents"),
    ]
    places = [terminal.getvalue().find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)


def test_serve_opens_the_index_there_is_and_says_what_changed(run: Run, page: Page) -> None:
    before = Generation.open(run.settings.index).id
    write_files(run.settings.seeds, {"new.txt": "The ferry sails."})
    assert run("serve", "--port", "0") == 0
    opened, changed = run.err.splitlines()
    assert changed.startswith(f"{run.settings.index}: 1 seed changed since this build; run: ")
    assert opened == f"Parallax is open at http://127.0.0.1:{page.address[1]} (Ctrl-C ends it)"
    assert run.out == ""
    assert page.library == before == Generation.open(run.settings.index).id


def test_serve_on_a_taken_port_is_told_and_builds_nothing(
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    page: Page,
) -> None:
    run = Run(settings_for(tmp_path, HARBOUR), capsysbinary, monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run("serve", "--port", str(port)) == 1
    assert_told(
        run, f"127.0.0.1:{port}: cannot be opened", "already in use", "another one with --port"
    )
    assert not run.settings.index.exists()
    assert page.library == ""


def test_serve_of_a_damaged_index_is_told_and_leaves_the_port(run: Run, page: Page) -> None:
    (run.settings.index / "current").write_text("none", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    assert run("serve", "--port", str(port)) == 1
    opened, error, remedy = run.err.splitlines()
    assert opened.startswith("Parallax is open at ")
    assert error.startswith(f"error: {run.settings.index}")
    assert "parallax build" in remedy
    assert page.library == ""
    socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_serve_on_what_is_no_port_is_bad_usage(run: Run, port: str) -> None:
    assert run("serve", "--port", port) == 2
    assert "--port" in run.err


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing of who may come in."""
    for name in ("PASSWORD", "OWNER_TOKEN", "PROXY", "PROXY_HEADER", "HOSTS"):
        monkeypatch.delenv(f"PARALLAX_{name}", raising=False)


@pytest.mark.usefixtures("bare")
def test_serve_is_for_this_machine_alone_whatever_the_environment_says(
    run: Run, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARALLAX_PASSWORD", "open sesame")
    assert run("serve", "--port", "0") == 0
    assert page.sharing is None
    assert page.address[0] == "127.0.0.1"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("token", ["", "0123456789abcdef"])
def test_serve_shares_the_page_with_a_password_and_tells_the_token_that_it_made(
    run: Run, page: Page, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("PARALLAX_PASSWORD", "open sesame")
    monkeypatch.setenv("PARALLAX_OWNER_TOKEN", token)
    assert run("serve", "--port", "0", "--share-with-network") == 0
    assert page.address[0] == "0.0.0.0"  # noqa: S104 - that is what was asked for
    assert f"Parallax is open at http://127.0.0.1:{page.address[1]} (Ctrl-C ends it)" in run.err
    assert "passwords travel in the clear: docs/sharing.md" in run.err
    assert "sesame" not in run.err + run.out
    assert page.sharing is not None
    assert page.sharing.role_for("open sesame") == "reader"
    told = re.findall(r"The owner's token, until this ends: (.+)", run.err)
    assert told == ([] if token else [page.sharing.token])
    assert page.sharing.role_for(token or told[0]) == "owner"
    assert token not in run.err or not token


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("address", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")]
)
def test_serve_shares_the_page_at_an_address(
    run: Run, page: Page, monkeypatch: pytest.MonkeyPatch, address: str, shown: str
) -> None:
    monkeypatch.setenv("PARALLAX_PROXY", "127.0.0.1")
    monkeypatch.setenv("PARALLAX_PROXY_HEADER", "X-Forwarded-User")
    assert run("serve", "--port", "0", "--share-with-network", "--address", address) == 0
    assert page.address[0] == address
    assert f"Parallax is open at http://{shown}:{page.address[1]} (Ctrl-C ends it)" in run.err
    assert page.sharing is not None
    assert page.sharing.header == "x-forwarded-user"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("known", [{}, {"OWNER_TOKEN": "0123456789abcdef"}])
def test_serve_shares_nothing_with_everybody(
    run: Run, page: Page, monkeypatch: pytest.MonkeyPatch, known: dict[str, str]
) -> None:
    for name, value in known.items():
        monkeypatch.setenv(f"PARALLAX_{name}", value)
    assert run("serve", "--port", "0", "--share-with-network") == 1
    assert_told(run, "the page is not shared", "PARALLAX_PASSWORD", "docs/sharing.md")
    assert page.address == ("", 0)


@pytest.mark.usefixtures("bare")
def test_serve_tells_of_a_short_password_and_not_which(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARALLAX_PASSWORD", "seven77")
    assert run("serve", "--port", "0", "--share-with-network") == 1
    assert_told(run, "password: 8 characters are the least, not 7")
    assert "seven77" not in run.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--address", "127.0.0.1"], "--address needs"),
        (["--share-with-network", "--address", "localhost"], "no IP address"),
        (["--share-with-network", "--password", "open sesame"], "--password"),
    ],
)
def test_serve_with_what_makes_no_sense_is_bad_usage(
    run: Run, arguments: list[str], told: str
) -> None:
    assert run("serve", *arguments) == 2
    assert told in " ".join(run.err.replace("│", " ").split())


def test_terminal_sequences_of_a_library_are_made_visible(run: Run) -> None:
    steering = "The mayor of Eidsund was \x1b[31mpaid\x1b[0m by the mill of Ostby.\n"
    with (run.settings.seeds / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[sources]]\nfile = "a.txt"\ntitle = "A \\u001b[5mtitle"\n')
    catalogue = (run.settings.seeds / "sources.toml").read_text("utf-8")
    catalogue = catalogue.replace("When was the harbour", "When \\u001b[31mwas the harbour")
    write_files(
        run.settings.seeds,
        {"a.txt": steering, "b\x1b[31m.txt": "A note.", "sources.toml": catalogue},
    )
    commands = [
        ["build"],
        ["ask", "Who paid the mayor of Eidsund?"],
        ["ask", "Who paid the mayor of Eidsund?", "--context"],
        ["ask"],
        ["sources"],
        ["sources", "--furniture", "b\x1b[31m.txt"],
        ["sources", "--furniture", "none"],
    ]
    for command in commands:
        run(*command)
        assert "\x1b" not in run.out + run.err, command
        if "mayor" in " ".join(command):
            assert "was ␛[31mpaid␛[0m by" in run.out
            assert "A ␛[5mtitle" in run.out


def test_json_keeps_control_characters_as_they_are(run: Run) -> None:
    steering = "The mayor of Eidsund was \x1b[31mpaid by the mill of Ostby.\n"
    write_files(run.settings.seeds, {"a.txt": steering})
    assert run("build") == 0
    assert run("ask", "Who paid the mayor of Eidsund?", "--json") == 0
    assert "\x1b" not in run.out
    assert run.lines[0]["citations"][0]["exact"] == steering.strip()


# As a process of its own


def spawned(
    settings: Settings, *arguments: str, typed: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    named = ["--seeds", str(settings.seeds), "--index", str(settings.index)]
    return subprocess.run(
        [sys.executable, "-m", "rag", *arguments, *named],
        input=typed,
        capture_output=True,
        check=False,
        timeout=120,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "ascii", "COLUMNS": "200"},
    )


def test_a_process_answers_in_pure_json_in_utf_8(own_harbour: Settings) -> None:
    write_files(own_harbour.seeds, {"new.txt": "The ferry sails at nine."})
    typed = f"{WHEN_CLOSED}\nWas “naïve” said of 東京?\n".encode() + b"\xff\xfe who\n"
    done = spawned(own_harbour, "ask", "--json", "-", typed=typed)
    assert done.returncode == 1
    first, second, third = (json.loads(line) for line in done.stdout.decode("utf-8").splitlines())
    assert first["answered"]
    assert second["question"] == "Was “naïve” said of 東京?"
    assert second["abstention"]["reason"] == "phrase-not-found"
    assert third["error"]["type"] == "QuestionError"
    assert done.stderr.decode() == (
        f"{own_harbour.index}: 1 seed changed since this build; run: parallax build"
        f" --seeds {own_harbour.seeds} --index {own_harbour.index}\n"
    )


def test_a_byte_order_mark_before_the_first_line_is_no_part_of_it(own_harbour: Settings) -> None:
    typed = b"\xef\xbb\xbf" + json.dumps({"question": WHEN_CLOSED}).encode() + b"\n"
    done = spawned(own_harbour, "ask", "--json", "-", typed=typed)
    assert json.loads(done.stdout)["question"] == WHEN_CLOSED


def test_a_process_builds_and_lists_sources(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    missing = spawned(settings, "sources")
    assert missing.returncode == 1
    assert b"parallax build" in missing.stderr
    built = spawned(settings, "build")
    assert built.returncode == 0
    assert b"3 documents" in built.stderr
    assert built.stdout == b""
    listed = spawned(settings, "sources")
    assert listed.returncode == 0
    assert "source labelled For closing · minutes" in listed.stdout.decode()


def test_json_without_a_question_is_bad_usage(run: Run) -> None:
    assert run("ask", "--json") == 2
    assert "--json needs a question" in run.err
    assert run.out == ""


def test_a_process_with_bad_usage_ends_with_2(own_harbour: Settings) -> None:
    assert spawned(own_harbour, "ask", "Who?", "--nope").returncode == 2
