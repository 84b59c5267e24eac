import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import VerbatimError
from rag.index.texts import FILE, Texts, load, save
from rag.records import (
    AssignedPerspective,
    Document,
    Duplicates,
    Furniture,
    Passage,
    Perspective,
    Sentence,
    Source,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SOURCES = st.builds(
    Source,
    title=st.none() | TEXT,
    published=st.none() | TEXT,
    inferred=st.dictionaries(TEXT, TEXT, max_size=2),
    perspective=st.builds(
        AssignedPerspective, id=TEXT, label=TEXT, basis=TEXT, assigned_on=st.none() | st.dates()
    ),
)


@st.composite
def texts(draw: st.DrawFn) -> Texts:
    documents: list[Document] = []
    passages: list[Passage] = []
    for name in draw(st.lists(TEXT, unique=True, max_size=3)):
        text = draw(TEXT.filter(bool))
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        kind = draw(st.sampled_from(["sentence", "heading", "fragment"]))
        sentences = (Sentence(start=start, end=end, kind=kind),)
        documents.append(
            Document(
                id=name,
                text=text,
                sha256=draw(TEXT),
                encoding="utf_8",
                source=draw(SOURCES),
                furniture=(Furniture(start=start, end=end, kind="reference", reason="why"),),
                sentences=sentences,
            )
        )
        passages.append(
            Passage(
                number=len(passages),
                document=name,
                start=start,
                end=end,
                text=text[start:end],
                sentences=sentences,
            )
        )
    perspectives = draw(st.lists(st.builds(Perspective, id=TEXT, label=TEXT), max_size=3))
    groups = st.builds(
        Duplicates,
        documents=st.lists(TEXT, max_size=3).map(tuple),
        similarity=st.floats(0, 1),
        exact=st.booleans(),
    )
    questions, duplicates = draw(st.lists(TEXT, max_size=3)), draw(st.lists(groups, max_size=2))
    return Texts.of(documents, passages, perspectives, questions, duplicates)


@given(texts())
@settings(deadline=None, max_examples=60)
def test_saving_and_loading_gives_back_equal_records(saved: Texts) -> None:
    with TemporaryDirectory() as folder:
        save(saved, Path(folder))
        loaded = load(Path(folder))
    assert loaded == saved
    assert list(loaded.documents) == list(saved.documents)


def test_each_document_of_a_group_is_led_to_its_group() -> None:
    first, second = (
        Duplicates(documents=names, similarity=1.0, exact=True)
        for names in [("a", "c"), ("b", "d")]
    )
    found = Texts.of([], [], [], [], [first, second])
    assert found.stories == {"a": first, "c": first, "b": second, "d": second}


def document(text: str) -> Document:
    source = Source(perspective=AssignedPerspective(assigned_on=date(2024, 2, 29)))
    return Document(id="a.txt", text=text, sha256="0" * 64, encoding="utf_8", source=source)


def passage(text: str, start: int) -> Passage:
    return Passage(
        number=0, document="a.txt", start=start, end=start + len(text), text=text, sentences=()
    )


def test_a_passage_that_is_not_its_documents_text_is_refused() -> None:
    with pytest.raises(VerbatimError, match=r"passage 0 is not a\.txt\[4:9\]"):
        Texts.of([document("the ferry")], [passage("Ferry", 4)], [], [])


def test_a_passage_that_was_altered_in_the_file_is_refused_on_loading(tmp_path: Path) -> None:
    save(Texts.of([document("the ferry")], [passage("ferry", 4)], [], []), tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute("UPDATE passages SET text = 'merry'")
    with pytest.raises(VerbatimError):
        load(tmp_path)


def test_loading_writes_nothing(tmp_path: Path) -> None:
    save(Texts.of([document("the ferry")], [passage("ferry", 4)], [], []), tmp_path)
    before = (tmp_path / FILE).read_bytes()
    load(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).read_bytes() == before


def test_a_folder_name_with_odd_characters_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20é"
    folder.mkdir()
    saved = Texts.of([document("the ferry")], [passage("ferry", 4)], [], ["When?"])
    save(saved, folder)
    assert load(folder) == saved
