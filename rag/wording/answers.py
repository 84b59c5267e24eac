"""What is said of an answer as a whole."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from rag.records import (
    Answer,
    Citation,
    Document,
)
from rag.wording.hearing import only
from rag.wording.language import say
from rag.wording.plain import quoted, shown_label
from rag.wording.sources import also_in_line, label_line, place_line, source_line
from rag.wording.within import speech_line

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
    counts = Counter((label.id, shown_label(label.label)) for label in labels)
    return [Share(*label, quotes) for label, quotes in counts.items()]


def coverage_line(answer: Answer) -> str:
    """How many quotes there are from how many sources, by label; empty for an abstention."""
    shares = [say("share", quotes=each.quotes, label=each.label) for each in shares_of(answer)]
    return f"{quotes_line(answer)} {', '.join(shares)}." if shares else ""


def quotes_line(answer: Answer) -> str:
    """How many quotes there are from how many sources; what labels these have is to follow.

    Where fewer stories than sources are told, that is said too.
    """
    quotes = len(answer.citations)
    sources = len({citation.document for citation in answer.citations})
    stories = len({citation.story or (citation.document,) for citation in answer.citations})
    if stories == sources:
        return say("quotes-from", quotes=quotes, sources=sources)
    return say("quotes-from-stories", quotes=quotes, sources=sources, stories=stories)


def match_line(answer: Answer) -> str:
    """How closely the library matches; empty where nothing was found that could match."""
    if not answer.citations and not (answer.abstention and answer.abstention.nearest):
        return ""
    return say("match", percent=str(min(max(round(100 * answer.match), 1), 99)))


def asked_as_line(answer: Answer, documents: Mapping[str, Document]) -> str:
    """What was searched for, and of whom; empty if that is just what was asked."""
    if answer.asked_as == answer.question.strip():
        return ""
    heard = only(answer, documents)
    told = [say("asked-as"), answer.asked_as, say("only-these", heard=heard) if heard else ""]
    return " ".join(filter(None, told))


def reference(citation: Citation, document: Document) -> str:
    """A quote with its citation, for another text."""
    told = source_line(document), label_line(citation.source), place_line(citation)
    also = "".join(f"\n— {also_in_line(each)}" for each in citation.also_in)
    reports = speech_line(citation, document)
    before = f"{reports}\n" if reports else ""
    return f"{before}{quoted(citation.exact)}\n— {' · '.join(told)}{also}"
