"""On which lines of a TOML file its tables and keys stand. The parser does not tell."""

import re
from collections.abc import Iterator
from itertools import pairwise

_BELOW = re.compile(r"\s*(\[\[?)\s*\w+\s*\.\s*[\"']?([\w -]+?)[\"']?\s*\]")

# What can hide a line end or a bracket, then what opens, closes or ends (https://toml.io/en/v1.0.0).
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)",
    re.DOTALL,
)

Keys = tuple[str | int, ...]


def statements(text: str) -> list[str]:
    """A file cut into headers, pairs of key and value, comments and blank lines, each whole.

    Joined they are the text. Each but the last ends with its line end.
    """
    cuts = [0]
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["end"] and not depth:
            cuts.append(token.end())
        depth += bool(token["open"]) - bool(token["close"])
    if cuts[-1] < len(text):
        cuts.append(len(text))
    return [text[start:end] for start, end in pairwise(cuts)]


class Places:
    """The lines of one file. A header is a pattern that begins a line; lines count from 1."""

    def __init__(self, text: str) -> None:
        self._lines: list[str] = []
        self._headers: dict[str, list[int]] = {}
        for statement in statements(text):
            first, *rest = statement.removesuffix("\n").split("\n")
            # What stands inside a value is no key, whatever it looks like.
            self._lines += [first, *("" for _ in rest)]

    def header(self, header: str, nth: int = 1) -> int | None:
        """The line of the nth such header."""
        if header not in self._headers:  # looked for once: a catalogue asks for each of its keys
            begins = re.compile(rf"\s*{header}")
            found = [n for n, line in enumerate(self._lines, 1) if begins.match(line)]
            self._headers[header] = found
        found = self._headers[header]
        return found[nth - 1] if nth <= len(found) else None

    def key(self, header: str, nth: int, *keys: str | int) -> int | None:
        """The line of a key below the nth such header, or below a table of the one above.

        ("author",), ("inferred", "author") and ("history", 0, "until") are keys;
        ("history", 0) is the first of the tables [[….history]].
        """
        above = self.header(header, nth)
        if above is None:
            return None
        *tables, key = keys
        pattern = rf"\s*[\"']?{re.escape(str(key))}[\"']?\s*[.=]"
        for number, inside in self._below(above):
            line = self._lines[number - 1]
            if inside == keys and line.lstrip().startswith("["):
                return number
            if inside == tuple(tables) and re.match(pattern, line):
                return number
        return None

    def near(self, header: str, nth: int, *keys: str | int) -> int | None:
        """The line of a key, or of the table it should be in, or of the nth header."""
        for length in range(len(keys), 0, -1):
            line = self.key(header, nth, *keys[:length])
            if line is not None:
                return line
        return self.header(header, nth)

    def _below(self, above: int) -> Iterator[tuple[int, Keys]]:
        """Each line up to the next table that is no part of this one, and the table it is in."""
        inside: Keys = ()
        counts: dict[str, int] = {}
        for number in range(above + 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if re.match(r"\s*\[", line):
                below = _BELOW.match(line)
                if below is None:
                    return
                bracket, name = below.groups()
                counts[name] = counts.get(name, -1) + 1
                inside = (name, counts[name]) if bracket == "[[" else (name,)
            yield number, inside
