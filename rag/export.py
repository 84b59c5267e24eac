"""A conversation for another program: Markdown that says what the page says, or JSON.

Markdown is CommonMark (https://spec.commonmark.org/0.31.2/) without raw HTML. A character that
CommonMark, or an extension of it in common use, could take for markup where it stands is escaped,
so that what is rendered is the text itself. All others stand as they are, so that the text reads
well where nothing renders it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rag import wording
from rag.links import address_of
from rag.records import Answer, Citation, Document
from rag.wording.language import say

LONGEST_NAME = 60
"""Code points of the name of a file, without its ending."""

# A pipe is not among them: it makes a table above a line of `_AT_A_LINE_START` only.
_MARKUP = re.compile(
    r"""
      [\\`{^]
    | \*(?!\ \S) | (?<!\S\ )\*               # between two words it is a star
    | (?<!\w)_+ | _+(?!\w)                   # inside a word it is a part of that
    | ~(?![^\W_]) | (?<!\S\ )~               # before a number it says "about"
    | \$(?!\d)                               # before a number it says "dollars"
    | \[(?![^\[\]]+\](?![(\[{:])) | (?<=[]![])\[ | ^\[(?=[x\ ]\])    # others lead nowhere
    | \](?=\()
    | <(?=[a-z/!?])
    | &(?=\#?\w+;)
    | @(?=\S)
    | ={2,}
    | :(?=//) | (?<=mailto): | (?<=xmpp): | (?<=www)\.               # addresses
    | :(?=[a-z_+-][\w+-]*:) | (?<!\w):(?=[\w+-]+:)                   # small pictures
    | (?<=\ )\#+$                            # the end of a heading
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AT_A_LINE_START = re.compile(
    r"^\d{1,9}(?=[.)](?:\s|$))|^(?=[#>=]|:[:\s]|[-+](?:[-+\s]|$)|[-+:|=][-+:|=\s]*$)"
)
# No reference may name the control characters that count as white space for Python alone.
_LOST_SPACE = re.compile(r"^ +| +$|(?<= ) +|[^\S \x0b\x1c-\x1f\x85]")


class Told(NamedTuple):
    """A question with its answer, the documents as they were when it was given, and when it was.

    Attributes:
        made: the time of the answer; None if nobody knows it.
    """

    question: str
    answer: Answer
    documents: Mapping[str, Document]
    made: datetime | None = None


def file_name(title: str, ending: str) -> str:
    """A name for the file of a conversation: the letters and digits of its title."""
    words = re.sub(r"\W+", "-", title)[:LONGEST_NAME].strip("-_")
    return f"{words or 'conversation'}.{ending}"


def json_of(told: Sequence[Told], here: str = "") -> str:
    """The answers, each in its public shape (docs/answer.md), as one JSON list.

    Each says beside when it was made, and of each quote its permanent link.

    Args:
        told: the conversation.
        here: the address of the page, with which every permanent link begins.
    """
    return json.dumps([_shape(each, here) for each in told], ensure_ascii=False, indent=2) + "\n"


def _shape(told: Told, here: str) -> dict[str, Any]:
    answer, shape = told.answer, told.answer.to_json()
    quotes, rows = answer.citations, shape["citations"]
    if answer.abstention:
        quotes, rows = answer.abstention.nearest, shape["abstention"]["nearest"]
    for citation, row in zip(quotes, rows, strict=True):
        row["link"] = _link(citation, told, here)
    return shape | {"made": told.made.isoformat() if told.made else None}


def _link(citation: Citation, told: Told, here: str) -> str:
    return f"{here}?cite={address_of(citation, told.documents[citation.document])}"


def markdown(title: str, told: Sequence[Told], here: str = "") -> str:
    """A conversation: its title, then each question with its answer.

    Args:
        title: of the conversation.
        told: its questions.
        here: the address of the page, with which every permanent link begins.
    """
    turns = (turn_markdown(each, here) for each in told)
    return "\n\n".join([f"# {_in_a_line(title)}", *turns]) + "\n"


def turn_markdown(told: Told, here: str = "") -> str:
    """A question and its answer: the quotes with their sources, or why there are none.

    Without the address of the page, a permanent link stands there as `<?cite=…>`, and nothing else
    does: for a page that knows its address better.
    """
    return "\n\n".join(_blocks(told, here))


def _blocks(told: Told, here: str) -> Iterator[str]:
    answer, documents = told.answer, told.documents
    yield f"## {_in_a_line(told.question)}"
    said = [wording.answers.asked_as_line(answer, documents)]
    if answer.abstention:
        said += [answer.abstention.message, answer.abstention.remedy]
    said.append(wording.answers.coverage_line(answer))
    yield from (_in_a_line(line) for line in said if line)
    notes = wording.hearing.notes(answer, documents)
    if notes:
        yield "\n".join(f"- {_in_a_line(note)}" for note in notes)
    yield from _figures(answer, documents)
    for citation in answer.citations:
        yield from _cited(citation, told, here)
    yield _in_a_line(wording.builds.answered_line(answer, told.made))


def _figures(answer: Answer, documents: Mapping[str, Document]) -> Iterator[str]:
    for heading, comparisons in wording.within.compared(answer).items():
        yield f"**{_in_a_line(heading)}**"
        lines = (wording.within.comparison_line(each, documents) for each in comparisons)
        yield "\n".join(f"- {_in_a_line(line)}" for line in lines)


def _cited(citation: Citation, told: Told, here: str) -> Iterator[str]:
    document = told.documents[citation.document]
    speech = wording.within.speech_line(citation, document)
    if speech:
        yield _in_a_line(speech)
    yield quoted(citation.exact)
    known = (
        wording.sources.source_line(document),
        wording.sources.label_line(citation.source),
        wording.sources.place_line(citation),
    )
    lines = [f"— [{citation.number}] {' · '.join(known)}"]
    lines += [f"— {wording.sources.also_in_line(each)}" for each in citation.also_in]
    link = f"{_in_a_line(say('link-to-quote'))} <{_link(citation, told, here)}>"
    yield "  \n".join([*map(_in_a_line, lines), link])


def quoted(exact: str) -> str:
    """A block quote that renders as `exact`, character by character."""
    # A line end at the edge of a paragraph would be dropped; there it stays a reference.
    body = exact.strip("\n")
    first, last = exact[: exact.index(body)], exact[exact.index(body) + len(body) :]
    lines = body.split("\n")
    lines[0] = first + lines[0]
    lines[-1] += last
    # Two spaces end a line and are not seen where nothing renders them. An empty line needs more.
    *before, end = (_escaped(line) for line in lines)
    broken = [f"> {line}  " if line else "> \\" for line in before]
    return "\n".join([*broken, f"> {end}"])


def _in_a_line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """One line of Markdown that renders as `text`, and as nothing else."""
    text = _MARKUP.sub(lambda match: "".join(f"\\{each}" for each in match[0]), text)
    text = _AT_A_LINE_START.sub(r"\g<0>\\", text)
    return _LOST_SPACE.sub(lambda match: "".join(f"&#{ord(each)};" for each in match[0]), text)
