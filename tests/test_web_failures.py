"""An error that nobody foresaw is told in the part of the page that it hits, and nowhere else."""

import json
import logging
from collections.abc import Callable

import pytest

from rag.errors import Defect, IndexDamaged, QuestionError, VerbatimError
from rag.web import ask_tab
from rag.web.failures import reported
from rag.web.shelf import Shelf
from rag.wording.plain import defect
from tests.test_web_roles import acts, done, names, shared
from tests.test_web_uploads import PASSWORD, TOKEN, Site

__all__ = ["names", "shared"]

SECRET = "of the inside"  # noqa: S105

TOLD_ELSEWHERE = {
    "AskTab._act": "beside its question, or by thread.js",
    "AskTab._stop": "nowhere: it sets an event",
    "_speaking.<locals>.speaking": "nowhere: it turns to a tab",
}
"""Acts without a part of the page of their own to tell it in."""

EVENTS = {
    "AskTab._choose": {"at": 1},
    "LibraryTab._act": {"act": "cancel"},
    "LibraryTab._look": {"opened": ""},
    "MapTab._look": {"find": "boats"},
    "Page._open": {"document": "visitor.md", "at": 1},
}
"""What the browser tells of what somebody does."""


def break_all(monkeypatch: pytest.MonkeyPatch, error: Callable[..., Exception], *of: str) -> None:
    """Nothing that a page asks for can be had any more."""

    def broken(*_: object) -> None:
        raise error(*of)

    monkeypatch.setattr(Shelf, "library", broken)
    monkeypatch.setattr(Shelf, "rebuild", broken)
    monkeypatch.setattr(ask_tab, "kept_of", broken)


def told_by(site: Site, names: dict[int, str]) -> dict[str, str]:
    """What each act tells that has a part of the page, on a page where the map was asked for."""
    told = {names[act["id"]]: act for act in acts(site)}
    done(site, told["MapTab._show"], session="page")
    return {
        name: done(site, act, EVENTS.get(name), "page")
        for name, act in told.items()
        if name not in TOLD_ELSEWHERE
    }


def test_whatever_fails_is_told_in_its_part_of_the_page_without_its_words(
    shared: Site,
    names: dict[int, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared.sign_in(TOKEN)
    break_all(monkeypatch, RuntimeError, SECRET)
    logging.getLogger("uvicorn.error").addHandler(caplog.handler)
    told = told_by(shared, names)
    logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert told.keys() | TOLD_ELSEWHERE.keys() == set(names.values()) - {""}
    for name, reply in told.items():
        assert reply.startswith("200 "), (name, reply)
        assert all(each in reply for each in defect()), (name, reply)
        assert SECRET not in reply, name
    assert len([each for each in caplog.records if each.exc_info]) >= len(told)
    assert caplog.text.count(f"RuntimeError: {SECRET}") >= len(told)


@pytest.mark.parametrize(("secret", "seen"), [(TOKEN, True), (PASSWORD, False)])
def test_only_the_owner_is_told_of_files_of_the_index(
    shared: Site, names: dict[int, str], monkeypatch: pytest.MonkeyPatch, secret: str, seen: bool
) -> None:
    shared.sign_in(secret)
    break_all(monkeypatch, IndexDamaged, SECRET, "Run: parallax build")
    told = told_by(shared, names)
    if not seen:
        told = {name: each for name, each in told.items() if name != "LibraryTab._rebuild"}
    for name, reply in told.items():
        assert (SECRET in reply) == seen, (name, reply)
        assert ("Rebuild the index on the Library tab." in reply) == seen, (name, reply)
        assert "parallax build" not in reply, name


def test_a_source_that_cannot_be_shown_is_the_reply_to_its_wish(
    shared: Site, names: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.sign_in(PASSWORD)
    break_all(monkeypatch, RuntimeError, SECRET)
    (act,) = (act for act in acts(shared) if names[act["id"]] == "Page._open")
    reply = done(shared, act, {"document": "visitor.md", "at": 7})
    (shown,) = json.loads(reply.removeprefix("200 "))["data"]
    assert '<span data-at="7" hidden></span>' in shown
    assert "data-close" in shown


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(), VerbatimError(SECRET)])
def test_what_nobody_foresaw_is_a_defect(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    shown = reported(error)
    assert isinstance(shown, Defect)
    assert (shown.message, shown.remedy) == defect()
    assert [each.exc_info and each.exc_info[1] for each in caplog.records] == [error]


def test_what_was_foreseen_is_shown_as_it_is_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = QuestionError("It is long.", "Ask in fewer words.")
    assert reported(error) is error
    assert not caplog.records
