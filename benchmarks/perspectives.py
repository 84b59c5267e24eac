"""Whether all sides are heard: the citations of answers, beside the same by relevance alone.

    python benchmarks/perspectives.py COLLECTION [--sample N] [--json]
    python benchmarks/perspectives.py INDEX JUDGEMENTS.jsonl [--json]

COLLECTION is a folder in the BEIR layout whose corpus gives each document's `perspective`; a
citation is relevant if its document is judged so. Or a library's INDEX is asked the questions of
JUDGEMENTS, lines {"question", "relevant": [{"document", "start", "end"}]}; a citation is relevant
if it overlaps a span.

Asked are the questions for which at least two perspectives are judged relevant. `all heard`: the
share for whose every such perspective one of the first six citations is relevant. `sides heard`:
the mean share of such perspectives (subtopic recall). alpha-nDCG@6 (Clarke et al., SIGIR 2008)
and ERR-IA@6 (Chapelle et al., "Intent-based Diversification of Web Search Results", 2011), by ir-
measures and pyndeval, with perspectives as subtopics. `nDCG@10` is over the documents in the
order in which they are cited, then ranked; `none`: the share of questions to which the program
keeps silent; they are answered here all the same.
"""

import argparse
import json
import math
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from judged import CACHE

from rag.answering import Library
from rag.encoder import Encoder
from rag.evaluation.collection import Collection
from rag.evaluation.library import open_library
from rag.quotes import quote_of
from rag.records import Quote
from rag.settings import Settings
from rag.weights import weights

CITATIONS = 6
DEPTH = 10
SETTINGS = Settings(max_citations=2 * DEPTH)

Spans = Mapping[str, Sequence[tuple[int, float]]]
"""Id of a document -> where what is relevant begins and ends."""


@dataclass(frozen=True)
class Question:
    """A question, what is relevant to it, and from which perspectives."""

    text: str
    relevant: Spans
    sides: frozenset[str]


def main() -> None:
    """Ask all, and print the figures of both orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("judgements", type=Path, nargs="?")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.judgements:
        library = Library.open(options.library, SETTINGS)
        questions = of_library(library, options.judgements)
    else:
        library, questions = of_collection(options.library, options.sample)
    found = measured(library, [each for each in questions if len(each.sides) > 1])
    if options.json:
        print(json.dumps(found))
        return
    for order, figures in found.items():
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        print(f"{order}: {told}")


def of_collection(folder: Path, sample: int | None) -> tuple[Library, list[Question]]:
    """The library of a collection, and its questions."""
    encoder = Encoder.load(SETTINGS.model)
    judged = open_library(Collection.read(folder), encoder, SETTINGS, CACHE)
    labels = labels_of(judged.library)
    questions = []
    for query in judged.collection.sample(sample):
        holders = judged.holders(query)
        spans = {name: [(0, math.inf)] for name in holders}
        sides = frozenset(labels[name] for name in holders)
        questions.append(Question(judged.collection.queries[query], spans, sides))
    return judged.library, questions


def of_library(library: Library, path: Path) -> list[Question]:
    """The questions that were judged for a library."""
    labels = labels_of(library)
    questions = []
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        spans = defaultdict(list)
        for span in row["relevant"]:
            spans[span["document"]].append((span["start"], span["end"]))
        sides = frozenset(labels[name] for name in spans)
        questions.append(Question(row["question"], spans, sides))
    return questions


def labels_of(library: Library) -> dict[str, str]:
    """The perspective of each document."""
    return {name: each.source.perspective.id for name, each in library.documents.items()}


def measured(library: Library, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    """The figures of both orders."""
    orders: dict[str, list[Sequence[Quote]]] = {"balanced": [], "by relevance": []}
    rankings = []
    silent = 0
    for each in questions:
        _, found = library.look(each.text)
        silent += found.match < weights().answer_at
        quotes = [quote_of(c, library.documents[c.passage.document]) for c in found.candidates]
        orders["by relevance"].append(apart(quotes, SETTINGS.max_citations))
        orders["balanced"].append(library.ask(each.text, abstain=False).citations)
        rankings.append([scored.passage.document for scored in found.ranking])
    labels = labels_of(library)
    return {
        name: {
            "questions": len(questions),
            **heard(questions, answers, labels),
            f"nDCG@{DEPTH}": ndcg(questions, answers, rankings),
            "none": silent / len(questions),
        }
        for name, answers in orders.items()
    }


def apart(quotes: Iterable[Quote], count: int) -> list[Quote]:
    """The quotes with the highest scores, none overlapping another."""
    chosen: list[Quote] = []
    for quote in sorted(quotes, key=lambda each: -each.score):
        if len(chosen) < count and not any(quote.overlaps(each) for each in chosen):
            chosen.append(quote)
    return chosen


def is_relevant(quote: Quote, question: Question) -> bool:
    """Whether it overlaps what was judged relevant."""
    return any(
        quote.start < end and start < quote.end
        for start, end in question.relevant.get(quote.document, ())
    )


def heard(
    questions: Sequence[Question], answers: Sequence[Sequence[Quote]], labels: Mapping[str, str]
) -> dict[str, float]:
    """Measures of the first citations, with perspectives as subtopics."""
    qrels, run, whole, relevant = [], [], [], []
    for number, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        first = answer[:CITATIONS]
        right = [quote for quote in first if is_relevant(quote, question)]
        whole.append({labels[quote.document] for quote in right} == question.sides)
        relevant.append(len(right) / max(len(first), 1))
        for rank, quote in enumerate(first):
            run.append(ir_measures.ScoredDoc(str(number), str(rank), 1 / (1 + rank)))
            if quote in right:
                side = labels[quote.document]
                qrels.append(ir_measures.Qrel(str(number), str(rank), 1, side))
        # What was judged and not cited, so that the best order is that of all there is.
        for document, spans in question.relevant.items():
            for place, _ in enumerate(spans):
                name = f"{document}#{place}"
                qrels.append(ir_measures.Qrel(str(number), name, 1, labels[document]))
    names = {
        f"StRecall@{CITATIONS}": "sides heard",
        f"alpha_nDCG@{CITATIONS}": f"alpha-nDCG@{CITATIONS}",
        f"ERR_IA@{CITATIONS}": f"ERR-IA@{CITATIONS}",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ir_measures.calc_aggregate([*map(ir_measures.parse_measure, names)], qrels, run)
    return {
        "all heard": float(np.mean(whole)),
        **{names[str(measure)]: float(value) for measure, value in found.items()},
        "relevant": float(np.mean(relevant)),
    }


def ndcg(
    questions: Sequence[Question],
    answers: Sequence[Sequence[Quote]],
    rankings: Sequence[Sequence[str]],
) -> float:
    """Discounted gain of the documents, as they are cited and then as they are ranked."""
    gains = []
    for question, answer, ranking in zip(questions, answers, rankings, strict=True):
        order = [*dict.fromkeys([*(quote.document for quote in answer), *ranking])][:DEPTH]
        best = sum(1 / math.log2(n + 2) for n in range(min(DEPTH, len(question.relevant))))
        gain = sum(1 / math.log2(n + 2) for n, d in enumerate(order) if d in question.relevant)
        gains.append(gain / best)
    return float(np.mean(gains))


if __name__ == "__main__":
    main()
