"""The child process of `rag.sandbox`: what it does, and what it gives up before it begins.

It takes tasks from its standard input and answers on its standard output, both as JSON with its
length before it. Before the first task it limits its memory, forbids itself to write any file, and
sets an audit hook (PEP 578) that refuses connections, other programs, pickles, and files that are
no part of the program.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from rag import languages
from rag.errors import SeedUnreadable
from rag.furniture import furniture_of
from rag.furniture.repeated import line_keys
from rag.passages import sentences_of
from rag.readers.files import files_in, readings_of
from rag.records import Furniture, Notice, Span
from rag.sandbox import LENGTH, READY, Message, send

if sys.platform != "win32":
    import resource

FORBIDDEN = (
    "ftplib.", "http.client.", "os.chmod", "os.chown", "os.exec", "os.fork", "os.kill", "os.link",
    "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.spawn", "os.symlink",
    "os.system", "os.truncate", "pickle.", "pty.", "shutil.", "smtplib.", "socket.", "sqlite3.",
    "subprocess.", "tempfile.", "urllib.", "webbrowser.",
)  # fmt: skip
"""Beginnings of audit events (https://docs.python.org/3/library/audit_events.html)."""

MOST_DOCUMENTS = 100_000
"""In one file: a newspaper's articles of some years. Each takes a few kilobytes of memory more than
its text, and a file of a hundred megabytes could hold seven million."""

MOST_CHARACTERS = 100_000_000
"""In all documents of one file: what the largest file that is read holds as plain text. An archive
of a few megabytes unpacks to more."""

GRACE = 5.0
"""Seconds beyond the limit after which a child ends by itself."""

DOUBTFUL = "Open it in the program that made it and save it again, or take it out of the seeds."

TOO_MUCH = (
    f"holds over {MOST_DOCUMENTS:,} documents, or over {MOST_CHARACTERS // 10**6} million"
    " characters; the rest of it was not read"
)

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NO_TEXT = dict.fromkeys([0, *range(55296, 57344)], 65533)


def main() -> None:
    """Work until the pipe is closed."""
    tasks, answers = _private_pipes()
    languages.load()
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    confine(memory)
    send(answers, READY)
    while (header := _receive(tasks)) is not None:
        task, data = json.loads(header), _receive(tasks) or b""
        _wind_up(seconds)
        for answer in _answers(task, data):
            # Half of a surrogate pair, which JSON can hold, is no character.
            told = json.dumps(answer, ensure_ascii=False).translate(_NO_TEXT)
            send(answers, told.encode())
            _wind_up(seconds)
        send(answers, b'{"done": true}')
        _wind_up(0)


def _wind_up(seconds: float) -> None:
    """Let the system end this process after so long, should nobody be there any more to do it."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds and seconds + GRACE)


def confine(memory: int) -> None:
    """Give up, for good, what no reader needs.

    Args:
        memory: the most bytes of address space, where the system can limit it.
    """
    if sys.platform != "win32":
        with suppress(ValueError, OSError):  # systems that know no such limit
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    packages = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    own = {*packages, sys.prefix, sys.base_prefix, str(Path(__file__).parent)}
    roots = tuple(os.path.realpath(path) for path in own)
    allowed = (*(root + os.sep for root in roots), "/usr/share/zoneinfo", os.devnull)

    def refuse(event: str, arguments: Sequence[object]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"a reader may not do this: {event}")
        if event == "open" and not _may_open(arguments, allowed):
            raise PermissionError(f"a reader may not open this: {arguments[0]!r}")

    sys.addaudithook(refuse)


def _may_open(arguments: Sequence[object], allowed: tuple[str, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        return True
    writes = isinstance(flags, int) and flags & _WRITING != 0
    writes = writes or (isinstance(mode, str) and not set(mode).isdisjoint("wax+"))
    return not writes and os.path.realpath(os.fsdecode(str(path))).startswith(allowed)


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, where nothing that a library prints can come between."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return tasks, answers


def _receive(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(LENGTH)
    return pipe.read(int.from_bytes(length, "big")) if length else None


def _answers(task: Message, data: bytes) -> Iterator[Message]:
    return _guarded(task["name"], TASKS[task["do"]](task, data))


def _guarded(name: str, answers: Iterator[Message], archive: str = "") -> Iterator[Message]:
    """The answers, and in place of an error that the file (it may be in an archive) is refused."""
    try:
        yield from answers
    except SeedUnreadable as error:
        message = error.message.removeprefix(f"{name}: ").removeprefix(f"{archive}: ")
        yield _refused(name, message, error.remedy)
    except MemoryError:
        yield {"stopped": name, "why": "reading it takes more memory than is allowed"}
    except Exception as error:
        yield _refused(name, f"cannot be read: {type(error).__name__}: {error}"[:300], DOUBTFUL)


def _refused(name: str, message: str, remedy: str) -> Message:
    return {"refused": Notice(file=name, message=message, remedy=remedy).model_dump()}


def _read(task: Message, data: bytes) -> Iterator[Message]:
    """Every document of a file, each file of an archive announced before it is read.

    Where a file holds too much, what comes first is read.
    """
    skip = set(task["skip"])
    count = characters = 0
    for name, content in files_in(data, task["name"]):
        if name in skip:
            continue
        yield {"begin": name}
        columns = task["columns"].get(name, {})
        for answer in _guarded(name, _documents(name, content, columns), task["name"]):
            if "id" in answer:
                count += 1
                characters += len(answer["reading"]["text"])
            if count > MOST_DOCUMENTS or characters > MOST_CHARACTERS:
                yield _refused(task["name"], TOO_MUCH, "Split it into several files.")
                return
            yield answer


def _documents(
    name: str, content: Callable[[], bytes], columns: Mapping[str, str]
) -> Iterator[Message]:
    """Each document of one file; what is no character of any text becomes U+FFFD."""
    for document_id, reading in readings_of(content(), name, columns):
        text = reading.text.translate(_NO_TEXT)
        told = reading.model_copy(update={"text": text})
        lines = line_keys(text).tolist()
        yield {"id": document_id, "reading": told.model_dump(mode="json"), "lines": lines}


def _furniture(task: Message, data: bytes) -> Iterator[Message]:
    """The furniture of a text that was read."""
    structure = tuple(Furniture.model_validate(each) for each in task["structure"])
    furniture = furniture_of(
        data.decode(), structure, frozenset(task["repeated"]), judged=task["judged"]
    )
    yield {"furniture": [span.model_dump() for span in furniture]}


def _sentences(task: Message, data: bytes) -> Iterator[Message]:
    """The language and the sentences of what is not furniture."""
    text = data.decode()
    furniture = [Furniture.model_validate(each) for each in task["furniture"]]
    headings = [Span.model_validate(each) for each in task["headings"]]
    language = task["language"] or languages.detect(_outside(text, furniture))
    sentences = sentences_of(text, furniture, language, headings)
    yield {"language": language, "sentences": [each.model_dump() for each in sentences]}


def _outside(text: str, furniture: Sequence[Furniture]) -> str:
    edges = [0, *(edge for span in furniture for edge in (span.start, span.end)), len(text)]
    return "\n".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


TASKS: Mapping[str, Callable[[Message, bytes], Iterator[Message]]] = {
    "read": _read,
    "furniture": _furniture,
    "sentences": _sentences,
}

if __name__ == "__main__":
    main()
