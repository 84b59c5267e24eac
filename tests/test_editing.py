import os
import stat
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalogue import read_catalogue
from rag.editing import (
    Assignment,
    Lines,
    assigned,
    confirmed,
    declared,
    lines_decided,
    rewrite,
    with_line_ends,
)
from rag.entries import SourceEntry
from rag.errors import CatalogueError
from rag.records import Perspective

ODD = """\
# What is known of these sources.   \n\
[questions]   # first, oddly
ask = [ "Who?",   # who
  "Why?" ]

\t[[sources]]  # the first
file='a.txt'   # odd   spacing
perspective = "for" # a comment that stays
published=1999
basis = \"\"\"
[[sources]]
file = "b.txt"\"\"\"
basis_quote = "Build it."

  [sources.inferred]
  kind = "it says so"
  published = 'a guess'

# On the second perspective.
[perspectives."the other"]
label = "Other"

[[sources]]
# no file before this comment
kind = "letter"
file = "c.txt"
inferred = { kind = "so" }
history = [ {perspective = "for", until = 2020-01-01} ]
perspective = "the other"
assigned_by = "a program, from the text alone"

[perspectives.for]
label = "For"
# the end
"""

ANA = Assignment(
    perspective="the other",
    basis='It says "no".\nTwice.',
    basis_quote="Not «now»",
    assigned_by="Ana",
    assigned_on=date(2026, 11, 22),
)


def after(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_new_label_changes_its_own_lines_and_no_other() -> None:
    assert assigned(ODD, "a.txt", ANA) == after(
        ODD,
        (
            'perspective = "for" # a comment that stays\n',
            'perspective = "the other" # a comment that stays\n',
        ),
        (
            '''basis = """
[[sources]]
file = "b.txt"\"""
basis_quote = "Build it."
''',
            """basis = "It says \\"no\\".\\nTwice."
basis_quote = "Not «now»"
assigned_by = "Ana"
assigned_on = 2026-11-22
""",
        ),
        (
            "  published = 'a guess'\n",
            """  published = 'a guess'

[[sources.history]]
perspective = "for"
label = "For"
basis = "[[sources]]\\nfile = \\"b.txt\\""
basis_quote = "Build it."
until = 2026-11-22
""",
        ),
    )


def test_a_history_in_a_line_grows_in_its_line() -> None:
    label = ANA.model_copy(update={"kind": "report", "basis_quote": None})
    assert assigned(ODD, "c.txt", label) == after(
        ODD,
        ('kind = "letter"\n', 'kind = "report"\n'),
        ('inferred = { kind = "so" }\n', "inferred = {  }\n"),
        (
            'history = [ {perspective = "for", until = 2020-01-01} ]\n',
            (
                'history = [ {perspective = "for", until = 2020-01-01}, {perspective = "the other",'
                ' label = "Other", assigned_by = "a program, from the text alone",'
                " until = 2026-11-22} ]\n"
            ),
        ),
        (
            'assigned_by = "a program, from the text alone"\n',
            'assigned_by = "Ana"\nbasis = "It says \\"no\\".\\nTwice."\nassigned_on = 2026-11-22\n',
        ),
    )


def test_a_confirmation_adds_two_lines() -> None:
    said = 'assigned_by = "a program, from the text alone"\n'
    assert confirmed(ODD, "c.txt", "Bo", date(2026, 11, 23)) == after(
        ODD, (said, said + 'reviewed_by = "Bo"\nreviewed_on = 2026-11-23\n')
    )


def test_a_new_label_takes_the_review_of_the_old_one_into_the_history() -> None:
    text = confirmed(ODD, "c.txt", "Bo", date(2026, 11, 23))
    (_, entry) = tomllib.loads(assigned(text, "c.txt", ANA))["sources"]
    assert not {"reviewed_by", "reviewed_on"} & entry.keys()
    assert entry["history"][-1]["reviewed_by"] == "Bo"
    assert entry["history"][-1]["reviewed_on"] == date(2026, 11, 23)


def test_a_source_without_entry_gets_one_after_the_others() -> None:
    last = 'assigned_by = "a program, from the text alone"\n'
    new = assigned(ODD, "new#1.txt", ANA.model_copy(update={"kind": "letter"}))
    assert new == after(
        ODD,
        (
            last,
            last
            + """
[[sources]]
file = "new#1.txt"
perspective = "the other"
basis = "It says \\"no\\".\\nTwice."
basis_quote = "Not «now»"
assigned_by = "Ana"
assigned_on = 2026-11-22
kind = "letter"
""",
        ),
    )


def test_an_entry_of_its_own_repeats_what_that_of_the_collection_says() -> None:
    whole = SourceEntry(
        file="wire.csv",
        title="The wire",
        url="https://example.org",
        publisher="The Wire",
        inferred={"publisher": "its name"},
        perspective="for",
        basis="x",
    )
    text = assigned("", "wire.csv#7", ANA, whole)
    assert tomllib.loads(text)["sources"] == [
        {
            "file": "wire.csv#7",
            "publisher": "The Wire",
            "inferred": {"publisher": "its name"},
            **ANA.model_dump(exclude_none=True),
        }
    ]


def test_a_perspective_is_declared_after_the_others_and_only_once() -> None:
    new = Perspective(id="a new-1", label="New", description="Says so")
    last = '[perspectives.for]\nlabel = "For"\n'
    text = declared(ODD, new)
    assert text == after(
        ODD,
        (last, last + '\n[perspectives."a new-1"]\nlabel = "New"\ndescription = "Says so"\n'),
    )
    assert declared(text, new) == text


def test_the_first_perspective_stands_before_the_sources_and_what_is_said_of_them() -> None:
    sources = '# These are sources.\n[[sources]]\nfile = "a.txt"\n'
    text = declared(f"# A file.\n\n{sources}", Perspective(id="n", label="N"))
    assert text == f'# A file.\n\n[perspectives.n]\nlabel = "N"\n\n{sources}'


def test_a_file_that_ends_without_a_line_end_is_ended_first() -> None:
    text = declared('[questions]\nask = ["Who?"]', Perspective(id="n", label="N"))
    assert text == '[questions]\nask = ["Who?"]\n\n[perspectives.n]\nlabel = "N"\n'
    assert confirmed('[[sources]]\nfile = "a.txt"', "a.txt", "Bo", date(2026, 1, 2)) == (
        '[[sources]]\nfile = "a.txt"\nreviewed_by = "Bo"\nreviewed_on = 2026-01-02\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        'sources = [ { file = "a.txt" } ]\n',
        'perspectives = { b = { label = "B" } }\n[[sources]]\nfile = "a.txt"\n',
    ],
)
def test_a_form_that_allows_no_such_change_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        assigned(declared(text, Perspective(id="n", label="N")), "a.txt", ANA)
    assert "[[sources]]" in caught.value.remedy


def test_who_is_not_there_cannot_be_confirmed() -> None:
    with pytest.raises(CatalogueError, match=r"no entry for 'x\.txt'"):
        confirmed(ODD, "x.txt", "Bo", date(2026, 1, 2))


# Lines that are kept and left out


HASH = "0123456789ab"


def decided(*keep: tuple[int, int], drop: tuple[tuple[int, int], ...] = ()) -> Lines:
    return Lines(keep=keep, drop=drop, checked_for=HASH)


def test_lines_to_keep_and_to_drop_are_written_with_the_state_that_they_number() -> None:
    said = 'assigned_by = "a program, from the text alone"\n'
    new = lines_decided(ODD, "c.txt", decided((3, 4), (9, 9), drop=((12, 18),)))
    assert new == after(
        ODD,
        (
            said,
            said + f'keep = [[3, 4], 9]\ndrop = [[12, 18]]\nlines_checked_for = "{HASH}"\n',
        ),
    )


def test_lines_that_are_decided_no_more_go_with_their_state() -> None:
    text = lines_decided(ODD, "c.txt", decided((3, 4)))
    assert lines_decided(text, "c.txt", decided()) == ODD
    other = lines_decided(text, "c.txt", decided(drop=((1, 1),)))
    assert other == after(
        text, ("keep = [[3, 4]]\n", ""), ("lines_checked_for", "lines_checked_for")
    ).replace(f'"{HASH}"\n', f'"{HASH}"\ndrop = [1]\n', 1)


def test_an_entry_made_for_its_lines_keeps_the_label_of_the_collection(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    whole = """
[perspectives.for]
label = "For"

[[sources]]
file = "wire.csv"
publisher = "The Wire"
perspective = "for"
basis = "It says so."
assigned_by = "Ana"
assigned_on = 2026-11-22

[sources.inferred]
publisher = "its name"

[[sources.history]]
perspective = "for"
until = 2020-01-01
"""
    path.write_text(whole, "utf-8")
    before = read_catalogue(path).source_of("wire.csv#7")
    described = read_catalogue(path).entry_of("wire.csv#7")
    path.write_text(lines_decided(whole, "wire.csv#7", decided((2, 2)), described), "utf-8")
    catalogue = read_catalogue(path)
    assert catalogue.notices == ()
    assert catalogue.entries["wire.csv#7"].keep == ((2, 2),)
    after_it = catalogue.source_of("wire.csv#7")
    assert before.title == "wire.csv#7"
    assert after_it == before.model_copy(update={"title": None})
    assert path.read_text("utf-8").startswith(whole)


def test_a_source_without_a_collection_gets_an_entry_with_its_lines_alone() -> None:
    assert tomllib.loads(lines_decided("", "a.txt", decided((2, 5)))) == {
        "sources": [{"file": "a.txt", "keep": [[2, 5]], "lines_checked_for": HASH}]
    }


# Any file


LINES = st.sampled_from(
    ["# a comment\n", "\n", "  # [[sources]]\n", "# perspective = 'x'\n", "\t\n"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def written(value: str, form: int) -> str:
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    if form == 1 and "'" not in value:
        return f"'{value}'"
    return f'"""\n{plain}"""' if form == 2 else f'"{plain}"'


@st.composite
def entries(draw: st.DrawFn, number: int) -> str:
    keys = draw(st.permutations(["file", "title", "perspective", "basis", "assigned_by"]))
    kept = [key for key in keys if key == "file" or draw(st.booleans())]
    text = "[[sources]]" + draw(st.sampled_from(["\n", " # here\n"]))
    for key in kept:
        value = f"{number}.txt" if key == "file" else draw(TEXTS)
        text += draw(LINES | st.just(""))
        text += f"{key} = {written(value, draw(st.integers(0, 2)))}\n"
    if draw(st.booleans()):
        text += f"[sources.inferred]\nkind = {written(draw(TEXTS), 0)}\n"
    if draw(st.booleans()):
        text += '[[sources.history]]\nperspective = "p"\n'
    return text


@st.composite
def catalogues(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Parts of a file: between entries, and entries; each entry with its file's name."""
    others = draw(st.permutations(['[perspectives.p]\nlabel = "P"\n', "[questions]\nask = []\n"]))
    parts: list[tuple[str, str]] = []
    for number in range(draw(st.integers(1, 4))):
        parts.append(("", "".join(draw(st.lists(LINES, max_size=3)))))
        here = draw(st.booleans())
        if others and here:
            parts.append(("", others.pop() + draw(LINES)))
        parts.append((f"{number}.txt", draw(entries(number))))
    parts.append(("", "".join(draw(st.lists(LINES, max_size=3)) + others)))
    return parts


def expected_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    """What a plain reader makes of the file after `ANA` was written for the source."""
    (entry,) = [each for each in data["sources"] if each["file"] == name]
    keys = ("perspective", "basis", "basis_quote", "assigned_by", "assigned_on")
    former: Mapping[str, Any] = {key: entry[key] for key in keys if key in entry}
    if entry.get("perspective"):
        labels = data.get("perspectives", {}).get(entry["perspective"], {})
        more = labels | {"until": ANA.assigned_on}
        entry.setdefault("history", []).append({**former, **more})
    entry.update(ANA.model_dump(exclude_none=True))
    return data


@given(catalogues(), st.data())
def test_whatever_the_file_looks_like_only_the_entry_changes(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(part for _, part in parts)
    name = data.draw(st.sampled_from([each for each, _ in parts if each]))
    at = [name for name, _ in parts].index(name)
    before = "".join(part for _, part in parts[:at])
    behind = "".join(part for _, part in parts[at + 1 :])
    new = assigned(text, name, ANA)
    assert new.startswith(before)
    assert new.endswith(behind)
    assert tomllib.loads(new) == expected_of(tomllib.loads(text), name)
    comments = [line for line in parts[at][1].splitlines() if line.lstrip().startswith("#")]
    changed = new[len(before) : len(new) - len(behind)].splitlines()
    assert [line for line in changed if line.lstrip().startswith("#")] == comments


RANGES = st.lists(st.tuples(st.integers(1, 9), st.integers(10, 20)), max_size=3).map(tuple)


@given(catalogues(), RANGES, RANGES, st.data())
def test_decided_lines_change_no_other_line(
    parts: list[tuple[str, str]],
    keep: tuple[tuple[int, int], ...],
    drop: tuple[tuple[int, int], ...],
    data: st.DataObject,
) -> None:
    text = "".join(part for _, part in parts)
    name = data.draw(st.sampled_from([each for each, _ in parts if each]))
    new = lines_decided(text, name, Lines(keep=keep, drop=drop, checked_for=HASH))
    expected = tomllib.loads(text)
    (entry,) = [each for each in expected["sources"] if each["file"] == name]
    for key, ranges in (("keep", keep), ("drop", drop)):
        if ranges:
            entry[key] = [list(each) for each in ranges]
            entry["lines_checked_for"] = HASH
    assert tomllib.loads(new) == expected
    old_lines, new_lines = text.splitlines(keepends=True), new.splitlines(keepends=True)
    added = [line for line in new_lines if line.startswith(("keep =", "drop =", "lines_checked"))]
    kept = [line for line in new_lines if line not in added]
    assert list(filter(str.strip, kept)) == list(filter(str.strip, old_lines))
    assert len(kept) <= len(old_lines) + 1  # a blank line before the tables of the entry


ENDED = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["\n", "\r\n"])), max_size=12
)


@given(ENDED, st.integers(0, 12), st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=3))
def test_old_lines_keep_their_ends_and_new_ones_have_that_of_most(
    lines: list[tuple[str, str]], at: int, more: list[str]
) -> None:
    old = "".join(map("".join, lines))
    plain = [line for line, _ in lines]
    changed = "".join(f"{line}\n" for line in [*plain[:at], *more, *plain[at:]])
    most = "\r\n" if sum(end == "\r\n" for _, end in lines) * 2 > len(lines) else "\n"
    expected = [*map("".join, lines[:at]), *(x + most for x in more), *map("".join, lines[at:])]
    assert with_line_ends(old, changed) == "".join(expected)


# On disk


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_mark_and_permissions_of_a_file_stay(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(mark + ODD.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    rewrite(path, lambda text: confirmed(text, "c.txt", "Bo", date(2026, 11, 23)))
    expected = confirmed(ODD, "c.txt", "Bo", date(2026, 11, 23)).replace("\n", "\r\n")
    assert path.read_bytes() == mark + expected.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    new = Perspective(id="the other", label="Other")
    rewrite(path, lambda text: assigned(declared(text, new), "a.txt", ANA))
    catalogue = read_catalogue(path)
    assert catalogue.notices == ()
    assert catalogue.source_of("a.txt").perspective.label == "Other"


def test_what_cannot_be_changed_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[sources]\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="cannot be changed"):
        rewrite(path, lambda text: assigned(text, "a.txt", ANA))
    assert path.read_text(encoding="utf-8") == "[[sources]\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_change_that_fails_half_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(ODD, encoding="utf-8")

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CatalogueError, match="no space left"):
        rewrite(path, lambda text: assigned(text, "a.txt", ANA))
    assert path.read_text(encoding="utf-8") == ODD
    assert list(tmp_path.iterdir()) == [path]
