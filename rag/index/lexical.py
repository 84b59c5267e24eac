"""BM25 over stemmed terms, and how much of a question's terms a text holds.

BM25 in Lucene's form: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009. What is kept is how often each term stands in each text, which no other text changes;
the score is made of it when it is asked for.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS

from rag.encoder import Vectors
from rag.index.durable import save_array
from rag.index.ragged import Numbers
from rag.languages import likeliest
from rag.lines import folded

K1, B = 1.2, 0.75
"""How soon a term that is repeated tells no more, and how much the length of a text counts."""

NOTE_MARK = re.compile(r"\[\d{1,3}\]")
_TERM = re.compile(r"\d+(?:[.,]\d+)*|\w\w+|[^\W\d_a-z]")
_APOSTROPHE = {ord("ʼ"): "'"}  # by itself it is a letter
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
        words = _TERM.findall(NOTE_MARK.sub(" ", folded(text.translate(_APOSTROPHE))))
        return [stem(word) for word in words if word not in stopwords]


class Held(NamedTuple):
    """Triples: a text, the number of a term, and how often it stands there."""

    places: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    times: npt.NDArray[np.uint32]


class Counts(NamedTuple):
    """How often each term stands in each text that holds it, a sparse matrix by columns.

    Attributes:
        data: how often, column after column, shape (holdings,).
        indices: the text of each, rising in a column, shape (holdings,).
        indptr: term n's column is indptr[n] to indptr[n + 1], shape (terms + 1,).
        lengths: how many terms each text has, repeated ones as often as it repeats them,
            shape (texts,).
    """

    data: npt.NDArray[np.uint32]
    indices: npt.NDArray[np.int32]
    indptr: Numbers
    lengths: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, held: Held, lengths: npt.NDArray[np.uint32], terms: int) -> Self:
        """From triples, in any order: a text, the number of a term, how often it stands there."""
        from scipy.sparse import coo_matrix  # only a build needs it

        places, columns, times = held
        matrix = coo_matrix((times, (places, columns)), shape=(len(lengths), terms)).tocsc()
        matrix.sort_indices()
        return cls(
            matrix.data.astype(np.uint32, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.indptr.astype(np.int64),
            lengths,
        )


class LexicalStore:
    """Terms of passages, or of their sentences, whose row is the text's number; memory-mapped."""

    TERMS = "terms.json"

    def __init__(self, counts: Counts, known: Sequence[str], terms: Terms) -> None:
        self._counts = counts
        self._known = known
        self._numbers = {term: number for number, term in enumerate(known)}
        self._mean = float(counts.lengths.mean()) if len(counts.lengths) else 0.0
        self.terms = terms

    @classmethod
    def from_texts(cls, texts: Sequence[str], languages: Sequence[str]) -> Self:
        """Index texts, in the order of their numbers, each with the stemmer for its language."""
        terms = Terms(Counter(languages))
        listed = [terms(*each) for each in zip(texts, languages, strict=True)]
        known = sorted({term for each in listed for term in each})
        numbers = {term: number for number, term in enumerate(known)}
        columns = np.array([numbers[term] for each in listed for term in each], dtype=np.int32)
        lengths = np.array(list(map(len, listed)), dtype=np.uint32)
        places = np.repeat(np.arange(len(listed), dtype=np.int32), lengths)
        held = Held(places, columns, np.ones(len(columns), dtype=np.uint32))
        counts = Counts.of(held, lengths, len(known))
        return cls(counts, known, terms)

    @classmethod
    def joined(cls, before: "LexicalStore", after: "LexicalStore", rows: Numbers) -> Self:
        """The texts at these rows, each once, if those of the second store follow the first's.

        It is there to be saved: as its languages it takes those of both, whatever the texts.
        """
        every = sorted({*before._known, *after._known})
        numbers = {term: number for number, term in enumerate(every)}
        renumbered = np.full(len(before) + len(after), -1, dtype=np.int32)
        renumbered[rows] = np.arange(len(rows), dtype=np.int32)
        parts = (
            before._renumbered(numbers, renumbered),
            after._renumbered(numbers, renumbered[len(before) :]),
        )
        places, columns, times = (np.concatenate(each) for each in zip(*parts, strict=True))
        holds = np.zeros(len(every), dtype=bool)
        holds[columns] = True
        own = (np.cumsum(holds) - 1).astype(np.int32)
        lengths = np.concatenate([before._counts.lengths, after._counts.lengths])[rows]
        counts = Counts.of(Held(places, own[columns], times), lengths, int(holds.sum()))
        languages = Counter(before.terms.languages) + Counter(after.terms.languages)
        held = [term for term, is_held in zip(every, holds, strict=True) if is_held]
        return cls(counts, held, Terms(languages))

    def _renumbered(self, numbers: Mapping[str, int], renumbered: npt.NDArray[np.int32]) -> Held:
        """What its texts hold, by these numbers of terms and texts; -1 for a text that goes."""
        places = renumbered[self._counts.indices]
        own = np.array([numbers[term] for term in self._known], dtype=np.int32)
        columns = np.repeat(own, np.diff(self._counts.indptr))
        stays = places >= 0
        if stays.all():
            return Held(places, columns, np.asarray(self._counts.data))
        return Held(places[stays], columns[stays], self._counts.data[stays])

    @classmethod
    def load(cls, folder: Path, languages: Mapping[str, int]) -> Self:
        """Map what `save` wrote into memory; the languages are those of its texts."""
        known = json.loads((folder / cls.TERMS).read_bytes())
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in Counts._fields}
        return cls(Counts(**arrays), known, Terms(languages))

    def save(self, folder: Path) -> None:
        """Write its files into a folder of its own."""
        folder.mkdir()
        for name, array in self._counts._asdict().items():
            save_array(folder / f"{name}.npy", array)
        (folder / self.TERMS).write_text(json.dumps(self._known), encoding="utf-8")

    def __len__(self) -> int:
        return len(self._counts.lengths)

    def _column(self, term: str) -> slice:
        """Where the texts stand that hold a term."""
        number = self._numbers.get(term)
        if number is None:
            return slice(0, 0)
        return slice(*self._counts.indptr[number : number + 2])

    def _held(self, term: str, rows: Numbers | None) -> tuple[slice | Numbers, Numbers]:
        """Where in the matrix a term's holdings stand, and where in an answer these belong.

        Args:
            term: any.
            rows: the only texts that are asked for; None for all.
        """
        column = self._column(term)
        holding = self._counts.indices[column]
        if rows is None:
            return column, holding.astype(np.int64)
        found = np.searchsorted(holding, rows.astype(holding.dtype))
        inside = np.flatnonzero(found < len(holding))
        inside = inside[holding[found[inside]] == rows[inside]]
        return column.start + found[inside], inside

    def scores(self, terms: Sequence[str], rows: Numbers | None = None) -> Vectors:
        """BM25 for the query's terms of the texts of these numbers, or of all.

        Returns:
            Shape (rows,), or (texts,).
        """
        scores = np.zeros(len(self) if rows is None else len(rows), dtype=np.float32)
        for term in terms:
            places, belong = self._held(term, rows)
            times = self._counts.data[places].astype(np.float64)
            lengths = self._counts.lengths[self._counts.indices[places]]
            norms = K1 * (1 - B + B * lengths / (self._mean or 1.0))
            scores[belong] += (self.idf(term) * times / (times + norms)).astype(np.float32)
        return scores

    def idf(self, term: str) -> float:
        """Inverse document frequency over the texts, log(1 + (N - n + .5) / (n + .5))."""
        column = self._column(term)
        holding = column.stop - column.start
        return float(np.log1p((len(self) - holding + 0.5) / (holding + 0.5)))

    def holding(self, term: str) -> Numbers:
        """Numbers of the texts that hold a term."""
        return np.asarray(self._counts.indices[self._column(term)], dtype=np.int64)

    def coverage(self, shares: Mapping[str, float], rows: Numbers | None = None) -> Vectors:
        """For these texts, or for all, the sum of the shares of those terms that each holds.

        Returns:
            Shape (rows,), or (texts,).
        """
        held = np.zeros(len(self) if rows is None else len(rows), dtype=np.float32)
        for term, share in shares.items():
            held[self._held(term, rows)[1]] += share
        return held


def best(scores: Vectors, count: int, allowed: Numbers | None = None) -> Numbers:
    """Numbers of the highest scores above 0, best first, ties by number."""
    pool: Numbers = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
    if len(pool) > count > 0:
        least = np.partition(scores[pool], len(pool) - count)[len(pool) - count]
        pool = pool[scores[pool] >= least]
    return pool[np.argsort(-scores[pool], kind="stable")][:count]
