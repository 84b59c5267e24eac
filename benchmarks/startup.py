"""Time and memory of the command line as a user meets it: one process each, medians of five.

python benchmarks/startup.py
"""

import os
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path

RUNS = 5


def main() -> None:
    """Measure and print a table."""
    with Path("seeds/sources.toml").open("rb") as stream:
        question = tomllib.load(stream)["questions"]["ask"][0]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PARALLAX_CACHE"] = f"{folder}/cache"
        index, other = f"{folder}/index", f"{folder}/torch"
        told("parallax --help", ["--help"])
        told("parallax build, and the model's file", ["build", "--index", index], runs=1)
        told("parallax build (the seeds, unchanged)", ["build", "--index", index])
        told("parallax ask (cold start to answer)", ["ask", question, "--index", index])
        os.environ["PARALLAX_BACKEND"] = "torch"
        told("the same by PyTorch: build", ["build", "--index", other], runs=1)
        told("the same by PyTorch: ask", ["ask", question, "--index", other])


def told(name: str, arguments: list[str], runs: int = RUNS) -> None:
    """Measure some runs of the command line and print a row."""
    seconds, mebibytes = zip(*(measure(arguments) for _ in range(runs)), strict=True)
    print(
        f"{name:38} {statistics.median(seconds):6.2f} s"
        f" ({min(seconds):.2f} to {max(seconds):.2f})"
        f" {statistics.median(mebibytes):6.0f} MiB at most"
    )


def measure(arguments: list[str]) -> tuple[float, float]:
    """Wall-clock seconds and the most memory, in MiB, of one run of the command line."""
    begun = time.perf_counter()
    null = os.open(os.devnull, os.O_RDWR)
    quiet = [(os.POSIX_SPAWN_DUP2, null, stream) for stream in (0, 1, 2)]
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "rag", *arguments],
        dict(os.environ),
        file_actions=quiet,
    )
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    os.close(null)
    if status:
        raise SystemExit(f"parallax {' '.join(arguments)} ended with {status}")
    return seconds, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
