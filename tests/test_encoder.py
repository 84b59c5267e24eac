import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

import rag.encoder
from rag.encoder import BATCH, BUNDLED_SHA256, Encoder, model_folder, model_revision
from rag.errors import ModelDamaged, ModelMissing, QuestionError, TextTooLong
from rag.settings import BUNDLED_MODEL
from tests.making import prompted

TEXTS = [
    "The ferry sails at nine.",
    "Rain.",
    (
        "In the long winter of 1893 the river froze from the mill down to the old customs house, "
        "and carts crossed it for eleven weeks."
    ),
    "Een veerboot, twee veerboten 🚢 — naïve café",
]


def test_bundled_model_has_its_published_size_and_weights(encoder: Encoder) -> None:
    assert encoder.info.name == BUNDLED_MODEL
    assert encoder.info.dimension == 384
    assert encoder.info.max_tokens == 256
    weights = (model_folder(BUNDLED_MODEL) / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == BUNDLED_SHA256
    assert encoder.info.revision == model_revision(BUNDLED_MODEL)


def test_vectors_are_those_of_a_plain_transformers_forward_pass(encoder: Encoder) -> None:
    folder = model_folder(BUNDLED_MODEL)
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    expected = []
    for text in TEXTS:
        with torch.no_grad():
            states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        mean = states.mean(dim=0)
        expected.append((mean / mean.norm()).numpy())
    np.testing.assert_allclose(encoder.encode_documents(TEXTS), np.stack(expected), atol=1e-5)


def test_batches_of_mixed_lengths_give_the_vectors_of_each_text_alone(encoder: Encoder) -> None:
    texts = [f"{'word ' * (number * 7 % 41)}number {number}" for number in range(70)]
    alone = np.concatenate([encoder.encode_documents([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_documents(texts), alone, atol=1e-5)


def test_tokens_of_a_padded_batch_are_those_of_each_text_alone(encoder: Encoder) -> None:
    vectors, tokens = encoder.encode_with_tokens(TEXTS)
    for text, vector, rows in zip(TEXTS, vectors, tokens, strict=True):
        (alone,), (rows_alone,) = encoder.encode_with_tokens([text])
        np.testing.assert_allclose(vector, alone, atol=1e-5)
        np.testing.assert_allclose(rows, rows_alone, atol=1e-4)


def test_normalised_mean_of_token_vectors_is_the_passage_vector(encoder: Encoder) -> None:
    vectors, tokens = encoder.encode_with_tokens(TEXTS)
    means = np.stack([rows.mean(axis=0) for rows in tokens])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    np.testing.assert_allclose(means, vectors, atol=1e-5)
    np.testing.assert_allclose(vectors, encoder.encode_documents(TEXTS), atol=1e-5)


def test_there_is_a_token_vector_for_each_counted_token(encoder: Encoder) -> None:
    _, tokens = encoder.encode_with_tokens(TEXTS)
    assert [len(rows) for rows in tokens] == encoder.count_tokens(TEXTS)
    # [CLS] the ferry sails at nine . [SEP]; [CLS] rain . [SEP]
    assert encoder.count_tokens(TEXTS[:2]) == [8, 4]


def test_question_and_document_are_encoded_alike_by_a_model_without_prompts(
    encoder: Encoder,
) -> None:
    np.testing.assert_allclose(
        encoder.encode_query(TEXTS[0]), encoder.encode_documents(TEXTS[:1])[0], atol=1e-5
    )


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_documents([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_progress_counts_texts_up_to_all_of_them(encoder: Encoder) -> None:
    steps: list[tuple[str, int, int]] = []
    encoder.encode_documents(["short"] * 70, lambda *step: steps.append(step))
    assert {stage for stage, _, _ in steps} == {"encoding passages"}
    assert {total for _, _, total in steps} == {70}
    done = [done for _, done, _ in steps]
    assert done == sorted(set(done))
    assert done[-1] == 70


def test_a_text_that_just_fits_is_encoded(encoder: Encoder) -> None:
    fits = "word " * 254
    assert encoder.count_tokens([fits]) == [256]
    assert encoder.encode_documents([fits]).shape == (1, 384)


@pytest.mark.parametrize(
    "encode",
    [
        lambda encoder, text: encoder.encode_documents(["short", text]),
        lambda encoder, text: encoder.encode_with_tokens(["short", text]),
    ],
    ids=["documents", "with_tokens"],
)
def test_a_text_over_the_limit_is_refused_not_cut(
    encoder: Encoder, encode: Callable[[Encoder, str], object]
) -> None:
    with pytest.raises(TextTooLong, match="257 tokens, 256 are read at most") as caught:
        encode(encoder, "word " * 255)
    assert "Shorten it" in caught.value.remedy


def test_a_question_over_the_limit_is_refused_not_cut(encoder: Encoder) -> None:
    assert encoder.encode_query("word " * 254).shape == (384,)
    with pytest.raises(QuestionError, match="256 tokens") as caught:
        encoder.encode_query("word " * 255)
    assert "fewer words" in caught.value.remedy


def test_many_threads_get_the_vectors_that_one_gets(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Encoder.load(str(tiny_model))
    tokenizer = type(tiny._model.tokenizer)
    prepare = tokenizer.set_truncation_and_padding

    def prepare_slowly(*arguments: object, **named: object) -> None:
        """Leaves the others time to come between a tokenizer's settings and their use."""
        prepare(*arguments, **named)
        sleep(0.002)

    monkeypatch.setattr(tokenizer, "set_truncation_and_padding", prepare_slowly)
    batches = [["river " * (number % 7 + 1), "rain"] for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(tiny.encode_documents, batches))
        questions = list(pool.map(tiny.encode_query, [batch[0] for batch in batches]))
    for batch, vectors, question in zip(batches, together, questions, strict=True):
        alone = tiny.encode_documents(batch)
        np.testing.assert_allclose(vectors, alone, atol=1e-5)
        np.testing.assert_allclose(question, alone[0], atol=1e-5)


def test_loading_forbids_the_network(encoder: Encoder) -> None:
    assert encoder.info.dimension == 384
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


def test_any_model_in_a_folder_can_be_used(tiny_model: Path) -> None:
    tiny = Encoder.load(str(tiny_model))
    assert tiny.info.name == str(tiny_model)
    assert tiny.info.dimension == 32
    assert tiny.info.max_tokens == 128
    # [CLS], nine letters of “the river”, [SEP]: its tokens are single letters
    assert tiny.count_tokens(["the river"]) == [10]
    assert tiny.encode_documents(["the river"]).shape == (1, 32)


def test_a_document_prompt_is_counted(own_tiny_model: Path) -> None:
    tiny = Encoder.load(str(prompted(own_tiny_model, {"document": "abc: "})))
    _, (rows,) = tiny.encode_with_tokens(["the river"])
    assert tiny.count_tokens(["the river"]) == [len(rows)] == [14]


def test_a_question_over_the_limit_with_its_prompt_is_refused_not_cut(
    own_tiny_model: Path,
) -> None:
    tiny = Encoder.load(str(prompted(own_tiny_model, {"query": "a question: "})))
    fits = "x " * 100
    assert not np.allclose(tiny.encode_query(fits + "a"), tiny.encode_query(fits + "b"))
    with pytest.raises(QuestionError):
        tiny.encode_query("x " * 120)


@pytest.mark.parametrize("name", ["no-such-model", "sentence-transformers/all-MiniLM-L6-v2"])
def test_a_model_that_is_not_there_is_missing_and_never_fetched(name: str) -> None:
    with pytest.raises(ModelMissing, match="no sentence-transformers model there") as caught:
        Encoder.load(name)
    assert name in caught.value.message
    assert BUNDLED_MODEL in caught.value.remedy


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        Encoder.load(str(tmp_path))


def test_weights_in_pickle_alone_are_refused(own_tiny_model: Path) -> None:
    weights = own_tiny_model / "model.safetensors"
    torch.save({}, own_tiny_model / "pytorch_model.bin")
    weights.unlink()
    with pytest.raises(ModelDamaged) as caught:
        Encoder.load(str(own_tiny_model))
    assert str(own_tiny_model) in caught.value.message
    assert "safetensors" in caught.value.remedy


def _cut_weights(model: Path) -> None:
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def _unknown_module(model: Path) -> None:
    modules = model / "modules.json"
    modules.write_text(modules.read_text("utf-8").replace("Pooling", "Fooling"), "utf-8")


def _other_size(model: Path) -> None:
    config = model / "config.json"
    text = config.read_text("utf-8")
    config.write_text(text.replace('"hidden_size": 32', '"hidden_size": 64'), "utf-8")


def _broken_modules(model: Path) -> None:
    (model / "modules.json").write_text("{", "utf-8")


def _no_config(model: Path) -> None:
    (model / "config.json").unlink()


@pytest.mark.parametrize(
    "damage", [_broken_modules, _no_config, _cut_weights, _unknown_module, _other_size]
)
def test_a_damaged_model_is_an_error_that_names_its_folder(
    own_tiny_model: Path, damage: Callable[[Path], None]
) -> None:
    damage(own_tiny_model)
    with pytest.raises(ModelDamaged) as caught:
        Encoder.load(str(own_tiny_model))
    assert str(own_tiny_model) in caught.value.message
    assert caught.value.remedy


def test_bundled_weights_with_another_hash_are_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.encoder, "BUNDLED_SHA256", "0" * 64)
    with pytest.raises(ModelDamaged) as caught:
        Encoder.load(BUNDLED_MODEL)
    assert "model.safetensors" in caught.value.message
    assert BUNDLED_SHA256 in caught.value.message
    assert "pip install --force-reinstall" in caught.value.remedy


def test_bundled_model_without_weights_is_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rag.encoder, "model_folder", lambda _name: tmp_path)
    with pytest.raises(ModelDamaged, match=r"model\.safetensors"):
        model_revision(BUNDLED_MODEL)


def test_a_copy_of_a_model_has_its_revision(tiny_model: Path, own_tiny_model: Path) -> None:
    assert model_revision(str(own_tiny_model)) == model_revision(str(tiny_model))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "1_Pooling/config.json"])
def test_a_change_in_any_file_of_a_model_is_another_revision(
    own_tiny_model: Path, name: str
) -> None:
    before = model_revision(str(own_tiny_model))
    file = own_tiny_model / name
    file.write_bytes(file.read_bytes() + b" ")
    assert model_revision(str(own_tiny_model)) != before


def test_the_names_of_a_models_files_are_part_of_its_revision(own_tiny_model: Path) -> None:
    before = model_revision(str(own_tiny_model))
    shutil.move(own_tiny_model / "1_Pooling", own_tiny_model / "2_Pooling")
    assert model_revision(str(own_tiny_model)) != before


def test_a_build_lets_whoever_asks_go_first(encoder: Encoder) -> None:
    batches: list[int] = []
    done = threading.Event()

    def work() -> None:
        texts = [f"Boat number {number}." for number in range(4 * BATCH)]
        encoder.encode_documents(texts, lambda _stage, count, _total: batches.append(count))
        done.set()

    with encoder.asking():
        builder = threading.Thread(target=work)
        builder.start()
        encoder.encode_query("Who asks?")
        assert batches == []  # it waits, for a second at most
    builder.join()
    assert done.is_set()
    assert batches == [BATCH, 2 * BATCH, 3 * BATCH, 4 * BATCH]


def test_a_build_goes_on_under_questions_without_end(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.encoder.PATIENCE", 0.01)
    with encoder.asking():
        vectors = encoder.encode_documents(["A boat."], lambda *_: None)
    assert vectors.shape == (1, encoder.info.dimension)
