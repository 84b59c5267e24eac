"""From a file's bytes to text: one module a format, chosen by the file's suffix.

Each module has a function `read(data, name)` that gives a `Reading`. None is imported here: parsers
are for the child process of `sandbox` alone.
"""

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    ".txt": "text",
    ".md": "text",
}
"""Suffix in lower case -> the module of this package that reads it."""
