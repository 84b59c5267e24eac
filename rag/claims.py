"""What the figures of an English sentence are figures of: what is counted, and what is said of it.

Without a tagger: the words right before and after a figure are read by a small grammar. Where it
does not see what is counted, or what is said of it, there is no claim: a missed one does less harm
than a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.counted import Counted, Item, items_of, stem_of
from rag.english import (
    AUXILIARIES,
    BOUNDARIES,
    CLAUSES,
    FILLERS,
    FURTHER,
    LEFT_SKIPPED,
    LIST,
    NOT_BEFORE,
    OF_PEOPLE,
    PARTS,
    PASSIVE,
    PAST,
    SAYING,
    TO_A_TOTAL,
)
from rag.predicates import (
    ACTIVE_NOUNS,
    CAUSES,
    DONE_BY_THEM,
    GENERIC,
    NO_VERBS,
    NOUNS,
    PEOPLE,
    PREDICATES,
    UPROOTING,
)
from rag.quantities import Quantity, quantities_in

REMEMBERED = 4096
"""So many sentences are not read again: questions of one matter meet the same ones."""

REACH = 12
"""So many words after what is counted its predicate may stand."""

_SCOPE = re.compile(
    r"\b(?:(?:in|over|during|for|within|throughout)\s+(?:the\s+)?(?:past|last|previous|first|recent)"
    r"\s+(?:[\w-]+\s+){0,2}?(?:days?|hours?|weeks?|months?|years?|decades?)"
    r"|(?:in|over|within)\s+(?:[\w-]+\s+)?(?:days|hours|weeks|months|years)"
    r"|[\w-]+\s+(?:days|weeks|months|years)\s+of"
    r"|[\w-]+-(?:day|hour|week|month)(?!\w|-)|so\s+far|this\s+(?:week|month|year)"
    r"|(?:a|per|each|every)\s+(?:day|week|month|year)|daily|weekly|monthly|annually"
    r"|(?P<since>[Ss]ince)\b|up\s+to\s+now|to\s+date|altogether|overall|until\s+now|on\s+average)\b"
)


class Claim(NamedTuple):
    """A figure with what it is a figure of. Offsets are those of the sentence.

    Attributes:
        quantity: the figure.
        counted: the class of what is counted, or the noun's stem; empty for none.
        people: whether human beings are counted.
        noun: where the counted noun stands; None if the sentence has none.
        predicate: the class of what is said of them, or the verb's stem.
        cue: where the predicate stands.
        clause: the part of the sentence that the figure stands in.
        scope: for how long they were counted ("since march"); empty for one occasion.
        causes: what brought it about, as classes.
    """

    quantity: Quantity
    counted: str
    people: bool
    noun: tuple[int, int] | None
    predicate: str
    cue: tuple[int, int]
    clause: tuple[int, int]
    scope: str
    causes: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def claims_in(sentence: str) -> tuple[Claim, ...]:
    """The figures of a sentence of which it can be told what they are figures of, in order."""
    quantities = quantities_in(sentence)
    if not quantities:
        return ()
    return _Reading(sentence, items_of(sentence, quantities)).claims()


def causes_in(text: str) -> frozenset[str]:
    """The classes of the causes that a text names."""
    words = (match[0].lower() for match in re.finditer(r"[^\W\d_]+", text))
    return frozenset(CAUSES[word] for word in words if word in CAUSES)


class _Reading(Counted):
    """One sentence, read figure by figure."""

    def __init__(self, sentence: str, items: Sequence[Item]) -> None:
        super().__init__(sentence, items)
        self.cues: dict[int, int | None] = {}

    def claims(self) -> tuple[Claim, ...]:
        causes = causes_in(self.sentence)
        scopes = list(_SCOPE.finditer(self.sentence))
        made = []
        for number in self.at:
            cue = self.cues[number] = self._cue(number)
            noun = self.nouns[number]
            if cue is None or noun.part or (noun.further and not self._after_another(number, cue)):
                continue
            predicate = self._predicate(cue)
            counted = noun.counted
            if counted in ("", "killed", "wounded") and set(predicate.split("+")) <= OF_PEOPLE:
                counted = GENERIC
            quantity = self.items[number].quantity
            if not counted or quantity is None:
                continue
            if self._word(cue) in UPROOTING and counted not in PEOPLE | {"family"}:
                predicate = f"verb {stem_of(self._word(cue))}"
            made.append(
                Claim(
                    quantity=quantity,
                    counted=counted,
                    people=counted in PEOPLE,
                    noun=noun.span,
                    predicate=predicate,
                    cue=self.items[cue][:2],
                    clause=self._clause(number),
                    scope=_scope(scopes, quantity),
                    causes=causes,
                )
            )
        return tuple(made)

    def _cue(self, number: int) -> int | None:
        """The item that says what befell those counted, or what they did."""
        noun = self.nouns[number]
        if noun.part:
            return None
        beside = max(noun.end, number + 1)
        if (noun.span is None or noun.further) and self._is_participle(beside):
            return beside
        if NOUNS.get(self._noun_word(number)) in ("killed", "wounded"):
            return noun.end - 1
        if self._word(number + 1) == "of" and self._word(number + 3) in PREDICATES:
            return number + 3
        ways = [self._result, self._before, self._after, self._inherited]
        if self._word(number - 1) in PARTS:
            # Of "20 dead including 3 children and dozens wounded" the children are dead.
            ways.insert(0, self._inherited)
        for way in ways:
            if (found := way(number)) is not None:
                return found
        return None

    def _is_participle(self, at: int) -> bool:
        return self._word(at) in PREDICATES and self._word(at) not in ACTIVE_NOUNS

    def _result(self, number: int) -> int | None:
        """As of "left 20 people dead", "claimed 20 lives"."""
        verb = self._word(number - 1)
        if verb.startswith(("claim", "lost", "los")):
            near = range(number + 1, min(number + 5, len(self.items)))
            return next((n for n in near if self._word(n) == "lives"), None)
        return self._after(number) if verb in ("left", "leave", "leaves", "leaving") else None

    def _before(self, number: int) -> int | None:
        """As of "killed 20", "the lives of 20", "the death toll rose to 20"."""
        at = number - 1
        while self._word(at) in LEFT_SKIPPED | FURTHER and self._word(at) != "of":
            at -= 1
        word = self._word(at)
        if word in TO_A_TOTAL and (total := self._total(at)) is not None:
            return total
        if word in ("were", "are", "was") and self._word(at - 3) == "among":
            return at - 1 if self._word(at - 1) in PREDICATES else None
        if word == "of":
            at -= 1
            if self._word(at) == "total":
                return self._before_total(at)
            return at if self._word(at) in ACTIVE_NOUNS & PREDICATES.keys() else None
        return at if self._governs(at) and not self._befell_others(number, at) else None

    def _befell_others(self, number: int, verb: int) -> bool:
        """As of "child killed 9 people injured", a headline without its comma."""
        end = self.nouns[number].end
        apart = self._is_participle(end) and self._word(end + 1) not in ("#", "and", "or")
        return apart and PREDICATES[self._word(end)] != PREDICATES.get(self._word(verb))

    def _before_total(self, at: int) -> int | None:
        at -= 2 if self._word(at - 1) in ("a", "the") else 1
        return at if self._governs(at) else None

    def _governs(self, at: int) -> bool:
        """Whether a verb has as its object what stands right after it."""
        word = self._word(at)
        if self._word(at - 1) in PASSIVE | {"those"} or word in SAYING or word in TO_A_TOTAL:
            return False
        if word in PREDICATES:
            return word not in NO_VERBS
        if word.endswith("ing"):
            return self._word(at - 1) in AUXILIARIES | {",", "and"}
        return (len(word) > 4 and word.endswith("ed")) or word in PAST

    def _total(self, at: int) -> int | None:
        """The "toll" or "number of … killed" that a total is given of."""
        for back in range(at - 1, max(-1, at - 3 * REACH), -1):
            item = self.items[back]
            counts = item.quantity and item.quantity.kind == "count"
            if counts or item.word in BOUNDARIES | {";"}:
                return None
            if item.word in ("toll", "deaths", "fatalities", "injuries"):
                return back
            near = [self._word(n) for n in range(max(0, back - 5), back)]
            if item.word in PREDICATES and not {"number", "total", "count"}.isdisjoint(near):
                return back
        return None

    def _after(self, number: int) -> int | None:
        """As of "20 people were killed", "20 people and 3 dogs were killed", "20 people dead"."""
        at = max(self.nouns[number].end, number + 1)
        if self._word(number - 1) in NOT_BEFORE or self._word(at) in ("the", "a", "an"):
            return None
        passive = False
        for n in self._outside_brackets(at):
            word = self._word(n)
            if self.items[n].quantity:
                listed = n > at and all(self._word(each) in LIST for each in range(at, n))
                return self._after(n) if listed else None
            if word == "among" and passive:
                return self._whole(n)
            if word in BOUNDARIES or word in ACTIVE_NOUNS or word in (";", ":", '"', "“"):
                return None
            if word in PREDICATES:
                return n if passive or not self._takes_object(n) else None
            passive = passive or word in PASSIVE
            if self._is_other_verb(n):
                return self._joined(n) if passive or n == at else None
        return None

    def _whole(self, at: int) -> int | None:
        """What befell the whole of which these are a part: "among the dead", "among 20 killed"."""
        near = range(at + 1, min(at + 6, len(self.items)))
        return next((n for n in near if self._is_participle(n)), None)

    def _outside_brackets(self, at: int) -> Iterator[int]:
        """The items from one on as far as a predicate reaches, without what is in brackets."""
        depth = 0
        for n in range(at, min(at + 3 * REACH, len(self.items))):
            depth += self._word(n) in ("(", "[")
            if depth == 0:
                at += 1
                yield n
            depth -= self._word(n) in (")", "]") and depth > 0
            if at > n + REACH:
                return

    def _joined(self, at: int) -> int:
        """The better known of two verbs: "ambushed and killed", "taken hostage"."""
        near = range(at + 1, min(at + 4, len(self.items)))
        known = [n for n in near if self._word(n) in PREDICATES]
        between = {self._word(n) for n in range(at + 1, known[0])} if known else set()
        joined = known and all(w == "and" or w.endswith("ly") for w in between)
        return known[0] if joined and not self._takes_object(known[0]) else at

    def _takes_object(self, at: int) -> bool:
        """Whether a verb is done to others than those who stand before it."""
        if self._word(at) in DONE_BY_THEM:
            return False
        after = self._word(at + 1)
        if after == "#":
            if self._word(at - 1) == "and" or self._word(at).endswith("ing"):
                return True
            beyond = self.nouns.get(at + 1)
            return beyond is not None and beyond.counted not in ("", "killed", "wounded")
        return after in ("the", "a", "an", "their", "his") or after in NOUNS

    def _is_other_verb(self, at: int) -> bool:
        word = self._word(at)
        if word in FILLERS or word in AUXILIARIES:
            return False
        return (
            (word.endswith("ed") and len(word) > 4)
            or word in PAST
            or (self._word(at - 1) in PASSIVE)
        )

    def _inherited(self, number: int) -> int | None:
        """The predicate of the figure before it in a list, or of which it is a part."""
        earlier = [n for n in self.at if n < number]
        if not earlier or self.cues.get(earlier[-1]) is None:
            return None
        last = earlier[-1]
        between = [self._word(n) for n in range(max(self.nouns[last].end, last + 1), number)]
        if any(word in BOUNDARIES or word in (";", ".") for word in between):
            return None
        of_whom = self._word(number + 1) == "of" and self._word(number + 2) in ("them", "whom")
        part = of_whom or not PARTS.isdisjoint(between[-4:])
        listed = all(word in LIST or word in NOUNS or word in ("a", "an") for word in between)
        return self.cues[last] if part or listed else None

    def _clause(self, number: int) -> tuple[int, int]:
        """From the last "while", "but" or ";" before a figure to the next one."""
        edges = [n for n, item in enumerate(self.items) if item.word in CLAUSES]
        start = max((n + 1 for n in edges if n < number), default=0)
        end = min((n - 1 for n in edges if n > number), default=len(self.items) - 1)
        return self.items[start].start, self.items[end].end

    def _after_another(self, number: int, cue: int) -> bool:
        """Whether "20 others were wounded" are all the wounded: others than those killed."""
        predicate = self._predicate(cue)
        first = min(number, cue)
        before = {PREDICATES.get(item.word) for item in self.items[max(0, first - REACH) : first]}
        return predicate != "killed" and "killed" in before and predicate not in before

    def _predicate(self, cue: int) -> str:
        """The class of a predicate; "killed+wounded" of "killed or injured"."""
        word = self._word(cue)
        names = {PREDICATES.get(word) or f"verb {stem_of(word)}"}
        for joint, other in ((cue + 1, cue + 2), (cue - 1, cue - 2)):
            if (
                self._word(joint) in ("and", "or", "and/or", "&")
                and self._word(other) in PREDICATES
            ):
                apart = self._word(other + 1) == "#" and other > cue
                names |= set() if apart else {PREDICATES[self._word(other)]}
        return "+".join(sorted(names))


def _scope(scopes: Sequence[re.Match[str]], quantity: Quantity) -> str:
    """For how long a figure was counted, if its sentence says so; "20-day" is not of itself."""
    others = [m for m in scopes if not m.start() <= quantity.start < m.end()]
    if any(match["since"] for match in others):
        return "since"
    return " ".join(" ".join(match[0].split()) for match in others)
