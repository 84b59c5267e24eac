"""Builds of which one call fails: `python -m tests.failing FOLDER ERROR`, above failing.c.

Every call that writes, flushes or renames anything in the index fails in turn, each in a child of
its own. Then the index has to be whole, the build has to have told of it, and the next one has to
succeed. It prints one line of JSON: which calls failed, and what went wrong.
"""

import ctypes
import errno
import json
import os
import sys
from pathlib import Path

from rag.errors import LibraryIndexError
from rag.index.build import build
from tests.killing import Checked, write_seeds
from tests.tiny import prepare_to_fork

FINISHED, TOLD, UNTOLD = range(3)
"""What a child says at its end."""

C = ctypes.CDLL(None)
C.what_failed.restype = ctypes.c_char_p


class Calls(Checked):
    """The calls, one after the other."""

    def fail(self, version: int, nth: int, error: int) -> tuple[int, str]:
        """What came of a build whose nth call fails, and which call it was, or what it told."""
        write_seeds(self.settings.seeds, version)
        heard, tells = os.pipe()
        child = os.fork()
        if not child:
            C.arm(str(self.settings.index.resolve()).encode(), nth, error)
            os.write(tells, json.dumps(self._built()).encode())
            os._exit(0)
        os.close(tells)
        with os.fdopen(heard) as told:
            code, text, call = json.loads(told.read() or f'[{UNTOLD}, "it died", ""]')
        os.waitpid(child, 0)
        if code == UNTOLD:
            self.wrong.append(f"version {version}, {call}: {text}")
        self.check(version, f"{call} (call {nth})")
        return code, call

    def _built(self) -> tuple[int, str, str]:
        try:
            build(self.settings, self.encoder)
        except LibraryIndexError as error:
            plain = "cannot be written" in error.message and "Free the disk" in error.remedy
            return TOLD if plain else UNTOLD, str(error), C.what_failed().decode()
        except BaseException as error:
            return UNTOLD, f"{type(error).__name__}: {error}", C.what_failed().decode()
        return FINISHED, "", C.what_failed().decode()


def main(folder: Path, error: str) -> None:
    """One call after the other, until a build has so few that none fails."""
    prepare_to_fork()
    calls = Calls(folder)
    failed: list[str] = []
    ended: list[str] = []
    nth = 0
    call = "none yet"
    while call:
        nth += 1
        code, call = calls.fail(nth, nth, getattr(errno, error))
        if call:
            (ended if code == FINISHED else failed).append(call)
    told = {"failed": failed, "ended": ended, "wrong": calls.wrong}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
