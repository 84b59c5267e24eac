"""Kinds of dense index beside one another: time, what they find, memory, disk.

    python benchmarks/dense_vectors.py DATA CACHE           once
    python benchmarks/dense_kinds.py CACHE [--passages N] [--kinds NAME …] [--asked N]
        [--real] [--filtered]

`exact` and `ivf` are `DenseStore`'s own; the others are FAISS's, by their factory names, with how
many times as many are compared again in full precision. Their parameter (cells or efSearch) is
doubled until the sampled queries find .99 of their 50 nearest. Then another process maps the files
into memory and is asked one real question after the other, for 100 passages, by one thread.
Beside the time that passes stands that of the processor, which other processes disturb less.

Passage vectors are **recombined means of real sentence vectors**; with --real the sentences'
own vectors. --filtered asks `DenseStore` among some of the passages instead.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, thread_time
from typing import Any, NamedTuple, Self

import faiss
import numpy as np
from dense_vectors import Sentences

from rag.encoder import Vectors
from rag.index.cells import TARGET, cells_for, cosines, least_of_nearest, queries_like
from rag.index.dense import DenseStore
from rag.index.ragged import Numbers

KINDS = ("exact", "ivf", "IVF{},SQ8 x1", "IVF{},RaBitQ x8", "IVF{},RaBitQ4 x2", "HNSW32,Flat x1",
         "HNSW32,SQ8 x2")  # fmt: skip
EF_CONSTRUCTION = 80


class Other(NamedTuple):
    """One of FAISS's kinds, over exact vectors."""

    flat: faiss.Index
    index: Any
    parameter: int
    finer: int

    @classmethod
    def from_vectors(cls, vectors: Vectors, kind: str) -> Self:
        """Build it, and double its parameter until the sampled queries find enough."""
        name, finer = kind.format(cells_for(len(vectors))).split(" x")
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        index: Any = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
        if name.startswith("IVF"):
            index.cp.max_points_per_centroid = 64
        else:
            index.hnsw.efConstruction = EF_CONSTRUCTION
        index.train(vectors)
        index.add(vectors)
        queries = queries_like(vectors, np.random.default_rng(1))
        least = least_of_nearest(vectors, queries, 50)
        for parameter in (2**power for power in range(3, 11)):
            trial = cls(flat, index, parameter, int(finer))
            if share(trial, queries, least, 50) >= TARGET:
                break
        return trial

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote into memory."""
        flat, index = (
            faiss.read_index(str(folder / name), faiss.IO_FLAG_MMAP_IFC)
            for name in ("flat", "index")
        )
        return cls(flat, index, *json.loads((folder / "other").read_text()))

    def save(self, folder: Path) -> None:
        """Write three files into `folder`."""
        faiss.write_index(self.flat, str(folder / "flat"))
        faiss.write_index(self.index, str(folder / "index"))
        (folder / "other").write_text(json.dumps([self.parameter, self.finer]))

    def search(self, query: Vectors, count: int) -> Numbers:
        """The nearest that are found, best first."""
        if isinstance(self.index, faiss.IndexHNSW):
            parameters: Any = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
            parameters.efSearch = self.parameter
        else:
            rabitq = isinstance(self.index, faiss.IndexIVFRaBitQ)
            parameters = (
                faiss.IVFRaBitQSearchParameters() if rabitq else faiss.SearchParametersIVF()
            )
            parameters.nprobe = self.parameter
        _, rows = self.index.search(query[None, :], self.finer * count, params=parameters)
        numbers: Numbers = rows[0][rows[0] >= 0]
        order = np.argsort(-cosines(self.flat, query, numbers), kind="stable")
        return numbers[order[:count]]

    def scores(self, query: Vectors, numbers: Numbers) -> Vectors:
        """Cosines of the query with these passages."""
        return cosines(self.flat, query, numbers)


Store = DenseStore | Other


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=300, help="questions, and as many claims")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, metavar="NAME")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--filtered", action="store_true")
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sentences = Sentences.read(arguments.cache, arguments.asked)
    if arguments.answer:
        print(json.dumps(answered(arguments.answer, sentences.questions)))
        return
    real = sentences.vectors[: arguments.passages]
    vectors = real if arguments.real else sentences.passages(arguments.passages)
    what = "sentence vectors" if arguments.real else "recombined means of sentence vectors"
    print(f"{len(vectors):,} passages: {what}, of {len(sentences.vectors):,} real sentences\n")
    if arguments.filtered:
        filtered(vectors, sentences.questions)
    else:
        compared(vectors, sentences, arguments.kinds, arguments.cache)


def compared(vectors: Vectors, sentences: Sentences, kinds: list[str], cache: Path) -> None:
    """A row for each kind."""
    asked = {"questions": sentences.questions, "claims": sentences.claims}
    least = {
        (what, count): least_of_nearest(vectors, queries, count)
        for what, queries in asked.items()
        for count in (50, 100)
    }
    print(
        "| kind | build s, processor | MB | looks through | questions @50 | @100 | claims @50 |"
        " ms, p95 | processor | MiB own | MiB mapped |\n" + "|---" * 11 + "|"
    )
    cells = cells_for(len(vectors))
    for kind in kinds:
        start, busy = perf_counter(), process_time()
        store = built(vectors, kind)
        seconds, busy = perf_counter() - start, process_time() - busy
        shares = [
            share(store, asked[what], least[what, count], count)
            for what, count in (("questions", 50), ("questions", 100), ("claims", 50))
        ]
        with TemporaryDirectory() as folder:
            store.save(Path(folder))
            size = sum(file.stat().st_size for file in Path(folder).iterdir())
            answer = in_another(cache, Path(folder), len(sentences.questions))
        print(
            f"| {kind.format(cells)} | {seconds:.0f}, {busy:.0f} | {size / 1e6:.0f}"
            f" | {parameter_of(store)} | "
            + " | ".join(f"{each:.4f}".lstrip("0") for each in shares)
            + f" | {answer['median']:.2f}, {answer['p95']:.2f} | {answer['busy']:.2f}"
            f" | {answer['own']} | {answer['mapped']} |",
            flush=True,
        )


def built(vectors: Vectors, kind: str) -> Store:
    """A store of one kind."""
    if kind == "exact":
        return DenseStore.from_vectors(vectors, "exact")
    if kind == "ivf":
        return DenseStore.from_vectors(vectors, "ivf")
    return Other.from_vectors(vectors, kind)


def parameter_of(store: Store) -> str:
    """How far a question looks."""
    if isinstance(store, Other):
        return str(store.parameter)
    recall = store.recall
    return f"{recall.probed} of {recall.cells}, {recall.share} sampled" if recall.cells else "all"


def share(store: Store, queries: Vectors, least: Vectors, count: int) -> float:
    """The mean share of the nearest that is found; what is just as near counts."""
    near = [
        np.sum(store.scores(query, store.search(query, count)) >= low - 1e-6)
        for query, low in zip(queries, least, strict=True)
    ]
    return float(np.mean(near)) / count


def in_another(cache: Path, folder: Path, asked: int) -> dict[str, float]:
    """What `answered` gives in a process of its own."""
    command = [sys.executable, __file__, str(cache), "--answer", str(folder), "--asked", str(asked)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def answered(folder: Path, queries: Vectors) -> dict[str, float]:
    """Milliseconds of a search for 100, warm, and the memory that the store takes, in MiB."""
    before = memory()
    theirs = (folder / "other").exists()
    store: Store = Other.load(folder) if theirs else DenseStore.load(folder)
    for query in queries:
        store.search(query, 100)
    times, busy = [], []
    for query in queries:
        start, own_start = perf_counter(), thread_time()
        store.scores(query, store.search(query, 100))
        times.append(1000 * (perf_counter() - start))
        busy.append(1000 * (thread_time() - own_start))
    own, mapped = (after - was for after, was in zip(memory(), before, strict=True))
    median, p95 = np.quantile(times, [0.5, 0.95]).tolist()
    return {
        "median": median,
        "p95": p95,
        "busy": float(np.median(busy)),
        "own": own,
        "mapped": mapped,
    }


def memory() -> tuple[int, int]:
    """This process's anonymous memory, and what of mapped files is in memory, in MiB."""
    told = Path("/proc/self/smaps_rollup").read_text()
    every, own = (
        int(re.findall(rf"^{key}: +(\d+)", told, re.M)[0]) for key in ("Rss", "Anonymous")
    )
    return own // 1024, (every - own) // 1024


def filtered(vectors: Vectors, queries: Vectors) -> None:
    """A row for each number of passages that are let in: whole runs of 500, and scattered ones."""
    exact = DenseStore.from_vectors(vectors, "exact")
    store = DenseStore.from_vectors(vectors, "ivf")
    print(
        f"looks through {parameter_of(store)}\n\n"
        "| let in | how | processor ms, p95 | exact | found @50 |\n|---|---|---|---|---|"
    )
    random = np.random.default_rng(0)
    runs = np.arange(len(vectors)).reshape(-1, 500)
    for part in (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1):
        size = int(part * len(vectors))
        for how in ("runs", "scattered"):
            rows = runs if how == "runs" else np.arange(len(vectors))
            chosen = random.choice(len(rows), size * len(rows) // len(vectors), replace=False)
            allowed = np.sort(rows[chosen].ravel())
            times, theirs = [], []
            for query in queries:
                times.append(timed(store, query, allowed))
                theirs.append(timed(exact, query, allowed))
            found = [
                len(np.intersect1d(one[1], two[1])) / 50
                for one, two in zip(times, theirs, strict=True)
            ]
            median, p95 = np.quantile([each[0] for each in times], [0.5, 0.95])
            slow = np.median([each[0] for each in theirs])
            print(
                f"| {size:,} | {how} | {median:.1f}, {p95:.1f} | {slow:.1f} |"
                f" {np.mean(found):.4f} |",
                flush=True,
            )


def timed(store: DenseStore, query: Vectors, allowed: Numbers) -> tuple[float, Numbers]:
    """Milliseconds of the processor for a search among some, and what it found."""
    start = thread_time()
    found = store.search(query, 50, allowed)
    return 1000 * (thread_time() - start), found


if __name__ == "__main__":
    main()
