"""What is said of a source: its label with the basis, its place, its copies."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rag.characters import doubtful_words
from rag.holdings import holdings
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
from rag.wording.plain import counted, few

NO_LABEL = (
    "Nobody has labelled this source yet, so whose position it argues for is not said here."
    " parallax label asks for it, and writes it into sources.toml in the folder of seeds."
)


GROUPS_TOLD = 5
"""So many groups of near duplicates are listed after a build."""


NO_BASIS = "No basis is written for this label."


NOT_REVIEWED = "not yet reviewed"


BY_THE_OWNER = "by the library's owner"


DOUBTFUL_LETTERS = "letters of alphabets that look alike"


def label_line(source: Source) -> str:
    """Whose position the source argues for, whether that was reviewed, and its kind of text."""
    return " · ".join(filter(None, [labelled(source.perspective), source.kind]))


def labelled(label: Label) -> str:
    """Under which label a source stands, and whether that was reviewed."""
    said = label.label if label.id == UNLABELLED else f"source labelled {label.label}"
    return said if label.reviewed else f"{said} ({NOT_REVIEWED})"


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
    return f"{title} [{DOUBTFUL_LETTERS}: {', '.join(doubtful)}]" if doubtful else title


def mark_of(source: Source, field: str) -> str:
    """That a person inferred what is known of a source, or that only the file says it."""
    if field in source.from_file:
        return " (from the file)"
    return " (inferred)" if field in source.inferred else ""


def place_line(citation: Citation) -> str:
    """Document, page if it has pages, and offsets, as a slice of its text."""
    page = f", page {citation.page}" if citation.page else ""
    return f"{citation.document}{page} [{citation.start}:{citation.end}]"


def also_in_line(also: AlsoIn) -> str:
    """That another source holds a quote's very words, under which label, and where."""
    told = also.title, labelled(also.perspective), f"{also.document} [{also.start}:{also.end}]"
    return f"also in {' · '.join(told)}"


def extent_line(document: Document, passages: int) -> str:
    """How much of a document is searched, how much was left out, and any other encoding."""
    left_out = sum(span.end - span.start for span in document.furniture)
    share = left_out / len(document.text) if document.text else 0.0
    extent = f"{counted(passages, 'passage')} · {share:.0%} left out"
    return extent if document.encoding.startswith("utf_8") else f"{extent} · {document.encoding}"


def basis_lines(source: Source) -> list[str]:
    """Why a source carries its label, who assigned and reviewed it, and its former labels.

    Then what of the source is inferred and why, and what of it only the file says.
    """
    label = source.perspective
    said = [f"basis: {label.basis}"] if label.basis else []
    if label.basis_quote:
        said.append(f"basis quote: {label.basis_quote}")
    if label.assigned_by:
        said.append(f"assigned by: {_on_a_day(label.assigned_by, label.assigned_on)}")
    said += filter(None, [review_line(label)])
    said += map(former_line, label.history)
    said += [f"{field} inferred: {why}" for field, why in source.inferred.items()]
    return said + ([f"from the file: {', '.join(source.from_file)}"] if source.from_file else [])


def review_line(label: Label) -> str:
    """Who has reviewed a label and when, or that nobody has; empty where nothing calls for it."""
    if label.reviewed_by:
        return f"reviewed by: {_on_a_day(label.reviewed_by, label.reviewed_on)}"
    return "" if label.reviewed else f"{NOT_REVIEWED} {BY_THE_OWNER}"


def former_line(label: FormerLabel) -> str:
    """A label that a source carried before: until when, who had assigned it, and why."""
    until = f"until {label.until}" if label.until else "formerly"
    assigned = f", assigned by {_on_a_day(label.assigned_by, label.assigned_on)}"
    why = f" (basis: {label.basis})" if label.basis else ""
    return f"{until}: {label.label}{assigned if label.assigned_by else ''}{why}"


def _on_a_day(who: str | None, day: date | None) -> str:
    return f"{who}, {day}" if day else f"{who}"


def holdings_lines(texts: "Texts") -> list[str]:
    """How many sources carry each label, with the label's id and description."""
    about = {each.id: each.description for each in texts.perspectives}
    return [f"{counted(len(texts.documents), 'source')}:"] + [
        f"  {sources} labelled {label} (id: {key})" + (f" – {about[key]}" if about.get(key) else "")
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
        f"{counted(len(group.documents), 'document')} tell the same story:"
        f" {few(group.documents)} ({_alike(group)})"
        for group in groups[:GROUPS_TOLD]
    ]
    more = counted(len(groups) - len(told), "more group")
    return [*told, f"and {more}; see parallax sources"] if len(groups) > len(told) else told


def _alike(group: Duplicates) -> str:
    if group.exact:
        return "the same words"
    percent = f"{min(round(100 * group.similarity), 99)} % alike"
    return percent if len(group.documents) == 2 else f"{percent} or more"


def reporter_of(document: Document) -> str:
    """Who speaks in a document's own voice: its author, its publisher, or else its title."""
    return document.source.author or document.source.publisher or document.display_title


def since_line(document: Document, now: Document | None) -> str:
    """What has become of a source since an answer quoted it; empty if it is the same."""
    if now is None:
        return "Since this answer the source was taken out of the library. It is shown as it was."
    if now.sha256 != document.sha256:
        return "Since this answer the source was changed. It is shown as it was."
    return ""
