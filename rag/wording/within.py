"""What is said of the words inside quotes: who speaks there, and which figures stand there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rag.records import (
    Answer,
    Citation,
    Comparison,
    Document,
    Figure,
    Speech,
)
from rag.wording.language import say
from rag.wording.plain import joined, shown_label, under
from rag.wording.sources import mark_of, reporter_of, title_of

COMPARED_TOLD = 3
"""So many comparisons of figures under a heading are not folded away."""


class Speaker(NamedTuple):
    """Who is reported to speak in a quote.

    Attributes:
        name: as the document has it; empty if the speaker is not named.
        mention: what stands for the name in the quote ("he"); empty where the name does.
    """

    name: str
    mention: str


def speakers_of(citation: Citation) -> list[Speaker]:
    """Who is reported to speak in a quote, each once, in order."""
    found: dict[str, Speaker] = {}
    for speech in citation.speeches:
        name = speech.speaker.exact if speech.speaker else ""
        found.setdefault(name, Speaker(name, _mention(speech)))
    return list(found.values())


def _mention(speech: Speech) -> str:
    if speech.mention is None:
        return ""
    mention = speech.mention.exact
    named = speech.speaker is not None and speech.speaker.exact
    return "" if named and (mention in named or named in mention) else mention


def speech_line(citation: Citation, document: Document) -> str:
    """Whom a source reports in a quote; empty if nobody."""
    speakers = speakers_of(citation)
    if not speakers:
        return ""
    return say(
        "speech",
        reporter=title_of(reporter_of(document)),
        under=under([citation.source.perspective.label]),
        speakers=joined([*map(_named, speakers)]),
        number=len(speakers),
    )


def _named(speaker: Speaker) -> str:
    name = speaker.name or say("not-named")
    if not speaker.mention:
        return name
    return say("speaker-mentioned", speaker=name, mention=speaker.mention)


def by_words(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures with the same words together, in their order."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.exact, []).append(figure)
    return groups


def compared(answer: Answer) -> dict[str, list[Comparison]]:
    """The comparisons of an answer under their headings: what differs first."""
    found = {
        say("different-figures"): [each for each in answer.figures if not each.agreed],
        say("agreed-figures"): [each for each in answer.figures if each.agreed and _equal(each)],
        say("alike-figures"): [each for each in answer.figures if each.agreed and not _equal(each)],
    }
    return {heading: each for heading, each in found.items() if each}


def _equal(comparison: Comparison) -> bool:
    return len({(each.low, each.high) for each in comparison.figures}) == 1


def comparison_line(comparison: Comparison, documents: Mapping[str, Document]) -> str:
    """What figures are of, then each as its source gives it, with its label and date."""
    about = " · ".join(words.exact for words in comparison.about)
    given = []
    for exact, group in by_words(comparison.figures).items():
        places = "; ".join(_place_of(each, documents[each.document]) for each in group)
        given.append(f"{exact} {places}")
    return f"{about}: {' · '.join(given)}"


def _place_of(figure: Figure, document: Document) -> str:
    """The citation that holds a figure, or the source if none does; then label and date."""
    source = figure.source
    place = f"[{figure.citation}]"
    if figure.citation is None:
        place = f"[{say('not-quoted')}: {title_of(document.display_title)}]"
    day = f", {source.published}{mark_of(source, 'published')}" if source.published else ""
    return f"{place} {shown_label(source.perspective.label)}{day}"
