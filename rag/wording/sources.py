"""What is said of a source: its label with the basis, its place, its copies."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rag.characters import doubtful_words
from rag.holdings import holdings
from rag.links import Link, Located
from rag.records import (
    UNLABELLED,
    AlsoIn,
    Citation,
    Document,
    Duplicates,
    FormerLabel,
    Label,
    Source,
)

if TYPE_CHECKING:
    from rag.index.texts import Texts
from rag.wording.language import say
from rag.wording.plain import counted, few, shown_label

GROUPS_TOLD = 5
"""So many groups of near duplicates are listed after a build."""


def label_line(source: Source) -> str:
    """Whose position the source argues for, whether that was reviewed, and its kind of text."""
    return " · ".join(filter(None, [labelled(source.perspective), source.kind]))


def labelled(label: Label) -> str:
    """Under which label a source stands, and whether that was reviewed."""
    unlabelled = label.id == UNLABELLED
    said = shown_label(label.label) if unlabelled else say("source-labelled", label=label.label)
    return said if label.reviewed else f"{said} ({say('not-reviewed')})"


def source_line(document: Document) -> str:
    """Title, author, publisher and date, each marked where it is inferred or from the file."""
    source = document.source
    known = [title_of(document.display_title)]
    for field in ("author", "publisher", "published"):
        value = getattr(source, field)
        if value:
            known.append(value + mark_of(source, field))
    return " · ".join(known)


def title_of(title: str) -> str:
    """The title, with a warning where words of it are not what they look like."""
    doubtful = [match[0] for match in doubtful_words(title)]
    return f"{title} [{say('doubtful-letters')}: {', '.join(doubtful)}]" if doubtful else title


def mark_of(source: Source, field: str) -> str:
    """That a person inferred what is known of a source, or that only the file says it."""
    if field in source.from_file:
        return f" ({say('from-file')})"
    return f" ({say('inferred')})" if field in source.inferred else ""


def place_line(citation: Citation) -> str:
    """Document, page if it has pages, and offsets, as a slice of its text."""
    page = f", {say('page', page=str(citation.page))}" if citation.page else ""
    return f"{citation.document}{page} [{citation.start}:{citation.end}]"


def also_in_line(also: AlsoIn) -> str:
    """That another source holds a quote's very words, under which label, and where."""
    told = also.title, labelled(also.perspective), f"{also.document} [{also.start}:{also.end}]"
    return say("also-in", told=" · ".join(told))


def extent_line(document: Document, passages: int) -> str:
    """How much of a document is searched, how much was left out, and any other encoding."""
    left_out = sum(span.end - span.start for span in document.furniture)
    share = left_out / len(document.text) if document.text else 0.0
    left_out_share = say("left-out-share", percent=f"{100 * share:.0f}")
    extent = f"{counted(passages, 'passage')} · {left_out_share}"
    return extent if document.encoding.startswith("utf_8") else f"{extent} · {document.encoding}"


def found_line(found: int, all_: int) -> str:
    """How many rows of the list are those that are looked for."""
    return counted(all_, "row") if found == all_ else say("found-of", found=found, rows=all_)


def basis_lines(source: Source) -> list[str]:
    """Why a source carries its label, who assigned and reviewed it, and its former labels.

    Then what of the source is inferred and why, and what of it only the file says.
    """
    label = source.perspective
    said = [say("basis", basis=label.basis)] if label.basis else []
    if label.basis_quote:
        said.append(say("basis-quote", basis=label.basis_quote))
    if label.assigned_by:
        said.append(say("assigned-by", who=_on_a_day(label.assigned_by, label.assigned_on)))
    said += filter(None, [review_line(label)])
    said += map(former_line, label.history)
    said += [
        say("inferred-because", field=field_name(field), why=why)
        for field, why in source.inferred.items()
    ]
    fields = ", ".join(map(field_name, source.from_file))
    return said + ([say("fields-from-file", fields=fields)] if fields else [])


def field_name(field: str) -> str:
    """What a field of a source is called."""
    return say(f"field-{field}")


def review_line(label: Label) -> str:
    """Who has reviewed a label and when, or that nobody has; empty where nothing calls for it."""
    if label.reviewed_by:
        return say("reviewed-by", who=_on_a_day(label.reviewed_by, label.reviewed_on))
    return "" if label.reviewed else say("not-reviewed-by-owner")


def former_line(label: FormerLabel) -> str:
    """A label that a source carried before: until when, who had assigned it, and why."""
    was = shown_label(label.label)
    line = (
        say("former-until", day=str(label.until), label=was)
        if label.until
        else say("formerly", label=was)
    )
    if label.assigned_by:
        who = _on_a_day(label.assigned_by, label.assigned_on)
        line += f", {say('former-assigned-by', who=who)}"
    return f"{line} ({say('basis', basis=label.basis)})" if label.basis else line


def _on_a_day(who: str | None, day: date | None) -> str:
    return f"{who}, {day}" if day else f"{who}"


def holdings_lines(texts: "Texts") -> list[str]:
    """How many sources carry each label, with the label's id and description."""
    about = {each.id: each.description for each in texts.perspectives}
    return [f"{counted(len(texts.documents), 'source')}:"] + [
        f"  {say('holding', sources=sources, label=shown_label(label), id=key)}"
        + (f" – {about[key]}" if about.get(key) else "")
        for key, label, sources in holdings(texts.perspectives, texts.documents)
    ]


def alike_line(document: str, group: Duplicates | None) -> str:
    """Which other sources of its group hold nearly the same as a document; empty for no group."""
    if group is None:
        return ""
    return f"{_alike(group)}: {few([name for name in group.documents if name != document])}"


def duplicates_lines(groups: Sequence[Duplicates]) -> list[str]:
    """Which documents tell the same story, of the first groups."""
    told = [
        say(
            "same-story",
            documents=len(group.documents),
            named=few(group.documents),
            alike=_alike(group),
        )
        for group in groups[:GROUPS_TOLD]
    ]
    more = len(groups) - len(told)
    return [*told, say("more-groups", groups=more)] if more else told


def _alike(group: Duplicates) -> str:
    if group.exact:
        return say("same-words")
    percent = str(min(round(100 * group.similarity), 99))
    return say("alike" if len(group.documents) == 2 else "alike-or-more", percent=percent)


def reporter_of(document: Document) -> str:
    """Who speaks in a document's own voice: its author, its publisher, or else its title."""
    return document.source.author or document.source.publisher or document.display_title


def since_line(document: Document, now: Document | None) -> str:
    """What has become of a source since an answer quoted it; empty if it is the same."""
    if now is None:
        return say("since-removed")
    if now.sha256 != document.sha256:
        return say("since-changed")
    return ""


def located_line(link: Link, found: Located, document: Document) -> str:
    """What has become of a link's quote, for whoever sees the source that is shown.

    The link may be made up, so this says what stands here now, and nothing of what stood before.
    """
    return say(_located(link, found, document))


def _located(link: Link, found: Located, document: Document) -> str:
    """The message on what has become of a link's quote."""
    if found.span is None:
        return "link-removed-here"
    if found.status == "changed":
        words = document.text[found.span.start : found.span.end]
        return "link-spaced" if words.split() == link.exact.split() else "link-changed"
    same_file = document.sha256 == link.sha256
    if found.status == "intact":
        return "link-intact" if same_file else "link-intact-elsewhere-not"
    if document.id == link.document:
        return "link-moved"
    return "link-moved-with-its-file" if same_file else "link-moved-elsewhere"


def others_line(count: int) -> str:
    """That further quotes of the same answer are marked in a source."""
    return say("other-quotes", quotes=count)
