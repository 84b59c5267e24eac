"""From a file's bytes to a text: one module a format, chosen by the file's suffix."""

from collections.abc import Callable, Mapping

from rag.readers.text import Decoded, decode

READERS: Mapping[str, Callable[[bytes, str], Decoded]] = {".txt": decode, ".md": decode}
"""Suffix in lower case -> reader: (bytes of the file, its id) -> its text."""

__all__ = ["READERS", "Decoded"]
