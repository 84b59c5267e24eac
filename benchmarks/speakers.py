"""How well the speaker of reported speech is told, against attributions marked by people.

    python benchmarks/speakers.py FILE.jsonl [--json] [--wrong N]

FILE has a document a line, as the release of PolNeAR (Newell et al., LREC 2018) made into lines:
`text` and `annotations_by_annotator`, for each annotator a list of attributions, each with the
spans (`[[start, end], …]`) and texts of its `source`, `cue` and `content`. Attributions without a
source or without content are left out. PolNeAR marks attitudes and beliefs too ("wants", "backs",
"seemed"); all of them count here, though Parallax credits speech.

Each document is cut into sentences as the program does it, and each sentence is a quote of its own.
A speaker is the head word of what stands for them in the text, in small letters, "he" and "who"
unresolved (`rag.speakers.mentions.head_of`, the same for both sides). Counted are pairs of a
sentence and a speaker, each once:

- gold: a sentence and the speaker of an attribution whose content overlaps it. Where a source has
  several parts, the head of any of them will do.
- told: a sentence and the speaker of a `Speech` in it; right if it is a gold pair.

A sentence holds a quote if it overlaps the content of an attribution. `precision` and `recall` are
those of the sentences that hold a quote; `precision_everywhere` counts what is told in all other
sentences as wrong. Where several annotators marked a document, it is measured against each, and
each counts for its share. A kind of speech: "direct" if the content is one quotation, "mixed" if a
quotation mark stands in it, else "indirect"; what is told is of the kind of what it reports.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.passages import sentences_of
from rag.records import Document, Sentence, Span
from rag.speakers import speeches_in
from rag.speakers.mentions import head_of

MARKS = ("“", "”", '"', "„", "«", "»", "``", "''")
KINDS = ("direct", "mixed", "indirect")


@dataclass(frozen=True)
class Attribution:
    """What a person marked: the heads of its source, and the spans of its content."""

    heads: frozenset[str]
    content: tuple[Span, ...]
    kind: str


@dataclass(frozen=True)
class Told:
    """A speaker that the program tells of a sentence."""

    head: str
    kind: str
    cue: str


@dataclass
class Counts:
    """Pairs of a sentence and a speaker, weighted by the share of an annotator."""

    gold: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    found: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    told: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    right: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    elsewhere: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def main(file: Path, as_json: bool, wrong: int) -> None:
    """Measure a file and print the figures, then some of what was told wrongly."""
    counts, errors, sentences, seconds = Counts(), [], 0, 0.0
    for line in file.read_text("utf-8").split("\n"):
        if not line.strip():
            continue
        record = json.loads(line)
        document = document_of(record)
        begun = time.perf_counter()
        told = [told_of(document, sentence) for sentence in document.sentences]
        seconds += time.perf_counter() - begun
        sentences += len(told)
        everybody = list((record.get("annotations_by_annotator") or {}).values())
        for annotations in everybody:
            gold = [each for one in annotations or [] if (each := attribution_of(one))]
            errors += count(counts, document, gold, told, 1 / len(everybody))
    figures = figures_of(counts) | {
        "sentences": sentences,
        "milliseconds_a_sentence": round(1000 * seconds / max(1, sentences), 3),
    }
    print(json.dumps(figures, indent=2) if as_json else table(figures))
    for error in errors[:: max(1, len(errors) // wrong)][:wrong] if wrong else []:
        print(error, file=sys.stderr)


def document_of(record: dict[str, Any]) -> Document:
    """A document of the file as the program reads one."""
    text = record.get("text") or ""
    return Document(
        id=str(record.get("doc") or ""),
        text=text,
        sha256="",
        encoding="utf_8",
        language="en",
        sentences=sentences_of(text, (), "en"),
    )


def told_of(document: Document, sentence: Sentence) -> list[Told]:
    """The speakers of a sentence, each once."""
    found: dict[str, Told] = {}
    for speech in speeches_in(document, sentence.start, sentence.end):
        head = head_of(speech.mention.exact) if speech.mention else ""
        reported = "".join(document.text[span.start : span.end] for span in speech.reported)
        kind = "direct" if speech.direct else kind_of(reported)
        found.setdefault(head, Told(head, kind, speech.cue.exact))
    return list(found.values())


def attribution_of(annotation: dict[str, Any]) -> Attribution | None:
    """What was marked, if it has a source and content."""
    sources = [part.get("text") or "" for part in annotation.get("source") or []]
    heads = frozenset(head for source in sources if (head := head_of(source)))
    content = [
        (Span(start=start, end=end), part.get("text") or "")
        for part in annotation.get("content") or []
        for start, end in part.get("spans") or []
        if 0 <= start < end
    ]
    if not heads or not content:
        return None
    said = "".join(dict.fromkeys(text for _, text in content))
    return Attribution(heads, tuple(span for span, _ in content), kind_of(said))


def kind_of(said: str) -> str:
    """Whether words are a quotation, hold one, or are told in the writer's own words."""
    said = said.strip().rstrip(",.")
    if said.startswith(MARKS) and said.rstrip(".,?!").endswith(MARKS):
        return "direct"
    return "mixed" if any(mark in said for mark in MARKS) else "indirect"


def count(
    counts: Counts,
    document: Document,
    gold: Sequence[Attribution],
    told: Sequence[Sequence[Told]],
    share: float,
) -> list[str]:
    """Count one annotator's document, and return what was told wrongly, a line each."""
    errors = []
    for sentence, speakers in zip(document.sentences, told, strict=True):
        marked = {each.heads: each for each in gold if _overlap(each.content, sentence)}
        for heads, attribution in marked.items():
            counts.gold[attribution.kind] += share
            if any(speaker.head in heads for speaker in speakers):
                counts.found[attribution.kind] += share
        for speaker in speakers:
            right = any(speaker.head in heads for heads in marked)
            counts.right[speaker.kind] += share * right
            (counts.told if marked else counts.elsewhere)[speaker.kind] += share
            if not right:
                marks = sorted(head for heads in marked for head in heads)
                text = " ".join(document.text[sentence.start : sentence.end].split())
                errors.append(f"{speaker.head} ({speaker.cue}) for {marks}: {text[:300]}")
    return errors


def _overlap(content: Sequence[Span], sentence: Sentence) -> bool:
    return any(span.start < sentence.end and sentence.start < span.end for span in content)


def figures_of(counts: Counts) -> dict[str, Any]:
    """The measures over all, and by kind of speech."""
    return _measures(counts, KINDS) | {kind: _measures(counts, [kind]) for kind in KINDS}


def _measures(counts: Counts, kinds: Sequence[str]) -> dict[str, float]:
    gold, found, told, right, elsewhere = (
        sum(counter[kind] for kind in kinds)
        for counter in (counts.gold, counts.found, counts.told, counts.right, counts.elsewhere)
    )
    precision, recall = _part(right, told), _part(found, gold)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(_part(2 * precision * recall, precision + recall), 4),
        "precision_everywhere": round(_part(right, told + elsewhere), 4),
        "gold": round(gold, 1),
        "found": round(found, 1),
        "told": round(told, 1),
        "right": round(right, 1),
        "told_elsewhere": round(elsewhere, 1),
    }


def _part(of: float, all_: float) -> float:
    return of / all_ if all_ else 0.0


def table(figures: dict[str, Any]) -> str:
    """The figures as lines for a person."""
    return "\n".join(_lines(figures))


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    yield f"{'':10}precision recall    F1 everywhere   gold  found   told  right"
    for name, row in [("all", figures), *((kind, figures[kind]) for kind in KINDS)]:
        shares = (row["precision"], row["recall"], row["f1"], row["precision_everywhere"])
        numbers = (row["gold"], row["found"], row["told"], row["right"])
        yield (
            f"{name:10}"
            + "{:9.3f} {:6.3f} {:5.3f} {:10.3f}".format(*shares)
            + "".join(f" {number:6.0f}" for number in numbers)
        )
    yield (
        f"{figures['sentences']} sentences,"
        f" {figures['milliseconds_a_sentence']} ms for each; precision and recall at sentences that"
        " hold a quote"
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    shown = 0
    if "--wrong" in arguments:
        at = arguments.index("--wrong")
        shown = int(arguments[at + 1])
        del arguments[at : at + 2]
    paths = [argument for argument in arguments if argument != "--json"]
    if len(paths) != 1:
        sys.exit("usage: python benchmarks/speakers.py FILE.jsonl [--json] [--wrong N]")
    main(Path(paths[0]), "--json" in arguments, shown)
