"""Who is heard in an answer, who is not, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rag.records import (
    UNLABELLED_LABEL,
    Answer,
    Coverage,
    Document,
)
from rag.wording.plain import LABELS_TOLD, counted, joined, under
from rag.wording.silence import lacking_message


def notes(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """What a reader must know of who is heard: the filter, one side alone, who is not quoted."""
    said = [filter_line(answer, documents), one_sided_line(answer), lacking_line(answer)]
    return [*filter(None, said), *unheard_lines(answer)]


def filter_line(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The filter that acted, and whom it left out; empty if none did."""
    heard = only(answer, documents)
    if not heard:
        return ""
    out = [(row, row.sources - row.searched) for row in answer.coverage]
    out = [(row, sources) for row, sources in out if sources]
    rest = f"; {_held(out)} {_were(out)} not searched" if out else ""
    verb = "was" if len(answer.sources) == 1 else "were"
    return f"Only {heard} {verb} heard, as you asked{rest}."


def only(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The only sources that were heard; empty for all."""
    if answer.sources:
        named = (
            answer.sources if len(answer.sources) <= LABELS_TOLD else answer.sources[:LABELS_TOLD]
        )
        titles = [f"“{documents[each].display_title}”" for each in named]
        more = len(answer.sources) - len(named)
        titles += [f"{more} more"] if more else []
        return f"the source{'s' if len(titles) > 1 else ''} {joined(titles)}"
    names = {row.perspective: row.label for row in answer.coverage}
    heard = [names.get(each, UNLABELLED_LABEL) for each in answer.perspectives]
    return f"sources {under(heard)}" if heard else ""


def one_sided_line(answer: Answer) -> str:
    """That all quotes stand under one label, where there are others and none was asked for."""
    labels = {citation.source.perspective.label for citation in answer.citations}
    if len(labels) != 1 or len(answer.coverage) < 2 or answer.sources:
        return ""
    if len(answer.perspectives) == 1:
        return ""
    one = len({citation.document for citation in answer.citations}) == 1
    whose = f"{'one source' if one else 'sources'} {under([*labels])}"
    quotes = len(answer.citations)
    if quotes == 1:
        return f"The only quote comes from {whose}."
    return f"{'Both' if quotes == 2 else f'All {quotes}'} quotes come from {whose}."


def unheard_lines(answer: Answer) -> list[str]:
    """Which labels were searched and are not quoted, though the library has sources of them."""
    if answer.abstention or answer.sources:
        return []
    unheard = [(row, row.sources) for row in answer.coverage if row.searched and not row.quotes]
    far = [each for each in unheard if not each[0].near]
    near = [each for each in unheard if each[0].near]
    said = []
    if near:
        rank = min(row.best_left_out for row, _ in near if row.best_left_out)
        their = "its" if _total(near) == 1 else "their"
        said.append(
            f"{_held(near)} {_are(near)} in this library; {their} best passage stood at rank"
            f" {rank} and is not quoted."
        )
    if far:
        their = "its" if _total(far) == 1 else "their"
        said.append(
            f"{_held(far)} {_are(far)} in this library; none of {their} passages came near enough"
            " to be quoted."
        )
    return said


def lacking_line(answer: Answer) -> str:
    """Which labels no source of the library carries; empty if none, or if that is said already."""
    labels = [row.label for row in answer.lacking]
    said = answer.abstention and answer.abstention.cause == "gap"
    return lacking_message(labels) if labels and not said else ""


Held = Sequence[tuple[Coverage, int]]
"""Rows of a coverage, each with a number of its sources."""


def _held(rows: Held) -> str:
    """The sources of some labels: "3 sources labelled A and 1 labelled B"; of many, how many."""
    if len(rows) > LABELS_TOLD + 1:
        return f"{counted(_total(rows), 'source')} of {len(rows)} other labels"
    (first, sources), *others = rows
    told = [f"{counted(sources, 'source')} {under([first.label])}"]
    return joined([*told, *(f"{each} {under([row.label])}" for row, each in others)])


def _total(rows: Held) -> int:
    return sum(sources for _, sources in rows)


def _are(rows: Held) -> str:
    return "is" if _total(rows) == 1 else "are"


def _were(rows: Held) -> str:
    return "was" if _total(rows) == 1 else "were"


def fares_line(row: Coverage) -> str:
    """How one perspective fares in an answer."""
    if not row.sources:
        return "no source in this library"
    held = f"{counted(row.sources, 'source')} in this library"
    if not row.searched:
        return f"{held}, not searched"
    searched = f", {row.searched} searched" if row.searched < row.sources else ""
    near = f"{counted(row.near, 'passage') if row.near else 'no passage'} came near"
    quotes = f"{counted(row.quotes, 'quote')} from {counted(row.quoted, 'source')}"
    rank = row.best_left_out
    left = f"; the best passage left out stood at rank {rank}" if rank else ""
    return f"{held}{searched}, {near}, {quotes if row.quotes else 'no quote'}{left}"


def others_line(rows: Sequence[Coverage]) -> str:
    """How perspectives fare that are not quoted, summed up."""
    fares = Counter(
        "without a source"
        if not row.sources
        else "not searched"
        if not row.searched
        else "with a passage near"
        if row.near
        else "with none near"
        for row in rows
    )
    told = ", ".join(f"{count} {how}" for how, count in fares.items())
    return f"{counted(len(rows), 'other label')}: {told}"
