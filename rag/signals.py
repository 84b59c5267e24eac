"""What speaks for passages and for their sentences: words held in common, and tokens that match.

Every signal has the same range however long the question is, 0 to 1 but for cosines, so that one
set of weights serves short questions and long claims. In late interaction (Khattab and Zaharia,
"ColBERT", SIGIR 2020) each token of the question finds the token that matches it best; here the
tokens are weighted by the importance of their words and by how few candidates match them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rag.encoder import EncodedText, Vectors
from rag.importance import Word, words_of
from rag.index.generation import Generation
from rag.index.lexical import LexicalStore
from rag.index.ragged import Numbers, runs
from rag.index.tokens import similarities

SHARPNESS = 10.0
"""By this times the cosine a token's match is told from a better one, in `rarity`."""

LEAST_TOLD = 0.01
"""Rarity below this, on average, is noise: all candidates match all tokens alike."""

Floats = npt.NDArray[np.float64]


class SentenceSignals(NamedTuple):
    """What speaks for a sentence.

    Attributes:
        lexical: BM25 among all sentences, as a share of the most that the question can have.
        late: late interaction, tokens weighted by importance and rarity.
        coverage: the share of the question's terms, weighted by importance, that it holds.
    """

    lexical: float
    late: float
    coverage: float


class PassageSignals(NamedTuple):
    """What speaks for a passage: its own signals, then the best of its sentences'.

    Attributes:
        dense: cosine of the passage's and the question's vectors, -1 to 1.
        lexical: BM25 among all passages, as a share of the most that the question can have.
        late: late interaction, as for a sentence.
        coverage: as for a sentence.
        pairs: the share of the question's pairs of terms, one next to the other, that it holds so.
    """

    dense: float
    lexical: float
    late: float
    coverage: float
    pairs: float
    sentence_lexical: float
    sentence_late: float

    @property
    def own(self) -> tuple[float, float, float, float, float]:
        """Those that are not its sentences'."""
        return self[:5]


class Signals(NamedTuple):
    """Signals of some passages and of all their sentences.

    Attributes:
        passages: shape (passages, len(PassageSignals._fields)).
        sentences: shape (sentences, len(SentenceSignals._fields)), passage by passage.
        first: passage n's sentences are rows first[n] to first[n + 1], shape (passages + 1,).
    """

    passages: Floats
    sentences: Floats
    first: Numbers


def signals_of(
    text: str, encoded: EncodedText, generation: Generation, numbers: Numbers
) -> Signals:
    """The signals of the passages of these numbers, at least one, for a question."""
    rows, first = runs(generation.first_sentence, numbers)
    matches = best_matches(encoded, generation, numbers)
    by_passage: Vectors = np.maximum.reduceat(matches, first[:-1], axis=1)
    words = words_of(text, generation.lexical)
    importance = token_importance(words, encoded.spans[:, 0])
    salience = importance * rarity(by_passage)
    told = salience.sum() > LEAST_TOLD * importance.sum()
    weighing = shares(salience if told else importance)
    lexical, coverage = words_in_common(words, generation.sentences, rows)
    sentences = np.stack([lexical, weighing @ matches, coverage])
    lexical, coverage = words_in_common(words, generation.lexical, numbers)
    passages = np.stack(
        [
            generation.dense.scores(encoded.vector, numbers),
            lexical,
            weighing @ by_passage,
            coverage,
            pairs_held(words, generation, numbers),
            *np.maximum.reduceat(sentences[:2], first[:-1], axis=1),
        ]
    )
    return Signals(passages.T.astype(np.float64), sentences.T.astype(np.float64), first)


def words_in_common(
    words: Sequence[Word], store: LexicalStore, rows: Numbers
) -> tuple[Vectors, Vectors]:
    """BM25 as a share of the most that it can be, and the share of terms held, of these texts."""
    terms = [term for word in words for term in word.terms]
    importance = {term: word.importance for word in words for term in word.terms}
    total = sum(importance.values()) or 1
    shares = {term: weight / total for term, weight in importance.items()}
    scores = store.scores(terms, rows) / (sum(map(store.idf, terms)) or 1)
    return scores, store.coverage(shares, rows)


def pairs_held(words: Sequence[Word], generation: Generation, numbers: Numbers) -> Floats:
    """The share of the question's pairs of neighbouring terms that are neighbours in a passage.

    Weighted by the importance of both. An ordered window of two, as in Metzler and Croft, "A Markov
    Random Field Model for Term Dependencies", SIGIR 2005; function words do not part neighbours.

    Returns:
        Shape (passages,); 0 where the question has no pair.
    """
    terms = [(term, word.importance) for word in words for term in word.terms]
    weights = {(a, b): more + less for (a, more), (b, less) in pairwise(terms)}
    lexical = generation.lexical
    holding = {term: lexical.coverage({term: 1.0}, numbers) > 0 for term, _ in terms}
    held = np.zeros(len(numbers))
    candidates = [holding[a] & holding[b] for a, b in weights]
    for place in np.flatnonzero(np.any(candidates, axis=0)) if candidates else ():
        passage = generation.texts.passages[numbers[place]]
        stemmer = generation.stemmers[passage.document]
        found = set(pairwise(lexical.terms(passage.text, stemmer)))
        held[place] = sum(weight for pair, weight in weights.items() if pair in found)
    return held / (sum(weights.values()) or 1)


def best_matches(encoded: EncodedText, generation: Generation, numbers: Numbers) -> Vectors:
    """For each token of the question the highest cosine in each sentence of these passages.

    Returns:
        Shape (tokens, sentences), passage by passage; 0 for a sentence that has no tokens.
    """
    tokens = generation.tokens.of(numbers)
    starts = []
    for place, number in enumerate(numbers):
        passage = generation.texts.passages[number]
        own = tokens.starts[tokens.rows[place] : tokens.rows[place + 1]]
        begins = [sentence.start - passage.start for sentence in passage.sentences]
        starts.append(tokens.rows[place] + np.searchsorted(own, begins))
    return highest_in_runs(similarities(encoded.tokens, tokens.bits), np.concatenate(starts))


def highest_in_runs(values: Vectors, starts: Numbers) -> Vectors:
    """The highest of each run of columns, from one start to the next; 0 for a run of none.

    Args:
        values: shape (rows, columns), none below -1.
        starts: column where each run starts, ascending, shape (runs,).
    """
    closed = np.concatenate([values, np.full((len(values), 1), -1, dtype=np.float32)], axis=1)
    highest: Vectors = np.maximum.reduceat(closed, starts, axis=1)
    highest[:, np.diff(starts, append=values.shape[1]) == 0] = 0
    return highest


def token_importance(words: Sequence[Word], starts: Numbers) -> Floats:
    """The importance of the word that each token is part of, shared among the word's tokens.

    Args:
        words: of a text.
        starts: where each of its tokens starts in it, shape (tokens,).

    Returns:
        Shape (tokens,); 0 for punctuation.
    """
    importance = np.zeros(len(starts))
    for word in words:
        parts = (starts >= word.start) & (starts < word.end)
        importance[parts] = word.importance / max(parts.sum(), 1)
    return importance


def rarity(matches: Vectors) -> Floats:
    """How few of the candidates match each token of the question as well as the best one does.

    Args:
        matches: highest cosine of each token in each candidate, shape (tokens, candidates).

    Returns:
        From 0, where all match alike, to the logarithm of their number; shape (tokens,).
    """
    behind = matches - matches.max(axis=1, keepdims=True)
    return np.asarray(-np.log(np.exp(SHARPNESS * behind).mean(axis=1)), dtype=np.float64)


def shares(weights: Floats) -> Floats:
    """Weights scaled to a sum of 1, or all equal where there is nothing to scale."""
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(weights), 1 / max(len(weights), 1))
