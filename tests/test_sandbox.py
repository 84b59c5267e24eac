import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import sandbox as module
from rag.errors import SandboxMissing
from rag.sandbox import Limits, Message, Sandbox, Stopped
from tests.rogue import ATTEMPTS

ROOT = Path(__file__).resolve().parents[1]
ECHO = {"do": "echo", "name": "a.txt"}


@pytest.fixture
def rogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox whose child does what it is told, with low limits."""
    monkeypatch.setattr(module, "WORKER", "tests.rogue")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Sandbox(Limits(seconds=20, memory=1 << 30, answer=50_000)) as sandbox:
        yield sandbox


def told(sandbox: Sandbox, what: str, **task: object) -> list[Message]:
    return list(sandbox.run({"do": what, "name": "a.txt"} | task))


def refusal(answers: list[Message]) -> str:
    return str(answers[-1]["refused"]["message"])


@given(data=st.binary(max_size=200_000 // 8), note=st.text(max_size=50))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_task_and_bytes_arrive_and_answers_come_back(
    rogue: Sandbox, data: bytes, note: str
) -> None:
    task = ECHO | {"note": note.encode("utf-16", "surrogatepass").hex()}
    (answer,) = rogue.run(task, data)
    assert answer == {"task": task, "data": data.decode("latin-1")}


def test_an_endless_loop_is_ended_and_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WORKER", "tests.rogue")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Sandbox(Limits(seconds=3)) as sandbox:
        with pytest.raises(Stopped, match="took over 3 seconds"):
            list(sandbox.run({"do": "endless", "name": "a.txt"}))
        assert told(sandbox, "echo")[0]["task"]["do"] == "echo"


@pytest.mark.parametrize(
    ("how", "why"), [("segmentation fault", r"signal 11"), ("exit", r"exit code 7")]
)
def test_a_reader_that_falls_costs_one_file(rogue: Sandbox, how: str, why: str) -> None:
    seen: list[Message] = []
    with pytest.raises(Stopped, match=f"brought the reader down .{why}"):
        seen.extend(rogue.run({"do": "fallen", "name": "a.txt", "how": how}))
    assert seen == [{"so far": "so good"}]
    assert told(rogue, "echo")[0]["data"] == ""


def test_memory_is_limited(rogue: Sandbox) -> None:
    (stopped,) = told(rogue, "greedy")
    assert "more memory than is allowed" in stopped["why"]
    assert told(rogue, "echo")[0]["data"] == ""


def test_what_is_answered_is_limited(rogue: Sandbox) -> None:
    with pytest.raises(Stopped, match="what was found in it is over"):
        told(rogue, "talkative")
    assert told(rogue, "echo")[0]["data"] == ""


@pytest.mark.parametrize("answer", ["[]", "1", "null", '"done"'])
def test_answers_that_make_no_sense_are_refused(rogue: Sandbox, answer: str) -> None:
    with pytest.raises(Stopped, match="nobody can read"):
        told(rogue, "raving", answer=answer)


def test_what_a_library_prints_is_no_answer(rogue: Sandbox) -> None:
    assert told(rogue, "raving", answer='{"a": 1}') == [{"a": 1}]


def test_an_error_in_a_reader_is_a_refusal_with_its_reason(rogue: Sandbox) -> None:
    assert refusal(told(rogue, "failing")) == "cannot be read: ValueError: a bad file"
    assert told(rogue, "echo")[0]["data"] == ""


@pytest.mark.parametrize("what", ATTEMPTS)
def test_a_reader_can_do_nothing_but_read(rogue: Sandbox, tmp_path: Path, what: str) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        where = {"port": server.getsockname()[1], "path": str(tmp_path / "new.txt")}
        answers = told(rogue, "attempt", deed=what, victim=str(victim), **where)
        assert "a reader may not" in refusal(answers)
        with pytest.raises(TimeoutError):
            server.accept()
    assert [path.name for path in tmp_path.iterdir()] == ["victim.txt"]
    assert victim.read_text("utf-8") == "mine"


def test_a_reader_is_heard_by_a_process_that_has_many_files_open(rogue: Sandbox) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip(f"this process may open {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    try:
        with ExitStack() as held:
            for _ in range(1100):
                held.enter_context(Path(os.devnull).open("rb"))
            rogue._end()  # the next child is started now
            assert told(rogue, "echo")
            assert rogue._child is not None
            assert rogue._child._answers > 1023
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_child_that_cannot_start_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WORKER", "rag.nothing")
    with Sandbox(Limits()) as sandbox, pytest.raises(SandboxMissing, match="cannot be started"):
        list(sandbox.run(ECHO))


def test_the_child_ends_with_the_sandbox(rogue: Sandbox) -> None:
    told(rogue, "echo")
    child = rogue._child
    assert child is not None
    rogue.__exit__()
    assert child._process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(child._process.pid, 0)


def test_a_child_whose_parent_was_killed_ends_by_itself(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from rag import sandbox, worker\n"
        "sandbox.WORKER = 'tests.rogue'\n"
        "box = sandbox.Sandbox(sandbox.Limits(seconds=2))\n"
        "answers = box.run({'do': 'endless', 'name': 'a.txt'})\n"
        "next(answers)\n"
        "print(box._child._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        "utf-8",
    )
    parent = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    child = int(parent.stdout)
    limit = time.monotonic() + 60
    while _alive(child) and time.monotonic() < limit:
        time.sleep(0.2)
    assert not _alive(child)


def _alive(process: int) -> bool:
    """Whether it runs; one that ended, and that nobody asked after, does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text("utf-8")
    except OSError:
        return False


def test_answers_that_nobody_waits_for_do_not_reach_the_next_task(rogue: Sandbox) -> None:
    first = next(iter(rogue.run({"do": "fallen", "name": "a.txt", "how": "exit"})))
    assert first == {"so far": "so good"}
    assert told(rogue, "echo")[0]["task"]["do"] == "echo"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc")
def test_a_reader_does_not_know_the_settings(
    monkeypatch: pytest.MonkeyPatch, rogue: Sandbox
) -> None:
    monkeypatch.setenv("PARALLAX_PASSWORD", "open sesame")
    monkeypatch.setenv("LOMVIK", "a harbour")
    rogue._end()  # the next child is started now
    told(rogue, "echo")
    assert rogue._child
    known = Path(f"/proc/{rogue._child._process.pid}/environ").read_bytes()
    assert b"LOMVIK=a harbour" in known
    assert b"sesame" not in known
    assert b"PARALLAX_" not in known
