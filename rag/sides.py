"""Whom a question wants to hear: labels, authors, publishers or kinds that it names, or the others.

Only what asks for somebody's words is such a wish: "what does X say", "according to X", "only
sources labelled X". A name alone is part of what is asked about.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from rag.heads import heads_of
from rag.holdings import labels_of
from rag.records import UNLABELLED, UNLABELLED_LABEL, Document, Perspective, Source

_SOURCE = (
    r"(?:sources?|documents?|texts?|articles?|authors?|writers?|papers?|outlets?|press|media"
    r"|reports?|reporters?|government|side|party|delegation|speakers?)"
)
_SAY = (
    r"(?:say|says|said|think|thinks|thought|write|writes|wrote|report|reports|reported|claim|claims"
    r"|claimed|argue|argues|argued|tell|tells|told|put|see|sees|saw)"
)
_OTHER = (
    r"(?:the\s+)?(?:other|others|opposite|opposing|remaining)(?:\s+(?:sides?|ones?|part(?:y|ies)"
    rf"|{_SOURCE}))?|(?:every|any)(?:one|body)\s+else"
)
_WHO = r"(?P<who>[^?!.,;:]+?)"
_ABOUT = r"(?:\s+(?:it|so))?(?:\s+(?:about|of|on|to)\b)?"
_DOES = r"\b(?:what|how)\s+(?:do|does|did|has|have|would)"
_THE = r"\b(?:only\s+)?(?:(?:from|in|by)\s+)?(?:the\s+)?"
_WHAT_OF = r"^\W*(?:(?:and|but|or|what\s+about|how\s+about|what\s+of)\s+)+"
_WISHES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_THE}{_SOURCE}\s+(?:labell?ed|marked)\s+(?:as\s+)?(?P<who>[^?!.;:]+)",
        rf"{_DOES}\s+{_WHO}\s+(?:have\s+to\s+)?{_SAY}\b{_ABOUT}",
        rf"\baccording\s+to\s+{_WHO}(?=[?!.,;:]|$)",
        rf"\bin\s+{_WHO}(?:['’]s?)?\s+(?:view|words|opinion|account|version)\b",
        rf"^\W*(?:and\s+|but\s+)?(?:only|just)\s+{_WHO}(?=[?!.]|$)",
        rf"{_WHAT_OF}(?P<who>{_OTHER})(?=\W*$|\s+(?:on|about|of)\b)",
    )
)
_PRONOUN = re.compile(r"he|she|it|they|we|you|i|one|people|this|that", re.IGNORECASE)
_PLEASE = re.compile(r",?\s*\bplease\b", re.IGNORECASE)
_IS_OTHER = re.compile(rf"\W*(?:{_OTHER})\W*", re.IGNORECASE)
_AROUND = re.compile(rf"^(?:the|only|just)\s+|\s+(?:{_SOURCE})$|['’]s$", re.IGNORECASE)
_ARTICLE = re.compile(r"^\s*(?:(?:only|just)\s+)?the\s+", re.IGNORECASE)
_AND = re.compile(r"\s*,\s*(?:and|or)?\s*|\s+(?:and|or)\s+", re.IGNORECASE)

LEAST_ROOT = 4
"""So many letters a name and its adjective share at the beginning: India, Indian."""

_NAME_ENDS = r"(?:a|ain|al|and|ay|ce|e|en|ey|istan|land|o|on|os|s|stan|us|y)?"
"""What a name may have behind that root: Greece, Italy, Lebanon, Scotland."""

_ADJECTIVE_ENDS = r"(?:(?:an|egian|i|ian|ic|iot|ite|k|n)s?|ese|ish|lese|s|tish|uese)?"
"""What an adjective, or a plural, may: Greek, Italian, Lebanese, Scottish."""

_ENDINGS = re.compile(rf"{_NAME_ENDS} {_ADJECTIVE_ENDS}|{_ADJECTIVE_ENDS} {_NAME_ENDS}")


class Heard(NamedTuple):
    """Who is to be heard: ids of perspectives and of documents; all where both are empty."""

    perspectives: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


EVERYBODY = Heard()


class Wish(NamedTuple):
    """What a question says of whom to hear.

    Attributes:
        heard: who is named.
        others: whether it wants those that were not heard before.
        rest: the question without these words.
    """

    heard: Heard
    others: bool
    rest: str


@dataclass(frozen=True)
class Sides:
    """The names by which a library's sources can be asked for.

    Attributes:
        perspectives: name of a label -> id of the perspective.
        sources: name of an author, publisher, kind or origin -> ids of its documents.
        labels: id of a document -> id of its perspective.
    """

    perspectives: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, perspectives: Iterable[Perspective], documents: Mapping[str, Document]) -> Self:
        """Those of a library."""
        labels = labels_of(documents)
        known = {_key(name): each.id for each in perspectives for name in (each.id, each.label)}
        if UNLABELLED in labels.values():
            known[_key(UNLABELLED_LABEL)] = UNLABELLED
        named: dict[str, list[str]] = defaultdict(list)
        for head in heads_of(documents).values():
            for name in _names(head.source):
                named[name].append(head.id)
        sources = {name: tuple(each) for name, each in named.items() if len(each) < len(documents)}
        return cls(known, sources, labels)

    def wish(self, question: str) -> Wish | None:
        """Whom a question wants to hear; None if it says nothing of it, or names nobody here."""
        question = _PLEASE.sub("", question)
        for pattern in _WISHES:
            for match in pattern.finditer(question):
                who = match["who"]
                others = bool(_IS_OTHER.fullmatch(who))
                heard = EVERYBODY if others else self.named(who)
                if others or any(heard):
                    rest = f"{question[: match.start()]} {question[match.end() :]}"
                    return Wish(heard, others, " ".join(rest.split()))
        return None

    def asks(self, question: str) -> bool:
        """Whether a question wants to hear somebody, known here or not, whom it names."""
        found = (match["who"] for pattern in _WISHES for match in pattern.finditer(question))
        return any(not _PRONOUN.fullmatch(who.strip()) for who in found)

    def named(self, who: str) -> Heard:
        """Those whom words name, as a whole or each of their parts; else nobody."""
        perspectives: dict[str, None] = {}
        sources: dict[str, None] = {}
        whole = any(_key(who) in known for known in (self.perspectives, self.sources))
        for part in [who] if whole else filter(None, _AND.split(who.strip())):
            if key := _looked_up(part, self.perspectives):
                perspectives[self.perspectives[key]] = None
            elif key := _looked_up(part, self.sources):
                sources |= dict.fromkeys(self.sources[key])
            else:
                return EVERYBODY
        if perspectives and sources:  # both are wanted, and a filter lets in what is of both
            own = [name for name, label in self.labels.items() if label in perspectives]
            return Heard(sources=tuple(dict.fromkeys([*own, *sources])))
        return Heard(tuple(perspectives), tuple(sources))

    def mentioned(self, text: str) -> Heard:
        """The perspectives whose label stands in a text as a word of it."""
        plain = f" {_plain(text)} "
        found = {key: None for name, key in self.perspectives.items() if f" {name} " in plain}
        return Heard(perspectives=tuple(found))

    def others(self, heard: Heard) -> Heard:
        """All that were not heard: other perspectives, or else other documents.

        Everybody if nobody was heard before others; where nobody is left, those without a label.
        """
        if not any(heard):
            return EVERYBODY
        heard_labels = {*heard.perspectives, *(self.labels[name] for name in heard.sources)}
        known = dict.fromkeys([*self.perspectives.values(), *self.labels.values()])
        left = tuple(each for each in known if each not in heard_labels)
        others = tuple(name for name in self.labels if name not in heard.sources)
        if left or not heard.sources or not others:
            return Heard(perspectives=left or (UNLABELLED,))
        return Heard(sources=others)


def _names(source: Source) -> Collection[str]:
    """What a source can be called by."""
    author = re.split(r"[,;(]", source.author or "")[0]
    called = [author, *author.split()[-1:], source.publisher, source.kind, source.origin]
    return {_key(name) for name in called if name}


def _looked_up(name: str, known: Mapping[str, object]) -> str:
    """The known name that is this one, or the only one of the same root; empty if none is."""
    bare = _bare(name)
    same = [each for each in (_key(name), bare) if each in known]
    alike = same[:1] or [each for each in known if _same_root(bare, each)]
    return alike[0] if len(alike) == 1 else ""


def _same_root(one: str, other: str) -> bool:
    """Whether one may be the other's adjective: Pakistan, Pakistani; Greece, Greek."""
    pairs = enumerate(zip(one, other, strict=False))
    root = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    ends = f"{one[root:]} {other[root:]}"
    return root >= LEAST_ROOT and _ENDINGS.fullmatch(ends) is not None


def _bare(part: str) -> str:
    """A name without what is said around it: "Berg" of "only Berg's papers"."""
    before = ""
    while part != before:
        before, part = part, _AROUND.sub("", part.strip())
    return _plain(part)


def _key(name: str) -> str:
    return _plain(_ARTICLE.sub("", name))


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
