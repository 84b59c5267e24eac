"""BM25 over stemmed terms (bm25s), and how much of a question's terms a text holds.

BM25 in Lucene's form: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009, with k1 = 1.2 and b = 0.75; https://github.com/xhluca/bm25s.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self
from warnings import catch_warnings, simplefilter

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS

from rag.encoder import Vectors
from rag.index.dense import Numbers
from rag.index.durable import save_array
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


class Scored(NamedTuple):
    """BM25 of every term in every text that holds it, a sparse matrix by columns.

    Attributes:
        data: the scores, column after column, shape (holdings,).
        indices: the text of each, rising in a column, shape (holdings,).
        indptr: term n's column is indptr[n] to indptr[n + 1], shape (terms + 1,).
    """

    data: Vectors
    indices: npt.NDArray[np.int32]
    indptr: npt.NDArray[np.int64]


class LexicalStore:
    """BM25 of passages, or of their sentences, whose row is the text's number; memory-mapped."""

    TERMS = "terms.json"
    FILES = {"data": "data.npy", "indices": "indices.npy", "indptr": "indptr.npy"}

    def __init__(self, scored: Scored, known: Sequence[str], texts: int, terms: Terms) -> None:
        self._scored = scored
        self._known = known
        self._numbers = {term: number for number, term in enumerate(known)}
        self._texts = texts
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
        scored = Scored(*(np.asarray(index.scores[name]) for name in Scored._fields))
        return cls(scored, known, len(texts), terms)

    @classmethod
    def load(cls, folder: Path, languages: Mapping[str, int]) -> Self:
        """Map what `save` wrote into memory; the languages are those of its texts."""
        told = json.loads((folder / cls.TERMS).read_bytes())
        arrays = {name: np.load(folder / file, mmap_mode="r") for name, file in cls.FILES.items()}
        return cls(Scored(**arrays), told["terms"], told["texts"], Terms(languages))

    def save(self, folder: Path) -> None:
        """Write its files into a folder of its own."""
        folder.mkdir()
        for name, array in self._scored._asdict().items():
            save_array(folder / self.FILES[name], array)
        told = {"texts": self._texts, "terms": self._known}
        (folder / self.TERMS).write_text(json.dumps(told), encoding="utf-8")

    def __len__(self) -> int:
        return self._texts

    def _column(self, term: str) -> slice:
        """Where the texts stand that hold a term."""
        number = self._numbers.get(term)
        if number is None:
            return slice(0, 0)
        return slice(*self._scored.indptr[number : number + 2])

    def scores(self, terms: Sequence[str]) -> Vectors:
        """BM25 of every text for the query's terms, shape (texts,)."""
        scores = np.zeros(len(self), dtype=np.float32)
        for term in terms:
            column = self._column(term)
            scores[self._scored.indices[column]] += self._scored.data[column]
        return scores

    def idf(self, term: str) -> float:
        """Inverse document frequency over the texts, log(1 + (N - n + .5) / (n + .5))."""
        holding = len(self.holding(term))
        return float(np.log1p((len(self) - holding + 0.5) / (holding + 0.5)))

    def holding(self, term: str) -> Numbers:
        """Numbers of the texts that hold a term."""
        return np.asarray(self._scored.indices[self._column(term)], dtype=np.int64)

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
