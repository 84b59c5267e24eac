"""Cues that are verbs, before or after their subject, and what makes a verb report nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.speakers import lexicon, mentions, reported
from rag.speakers.able import can_say
from rag.speakers.mentions import Run
from rag.speakers.reported import SHORTEST, Cue, made
from rag.speakers.tokens import BREAKS, Token, Tokens

LONGEST = 16
"""What stands for a speaker has so many tokens at most."""

LONG_WORD = 3
"""Words of more letters are capitalised in titles."""


@dataclass
class _Verb:
    """A verb with the auxiliaries and adverbs before it.

    Attributes:
        number: of its token.
        first: number of the first token of all that.
        kinds: of the tokens before the verb.
        lemma: the verb.
        form: base, s, past or ing.
    """

    number: int
    first: int
    kinds: set[str]
    lemma: str
    form: str


def by_verb(tokens: Tokens, number: int, sentence: Run, here: Sequence[Cue]) -> Cue | None:
    """The cue of a verb that reports, as `lexicon.FORMS` lists it; None if it reports nothing.

    Args:
        tokens: of the paragraph.
        number: of the verb's token.
        sentence: that it stands in.
        here: the cues of the sentence before it.
    """
    words = tokens.all
    verb = _verb_at(words, number, sentence[0])
    if not _asserts(words, verb, sentence[0]) or _is_subject(words, verb, sentence[1]):
        return None
    if verb.form == "ing" and not {"be", "poss"} & verb.kinds:
        return _participle(tokens, verb, sentence, here)
    return (
        _turned(tokens, verb, sentence)
        or _after_subject(tokens, verb, sentence, here)
        or _inverted(tokens, verb, sentence)
        or _second(tokens, verb, sentence, here)
    )


def _after_subject(tokens: Tokens, verb: _Verb, sentence: Run, here: Sequence[Cue]) -> Cue | None:
    """Somebody says …."""
    mention = _subject(tokens.all, verb.first, sentence[0])
    if not mention or not _says(tokens.all, mention, sentence[0], here):
        return None
    if _is_named_noun(tokens.all, mention, verb, sentence):
        return None
    if verb.lemma != "call" and tokens.all[max(sentence[0], mention[0] - 1)].low == "what":
        return None
    return _joined(tokens, mention, verb, sentence) if _agrees(tokens.all, mention, verb) else None


def _subject(words: Sequence[Token], first: int, least: int) -> Run | None:
    """The subject before a verb; "the council" of "the council, which runs the port, said"."""
    mention = mentions.before(words, first, least)
    if mention and not can_say(words, mention):
        farther = mentions.past_clause(words, mention[0], least)
        return farther if farther and can_say(words, farther) else mention
    return mention


def _second(tokens: Tokens, verb: _Verb, sentence: Run, here: Sequence[Cue]) -> Cue | None:
    """… and said …."""
    words = tokens.all
    if verb.first == sentence[0] or words[verb.first - 1].low not in ("and", "but", "then"):
        return None
    mention = _shared(tokens, verb, sentence, here)
    if not mention or verb.form == "base" or not _agrees(words, mention, verb):
        return None
    return _joined(tokens, mention, verb, sentence)


def by_any_verb(tokens: Tokens, number: int, sentence: Run) -> Cue | None:
    """“…,” she riffed; “…,” barked the dog's owner: any verb, right beside a quotation."""
    words = tokens.all
    first, kinds = _before_verb(words, number, sentence[0])
    if {"be", "neg", "modal"} & kinds:
        return None
    mention = mentions.before(words, first, sentence[0])
    begin = mention[0] if mention else first
    if not _speech_ends(tokens, begin):
        return None
    if not mention:
        mention = mentions.after(words, number + 1, sentence[1])
    left = reported.left(tokens, begin, sentence)
    return made(tokens, mention, (first, number + 1), left, quoted=True) if mention else None


def _speech_ends(tokens: Tokens, number: int) -> bool:
    """Whether a quotation that is speech, by its length and last mark, ends before a token."""
    quotation = tokens.marked_by(number - 1) if number else None
    if not quotation or quotation[1] != number or number - quotation[0] < SHORTEST:
        return False
    return tokens.all[number - 2].kind in (",", "?", "!")


_WENT_ON = ["went", "on", "to"]


def _verb_at(words: Sequence[Token], number: int, least: int) -> _Verb:
    first, kinds = _before_verb(words, number, least)
    lemma, form = lexicon.FORMS[words[number].low]
    if first - 3 >= least and [token.low for token in words[first - 3 : first]] == _WENT_ON:
        return _Verb(number, first - 3, kinds, lemma, "past")
    return _Verb(number, first, kinds, lemma, form)


def _before_verb(words: Sequence[Token], number: int, least: int) -> tuple[int, set[str]]:
    """The first token of the auxiliaries and adverbs before a verb, and their kinds."""
    first, kinds = number, set()
    while first > least:
        token = words[first - 1]
        floats = first - 2 >= least and words[first - 2].kind in ("be", "have", "subject")
        if token.low in ("all", "both") and floats:
            first -= 1
            continue
        if token.kind == "day" and first - 2 >= least and words[first - 2].low == "on":
            first -= 1
        elif token.kind == "poss" and first - 2 >= least and words[first - 2].kind == "subject":
            kinds.add("poss")
        elif token.kind not in ("adv", "be", "have", "do", "modal", "neg", "day"):
            break
        else:
            kinds.add(token.kind)
        first -= 1
    return first, kinds


def _asserts(words: Sequence[Token], verb: _Verb, least: int) -> bool:
    """Whether the verb says that something was said: not "did not say", "would say", "to say"."""
    if {"neg", "modal"} & verb.kinds or ("be" in verb.kinds and verb.form != "ing"):
        return False
    if verb.first == least:
        return True
    behind = words[verb.first - 1]
    return behind.kind != "to" and not (behind.kind == "det" and behind.low not in lexicon.ALONE)


_NOT_SAID = frozenset({"if", "no", "unless", "whether"})


def _says(words: Sequence[Token], mention: Run, least: int, here: Sequence[Cue]) -> bool:
    """Whether somebody says something that can be told: not "no one said", "if she says".

    Where commas are lost, a clause may look like a noun phrase: too long, or with a cue inside.
    """
    first = words[mention[0]]
    if first.low in ("no", "neither") or mentions.is_verbal(first):
        return False
    if mention[0] == least and lexicon.FORMS.get(first.low, ("", ""))[1] in ("past", "ing"):
        # "Asked about the mill Ada Berg replied": a comma is lost.
        return False
    if mention[1] - mention[0] > LONGEST or any(
        mention[0] <= cue.words[0] < mention[1] for cue in here
    ):
        return False
    behind = words[mention[0] - 1]
    return mention[0] == least or not (behind.low in _NOT_SAID or behind.kind in ("do", "modal"))


def _agrees(words: Sequence[Token], mention: Run, verb: _Verb) -> bool:
    """Whether a subject can have the form of the verb: of "officials say", not "officials says"."""
    head = words[mentions.head_at(words, mention)]
    if head.low in _FIRST:
        return False
    if verb.kinds & {"have", "do"} or verb.form not in ("base", "s"):
        return True
    if head.kind == "subject" or head.low in ("which", "that"):
        return (verb.form == "base") == (head.low in ("they", "others")) or head.low in _EITHER
    plural = head.low in lexicon.PLURAL or (head.low.endswith("s") and not head.low.endswith("ss"))
    if verb.form == "base":
        return plural or any(token.low == "and" for token in words[slice(*mention)])
    return not plural or head.kind == "name"


_FIRST = frozenset({"i", "we", "you"})
_EITHER = frozenset({"who", "which", "that"})


_NOUNS_AFTER = frozenset({"lives", "works", "lies"})
"""Words that look finite but may begin a clause: "he claims works were hit"."""


def _is_subject(words: Sequence[Token], verb: _Verb, end: int) -> bool:
    """Whether what looks like a verb is the subject of the finite verb right after it."""
    following = verb.number + 1
    if verb.lemma not in lexicon.NOUNS_TOO or verb.form not in ("base", "s") or following >= end:
        return False
    low = words[following].low
    lemma, form = lexicon.FORMS.get(low, ("", ""))
    if form == "s" and lemma not in lexicon.NOUNS_TOO:
        return True
    return low in lexicon.FINITE - _NOUNS_AFTER


_BEGINS_OBJECT = frozenset({"name", "det", "subject", "object", "relative", "to", "quote", ":"})


def _is_named_noun(words: Sequence[Token], mention: Run, verb: _Verb, sentence: Run) -> bool:
    """Whether what looks like a verb is a noun after an article and a name: "the Paris question".

    It is the verb of a plural ("the Greens demand …") where an object or a clause begins after it,
    or where what is said stands before a comma.
    """
    article = words[mention[0]].low in ("the", "a", "an")
    if verb.form != "base" or verb.lemma not in lexicon.NOUNS_TOO or not article:
        return False
    if words[mentions.head_at(words, mention)].kind != "name":
        return False
    following = words[verb.number + 1] if verb.number + 1 < sentence[1] else None
    if following is None or following.kind in (".", ","):
        return mention[0] == sentence[0] or words[mention[0] - 1].kind not in BREAKS
    join = reported.join(words, verb.number + 1, sentence[1])
    joined = join == "w" or join in lexicon.PREPOSITIONS.get(verb.lemma, ())
    return not (joined or following.kind in _BEGINS_OBJECT)


def _joined(tokens: Tokens, mention: Run, verb: _Verb, sentence: Run) -> Cue | None:
    """The cue of a verb that stands after its subject, if what it reports is joined to it."""
    words = tokens.all
    begin = min(mention[0], verb.first)
    at = reported.past_adjuncts(words, verb.number + 1, sentence[1])
    following = reported.join(words, at, sentence[1])
    if reported.is_adjunct(words, at, sentence[1], verb.lemma):
        following = "e"
    left = reported.left(tokens, begin, sentence)
    if not left and (following == "e" or (verb.lemma == "say" and following in lexicon.LINKS)):
        left = reported.left_without_mark(words, begin, sentence)
        following = "e" if left else following
    join, content = following, reported.right(tokens, at, sentence)
    if left and words[left[0][1] - 1].kind == "quote":
        join, content = "q", left + (content if following == "q" else [])
    elif following == "e":
        content = left
    if not content and words[sentence[1] - 1].kind == ":" and reported.fits(verb.lemma, "q"):
        return Cue(mention, (verb.first, verb.number + 1), [], quoted=True)
    head = words[mentions.head_at(words, mention)].low
    if not reported.fits(verb.lemma, join, head) or _is_title(tokens, verb, mention):
        return None
    cue = verb.number if mention[1] <= begin or mention[1] < verb.first - 1 else verb.first
    return made(tokens, mention, (cue, verb.number + 1), content, quoted=join == "q")


_TAKEN = {
    "claim": frozenset({"life", "lives", "victims"}),
    "declare": frozenset({"war", "independence", "bankruptcy"}),
    "express": frozenset({"will"}),
    "point": frozenset({"way", "finger", "gun"}),
    "call": frozenset({"itself", "themselves", "himself", "herself"}),
}
"""Nouns with which a verb tells of a deed."""


def _is_title(tokens: Tokens, verb: _Verb, mention: Run) -> bool:
    """Whether what follows the verb at once is a name of something: "wrote “The Herring”"."""
    after = verb.number + 1
    if after >= len(tokens.all):
        return False
    if tokens.all[after].kind == "name":
        head = tokens.all[mentions.head_at(tokens.all, mention)]
        thing = head.kind == "word" and head.low not in lexicon.PEOPLE
        return verb.lemma == "call" and (thing or tokens.all[mention[0]].low in ("a", "an"))
    if verb.lemma in _TAKEN:
        nouns = {token.low for token in tokens.all[after : after + 4]}
        return bool(nouns & _TAKEN[verb.lemma])
    quotation = tokens.marked_by(after) or (after, after)
    long = [token.text for token in tokens.all[slice(*quotation)] if len(token.text) > LONG_WORD]
    return bool(long) and all(word[0].isupper() for word in long)


def _inverted(tokens: Tokens, verb: _Verb, sentence: Run) -> Cue | None:
    """“…,” said somebody."""
    words = tokens.all
    if verb.form not in ("past", "s") or not verb.first:
        return None
    if words[verb.first - 1].kind not in BREAKS:
        return None
    mention = mentions.after(words, verb.number + 1, sentence[1])
    left = reported.left(tokens, verb.first, sentence)
    if not mention or not left:
        return None
    quoted = words[left[0][1] - 1].kind == "quote"
    if not quoted and not _ends_there(words, mention, sentence[1]):
        return None
    if not reported.fits(verb.lemma, "q" if quoted else "e"):
        return None
    if reported.join(words, mention[1] + 1, sentence[1]) == "q" and quoted:
        left += reported.right(tokens, mention[1] + 1, sentence)
    return made(tokens, mention, (verb.first, verb.number + 1), left, quoted=quoted)


def _turned(tokens: Tokens, verb: _Verb, sentence: Run) -> Cue | None:
    """Something happened said somebody: as `_inverted`, where the marks are lost."""
    words = tokens.all
    mention = mentions.after(words, verb.number + 1, sentence[1])
    if (verb.lemma, verb.form) != ("say", "past") or not mention:
        return None
    if words[mentions.head_at(words, mention)].low in lexicon.TIMES:
        return None
    ends = mention[1] >= sentence[1] or words[mention[1]].low in (".", "a", "an")
    if not ends and lexicon.FORMS.get(words[mention[1]].low, ("", ""))[1] != "ing":
        return None
    left = reported.left_without_mark(words, verb.number, sentence)
    return (
        made(tokens, mention, (verb.number, verb.number + 1), left, quoted=False) if left else None
    )


def _ends_there(words: Sequence[Token], mention: Run, end: int) -> bool:
    """Whether a clause can end after a subject that follows its verb."""
    if words[mention[0]].kind == "subject" and mention[1] < end:
        return words[mention[1]].kind in (",", ".")
    return mention[1] >= end or words[mention[1]].kind in (",", ".", ";", "prep", "day")


def _participle(tokens: Tokens, verb: _Verb, sentence: Run, here: Sequence[Cue]) -> Cue | None:
    """…, saying that …; she was quoted as saying …."""
    words, least = tokens.all, sentence[0]
    behind = words[max(least, verb.first - 1)]
    if verb.first - 2 <= least or behind.low != "as":
        linked = behind.kind == "prep" or behind.low in _MEANWHILE
        mention = (_doing if linked else _shared)(tokens, verb, sentence, here)
    elif words[verb.first - 2].low in ("quoted", "cited"):
        first, kinds = _before_verb(words, verb.first - 2, least)
        mention = mentions.before(words, first, least) if "be" in kinds else None
        verb.first = first
    else:
        return None
    return _joined(tokens, mention, verb, sentence) if mention else None


_MEANWHILE = frozenset({"while", "when", "after", "before", "by", "in", "since"})
_OTHER_CLAUSE = frozenset({"that", "which", "who", "whom", "where", "because", "if"})


def _doing(tokens: Tokens, verb: _Verb, sentence: Run, here: Sequence[Cue]) -> Run | None:
    """Who did something "after saying …": the subject of a plain active clause before that.

    A pronoun nearer than the subject stands for whoever it is.
    """
    words, end = tokens.all, verb.first - 1
    if here or words[end].low not in _MEANWHILE or verb.lemma in lexicon.FIGURATIVE:
        return None
    subject = mentions.main_subject(words, sentence[0], end)
    if not subject:
        return None
    clause = words[subject[1] : end]
    nearer = [k for k in range(subject[1], end) if words[k].kind == "subject"]
    if nearer:
        return None if words[nearer[-1]].low in _FIRST | {"who"} else (nearer[-1], nearer[-1] + 1)
    passive = any(
        a.kind == "be" and mentions.is_verbal(b) and not b.low.endswith("ing")
        for a, b in pairwise(clause)
    )
    return None if passive or any(token.low in _OTHER_CLAUSE for token in clause) else subject


def _shared(tokens: Tokens, verb: _Verb, sentence: Run, here: Sequence[Cue]) -> Run | None:
    """The subject that a participle or a second verb has in common with a verb before it.

    A participle right after a noun is the noun's, unless that is something that people issue.
    """
    words = tokens.all
    behind = words[verb.first - 1] if verb.first > sentence[0] else None
    if behind and behind.kind in ("name", "word") and behind.low not in lexicon.WRITINGS:
        return None
    if here:
        return here[-1].mention
    subject = mentions.main_subject(words, sentence[0], verb.first)
    return None if subject and words[subject[0]].low in _FIRST else subject
