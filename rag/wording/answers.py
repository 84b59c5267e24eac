"""What is said of an answer as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rag.records import (
    Answer,
    Citation,
    Document,
)
from rag.wording.hearing import only
from rag.wording.plain import counted
from rag.wording.sources import also_in_line, label_line, place_line, source_line
from rag.wording.within import speech_line

ASKED_AS = "Asked as:"


ORDER_HEADING = "Why these quotes, in this order?"


ORDER = (
    "By relevance; a perspective, and a source, that has been heard counts for less the next time."
)


ROWS_TOLD = 6
"""How so many labels fare is told one by one; of more, only of those that are quoted."""


class Share(NamedTuple):
    """How many of an answer's quotes stand under a label."""

    perspective: str
    label: str
    quotes: int


def shares_of(answer: Answer) -> list[Share]:
    """How many quotes each label has, by who is quoted first."""
    labels = (citation.source.perspective for citation in answer.citations)
    counts = Counter((label.id, label.label) for label in labels)
    return [Share(*label, quotes) for label, quotes in counts.items()]


def coverage_line(answer: Answer) -> str:
    """How many quotes there are from how many sources, by label; empty for an abstention."""
    shares = ", ".join(f"{share.quotes} {share.label}" for share in shares_of(answer))
    return f"{quotes_line(answer)} {shares}." if shares else ""


def quotes_line(answer: Answer) -> str:
    """How many quotes there are from how many sources; what labels these have is to follow."""
    sources = counted(len({citation.document for citation in answer.citations}), "source")
    told = _stories_told(answer.citations)
    return f"{counted(len(answer.citations), 'quote')} from {sources}{told}:"


def _stories_told(citations: Sequence[Citation]) -> str:
    """That fewer stories than sources are told; empty if each source tells its own."""
    sources = {citation.document for citation in citations}
    stories = {citation.story or (citation.document,) for citation in citations}
    if len(stories) == len(sources):
        return ""
    told = "the same story" if len(stories) == 1 else f"{len(stories)} stories"
    return f" that tell {told}"


def match_line(answer: Answer) -> str:
    """How closely the library matches; empty where nothing was found that could match."""
    if not answer.citations and not (answer.abstention and answer.abstention.nearest):
        return ""
    percent = min(max(round(100 * answer.match), 1), 99)
    return (
        f"How closely the library matches your question: {percent} %."
        " This says nothing about what is true."
    )


def asked_as_line(answer: Answer, documents: Mapping[str, Document]) -> str:
    """What was searched for, and of whom; empty if that is just what was asked."""
    if answer.asked_as == answer.question.strip():
        return ""
    heard = only(answer, documents)
    return f"{ASKED_AS} {answer.asked_as}" + (f" (only {heard})" if heard else "")


def reference(citation: Citation, document: Document) -> str:
    """A quote with its citation, for another text."""
    told = source_line(document), label_line(citation.source), place_line(citation)
    also = "".join(f"\n— {also_in_line(each)}" for each in citation.also_in)
    reports = speech_line(citation, document)
    before = f"{reports}\n" if reports else ""
    return f"{before}“{citation.exact}”\n— {' · '.join(told)}{also}"
