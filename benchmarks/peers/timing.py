"""Commands timed as a user waits for them: from the start of the process to its end."""

import statistics
import subprocess
import time
from collections.abc import Sequence

STARTS = 3
"""A cold start is the median of so many."""


def timed(command: Sequence[str], given: str | None = None) -> float:
    """Seconds that a command takes, with `given` as its input.

    Raises:
        SystemExit: it failed; with the end of what it said.
    """
    begun = time.perf_counter()
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise SystemExit(f"{' '.join(command)}\nended with {done.returncode}:\n{said}")
    return seconds


def start(command: Sequence[str]) -> float:
    """Median seconds of a command that loads an index and answers a question."""
    return statistics.median(timed(command) for _ in range(STARTS))
