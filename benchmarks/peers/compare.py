"""Compare this program with other people's on a judged collection, as one Markdown table.

    python benchmarks/peers/compare.py COLLECTION [--sample N] [--seed 7] [--peers PEER …]

The table goes to standard output. What it is made of, with each question's values, goes to
`.bench/peers/` and the name of the collection.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from environment import python
from peer import PEERS
from table import markdown, own_rows, peer_row
from timing import start, timed

from rag.errors import ParallaxError
from rag.evaluation.collection import Collection

CACHE = Path(".bench")
ROOT = Path(__file__).parents[2]
PARALLAX = [sys.executable, "-m", "rag"]


def main() -> None:
    """Measure this program first, then each peer, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path, help="folder in the BEIR layout")
    parser.add_argument("--sample", type=int, metavar="N", help="draw N questions; default: all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), metavar="PEER")
    arguments = parser.parse_args()
    try:
        collection = Collection.read(arguments.collection)
    except ParallaxError as error:
        raise SystemExit(f"error: {error}") from error
    load = os.getloadavg()[0]
    out = CACHE / "peers" / collection.name
    out.mkdir(parents=True, exist_ok=True)
    executable = python(CACHE / "peers-venv")
    drawn = ["--seed", str(arguments.seed)]
    drawn += ["--sample", str(arguments.sample)] if arguments.sample is not None else []
    report = evaluated(arguments.collection, drawn, out / "parallax.json")
    rows = own_rows(report, own_times(collection))
    for name in arguments.peers:
        measured = peer(executable, name, arguments.collection, drawn, out / f"{name}.json")
        rows.append(peer_row(measured))
    print(markdown(rows))
    asked = len(collection.sample(arguments.sample, arguments.seed))
    print(
        f"\n{collection.name}: {len(collection.texts):,} documents, {asked:,} questions (seed"
        f" {arguments.seed}), {os.cpu_count()} processors; load when it began: {load:.1f}."
    )
    for line in versions(out, arguments.peers):
        print(line)


def evaluated(collection: Path, drawn: list[str], out: Path) -> dict[str, Any]:
    """What this program's own evaluation says, the two searches beside it included."""
    tell("parallax evaluate")
    command = [*PARALLAX, "evaluate", str(collection), "--baselines", "--json", *drawn]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"error: parallax evaluate ended with {done.returncode}; see above")
    out.write_text(done.stdout, encoding="utf-8")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def own_times(collection: Collection) -> dict[str, float]:
    """Cold start and indexing speed of this program, measured as those of the peers are."""
    tell("parallax build and ask")
    with TemporaryDirectory() as folder:
        seeds, index = Path(folder, "seeds"), ["--index", str(Path(folder, "index"))]
        seeds.mkdir()
        for number, document in enumerate(collection.texts):
            text = collection.file_text(document)
            (seeds / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        seconds = timed([*PARALLAX, "build", "--seeds", str(seeds), *index])
        question = next(iter(collection.queries.values()))
        cold = start([*PARALLAX, "ask", question, "--seeds", str(seeds), *index])
    return {"cold_start_s": cold, "documents_per_s": len(collection.texts) / seconds}


def peer(
    executable: str, name: str, collection: Path, drawn: list[str], out: Path
) -> dict[str, Any]:
    """What `run.py` measures of one peer, in a process of its own."""
    script = str(Path(__file__).with_name("run.py"))
    command = [executable, script, name, str(collection), "--out", str(out), *drawn]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    if done.returncode:
        raise SystemExit(f"error: {name} ended with {done.returncode}; see above")
    measured: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return measured


def versions(out: Path, peers: list[str]) -> Iterator[str]:
    """A line for each peer: which packages it was."""
    yield ""
    for name in peers:
        measured = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
        packages = ", ".join(f"{each} {version}" for each, version in measured["packages"].items())
        yield f"- {measured['name']}: {packages}"


def tell(what: str) -> None:
    """A line about how far it has come."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped") from None
