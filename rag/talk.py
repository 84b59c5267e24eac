"""Questions to a person at a terminal, each of which may be answered by going on or by leaving."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag import wording

SKIP, QUIT = "s", "q"


class Skipped(Exception):
    """What is being asked about stays as it is."""


class Quitted(Exception):
    """Nothing more is to be asked."""


@dataclass(frozen=True)
class Talk:
    """How a person is spoken with.

    Attributes:
        line: shows a prompt and gives the line that was typed; EOFError at the end of input.
        key: the same with a single key.
        say: shows a line.
    """

    line: Callable[[str], str]
    key: Callable[[str], str]
    say: Callable[[str], None]

    def asked(self, prompt: str, *, needed: str = "") -> str:
        """What was typed, without the space around it; where it is `needed`, never nothing.

        Raises:
            Skipped: it was `s`.
            Quitted: it was `q`.
        """
        while True:
            told = _went_on(self.line(prompt).strip())
            if told or not needed:
                return told
            self.say(needed)

    def kept(self, prompt: str, now: str | None) -> str | None:
        """What was typed, or what was known if that was nothing."""
        return self.asked(f"{prompt} (Enter: {now or 'nothing'}): ") or now

    def pressed(self, prompt: str, keys: Sequence[str]) -> str:
        """One of the keys."""
        while True:
            told = _went_on(self.key(prompt).lower())
            if told in keys:
                return told


def _went_on(told: str) -> str:
    if told == SKIP:
        raise Skipped
    if told == QUIT:
        raise Quitted
    return told


def at_terminal() -> Talk:
    """On standard input and output; a single key where input is a terminal, else a line."""

    def one_line(text: str) -> str:
        return wording.plain.visible(text, keep="\t")

    def say(line: str) -> None:
        sys.stdout.write(f"{one_line(line)}\n")
        sys.stdout.flush()

    def key(prompt: str) -> str:
        if not sys.stdin.isatty():
            return input(one_line(prompt)).strip()
        from typer import getchar

        sys.stdout.write(one_line(prompt))
        sys.stdout.flush()
        pressed = getchar()
        say(pressed)
        return pressed

    return Talk(line=lambda prompt: input(one_line(prompt)), key=key, say=say)
