"""Common nouns for whoever or whatever can say something: listed, or ending as those for people."""

from rag.speakers import lexicon

_ENDINGS = ("man", "men", "woman", "women", "ist", "ian", "or", "er", "eer", "ant", "crat", "ee")
"""Of nouns for people."""

_LISTED = frozenset().union(
    lexicon.PEOPLE,
    lexicon.BODIES,
    lexicon.DOCUMENTS,
    lexicon.PLURAL,
    lexicon.WRITINGS,
    lexicon.STUDIES,
    lexicon.TITLES,
)
_UNABLE = lexicon.NOT_PEOPLE | lexicon.SILENT


def is_able(noun: str) -> bool:
    """Whether a common noun, in small letters, is one for somebody or something that speaks."""
    noun = noun.rpartition("-")[2] if "-" in noun and noun not in lexicon.DOCUMENTS else noun
    return any(_is_able(form) for form in _singulars(noun))


def _is_able(noun: str) -> bool:
    return noun in _LISTED or (noun.endswith(_ENDINGS) and noun not in _UNABLE)


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


def is_silent(noun: str, endings: tuple[str, ...] = lexicon.ABSTRACT) -> bool:
    """Whether a noun is one for what says something in a figure of speech only."""
    if any(_is_able(form) for form in _singulars(noun)):
        return False
    return noun in lexicon.SILENT or noun.removesuffix("s").endswith(endings)
