"""Who can say something: people, bodies of people and documents, as far as words tell.

A capitalised word may be anybody's name. Of common nouns only those are taken that are listed, or
end as nouns for people do; beside a quotation, all but those for what is no person.
"""

from collections.abc import Sequence

from rag.speakers import lexicon, mentions
from rag.speakers.mentions import Run
from rag.speakers.tokens import Token

_ENDINGS = ("man", "men", "woman", "women", "ist", "ian", "or", "er", "eer", "ant", "crat", "ee")
"""Of nouns for people."""

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
        return words[mention[0]].kind != "det" or not _is_silent(head.low, ())
    if head.kind == "number":
        # "Channel 4 reports …", not "24 says …".
        return quoted or (number > mention[0] and words[number - 1].kind == "name")
    if head.kind != "word":
        return True
    return is_able(head.low) or (quoted and not _is_silent(head.low))


def is_able(noun: str) -> bool:
    """Whether a common noun, in small letters, is one for somebody or something that speaks."""
    noun = noun.rpartition("-")[2] if "-" in noun and noun not in lexicon.DOCUMENTS else noun
    return any(_is_able(form) for form in _singulars(noun))


def _is_able(noun: str) -> bool:
    if noun in lexicon.PEOPLE | lexicon.BODIES | lexicon.DOCUMENTS:
        return True
    if noun in lexicon.PLURAL | lexicon.WRITINGS | lexicon.STUDIES | lexicon.TITLES:
        return True
    return noun.endswith(_ENDINGS) and noun not in lexicon.NOT_PEOPLE | lexicon.SILENT


def _singulars(noun: str) -> list[str]:
    """A noun, and what its singular may be if it is a plural."""
    forms = [noun]
    if noun.endswith("ies"):
        forms.append(noun[:-3] + "y")
    elif noun.endswith("es"):
        forms += [noun[:-1], noun[:-2]]
    elif noun.endswith("s") and not noun.endswith("ss"):
        forms.append(noun[:-1])
    return forms


def _is_silent(noun: str, endings: tuple[str, ...] = lexicon.ABSTRACT) -> bool:
    """Whether a noun is one for what says something in a figure of speech only."""
    if any(_is_able(form) for form in _singulars(noun)):
        return False
    return noun in lexicon.SILENT or noun.removesuffix("s").endswith(endings)


def speaks(words: Sequence[Token], mention: Run, lemma: str, least: int, *, quoted: bool) -> bool:
    """Whether a verb has its plain sense of speaking with such a subject.

    Args:
        words: of the paragraph.
        mention: the subject; "which" and "that" are taken for the noun before them.
        lemma: of the verb.
        least: number of the first token of the sentence.
        quoted: whether the verb joins a quotation.
    """
    first = words[mention[0]]
    alone = mention[1] - mention[0] == 1
    if alone and first.kind == "name" and mention[0] == least and lemma in lexicon.FIGURATIVE:
        return not _is_silent(first.low)
    if alone and first.low in _RELATIVE and mention[0] > least:
        before = words[mention[0] - 1 - (words[mention[0] - 1].kind == ",")]
        return before.kind == "name" or is_able(before.low)
    if alone and not quoted and first.low in _THINGS:
        return lemma not in lexicon.FIGURATIVE and first.low != "this"
    return can_say(words, mention, quoted=quoted)
