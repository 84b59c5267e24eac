"""Noun phrases without a tagger: what stands for a speaker before or after a cue."""

from collections.abc import Sequence

from rag.speakers import lexicon
from rag.speakers.nouns import is_able
from rag.speakers.tokens import Token, words_of

Run = tuple[int, int]
"""Half-open token numbers."""

_NOMINAL = frozenset({"name", "word", "number"})
_BOUNDS = frozenset({"prep", "relative", "conj", "to"})
_SENTENCE_ENDS = frozenset({"quote", ";", ":", "?", "!"})
_CLAUSE_ENDS = _SENTENCE_ENDS | {",", ".", "--", "—", "–", "conj", "modal"}
_PERSONS = ("man", "woman", "er", "or", "ist", "ian", "ant", "ent", "ate", "ival", "ally")
"""Endings of nouns for people, which may stand before a name."""

_ADJECTIVES = ("al", "ble", "ern", "ese", "ful", "ic", "ing", "ish", "ive", "ous", "town")

_INSERTED = frozenset({",", ")", "--", "–", "—"})
_FARTHEST = 45


def head_of(mention: str) -> str:
    """The head word of a noun phrase, in small letters, as `head_at` tells it; empty if none."""
    tokens = words_of(mention, 0, len(mention))
    head = tokens[head_at(tokens, (0, len(tokens)))].low if tokens else ""
    return head.strip("'’").removesuffix(".") if head[:1].isalnum() else ""


def head_at(tokens: Sequence[Token], mention: Run) -> int:
    """The number of the token that is the head of a mention.

    It is the last word before a preposition, a comma, a bracket or a relative clause; a possessive
    ending, "himself" and "Jr." aside.
    """
    number = mention[0]
    while number + 1 < mention[1] and not tokens[number].text[0].isalnum():
        number += 1
    for following in range(number + 1, mention[1]):
        token = tokens[following]
        ended = token.low in ("last", "this") or is_verbal(token)
        if token.kind in _BOUNDS or token.low == "who" or (ended and tokens[number].kind != "det"):
            break
        if token.kind in _CLAUSE_ENDS - {"quote", "."} or token.kind == "(":
            break
        worded = token.text[0].isalnum() and token.kind not in ("object", "day")
        if worded and token.low not in lexicon.SUFFIXES:
            number = following
    return number


def before(tokens: Sequence[Token], end: int, least: int) -> Run | None:
    """The subject that ends right before token `end`; None where none is safe.

    Args:
        tokens: of a paragraph.
        end: number of the first token of the verb, its adverbs and auxiliaries.
        least: number of the first token that may belong to it.
    """
    least = max(least, end - _FARTHEST)
    if end <= least:
        return None
    last = tokens[end - 1]
    if last.kind in _INSERTED:
        return _before_insertion(tokens, end - 1, least)
    return _chain(tokens, end, least)


def antecedent(tokens: Sequence[Token], end: int, least: int) -> Run | None:
    """The noun phrase that ends right before token `end`, be it a subject or an object."""
    found = before(tokens, end, least)
    if end <= least or (found and (found[1] == end or tokens[end - 1].kind in _INSERTED)):
        return found
    phrase = _phrase(tokens, end, least)
    linked = phrase and phrase[0] > least and tokens[phrase[0] - 1].kind in ("prep", "to")
    return None if linked else phrase


def _chain(tokens: Sequence[Token], end: int, least: int) -> Run | None:
    """The noun phrase that ends at `end`, with all that it is an "of", "for" or "in" of."""
    phrase = _phrase(tokens, end, least)
    if phrase is None:
        return past_clause(tokens, end, least)
    start = phrase[0]
    if start == least:
        return phrase
    behind = tokens[start - 1]
    definite = tokens[start].kind in ("name", "det", "subject")
    if tokens[start].kind == "subject" or (definite and behind.low in lexicon.CLAUSES):
        return phrase
    if behind.kind in ("prep", "to"):
        return _linked(tokens, start - 1, end, least)
    if is_verbal(behind) or (tokens[start].kind == "det" and _is_bare(behind)):
        lost = _comma_lost(tokens, phrase)
        return phrase if lost else past_clause(tokens, start - 1, least)
    if behind.low == "and" and start - 2 >= least:
        first = _chain(tokens, start - 1, least)
        if first and first[1] == start - 1 and _begins_clause(tokens, first[0], least):
            return first[0], end
    return phrase


def _comma_lost(tokens: Sequence[Token], phrase: Run) -> bool:
    """Whether a clause begins at a phrase after a noun: "… in the province a monitor said"."""
    first, last = tokens[phrase[0]], tokens[phrase[1] - 1]
    return first.low in ("a", "an") and is_able(last.low) and not is_verbal(tokens[phrase[0] - 1])


def _is_bare(token: Token) -> bool:
    """Whether a word is more likely a verb than a noun that ends a clause: it is no plural."""
    return token.kind == "word" and token.low[-1] != "s" and token.low not in lexicon.PLURAL


def _linked(tokens: Sequence[Token], preposition: int, end: int, least: int) -> Run | None:
    """The noun phrase that goes on with a preposition and another noun phrase up to `end`."""
    if preposition == least:
        return None
    behind = tokens[preposition - 1]
    if tokens[preposition].kind == "to" and tokens[preposition + 1].kind == "word":
        # "… crossed the river to escape fighting in the province, they said."
        return past_clause(tokens, preposition, least)
    if (
        tokens[preposition].low in lexicon.LINKS
        and behind.kind in _NOMINAL
        and not is_verbal(behind)
    ):
        longer = _chain(tokens, preposition, least)
        return (longer[0], end) if longer and longer[1] == preposition else longer
    if tokens[preposition].low == "of" and behind.kind in ("det", "subject"):
        return preposition - 1, end
    return past_clause(tokens, preposition, least)


def _phrase(tokens: Sequence[Token], end: int, least: int) -> Run | None:
    """The noun phrase without what depends on it that ends at `end`."""
    last = tokens[end - 1]
    if last.kind in ("subject", "relative", "det"):
        alone = last.kind == "subject" or last.low in lexicon.ALONE or last.low == "which"
        alone = alone or (last.kind == "relative" and end - 2 >= least)
        return (end - 1, end) if alone else None
    if is_verbal(last) or last.kind == "poss":
        return None
    start = end
    while start > least and _belongs(tokens, start - 1):
        start -= 1
    while start < end and not tokens[start].text[0].isalnum():
        start += 1
    if not any(token.kind in ("name", "word") for token in tokens[start:end]):
        return None
    start = _without_clause(tokens, _past_date(tokens, start, end), end)
    while start > least and tokens[start - 1].kind == "det":
        start -= 1
    return start, end


def _past_date(tokens: Sequence[Token], start: int, end: int) -> int:
    """Past a date that a noun phrase seems to begin with: "23 Oct 2017 Fishers said"."""
    for number in range(start, min(end, start + 3) - 1):
        month = tokens[number].kind == "name" and tokens[number].low in lexicon.TIMES
        dated = tokens[number + 1].kind == "number" or tokens[start].kind == "number"
        if month and dated:
            past = number + 1
            while past + 1 < end and tokens[past].kind == "number":
                past += 1
            return past
    return start


def _without_clause(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where a name at the end of a run begins, with "the miller" before it but not "they heard"."""
    first = end
    while first > start and _in_name(tokens[first - 1]):
        first -= 1
    if first in (start, end):
        return start
    behind = tokens[first - 1]
    person = behind.low in lexicon.PEOPLE | lexicon.TITLES or behind.low.endswith(_PERSONS)
    describes = "-" in behind.low or behind.low.endswith(_ADJECTIVES)
    plain = behind.kind == "word" and not person and not describes
    return first if behind.kind == "number" or plain else start


def _in_name(token: Token) -> bool:
    return token.kind in ("name", "-", "&") or token.low in lexicon.PARTICLES


def _belongs(tokens: Sequence[Token], number: int) -> bool:
    token = tokens[number]
    if token.kind in _NOMINAL:
        return not (token.kind == "word" and token.low in lexicon.FINITE)
    return token.kind == "poss" or (token.low in ("-", "/", "&") and number > 0)


def is_verbal(token: Token) -> bool:
    """Whether a word by its looks is a participle or a finite verb rather than a noun."""
    low = token.low
    return token.kind == "word" and (
        low in lexicon.FINITE
        or (low.endswith("ed") and low not in lexicon.NOUNS_IN_ED)
        or (low.endswith("ing") and low not in lexicon.NOUNS_IN_ING)
    )


def past_clause(tokens: Sequence[Token], end: int, least: int) -> Run | None:
    """The noun phrase before a participle or "who" that a clause up to `end` hangs on."""
    for number in range(end - 1, least, -1):
        token = tokens[number]
        if token.kind in _CLAUSE_ENDS:
            return None
        participle = is_verbal(token) and token.low not in lexicon.FINITE
        if participle or token.kind == "relative" or token.low == "who":
            behind = tokens[number - 1]
            noun = (
                behind.kind in _NOMINAL and not is_verbal(behind)
            ) or behind.low in lexicon.ALONE
            return _chain(tokens, number, least) if noun else None
    return None


def _before_insertion(tokens: Sequence[Token], mark: int, least: int) -> Run | None:
    """The subject before what is put between commas, dashes or brackets up to `mark`.

    Between commas there may be more of them: it is the first phrase that can begin a clause.
    """
    kind = tokens[mark].kind
    opening = "(" if kind == ")" else kind
    found: Run | None = None
    for number in range(mark - 1, least, -1):
        token = tokens[number]
        if token.kind in _SENTENCE_ENDS or (found and kind != ","):
            break
        candidate = _chain(tokens, number, least) if token.kind == opening else None
        if candidate and _can_be_subject(tokens, candidate, least):
            found = candidate
    return found


def _can_be_subject(tokens: Sequence[Token], candidate: Run, least: int) -> bool:
    """Whether a noun phrase is that of no time, and stands where a clause can begin."""
    time = tokens[head_at(tokens, candidate)].low in lexicon.TIMES
    return not time and _begins_clause(tokens, candidate[0], least)


def _begins_clause(tokens: Sequence[Token], start: int, least: int) -> bool:
    """Whether a clause can begin at a token, by the one before it."""
    if start <= least:
        return True
    token = tokens[start - 1]
    return token.kind in _CLAUSE_ENDS - {"modal"} or token.kind == "adv" or token.low == "that"


def after(tokens: Sequence[Token], start: int, most: int) -> Run | None:
    """The noun phrase that begins at token `start`, as after "according to" or `," said`."""
    found = _phrase_after(tokens, start, most)
    while found and found[1] + 1 < most and _links(tokens, found[1]):
        further = _phrase_after(tokens, found[1] + 1, most)
        if not further:
            break
        found = start, further[1]
    return found


_PLACED = frozenset({"in", "at", "from"})


def _links(tokens: Sequence[Token], number: int) -> bool:
    """Whether a preposition joins the noun phrase after it to a noun.

    That is "of", "for" before a name, and "in" before what is no time: "a source in the council".
    """
    low, following = tokens[number].low, tokens[number + 1]
    if low == "of" or (low == "for" and following.kind == "name"):
        return True
    if low not in _PLACED or tokens[number - 1].kind != "word":
        return False
    return following.kind == "det" or (
        following.kind == "name" and following.low not in lexicon.TIMES
    )


def _phrase_after(tokens: Sequence[Token], start: int, most: int) -> Run | None:
    if start >= most:
        return None
    first = tokens[start]
    if first.kind == "subject":
        return start, start + 1
    end = start
    while end < most and tokens[end].kind in ("det", "number"):
        end += 1
    begun = end
    while end < most and (_goes_on(tokens, end, begun)):
        end += 1
    if end > begun and any(t.kind in ("name", "word") for t in tokens[begun:end]):
        return start, end
    if begun == start + 1 and first.low in lexicon.ALONE:
        return start, begun
    return None


def _goes_on(tokens: Sequence[Token], number: int, begun: int) -> bool:
    token = tokens[number]
    if token.kind == "word":
        return number == begun or not is_verbal(token)
    if token.kind in ("name", "number"):
        return True
    if token.kind == "poss":
        return number + 1 < len(tokens) and tokens[number + 1].kind in ("name", "word", "number")
    return token.low in ("-", "/", "&") and number > begun


def owner(tokens: Sequence[Token], noun: int, least: int) -> Run | None:
    """Whose a noun is: "his" before it, or what stands before "'s"."""
    number = noun - 1
    while number > least and tokens[number].kind == "word" and noun - number < 3:
        number -= 1
    if number < least:
        return None
    if tokens[number].low in ("his", "her", "their"):
        return number, number + 1
    ended = tokens[number].low in ("'s", "'", "’")
    if ended and number > least:
        return _phrase(tokens, number, least)
    return None


def main_subject(tokens: Sequence[Token], start: int, end: int) -> Run | None:
    """The subject of the clause that begins at token `start`, if it is plain before `end`."""
    number = _past_dateline(tokens, start, end)
    while number < end and tokens[number].kind in ("adv", "conj", "quote", ",", "day"):
        number += 1
    introduced = number < end and (
        tokens[number].kind in ("prep", "to") or tokens[number].low.endswith("ing")
    )
    if introduced:
        number = _past_comma(tokens, number, end)
    found = after(tokens, number, end)
    if introduced and found and found[1] < end and tokens[found[1]].kind == ",":
        # "In Ostby, Norway, she said" or "In Ostby, Berg, a miller, said".
        return None
    if found and tokens[head_at(tokens, found)].low in lexicon.TIMES:
        found = after(tokens, _past_comma(tokens, found[1], end), end)
    if found and found[1] + 1 < end and tokens[found[1]].kind == ",":
        behind = tokens[found[1] + 1]
        if behind.kind == "subject" and behind.low != "who":
            return found[1] + 1, found[1] + 2
    if found is None or tokens[found[0]].low in ("who", "it", "let"):
        return None
    return _without_verb(tokens, found)


_DASHES = frozenset({"--", "—", "–"})
_DATELINE = frozenset({"name", "number", "modal", ",", "(", ")", "/", "."})


def _past_dateline(tokens: Sequence[Token], start: int, end: int) -> int:
    """Past where and when a report was written: "Ostby, Norway (Herring News) – "."""
    number = start
    while number < end and tokens[number].kind in _DATELINE:
        number += 1
    dashes = [k for k in range(number, end) if tokens[k].kind in _DASHES]
    return number + 1 if number > start and dashes == [number] else start


def _past_comma(tokens: Sequence[Token], start: int, end: int) -> int:
    return next((k + 1 for k in range(start, end) if tokens[k].kind == ","), end)


def _without_verb(tokens: Sequence[Token], found: Run) -> Run:
    """A noun phrase without the verb that its end may be: after a name, at the first small word."""
    start, end = found
    while end - start > 1 and is_verbal(tokens[end - 1]):
        end -= 1
    names = start
    while names < end and tokens[names].kind in ("name", "det", "number"):
        names += 1
    owner = names < end and tokens[names].kind == "poss"
    if names > start and not owner and tokens[names - 1].kind == tokens[start].kind == "name":
        while names < end and (tokens[names].kind == "name" or is_able(tokens[names].low)):
            names += 1
        return start, names
    return start, end
