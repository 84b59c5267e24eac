"""Which figures are paired as figures of the same thing, measured on pairs judged by reading.

python benchmarks/figures.py JUDGED.jsonl INDEX [--json] [--errors]
python benchmarks/figures.py --questions QUESTIONS INDEX

Each judged line names two figures of two documents, with their sentences, and says whether they
are of the same thing. A pair counts as found if `rag.figures.comparisons`, given the one's sentence
as a citation and the other's as a near passage, returns a comparison that holds both figures. With
--questions it asks a library every line of a file (a question, or JSON with one) and prints all
that is compared in the answers, for somebody to read.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.answering import Library
from rag.figures import comparisons
from rag.records import Citation, Comparison, Document, Quote
from rag.retrieval import Query

NEAR = 15
"""So many of the best passages are looked at for figures that are not quoted."""


def main() -> None:
    """Measure, or print what is compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print pairs that are judged wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    library = Library.open(options.index)
    lines = options.file.read_text("utf-8").splitlines()
    if options.questions:
        for question in filter(None, map(_question, lines)):
            _show(question, asked(library, question))
        return
    measured = measure(library, [json.loads(line) for line in lines if line], options.errors)
    if options.json:
        print(json.dumps(measured))
    else:
        print("\n".join(f"{name:28} {value:8.3f}" for name, value in measured.items()))


def measure(
    library: Library, judged: Sequence[dict[str, Any]], errors: bool = False
) -> dict[str, float]:
    """Precision and recall of the pairs, and how often "agree" and "differ" are told apart."""
    same = paired = right = related = 0
    for pair in judged:
        found = _comparison_of(library, pair)
        same += pair["same"]
        paired += found is not None
        right += found is not None and pair["same"]
        relation = found and ("agree" if found.agreed else "differ")
        related += found is not None and pair["same"] and relation == pair["relation"]
        if errors and (found is not None) != pair["same"]:
            _tell(library.documents, pair, "missed" if pair["same"] else "wrong")
    return {
        "pairs": len(judged),
        "same": same,
        "paired": paired,
        "precision": right / paired if paired else 1.0,
        "recall": right / same if same else 1.0,
        "relation": related / right if right else 1.0,
    }


def asked(library: Library, question: str) -> tuple[Comparison, ...]:
    """What is compared in the answer to a question."""
    answer = library.ask(question, abstain=False)
    query = Query(question=question, text=question)
    passages = [scored.passage for scored in library.search(query).ranking[:NEAR]]
    cited = {(c.document, s.start) for c in answer.citations for s in _inside(library, c)}
    near = [
        _quote(library.documents[passage.document], sentence.start, sentence.end)
        for passage in passages
        for sentence in passage.sentences
        if (passage.document, sentence.start) not in cited
    ]
    return _compared(library, answer.citations, near)


def _inside(library: Library, quote: Quote) -> Iterator[Any]:
    for sentence in library.documents[quote.document].sentences:
        if quote.start <= sentence.start and sentence.end <= quote.end:
            yield sentence


def _compared(
    library: Library, cited: Sequence[Citation], near: Sequence[Quote]
) -> tuple[Comparison, ...]:
    stories = library.generation.texts.stories
    return comparisons(cited, near, library.occasions, library.closeness, stories)


def _comparison_of(library: Library, pair: dict[str, Any]) -> Comparison | None:
    one, other = (
        _quote(library.documents[side["document"]], side["sentence_start"], side["sentence_end"])
        for side in (pair["a"], pair["b"])
    )
    cited = Citation.of(one, number=1, source=library.documents[one.document].source)
    for comparison in _compared(library, [cited], [other]):
        sides = (pair["a"], pair["b"])
        if all(_holds(comparison, s, library.documents[s["document"]].text) for s in sides):
            return comparison
    return None


def _holds(comparison: Comparison, side: dict[str, Any], text: str) -> bool:
    """Whether a figure is compared; a headline and its first sentence may give it twice."""
    return any(
        figure.document == side["document"]
        and (
            (figure.start < side["end"] and side["start"] < figure.end)
            or _number(figure.exact) == _number(text[side["start"] : side["end"]])
        )
        for figure in comparison.figures
    )


def _number(words: str) -> str:
    return "".join(filter(str.isdigit, words)) or words.lower()


def _quote(document: Document, start: int, end: int) -> Quote:
    return Quote.from_document(document, start, end, expected=document.text[start:end], score=0.5)


def _question(line: str) -> str:
    return str(json.loads(line)["question"]) if line.startswith("{") else line.strip()


def _show(question: str, found: Iterable[Comparison]) -> None:
    print(f"\n# {question}")
    for comparison in found:
        about = " ".join(words.exact for words in comparison.about)
        print(f"  {'agreed' if comparison.agreed else 'differ'} · {comparison.kind} · {about}")
        for figure in comparison.figures:
            number = f"[{figure.citation}]" if figure.citation else "near"
            text = " ".join(figure.sentence.exact.split())
            print(
                f"    {figure.exact} {number} {figure.document} {figure.source.published}: {text}"
            )


def _tell(documents: Mapping[str, Document], pair: dict[str, Any], verdict: str) -> None:
    print(f"\n{verdict}: {pair.get('about', '')} ({pair['relation']})")
    for side in (pair["a"], pair["b"]):
        document = documents[side["document"]]
        text = document.text
        before, after = text[side["sentence_start"] : side["start"]], text[side["end"] :]
        after = after[: side["sentence_end"] - side["end"]]
        figure = text[side["start"] : side["end"]]
        print(f"    {document.source.published} {' '.join(f'{before}>>{figure}<<{after}'.split())}")


if __name__ == "__main__":
    main()
