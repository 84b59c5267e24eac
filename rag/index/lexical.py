"""BM25 over stemmed terms (bm25s), and how much of a question's terms a text holds.

BM25 in Lucene's form: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, with k1 = 1.2 and b = 0.75; https://github.com/xhluca/bm25s.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self
from warnings import catch_warnings, simplefilter

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS

from rag.encoder import Vectors
from rag.index.dense import Numbers
from rag.languages import likeliest
from rag.lines import folded

NOTE_MARK = re.compile(r"\[\d{1,3}\]")
_TERM = re.compile(r"\d+(?:[.,]\d+)*|\w\w+|[^\W\d_a-z]")
_STOPWORDS = {"english": frozenset({*STOPWORDS_EN, *STOPWORDS_EN_PLUS})}


class Terms:
    """Texts to terms: function words left out, stemmed by language (Snowball), folded.

    Args:
        languages: Snowball's names of the stemmers of a library -> how many texts each is for.
    """

    def __init__(self, languages: Mapping[str, int]) -> None:
        self.languages = languages
        self._stem = {name: Stemmer.Stemmer(name).stemWord for name in languages}

    def language_of(self, question: str) -> str:
        """The stemmer for a question: that of the likeliest of the library's languages."""
        return likeliest(question, self.languages)

    def __call__(self, text: str, language: str = "") -> list[str]:
        """The terms of a text, in order, repeated where it repeats them.

        Args:
            text: of the library, or a question.
            language: the stemmer for it; if left out, the one for a question.
        """
        language = language or self.language_of(text)
        stem, stopwords = self._stem[language], _STOPWORDS.get(language, frozenset())
        words = _TERM.findall(NOTE_MARK.sub(" ", folded(text)))
        return [stem(word) for word in words if word not in stopwords]


class LexicalStore:
    """A bm25s index of passages, or of their sentences, whose row is the text's number."""

    def __init__(self, index: bm25s.BM25, terms: Terms) -> None:
        self._index = index
        self.terms = terms

    @classmethod
    def from_texts(cls, texts: Sequence[str], languages: Sequence[str]) -> Self:
        """Index texts, in the order of their numbers, each with the stemmer for its language."""
        terms = Terms(Counter(languages))
        listed = [terms(*each) for each in zip(texts, languages, strict=True)]
        # Sorted, so that the same passages give the same files; "" because bm25s needs a term.
        known = sorted({"", *(term for each in listed for term in each)})
        vocabulary = {term: number for number, term in enumerate(known)}
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        with np.errstate(invalid="ignore"), catch_warnings():
            # A mean length of 0, where no text has any term; of nothing, where there is no text.
            simplefilter("ignore", RuntimeWarning)
            index.index(
                ([[vocabulary[term] for term in each] for each in listed], vocabulary),
                show_progress=False,
            )
        return cls(index, terms)

    @classmethod
    def load(cls, folder: Path, languages: Mapping[str, int]) -> Self:
        """Load what `save` wrote; the languages are those of its texts."""
        return cls(bm25s.BM25.load(str(folder)), Terms(languages))

    def save(self, folder: Path) -> None:
        """Write its files into a folder of its own."""
        self._index.save(str(folder), show_progress=False)

    def __len__(self) -> int:
        return int(self._index.scores["num_docs"])

    def scores(self, terms: Sequence[str]) -> Vectors:
        """BM25 of every text for the query's terms, shape (texts,)."""
        if not terms:
            return np.zeros(len(self), dtype=np.float32)
        scores: Vectors = self._index.get_scores(list(terms))
        return scores

    def idf(self, term: str) -> float:
        """Inverse document frequency over the texts, log(1 + (N - n + .5) / (n + .5))."""
        holding = len(self.holding(term))
        return float(np.log1p((len(self) - holding + 0.5) / (holding + 0.5)))

    def holding(self, term: str) -> Numbers:
        """Numbers of the texts that hold a term."""
        number = self._index.vocab_dict.get(term)
        if number is None:
            return np.zeros(0, dtype=np.int64)
        start, end = self._index.scores["indptr"][number : number + 2]
        return np.asarray(self._index.scores["indices"][start:end], dtype=np.int64)

    def coverage(self, shares: Mapping[str, float]) -> Vectors:
        """For every text the sum of the shares of those terms that it holds, shape (texts,)."""
        held = np.zeros(len(self), dtype=np.float32)
        for term, share in shares.items():
            held[self.holding(term)] += share
        return held


def best(scores: Vectors, count: int, allowed: Numbers | None = None) -> Numbers:
    """Numbers of the highest scores above 0, best first, ties by number."""
    pool: Numbers = np.arange(len(scores), dtype=np.int64) if allowed is None else allowed
    pool = pool[scores[pool] > 0]
    return pool[np.argsort(-scores[pool], kind="stable")][:count]
