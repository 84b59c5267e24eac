"""From scored passages to quotes: the sentences that are the likeliest answers, verified.

The evidence for a sentence is a learned sum of its own signals, its passage's (rag/signals.py), and
whether it holds a figure where one is asked for; see rag/weights.py. A quote may take along the
sentence before it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rag.index.lexical import NOTE_MARK
from rag.lines import asks, lines_of, words_of
from rag.phrases import holds_phrases
from rag.records import Document, Passage, Quote, Sentence
from rag.retrieval import Query, ScoredPassage
from rag.stories import NO_STORIES, Stories, story_of
from rag.weights import weights

PASSAGES_READ = 10
"""The sentences of so many of the best passages are looked at."""

PASSAGES_HEARD = 3
"""And those of so many of the best passages of each perspective."""

ASKS_FIGURE = re.compile(
    r"\b(?:how (?:many|much|old|long|far|large|big|high|tall|often)|when|(?:what|which|in what) "
    r"(?:year|date|day|month|decade|century|number|percentage|percent|share|amount))\b",
    re.IGNORECASE,
)
HOLDS_FIGURE = re.compile(
    r"(?<!\d)\d+(?!\d|st\b|nd\b|rd\b|th\b)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|fifth)\b",
    re.IGNORECASE,
)

POINTS_BACK = re.compile(
    r"\W*(?!IT\b)(?i:he|she|it|they|this|these|those|that|such|his|her|its|their|however|but|and|so"
    r"|thus|therefore|hence|moreover|furthermore|also|nevertheless|nonetheless|yet|instead"
    r"|consequently|otherwise|meanwhile|the (?:former|latter|same))\b(?!-)"
)
GROWN_LENGTH = 400
"""A quote does not grow beyond so many characters."""


class Evidence(NamedTuple):
    """What speaks for a sentence as an answer: its own signals, its passage's, and its figure.

    Attributes:
        figure: see `figure_match`.
    """

    lexical: float
    late: float
    coverage: float
    passage_dense: float
    passage_lexical: float
    passage_late: float
    passage_coverage: float
    passage_pairs: float
    figure: float


MATCH_SIGNALS = ("log_odds", *Evidence._fields)
"""Names of `Candidate.match_signals`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted.

    Attributes:
        log_odds: of the sentence answering the question.
        relevance: probability that its passage bears on the question, 0 to 1.
    """

    sentence: Sentence
    passage: Passage
    evidence: Evidence
    log_odds: float
    relevance: float

    @property
    def text(self) -> str:
        """The sentence's text, as its passage holds it."""
        return self.passage.text_of(self.sentence)

    @property
    def probability(self) -> float:
        """Of the sentence answering the question, 0 to 1."""
        return logistic(self.log_odds)

    @property
    def match_signals(self) -> tuple[float, ...]:
        """What speaks for the library's answering the question, if this sentence is its best."""
        return self.log_odds, *self.evidence


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for a query.

    Attributes:
        ranking: the passages, best first.
        candidates: the sentences that may be quoted, best evidence first.
    """

    ranking: tuple[ScoredPassage, ...]
    candidates: tuple[Candidate, ...]

    @property
    def match(self) -> float:
        """Probability that the library answers the question, from its best candidate, 0 to 1."""
        if not self.candidates:
            return 0.0
        signals = np.array(self.candidates[0].match_signals)
        return logistic(float(weights().match(MATCH_SIGNALS, signals)))


def logistic(log_odds: float) -> float:
    """From log-odds to a probability."""
    return 1 / (1 + math.exp(-log_odds))


def figure_match(question: str, text: str) -> float:
    """1 if the question asks for a figure and the text holds one, -1 if not, 0 if it asks none."""
    if not ASKS_FIGURE.search(question):
        return 0.0
    return 1.0 if HOLDS_FIGURE.search(NOTE_MARK.sub("", text)) else -1.0


def is_quotable(sentence: Sentence, passage: Passage, query: Query) -> bool:
    """Whether a sentence may be quoted: one that says something, and holds the query's phrases.

    A sentence that asks is no answer, unless the query looks for its very words.
    """
    text = passage.text_of(sentence)
    if sentence.kind != "sentence" or not holds_phrases(text, query.phrases):
        return False
    return bool(query.phrases) or not asks(text)


def candidates(
    query: Query,
    ranking: Sequence[ScoredPassage],
    labels: Mapping[str, str],
    stories: Stories = NO_STORIES,
) -> list[Candidate]:
    """The quotable sentences of the best passages, each once, best evidence first.

    Args:
        query: what is asked.
        ranking: passages, best first.
        labels: id of a document -> id of its source's perspective.
        stories: near duplicates.
    """
    best: dict[tuple[str, Sentence], tuple[ScoredPassage, Evidence]] = {}
    for scored in _best(ranking, labels, stories):
        passage = scored.passage
        for sentence, signals in zip(passage.sentences, scored.sentences, strict=True):
            if is_quotable(sentence, passage, query):
                figure = figure_match(query.text, passage.text_of(sentence))
                evidence = Evidence(*signals, *scored.signals.own, figure)
                best.setdefault((passage.document, sentence), (scored, evidence))
    if not best:
        return []
    evidence_of = np.array([evidence for _, evidence in best.values()])
    log_odds = weights().sentence(Evidence._fields, evidence_of).tolist()
    found = [
        Candidate(sentence, scored.passage, evidence, each, relevance_of(scored))
        for ((_, sentence), (scored, evidence)), each in zip(best.items(), log_odds, strict=True)
    ]
    return sorted(found, key=lambda candidate: -candidate.log_odds)


def relevance_of(scored: ScoredPassage) -> float:
    """Probability that a passage bears on the question, whether or not it answers it, 0 to 1."""
    signals = np.array(scored.signals)
    return logistic(float(weights().relevance(scored.signals._fields, signals)))


def _best(
    ranking: Sequence[ScoredPassage], labels: Mapping[str, str], stories: Stories
) -> Iterator[ScoredPassage]:
    """The best passages, and the best of each perspective.

    Those that mostly say what near duplicates said are read besides them, so five copies of a
    story do not take the places of other sources.
    """
    first: dict[tuple[str, ...], str] = {}
    read: Counter[str] = Counter()
    for scored in ranking:
        name = scored.passage.document
        said = _said(scored.passage, stories)
        again = sum(len(each) for each in said if first.setdefault(each, name) != name)
        if 2 * again > sum(map(len, said)):
            yield scored
        elif read.total() < PASSAGES_READ or read[labels[name]] < PASSAGES_HEARD:
            read[labels[name]] += 1
            yield scored


def _said(passage: Passage, stories: Stories) -> list[tuple[str, ...]]:
    """The words of each sentence, behind the story that it is part of; empty for no story."""
    if passage.document not in stories:
        return []
    story = story_of(passage.document, stories)
    return [(story, *words_of(passage.text_of(each))) for each in passage.sentences]


def quote_of(candidate: Candidate, document: Document) -> Quote:
    """The candidate's sentence as a quote, checked against its document.

    Raises:
        VerbatimError: the document holds other characters there.
    """
    sentence = candidate.sentence
    return Quote.from_document(
        document,
        sentence.start,
        sentence.end,
        expected=candidate.text,
        score=candidate.probability,
        relevance=candidate.relevance,
    )


def grown(quote: Quote, document: Document) -> Quote:
    """The quote, with the sentence before it if it cannot be understood without.

    It cannot if it begins with a word that points back, or if the sentence before asks what it
    answers. Only a sentence of the same paragraph is taken, and only if both are short enough.

    Raises:
        VerbatimError: the document holds other characters there.
    """
    before = next((s for s in reversed(document.sentences) if s.end <= quote.start), None)
    if before is None or before.kind != "sentence" or quote.end - before.start > GROWN_LENGTH:
        return quote
    between = document.text[before.end : quote.start]
    asked = asks(document.text[before.start : before.end])
    if between.strip() or not (asked or POINTS_BACK.match(quote.exact)):
        return quote
    if not any(
        line.start <= before.start and quote.end <= line.end for line in lines_of(document.text)
    ):
        return quote
    expected = document.text[before.start : quote.start] + quote.exact
    return Quote.from_document(
        document,
        before.start,
        quote.end,
        expected=expected,
        score=quote.score,
        relevance=quote.relevance,
    )
