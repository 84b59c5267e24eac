"""From scored passages to quotes: the sentences that are the likeliest answers, verified.

The evidence for a sentence is a logistic regression over how near the question is to the sentence
and to its passage, in vectors and in words; see rag/weights.py.
"""

import math
import re
from collections.abc import Sequence

import numpy as np

from rag.encoder import Encoder, Vectors
from rag.index.generation import Generation
from rag.phrases import holds_phrases
from rag.records import Document, Passage, Quote, Record, ScoredPassage, Sentence
from rag.retrieval import Query
from rag.weights import weights

PASSAGES_READ = 10
"""The sentences of so many of the best passages are looked at."""

ASKING = re.compile(r"[?？؟][\"'”’»)\]]*$")


class Candidate(Record):
    """A sentence that may be quoted, with the features of its evidence."""

    sentence: Sentence
    passage: Passage
    passage_dense: float
    sentence_dense: float
    passage_coverage: float
    sentence_coverage: float

    @property
    def text(self) -> str:
        """The sentence's text, as its passage holds it."""
        return sentence_text(self.passage, self.sentence)

    @property
    def evidence(self) -> float:
        """Probability that the sentence answers the question, 0 to 1."""
        learned = weights().evidence
        logit = (
            learned.passage_dense * self.passage_dense
            + learned.sentence_dense * self.sentence_dense
            + learned.passage_coverage * self.passage_coverage
            + learned.sentence_coverage * self.sentence_coverage
            + learned.bias
        )
        return 1 / (1 + math.exp(-logit))


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
            passage_dense=scored.dense,
            sentence_dense=float(cosine),
            passage_coverage=coverage[scored.passage.number],
            sentence_coverage=lexical.coverage(terms, lexical.terms(text)),
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
