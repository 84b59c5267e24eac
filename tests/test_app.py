"""The web chat as a process of its own, as a person starts and ends it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.index.generation import Generation
from rag.settings import Settings
from tests.making import HARBOUR, settings_for
from tests.test_web_server import Site

ROOT = Path(__file__).parent.parent

STOPPED = "Stopped.\n"

# `parallax`, which prints whatever it looks up or connects to outside itself.
WATCHED = """
import sys
sys.addaudithook(lambda event, arguments: event in ("socket.getaddrinfo", "socket.connect")
    and print(event, arguments, flush=True))
from rag.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Process:
    """A process that serves the page."""

    def __init__(self, process: subprocess.Popen[bytes], stderr: Path) -> None:
        self._process, self._stderr = process, stderr

    @property
    def told(self) -> str:
        return self._stderr.read_text("utf-8")

    def site(self) -> Site:
        """What it serves, once it has said where."""
        deadline = time.monotonic() + 120
        while not (
            said := re.search(r"at http://127\.0\.0\.1:(\d+) \(Ctrl-C ends it\)", self.told)
        ):
            assert self._process.poll() is None, self.told
            assert time.monotonic() < deadline, self.told
            time.sleep(0.05)
        return Site(int(said[1]))

    def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self._process.wait(timeout=120)

    def interrupted(self) -> tuple[int, bytes]:
        """Its exit code and what it has written to standard output, after Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        out, _ = self._process.communicate(timeout=10)
        return self._process.returncode, out


@contextmanager
def started(settings: Settings, stderr: Path, *command: str) -> Iterator[Process]:
    folders = ["--port", "0", "--seeds", str(settings.seeds), "--index", str(settings.index)]
    with (
        stderr.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, *command, *folders],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "200"},
        ) as process,
    ):
        try:
            yield Process(process, stderr)
        finally:
            process.kill()


@contextmanager
def open_page(site: Site) -> Iterator[None]:
    """A visit as a browser makes it: it goes on until the server ends it."""
    name, port = site.host.split(":")
    with socket.create_connection((name, int(port)), timeout=60) as connection:
        request = f"GET /gradio_api/heartbeat/visit HTTP/1.1\r\nHost: {site.host}\r\n\r\n"
        connection.sendall(request.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
        assert "When was the harbour closed?" in str(site.run("_begin", [None, []], "visit"))
        yield


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_app_builds_a_missing_index_and_serves_until_ctrl_c(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    with started(settings, tmp_path / "stderr", "app.py") as process:
        site = process.site()
        opened = f"Parallax is open at http://{site.host} (Ctrl-C ends it)"
        assert process.told == f"{opened}\n"
        assert "window.gradio_config" in site.get("/").text
        assert "When was the harbour closed?" in str(site.run("_begin", [None, []], "visit"))
        built = Generation.open(settings.index).id
        before = process.told
        address, done, took = before.strip().split("\n")
        assert address == opened
        files = "3 added, 0 changed, 0 removed, 0 unchanged, 0 failed"
        assert done == f"Built {built}: 3 documents, 3 passages ({files})."
        assert took.endswith("The model read 3 passages; taken over: 0 passages.")
        assert process.interrupted() == (130, b"")
        assert process.told == before + STOPPED
    assert Generation.open(settings.index).id == built


def test_app_ends_with_the_reason_though_a_page_waits_for_the_library(tmp_path: Path) -> None:
    settings = Settings(seeds=tmp_path / "nowhere", index=tmp_path / "index")
    with (
        started(settings, tmp_path / "stderr", "app.py") as process,
        ThreadPoolExecutor(1) as visitor,
    ):
        visitor.submit(process.site().run, "_begin", [""], "visit")
        assert process.ended() == 1
        told = process.told.strip().split("\n")
    assert told[0].startswith("Parallax is open at ")
    assert told[1].startswith(f"error: {tmp_path / 'nowhere'}: ")


def test_ctrl_c_while_the_library_is_opened_ends_at_once(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    with started(settings, tmp_path / "stderr", "app.py") as process:
        process.site()
        assert process.interrupted() == (130, b"")
        assert process.told.endswith("Stopped. The index is as the last finished build left it.\n")
    assert not (settings.index / "current").exists()


def test_ctrl_c_ends_serve_though_a_page_is_open_and_nothing_went_out(
    own_harbour: Settings, tmp_path: Path
) -> None:
    before = files_of(own_harbour.index)
    with started(own_harbour, tmp_path / "stderr", "-c", WATCHED, "serve") as process:
        site = process.site()
        opened = f"Parallax is open at http://{site.host} (Ctrl-C ends it)\n"
        with open_page(site):
            assert process.told == opened
            code, looked_up = process.interrupted()
        assert code == 130
        assert looked_up == b""
        assert process.told == opened + STOPPED
    assert files_of(own_harbour.index) == before


def test_a_taken_port_is_told_before_anything_heavy_is_loaded(own_harbour: Settings) -> None:
    code = (
        "import sys; from rag.cli import main; code = main(['serve', *sys.argv[1:]]);"
        "print(*{'torch', 'gradio', 'faiss', 'uvicorn', 'typer'} & set(sys.modules));"
        "sys.exit(code)"
    )
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", code, "--port", str(port), "--index", str(own_harbour.index)],
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"error: 127.0.0.1:{port}: cannot be opened: ")
    assert done.stdout == b"typer\n"


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("--nope", 2)])
def test_app_takes_the_arguments_of_serve(argument: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", argument], cwd=ROOT, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == code
    told = (done.stdout + done.stderr).decode()
    assert "serve [OPTIONS]" in told
