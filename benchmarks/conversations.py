"""Follow-ups as they are typed, beside the same questions spelled out by a person.

    python benchmarks/conversations.py INDEX JUDGEMENTS.jsonl [--json] [--wrong]
    python benchmarks/conversations.py INDEX --apart QUESTIONS.txt

A line of the judgements: {"first", "follow_up", "spelled_out", "perspectives", "relevant":
[{"document", "start", "end"}]}. A hit is a question of whose first three citations one overlaps a
relevant span. The spelled-out question is asked alone, and of the same perspectives if the
follow-up restricts them.

`--apart` asks each of the questions, which need none before them, after three others, and counts
how often words of those are borrowed all the same.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.answering import Library
from rag.records import Answer, Filter

FIRST = 3

BACK = (1, 7, 19)
"""So many places before a question stand those that it is asked after."""


def main() -> None:
    """Ask all, and print each that only one of the two ways hits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("judgements", type=Path, nargs="?")
    parser.add_argument("--apart", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="print what was searched for")
    options = parser.parse_args()
    library = Library.open(options.index)
    if options.apart:
        apart(library, options.apart.read_text("utf-8").splitlines())
        return
    if options.judgements is None:
        parser.error("name a file of judgements, or one of questions with --apart")
    rows = [json.loads(line) for line in options.judgements.read_text("utf-8").splitlines()]
    hits = [asked(library, row, tell=options.wrong) for row in rows]
    follow_up, spelled_out = (sum(each) for each in zip(*hits, strict=True))
    found = {
        "conversations": len(rows),
        f"follow_up_hit@{FIRST}": follow_up / len(rows),
        f"spelled_out_hit@{FIRST}": spelled_out / len(rows),
        "ratio": follow_up / spelled_out,
    }
    lines = (f"{name}: {value:.3f}" for name, value in found.items())
    print(json.dumps(found) if options.json else "\n".join(lines))


def apart(library: Library, questions: Sequence[str]) -> None:
    """Print each question that borrows from one before it, and how many do."""
    pairs = [(questions[n - back], each) for n, each in enumerate(questions) for back in BACK]
    answers = [(before, each, library.ask(each, [before])) for before, each in pairs]
    borrowed = [each for each in answers if each[2].asked_as != each[1]]
    for before, question, answer in borrowed:
        print(f"{before} / {question}\n  as: {answer.asked_as}")
    print(f"{len(borrowed)} of {len(pairs)} borrow")


def asked(library: Library, row: dict[str, Any], *, tell: bool) -> tuple[bool, bool]:
    """Whether the follow-up hits, and whether the spelled-out question does."""
    answer = library.ask(row["follow_up"], [row["first"]])
    whole = library.ask(row["spelled_out"], only=Filter(perspectives=row["perspectives"]))
    hits = hit(answer, row["relevant"]), hit(whole, row["relevant"])
    if tell and (hits[0] != hits[1] or not all(hits)):
        print(f"{row['id']} {hits}\n  {row['first']} / {row['follow_up']}")
        for name, each in (("as", answer), ("spelled out", whole)):
            print(f"  {name}: {each.asked_as} of {each.perspectives} match {each.match:.2f}")
    return hits


def hit(answer: Answer, relevant: Sequence[dict[str, Any]]) -> bool:
    """Whether one of the first citations overlaps a relevant span."""
    return any(
        citation.document == span["document"]
        and citation.start < span["end"]
        and span["start"] < citation.end
        for citation in answer.citations[:FIRST]
        for span in relevant
    )


if __name__ == "__main__":
    main()
