import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import VerbatimError
from rag.index import saving
from rag.index.rows import Rows
from rag.index.saving import Copied, Cut, Said
from rag.index.texts import FILE, Texts, load
from rag.reading import Carried
from rag.records import (
    AssignedPerspective,
    Document,
    Duplicates,
    Passage,
    Perspective,
    Source,
)
from tests.making import ANY_TEXT, libraries, rows_of, texts_of

SAID = st.builds(
    Said,
    st.lists(st.builds(Perspective, id=ANY_TEXT, label=ANY_TEXT), max_size=3),
    st.lists(ANY_TEXT, max_size=3),
    st.lists(
        st.builds(
            Duplicates,
            documents=st.lists(ANY_TEXT, max_size=3).map(tuple),
            similarity=st.floats(0, 1),
            exact=st.booleans(),
        ),
        max_size=2,
    ),
)


def expected_of(cuts: Sequence[Cut], said: Said) -> Texts:
    """What is to be read again: passages are numbered through the library."""
    passages = [passage for cut in cuts for passage in cut.passages]
    numbered = [
        passage.model_copy(update={"number": number}) for number, passage in enumerate(passages)
    ]
    return texts_of([cut.document for cut in cuts], numbered, said)


def assert_alike(found: Texts, expected: Texts) -> None:
    assert list(found.documents.items()) == list(expected.documents.items())
    assert list(found.passages) == list(expected.passages)
    assert list(found.languages.items()) == list(expected.languages.items())
    assert found.perspectives == expected.perspectives
    assert found.questions == expected.questions
    assert found.duplicates == expected.duplicates


def tables_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT rowid, * FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608 - names of the file's own
            for (name,) in names.fetchall()
        }


def notices_in(folder: Path) -> dict[str, tuple[str, list[dict[str, object]]]]:
    """The key of each document, and its notices."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        every = connection.execute("SELECT id, key, notices FROM documents")
        return {name: (key, json.loads(notices)) for name, key, notices in every}


@given(libraries(), SAID)
@settings(deadline=None, max_examples=80)
def test_saving_and_loading_gives_back_equal_records(cuts: list[Cut], said: Said) -> None:
    with TemporaryDirectory() as folder:
        saving.save(Path(folder), cuts, said, rows_of(cuts))
        assert_alike(load(Path(folder)), expected_of(cuts, said))
        assert notices_in(Path(folder)) == {
            cut.id: (cut.key, [notice.model_dump() for notice in cut.notices]) for cut in cuts
        }


@given(
    before=libraries(),
    after=libraries("new "),
    said=SAID,
    chance=st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=120)
def test_what_is_copied_is_what_would_be_written_anew(
    before: list[Cut], after: list[Cut], said: Said, chance: Random
) -> None:
    every: list[tuple[Cut, Cut | Carried]] = [
        *((cut, Carried(cut.id, number, cut.notices)) for number, cut in enumerate(before)),
        *((cut, cut) for cut in after),
    ]
    # Often in their order, with runs of documents that follow one another.
    chosen = sorted(chance.sample(range(len(every)), chance.randint(0, len(every))))
    if chance.random() < 0.5:
        chance.shuffle(chosen)
    cuts = [every[number][0] for number in chosen]
    with TemporaryDirectory() as temporary:
        old, anew, copied = (Path(temporary) / each for each in ("a b?c#d%20é", "anew", "copied"))
        for folder in (old, anew, copied):
            folder.mkdir()
        saving.save(old, before, Said(), rows_of(before))
        content = (old / FILE).read_bytes()
        saving.save(anew, cuts, said, rows_of(cuts))
        mixed = [every[number][1] for number in chosen]
        saving.save(copied, mixed, said, rows_of(cuts), Copied(old, rows_of(before)))
        assert tables_of(copied) == tables_of(anew)
        assert_alike(load(copied), expected_of(cuts, said))
        assert (old / FILE).read_bytes() == content
        assert [path.name for path in old.iterdir()] == [FILE]


def document(name: str, text: str) -> Document:
    source = Source(perspective=AssignedPerspective(assigned_on=date(2024, 2, 29)))
    return Document(id=name, text=text, sha256="0" * 64, encoding="utf_8", source=source)


def passage(name: str, text: str, start: int) -> Passage:
    return Passage(
        number=0, document=name, start=start, end=start + len(text), text=text, sentences=()
    )


@pytest.mark.parametrize(
    ("text", "start"), [("Ferry", 4), ("ferry", 3), ("ferry", 5), ("e\u0301", 4)]
)
def test_a_passage_that_is_not_its_documents_text_is_refused(
    tmp_path: Path, text: str, start: int
) -> None:
    told = passage("b.txt", text, start)
    cuts = [
        Cut(document("a.txt", "the ferry"), [passage("a.txt", "ferry", 4)]),
        Cut(document("b.txt", "the ferry"), [told]),
    ]
    with pytest.raises(VerbatimError, match=rf"is not b\.txt\[{start}:{start + len(text)}\]"):
        saving.save(tmp_path, cuts, Said(), rows_of(cuts))


def test_a_number_of_a_document_that_is_taken_over_may_be_another_one(tmp_path: Path) -> None:
    first = [
        Cut(document(f"{number}.txt", "the ferry"), [passage(f"{number}.txt", "ferry", 4)])
        for number in range(6)
    ]
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    saving.save(tmp_path / "old", first, Said(), rows_of(first))
    order = [3, 4, 0, 1, 5]
    rows, _ = Rows.joined(rows_of(first), rows_of([]), np.array(order, dtype=np.int64))
    carried = [Carried(f"{number}.txt", number, ()) for number in order]
    before = Copied(tmp_path / "old", rows_of(first))
    saving.save(tmp_path / "new", carried, Said(), rows, before)
    texts = load(tmp_path / "new")
    assert list(texts.documents) == [f"{number}.txt" for number in order]
    assert [each.document for each in texts.passages] == [f"{number}.txt" for number in order]
    assert [each.number for each in texts.passages] == [0, 1, 2, 3, 4]
