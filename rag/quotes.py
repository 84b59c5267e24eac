"""From scored passages to quotes: the sentences that are the likeliest answers, verified.

The evidence for a sentence is a logistic regression over how near the question is to the sentence
in vectors, and to it and its passage in words; see rag/weights.py.
"""

import math
import re
from collections.abc import Sequence

import numpy as np

from rag.encoder import Encoder, Vectors
from rag.index.generation import Generation
from rag.index.lexical import NOTE_MARK
from rag.phrases import holds_phrases
from rag.records import Document, Passage, Quote, Record, ScoredPassage, Sentence
from rag.retrieval import Query
from rag.weights import weights

PASSAGES_READ = 10
"""The sentences of so many of the best passages are looked at."""

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

ASKING = re.compile(r"[?？؟][\"'”’»)\]]*$")


class Candidate(Record):
    """A sentence that may be quoted, with the features of its evidence."""

    sentence: Sentence
    passage: Passage
    sentence_dense: float
    passage_coverage: float
    sentence_coverage: float
    figure: float

    @property
    def text(self) -> str:
        """The sentence's text, as its passage holds it."""
        return sentence_text(self.passage, self.sentence)

    @property
    def log_odds(self) -> float:
        """Of the sentence answering the question."""
        learned = weights().evidence
        return (
            learned.sentence_dense * self.sentence_dense
            + learned.passage_coverage * self.passage_coverage
            + learned.sentence_coverage * self.sentence_coverage
            + learned.figure * self.figure
            + learned.bias
        )

    @property
    def evidence(self) -> float:
        """Probability that the sentence answers the question, 0 to 1."""
        return logistic(self.log_odds)


class Found(Record):
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
        learned = weights().match
        return logistic(learned.slope * self.candidates[0].log_odds + learned.bias)


def logistic(log_odds: float) -> float:
    """From log-odds to a probability."""
    return 1 / (1 + math.exp(-log_odds))


def figure_match(question: str, text: str) -> float:
    """1 if the question asks for a figure and the text holds one, -1 if not, 0 if it asks none."""
    if not ASKS_FIGURE.search(question):
        return 0.0
    return 1.0 if HOLDS_FIGURE.search(NOTE_MARK.sub("", text)) else -1.0


def sentence_text(passage: Passage, sentence: Sentence) -> str:
    """The part of a passage's text that is this sentence."""
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def is_quotable(sentence: Sentence, passage: Passage, query: Query) -> bool:
    """Whether a sentence may be quoted: one that says something, and holds the query's phrases.

    A sentence that asks is no answer, unless the query looks for its very words.
    """
    text = sentence_text(passage, sentence)
    if sentence.kind != "sentence" or not holds_phrases(text, query.phrases):
        return False
    return bool(query.phrases) or not ASKING.search(text)


def candidates(
    query: Query,
    vector: Vectors,
    ranking: Sequence[ScoredPassage],
    generation: Generation,
    encoder: Encoder,
) -> list[Candidate]:
    """The quotable sentences of the best passages, each once, best evidence first."""
    best: dict[tuple[str, Sentence], ScoredPassage] = {}
    for scored in ranking[:PASSAGES_READ]:
        for sentence in scored.passage.sentences:
            if is_quotable(sentence, scored.passage, query):
                best.setdefault((scored.passage.document, sentence), scored)
    if not best:
        return []
    pairs = [(sentence, scored) for (_, sentence), scored in best.items()]
    lexical = generation.lexical
    terms = lexical.terms(query.text)
    coverage = {
        scored.passage.number: lexical.coverage(terms, lexical.terms(scored.passage.text))
        for scored in ranking[:PASSAGES_READ]
    }
    texts = [sentence_text(scored.passage, sentence) for sentence, scored in pairs]
    cosines = encoder.encode_documents(texts) @ vector
    found = [
        Candidate(
            sentence=sentence,
            passage=scored.passage,
            sentence_dense=float(cosine),
            passage_coverage=coverage[scored.passage.number],
            sentence_coverage=lexical.coverage(terms, lexical.terms(text)),
            figure=figure_match(query.text, text),
        )
        for (sentence, scored), text, cosine in zip(pairs, texts, np.asarray(cosines), strict=True)
    ]
    return sorted(found, key=lambda candidate: -candidate.evidence)


def quote_of(candidate: Candidate, document: Document) -> Quote:
    """The candidate's sentence as a quote, checked against its document.

    Raises:
        VerbatimError: the document holds other characters there.
    """
    sentence = candidate.sentence
    return Quote.from_document(
        document, sentence.start, sentence.end, expected=candidate.text, score=candidate.evidence
    )
