"""How long a build takes when one file of many has changed, beside one from nothing.

    python benchmarks/rebuilding.py LIBRARY [--files N] [--questions N]

The files are made of the sentences of LIBRARY, a folder of documents, drawn by chance (with a seed)
until each has as many words as one of its documents, drawn so too. Each build is a process of its
own, as somebody would run it. Answers are compared whole: of the index that was rebuilt, and of one
built from nothing of the same files.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from rag.passages import sentences_of

SEED = 7
NEW = "One of the bridges over the river was closed to all traffic on the following morning.\n"


class Built(NamedTuple):
    """A build: the seconds it took from start to end, those of its stages, and what it read."""

    seconds: float
    stages: dict[str, float]
    passages: int
    encoded: int


def main() -> None:
    """Print the times, their ratio, and whether all answers are the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=50)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        sentences = make(seeds, arguments.library, arguments.files)
        first = build(seeds, Path(folder) / "rebuilt")
        changed = seeds / f"{arguments.files // 2:06}.txt"
        changed.write_text(changed.read_text("utf-8") + NEW, "utf-8")
        again = build(seeds, Path(folder) / "rebuilt")
        anew = build(seeds, Path(folder) / "anew")
        print(f"{arguments.files:,} files, {anew.passages:,} passages")
        for name, each in (("nothing", first), ("one changed", again), ("nothing, again", anew)):
            stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in each.stages.items())
            print(f"from {name}: {each.seconds:.1f} s ({stages}), {each.encoded} encoded")
        print(f"ratio: {anew.seconds / again.seconds:.1f}")
        chance = random.Random(SEED)  # noqa: S311 (the same ones each time)
        asked = chance.sample(sentences, arguments.questions)
        one, other = (answers(seeds, Path(folder) / name, asked) for name in ("rebuilt", "anew"))
        same = sum(a == b for a, b in zip(one, other, strict=True))
        print(f"answers that are the same: {same} of {len(one)}")


def make(seeds: Path, library: Path, files: int) -> list[str]:
    """Write the files; the sentences that they are made of are given back."""
    texts = [file.read_text("utf-8") for file in sorted(library.rglob("*.txt"))]
    sentences = [
        " ".join(text[each.start : each.end].split())
        for text in texts
        for each in sentences_of(text, ())
        if each.kind == "sentence"
    ]
    lengths = [len(text.split()) for text in texts]
    chance = random.Random(SEED)  # noqa: S311 (the same ones each time)
    seeds.mkdir()
    for number in range(files):
        drawn: list[str] = []
        left = chance.choice(lengths)
        while left > 0:
            drawn.append(chance.choice(sentences))
            left -= len(drawn[-1].split())
        paragraphs = (" ".join(drawn[at : at + 4]) for at in range(0, len(drawn), 4))
        (seeds / f"{number:06}.txt").write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    return sentences


def build(seeds: Path, index: Path) -> Built:
    """Build in a process of its own; what it did, and the seconds it took from start to end."""
    started = perf_counter()
    told = json.loads(parallax("build", "--json", "--seeds", seeds, "--index", index))
    seconds = perf_counter() - started
    return Built(seconds, told["seconds"], told["passages"], told["encoded"])


def answers(seeds: Path, index: Path, questions: Sequence[str]) -> list[object]:
    """What an index answers, without the name of the build."""
    asked = "\n".join(json.dumps({"question": each}) for each in questions)
    lines = parallax("ask", "-", "--json", "--seeds", seeds, "--index", index, given=asked)
    return [json.loads(line) | {"generation": ""} for line in lines.splitlines()]


def parallax(*arguments: object, given: str = "") -> str:
    """What the program prints."""
    command = [sys.executable, "-m", "rag", *map(str, arguments)]
    run = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if run.returncode and not run.stdout:
        raise SystemExit(run.stderr)
    return run.stdout


if __name__ == "__main__":
    main()
