"""What the figures of an English sentence count: the noun after a figure, and what kind of it.

Without a tagger: of the words after a figure the first known noun, else the last plural.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import Stemmer

from rag.english import FURTHER, IRREGULAR_PLURALS, NO_PLURALS, PASSIVE, STOPS
from rag.predicates import GENERIC, NOUNS, PEOPLE, PREDICATES
from rag.quantities import Quantity

_ITEM = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*|[^\w\s]")
_STEM = Stemmer.Stemmer("english")


class Item(NamedTuple):
    """A word, a mark or a figure of a sentence, in small letters."""

    start: int
    end: int
    word: str
    quantity: Quantity | None = None


class Noun(NamedTuple):
    """What is counted, and at which item it ends."""

    counted: str
    span: tuple[int, int] | None
    end: int
    further: bool = False
    part: bool = False


def items_of(sentence: str, quantities: Sequence[Quantity]) -> list[Item]:
    """The words, marks and figures of a sentence, in order."""
    items = [Item(q.start, q.end, "#", q) for q in quantities]
    for match in _ITEM.finditer(sentence):
        start, end = match.span()
        if not any(q.start < end and start < q.end for q in quantities):
            word = match[0].lower()
            # "IS" and "US" are no small words.
            name = match[0].isupper() and len(word) > 1 and not sentence.isupper()
            items.append(Item(start, end, match[0] if name and word in STOPS else word))
    return sorted(items, key=lambda item: item.start)


class Counted:
    """One sentence, and for each of its figures what it counts.

    Attributes:
        sentence: as it stands in its document.
        items: its words, marks and figures.
        at: numbers of those that are figures.
        nouns: by these numbers what each counts.
    """

    def __init__(self, sentence: str, items: Sequence[Item]) -> None:
        self.sentence = sentence
        self.items = items
        self.at = [n for n, item in enumerate(items) if item.quantity]
        self.nouns = {n: self._noun(n) for n in self.at}

    def _word(self, number: int) -> str:
        return self.items[number].word if 0 <= number < len(self.items) else ""

    def _noun_word(self, number: int) -> str:
        span = self.nouns[number].span
        return self.sentence[span[0] : span[1]].lower() if span else ""

    def _noun(self, number: int) -> Noun:
        """What stands after a figure: "63 town residents", "dozens of people", "38 others"."""
        if (part := self._part(number)) is not None:
            return part
        before = [self._word(n) for n in range(max(0, number - 3), number)]
        if "#" in before and before[before.index("#") + 1 :] in (
            ["of"],
            ["of", "the"],
            ["of", "its"],
        ):
            return Noun("", None, number + 1, False, True)
        further = self._word(number - 1) in FURTHER
        quantity = self.items[number].quantity
        kind = quantity.kind if quantity else "count"
        at = number + 1
        if self._word(at) == "of":
            loose = self._word(number + 2) not in ("them", "those", "these", "whom", "the", "its")
            if kind == "count" and not loose:
                return Noun("", None, at, further, True)
            at += 2 if self._word(number + 2) in ("the", "its", "all") else 1
        run = self._run(at)
        if self._word(at) in ("more", "others", "other", "additional", "further"):
            further = True
            run = run or [at]
        head = self._head(run, kind)
        if head is None:
            return Noun("", None, at, further, False)
        word = self.items[head].word
        return Noun(
            NOUNS.get(word) or _class_of(word), self.items[head][:2], head + 1, further, False
        )

    def _part(self, number: int) -> Noun | None:
        """As of "20 of them children", "20 of the dead were women"."""
        if self._word(number + 1) != "of":
            return None
        at = number + 3 if self._word(number + 2) in ("them", "whom", "those", "the") else 0
        at += at > 0 and self._word(number + 2) in ("those", "the") and self._is_whole(at)
        at += at > 0 and self._word(at) in PASSIVE
        word = self._word(at) if at else ""
        known = NOUNS.get(word) not in (None, GENERIC)
        if not known and not (word.isalpha() and self._word(at - 1) in PASSIVE):
            return None
        head = self._head(self._run(at), "count") or at
        word = self._word(head)
        return Noun(NOUNS.get(word) or _class_of(word), self.items[head][:2], head + 1)

    def _is_whole(self, at: int) -> bool:
        return self._word(at) in PREDICATES or self._word(at) == "victims"

    def _run(self, at: int) -> list[int]:
        """The words that may be the counted noun and what stands before it."""
        run: list[int] = []
        while at < len(self.items) and len(run) < 7:
            word = self.items[at].word
            cue = word in PREDICATES and word not in NOUNS
            if self.items[at].quantity or not word[0].isalnum() or word in STOPS:
                break
            if cue and not self._modifies(at):
                break
            run.append(at)
            at += 1
        return run

    def _modifies(self, at: int) -> bool:
        """Whether a participle stands before the noun that it describes: "wounded people"."""
        if self._word(at + 1) in NOUNS:
            return self._word(at + 2) != "#"
        # Of headlines ("12 dead monitors say") nothing is made; villages are besieged in any text.
        if PREDICATES[self._word(at)] in ("killed", "wounded"):
            return False
        return any(_is_plural(self._word(n)) for n in (at + 1, at + 2)) and (
            self._word(at + 1) not in STOPS
        )

    def _head(self, run: Sequence[int], kind: str) -> int | None:
        known = [n for n in run if self.items[n].word in NOUNS or self.items[n].word in PEOPLE]
        if known:
            return known[0]
        plural = [n for n in run if _is_plural(self.items[n].word)]
        if kind == "share":
            return run[-1] if run else None
        return plural[-1] if plural else None


def _is_plural(word: str) -> bool:
    if word in IRREGULAR_PLURALS:
        return True
    return (
        len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in NO_PLURALS
    )


def stem_of(word: str) -> str:
    """What is the same for the forms of a word in small letters."""
    return str(_STEM.stemWord(word))


def _class_of(word: str) -> str:
    return word if word in PEOPLE else stem_of(word)
