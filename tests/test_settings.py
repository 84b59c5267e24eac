import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rag.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PARALLAX_{name.upper()}", raising=False)


def test_the_defaults_name_the_folders_beside_the_program() -> None:
    settings = Settings()
    assert (settings.seeds, settings.index) == (Path("seeds"), Path("index"))
    assert settings.model == "all-MiniLM-L6-v2"
    assert settings.passage_words == 120


def test_the_environment_sets_what_no_argument_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_PASSAGE_WORDS", "80")
    monkeypatch.setenv("PARALLAX_SEEDS", "/somewhere/texts")
    assert Settings().passage_words == 80
    assert Settings().seeds == Path("/somewhere/texts")
    assert Settings(passage_words=60).passage_words == 60


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("passage_word", 80),
        ("passage_words", 19),
        ("passage_words", 1001),
        ("passage_words", "many"),
        ("candidates", 0),
        ("max_citations", 0),
        ("quote_characters", 0),
        ("model", "  "),
        ("stem_language", "klingon"),
    ],
)
def test_an_unknown_key_or_a_value_out_of_range_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        Settings(**{key: value})  # type: ignore[arg-type]


def test_an_unknown_key_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_PASSAGE_WORD", "80")
    with pytest.raises(ValidationError, match=r"(?i)passage_word\b"):
        Settings()


@pytest.mark.parametrize("words", [20, 1000])
def test_the_bounds_of_passage_words_are_allowed(words: int) -> None:
    assert Settings(passage_words=words).passage_words == words


@pytest.mark.parametrize(
    ("system", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "elsewhere/parallax"),
        ("linux", None, "home/.cache/parallax"),
        ("darwin", None, "home/Library/Caches/parallax"),
        ("win32", "LOCALAPPDATA", "elsewhere/parallax/Cache"),
        ("win32", None, "home/AppData/Local/parallax/Cache"),
    ],
)
def test_what_can_be_made_again_lies_where_the_system_keeps_it(
    monkeypatch: pytest.MonkeyPatch, system: str, variable: str | None, expected: str
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, "elsewhere")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert Settings().cache == Path(expected)


def test_somebody_without_a_home_has_settings_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    with pytest.raises(OSError, match="directory"):
        Settings().cache.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("XDG_CACHE_HOME", "elsewhere")
    assert Settings().cache == Path("elsewhere/parallax")


def test_a_language_without_stemmer_is_told_which_there_are() -> None:
    with pytest.raises(ValidationError, match=r"no stemmer for 'klingon'; there are .*english"):
        Settings(stem_language="klingon")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().passage_words = 90  # type: ignore[misc]


def test_the_build_hash_is_the_sha256_of_the_decisive_settings() -> None:
    decisive = '{"passage_words": 120, "stem_language": "english"}'
    assert Settings().build_hash == hashlib.sha256(decisive.encode()).hexdigest()


@pytest.mark.parametrize("other", [{"passage_words": 121}, {"stem_language": "german"}])
def test_a_decisive_setting_changes_the_build_hash(other: dict[str, Any]) -> None:
    assert Settings(**other).build_hash != Settings().build_hash


@pytest.mark.parametrize(
    "other",
    [
        {"seeds": "a"},
        {"index": "b"},
        {"candidates": 9},
        {"max_citations": 2},
        {"model": "models/other"},
    ],
)
def test_any_other_setting_leaves_the_build_hash_alone(other: dict[str, Any]) -> None:
    assert Settings(**other).build_hash == Settings().build_hash


def test_what_lets_others_in_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_PASSWORD", "open sesame")
    monkeypatch.setenv("PARALLAX_OWNER_TOKEN", "0123456789abcdef")
    monkeypatch.setenv("PARALLAX_PROXY", "10.0.0.7")
    monkeypatch.setenv("PARALLAX_PROXY_HEADER", "X-Forwarded-User")
    monkeypatch.setenv("PARALLAX_HOSTS", "library.example, Other.Example")
    settings = Settings()
    assert settings.password is not None
    assert settings.password.get_secret_value() == "open sesame"
    assert str(settings.proxy) == "10.0.0.7"
    assert settings.proxy_header == "X-Forwarded-User"
    assert settings.hosts == ("library.example", "other.example")
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "sesame" not in shown
        assert "0123456789" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "seven77"},
        {"owner_token": "fifteen-letters"},
        {"password": "the same for both", "owner_token": "the same for both"},
        {"proxy": "10.0.0.7"},
        {"proxy_header": "X-Forwarded-User"},
        {"proxy": "proxy.example", "proxy_header": "X-Forwarded-User"},
        {"proxy": "10.0.0.0/8", "proxy_header": "X-Forwarded-User"},
        {"proxy": "10.0.0.7", "proxy_header": "X Forwarded: User"},
        {"hosts": "https://library.example"},
        {"hosts": "library.example:443"},
        {"hosts": "*.example"},
        {"hosts": "library.example,"},
        {"hosts": ("a b",)},
    ],
)
def test_what_lets_others_in_is_whole_or_refused_and_no_error_tells_it(
    wrong: dict[str, Any],
) -> None:
    secret = {"password": "open sesame"} | wrong
    with pytest.raises(ValidationError) as told:
        Settings(**secret)
    for value in (secret["password"], secret.get("owner_token", "open sesame")):
        assert value not in str(told.value)
