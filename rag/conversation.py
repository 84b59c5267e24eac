"""From a question and the ones before it to what is searched for, and of whom.

A follow-up is read by rules: what points back ("he", "there", "and …") or lacks a topic of its own
takes over the topic of the question before, and a wish to hear somebody ("what does the other side
say?") becomes a filter. No word of an answer is read, only questions.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.errors import QuestionError
from rag.index.lexical import Terms
from rag.phrases import blanked, phrases_in
from rag.records import EVERYTHING, Filter, Span
from rag.retrieval import Query
from rag.sides import EVERYBODY, Heard, Sides, Wish

NamesIn = Callable[[str], list[Span]]

SHORT = 3
"""A question of at most so many terms that names nothing may lean on the one before it."""

KINDS = (
    "year date day month time place name reason number amount people person country way kind"
    " many much long happen happened say said says tell think mean exactly again else thing"
    " please true sure"
)
"""Words that ask for a kind of answer, which need not stand in it."""

_CONNECTIVE = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|also|ok|okay|well|what about|how about|what of)\b[\s,]*)+",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?P<person>he|him|she|they|them|it)\b|\b(?P<owner>his|her|hers|their|theirs|its)\b"
    r"|\b(?P<place>there)\b(?!\s+(?:is|are|was|were|be|been|any|a|an|no|really|still|ever)\b)"
    r"|\b(?:this|that|these|those|then|such|the same)\b",
    re.IGNORECASE,
)
# "is there …", "is it true that …", "the boat that sank": nothing stands behind these words.
_DUMMY = re.compile(
    r"\b(?:is|are|was|were|has|have|will|can|could)\s+there\b"
    r"|\bit\s+(?:(?:is|was)\s+)?(?:true|clear|possible|likely)(?:\s+that)?\b"
    r"|\b(?:is|was)\s+it\s+\w+\s+(?:what|that|to|if|whether|when|how)\b"
    r"|\b(?:true|clear|possible|likely|said|say|says|claim|claimed|mean)\s+that\b"
    r"|\b(?:the|an?|any|every)\s+\w+\s+that\b|\bthose\s+who\b|\bsuch\s+as\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"he|him|she|they|them", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:when|where|why|how|who|whom|whose|which)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should|may|might)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w’'.-]*[^\W_]|[^\W_]")
_JOINS = re.compile(r"\s+|\s+(?:of|the|of the|al|de|von|van|bin|ibn)\s+|[\s]*[-–][\s]*")
_MONTH = (
    r"(?:january|february|april|june|july|august|september|october|november|december"
    r"|(?-i:March|May)|(?<=\d\s)(?:march|may)|(?:march|may)(?=,?\s+\d))"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?{_MONTH}(?:\s+\d{{1,2}})?\b(?:,?\s+(?P<of>{_YEAR}))?\b|\b{_YEAR}\b",
    re.IGNORECASE,
)
_HELPER = re.compile(
    r"\W*(?:what|when|where|why|how|who|whom)\s+"
    r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should)\s+",
    re.IGNORECASE,
)
_PREPOSITIONS = "in|at|near|from|of|by|to|with|for|on|against|about|during|after|before|since|over"
_FIRST_PREPOSITION = re.compile(rf"\b(?:{_PREPOSITIONS})\b", re.IGNORECASE)
_OF_THE = re.compile(rf"\b(?:{_PREPOSITIONS})\s+(?P<thing>the\s+[^?!;]*\w)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\W*(?:which|what|how\s+many)\s+(?P<thing>[^?!]+?)\s+"
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b",
    re.IGNORECASE,
)
_NOT_OF_PLACES = ("he", "him", "his", "she", "her", "hers", "they", "them")
_THING = re.compile(r"the\s+[^\W\d]+", re.IGNORECASE)
_PREPOSITION = re.compile(rf"({_PREPOSITIONS})\s+(?:the\s+)?", re.IGNORECASE)
_LED = re.compile(rf"\b(?:{_PREPOSITIONS})\s+(?:the\s+)?$", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:in|at|near)\s+(?:the\s+)?$", re.IGNORECASE)
_WHOLE = re.compile(r"\bthe\s+[^\W\d]+\s+of\s+(?:the\s+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """A question of a conversation, as it is understood.

    Attributes:
        text: what it is in full.
        topic: the same without whom it wants to hear.
        heard: who is to be heard.
        own: the terms of its own that a passage must hold one of; empty if it borrowed nothing.
        alone: what else it may be understood as, if it is doubtful whether it leans.
    """

    text: str
    topic: str
    heard: Heard = EVERYBODY
    own: tuple[str, ...] = ()
    alone: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads the questions of conversations with one library.

    Attributes:
        terms: makes terms of a text.
        is_name: see `names_in`.
        sides: whom the library's sources can be asked for by.
        fits: whether the model reads a text as a whole; words are borrowed only if it does.
        led: id of the perspective that answers a question first, of those that a filter lets in;
            empty if none does.
    """

    terms: Terms
    is_name: Callable[[str], bool]
    sides: Sides
    fits: Callable[[str], bool]
    led: Callable[[str, Filter], str]

    def readings(
        self, question: str, history: Sequence[str], only: Filter = EVERYTHING
    ) -> list[Query]:
        """What a question may be searched for as; more than one if it is doubtful.

        Args:
            question: as it was asked.
            history: earlier questions, oldest first.
            only: the sources to hear. Whom the question names is heard instead of the filter's
                perspectives, as far as the rest of the filter lets them in.

        Raises:
            QuestionError: the question is empty, or is no text.
        """
        asked = checked(question, history)
        before: Read | None = None
        for earlier in filter(None, map(_in_line, history)):
            before = self._read(earlier, before)
        read = self._read(_in_line(asked), before, only)
        as_typed = {_in_line(asked): asked}
        query = Query(
            question=question,
            text=as_typed.get(read.text, read.text),
            phrases=phrases_in(asked),
            only=only.model_copy(update={"perspectives": read.heard.perspectives}),
            named=read.heard.sources,
            own=read.own,
        )
        if not read.alone:
            return [query]
        alone = as_typed.get(read.alone, read.alone)
        return [query, query.model_copy(update={"text": alone, "own": ()})]

    def _read(self, asked: str, before: Read | None, only: Filter = EVERYTHING) -> Read:
        ticked = Heard(only.perspectives)
        if not self.fits(asked):
            return Read(asked, asked, ticked)
        wish = self.sides.wish(asked) or self._another(asked, before)
        if wish is None:
            return self._topic(asked, before, ticked)
        heard = wish.heard
        if wish.others:
            heard = self.sides.others(self._heard_before(before, only))
        if before is None or (self._own(wish.rest) and not self._points_back(wish.rest)):
            rest = wish.rest.lstrip(" ,;:") if self._own(wish.rest) else ""
            return Read(asked, rest or asked, heard, alone=rest)
        return self._topic(wish.rest, before, heard)

    def _another(self, asked: str, before: Read | None) -> Wish | None:
        """After a question that asked for somebody's words: a bare name asks for another's."""
        if before is None or not any(before.heard):
            return None
        heard = self.sides.named(_CONNECTIVE.sub("", asked).rstrip(" ?!."))
        return Wish(heard, others=False, rest="") if any(heard) else None

    def _heard_before(self, before: Read | None, only: Filter) -> Heard:
        """Whose words the question before was about: asked for, named, or heard first."""
        ticked = Heard(only.perspectives)
        if before is None or any(before.heard) or any(ticked):
            return before.heard if before and any(before.heard) else ticked
        named = self.sides.mentioned(before.text)
        led = "" if any(named) else self.led(before.text, only)
        return Heard((led,)) if led else named

    def _topic(self, asked: str, before: Read | None, heard: Heard) -> Read:
        """A question with its topic, its own or the one before's."""
        if before is None or not self._may_lean(asked):
            return Read(asked, asked, heard)
        own = self._own(asked)
        follow_up = _CONNECTIVE.sub("", asked).strip()
        together = _replaced(before.text, follow_up, self._names_in)
        exchanged = bool(together)
        another = exchanged and not _DATE.search(follow_up)
        if not any(heard) and not another and not self.sides.asks(asked):
            heard = before.heard
        if not together:
            together = self._completed(follow_up, before) if own else before.topic
        topic = together
        if not own and _WORDS.search(follow_up):
            together = f"{follow_up} {before.topic}"
        if not self.fits(together):
            return Read(asked, asked, heard)
        is_fragment = exchanged and not _ASKS.search(asked)
        alone = "" if is_fragment or self._leans(asked) else asked
        if before.topic != before.text:
            alone = alone or _replaced(before.topic, follow_up, self._names_in)
        return Read(together, topic, heard, own, alone)

    def _own(self, text: str) -> tuple[str, ...]:
        kinds = self.terms(KINDS)
        words = _POINTS_BACK.sub(" ", _CONNECTIVE.sub("", text))
        return tuple(term for term in self.terms(words) if term not in kinds)

    def _leans(self, text: str) -> bool:
        """Whether a question cannot be understood alone."""
        if self._points_back(text) or not self._own(text):
            return True
        return bool(_CONNECTIVE.match(text))

    def _points_back(self, text: str) -> bool:
        """Whether a word of it stands for something that it does not name before."""
        bare = _plain(text)
        back = _POINTS_BACK.search(bare)
        return back is not None and not self._names(bare[: back.start()])

    def _may_lean(self, text: str) -> bool:
        """Whether it is short and names nothing, or asks nothing, if it is not plain that it leans.

        Exact words are a topic.
        """
        if self._leans(text):
            return True
        is_short = len(set(self._own(text))) <= SHORT and not phrases_in(text)
        return is_short and not (self._names(text) and _ASKS.search(text))

    def _names_in(self, text: str) -> list[Span]:
        return names_in(text, self.is_name)

    def _names(self, text: str) -> list[str]:
        """The names and dates in a question, each once."""
        spans = _spans(self._names_in(text))
        spans += [date.span() for date in _DATE.finditer(text)]
        return [*dict.fromkeys(text[start:end] for start, end in sorted(spans))]

    def _topic_words(self, before: str) -> list[str]:
        """The names of a question, and its words from the first preposition on.

        What stands before that is mostly what was asked, and has been answered.
        """
        names = self._names_in(before)
        after = _FIRST_PREPOSITION.search(before)
        first = after.start() if after else 0
        words = [m.span() for m in _WORD.finditer(before, first) if self._own(m[0])]
        alone = [w for w in words if not any(n.start <= w[0] < n.end for n in names)]
        return [before[start:end] for start, end in sorted([*alone, *_spans(names)])]

    def _completed(self, follow_up: str, before_it: Read) -> str:
        """A follow-up with the topic of the question before."""
        before = before_it.topic
        names = self._names(before)
        back = _POINTS_BACK.search(_plain(follow_up))
        # Who asked for somebody's words named a speaker, who is not in the topic.
        person = back is not None and _PERSON.fullmatch(back[0]) and before != before_it.text
        if back and not person and (thing := self._antecedent(before, names, back)):
            follow_up = follow_up[: back.start()] + thing + follow_up[back.end() :]
            lacks = self._points_back(follow_up)
        else:
            lacks = back is not None and not back["owner"]
        topic = self._topic_words(before) if lacks or not names else names
        held = set(self.terms(follow_up))
        left = [each for each in topic if not set(self.terms(each)) <= held]
        return f"{follow_up} ({', '.join(left)})" if left else follow_up

    def _antecedent(self, before: str, names: Sequence[str], back: re.Match[str]) -> str:
        """What a word that points back stands for; empty if that is not plain."""
        if len(names) == 1 and (back["person"] or back["owner"] or back["place"]):
            named = _named_back(before, names[0], back)
            if named:
                return named
        if (
            back["owner"]
            or back["place"]
            or back[0].lower() in ("he", "him", "she", "such", "then")
        ):
            return ""
        subject = _SUBJECT.match(before)
        if subject:
            return subject["thing"]
        inside = self._names_in(before)
        for match in _OF_THE.finditer(before):
            if not any(each.start <= match.start() < each.end for each in inside):
                return match["thing"]
        return ""


def _named_back(before: str, name: str, back: re.Match[str]) -> str:
    """The only name of a question, as what points back to it stands for it; empty if it cannot."""
    ahead = before[: before.index(name)]
    if back["place"]:
        return f"in {name}"
    if back[0].lower() in _NOT_OF_PLACES and _PLACED.search(ahead):
        return ""
    whole = _WHOLE.search(ahead) if back[0].lower() in ("it", "its") else None
    return f"{whole[0] if whole else ''}{name}{'’s' if back['owner'] else ''}"


def _plain(text: str) -> str:
    """A text with spaces for exact words, and for words that only look as if they pointed back."""
    return _DUMMY.sub(lambda match: " " * len(match[0]), blanked(text))


def checked(question: str, history: Sequence[str]) -> str:
    """The question, without white space around it.

    Raises:
        QuestionError: it is empty, or it or one before it is no text.
    """
    asked = question.strip()
    if not asked:
        raise QuestionError("the question is empty", "Ask in a sentence or a few words.")
    if any("\ud800" <= each <= "\udfff" for text in (asked, *history) for each in text):
        raise QuestionError("the question holds bytes that are no text", "Send questions in UTF-8.")
    return asked


def _replaced(before: str, follow_up: str, names_in: NamesIn) -> str:
    """The question before, with its date, subject or name exchanged for that of a bare follow-up.

    Empty if the follow-up is more than that, or if there are several that may be meant.
    """
    bare = follow_up.rstrip("?!. ")
    preposition = _PREPOSITION.match(bare)
    thing = bare[preposition.end() :] if preposition else bare
    if _DATE.fullmatch(thing):
        return _redated(before, preposition[0].lower() if preposition else "", thing)
    if _spans(names_in(thing)) == [(0, len(thing))] or _THING.fullmatch(thing):
        found = _exchangeable(before, preposition, thing, names_in)
        if _THING.fullmatch(thing) and not preposition:
            found = [span for span in found if not _LED.search(before[: span[0]])]
        if len(found) == 1:
            return before[: found[0][0]] + thing + before[found[0][1] :]
    return ""


def _redated(before: str, preposition: str, date: str) -> str:
    """The question before, with its only date exchanged; empty if it has none or several.

    A day or a month is of the same year: "And on 11 October?" after "2 October 2017".
    """
    found = list(_DATE.finditer(before))
    if len(found) != 1:
        return ""
    year = found[0][0] if found[0][0].isdigit() else found[0]["of"]
    if year and not re.search(_YEAR, date):
        date += f" {year}"
    led = _LED.search(before[: found[0].start()]) if preposition else None
    start = led.start() if led else found[0].start()
    return before[:start] + preposition + date + before[found[0].end() :]


def _exchangeable(
    before: str, preposition: re.Match[str] | None, thing: str, names_in: NamesIn
) -> list[tuple[int, int]]:
    """What of a question a bare name or thing may stand for: its subject, or a name."""
    names = _spans(names_in(before))
    if preposition:
        led = re.compile(rf"\b{preposition[1]}\s+(?:the\s+)?$", re.IGNORECASE)
        return [span for span in names if led.search(before[: span[0]])]
    helper = _HELPER.match(before)
    if helper is None:
        return names
    subject = _THING.match(before, helper.end())
    named = [span for span in names if before[helper.end() : span[0]].strip() in ("", "the")]
    if subject and not named and not _THING.fullmatch(thing):
        named = [span for span in names if _LED.match(before[subject.end() : span[0]].lstrip())]
    return named or ([subject.span()] if subject else names)


def _in_line(text: str) -> str:
    """A text with its white space made one: runs of it would be read for hours."""
    return " ".join(text.split())


def _spans(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in spans]


def names_in(text: str, is_name: Callable[[str], bool]) -> list[Span]:
    """Where the names in a question stand, each as a run of words.

    A capital says so but at the beginning of a sentence; there, and in small letters, the library's
    own way of writing the word does.

    Args:
        text: a question.
        is_name: whether the library writes a word with a capital inside its sentences.
    """
    runs: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        begins = text[: word.start()].rstrip()[-1:] in ("", ".", "?", "!")
        told = (word[0][0].isupper() and not begins) or is_name(word[0])
        if not told or _ASKS.fullmatch(word[0]) or _DATE.fullmatch(word[0]):
            continue
        if runs and _JOINS.fullmatch(text, runs[-1][1], word.start()):
            runs[-1] = runs[-1][0], word.end()
        else:
            runs.append((word.start(), word.end()))
    return [Span(start=start, end=end) for start, end in runs]
