"""What becomes of the corpus of hostile files, how long it takes, and which files take longest.

It writes the corpus of `tests/hostile.py` into a temporary folder, reads it as a build does, with
the limits that everybody has, and prints a table by kind of file: `python -m benchmarks.hostile`.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from heapq import nlargest
from pathlib import Path
from unittest.mock import patch

from rag import reading
from rag.reading import FileOutcome, read_seeds
from rag.sandbox import Message, Sandbox
from rag.settings import Settings

SLOWEST = 20
KINDS = ("read", "refused", "passed over")


class Timed(Sandbox):
    """The sandbox, which keeps how many seconds each file took in it."""

    seconds: defaultdict[str, float] = defaultdict(float)

    def run(self, task: Message, data: bytes = b"") -> Iterator[Message]:
        """Run a task and take its time."""
        began = time.monotonic()
        try:
            yield from super().run(task, data)
        finally:
            self.seconds[str(task["name"])] += time.monotonic() - began


def main() -> None:
    """Write, read, and tell."""
    with tempfile.TemporaryDirectory() as temporary:
        seeds = Path(temporary) / "seeds"
        # In a process of its own: making bombs takes more memory than reading them.
        making = [sys.executable, "-m", "tests.hostile", str(seeds)]
        made = subprocess.run(making, check=True, capture_output=True, text=True).stdout.strip()
        began = time.monotonic()
        with patch.object(reading, "Sandbox", Timed):
            read = read_seeds(Settings(seeds=seeds))
        taken = time.monotonic() - began
    told = Counter(each.file for each in read.outcomes)
    once = sum(count == 1 for count in told.values())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{made}, read in {taken:.0f} s; {once} are told once, {len(told) - once} more often,")
    print(f"{len(read.documents)} documents, at most {most} MB in the program itself")
    table(read.outcomes)
    print("\nThe slowest, in seconds:")
    for name in nlargest(SLOWEST, Timed.seconds, key=lambda each: Timed.seconds[each]):
        print(f"- {Timed.seconds[name]:.1f} {name!a}")
    print("\nNot read for want of time or memory, or because a reader fell:")
    for notice in read.failed:
        if any(each in notice.message for each in ("took over", "memory", "brought", "cannot be")):
            print(f"- {notice.file!a}: {notice.message}")


def table(outcomes: Sequence[FileOutcome]) -> None:
    """Print how many files of each kind were read, refused and passed over."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in outcomes:
        counts[each.file.strip("'").partition("/")[0]][each.how] += 1
    print(f"\n| kind | files | {' | '.join(KINDS)} |\n| --- | ---: | ---: | ---: | ---: |")
    for kind, how in [*counts.items(), ("all", sum(counts.values(), Counter[str]()))]:
        print(f"| {kind} | {how.total()} | {' | '.join(str(how[each]) for each in KINDS)} |")


if __name__ == "__main__":
    main()
