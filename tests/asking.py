"""Readers while the index is rebuilt: `python -m tests.asking FOLDER READERS REBUILDS QUESTIONS`.

Each reader is a process with the library open, and moves to the new generation between questions,
as the web app does. All documents of a generation name its version, so an answer of two generations
would name two. It prints one line of JSON: how much was asked, and what went wrong.
"""

import json
import os
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rag.answering import Library
from rag.index import pointer
from rag.index.build import build
from tests.killing import PAPERS, QUESTION, Checked, write_seeds
from tests.tiny import prepare_to_fork

QUESTIONS = (QUESTION, "What was closed to trawlers?", '"The harbour of Lomvik"', "Which version?")
TOLD = 25
"""After so many questions a reader says how far it is."""


class Asking(Checked):
    """The readers, and who rebuilds the index meanwhile."""

    def run(self, readers: int, rebuilds: int, questions: int) -> dict[str, object]:
        """Have so many questions asked, and the index rebuilt at even distances between them."""
        heard, say = os.pipe()
        own = questions // readers
        ends = [self._begin(say, own) for _ in range(readers)]
        os.close(say)
        asked = version = 0
        while told := os.read(heard, 1):
            asked += TOLD * len(told)
            if version < rebuilds and asked * (rebuilds + 1) >= (version + 1) * questions:
                version += 1
                write_seeds(self.settings.seeds, version)
                build(self.settings, self.encoder)
        os.close(heard)
        results = [self._end(*each) for each in ends]
        seen = {version for result in results for version in result["versions"]}
        wrong = [*self.wrong, *(each for result in results for each in result["wrong"])]
        count = sum(result["asked"] for result in results)
        return {"asked": count, "rebuilds": version, "seen": sorted(seen), "wrong": wrong}

    def _begin(self, say: int, questions: int) -> tuple[int, int]:
        heard, own = os.pipe()
        child = os.fork()
        if child:
            os.close(own)
            return child, heard
        os.close(heard)
        reader = Reader(self)
        try:
            for number, question in enumerate(islice(cycle(QUESTIONS), questions), start=1):
                reader.ask(question)
                if number % TOLD == 0:
                    os.write(say, b".")
        finally:
            with os.fdopen(own, "w") as result:
                result.write(json.dumps(reader.result()))
            os._exit(0)

    def _end(self, child: int, heard: int) -> dict[str, Any]:
        with os.fdopen(heard) as result:
            told: dict[str, Any] = json.loads(result.read())
        os.waitpid(child, 0)
        return told


class Reader:
    """One reader, and the version that it heard from each generation."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._library = self._opened()
        self._versions: dict[str, int] = {}
        self._asked = 0
        self._wrong: list[str] = []

    def ask(self, question: str) -> None:
        """Ask the current generation."""
        self._asked += 1
        try:
            if pointer.pointed_id(self._asking.settings.index) != self._library.generation.id:
                self._library = self._opened()
            answer = self._library.ask(question, abstain=False)
            told = {int(each.exact.split()[-1].rstrip(".")) for each in answer.citations}
            assert {each.document for each in answer.citations} == {*PAPERS}, answer.citations
            assert len(told) == 1, told
            (version,) = told
            assert self._versions.setdefault(answer.generation, version) == version
            assert version == max(self._versions.values()), "went back"
        except Exception as error:
            self._wrong.append(f"{question}: {type(error).__name__}: {error}")

    def result(self) -> dict[str, object]:
        """What it heard."""
        versions = sorted(self._versions.values())
        return {"asked": self._asked, "versions": versions, "wrong": self._wrong[:5]}

    def _opened(self) -> Library:
        return Library.open(
            self._asking.settings.index, self._asking.settings, self._asking.encoder
        )


def main(folder: Path, readers: int, rebuilds: int, questions: int) -> None:
    """So many questions, asked by so many readers."""
    prepare_to_fork()
    told = Asking(folder).run(readers, rebuilds, questions)
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
