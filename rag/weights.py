"""What was learned on judged collections: `weights.json`, made by benchmarks/learn_weights.py."""

from functools import cache
from importlib.resources import files

from rag.records import Record


class Evidence(Record):
    """Logistic regression: is this sentence, in this passage, an answer to the question?

    Attributes:
        passage_dense: weight of the cosine of question and passage.
        sentence_dense: weight of the cosine of question and sentence.
        passage_coverage: weight of the share of the question's terms that the passage holds.
        sentence_coverage: weight of the share that the sentence holds.
        bias: added to the weighted sum.
    """

    passage_dense: float
    sentence_dense: float
    passage_coverage: float
    sentence_coverage: float
    bias: float


class Weights(Record):
    """All learned numbers.

    Attributes:
        made_by: the command that makes this file again.
        dense: share of the dense score in the convex sum; the rest is the lexical score's.
        evidence: of a sentence as an answer.
        answer_at: evidence below which the best sentence is no answer, and the library abstains.
        cite_at: evidence, as a share of the best sentence's, that a quote has at least.
    """

    made_by: str
    dense: float
    evidence: Evidence
    answer_at: float
    cite_at: float


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    return Weights.model_validate_json(files("rag").joinpath("weights.json").read_bytes())
