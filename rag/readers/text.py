"""Plain text and Markdown: the text is the decoded file, a byte-order mark left off.

Line ends stay as they are, so a citation can be checked with one slice of the decoded file.
"""

import codecs
import re

from charset_normalizer import from_bytes

from rag.errors import SeedUnreadable
from rag.records import Notice, Reading

_MARKS = (
    # The longer marks first: UTF-32 little-endian begins with the mark of UTF-16.
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
    (codecs.BOM_UTF8, "utf_8_sig"),
)


# Bytes that no text holds in any encoding that has to be recognised.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read(data: bytes, name: str) -> Reading:
    """Decode a file: by its byte-order mark, else as UTF-8, else as charset-normalizer finds.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: the bytes are no text in any encoding that was recognised.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    encoding = marked or "utf_8"
    notices: tuple[Notice, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = _recognise(data, name)
        text = data.decode(encoding)
        notices = (
            Notice(
                file=name,
                message=f"not UTF-8: read as {encoding}, the likeliest encoding",
                remedy="if the text looks wrong, save the file as UTF-8",
            ),
        )
    if "\0" in text:
        raise SeedUnreadable(
            f"{name}: holds NUL characters, so it is not a text file",
            "Save it as plain text in UTF-8, or take it out of the seeds.",
        )
    return Reading(text=text, encoding=encoding, notices=notices)


def _recognise(data: bytes, name: str) -> str:
    matches = from_bytes(data)
    best = matches.best()
    # Of the Latin code pages that are likely, Windows-1252 is by far the commonest.
    common = any("cp1252" in match.could_be_from_charset for match in matches)
    if best is None or _CONTROL.search(data):
        raise SeedUnreadable(
            f"{name}: its bytes are no text in any known encoding",
            "Save it as plain text in UTF-8, or take it out of the seeds.",
        )
    return "cp1252" if common else best.encoding
