"""How a library of many passages is built and asked: time, memory, disk, and what is found.

    python benchmarks/million.py DATA FOLDER [--passages N …] [--questions N]

DATA holds collections in the BEIR layout and libraries of text files; their sentences are
recombined (recombined.py says how, and what its vectors are). For each size a library is built in
FOLDER, in steps of `STEP` passages, each a build that takes over what the last one made, and is
asked by a process of its own: real questions, warm, one at a time. It prints a table in Markdown,
and writes its figures to FOLDER for growth.py.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from dense_vectors import CLAIMS, QUESTIONS, asked_of
from recombined import Recombining, documents_of, pool

from rag.answering import Library
from rag.encoder import Encoder
from rag.garbage import settle
from rag.index.build import BuildReport, build
from rag.settings import BUNDLED_MODEL, Settings

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SENTENCES = 40_000
PASSAGES, WORDS = 100, 118
"""Of a document: at least so many passages, each of fewer words that are no part of another."""

STEP = 100_000
"""So many new passages of one build; with a million there it takes some 10 GB of memory."""

WARM = 50
Row = dict[str, Any]
FIGURES = "figures.json"
SEED = 1


def main() -> None:
    """Build, ask and print, size by size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--again", action="store_true", help="ask what an earlier run has built")
    parser.add_argument("--ask", action="store_true", help="ask what FOLDER holds, and print JSON")
    arguments = parser.parse_args()
    if arguments.ask:
        told = asked(arguments.folder, asked_of(arguments.data, (*QUESTIONS, *CLAIMS)), arguments)
        print(json.dumps(told))
        return
    rows = again(arguments) if arguments.again else built(arguments)
    print("| " + " | ".join(rows[0]) + " |")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        cells = (f"{each:,}" if isinstance(each, int) else str(each) for each in row.values())
        print("| " + " | ".join(cells) + " |")


def built(arguments: argparse.Namespace) -> list[Row]:
    """Build each library, and ask it."""
    sentences, owners = pool(arguments.data, SENTENCES)
    print(f"{len(sentences):,} sentences")
    encoder = Recombining(Encoder.load(BUNDLED_MODEL), sentences)
    rows = []
    for size in arguments.passages:
        folder = arguments.folder / str(size)
        shutil.rmtree(folder, ignore_errors=True)
        documents = documents_of(sentences, owners, PASSAGES * WORDS, SEED)
        rows.append(made(folder, size, encoder, documents) | _asked_apart(arguments, folder))
        print(json.dumps(rows[-1]), flush=True)
        (arguments.folder / FIGURES).write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return rows


def again(arguments: argparse.Namespace) -> list[Row]:
    """Ask once more what was built."""
    file = arguments.folder / FIGURES
    sizes = zip(arguments.passages, json.loads(file.read_text("utf-8")), strict=True)
    rows = [row | _asked_apart(arguments, arguments.folder / str(size)) for size, row in sizes]
    file.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return rows


def made(folder: Path, size: int, encoder: Encoder, documents: Iterator[str]) -> Row:
    """Write documents and build until there are so many passages; then one document more."""
    settings = Settings(seeds=folder / "seeds", index=folder / "index")
    settings.seeds.mkdir(parents=True)
    passages, seconds = 0, 0.0
    while passages < size:
        count = max(1, round(min(STEP, size - passages) / PASSAGES))
        report = grown(settings, encoder, islice(documents, count))
        passages, seconds = report.passages, seconds + sum(report.seconds.values())
    more = grown(settings, encoder, islice(documents, 1))
    generation = Library.open(settings.index, settings, encoder).generation
    dense = generation.manifest.dense
    disk = sum(file.stat().st_size for file in (settings.index / generation.id).rglob("*"))
    return {
        "passages": more.passages,
        "documents": more.documents,
        "built, s": round(seconds, 1),
        "one document more, s": round(sum(more.seconds.values()), 1),
        "index": dense.kind,
        "cells looked through": f"{dense.probed} of {dense.cells}",
        "recall@50, sampled": dense.share,
        "disk, GB": round(disk / 1e9, 2),
    }


def grown(settings: Settings, encoder: Encoder, documents: Iterator[str]) -> BuildReport:
    """Add the documents and build."""
    first = len([*settings.seeds.iterdir()])
    for number, text in enumerate(documents, start=first):
        (settings.seeds / f"{number:06}.txt").write_text(text, encoding="utf-8")
    report = build(settings, encoder)
    print(f"{report.passages:,} passages: {report.seconds}", flush=True)
    return report


def _asked_apart(arguments: argparse.Namespace, folder: Path) -> Row:
    command = [sys.executable, __file__, arguments.data, folder, "--ask"]
    command += ["--questions", arguments.questions]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    told: Row = json.loads(run.stdout.splitlines()[-1])
    return told


def asked(folder: Path, questions: list[str], arguments: argparse.Namespace) -> Row:
    """Open the library and ask it."""
    started = perf_counter()
    settings = Settings(seeds=folder / "seeds", index=folder / "index")
    library = Library.open(settings.index, settings)
    opened = perf_counter() - started
    settle()  # as the page does
    times = []
    for question in questions[: WARM + arguments.questions]:
        begun = perf_counter()
        library.ask(question)
        times.append(1000 * (perf_counter() - begun))
    memory = _memory()
    return {
        "opened, s": round(opened, 1),
        "first, ms": round(times[0]),
        "median, ms": round(float(np.median(times[WARM:]))),
        "p95, ms": round(float(np.percentile(times[WARM:], 95))),
        "recall@50, asked": found_of(library, questions[:200]),
        "own memory, MiB": memory["RssAnon"],
        "mapped and resident, MiB": memory["RssFile"],
    }


def found_of(library: Library, questions: list[str], count: int = 50) -> float:
    """What share of the nearest passages dense search finds, by NumPy's exact search."""
    dense = library.generation.dense
    vectors = dense.vectors()
    shares = []
    for question in questions:
        query = library.encoder.encode_query(question).vector
        cosines = vectors @ query
        least = np.partition(cosines, -count)[-count] - 1e-6
        shares.append(np.mean(cosines[dense.search(query, count)] >= least))
    return round(float(np.mean(shares)), 4)


def _memory() -> dict[str, int]:
    """Resident memory in MiB, by whose it is."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    return {name: int(told[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile")}


if __name__ == "__main__":
    main()
