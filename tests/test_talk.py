from collections.abc import Iterator

import pytest

from rag.talk import Quitted, Skipped, Talk, at_terminal


def talking(*typed: str) -> tuple[Talk, list[str]]:
    """Somebody who types these lines or keys, and what they were shown."""
    said: list[str] = []
    lines: Iterator[str] = iter(typed)

    def line(prompt: str) -> str:
        said.append(prompt)
        return next(lines)

    return Talk(line=line, key=line, say=said.append), said


def test_what_is_needed_is_asked_for_until_it_is_given() -> None:
    talk, said = talking("", "  ", " Ana  Ruiz ")
    assert talk.asked("Who? ", needed="A name.") == "Ana  Ruiz"
    assert said == ["Who? ", "A name.", "Who? ", "A name.", "Who? "]


def test_what_is_not_needed_may_be_nothing() -> None:
    assert talking("")[0].asked("Who? ") == ""


def test_what_is_known_stays_where_nothing_is_typed() -> None:
    talk, said = talking("", "letter", "")
    assert talk.kept("Kind", "opinion") == "opinion"
    assert talk.kept("Kind", "opinion") == "letter"
    assert talk.kept("Kind", None) is None
    assert said == ["Kind (Enter: opinion): ", "Kind (Enter: opinion): ", "Kind (Enter: nothing): "]


def test_only_a_key_that_is_offered_counts() -> None:
    talk, said = talking("x", "", "C")
    assert talk.pressed("c or l: ", ("c", "l")) == "c"
    assert said == ["c or l: "] * 3


@pytest.mark.parametrize(("typed", "left"), [("s", Skipped), (" q ", Quitted)])
def test_every_question_can_be_left(typed: str, left: type[Exception]) -> None:
    with pytest.raises(left):
        talking(typed)[0].asked("Who? ", needed="A name.")
    with pytest.raises(left):
        talking(typed)[0].kept("Who", "Ana")
    with pytest.raises(left):
        talking(typed.strip().upper())[0].pressed("c or l: ", ("c", "l"))


def test_no_name_forges_a_line_or_a_prompt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: prompt)
    talk = at_terminal()
    talk.say("a\nWritten: b\tis labelled\x1b[2J")
    assert capsys.readouterr().out == "a\u240aWritten: b\tis labelled\u241b[2J\n"
    assert talk.asked("Kind (Enter: a\nPerspective): ") == "Kind (Enter: a\u240aPerspective):"
