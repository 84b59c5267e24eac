"""What the owner does to the sources on the page. Without Gradio.

Labels and lines are written to `sources.toml` and files are moved; the library that is asked stays
as it is until the next build.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Literal

from rag.answering import Library
from rag.assigning import perspective_called, quote_in
from rag.catalogue import means_none
from rag.editing import (
    Assignment,
    Lines,
    assigned,
    confirmed,
    declared,
    lines_decided,
    rewrite,
)
from rag.entries import FILE_NAME, HASH_SHOWN, SourceEntry
from rag.errors import ParallaxError, SeedsError, SourceGone
from rag.overrules import LEFT_OUT, with_lines, without_lines
from rag.readers.folder import file_hash
from rag.reading import catalogue_of
from rag.records import Document, Perspective, Record
from rag.removal import file_of, remove, restore
from rag.web.details import heard_lines, runs_of
from rag.web.listing import Listing
from rag.wording.language import say

NEW = "+"
"""Instead of a perspective's id: one that is not declared yet. No id holds this character."""

LONGEST = {
    "perspective": 200,
    "label": 100,
    "description": 400,
    "basis": 2000,
    "quote": 2000,
    "by": 200,
    "kind": 100,
    "origin": 400,
}
"""Code points that each field of a label may have."""

_WRITING = Lock()
"""Held while sources.toml is changed, so that what two write at once is written in turn."""


class Desk(Record):
    """What a session has before it on the tab.

    Attributes:
        generation: id of the one whose sources are listed; empty for none yet.
        listing: how it looks at the list.
        opened: name of the row that is unfolded; empty for none.
        removing: whether the file of that row is to be removed as soon as that is confirmed.
        by: who assigned or confirmed a label last.
        problems: for each field that was not filled as it must be, why; under "" what else went
            wrong.
        said: what was done last.
    """

    generation: str = ""
    listing: Listing = Listing()
    opened: str = ""
    removing: bool = False
    by: str = ""
    problems: dict[str, str] = {}
    said: str = ""


class LabelForm(Record):
    """A label as somebody fills it in. What is empty was not filled."""

    perspective: str = ""
    label: str = ""
    description: str = ""
    basis: str = ""
    quote: str = ""
    by: str = ""
    kind: str = ""
    origin: str = ""


class Wish(Record):
    """What somebody wants done, as the browser tells it.

    Attributes:
        document: name of the row that it is about.
        first: the first of the lines to keep or leave out, from 1.
        last: the last of them.
        form: the label, for `label`; who confirms it, for `confirm`.
        shown: id of the perspective that is to be confirmed.
        file: what is to be restored.
        key: when that was removed.
    """

    act: Literal["keep", "leave out", "label", "confirm", "remove", "cancel", "removal", "restore"]
    document: str = ""
    first: int = 0
    last: int = 0
    form: LabelForm = LabelForm()
    shown: str = ""
    file: str = ""
    key: str = ""


def done(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:
    """The desk after a wish was carried out, or with the reasons why it was not."""
    calm = desk.model_copy(update={"problems": {}, "said": "", "removing": False})
    if wish.document:
        calm = calm.model_copy(update={"opened": wish.document})
    try:
        with _WRITING:
            return ACTS[wish.act](wish, calm, library, seeds)
    except ParallaxError as error:
        return _refused(calm, {"": f"{error.message} {error.remedy}".strip()})


def _refused(desk: Desk, problems: Mapping[str, str]) -> Desk:
    return desk.model_copy(update={"problems": dict(problems)})


def _said(desk: Desk, what: str, *, at_once: bool = False) -> Desk:
    said = what if at_once else f"{what} {say('owning-later')}"
    return desk.model_copy(update={"said": said})


def _decide(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:
    """Keep lines that were left out, or leave them out again."""
    document = _held(wish, library)
    _check_unchanged(document, library, seeds)
    catalogue = catalogue_of(seeds)
    entry = catalogue.entries.get(document.id)
    lines = wish.first, wish.last
    run = next((each for each in runs_of(document, entry) if each.lines == lines), None)
    if run is None:
        raise SourceGone(
            say("owning-nothing-left-out", document=document.id), say("owning-look-again")
        )
    keep, drop = heard_lines(document, entry)
    if wish.act == "keep":
        keep = keep if run.reason == LEFT_OUT else with_lines(keep, lines)
        drop = without_lines(drop, lines)
    else:
        keep = without_lines(keep, lines)
        drop = with_lines(drop, lines) if run.reason == LEFT_OUT else drop
    known = (entry and entry.lines_checked_for) or document.sha256[:HASH_SHOWN]
    state = known if document.sha256.startswith(known) else document.sha256[:HASH_SHOWN]
    decided = Lines(keep=keep, drop=drop, checked_for=state)
    described = catalogue.entry_of(document.id)
    rewrite(seeds / FILE_NAME, lambda text: lines_decided(text, document.id, decided, described))
    return _said(desk, say("owning-kept" if wish.act == "keep" else "owning-left-out"))


def _held(wish: Wish, library: Library) -> Document:
    document = library.documents.get(wish.document)
    if document is None:
        raise SourceGone(say("source-gone"), say("owning-look-at-list"))
    return document


def _check_unchanged(document: Document, library: Library, seeds: Path) -> None:
    """Lines are numbered in the file that was read, and must be those of the file as it is."""
    file = file_of(document.id, library.generation.manifest.seeds)
    if file is None or file_hash(seeds / file) != document.sha256:
        raise SeedsError(
            say("owning-file-changed", document=document.id), say("owning-file-changed-remedy")
        )


def _label(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:
    document = _held(wish, library)
    form = LabelForm(**{name: " ".join(value.split()) for name, value in wish.form})
    desk = desk.model_copy(update={"by": form.by or desk.by})
    catalogue = catalogue_of(seeds)
    problems = dict(_problems(form, document, catalogue.perspectives))
    if problems:
        return _refused(desk, problems)
    known = catalogue.perspectives
    perspective = next((each for each in known if each.id == form.perspective), None)
    perspective = perspective or perspective_called(form.label, form.description, known)
    assignment = Assignment(
        perspective=perspective.id,
        basis=form.basis,
        basis_quote=quote_in([document.text], form.quote),
        assigned_by=form.by,
        assigned_on=date.today(),
        kind=form.kind or None,
        origin=form.origin or None,
    )
    entry = catalogue.entry_of(document.id) or SourceEntry(file=document.id)

    def change(text: str) -> str:
        return assigned(declared(text, perspective), document.id, assignment, entry)

    rewrite(seeds / FILE_NAME, change)
    return _said(desk, say("owning-labelled", label=perspective.label))


def _problems(
    form: LabelForm, document: Document, known: Sequence[Perspective]
) -> Iterator[tuple[str, str]]:
    """For each field that is not filled as it must be, why."""
    ids = {each.id for each in known}
    if form.perspective not in {NEW, *ids}:
        yield "perspective", say("owning-needs-perspective")
    if form.perspective == NEW and (not form.label or means_none(form.label)):
        yield "label", say("owning-means-none" if form.label else "owning-needs-label")
    if not form.basis:
        yield "basis", say("owning-needs-basis")
    if form.quote and quote_in([document.text], form.quote) is None:
        yield "quote", say("owning-wrong-quote")
    if not form.by:
        yield "by", say("owning-needs-name")
    for name, value in form:
        if len(value) > LONGEST[name]:
            yield name, say("owning-too-long", most=LONGEST[name])


def _confirm(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:
    document = _held(wish, library)
    by = " ".join(wish.form.by.split())
    if not 0 < len(by) <= LONGEST["by"]:
        return _refused(desk, {"by": say("owning-needs-confirmer")})
    catalogue = catalogue_of(seeds)
    entry = catalogue.entry_of(document.id)
    if entry is None or catalogue.source_of(document.id).perspective.id != wish.shown:
        raise SourceGone(say("owning-label-changed"), say("owning-label-changed-remedy"))
    rewrite(seeds / FILE_NAME, lambda text: confirmed(text, entry.file, by, date.today()))
    return _said(desk.model_copy(update={"by": by}), say("owning-confirmed", who=by))


def _ask(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:  # noqa: ARG001
    return desk.model_copy(update={"removing": True})


def _cancel(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:  # noqa: ARG001
    return desk


def _remove(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:
    file = file_of(wish.document, library.generation.manifest.seeds)
    if file is None:
        raise SourceGone(say("owning-no-seed", document=wish.document), say("owning-look-again"))
    remove(seeds, file)
    return _said(desk, say("owning-removed", file=file), at_once=True)


def _restore(wish: Wish, desk: Desk, library: Library, seeds: Path) -> Desk:  # noqa: ARG001
    restore(seeds, wish.key, wish.file)
    return _said(desk, say("owning-restored", file=wish.file), at_once=True)


Act = Callable[[Wish, Desk, Library, Path], Desk]

ACTS: Mapping[str, Act] = {
    "keep": _decide,
    "leave out": _decide,
    "label": _label,
    "confirm": _confirm,
    "remove": _ask,
    "cancel": _cancel,
    "removal": _remove,
    "restore": _restore,
}
