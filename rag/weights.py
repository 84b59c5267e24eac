"""What was learned on judged collections: `weights.json`, made by benchmarks/learn_weights.py."""

from functools import cache
from importlib.resources import files

from rag.records import Record


class Evidence(Record):
    """Logistic regression: is this sentence, in this passage, an answer to the question?

    Attributes:
        sentence_dense: weight of the cosine of question and sentence.
        passage_coverage: weight of the share of the question's terms that the passage holds.
        sentence_coverage: weight of the share that the sentence holds.
        figure: weight of 1 if the question asks for a figure and the sentence holds one, of -1 if
            it holds none; 0 if the question asks for none.
        bias: added to the weighted sum.
    """

    sentence_dense: float
    passage_coverage: float
    sentence_coverage: float
    figure: float
    bias: float


class Match(Record):
    """Platt scaling: from the best sentence's log-odds to those that the library answers.

    Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
    """

    slope: float
    bias: float


class Weights(Record):
    """All learned numbers.

    Attributes:
        made_by: the command that makes this file again.
        dense: share of the dense score in the convex sum; the rest is the lexical score's.
        evidence: of a sentence as an answer.
        match: of the library as a whole with the question.
        answer_at: match below which the library abstains.
        cite_at: evidence, as a share of the best sentence's, that a quote has at least.
    """

    made_by: str
    dense: float
    evidence: Evidence
    match: Match
    answer_at: float
    cite_at: float


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    return Weights.model_validate_json(files("rag").joinpath("weights.json").read_bytes())
