"""A child process for work on files that nobody can vouch for, with limits that it cannot lift.

A bomb, an endless loop or a crash in a parser costs the one file that caused it. The child gets the
bytes of a file through a pipe and answers with JSON; it is ended when it takes too long, answers
too much or dies, and a new one is started for the next file. What it may do at all is decided in
`rag.worker`.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any, Self

from rag.errors import SandboxMissing
from rag.records import Record

Message = dict[str, Any]
"""What travels between the two: anything that JSON can hold."""

LENGTH = 8
"""Bytes that give the length of what follows, the highest first."""

READY = b'{"ready": true}'
"""What the child says first."""

WORKER = "rag.worker"
"""The module that the child runs."""

_STARTING = 60.0
"""Seconds in which the child has to be ready."""

_CHUNK = 1 << 20

_LONGEST_WAIT = 10.0**6
"""Seconds; the system counts milliseconds in 31 bits."""


class Limits(Record):
    """How much one document may cost.

    Attributes:
        seconds: from one answer of the child to the next.
        memory: bytes of address space that the child may have.
        answer: the most bytes of one answer.
    """

    seconds: float = 60.0
    memory: int = 2 << 30
    answer: int = 64 << 20


class Stopped(Exception):
    """The child had to be ended, or ended by itself, before it was done. `str()` says why."""


class Sandbox:
    """One child at a time. Use it as a context manager, which begins to start the first one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        self._child = _Child(self.limits)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:
        """Give the child a task and yield its answers, until it says that it is done.

        Raises:
            Stopped: the child took too long, answered too much, or died.
            SandboxMissing: no child can be started.
        """
        finished = False
        child = self._child = self._child or _Child(self.limits)
        try:
            child.ask(task, data)
            while "done" not in (answer := child.answer()):
                yield answer
            finished = True
        finally:
            if not finished:  # whatever it is doing now is of no use any more
                self._end()

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """What a reader may know of the environment: no setting, for passwords are among them."""
    return {name: value for name, value in environment.items() if not name.startswith("PARALLAX_")}


class _Child:
    """One process of `rag.worker`, and the two pipes to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(  # noqa: S603 (this interpreter)
            [sys.executable, "-P", "-B", "-m", WORKER, str(limits.memory), str(limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_without_secrets(os.environ) | single,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the child
        )
        tasks, answers = self._process.stdin, self._process.stdout
        if tasks is None or answers is None:
            raise Stopped("no pipe to a reader")
        self._tasks, self._answers = tasks, answers.fileno()
        self._is_ready = False

    def _wait(self) -> None:
        """Until it has started, once."""
        if self._is_ready:
            return
        try:
            self._message(_STARTING)
        except Stopped as error:
            self.end()
            limits = self._limits
            raise SandboxMissing(
                "the process that reads files cannot be started",
                f"See why with: {sys.executable} -m {WORKER} {limits.memory} {limits.seconds}",
            ) from error
        self._is_ready = True

    def ask(self, task: Message, data: bytes) -> None:
        """Send a task, and the bytes that it is about.

        Raises:
            SandboxMissing: it could not be started.
            Stopped: it died.
        """
        self._wait()
        try:
            for part in (json.dumps(task).encode(), data):
                send(self._tasks, part)
        except BrokenPipeError as error:
            raise Stopped(self._how_it_ended()) from error

    def answer(self) -> Message:
        """Wait for the next answer."""
        return self._message(self._limits.seconds)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def _message(self, seconds: float) -> Message:
        deadline = time.monotonic() + seconds
        length = int.from_bytes(self._receive(LENGTH, deadline), "big")
        if length > self._limits.answer:
            raise Stopped(f"what was found in it is over {self._limits.answer >> 20} MB")
        try:
            answer = json.loads(self._receive(length, deadline))
        except (ValueError, RecursionError) as error:
            raise Stopped("its reader answered what nobody can read") from error
        if not isinstance(answer, dict):
            raise Stopped("its reader answered what nobody can read")
        return answer

    def _receive(self, length: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while length:
            left = deadline - time.monotonic()
            if left <= 0 or not _readable(self._answers, left):
                raise Stopped(f"reading it took over {self._limits.seconds:g} seconds")
            part = os.read(self._answers, min(length, _CHUNK))
            if not part:
                raise Stopped(self._how_it_ended())
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"it brought the reader down ({how})"


def _readable(descriptor: int, seconds: float) -> bool:
    """Whether anything can be read within so long; `select` takes no descriptor over 1023."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(min(seconds, _LONGEST_WAIT) * 1000))


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write data with its length before it."""
    pipe.write(len(data).to_bytes(LENGTH, "big"))
    pipe.write(data)
    pipe.flush()
