"""Build the index if there is none, then ask questions; the web chat will open here."""

import sys

from rag.cli import main

if __name__ == "__main__":
    sys.exit(main(["ask"]))
