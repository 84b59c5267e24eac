"""One thing that a peer's user does, as a process of its own, so that it can be timed whole.

`PEER index FOLDER` takes the documents (id -> text) as JSON from its input; `PEER ask FOLDER
QUESTION` prints as many chunks as the peer hands on by default.
"""

import json
import sys
from pathlib import Path

from peer import adapter


def main() -> None:
    """Index, or load and answer one question."""
    name, step, folder = sys.argv[1:4]
    peer = adapter(name)
    if step == "index":
        peer.index(json.load(sys.stdin), Path(folder))
    else:
        for hit in peer.search(peer.load(Path(folder)), sys.argv[4], peer.TOP_K):
            print(f"{hit.score:.4f} {hit.document}: {hit.text}")


if __name__ == "__main__":
    main()
