"""The cues of a paragraph: who says what, by which words, as runs of its tokens."""

from collections.abc import Sequence

from rag.speakers import able, lexicon, mentions, reported, verbs
from rag.speakers.mentions import Run
from rag.speakers.reported import SHORTEST, Cue, made
from rag.speakers.tokens import OUTSIDE, Tokens

SCRIPT = 5
"""So many tokens at most stand before the colon of "NAME: what they say"."""


def cues_of(tokens: Tokens) -> list[Cue]:
    """All cues of a paragraph that stand outside quotations, in order."""
    found: list[Cue] = []
    for sentence in tokens.sentences:
        here: list[Cue] = []
        for number in range(*sentence):
            if tokens.all[number].quotation == OUTSIDE:
                cue = _cue_at(tokens, number, sentence, here)
                if cue:
                    here.append(cue)
        found += _apart(tokens, here)
    return sorted(found + _carried(tokens, found), key=lambda cue: cue.content or [cue.words])


def _cue_at(tokens: Tokens, number: int, sentence: Run, here: Sequence[Cue]) -> Cue | None:
    token = tokens.all[number]
    cue = None
    if token.low in lexicon.FORMS and token.kind == "word":
        cue = verbs.by_verb(tokens, number, sentence, here)
    elif token.kind == "word" and token.low.endswith("ed"):
        cue = verbs.by_any_verb(tokens, number, sentence)
    if not cue and token.low in lexicon.NOUNS:
        cue = _by_noun(tokens, number, sentence)
    if token.low == "according":
        cue = _according(tokens, number, sentence)
    if token.kind == ":" and number - sentence[0] <= SCRIPT:
        cue = _script(tokens, number, sentence)
    if not cue:
        return None
    lemma = lexicon.FORMS.get(token.low, ("", ""))[0]
    said = able.speaks(tokens.all, cue.mention, lemma, sentence[0], quoted=cue.quoted)
    return cue if said else None


def _apart(tokens: Tokens, cues: list[Cue]) -> list[Cue]:
    """The cues of a sentence; what one reports ends where the next one of its speaker begins."""
    for cue in cues:
        for other in cues:
            if other.mention == cue.mention and other.words > cue.words and cue.content:
                start, end = cue.content[-1]
                if start < other.words[0] < end:
                    shorter = reported.trimmed(tokens.all, start, other.words[0])
                    cue.content[-1] = shorter or cue.content[-1]
    return cues


def _carried(tokens: Tokens, found: Sequence[Cue]) -> list[Cue]:
    """Quotations that begin a sentence are of the speaker of the one before in the paragraph."""
    starts = {start for start, _ in tokens.sentences}
    carried = []
    for opening, closing in uncredited(tokens, found):
        before = [
            cue for cue in found if cue.quoted and cue.content and cue.content[0][0] < opening
        ]
        whole = closing == len(tokens.all) or closing in starts
        if opening in starts and whole and before:
            last = max(before, key=lambda cue: cue.words)
            carried.append(Cue(last.mention, last.words, [(opening, closing)], quoted=True))
    return carried


def uncredited(tokens: Tokens, found: Sequence[Cue]) -> list[Run]:
    """The quotations, long enough for speech, that no cue joins."""
    return [
        (opening, closing)
        for opening, closing in tokens.quotations
        if closing - opening >= SHORTEST
        and not any(a < closing and opening < b for cue in found for a, b in cue.content)
    ]


def _according(tokens: Tokens, number: int, sentence: Run) -> Cue | None:
    """According to somebody."""
    words, (start, end) = tokens.all, sentence
    if number + 2 >= end or words[number + 1].low != "to":
        return None
    mention = mentions.after(words, number + 2, end)
    if not mention:
        return None
    if number > start + 1 and words[number].kind == "word":
        content = [(start, number)]
    else:
        begin = reported.past_comma(words, mention[1], end)
        if begin == mention[1] < end and mentions.is_verbal(words[begin]):
            # "According to information handed over by … the mill was safe."
            return None
        content = [(begin, end)]
    quoted = words[content[0][1] - 1].kind == "quote" or words[number - 2].kind == "quote"
    return made(tokens, mention, (number, number + 2), content, quoted=quoted)


def _by_noun(tokens: Tokens, number: int, sentence: Run) -> Cue | None:
    """His claim that …; the minister's call for …."""
    words = tokens.all
    if number + 1 >= sentence[1] or words[number + 1].low not in lexicon.NOUNS[words[number].low]:
        return None
    owner = mentions.owner(words, number, sentence[0])
    if not owner:
        return None
    content = reported.right(tokens, number + 1, sentence)
    return made(tokens, owner, (number, number + 1), content, quoted=False)


def _script(tokens: Tokens, number: int, sentence: Run) -> Cue | None:
    """NAME: “what they say”, at the beginning of a sentence."""
    words = tokens.all
    mention = mentions.before(words, number, sentence[0])
    if not mention or mention[0] != sentence[0] or words[mention[1] - 1].kind != "name":
        return None
    if number + 1 >= sentence[1] or words[number + 1].kind != "quote":
        return None
    content = reported.right(tokens, number + 1, sentence)
    return made(tokens, mention, (number, number + 1), content, quoted=True)
