from pathlib import Path
from random import Random

import numpy as np
import pytest

from rag import reading
from rag.index import before as module
from rag.index import readings
from rag.index.before import Before, files_known
from rag.index.build import build
from rag.index.generation import Generation
from rag.index.pointer import read
from rag.settings import Settings
from tests.making import HARBOUR, settings_for, write_files
from tests.tiny import Inside, TinyEncoder

ENCODER = TinyEncoder()
OTHER_MODEL = ENCODER.info.model_copy(update={"revision": "1"})


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The small library on a harbour, of the same sentence twice, built inside this process."""
    monkeypatch.setattr(reading, "_sandbox", lambda _: Inside())
    copy = "The lighthouse of Lomvik is painted green, a visitor wrote.\n"
    settings = settings_for(tmp_path, {**HARBOUR, "copy.txt": copy})
    build(settings, ENCODER)
    return settings


def assert_nothing(before: Before) -> None:
    assert before.known == ({}, {})
    assert (before.files, before.folder, before.copied) == (None, None, None)
    assert len(before.stores.dense) == len(before.stores.rows.digests) == 0
    assert before.stores.dense.vectors().shape == (0, ENCODER.info.dimension)
    assert before.numbers_of(["The ferry sails.", ""]).tolist() == [-1, -1]


def test_before_the_first_build_nothing_is_known(tmp_path: Path) -> None:
    settings = Settings(seeds=tmp_path / "seeds", index=tmp_path / "index")
    assert_nothing(Before.of(settings, ENCODER.info))
    assert files_known(settings.index) == ({}, {})


def test_all_of_a_generation_is_known(built: Settings) -> None:
    before = Before.of(built, ENCODER.info)
    generation = Generation.open(built.index)
    folder = built.index / generation.id
    names = ["copy.txt", "council.txt", "fishers.txt", "visitor.md"]
    assert (before.files, before.folder) == (folder, folder)
    assert sorted(file.file for file in before.known.files.values()) == names
    found = sorted((each.number, each.id) for each in before.known.documents.values())
    assert found == list(enumerate(names))
    assert files_known(built.index).files.keys() == before.known.files.keys()
    assert before.copied is not None
    assert before.copied.folder == folder
    assert before.stores.rows.passages.tolist() == generation.rows.passages.tolist()


def test_another_model_or_other_settings_leave_only_what_the_files_say(built: Settings) -> None:
    shorter = built.model_copy(update={"passage_words": 60})
    known = Before.of(built, ENCODER.info).known
    for settings, model in ((built, OTHER_MODEL), (shorter, ENCODER.info)):
        before = Before.of(settings, model)
        assert before.known.files.keys() == known.files.keys()
        assert before.known.documents == {}
        assert (before.folder, before.copied) == (None, None)
        assert before.files == built.index / Generation.open(built.index).id
        assert len(before.stores.dense) == 0
        texts = [passage.text for passage in Generation.open(built.index).texts.passages]
        assert before.numbers_of(texts).tolist() == [-1] * len(texts)
    fewer = built.model_copy(update={"max_citations": 2})
    assert Before.of(fewer, ENCODER.info).known.documents == known.documents


def test_of_a_damaged_generation_nothing_is_known(built: Settings) -> None:
    folder = built.index / read(built.index)[0].id
    files = [built.index / "current", *(path for path in folder.rglob("*") if path.is_file())]
    assert len(files) > 20
    for file in files:
        content = file.read_bytes()
        for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content[:-1], None):
            if damaged is None:
                file.unlink()
            else:
                file.write_bytes(damaged)
            assert_nothing(Before.of(built, ENCODER.info))
            known = files_known(built.index).files
            # Of the readings alone their file is looked at.
            whole = file.name not in (readings.FILE, "current", "manifest.json")
            assert len(known) == (4 if whole else 0), file
        file.write_bytes(content)
    assert len(Before.of(built, ENCODER.info).known.documents) == 4


def test_a_document_that_may_be_another_one_next_time_is_not_known(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = '\n[[sources]]\nfile = "visitor.md"\nkeep = [99]\n'
    catalogue = str(HARBOUR["sources.toml"]).partition("[questions]")[0] + slips
    write_files(built.seeds, {"sources.toml": catalogue})
    build(built, ENCODER)
    names = {each.id for each in Before.of(built, ENCODER.info).known.documents.values()}
    assert names == {"copy.txt", "council.txt", "fishers.txt"}
    monkeypatch.setattr(Inside, "run", lambda *_: iter([{"stopped": "visitor.md", "why": "it"}]))
    write_files(built.seeds, {"visitor.md": "The lighthouse is red now.\n"})
    build(built, ENCODER)
    files = {each.file for each in Before.of(built, ENCODER.info).known.files.values()}
    assert files == {"copy.txt", "council.txt", "fishers.txt"}


def test_a_text_is_found_where_a_passage_has_it(built: Settings) -> None:
    before = Before.of(built, ENCODER.info)
    held = [passage.text for passage in Generation.open(built.index).texts.passages]
    assert len(held) == len({*held}) + 1 == 4
    chance = Random(1)  # noqa: S311 - no secret
    for _ in range(50):
        asked = chance.choices([*held, "The ferry sails.", "", held[0] + " ", held[0][:-1]], k=5)
        numbers = before.numbers_of(asked)
        assert numbers.dtype == np.int64
        for text, number in zip(asked, numbers.tolist(), strict=True):
            assert (held[number] == text) if text in held else number == -1
    assert before.numbers_of([]).tolist() == []


def test_texts_whose_digests_are_the_same_are_not_taken_for_each_other(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Before.of(built, ENCODER.info)
    held = [passage.text for passage in Generation.open(built.index).texts.passages]
    rows = before.stores.rows
    alike = np.full(len(held), 7, dtype=np.uint64)
    same = before._replace(stores=before.stores._replace(rows=rows._replace(digests=alike)))
    monkeypatch.setattr(module, "digests_of", lambda texts: np.full(len(texts), 7, dtype=np.uint64))
    for text, number in zip(held, same.numbers_of(held).tolist(), strict=True):
        assert number == -1 or held[number] == text
    assert same.numbers_of(["The ferry sails.", held[0]]).tolist() == [-1, 0]
