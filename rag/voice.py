"""The sentences that tell a person most about whose position a document argues for.

No word of any subject is looked for. Where an author speaks in their own name ("we", "our") or says
what ought to be ("must", "should"), and quotes nobody, the document's own voice is heard; and the
first and last sentences say what it is about and where it leads.
"""

import re
from collections.abc import Sequence

from rag.records import Document

OWN_WORDS = frozenset(
    ("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves",
     "must", "should", "ought", "shall", "cannot", "never")
)  # fmt: skip
"""English words by which authors speak in their own name, or say what ought to be."""

SHORTEST = 8
"""Words that a sentence has at least; the share of few words says little."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_QUOTED = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|['’](?!\w)")


def own_voice(document: Document, most: int) -> Sequence[str]:
    """Sentences without quotation marks that have the largest share of such words, in order.

    There are none in a document of another language than English.
    """
    sentences = _sentences(document)
    shares = {number: _share(sentence) for number, sentence in enumerate(sentences)}
    strong = sorted((n for n in shares if shares[n] > 0), key=lambda n: -shares[n])[:most]
    return [sentences[number] for number in sorted(strong)]


def opening(document: Document, most: int) -> Sequence[str]:
    """The first sentences."""
    return _sentences(document)[:most]


def ending(document: Document, most: int) -> Sequence[str]:
    """The last sentences."""
    return _sentences(document)[-most:]


def _sentences(document: Document) -> Sequence[str]:
    return [
        " ".join(document.text[each.start : each.end].split())
        for each in document.sentences
        if each.kind == "sentence"
    ]


def _share(sentence: str) -> float:
    words = [word.casefold() for word in _WORD.findall(sentence)]
    if len(words) < SHORTEST or _QUOTED.search(sentence):
        return 0.0
    return sum(word in OWN_WORDS for word in words) / len(words)
