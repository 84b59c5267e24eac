from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexDamaged
from rag.index import saving
from rag.index.saving import Cut, Said
from rag.index.sqlite import ReadOnly
from rag.index.texts import FILE, Texts, load
from rag.records import Document, Duplicates, Passage, Perspective, Sentence
from tests.making import rows_of, texts_of

LINES = ("The ferry sank.", "Nobody drowned.", "The captain was blamed.")


def document(name: str, language: str | None = "en") -> Document:
    text = "\n".join(LINES)
    return Document(id=name, text=text, sha256="0" * 64, encoding="utf_8", language=language)


def passages_of(name: str) -> list[Passage]:
    """Each line by itself."""
    starts = [0, 16, 32]
    return [
        Passage(
            number=number,
            document=name,
            start=start,
            end=start + len(line),
            text=line,
            sentences=(Sentence(start=start, end=start + len(line)),),
        )
        for number, (start, line) in enumerate(zip(starts, LINES, strict=True))
    ]


SAID = Said(
    [Perspective(id="for", label="For")],
    ["When?"],
    [Duplicates(documents=("a.txt", "b.txt"), similarity=1.0, exact=True)],
)


def saved(folder: Path) -> Texts:
    """Two documents with the same three passages, and a third without any, opened."""
    cuts = [Cut(document(name), passages_of(name)) for name in ("b.txt", "a.txt")]
    cuts.append(Cut(document("none.txt", None), []))
    saving.save(folder, cuts, SAID, rows_of(cuts))
    return load(folder)


def test_documents_are_found_by_id_in_the_order_of_the_library(tmp_path: Path) -> None:
    documents = saved(tmp_path).documents
    assert list(documents) == ["b.txt", "a.txt", "none.txt"]
    assert len(documents) == 3
    assert documents == {name: document(name) for name in ("a.txt", "b.txt")} | {
        "none.txt": document("none.txt", None)
    }
    assert "a.txt" in documents
    assert "c.txt" not in documents
    assert documents.get("c.txt") is None
    with pytest.raises(KeyError):
        documents["c.txt"]


def test_passages_are_found_by_number_from_either_end_and_in_slices(tmp_path: Path) -> None:
    expected = [
        passage.model_copy(update={"number": 3 * place + passage.number})
        for place, name in enumerate(["b.txt", "a.txt"])
        for passage in passages_of(name)
    ]
    passages = saved(tmp_path).passages
    assert len(passages) == 6
    assert list(passages) == expected
    assert [passages[number] for number in range(-6, 6)] == expected * 2
    assert passages[1:5:2] == expected[1:5:2]
    assert passages[::-1] == expected[::-1]
    assert passages[9:] == []
    assert expected[4] in passages
    for outside in (6, -7):
        with pytest.raises(IndexError):
            passages[outside]


def test_the_catalogues_words_and_languages_are_there_at_once(tmp_path: Path) -> None:
    texts = saved(tmp_path)
    assert texts.perspectives == (Perspective(id="for", label="For"),)
    assert texts.questions == ("When?",)
    assert texts.duplicates == tuple(SAID.duplicates)
    assert texts.languages == {"b.txt": "en", "a.txt": "en", "none.txt": None}
    assert texts.stemmers("german") == {
        "b.txt": "english",
        "a.txt": "english",
        "none.txt": "german",
    }


def test_a_library_of_nothing_is_loaded(tmp_path: Path) -> None:
    saving.save(tmp_path, [], Said(), rows_of([]))
    texts = load(tmp_path)
    assert (dict(texts.documents), list(texts.passages)) == ({}, [])
    assert (texts.perspectives, texts.questions, texts.duplicates) == ((), (), ())
    assert (texts.languages, texts.stories) == ({}, {})


def test_what_was_loaded_is_read_after_its_folder_was_removed(tmp_path: Path) -> None:
    texts = saved(tmp_path)
    (tmp_path / FILE).unlink()
    assert texts.documents["a.txt"] == document("a.txt")
    assert texts.passages[-1].text == LINES[-1]


def test_documents_are_kept_by_how_long_they_are_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.texts.KEPT", 2 * len("\n".join(LINES)))
    monkeypatch.setattr("rag.index.texts.LEAST_KEPT", 1)
    documents = saved(tmp_path).documents
    first, second = documents["a.txt"], documents["b.txt"]
    assert documents["a.txt"] is first
    assert documents["none.txt"]
    assert documents["a.txt"] is first  # it was asked for after the second
    assert documents["b.txt"] is not second


def test_some_documents_are_kept_however_long_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.texts.KEPT", 10)
    monkeypatch.setattr("rag.index.texts.LEAST_KEPT", 2)
    documents = saved(tmp_path).documents
    first, second = documents["a.txt"], documents["b.txt"]
    assert documents["a.txt"] is first
    assert documents["b.txt"] is second
    assert documents["none.txt"]
    assert documents["a.txt"] is not first


def test_damage_that_is_met_while_reading_is_told_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(b"\xff" * 1000)
    opened = ReadOnly(file)
    with pytest.raises(IndexDamaged) as caught:
        opened.rows("SELECT 1 FROM documents")
    assert caught.value.message.startswith(f"{file}: cannot be read: ")
    assert "parallax build" in caught.value.remedy


def test_several_threads_read_the_same_records(tmp_path: Path) -> None:
    texts = saved(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: texts.passages[number % 6], range(300)))
    assert [passage.number for passage in found] == [number % 6 for number in range(300)]
    assert all(passage.text == LINES[passage.number % 3] for passage in found)


def test_each_document_of_a_group_is_led_to_its_group() -> None:
    first, second = (
        Duplicates(documents=names, similarity=1.0, exact=True)
        for names in [("a", "c"), ("b", "d")]
    )
    found = texts_of([], said=Said(duplicates=[first, second]))
    assert found.stories == {"a": first, "c": first, "b": second, "d": second}


def test_loading_and_reading_write_nothing(tmp_path: Path) -> None:
    texts = saved(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    assert len(list(texts.passages)) + len(dict(texts.documents)) == 9
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).read_bytes() == before


def test_a_folder_name_with_odd_characters_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20é"
    folder.mkdir()
    assert list(saved(folder).documents) == ["b.txt", "a.txt", "none.txt"]
