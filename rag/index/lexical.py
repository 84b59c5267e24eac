"""BM25 over stemmed terms (bm25s), and how much of a question's weight a text covers.

BM25 in Lucene's form: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, with k1 = 1.2 and b = 0.75; https://github.com/xhluca/bm25s.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS

from rag.encoder import Vectors
from rag.index.dense import Numbers
from rag.lines import folded

NOTE_MARK = re.compile(r"\[\d{1,3}\]")
_TERM = re.compile(r"\d+(?:[.,]\d+)*|\w\w+|[^\W\d_a-z]")
_STOPWORDS = {"english": frozenset({*STOPWORDS_EN, *STOPWORDS_EN_PLUS})}


class Terms:
    """Texts to terms: folded, function words left out, stemmed (Snowball)."""

    def __init__(self, language: str) -> None:
        self._stem = Stemmer.Stemmer(language).stemWord
        self._stopwords = _STOPWORDS.get(language, frozenset())

    def __call__(self, text: str) -> list[str]:
        """The terms of a text, in order, repeated where it repeats them."""
        words = _TERM.findall(NOTE_MARK.sub(" ", folded(text)))
        return [self._stem(word) for word in words if word not in self._stopwords]


class LexicalStore:
    """A bm25s index whose row is the passage's number."""

    FOLDER = "lexical"

    def __init__(self, index: bm25s.BM25, terms: Terms) -> None:
        self._index = index
        self.terms = terms
        self._postings = np.diff(index.scores["indptr"])

    @classmethod
    def from_texts(cls, texts: Sequence[str], language: str) -> Self:
        """Index the passages' texts, in the order of their numbers."""
        terms = Terms(language)
        listed = [terms(text) for text in texts]
        # Sorted, so that the same passages give the same files; "" because bm25s needs a term.
        known = sorted({"", *(term for each in listed for term in each)})
        vocabulary = {term: number for number, term in enumerate(known)}
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        with np.errstate(invalid="ignore"):  # a mean length of 0, where no text has any term
            index.index(
                ([[vocabulary[term] for term in each] for each in listed], vocabulary),
                show_progress=False,
            )
        return cls(index, terms)

    @classmethod
    def load(cls, folder: Path, language: str) -> Self:
        """Load what `save` wrote; the language is the one it was built with."""
        return cls(bm25s.BM25.load(str(folder / cls.FOLDER)), Terms(language))

    def save(self, folder: Path) -> None:
        """Write its files into a folder of its own in `folder`."""
        self._index.save(str(folder / self.FOLDER), show_progress=False)

    def __len__(self) -> int:
        return int(self._index.scores["num_docs"])

    def scores(self, terms: Sequence[str]) -> Vectors:
        """BM25 of every passage for the query's terms, shape (passages,)."""
        if not terms:
            return np.zeros(len(self), dtype=np.float32)
        scores: Vectors = self._index.get_scores(list(terms))
        return scores

    def idf(self, term: str) -> float:
        """Inverse document frequency over passages, log(1 + (N - n + .5) / (n + .5))."""
        number = self._index.vocab_dict.get(term)
        holding = 0 if number is None else int(self._postings[number])
        return float(np.log1p((len(self) - holding + 0.5) / (holding + 0.5)))

    def coverage(self, query: Collection[str], text: Collection[str]) -> float:
        """The share of the query's distinct terms, weighted by IDF, that a text holds, 0 to 1."""
        weights = {term: self.idf(term) for term in set(query)}
        total = sum(weights.values())
        held = set(text)
        return sum(w for term, w in weights.items() if term in held) / total if total else 0.0


def best(scores: Vectors, count: int, allowed: Numbers | None = None) -> Numbers:
    """Numbers of the highest scores above 0, best first, ties by number."""
    pool: Numbers = np.arange(len(scores), dtype=np.int64) if allowed is None else allowed
    pool = pool[scores[pool] > 0]
    return pool[np.argsort(-scores[pool], kind="stable")][:count]
