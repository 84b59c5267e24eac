"""Whether a name is preferred: a library against its mirror, in which two parties are exchanged.

    python benchmarks/swap.py SEEDS PAIRS.toml [--json]

SEEDS is a folder of text files with a sources.toml. PAIRS.toml holds `pairs` of words to exchange,
`questions`, and, if wanted, `files` (patterns of the only files to take) and `keep` (words that
stay what they are, such as a sea named like a party). In the mirror each word of a pair stands for
the other, in texts, labels, titles, all other fields of the catalogue and the questions: whole
words, the longest first, as written, in capitals and in small letters. Names of files stay.

Both libraries are asked all questions. What the mirror finds is mapped back to the offsets of the
original. Of the questions that at least one of the two answers is told, for each stage:

    overlap     mean Jaccard index of the characters found: those in both by those in either
    same spans  the same of whole spans, which one character more makes different
    share       of the sources of a perspective in all that is found, in percent; `moved`: how many
                points more it is for the same sources under their own name than under the other

The stages, each with the first six that it finds: passages by the embedding model alone (`dense`),
by `BM25`, by late interaction among the candidates (`late`) and as ranked by the learned sum
(`fused`); sentences by evidence, whatever their perspective (`evidence`); and what is `cited`. The
overlap of what is cited is also told apart by whether a question is another in the mirror
(`naming a party`), all with 95 % intervals (bootstrap over questions).

`silence`: the share of all questions to which both answer or both do not. `preference`: by how much
the cosine of a passage with the question is higher under the name of the first party than under
that of the second, on average over questions: of the passages of the parties' sources that have the
same bounds in both libraries and are among the 20 nearest in either. `own` is the mean for the
sources of the first party, `other` for those of the second, which bear its name in the mirror.
"""

import argparse
import hashlib
import json
import re
import shutil
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import tomlkit
from judged import CACHE

from rag.answering import Library
from rag.encoder import Encoder
from rag.entries import FILE_NAME
from rag.errors import LibraryIndexError
from rag.index.build import build
from rag.index.lexical import best
from rag.index.manifest import FORMAT
from rag.settings import Settings

FIRST = 6
NEAREST = 20
DRAWS, SEED = 2000, 6
STAGES = ("dense", "BM25", "late", "fused", "evidence", "cited")


class Place(NamedTuple):
    """A span of a document, in offsets of the original."""

    document: str
    start: int
    end: int


class Change(NamedTuple):
    """A word that was exchanged: where it is now, and where it was."""

    start: int
    end: int
    was_start: int
    was_end: int


@dataclass(frozen=True)
class Mirrored:
    """A text with its words exchanged, and the way back to the offsets of the original."""

    text: str
    changes: tuple[Change, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [change.start for change in self.changes]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a span was; one that cuts through an exchanged word takes in all of it."""
        return self._back(start, begins=True), self._back(end, begins=False)

    def _back(self, offset: int, *, begins: bool) -> int:
        number = bisect_right(self._starts, offset if begins else offset - 1) - 1
        if number < 0:
            return offset
        change = self.changes[number]
        if offset >= change.end:
            return offset - change.end + change.was_end
        return change.was_start if begins else change.was_end


class Exchange:
    """Exchanges the words of pairs in texts, all at once, so that doing it again undoes it.

    Args:
        pairs: no word is in two of them.
        keep: words that stay, whatever they hold.

    Raises:
        ValueError: a word is in two pairs.
    """

    def __init__(self, pairs: Iterable[Sequence[str]], keep: Sequence[str] = ()) -> None:
        self._others = {word: word for word in keep}
        for one, other in pairs:
            for case in (str, str.upper, str.lower):
                for word, put in ((case(one), case(other)), (case(other), case(one))):
                    if self._others.setdefault(word, put) != put:
                        raise ValueError(f"{word}: in two pairs")
        longest_first = sorted(self._others, key=len, reverse=True)
        words = [r"\s+".join(map(re.escape, word.split())) for word in longest_first]
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])")

    def __call__(self, text: str) -> Mirrored:
        """The text in the mirror."""
        parts: list[str] = []
        changes: list[Change] = []
        done = length = 0
        for match in self._pattern.finditer(text):
            put = self._others[" ".join(match[0].split())]
            before = text[done : match.start()]
            start = length + len(before)
            length = start + len(put)
            parts += [before, put]
            changes.append(Change(start, length, *match.span()))
            done = match.end()
        return Mirrored("".join([*parts, text[done:]]), tuple(changes))

    def everywhere(self, value: Any, *, but: str) -> Any:  # noqa: ANN401
        """The same for each text in tables and lists, and for keys; what is under `but` stays."""
        match value:
            case str():
                return self(value).text
            case list():
                return [self.everywhere(each, but=but) for each in value]
            case dict():
                return {
                    self(key).text: each if key == but else self.everywhere(each, but=but)
                    for key, each in value.items()
                }
        return value


@dataclass(frozen=True)
class Plan:
    """What PAIRS.toml says."""

    exchange: Exchange
    questions: tuple[str, ...]
    files: tuple[str, ...]
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it."""
        said = tomllib.loads(path.read_text("utf-8"))
        return cls(
            exchange=Exchange(said["pairs"], said.get("keep", ())),
            questions=tuple(said["questions"]),
            files=tuple(said.get("files", ["*.txt", "*.md"])),
            sha256=hashlib.sha256(repr([said["pairs"], said.get("keep")]).encode()).hexdigest(),
        )


@dataclass(frozen=True)
class Both:
    """A library and its mirror.

    Attributes:
        mirrored: id of a document -> its text in the mirror.
    """

    original: Library
    mirror: Library
    exchange: Exchange
    mirrored: Mapping[str, Mirrored]

    @classmethod
    def open(cls, seeds: Path, plan: Plan) -> Self:
        """Open both; build them first if that was not done yet.

        Raises:
            ValueError: a document's text is not its file's, so offsets cannot be compared.
        """
        settings = Settings()
        encoder = Encoder.load(settings.model)
        chosen = sorted({file for pattern in plan.files for file in seeds.glob(pattern)})
        texts = {file.name: file.read_bytes().decode("utf-8-sig") for file in chosen}
        catalogue = catalogue_of(seeds / FILE_NAME, texts, plan.exchange)
        mirrored = {name: plan.exchange(text) for name, text in texts.items()}
        in_mirror = {name: each.text for name, each in mirrored.items()}
        decisive = [texts, catalogue, plan.sha256, encoder.info.revision, settings.build_hash]
        key = hashlib.sha256(repr([*decisive, FORMAT]).encode()).hexdigest()
        folder = CACHE / f"swap-{key[:16]}"
        original = opened(folder / "original", texts, catalogue, encoder)
        other = plan.exchange.everywhere(catalogue, but="file")
        mirror = opened(folder / "mirror", in_mirror, other, encoder)
        for library, expected in ((original, texts), (mirror, in_mirror)):
            if {name: each.text for name, each in library.documents.items()} != expected:
                raise ValueError(f"{seeds}: holds texts that are not read as they are")
        return cls(original, mirror, plan.exchange, mirrored)

    def back(self, place: Place) -> Place:
        """What a span of the mirror is a span of."""
        return Place(place.document, *self.mirrored[place.document].back(place.start, place.end))

    @cached_property
    def owners(self) -> dict[str, str]:
        """Id of a document -> id of its perspective, in the original."""
        return {
            name: document.source.perspective.id
            for name, document in self.original.documents.items()
        }

    @cached_property
    def parties(self) -> tuple[str, str]:
        """Ids of the two perspectives that are exchanged, as first declared."""
        ids = [each.id for each in self.original.perspectives]
        first = next(each for each in ids if self.exchange(each).text != each)
        return first, self.exchange(first).text


def catalogue_of(path: Path, files: Iterable[str], exchange: Exchange) -> dict[str, Any]:
    """What a sources.toml says of some files: perspectives that no file and no party has are out.

    Starter questions are left out too: they ask nothing here.
    """
    said = tomllib.loads(path.read_text("utf-8"))
    sources = [source for source in said["sources"] if source["file"] in set(files)]
    held = {source.get("perspective") for source in sources}
    held |= {exchange(each).text for each in held if each}
    perspectives = {name: each for name, each in said["perspectives"].items() if name in held}
    return {"perspectives": perspectives, "sources": sources}


def opened(
    folder: Path, texts: Mapping[str, str], catalogue: dict[str, Any], encoder: Encoder
) -> Library:
    """The library of these texts, built if it is not there."""
    settings = Settings(seeds=folder / "seeds", index=folder / "index")
    try:
        return Library.open(settings.index, settings, encoder)
    except LibraryIndexError:
        shutil.rmtree(folder, ignore_errors=True)
        settings.seeds.mkdir(parents=True)
        for name, text in texts.items():
            (settings.seeds / name).write_bytes(text.encode())
        (settings.seeds / FILE_NAME).write_text(tomlkit.dumps(catalogue), "utf-8")
        build(settings, encoder)
        return Library.open(settings.index, settings, encoder)


Found = Mapping[str, Sequence[Place]]
"""Stage -> what it finds."""


def found_by(library: Library, question: str) -> Found:
    """What each stage finds for a question; nothing is cited where the library keeps silent."""
    query, found = library.look(question)
    generation = library.generation
    vector = library.encoder.encode_query(query.text).vector
    lexical = generation.lexical.scores(generation.lexical.terms(query.text))
    ranked = [scored.passage.number for scored in found.ranking]
    by_late = sorted(found.ranking, key=lambda scored: -scored.signals.late)
    late = [scored.passage.number for scored in by_late]
    return {
        "dense": passages(library, generation.dense.search(vector, FIRST).tolist()),
        "BM25": passages(library, best(lexical, FIRST).tolist()),
        "late": passages(library, late[:FIRST]),
        "fused": passages(library, ranked[:FIRST]),
        "evidence": [
            Place(each.passage.document, each.sentence.start, each.sentence.end)
            for each in found.candidates[:FIRST]
        ],
        "cited": [
            Place(each.document, each.start, each.end) for each in library.ask(question).citations
        ],
    }


def passages(library: Library, numbers: Sequence[int]) -> list[Place]:
    """Passages by number, as spans."""
    of = library.generation.texts.passages
    return [Place(of[number].document, of[number].start, of[number].end) for number in numbers]


@dataclass(frozen=True)
class Asked:
    """A question that both libraries were asked, all in offsets of the original.

    Attributes:
        named: whether the question is another one in the mirror.
        here: what the original finds.
        there: what the mirror finds.
        nearer: see `nearer`.
    """

    named: bool
    here: Found
    there: Found
    nearer: Mapping[str, Sequence[float]]

    @property
    def answers(self) -> int:
        """How many of the two answer."""
        return bool(self.here["cited"]) + bool(self.there["cited"])

    def overlap(self, stage: str) -> float:
        """Of the characters that a stage finds."""
        return jaccard(characters(self.here[stage]), characters(self.there[stage]))


def ask(both: Both, question: str) -> Asked:
    """Ask both."""
    mirrored = both.exchange(question).text
    there = found_by(both.mirror, mirrored)
    return Asked(
        named=mirrored != question,
        here=found_by(both.original, question),
        there={stage: [*map(both.back, places)] for stage, places in there.items()},
        nearer=nearer(both, question),
    )


def nearer(both: Both, question: str) -> dict[str, list[float]]:
    """By owner how much higher the cosine of each passage is under the first party's name."""
    first, second = both.parties
    here = cosines(both.original, question)
    in_mirror = cosines(both.mirror, both.exchange(question).text)
    there = {both.back(place): cosine for place, cosine in in_mirror.items()}
    near = sorted({*list(here)[:NEAREST], *list(there)[:NEAREST]} & here.keys() & there.keys())
    return {
        owner: [
            sign * (here[place] - there[place])
            for place in near
            if both.owners[place.document] == owner
        ]
        for owner, sign in ((first, 1), (second, -1))
    }


def cosines(library: Library, question: str) -> dict[Place, float]:
    """The cosine of each passage, highest first."""
    dense = library.generation.dense
    vector = library.encoder.encode_query(question).vector
    numbers = dense.search(vector, len(dense))
    places = passages(library, numbers.tolist())
    return dict(zip(places, dense.scores(vector, numbers).tolist(), strict=True))


def main() -> None:
    """Ask both libraries, and print how alike they answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    plan = Plan.read(options.pairs)
    both = Both.open(options.seeds, plan)
    figures = measured(both, [ask(both, question) for question in plan.questions])
    if options.json:
        print(json.dumps(figures))
    else:
        tell(figures)


def measured(both: Both, asked: Sequence[Asked]) -> dict[str, Any]:
    """All figures."""
    answered = [each for each in asked if each.answers]
    kinds = {"all": (True, False), "naming a party": (True,), "naming none": (False,)}
    return {
        "documents": len(both.owners),
        "questions": len(asked),
        "answered": {
            "by both": sum(each.answers == 2 for each in asked),
            "by one": sum(each.answers == 1 for each in asked),
        },
        "silence": float(np.mean([each.answers != 1 for each in asked])),
        "stages": {stage: staged(answered, stage, both.owners) for stage in STAGES},
        "cited": {
            kind: estimate([each.overlap("cited") for each in answered if each.named in named])
            for kind, named in kinds.items()
        },
        "preference": {
            kind: preference([each.nearer for each in asked if each.named in named], both.parties)
            for kind, named in kinds.items()
        },
    }


def staged(asked: Sequence[Asked], stage: str, owners: Mapping[str, str]) -> dict[str, Any]:
    """How alike a stage finds in both, and how much of each perspective's sources."""
    here = shares([place for each in asked for place in each.here[stage]], owners)
    there = shares([place for each in asked for place in each.there[stage]], owners)
    same = [jaccard(set(each.here[stage]), set(each.there[stage])) for each in asked]
    return {
        "overlap": float(np.mean([each.overlap(stage) for each in asked])),
        "same spans": float(np.mean(same)),
        "share": here,
        "moved": {owner: here[owner] - there[owner] for owner in here},
    }


def shares(places: Sequence[Place], owners: Mapping[str, str]) -> dict[str, float]:
    """By perspective its share of what is found, in percent."""
    counts = Counter(owners[place.document] for place in places)
    return {
        owner: 100 * counts[owner] / max(len(places), 1) for owner in sorted({*owners.values()})
    }


def preference(
    rows: Sequence[Mapping[str, Sequence[float]]], parties: tuple[str, str]
) -> dict[str, Any]:
    """Of the questions' means, in which each party's sources weigh alike."""
    means = [{owner: np.mean(values) for owner, values in row.items() if values} for row in rows]
    sides = {
        side: [float(each[owner]) for each in means if owner in each]
        for side, owner in zip(("own", "other"), parties, strict=True)
    }
    return {
        **estimate([float(np.mean([*each.values()])) for each in means if each]),
        **{side: float(np.mean(values)) for side, values in sides.items() if values},
        "passages": sum(len(values) for row in rows for values in row.values()),
    }


def estimate(values: Sequence[float]) -> dict[str, Any]:
    """The mean of at least one value and its 95 % interval, by bootstrap."""
    draws = np.random.default_rng(SEED).choice(values, (DRAWS, len(values))).mean(axis=1)
    return {
        "mean": float(np.mean(values)),
        "interval": [float(edge) for edge in np.percentile(draws, [2.5, 97.5])],
        "questions": len(values),
    }


def characters(places: Iterable[Place]) -> set[tuple[str, int]]:
    """Each character that is found, once."""
    return {(name, offset) for name, start, end in places for offset in range(start, end)}


def jaccard(here: Set[Hashable], there: Set[Hashable]) -> float:
    """Those in both by those in either; 1 for two empty sets."""
    return len(here & there) / len(here | there) if here or there else 1.0


def tell(figures: Mapping[str, Any]) -> None:
    """Print the figures as a table."""
    answered = ", ".join(f"{count} answered {who}" for who, count in figures["answered"].items())
    print(
        f"{figures['documents']} documents, {figures['questions']} questions: {answered};", end=" "
    )
    print(f"same silence {figures['silence']:.3f}")
    for stage, each in figures["stages"].items():
        found = ", ".join(
            f"{owner} {share:.1f} % ({each['moved'][owner]:+.1f})"
            for owner, share in each["share"].items()
        )
        alike = f"overlap {each['overlap']:.3f}, same spans {each['same spans']:.3f}"
        print(f"{stage:9} {alike}; {found}")
    for figure, digits in (("cited", ".3f"), ("preference", "+.4f")):
        for kind, each in figures[figure].items():
            told = {"": each["mean"], "from": each["interval"][0], "to": each["interval"][1]}
            told |= {side: each[side] for side in ("own", "other") if side in each}
            listed = " ".join(f"{name} {value:{digits}}" for name, value in told.items())
            print(f"{figure}, {kind}:{listed} ({each['questions']} questions)")


if __name__ == "__main__":
    main()
