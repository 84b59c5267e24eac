"""Whether a subject can say something, and whether a verb then has its sense of speaking.

A capitalised word may be anybody's name. Of common nouns only those are taken that are for people,
bodies of people or documents; beside a quotation, all but those for what is no person.
"""

from collections.abc import Sequence

from rag.speakers import lexicon, mentions
from rag.speakers.mentions import Run
from rag.speakers.nouns import is_able, is_silent
from rag.speakers.tokens import Token

_SOURCE_ITSELF = frozenset({"i", "we", "you"})
_RELATIVE = frozenset({"which", "that"})
_THINGS = frozenset({"it", "this", "these", "those"})


def can_say(words: Sequence[Token], mention: Run, *, quoted: bool = False) -> bool:
    """Whether what stands for a speaker can say something.

    Args:
        words: of the paragraph.
        mention: some of them.
        quoted: whether a quotation stands beside it, which somebody must have said.
    """
    number = mentions.head_at(words, mention)
    if words[number].low in lexicon.AFTER_NOUNS and number > mention[0]:
        number -= 1
    head = words[number]
    if number + 1 < mention[1] and words[number + 1].low in ("and", "or") and head.kind == "word":
        return is_able(head.low) or can_say(words, (number + 2, mention[1]), quoted=quoted)
    if head.kind == "name":
        return words[mention[0]].kind != "det" or not is_silent(head.low, ())
    if head.kind == "number":
        # "Channel 4 reports …", not "24 says …".
        return quoted or (number > mention[0] and words[number - 1].kind == "name")
    if head.kind != "word":
        return True
    return is_able(head.low) or (quoted and not is_silent(head.low))


def _is_source_itself(words: Sequence[Token], mention: Run) -> bool:
    """Whether a mention is "I" or "we", or says as much: "my delegation", "our people"."""
    if mention[1] - mention[0] == 1:
        return words[mention[0]].low in _SOURCE_ITSELF
    head = mentions.head_at(words, mention)
    ours = any(token.low in ("my", "our") for token in words[mention[0] : head])
    return ours and words[head].low in lexicon.LIKE_WE


def speaks(words: Sequence[Token], mention: Run, lemma: str, least: int, *, quoted: bool) -> bool:
    """Whether a verb has its plain sense of speaking with such a subject.

    Args:
        words: of the paragraph.
        mention: the subject; "which" and "that" are taken for the noun before them.
        lemma: of the verb.
        least: number of the first token of the sentence.
        quoted: whether the verb joins a quotation.
    """
    if _is_source_itself(words, mention):
        return False
    first = words[mention[0]]
    alone = mention[1] - mention[0] == 1
    opens = first.kind == "name" and mentions.head_at(words, mention) == least
    if opens and lemma in lexicon.FIGURATIVE:
        # A common noun may be capitalised there.
        return not is_silent(first.low)
    if alone and first.low in _RELATIVE and mention[0] > least:
        end = mention[0] - (words[mention[0] - 1].kind == ",")
        found = mentions.antecedent(words, end, least)
        if found and _is_source_itself(words, found):
            return False
        nearest = words[max(least, end - 1)]
        return can_say(words, found) if found else nearest.kind == "name" or is_able(nearest.low)
    if alone and not quoted and first.low in _THINGS:
        return lemma not in lexicon.FIGURATIVE and first.low != "this"
    return can_say(words, mention, quoted=quoted)
