import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from rag.encoder import (
    BATCH,
    Bits,
    Encoder,
    Vectors,
    model_folder,
    model_revision,
    signs_of,
)
from rag.errors import ModelDamaged, ModelMissing, QuestionError, TextTooLong
from rag.models import files
from rag.models.files import BUNDLED_SHA256
from rag.models.pytorch import TorchModel
from rag.settings import BUNDLED_MODEL, Backend
from tests.making import ANY_TEXT, prompted

TEXTS = [
    "The ferry sails at nine.",
    "Rain.",
    (
        "In the long winter of 1893 the river froze from the mill down to the old customs house, "
        "and carts crossed it for eleven weeks."
    ),
    "Een veerboot, twee veerboten 🚢 — naïve café",
    "  The cafe\u0301 of Łódź\r\nand 東京’s 👩\u200d🚀: “ＡＢＣ ﬁsh”?! ",
]


EXACT: list[Backend] = ["float32", "torch"]
"""What rounds as the oracle does."""


@pytest.fixture(scope="module", params=EXACT)
def exact(request: pytest.FixtureRequest) -> Encoder:
    return Encoder.load(BUNDLED_MODEL, request.param)


def test_bundled_model_has_its_published_size_and_weights(encoder: Encoder) -> None:
    assert encoder.info.name == BUNDLED_MODEL
    assert encoder.info.dimension == 384
    assert encoder.info.max_tokens == 256
    weights = (model_folder(BUNDLED_MODEL) / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == BUNDLED_SHA256
    assert encoder.info.precision == "int8"


def test_the_revision_tells_of_the_weights_and_of_how_they_were_quantised(
    encoder: Encoder, exact: Encoder
) -> None:
    assert exact.info.precision == "float32"
    assert exact.info.revision == model_revision(BUNDLED_MODEL)
    assert encoder.info.revision != exact.info.revision
    assert len(encoder.info.revision) == 64


class Plain(NamedTuple):
    """The oracle: a text as transformers alone reads it, without sentence-transformers."""

    vector: Vectors
    tokens: Vectors
    spans: list[tuple[int, int]]


def plain(folder: Path, text: str, prompt: str = "") -> Plain:
    tokenizer, model = _plain_model(folder)
    read = tokenizer(
        prompt + text,
        return_tensors="pt",
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    offsets = read.pop("offset_mapping")[0].tolist()
    special = read.pop("special_tokens_mask")[0].tolist()
    with torch.no_grad():
        states = model(**read).last_hidden_state[0].numpy()
    own = [row for row, (start, _) in enumerate(offsets) if start >= len(prompt)]
    own = [row for row in own if not special[row]]
    mean = states.mean(axis=0)
    return Plain(
        mean / np.linalg.norm(mean),
        states[own] / np.linalg.norm(states[own], axis=1, keepdims=True),
        [(offsets[row][0] - len(prompt), offsets[row][1] - len(prompt)) for row in own],
    )


@cache
def _plain_model(folder: Path) -> tuple[Any, Any]:
    return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)


def assert_signs(bits: Bits, tokens: Vectors) -> None:
    """A bit a dimension, whether it is above 0. Nobody can tell of one that rounding may turn."""
    assert bits.shape == (len(tokens), tokens.shape[1] // 8)
    expected = np.packbits(tokens > 0, axis=1)
    other = np.unpackbits(bits ^ expected, axis=1).astype(bool)
    assert np.abs(tokens[other]).max(initial=0) < 1e-5
    assert other.mean() < 1e-3


@pytest.mark.parametrize("text", TEXTS)
def test_a_question_is_what_a_plain_forward_pass_makes_of_it(exact: Encoder, text: str) -> None:
    found = exact.encode_query(text)
    expected = plain(model_folder(BUNDLED_MODEL), text)
    np.testing.assert_allclose(found.vector, expected.vector, atol=1e-5)
    np.testing.assert_allclose(found.tokens, expected.tokens, atol=1e-5)
    assert list(map(tuple, found.spans.tolist())) == expected.spans
    assert found.vector.dtype == found.tokens.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferries' crews.", ["The", "ferries", "'", "crews", "."]),
        ("Lomvik", ["Lo", "m", "vik"]),
        ("  Cafe\u0301 👩\u200d🚀 naïve\r\n", ["Cafe", "👩\u200d🚀", "naïve"]),
        ("東京?", ["東", "京", "?"]),
        ("\u200b", []),
    ],
)
def test_spans_are_the_characters_of_the_tokens(
    encoder: Encoder, text: str, expected: list[str]
) -> None:
    found = encoder.encode_query(text)
    assert [text[start:end] for start, end in found.spans.tolist()] == expected
    assert found.tokens.shape == (len(expected), 384)


def assert_as_plain(encoder: Encoder, texts: Sequence[str]) -> None:
    """Texts encoded together are what a plain forward pass makes of each alone."""
    found = encoder.encode_documents(texts)
    alone = [plain(model_folder(BUNDLED_MODEL), text) for text in texts]
    np.testing.assert_allclose(found.vectors, [each.vector for each in alone], atol=1e-5)
    for bits, starts, each in zip(found.bits, found.starts, alone, strict=True):
        assert_signs(bits, each.tokens)
        assert starts.tolist() == [start for start, _ in each.spans]
        assert bits.dtype == np.uint8
        assert starts.dtype == np.uint32


MIXED = [f"{'word ' * (number * 7 % 41)}number {number}" for number in range(3 * BATCH)]


def test_texts_are_what_plain_forward_passes_make_of_them(exact: Encoder) -> None:
    assert_as_plain(exact, TEXTS)


def test_batches_of_mixed_lengths_give_what_each_text_gives_alone(exact: Encoder) -> None:
    assert_as_plain(exact, MIXED)


@pytest.mark.parametrize("text", TEXTS)
def test_in_eight_bits_a_question_is_near_what_a_plain_forward_pass_makes_of_it(
    encoder: Encoder, text: str
) -> None:
    found = encoder.encode_query(text)
    expected = plain(model_folder(BUNDLED_MODEL), text)
    assert found.vector @ expected.vector > 0.98
    assert (found.tokens * expected.tokens).sum(axis=1).mean() > 0.98
    assert list(map(tuple, found.spans.tolist())) == expected.spans
    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-6)
    assert found.vector.dtype == found.tokens.dtype == np.float32


@pytest.mark.parametrize("backend", ["int8", *EXACT])
def test_a_text_has_the_same_vectors_alone_and_among_others_to_the_last_bit(
    backend: Backend,
) -> None:
    encoder = Encoder.load(BUNDLED_MODEL, backend)
    texts = [*TEXTS, *MIXED]
    together = encoder.encode_documents(texts)
    for number, text in enumerate(texts):
        alone = encoder.encode_documents([text])
        assert np.array_equal(together.vectors[number], alone.vectors[0])
        assert np.array_equal(together.bits[number], alone.bits[0])
        assert np.array_equal(together.starts[number], alone.starts[0])


@given(text=ANY_TEXT)
@settings(deadline=None, max_examples=60)
def test_spans_of_any_text_are_those_of_the_tokenizer_alone(encoder: Encoder, text: str) -> None:
    if encoder.count_tokens([text])[0] > encoder.info.max_tokens:
        return
    tokenizer, _ = _plain_model(model_folder(BUNDLED_MODEL))
    read = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
    pairs = zip(read["offset_mapping"], read["special_tokens_mask"], strict=True)
    found = encoder.encode_query(text)
    assert list(map(tuple, found.spans.tolist())) == [
        span for span, special in pairs if not special
    ]
    assert len(found.tokens) == len(found.spans)
    for start, end in found.spans.tolist():
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].lstrip()


def test_a_sign_is_a_bit_that_says_whether_a_value_is_above_0() -> None:
    tokens = np.array(
        [[1, -1, 0, 2, 0.5, -3, 1, 1, -1, 1], [-1, -1, -1, -1, -1, -1, -1, 1, 1, 0]],
        dtype=np.float32,
    )
    expected = [[0b10011011, 0b01000000], [0b00000001, 0b10000000]]
    assert signs_of(tokens).tolist() == expected


def test_all_tokens_are_kept_but_the_special_ones(encoder: Encoder) -> None:
    found = encoder.encode_documents(TEXTS)
    assert [len(bits) + 2 for bits in found.bits] == encoder.count_tokens(TEXTS)
    # [CLS] the ferry sails at nine . [SEP]; [CLS] rain . [SEP]
    assert encoder.count_tokens(TEXTS[:2]) == [8, 4]


def test_no_texts_have_no_vectors_and_no_tokens(encoder: Encoder) -> None:
    found = encoder.encode_documents([])
    assert found.vectors.shape == (0, 384)
    assert found.bits == found.starts == []
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
    (bits,) = encoder.encode_documents([fits]).bits
    assert bits.shape == (254, 48)


def test_a_text_over_the_limit_is_refused_not_cut(encoder: Encoder) -> None:
    with pytest.raises(TextTooLong, match="257 tokens, 256 are read at most") as caught:
        encoder.encode_documents(["short", "word " * 255])
    assert "Shorten it" in caught.value.remedy


def test_a_question_over_the_limit_is_refused_not_cut(encoder: Encoder) -> None:
    assert encoder.encode_query("word " * 254).tokens.shape == (254, 384)
    with pytest.raises(QuestionError, match="256 tokens") as caught:
        encoder.encode_query("word " * 255)
    assert "fewer words" in caught.value.remedy


def test_many_threads_get_the_vectors_that_one_gets(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Encoder.load(str(tiny_model), "torch")
    assert isinstance(tiny._model, TorchModel)
    tokenizer = type(tiny._model._model.tokenizer)
    prepare = tokenizer.set_truncation_and_padding

    def prepare_slowly(*arguments: object, **named: object) -> None:
        """Leaves the others time to come between a tokenizer's settings and their use."""
        prepare(*arguments, **named)
        sleep(0.002)

    monkeypatch.setattr(tokenizer, "set_truncation_and_padding", prepare_slowly)
    assert_alike_in_threads(tiny, tiny_model)


def test_many_threads_may_share_an_exported_model(tiny_model: Path) -> None:
    assert_alike_in_threads(Encoder.load(str(tiny_model), "float32"), tiny_model)


def assert_alike_in_threads(tiny: Encoder, folder: Path) -> None:
    batches = [["river " * (number % 7 + 1), "rain"] for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(tiny.encode_documents, batches))
        questions = list(pool.map(tiny.encode_query, [batch[0] for batch in batches]))
    for batch, found, question in zip(batches, together, questions, strict=True):
        for number, text in enumerate(batch):
            alone = plain(folder, text)
            np.testing.assert_allclose(found.vectors[number], alone.vector, atol=1e-5)
            assert_signs(found.bits[number], alone.tokens)
        np.testing.assert_allclose(question.tokens, plain(folder, batch[0]).tokens, atol=1e-5)


def test_loading_forbids_the_network(encoder: Encoder) -> None:
    assert encoder.info.dimension == 384
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize("backend", EXACT)
def test_any_model_in_a_folder_can_be_used(tiny_model: Path, backend: Backend) -> None:
    tiny = Encoder.load(str(tiny_model), backend)
    assert tiny.info.name == str(tiny_model)
    assert tiny.info.dimension == 32
    assert tiny.info.max_tokens == 128
    # [CLS], eight letters of “the river”, [SEP]: its tokens are single letters
    assert tiny.count_tokens(["the river"]) == [10]
    found = tiny.encode_documents(["the river"])
    assert found.vectors.shape == (1, 32)
    assert found.starts[0].tolist() == [0, 1, 2, 4, 5, 6, 7, 8]


PROMPTS = {"query": "a question: ", "document": "abc: "}


@pytest.mark.parametrize("backend", EXACT)
def test_a_prompt_is_read_before_a_text_but_its_tokens_are_not_the_texts(
    own_tiny_model: Path,
    backend: Backend,
) -> None:
    tiny = Encoder.load(str(prompted(own_tiny_model, PROMPTS)), backend)
    text = "the river 🚢"
    question, document = (plain(own_tiny_model, text, prompt) for prompt in PROMPTS.values())
    found = tiny.encode_query(text)
    np.testing.assert_allclose(found.vector, question.vector, atol=1e-5)
    np.testing.assert_allclose(found.tokens, question.tokens, atol=1e-5)
    assert list(map(tuple, found.spans.tolist())) == question.spans
    assert "".join(text[start:end] for start, end in question.spans) == "theriver🚢"

    kept = tiny.encode_documents(["a longer text than the other", text])
    np.testing.assert_allclose(kept.vectors[1], document.vector, atol=1e-5)
    assert_signs(kept.bits[1], document.tokens)
    assert kept.starts[1].tolist() == [start for start, _ in question.spans]
    assert not np.allclose(question.tokens, document.tokens, atol=1e-3)


def spaced(model: Path) -> Path:
    """The model, told to read words with the space before them, as SentencePiece does."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁the", "▁river", "▁froze", "▁a", "▁question:"]
    tokenizer = Tokenizer(WordLevel({word: row for row, word in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=128,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
    ).save_pretrained(model)
    return model


@pytest.mark.parametrize("backend", EXACT)
@pytest.mark.parametrize("prompts", [{}, PROMPTS])
def test_the_space_before_a_word_is_no_part_of_it(
    own_tiny_model: Path, backend: Backend, prompts: dict[str, str]
) -> None:
    tiny = Encoder.load(str(prompted(spaced(own_tiny_model), prompts)), backend)
    assert tiny.encode_query("the river froze").spans.tolist() == [[0, 3], [4, 9], [10, 15]]
    assert tiny.encode_documents(["the river froze"]).starts[0].tolist() == [0, 4, 10]


@pytest.mark.parametrize("backend", EXACT)
def test_a_document_prompt_is_counted(own_tiny_model: Path, backend: Backend) -> None:
    tiny = Encoder.load(str(prompted(own_tiny_model, PROMPTS)), backend)
    # [CLS], “abc:”, eight letters, [SEP]
    assert tiny.count_tokens(["the river"]) == [14]


@pytest.mark.parametrize("backend", EXACT)
def test_a_question_over_the_limit_with_its_prompt_is_refused_not_cut(
    own_tiny_model: Path,
    backend: Backend,
) -> None:
    tiny = Encoder.load(str(prompted(own_tiny_model, {"query": "a question: "})), backend)
    fits = "x " * 100
    one, other = (tiny.encode_query(fits + last) for last in ("a", "b"))
    assert not np.allclose(one.vector, other.vector)
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
    monkeypatch.setattr(files, "BUNDLED_SHA256", "0" * 64)
    with pytest.raises(ModelDamaged) as caught:
        Encoder.load(BUNDLED_MODEL)
    assert "model.safetensors" in caught.value.message
    assert BUNDLED_SHA256 in caught.value.message
    assert "pip install --force-reinstall" in caught.value.remedy


def test_bundled_model_without_weights_is_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "model_folder", lambda _name: tmp_path)
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
        found = encoder.encode_documents(["A boat."], lambda *_: None)
    assert found.starts[0].tolist() == [0, 2, 6]


@pytest.mark.parametrize("backend", EXACT)
def test_a_model_in_half_precision_is_read_in_single(
    own_tiny_model: Path, backend: Backend
) -> None:
    single = Encoder.load(str(own_tiny_model), backend).encode_query("the river")
    weights = next(own_tiny_model.rglob("model.safetensors"))
    save_file({k: v.bfloat16() for k, v in load_file(weights).items()}, weights)
    config = weights.with_name("config.json")
    values = json.loads(config.read_text()) | {"dtype": "bfloat16"}
    config.write_text(json.dumps(values))
    half = Encoder.load(str(own_tiny_model), backend).encode_query("the river")
    assert half.vector.dtype == half.tokens.dtype == np.float32
    assert np.linalg.norm(half.vector) == pytest.approx(1, abs=1e-5)
    assert half.vector @ single.vector > 0.98


def test_a_model_without_tokens_is_refused_with_what_to_name(
    own_tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise KeyError("token_embeddings")

    monkeypatch.setattr(TorchModel, "_forward", nothing)
    with pytest.raises(ModelDamaged, match="no vectors of tokens") as caught:
        Encoder.load(str(own_tiny_model), "torch")
    assert "fast tokenizer" in caught.value.remedy
