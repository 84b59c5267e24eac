"""Who is heard in an answer, who is not, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rag.filters import undated
from rag.records import (
    UNLABELLED_LABEL,
    Answer,
    Coverage,
    Document,
)
from rag.wording.language import say
from rag.wording.plain import LABELS_TOLD, joined, quoted, such, under
from rag.wording.silence import lacking_message

Held = Sequence[tuple[Coverage, int]]
"""Rows of a coverage, each with a number of its sources."""


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
    return say(
        "filter-heard" if any(row.searched for row in answer.coverage) else "filter-to-be-heard",
        heard=heard,
        one=int(len(answer.sources) == 1 and not _such(answer)),
        rest=_left_out(out, len(undated(documents, answer.only))) if out else "",
    )


def _left_out(rows: Held, unknown: int) -> str:
    """Which sources a filter left out, and how many of them for want of a date."""
    total = _total(rows)
    undated = ""
    if unknown:
        some = total > 1
        undated = say("filter-some-undated", undated=unknown) if some else say("filter-undated")
    return say("filter-rest", held=_held(rows), sources=total, undated=undated)


def only(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The only sources that were heard; empty for all."""
    told = _such(answer)
    if not answer.sources:
        return say("only-sources", such=told) if told else ""
    named = answer.sources if len(answer.sources) <= LABELS_TOLD else answer.sources[:LABELS_TOLD]
    titles = [quoted(documents[each].display_title) for each in named]
    more = len(answer.sources) - len(named)
    all_ = say("and-more", named=", ".join(titles), more=more) if more else joined(titles)
    if told:
        return say("only-sources-among", titles=all_, such=told)
    return say("only-named", sources=len(answer.sources), titles=all_)


def _such(answer: Answer) -> str:
    """What sources are that were heard, but for those that were named; empty for any."""
    names = {row.perspective: row.label for row in answer.coverage}
    return such([names.get(each, UNLABELLED_LABEL) for each in answer.perspectives], answer.only)


def one_sided_line(answer: Answer) -> str:
    """That all quotes stand under one label, where there are others and none was asked for."""
    labels = {citation.source.perspective.label for citation in answer.citations}
    if len(labels) != 1 or len(answer.coverage) < 2 or answer.sources:
        return ""
    if len(answer.perspectives) == 1:
        return ""
    return say(
        "one-sided",
        quotes=len(answer.citations),
        sources=len({citation.document for citation in answer.citations}),
        under=under([*labels]),
    )


def unheard_lines(answer: Answer) -> list[str]:
    """Which labels were searched and are not quoted, though the library has sources of them."""
    if answer.abstention or answer.sources:
        return []
    unheard = [(row, row.searched) for row in answer.coverage if row.searched and not row.quotes]
    far = [each for each in unheard if not each[0].near]
    near = [each for each in unheard if each[0].near]
    said = []
    if near:
        rank = min(row.best_left_out for row, _ in near if row.best_left_out)
        said.append(say("unheard-near", standing=_standing(near), sources=_total(near), rank=rank))
    if far:
        said.append(say("unheard-far", standing=_standing(far), sources=_total(far)))
    return said


def _standing(rows: Held) -> str:
    """That sources are in the library; of labels that a filter lets in in part, are searched."""
    in_part = any(row.searched < row.sources for row, _ in rows)
    standing = "standing-searched" if in_part else "standing-held"
    return say(standing, held=_held(rows), sources=_total(rows))


def lacking_line(answer: Answer) -> str:
    """Which labels no source of the library carries; empty if none, or if that is said already."""
    labels = [row.label for row in answer.lacking]
    said = answer.abstention and answer.abstention.cause == "gap"
    return lacking_message(labels) if labels and not said else ""


def _held(rows: Held) -> str:
    """The sources of some labels: "3 sources labelled A and 1 labelled B"; of many, how many."""
    if len(rows) > LABELS_TOLD + 1:
        return say("held-of-many", sources=_total(rows), labels=len(rows))
    hows = ["held-first", *["held-next"] * (len(rows) - 1)]
    return joined(
        [
            say(how, sources=sources, under=under([row.label]))
            for how, (row, sources) in zip(hows, rows, strict=True)
        ]
    )


def _total(rows: Held) -> int:
    return sum(sources for _, sources in rows)


def fares_line(row: Coverage) -> str:
    """How one perspective fares in an answer."""
    if not row.sources:
        return say("fares-no-source")
    if not row.searched:
        return say("fares-not-searched", sources=row.sources)
    told = [say("fares-held", sources=row.sources)]
    if row.searched < row.sources:
        told.append(say("fares-searched", searched=row.searched))
    told.append(say("fares-near", passages=row.near) if row.near else say("fares-none-near"))
    told.append(
        say("fares-quotes", quotes=row.quotes, sources=row.quoted)
        if row.quotes
        else say("fares-no-quote")
    )
    fares, rank = ", ".join(told), row.best_left_out
    return say("fares-left-out", fares=fares, rank=rank) if rank else fares


def others_line(rows: Sequence[Coverage]) -> str:
    """How perspectives fare that are not quoted, summed up."""
    fares = Counter(map(_other, rows))
    told = ", ".join(say(how, labels=count) for how, count in fares.items())
    return say("others-fare", labels=len(rows), told=told)


def _other(row: Coverage) -> str:
    """The message on a perspective that is not quoted."""
    if not row.sources:
        return "others-no-source"
    if not row.searched:
        return "others-not-searched"
    return "others-near" if row.near else "others-none-near"
