import hashlib
from pathlib import Path

import numpy as np
import pytest

from rag.encoder import Bits, Encoder
from rag.errors import CatalogueError, IndexBusy, IndexMismatch, ParallaxError, SeedsError
from rag.index.build import build
from rag.index.changes import Changes, Staleness, staleness
from rag.index.dense import DenseStore
from rag.index.generation import Generation
from rag.index.lock import writing
from rag.index.ragged import Numbers
from rag.index.tokens import TokenStore
from rag.records import UNLABELLED
from rag.settings import Settings
from tests.making import (
    CARRIED,
    HARBOUR,
    WHEN_CLOSED,
    assert_verbatim,
    opened,
    settings_for,
    shown,
    write_files,
)

BINARY = b"\0\1\2\3" * 50


FRESH = Staleness(seeds=Changes(), catalogue=False, settings=False)


def stale(settings: Settings) -> Staleness:
    return staleness(Generation.open(settings.index).manifest, settings)


def test_a_build_reports_what_it_did(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    report = build(settings, quick_encoder)
    built = Generation.open(settings.index)
    assert report.generation == built.id
    assert report.documents == 3
    assert report.passages == len(built.texts.passages)
    assert report.changes.added == ("council.txt", "fishers.txt", "visitor.md")
    assert (report.changes.changed, report.changes.removed) == ((), ())
    assert report.failed == report.notices == ()


def test_near_duplicates_are_reported_and_kept(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = settings_for(tmp_path, CARRIED)
    report = build(settings, quick_encoder)
    (group,) = report.duplicates
    assert group.documents == ("a.txt", "b.txt")
    assert 0.7 < group.similarity < 1
    assert not group.exact
    assert Generation.open(settings.index).texts.duplicates == report.duplicates


def test_the_manifest_says_what_it_was_built_from_and_with(
    harbour_built: Settings, quick_encoder: Encoder
) -> None:
    manifest = Generation.open(harbour_built.index).manifest
    seeds = harbour_built.seeds
    assert manifest.seeds == {
        name: hashlib.sha256((seeds / name).read_bytes()).hexdigest()
        for name in ("council.txt", "fishers.txt", "visitor.md")
    }
    catalogue = (seeds / "sources.toml").read_bytes()
    assert manifest.catalogue == hashlib.sha256(catalogue).hexdigest()
    assert manifest.model == quick_encoder.info
    assert manifest.settings_hash == harbour_built.build_hash
    folder = harbour_built.index / manifest.id
    assert manifest.files == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest.files
    }


def test_passages_stand_in_their_documents_and_are_numbered_through(
    own_settings: Settings, quick_encoder: Encoder
) -> None:
    build(own_settings, quick_encoder)
    texts = Generation.open(own_settings.index).texts
    assert [passage.number for passage in texts.passages] == list(range(len(texts.passages)))
    assert {passage.document for passage in texts.passages} == texts.documents.keys()
    for passage in texts.passages:
        text = (own_settings.seeds / passage.document).read_bytes().decode("utf-8-sig")
        assert text[passage.start : passage.end] == passage.text
    assert max(quick_encoder.count_tokens([p.text for p in texts.passages])) <= 256


def test_the_stores_hold_what_the_model_makes_of_the_passages(
    harbour_built: Settings, encoder: Encoder
) -> None:
    built = Generation.open(harbour_built.index)
    encoded = encoder.encode_documents([passage.text for passage in built.texts.passages])
    query = encoder.encode_query(WHEN_CLOSED).vector
    every = np.arange(len(encoded.vectors), dtype=np.int64)
    cosines = encoded.vectors @ query
    np.testing.assert_allclose(built.dense.scores(query, every), cosines, atol=1e-5)
    tokens = built.tokens.of(every)
    assert tokens.starts.tolist() == np.concatenate(encoded.starts).tolist()
    assert turned(tokens.bits, np.concatenate(encoded.bits)) < 1e-3


def turned(one: Bits, other: Bits) -> float:
    """The share of bits that differ: a value near 0 is rounded to either side of it."""
    return float(np.unpackbits(one ^ other).mean())


def test_the_lexical_stores_hold_the_passages_and_their_sentences(harbour_built: Settings) -> None:
    built = Generation.open(harbour_built.index)
    passages = built.texts.passages
    sentences = [passage.text_of(each) for passage in passages for each in passage.sentences]
    assert built.first_sentence.tolist() == [0, 2, 4, 5]
    assert (len(built.lexical), len(built.sentences)) == (3, 5)
    for word in ("herring", "harbour", "crews", "lighthouse"):
        (term,) = built.lexical.terms(word)
        for store, texts in (
            (built.lexical, [passage.text for passage in passages]),
            (built.sentences, sentences),
        ):
            holding = [number for number, text in enumerate(texts) if word in text]
            assert store.holding(term).tolist() == holding


def test_the_same_seeds_give_the_same_stores(tmp_path: Path, encoder: Encoder) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    files = []
    for index in ("one", "two"):
        settings = settings.model_copy(update={"index": tmp_path / index})
        build(settings, encoder)
        files.append(Generation.open(settings.index).manifest.files)
    assert files[0] == files[1]
    assert set(TokenStore.FILES) < files[0].keys()
    # A build that takes all over keeps what was read of the files in another order.
    build(settings, encoder)
    files.append(Generation.open(settings.index).manifest.files)
    assert files[2].items() - files[0].items() <= {
        ("readings.sqlite", files[2]["readings.sqlite"]),
    }


def test_another_document_changes_no_vector_and_no_token_of_the_others(
    tmp_path: Path, encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    build(settings, encoder)
    before = Generation.open(settings.index)
    # It sorts before all others, and is longer.
    write_files(settings.seeds, {"ahead.txt": "A long tale of the sea and of its fish. " * 60})
    build(settings, encoder)
    after = Generation.open(settings.index)
    query = encoder.encode_query(WHEN_CLOSED).vector

    def known(generation: Generation) -> Numbers:
        numbers = [p.number for p in generation.texts.passages if p.document != "ahead.txt"]
        return np.array(numbers, dtype=np.int64)

    assert len(after.texts.passages) > len(before.texts.passages)
    cosines, cosines_before = (each.dense.scores(query, known(each)) for each in (after, before))
    np.testing.assert_allclose(cosines, cosines_before, atol=1e-5)
    tokens, tokens_before = (each.tokens.of(known(each)) for each in (after, before))
    assert tokens.rows.tolist() == tokens_before.rows.tolist()
    assert tokens.starts.tolist() == tokens_before.starts.tolist()
    assert turned(tokens.bits, tokens_before.bits) < 1e-3


def test_changes_are_added_changed_and_removed_files(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    assert stale(own_harbour) == FRESH
    seeds = own_harbour.seeds
    write_files(
        seeds,
        {"council.txt": "The council met in the old hall.", "new/ferry.md": "The ferry sails."},
    )
    (seeds / "visitor.md").unlink()
    expected = Changes(added=("new/ferry.md",), changed=("council.txt",), removed=("visitor.md",))
    assert stale(own_harbour) == FRESH.model_copy(update={"seeds": expected})
    assert len(expected) == 3
    assert build(own_harbour, quick_encoder).changes == expected
    assert stale(own_harbour) == FRESH


def test_a_changed_catalogue_is_a_change_but_no_changed_seed(own_harbour: Settings) -> None:
    with (own_harbour.seeds / "sources.toml").open("a") as file:
        file.write("# a remark\n")
    assert stale(own_harbour) == FRESH.model_copy(update={"catalogue": True})


@pytest.mark.parametrize(
    ("update", "settings"),
    [
        ({"passage_words": 60}, True),
        ({"stem_language": "german"}, True),
        ({"max_citations": 2}, False),
    ],
)
def test_a_setting_that_decides_what_an_index_holds_makes_it_stale(
    own_harbour: Settings, update: dict[str, object], settings: bool
) -> None:
    found = stale(own_harbour.model_copy(update=update))
    assert found == FRESH.model_copy(update={"settings": settings})


def test_a_touched_seed_with_the_same_bytes_is_no_change(own_harbour: Settings) -> None:
    (own_harbour.seeds / "council.txt").touch()
    assert stale(own_harbour) == FRESH


def test_an_unreadable_seed_is_reported_and_the_others_are_quoted(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, {**HARBOUR, "broken.txt": BINARY})
    report = build(settings, quick_encoder)
    assert [notice.file for notice in report.failed] == ["broken.txt"]
    assert report.failed[0].remedy
    assert report.documents == 3
    library = opened(settings, quick_encoder)
    assert library.ask(WHEN_CLOSED).answered
    assert "broken.txt" not in library.documents
    # It is known as it was, so it counts as changed once it is mended.
    assert stale(settings) == FRESH
    write_files(settings.seeds, {"broken.txt": "Mended: the ferry sails at nine."})
    assert stale(settings).seeds.changed == ("broken.txt",)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"picture.png": BINARY}, "no document"),
        ({"broken.txt": BINARY}, r"broken\.txt"),
        ({"empty.txt": ""}, "no sentence to quote"),
        ({"blank.txt": " \n\n"}, "no sentence to quote"),
    ],
)
def test_seeds_with_nothing_to_quote_are_an_error_with_a_remedy(
    tmp_path: Path, quick_encoder: Encoder, files: dict[str, str | bytes], says: str
) -> None:
    settings = settings_for(tmp_path, files)
    with pytest.raises(SeedsError, match=says) as caught:
        build(settings, quick_encoder)
    assert str(settings.seeds) in caught.value.message
    assert ".txt" in caught.value.remedy


EMPTY: list[dict[str, str | bytes]] = [
    {},
    {"sources.toml": '[perspectives.pro]\nlabel = "Pro"\n'},
]


@pytest.mark.parametrize("files", EMPTY)
def test_a_folder_without_documents_makes_an_empty_library_that_says_so(
    tmp_path: Path, quick_encoder: Encoder, files: dict[str, str | bytes]
) -> None:
    settings = settings_for(tmp_path, files)
    report = build(settings, quick_encoder)
    assert (report.documents, report.passages) == (0, 0)
    library = opened(settings, quick_encoder)
    assert library.ask("What does the other side say?").abstention is not None
    answer = library.ask(WHEN_CLOSED, ["Who built the lighthouse?"])
    assert answer.abstention is not None
    assert answer.abstention.cause == "empty"
    assert answer.abstention.nearest == ()
    assert [(row.label, row.sources) for row in answer.coverage] == ([("Pro", 0)] if files else [])


def test_an_empty_library_is_filled_by_the_next_build(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, {})
    build(settings, quick_encoder)
    write_files(settings.seeds, HARBOUR)
    assert build(settings, quick_encoder).documents == 3
    assert opened(settings, quick_encoder).ask(WHEN_CLOSED).answered


def test_a_missing_seeds_folder_is_an_error_that_names_it(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = Settings(seeds=tmp_path / "nowhere", index=tmp_path / "index")
    with pytest.raises(SeedsError, match="nowhere") as caught:
        build(settings, quick_encoder)
    assert "--seeds" in caught.value.remedy


def test_a_failed_build_leaves_the_index_answering_as_before(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    before = opened(own_harbour, quick_encoder).ask(WHEN_CLOSED)
    write_files(own_harbour.seeds, {"sources.toml": "no [ toml"})
    with pytest.raises(CatalogueError, match=r"sources\.toml"):
        build(own_harbour, quick_encoder)
    for seed in ("council.txt", "fishers.txt", "visitor.md", "sources.toml"):
        (own_harbour.seeds / seed).unlink()
    with pytest.raises(SeedsError):
        build(own_harbour, quick_encoder)
    assert opened(own_harbour, quick_encoder).ask(WHEN_CLOSED) == before


def test_a_document_without_a_sentence_is_reported(tmp_path: Path, quick_encoder: Encoder) -> None:
    settings = settings_for(tmp_path, {**HARBOUR, "dots.txt": "…\n"})
    report = build(settings, quick_encoder)
    assert [str(notice) for notice in report.notices] == [
        "dots.txt: no sentence in it can be quoted"
    ]


def test_a_library_of_function_words_alone_is_built_and_asked(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, {"a.txt": "It is what it is. That was that."})
    build(settings, quick_encoder)
    answer = opened(settings, quick_encoder).ask("What is it?")
    assert_verbatim(shown(answer), settings.seeds)


def test_an_index_path_that_is_a_file_is_an_error_that_names_it(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    settings.index.write_text("not a folder", "utf-8")
    with pytest.raises(ParallaxError) as caught:
        build(settings, quick_encoder)
    assert str(settings.index) in caught.value.message
    assert caught.value.remedy


def test_a_build_while_another_writes_is_refused(
    own_harbour: Settings, quick_encoder: Encoder
) -> None:
    with writing(own_harbour.index), pytest.raises(IndexBusy) as caught:
        build(own_harbour, quick_encoder)
    assert str(own_harbour.index) in caught.value.message
    build(own_harbour, quick_encoder)


def test_progress_tells_of_reading_and_encoding_up_to_the_end(
    tmp_path: Path, encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, HARBOUR)
    steps: list[tuple[str, int, int]] = []
    report = build(settings, encoder, lambda *step: steps.append(step))
    reading = [step[1:] for step in steps if step[0] == "reading seeds"]
    assert reading == [(1, 3), (2, 3), (3, 3)]
    assert steps[-1] == ("encoding passages", report.passages, report.passages)


@pytest.mark.parametrize(
    ("step", "stage"),
    [(1, "reading seeds"), (4, "telling documents from furniture"), (7, "encoding passages")],
)
def test_a_build_interrupted_while_reading_or_encoding_leaves_all_as_before(
    own_harbour: Settings, encoder: Encoder, quick_encoder: Encoder, step: int, stage: str
) -> None:
    before = opened(own_harbour, quick_encoder).ask(WHEN_CLOSED)
    write_files(own_harbour.seeds, {"council.txt": "The council met in the old hall."})
    steps: list[str] = []

    def interrupt(what: str, _done: int, _total: int) -> None:
        steps.append(what)
        if len(steps) == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(own_harbour, encoder, interrupt)
    assert steps[-1] == stage
    assert opened(own_harbour, quick_encoder).ask(WHEN_CLOSED) == before
    after = build(own_harbour, quick_encoder)
    assert after.changes.changed == ("council.txt",)
    entries = {path.name for path in own_harbour.index.iterdir()}
    assert entries == {".lock", "builds.jsonl", "current", before.generation, after.generation}


def test_a_build_interrupted_while_writing_leaves_all_as_before(
    own_harbour: Settings, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = opened(own_harbour, quick_encoder).ask(WHEN_CLOSED)
    write_files(own_harbour.seeds, {"council.txt": "The council met in the old hall."})

    def interrupted(_store: DenseStore, folder: Path) -> None:
        (folder / DenseStore.FILE).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(DenseStore, "save", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(own_harbour, quick_encoder)
    assert opened(own_harbour, quick_encoder).ask(WHEN_CLOSED) == before
    after = build(own_harbour, quick_encoder)
    entries = {path.name for path in own_harbour.index.iterdir()}
    assert entries == {".lock", "builds.jsonl", "current", before.generation, after.generation}


def test_a_document_dropped_into_the_seeds_is_quoted_unlabelled_then_labelled(
    own_settings: Settings, quick_encoder: Encoder
) -> None:
    build(own_settings, quick_encoder)
    text = "The bridge of Ordubrook was rebuilt in 2019 by volunteers from the lower village.\n"
    write_files(own_settings.seeds, {"bridge.txt": text})
    question = "Who rebuilt the bridge of Ordubrook?"

    assert build(own_settings, quick_encoder).changes.added == ("bridge.txt",)
    first = opened(own_settings, quick_encoder).ask(question).citations[0]
    assert (first.document, first.exact) == ("bridge.txt", text.strip())
    assert first.source.title == "bridge.txt"
    assert (first.source.perspective.id, first.source.perspective.label) == (
        UNLABELLED,
        "Unlabelled",
    )

    with (own_settings.seeds / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[sources]]\nfile = "bridge.txt"\nperspective = "neither-side"\nbasis = "A test."\n'
        )
    # The [questions] table stood last, and TOML lets another table follow it.
    build(own_settings, quick_encoder)
    again = opened(own_settings, quick_encoder).ask(question)
    assert again.citations[0].exact == text.strip()
    assert again.citations[0].source.perspective.label == "Neither side"
    assert again.citations[0].source.perspective.basis == "A test."
    assert {row.perspective for row in again.coverage} == {
        "pro-azerbaijan",
        "pro-armenia",
        "neither-side",
    }


@pytest.mark.usefixtures("always_answers")
def test_any_model_builds_and_answers_and_no_other_reads_its_index(
    tmp_path: Path, tiny_model: Path, quick_encoder: Encoder
) -> None:
    settings = settings_for(tmp_path, HARBOUR).model_copy(update={"model": str(tiny_model)})
    tiny = Encoder.load(settings.model)
    build(settings, tiny)
    answer = opened(settings, tiny).ask(WHEN_CLOSED)
    assert answer.answered
    assert_verbatim(answer.citations, settings.seeds)
    manifest = Generation.open(settings.index).manifest
    assert (manifest.model.name, manifest.model.dimension) == (str(tiny_model), 32)
    with pytest.raises(IndexMismatch) as caught:
        opened(settings, quick_encoder)
    assert str(tiny_model) in caught.value.message
    assert "all-MiniLM-L6-v2" in caught.value.message
    assert "parallax build" in caught.value.remedy
