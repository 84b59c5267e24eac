"""Learn what tells a document from its furniture: rag/furniture/lines.json and blocks.json.

    python benchmarks/learn_furniture.py DIR PLAIN

DIR holds `html/` and `gold/` (see benchmarks/furniture.py), PLAIN is the `corpus.jsonl` of a judged
collection (BEIR layout) whose documents have nothing around them, as squad_train's.

A line belongs to the document when at least half of its words are matched by the gold text, in
order (Ratcliff and Obershelp's matching). For plain text each page is learned from three dumps: a
line each block, a line each block or `br`, and a line each text node. A line weighs as many words
as it has, divided by the square root of its page's. The trees are scikit-learn's
HistGradientBoostingClassifier.

First five folds by page are measured, pages left out whole, with all that the program does besides;
then the weights are learned on everything and written.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from furniture import (
    LEAST_PRECISION,
    Measures,
    Page,
    dump_of,
    mean,
    measure,
    nodes,
    outside,
    pages_of,
    tree_of,
    words_of,
)
from sklearn.ensemble import HistGradientBoostingClassifier

from rag.furniture import merged
from rag.furniture.learned import judged_lines, line_features, unlikely
from rag.furniture.rules import by_rules
from rag.furniture.trees import Floats, Judge, Tree
from rag.lines import lines_of
from rag.readers.blocks import VisibleText, parse, visible_text
from rag.readers.html_features import matrix_of
from rag.readers.html_furniture import page_furniture
from rag.records import Furniture

FOLDS = 5
TREES = {
    "max_iter": 60,
    "learning_rate": 0.12,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "early_stopping": False,
    "random_state": 0,
}
OUT = Path("rag/furniture")


@dataclass(frozen=True)
class Sample:
    """The lines of one text: what can be seen of them, which are the document's, their weights."""

    features: Floats
    names: tuple[str, ...]
    right: npt.NDArray[np.bool_]
    weights: Floats


@dataclass(frozen=True)
class Taught:
    """A page as it is learned from, and its plain dumps by name."""

    page: Page
    shown: VisibleText
    dumps: dict[str, str]
    blocks: list[Sample]
    lines: list[Sample]


def main(folder: Path, plain: Path) -> None:
    """Measure folds, learn on everything, write."""
    pages = [taught(page) for page in pages_of(folder)]
    documents = list(plain_documents(plain))
    plain_lines = [sample_of_lines(text, None) for text in documents]
    plain_blocks = [sample_of_blocks(visible_text(parse(as_html(d), "")), None) for d in documents]
    shuffled = Random(0).sample(pages, len(pages))  # noqa: S311
    fold = {page.page.id: number % FOLDS for number, page in enumerate(shuffled)}
    measured: dict[str, dict[str, Measures]] = defaultdict(dict)
    for out in range(FOLDS):
        known = [page for page in pages if fold[page.page.id] != out]
        of_lines = learned([*plain_lines, *(each for page in known for each in page.lines)])
        of_blocks = learned([*plain_blocks, *(each for page in known for each in page.blocks)])
        for page in pages:
            if fold[page.page.id] == out:
                for name, figures in held_out(page, of_lines, of_blocks).items():
                    measured[name][page.page.id] = figures
    report(measured)
    write("lines", learned([*plain_lines, *(each for page in pages for each in page.lines)]))
    write("blocks", learned([*plain_blocks, *(each for page in pages for each in page.blocks)]))


def taught(page: Page) -> Taught:
    """A page with its dumps and its samples."""
    root = tree_of(page)
    shown = visible_text(root)
    dumps = {
        "a line each block": dump_of(page),
        "a line each block or br": shown.text.replace("\n\n", "\n"),
        "a line each text node": "\n".join(
            " ".join(t.split()) for _, t in nodes(root) if t.strip()
        ),
    }
    lines = [sample_of_lines(dump, page.gold) for dump in dumps.values() if dump]
    blocks = [sample_of_blocks(shown, page.gold)] if shown.text else []
    return Taught(page, shown, dumps, blocks, lines)


def plain_documents(corpus: Path) -> Iterator[str]:
    """Documents with nothing around: articles, parts of them with and without title, paragraphs."""
    articles: dict[str, list[str]] = defaultdict(list)
    for row in map(json.loads, corpus.read_text("utf-8").splitlines()):
        articles[row["title"]].append(row["text"])
    random = Random(0)  # noqa: S311
    for title, paragraphs in articles.items():
        yield "\n".join([title, *paragraphs])
        yield from paragraphs[::3]
        for titled in range(30):
            first = random.randrange(len(paragraphs))
            part = paragraphs[first : first + random.randrange(2, 12)]
            yield "\n".join([title, *part] if titled % 2 else part)


def as_html(document: str) -> str:
    """A document as a page with nothing around it."""
    first, *others = document.split("\n")
    return f"<h1>{escape(first)}</h1>" + "".join(f"<p>{escape(each)}</p>" for each in others)


def sample_of_lines(text: str, gold: str | None) -> Sample:
    """The lines of a text; without a gold text, all of them are the document's."""
    lines = [line.text for line in lines_of(text)]
    features, _ = line_features(lines)
    return sample(features.matrix, features.names, lines, gold)


def sample_of_blocks(page: VisibleText, gold: str | None) -> Sample:
    """The same for the lines of a page, with what its elements tell."""
    lines = [page.text[block.start : block.end] for block in page.blocks]
    return sample(*matrix_of(page.blocks, line_features(lines)[0]), lines, gold)


def sample(
    features: Floats, names: tuple[str, ...], lines: Sequence[str], gold: str | None
) -> Sample:
    """Features with what is right and weights."""
    counts = np.array([len(words_of(line)) for line in lines], dtype=np.float64)
    right = np.ones(len(lines), dtype=np.bool_)
    if gold is not None:
        right = matched(lines, gold) >= np.maximum(counts, 1) / 2
    return Sample(features, names, right, (counts + 0.5) / np.sqrt(max(counts.sum(), 1)))


def matched(lines: Sequence[str], gold: str) -> Floats:
    """For each line, how many of its words the gold text matches in order."""
    words = [words_of(line) for line in lines]
    flat = [word for each in words for word in each]
    hit = np.zeros(len(flat) + 1)
    for at, _, size in SequenceMatcher(
        None, flat, words_of(gold), autojunk=False
    ).get_matching_blocks():
        hit[at : at + size] = 1
    ends = list(accumulate(map(len, words), initial=0))
    return np.array([hit[a:b].sum() for a, b in pairwise(ends)])


def learned(samples: Sequence[Sample]) -> Judge:
    """The trees that are learned from samples, as the program keeps them."""
    names = samples[0].names
    weights = np.concatenate([each.weights for each in samples])
    model = HistGradientBoostingClassifier(**TREES).fit(
        np.vstack([each.features for each in samples]),
        np.concatenate([each.right for each in samples]),
        sample_weight=weights / weights.mean(),
    )
    return judge_of(model, names)


def judge_of(model: HistGradientBoostingClassifier, names: Sequence[str]) -> Judge:
    """A fitted model of two classes as the program keeps it, to six digits."""
    return Judge(
        made_by="python benchmarks/learn_furniture.py DIR PLAIN",
        bias=round(float(model._baseline_prediction.item()), 6),
        trees=tuple(_tree(each[0].nodes, names) for each in model._predictors),
    )


def _tree(nodes: npt.NDArray[Any], names: Sequence[str]) -> Tree:
    inner = [not each["is_leaf"] for each in nodes]
    return Tree(
        feature=tuple(
            names[n["feature_idx"]] if i else "" for n, i in zip(nodes, inner, strict=True)
        ),
        limit=tuple(
            float(f"{n['num_threshold']:.6g}") if i else 0.0
            for n, i in zip(nodes, inner, strict=True)
        ),
        left=tuple(int(n["left"]) if i else 0 for n, i in zip(nodes, inner, strict=True)),
        right=tuple(int(n["right"]) if i else 0 for n, i in zip(nodes, inner, strict=True)),
        value=tuple(
            0.0 if i else float(f"{n['value']:.6g}") for n, i in zip(nodes, inner, strict=True)
        ),
    )


def held_out(page: Taught, of_lines: Judge, of_blocks: Judge) -> dict[str, Measures]:
    """The measures of a page that the judges have not seen, and of its dumps left as they are."""
    gold = page.page.gold
    found = {"HTML": measure(outside(page.shown.text, page_furniture(page.shown, of_blocks)), gold)}
    for name, dump in page.dumps.items():
        found[name] = measure(outside(dump, marks(dump, of_lines)), gold)
    found["nothing done"] = measure(page.dumps["a line each block"], gold)
    return found


def marks(text: str, judge: Judge) -> tuple[Furniture, ...]:
    """The furniture of a plain text, as `furniture_of` puts it together."""
    return merged(by_rules(text), unlikely(judged_lines(lines_of(text), judge)))


def report(measured: dict[str, dict[str, Measures]]) -> None:
    """Print means over the noisy pages and the others, and the worst pages."""
    noisy = {page for page, m in measured["nothing done"].items() if m.precision < LEAST_PRECISION}
    for name, of in measured.items():
        halves: tuple[Callable[[str], bool], ...] = (lambda p: p in noisy, lambda p: p not in noisy)
        means = [mean([m for page, m in of.items() if half(page)]) for half in halves]
        print(f"{name:26s}", "   ".join(" ".join(f"{v:.3f}" for v in each) for each in means))
        worst = sorted((round(m.f1, 3), page) for page, m in of.items())[:10]
        print("  worst:", ", ".join(f"{page} {f1}" for f1, page in worst))


def write(name: str, judge: Judge) -> None:
    """Write a judge: a tree a line."""
    trees = ",\n  ".join(json.dumps(tree.model_dump()) for tree in judge.trees)
    head = f'{{"made_by": {json.dumps(judge.made_by)}, "bias": {judge.bias}, "trees": [\n  '
    (OUT / f"{name}.json").write_text(f"{head}{trees}\n]}}\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python benchmarks/learn_furniture.py DIR PLAIN")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
