"""Two builds that meet: `python -m tests.meeting FOLDER TIMES`.

Both begin at once. Whichever comes first holds the index until the other has ended. It prints one
line of JSON: how often the second one told who was building, and what went wrong.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.encoder import EncodedTexts
from rag.errors import IndexBusy
from rag.index.build import build
from rag.progress import Progress
from tests.killing import Checked, write_seeds
from tests.tiny import TinyEncoder, prepare_to_fork

WON, BUSY, LOST = range(3)


class Waiting(TinyEncoder):
    """Encodes once it is told to, through a pipe."""

    def __init__(self, told: int) -> None:
        super().__init__()
        self._told = told

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> EncodedTexts:
        os.read(self._told, 1)
        return super().encode_documents(texts, progress)


class Meetings(Checked):
    """The meetings, one after the other, in one library."""

    def meet(self, version: int) -> bool:
        """Whether one built, and the other told that it did."""
        write_seeds(self.settings.seeds, version)
        (begun, begin), (told, tell), (heard, say) = os.pipe(), os.pipe(), os.pipe()
        children = {self._begin(begun, told, say), self._begin(begun, told, say)}
        os.write(begin, b"gg")
        first, status = os.wait()
        (winner,) = children - {first}
        os.write(tell, b"t")
        codes = os.waitstatus_to_exitcode(status), os.waitstatus_to_exitcode(os.wait()[1])
        os.close(say)
        with os.fdopen(heard) as messages:
            message = messages.read()
        for each in (begun, begin, told, tell):
            os.close(each)
        well = codes == (BUSY, WON) and f"process {winner} on " in message
        if not well:
            self.wrong.append(f"version {version}: {codes}, {message}")
        self.check(version, "a meeting")
        return well

    def _begin(self, begun: int, told: int, say: int) -> int:
        child = os.fork()
        if child:
            return child
        os.read(begun, 1)
        code = LOST
        try:
            build(self.settings, Waiting(told))
            code = WON
        except IndexBusy as error:
            os.write(say, error.message.encode())
            code = BUSY
        finally:
            os._exit(code)


def main(folder: Path, times: int) -> None:
    """So many meetings."""
    prepare_to_fork()
    meetings = Meetings(folder)
    well = sum(meetings.meet(version) for version in range(1, times + 1))
    sys.stdout.write(f"{json.dumps({'well': well, 'wrong': meetings.wrong})}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
