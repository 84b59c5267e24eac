"""A child for the sandbox that does what a hostile file might make a reader do."""

import ctypes
import json
import os
import pickle
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from rag import worker
from rag.sandbox import Message


def endless(_task: Message, _data: bytes) -> Iterator[Message]:
    yield {"so far": "so good"}
    while True:
        pass


def greedy(_task: Message, _data: bytes) -> Iterator[Message]:
    yield {"length": len(bytearray(3 << 30))}


def fallen(task: Message, _data: bytes) -> Iterator[Message]:
    yield {"so far": "so good"}
    if task["how"] == "segmentation fault":
        ctypes.string_at(0)
    os._exit(7)


def talkative(_task: Message, _data: bytes) -> Iterator[Message]:
    yield {"text": "x" * 100_000}


def raving(task: Message, _data: bytes) -> Iterator[Message]:
    print("printed by a library")
    os.write(1, b"written by a library")
    yield json.loads(task["answer"])


def echo(task: Message, data: bytes) -> Iterator[Message]:
    yield {"task": task, "data": data.decode("latin-1")}


def failing(_task: Message, _data: bytes) -> Iterator[Message]:
    yield {"so far": "so good"}
    raise ValueError("a bad file")


ATTEMPTS: dict[str, Callable[[Message], object]] = {
    "connect": lambda task: socket.create_connection(("127.0.0.1", task["port"]), timeout=5),
    "look a name up": lambda _: socket.getaddrinfo("localhost", 80),
    "fetch": lambda task: urllib.request.urlopen(f"http://127.0.0.1:{task['port']}/"),
    "run a program": lambda _: subprocess.run(["true"], check=True),
    "run a shell": lambda _: os.system("true"),
    "fork": lambda _: os.fork(),
    "write a file": lambda task: Path(task["path"]).write_text("hello"),
    "write to a descriptor": lambda task: os.open(task["path"], os.O_WRONLY | os.O_CREAT),
    "empty a file": lambda task: os.open(task["victim"], os.O_RDONLY | os.O_TRUNC),
    "read the project": lambda _: (Path(__file__).parents[1] / "pyproject.toml").read_text(),
    "make a temporary file": lambda _: tempfile.TemporaryFile(),
    "remove a file": lambda task: Path(task["victim"]).unlink(),
    "rename a file": lambda task: Path(task["victim"]).rename(task["path"]),
    "read a file": lambda task: Path(task["victim"]).read_text(),
    "load a pickle": lambda _: pickle.loads(b"cos\nsystem\n(S'true'\ntR."),
}


def attempt(task: Message, _data: bytes) -> Iterator[Message]:
    ATTEMPTS[task["deed"]](task)
    yield {"did": task["deed"]}


if __name__ == "__main__":
    worker.TASKS = {
        "endless": endless,
        "greedy": greedy,
        "fallen": fallen,
        "talkative": talkative,
        "raving": raving,
        "echo": echo,
        "failing": failing,
        "attempt": attempt,
    }
    worker.main()
