"""Changes of `sources.toml` that leave every other byte of it as it is.

Only the entry that changes is given to tomlkit; then the whole file is read again, and what it
says now must be what it said before with that one change.
"""

import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import date
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array

from rag.catalogue import OF_ONE_DOCUMENT
from rag.entries import FIELDS, LineRange, SourceEntry
from rag.errors import CatalogueError
from rag.places import statements
from rag.records import Perspective, Record

_SOURCE = r"\s*\[\[\s*[\"']?sources[\"']?\s*\]\]"
_PART_OF_SOURCE = r"\s*\[\[?\s*[\"']?sources[\"']?\s*\."
_PERSPECTIVE = r"\s*\[\s*[\"']?perspectives[\"']?\s*[.\]]"

_MARK = b"\xef\xbb\xbf"

FORMER = (
    "perspective", "label", "basis", "basis_quote", "assigned_by", "assigned_on", "reviewed_by",
    "reviewed_on",
)  # fmt: skip
"""What the history of a source keeps of a label."""


_OF_LABEL = (*(each for each in FORMER if each != "label"), "history")
"""What an entry says of the label that its source carries."""


class Assignment(Record):
    """A label as somebody assigns it, with what was said of the source meanwhile."""

    perspective: str
    basis: str
    basis_quote: str | None = None
    assigned_by: str
    assigned_on: date
    kind: str | None = None
    origin: str | None = None


Change = Callable[[MutableMapping[str, Any]], None]
"""What happens to one entry, whether it is a plain table or one that remembers its form."""


def assigned(
    text: str, file: str, assignment: Assignment, described: SourceEntry | None = None
) -> str:
    """The catalogue with this label for a source; one that it carried before joins its history.

    Without an entry it gets one, which repeats what `described` says: the entry of the collection
    that it is part of, and which is not heard any more where there is one of its own.

    Raises:
        CatalogueError: that cannot be written without changing more.
    """
    given = assignment.model_dump(exclude_none=True)
    number = _number_of(text, file)
    if number is None:
        return _with_entry(text, {"file": file} | _repeated(described) | given)

    def change(entry: MutableMapping[str, Any]) -> None:
        for key in ("kind", "origin"):
            if key in given and given[key] != entry.get(key):
                entry.get("inferred", {}).pop(key, None)
        for key in ("basis_quote", "reviewed_by", "reviewed_on"):
            entry.pop(key, None)
        entry.update(given)

    return _changed(text, number, change, _former(text, number, assignment.assigned_on))


def confirmed(text: str, file: str, by: str, on: date) -> str:
    """The catalogue with a source's label confirmed under a name.

    Raises:
        CatalogueError: it has no entry any more, or cannot be changed without changing more.
    """
    number = _number_of(text, file)
    if number is None:
        raise CatalogueError(
            f"there is no entry for {file!r} any more", "Look at what became of sources.toml."
        )
    return _changed(text, number, lambda entry: entry.update(reviewed_by=by, reviewed_on=on), {})


class Lines(Record):
    """Which lines of a document are decided on, and in which state of its file."""

    keep: tuple[LineRange, ...]
    drop: tuple[LineRange, ...]
    checked_for: str


def lines_decided(text: str, file: str, lines: Lines, described: SourceEntry | None = None) -> str:
    """The catalogue with these lines of a document kept and left out, and no others.

    Without an entry the document gets one, as in `assigned`, which repeats its label too.

    Raises:
        CatalogueError: that cannot be written without changing more.
    """
    plain = {"keep": lines.keep, "drop": lines.drop}
    given: dict[str, Any] = {key: _as_written(each) for key, each in plain.items() if each}
    if given:
        given["lines_checked_for"] = lines.checked_for
    number = _number_of(text, file)
    if number is None:
        return _with_entry(text, {"file": file} | _repeated(described, *_OF_LABEL) | given)

    def change(entry: MutableMapping[str, Any]) -> None:
        for key in ("keep", "drop", "lines_checked_for"):
            if key not in given:
                entry.pop(key, None)
            elif entry.get(key) != given[key]:
                entry[key] = given[key]

    return _changed(text, number, change, {})


def declared(text: str, perspective: Perspective) -> str:
    """The catalogue with this perspective after those that it declares, if it is none of them.

    Raises:
        CatalogueError: that cannot be written without changing more.
    """
    about = perspective.model_dump(exclude={"id"}, exclude_defaults=True)
    header = f"[perspectives.{tomlkit.key(perspective.id).as_string()}]"
    data = tomllib.loads(text)
    if perspective.id in data.setdefault("perspectives", {}):
        return text
    data["perspectives"][perspective.id] = about
    return _verified(_inserted(text, _PERSPECTIVE, _PERSPECTIVE, header, about), data)


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a file as it is on disk now, at once and as a whole; there need not be one yet.

    Line ends, a byte-order mark and permissions stay. Whoever reads it meanwhile sees the old
    file or the new one.

    Raises:
        CatalogueError: it is no TOML, or cannot be written.
    """
    path = path.resolve()
    with _changeable(path) as data:
        old = data.decode("utf_8_sig")
        new = with_line_ends(old, change(old.replace("\r\n", "\n")))
        mark = _MARK if data.startswith(_MARK) else b""
        _replace(path, mark + new.encode())


def check_form(path: Path) -> None:
    """See before anybody is asked whether an entry of the file can be changed.

    Raises:
        CatalogueError: it is no TOML, cannot be written, or its sources stand in one list.
    """
    with _changeable(path) as data:
        _source_blocks(data.decode("utf_8_sig").replace("\r\n", "\n"))


@contextmanager
def _changeable(path: Path) -> Iterator[bytes]:
    """The bytes of a file that may be written; what goes wrong with it is told with its name."""
    try:
        data = path.read_bytes() if path.exists() else b""
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError("it is read-only")
        yield data
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"{path}: cannot be changed: {error}",
            "Mend it, or its permissions; nothing was written.",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def with_line_ends(old: str, new: str) -> str:
    """The new text with each old line's own end, and for new lines the end that most have."""
    before, after = _lines(old), _lines(new)
    usual = "\r\n" if 2 * old.count("\r\n") > old.count("\n") else "\n"
    plain = [line.replace("\r\n", "\n") for line in before]
    # Looked for first, what stands before and after a change cannot be taken for its equals in it.
    head = _alike(plain, after)
    tail = _alike(plain[head:][::-1], after[head:][::-1])
    changed = after[head : len(after) - tail]
    matcher = SequenceMatcher(None, plain[head : len(plain) - tail], changed, False)
    made = before[:head]
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            made += before[head + first : head + last]
        else:
            made += [line.replace("\n", usual) for line in changed[start:end]]
    return "".join([*made, *before[len(before) - tail :]])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _number_of(text: str, file: str) -> int | None:
    """Which of the entries is this file's, from 0: the first, as for a reader."""
    tables = tomllib.loads(text).get("sources", [])
    entries = tables if isinstance(tables, list) else []
    files = [each.get("file") if isinstance(each, dict) else None for each in entries]
    return files.index(file) if file in files else None


def _former(text: str, number: int, until: date) -> dict[str, Any]:
    """The label that an entry carries now, for its history; empty if it carries none."""
    data = tomllib.loads(text)
    entry = data["sources"][number]
    if not entry.get("perspective"):
        return {}
    label = data.get("perspectives", {}).get(entry["perspective"], {}).get("label")
    known = entry | ({"label": label} if label else {})
    return {key: known[key] for key in FORMER if key in known} | {"until": until}


def _repeated(described: SourceEntry | None, *more: str) -> dict[str, Any]:
    if described is None:
        return {}
    fields = {*FIELDS, "inferred", *more} - OF_ONE_DOCUMENT
    said = described.model_dump(include=fields, exclude_defaults=True)
    return {key: list(each) if isinstance(each, tuple) else each for key, each in said.items()}


def _as_written(ranges: Sequence[LineRange]) -> list[int | list[int]]:
    return [first if first == last else [first, last] for first, last in ranges]


def _with_entry(text: str, table: Mapping[str, Any]) -> str:
    new = _inserted(text, _SOURCE, _PART_OF_SOURCE, "[[sources]]", table)
    data = tomllib.loads(text)
    data.setdefault("sources", []).append(table)
    return _verified(new, data)


def _changed(text: str, number: int, change: Change, former: Mapping[str, Any]) -> str:
    """The catalogue with a change of one entry, and a former label at the end of its history."""
    pieces = statements(text)
    blocks = _source_blocks(text)
    data = tomllib.loads(text)
    start, end = blocks[number]
    block = "".join(pieces[start:end])
    ended = block if block.endswith("\n") else block + "\n"
    new = _rewritten(ended, change, former)
    entry = data["sources"][number]
    change(entry)
    if former:
        entry.setdefault("history", []).append(dict(former))
    return _verified("".join([*pieces[:start], new, *pieces[end:]]), data)


def _source_blocks(text: str) -> Sequence[tuple[int, int]]:
    """First and last but one of the statements of each source."""
    blocks = list(_blocks(statements(text), _SOURCE, _PART_OF_SOURCE))
    data = tomllib.loads(text)
    if "sources" in data and not (blocks and len(blocks) == len(data["sources"])):
        raise CatalogueError(
            "the sources stand in one list, which this cannot change",
            "Write each source below [[sources]].",
        )
    return blocks


def _rewritten(block: str, change: Change, former: Mapping[str, Any]) -> str:
    document = tomlkit.parse(block)
    sources: Any = document["sources"]
    entry = sources[0]
    change(entry)
    history = entry.get("history")
    if former and isinstance(history, Array):
        table = tomlkit.inline_table()
        table.update(former)
        history.append(table)
    text = tomlkit.dumps(document)
    if former and not isinstance(history, Array):
        text += f"\n[[sources.history]]\n{_pairs(former)}"
    return text


def _inserted(text: str, begins: str, part: str, header: str, table: Mapping[str, Any]) -> str:
    """A table after the last one of its kind; perspectives before sources, others at the end."""
    pieces = statements(text)
    blocks = list(_blocks(pieces, begins, part))
    new = f"{header}\n{_pairs(table)}"
    if blocks:
        at = blocks[-1][1]
    elif begins == _PERSPECTIVE and (sources := list(_blocks(pieces, _SOURCE, _PART_OF_SOURCE))):
        at = sources[0][0]
        while at and pieces[at - 1].lstrip().startswith("#"):
            at -= 1
        return "".join([*pieces[:at], f"{new}\n", *pieces[at:]])
    else:
        at = len(pieces)
    before = "".join(pieces[:at])
    if before and not before.endswith("\n"):
        before += "\n"
    return "".join([before, "\n" if before else "", new, *pieces[at:]])


def _pairs(table: Mapping[str, Any]) -> str:
    """Keys and values, a line each."""
    document = tomlkit.document()
    for key, value in table.items():
        document.add(key, _inline(value))
    return tomlkit.dumps(document)


def _inline(value: Any) -> Any:  # noqa: ANN401 (whatever a TOML value may be)
    """A value that takes no header of its own."""
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend(_inline(each) for each in value)
        return array
    return value


def _blocks(pieces: Sequence[str], begins: str, part: str) -> Iterator[tuple[int, int]]:
    """First and last but one of the statements of each such table, with the tables in it.

    Comments and blank lines after its last key are the next table's.
    """
    start = end = -1
    for number, piece in enumerate(pieces):
        header = piece.lstrip().startswith("[")
        if header and start >= 0 and (re.match(begins, piece) or not re.match(part, piece)):
            yield start, end
            start = -1
        if header and re.match(begins, piece):
            start = number
        if start >= 0 and piece.strip() and not piece.lstrip().startswith("#"):
            end = number + 1
    if start >= 0:
        yield start, end


def _verified(text: str, data: Mapping[str, Any]) -> str:
    """The text, if it says these data and nothing else."""
    try:
        if tomllib.loads(text) == data:
            return text
    except tomllib.TOMLDecodeError:
        pass
    raise CatalogueError(
        "its form allows no change here that leaves the rest as it is",
        "Write each source below [[sources]] and each perspective below [perspectives.ID].",
    )
