"""From a file's bytes to text: one module a format, chosen by the file's suffix.

Each module has a function `read(data, name)` that gives a `Reading`. None is imported here: parsers
are for the child process of `sandbox` alone.
"""

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    ".txt": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".eml": "eml",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
"""Suffix in lower case -> the module of this package that reads it."""

ROWS = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".json"})
"""Suffixes of files that hold a document in each row; their module has `read_rows` instead."""

ARCHIVE = ".zip"
"""The suffix of a file that is a collection of files."""

FORMATS = ", ".join(sorted({*MODULES, *ROWS, ARCHIVE}))
"""The suffixes of all files that can be read, as a message gives them."""

UNKNOWN = f"its format is none of {FORMATS}"
"""Why a file with another suffix is not read."""


def is_hidden(path: str) -> bool:
    """Whether a path below the seeds is hidden, or of the files that some systems leave behind."""
    parts = [part for part in path.split("/") if part != "."]
    return any(part.startswith(".") or part in ("__MACOSX", "Thumbs.db") for part in parts)


def is_known(suffix: str) -> bool:
    """Whether there is a reader for files with this suffix, in lower case."""
    return suffix in MODULES or suffix in ROWS or suffix == ARCHIVE
