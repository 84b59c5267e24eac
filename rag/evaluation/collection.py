"""Judged collections in the BEIR layout, read and checked.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models", 2021, https://github.com/beir-cellar/beir.
"""

import codecs
import csv
from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import CollectionError
from rag.hashing import sha256_of
from rag.records import Notice

LAYOUT = (
    "A collection is a folder in the BEIR layout: corpus.jsonl, queries.jsonl and qrels/test.tsv."
)
COLUMNS = ("query-id", "corpus-id", "score")

Judgements = dict[str, dict[str, int]]
"""Query id -> corpus id -> grade above 0."""


class _Row(BaseModel):
    """What every line holds; keys that are not needed are passed over."""

    model_config = ConfigDict(coerce_numbers_to_str=True, frozen=True)

    id: str = Field(alias="_id", min_length=1)


class _Text(_Row):
    title: str | None = None
    text: str


class _Document(_Text):
    perspective: str | None = None


class _Answers(_Row):
    answers: tuple[str, ...]


_Any = TypeVar("_Any", bound=_Row)


@dataclass(frozen=True)
class Collection:
    """A collection: what there is to find, what is asked, and which answers were judged right.

    Attributes:
        name: of its folder.
        titles: corpus id -> title, empty where there is none.
        texts: corpus id -> text.
        perspectives: corpus id -> the perspective that it speaks from, where one is given.
        queries: query id -> question, of the questions that have a judged document.
        relevant: query id -> corpus id -> grade above 0, also of documents that are not there.
        answers: query id -> strings, one of which a right quote holds; empty without a file.
        unanswerable: id -> question that no document answers; empty without a file.
        sha256: of corpus.jsonl, or of what else decides which documents there are.
        notices: what a person should know of the files.
    """

    name: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    perspectives: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]
    answers: Mapping[str, Sequence[str]]
    unanswerable: Mapping[str, str]
    sha256: str
    notices: tuple[Notice, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Collection":
        """Read a folder.

        It holds `corpus.jsonl` {_id, title, text, and perspective where there is one},
        `queries.jsonl` {_id, text} and `qrels/test.tsv` (query-id, corpus-id, score), and may hold
        `answers.jsonl` {_id, answers} and `unanswerable.jsonl` {_id, text}.

        Raises:
            CollectionError: a file is missing or is not what it should be; names file and line.
        """
        if not folder.is_dir():
            raise CollectionError(f"{folder}: there is no such folder", LAYOUT)
        corpus = _by_id(folder / "corpus.jsonl", _Document)
        queries = _by_id(folder / "queries.jsonl", _Text)
        relevant = _judgements(folder / "qrels" / "test.tsv")
        answers = _by_id(folder / "answers.jsonl", _Answers, optional=True)
        unanswerable = _by_id(folder / "unanswerable.jsonl", _Text, optional=True)
        _check(folder, corpus, queries, relevant, answers)
        return cls(
            name=folder.resolve().name,
            titles={name: row.title or "" for name, row in corpus.items()},
            texts={name: row.text for name, row in corpus.items()},
            perspectives={n: row.perspective for n, row in corpus.items() if row.perspective},
            queries={name: row.text for name, row in queries.items() if name in relevant},
            relevant=relevant,
            answers={name: [*filter(None, row.answers)] for name, row in answers.items()},
            unanswerable={name: row.text for name, row in unanswerable.items()},
            sha256=sha256_of(folder / "corpus.jsonl"),
            notices=tuple(_notices(corpus, queries, relevant)),
        )

    @cached_property
    def _bearers(self) -> dict[str, set[str]]:
        """Corpus ids of the documents that bear a title, by title."""
        bearers: dict[str, set[str]] = {}
        for name, title in self.titles.items():
            bearers.setdefault(title, set()).add(name)
        return bearers

    def file_text(self, document: str) -> str:
        """A document as a file: its title, if it has one of its own, above its text.

        A title that several documents share names what they were cut from, not them.
        """
        title = self.titles[document]
        own = bool(title) and len(self._bearers[title]) == 1
        return f"{title}\n\n{self.texts[document]}" if own else self.texts[document]

    def judged(self, query: str) -> frozenset[str]:
        """Corpus ids of the documents that answer a question, of those that are there."""
        return frozenset(self.relevant[query].keys() & self.texts.keys())

    def article(self, query: str) -> frozenset[str]:
        """Those of `judged`, and every document that shares a title with one of them."""
        judged = self.judged(query)
        titles = {self.titles[document] for document in judged} - {""}
        return judged.union(*(self._bearers[title] for title in titles))

    def sample(self, count: int | None, seed: int = 7) -> list[str]:
        """Ids of `count` queries, drawn without replacement; all if None or if no more."""
        return drawn(self.queries, count, seed)


def drawn(ids: Several[str], count: int | None, seed: int) -> list[str]:
    """`count` of the ids, sorted, drawn without replacement; all if None or if no more."""
    known = sorted(ids)
    if count is None or count >= len(known):
        return known
    return sorted(np.random.default_rng(seed).choice(known, count, replace=False).tolist())


def _by_id(path: Path, kind: type[_Any], *, optional: bool = False) -> dict[str, _Any]:
    """The rows of a file by id."""
    if optional and not path.exists():
        return {}
    rows: dict[str, _Any] = {}
    lines: dict[str, int] = {}
    for number, row in _rows(path, kind):
        if row.id in rows:
            raise CollectionError(
                f"{path}, line {number}: the _id {row.id!r} again, as in line {lines[row.id]}",
                "Give every line an _id of its own.",
            )
        rows[row.id], lines[row.id] = row, number
    if not rows:
        raise CollectionError(f"{path}: is empty", "Put one JSON object a line into it.")
    return rows


def _rows(path: Path, kind: type[_Any]) -> Iterator[tuple[int, _Any]]:
    for number, line in enumerate(_bytes(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, kind.model_validate_json(line)
        except ValidationError as error:
            raise CollectionError(
                f"{path}, line {number}: {_slip(error)}",
                "Each line is one JSON object in UTF-8 with the keys"
                f" {', '.join(f.alias or name for name, f in kind.model_fields.items())}.",
            ) from error


def _slip(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"not JSON: {first['msg'].removeprefix('Invalid JSON: ')}"
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def _bytes(path: Path) -> bytes:
    """The file without a byte-order mark."""
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError as error:
        raise CollectionError(f"{path}: is not there", LAYOUT) from error
    except OSError as error:
        raise CollectionError(
            f"{path}: cannot be read: {error.strerror}", "Check that it is a file, and permissions."
        ) from error


def _judgements(path: Path) -> Judgements:
    remedy = f"Its first line names the columns {', '.join(COLUMNS)}, between tabs."
    try:
        text = _bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CollectionError(f"{path}: not UTF-8: {error}", "Save it in UTF-8.") from error
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [each for each in COLUMNS if each not in (rows.fieldnames or ())]
    if missing:
        raise CollectionError(f"{path}: has no column {' and no column '.join(missing)}", remedy)
    relevant: Judgements = {}
    for row in rows:
        query, document, score = (row[each] for each in COLUMNS)
        try:
            grade = int(score)
        except (TypeError, ValueError) as error:
            raise CollectionError(
                f"{path}, line {rows.line_num}: the score {score!r} is no whole number", remedy
            ) from error
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _check(
    folder: Path,
    corpus: Mapping[str, _Text],
    queries: Mapping[str, _Text],
    relevant: Judgements,
    answers: Mapping[str, _Answers],
) -> None:
    if not any(row.text.strip() for row in corpus.values()):
        raise CollectionError(
            f"{folder / 'corpus.jsonl'}: no document in it has any text",
            "Put documents with a text into it.",
        )
    if not relevant.keys() & queries.keys():
        raise CollectionError(
            f"{folder / 'qrels' / 'test.tsv'}: judges no document right for any question of"
            " queries.jsonl",
            "Give at least one of its questions a document with a score above 0.",
        )
    unknown = [name for name in answers if name not in queries]
    if unknown:
        raise CollectionError(
            f"{folder / 'answers.jsonl'}: no such question in queries.jsonl: {some(unknown)}",
            "Take these lines out, or put the questions in.",
        )


def _notices(
    corpus: Mapping[str, _Text], queries: Mapping[str, _Text], relevant: Judgements
) -> Iterator[Notice]:
    file = "qrels/test.tsv"
    documents = sorted({name for each in relevant.values() for name in each} - corpus.keys())
    if documents:
        message = f"judged documents that corpus.jsonl lacks count as not found: {some(documents)}"
        yield Notice(file=file, message=message)
    strange = sorted(relevant.keys() - queries.keys())
    if strange:
        message = f"judged questions that queries.jsonl lacks are not asked: {some(strange)}"
        yield Notice(file=file, message=message)


def some(ids: Sequence[str], shown: int = 5) -> str:
    """The first few of many ids, and how many more there are."""
    more = len(ids) - shown
    return ", ".join(ids[:shown]) + (f" and {more:,} more" if more > 0 else "")
