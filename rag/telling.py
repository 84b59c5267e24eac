"""How much it tells that two texts share a name, a cause or a word: the rarer, the more."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from wordfreq import zipf_frequency

from rag.counted import stem_of
from rag.english import STOPS
from rag.predicates import CAUSES, NOUNS, OF_THE_SETTING, PREDICATES
from rag.records import Document

SAMPLE = 100
"""Of so many documents at least the share that holds a name is taken."""

OPENING = 3_000
"""So many code points of each of them are looked at."""

KNOWN = 3.5
"""Names as frequent as this in general language (Zipf scale) tell nothing by their rarity."""

COMMON = 1.0
"""So much less a shared cause tells than a shared name that is as rare."""

FREQUENT = 2.0
"""So much less a shared word that is no name tells than a name that is as rare."""


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_TOLD_OTHERWISE = frozenset(
    stem_of(word) for word in (*PREDICATES, *NOUNS, *CAUSES, *STOPS) if word not in OF_THE_SETTING
)


class Weights:
    """How much it tells that two sentences share a name or a cause, from 0.

    By the share of documents without it, and for a name by how rare it is in general language.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        every = max(1, len(documents) // SAMPLE)
        sample = [documents[name] for name in list(documents)[::every]]
        words = [frozenset(_WORD.findall(document.text[:OPENING])) for document in sample]
        self._small = frozenset(word for each in words for word in each if word.islower())
        self._stems = [frozenset(stem_of(word.lower()) for word in each) for each in words]
        self._known: dict[tuple[str, str], float] = {}

    def of_name(self, name: str) -> float:
        """0 for a word that stands in small letters too; of "Lomvik-Ostby" the lesser weight."""
        if "-" in name:
            parts = [part for part in name.split("-") if part[:1].isupper()]
            return min(map(self.of_name, parts), default=0.0)
        if ("name", name) not in self._known:
            stem = re.sub(r"['’]?s$", "", name)
            general = max(zipf_frequency(each, "en", wordlist="small") for each in (name, stem))
            weight = self._rarity([name, stem]) + max(0.0, KNOWN - general)
            self._known["name", name] = 0.0 if name.lower() in self._small else weight
        return self._known["name", name]

    def of_cause(self, cause: str) -> float:
        """0 for what brings about much of what the library tells of."""
        if ("cause", cause) not in self._known:
            named = [word for word, name in CAUSES.items() if name == cause]
            self._known["cause", cause] = max(0.0, self._rarity(named) - COMMON)
        return self._known["cause", cause]

    def of_word(self, word: str) -> float:
        """0 for the stems of all but rare words that tell occasions apart: "wedding", "bakery"."""
        if word in _TOLD_OTHERWISE:
            return 0.0
        if ("word", word) not in self._known:
            self._known["word", word] = max(0.0, self._rarity([word]) - FREQUENT)
        return self._known["word", word]

    def of_best_word(self, words: Iterable[str]) -> float:
        """How much the word of these tells that tells most; 0 for none."""
        return max(map(self.of_word, words), default=0.0)

    def _rarity(self, words: Sequence[str]) -> float:
        stems = frozenset(stem_of(word.lower()) for word in words)
        held = sum(not stems.isdisjoint(each) for each in self._stems)
        return max(0.0, math.log((len(self._stems) + 1) / (held + 0.5)))
