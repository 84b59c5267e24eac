"""Which words are names: those that a library writes with a capital inside its sentences."""

import re
from dataclasses import dataclass

from rag.index.generation import Generation

READ = 20
"""So many passages that hold a word tell how the library writes it."""

MOSTLY = 0.8
"""A name is written with a capital at least in this share of the places."""


@dataclass(frozen=True)
class Names:
    """The names of a generation, found by looking each word up."""

    generation: Generation

    def __contains__(self, word: str) -> bool:
        """Whether a word is a name; False for one that the library does not hold."""
        lexical, texts = self.generation.lexical, self.generation.texts
        terms = lexical.terms(word)
        if len(terms) != 1 or not word[0].isalpha():
            return False
        # A word before it on the line: what begins a sentence has a capital anyway.
        inside = re.compile(rf"(?<=[\w,;] ){re.escape(word)}(?!\w)", re.IGNORECASE)
        written = [
            found[0]
            for number in lexical.holding(terms[0])[:READ]
            for found in inside.finditer(texts.passages[number].text)
        ]
        capitals = sum(each[0].isupper() for each in written)
        return bool(written) and capitals >= MOSTLY * len(written)
