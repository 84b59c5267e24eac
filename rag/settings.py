"""All that an operator can set, in one frozen record."""

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import Stemmer
from pydantic import (
    Field,
    IPvAnyAddress,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BUNDLED_MODEL = "all-MiniLM-L6-v2"

Backend = Literal["auto", "int8", "float32", "torch"]

_LEAST = {"password": 8, "owner_token": 16}
"""So many characters a secret has at least."""

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def _cache() -> Path:
    """Where programs keep on this system what they can make again."""
    if sys.platform == "win32":
        windows = os.environ.get("LOCALAPPDATA")
        return Path(windows or _home() / "AppData" / "Local") / "parallax" / "Cache"
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / "parallax"
    return Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache") / "parallax"


def _home() -> Path:
    """Of a user who has none, a place where nothing can be kept."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)


class Settings(BaseSettings):
    """Settings, from keyword arguments or from `PARALLAX_…` environment variables.

    An unknown key is refused, and so is a value out of range.

    Attributes:
        seeds: the folder of documents and `sources.toml`.
        index: the folder of generations.
        model: the bundled model's name, or the path of a sentence-transformers model's folder.
        backend: what computes vectors: `int8` (ONNX Runtime, the model quantised), `float32` (the
            same, not quantised) or `torch` (PyTorch in float32, on a GPU where there is one).
            `auto` builds with a GPU if there is one, else in int8 with the bundled model and in
            float32 with any other, and asks in what the index was built in.
        cache: the folder of the files that `int8` and `float32` make of a model.
        passage_words: the length in words that passages are made near to.
        stem_language: a Snowball stemmer's name, for texts in a language that nobody can tell, or
            that has no stemmer.
        candidates: how many passages each of dense and lexical search proposes.
        dense: how dense search finds its passages, from the next build on: "exact" compares all,
            "ivf" looks through the nearest cells only, "auto" decides by their number.
        max_citations: the most quotes that an answer holds.
        max_file_megabytes: a larger seed is refused.
        max_document_characters: a document with a longer text is refused.
        read_seconds: the most time that reading one document may take.
        read_megabytes: the most memory that reading a file may take.
        keep_generations: so many builds of the index are kept, the current one among them.
        password: lets others read the library where the page is shared with a network.
        owner_token: lets them change it, too; without one the program makes one at each start.
        proxy: the IP address of a reverse proxy that knows who asks.
        proxy_header: the header in which it names them; of others' requests it says nothing.
        hosts: the names, beside IP addresses, under which a shared page may be asked for.
    """

    model_config = SettingsConfigDict(
        env_prefix="PARALLAX_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a password may be among it
    )

    seeds: Path = Path("seeds")
    index: Path = Path("index")
    model: str = BUNDLED_MODEL
    backend: Backend = "auto"
    cache: Path = Field(default_factory=_cache)
    passage_words: int = Field(default=120, ge=20, le=1000)
    stem_language: str = "english"
    candidates: int = Field(default=100, ge=1)
    dense: Literal["auto", "exact", "ivf"] = "auto"
    max_citations: int = Field(default=6, ge=1)
    max_file_megabytes: int = Field(default=100, ge=1)
    max_document_characters: int = Field(default=10_000_000, ge=1)
    read_seconds: float = Field(default=60.0, gt=0)
    read_megabytes: int = Field(default=2048, ge=512)
    keep_generations: int = Field(default=2, ge=2)
    password: SecretStr | None = None
    owner_token: SecretStr | None = None
    proxy: IPvAnyAddress | None = None
    proxy_header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+$")
    hosts: Annotated[tuple[str, ...], NoDecode] = ()

    @model_validator(mode="before")
    @classmethod
    def _knows_its_environment(cls, values: object) -> object:
        """A slip of the pen in a variable's name would go unnoticed otherwise."""
        known = {f"PARALLAX_{name}".upper() for name in cls.model_fields}
        names = {name.upper() for name in os.environ}
        unknown = {name for name in names if name.startswith("PARALLAX_")} - known
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        return values

    @field_validator("model")
    @classmethod
    def _is_named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("name a model, or give the path of its folder")
        return value

    @field_validator("stem_language")
    @classmethod
    def _has_a_stemmer(cls, value: str) -> str:
        if value not in Stemmer.algorithms():
            raise ValueError(
                f"no stemmer for {value!r}; there are {', '.join(Stemmer.algorithms())}"
            )
        return value

    @field_validator("password", "owner_token")
    @classmethod
    def _is_long(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        least = _LEAST[str(info.field_name)]
        if value is not None and len(value) < least:
            raise ValueError(f"{least} characters are the least, not {len(value)}")
        return value

    @field_validator("hosts", mode="before")
    @classmethod
    def _are_listed(cls, value: object) -> object:
        return [each.strip() for each in value.split(",")] if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _HOST.fullmatch(name.lower()):
                raise ValueError(f"{name!r} is no host's name: write it without scheme and port")
        return tuple(name.lower() for name in value)

    @model_validator(mode="after")
    def _lets_in_as_one_thing(self) -> "Settings":
        if (self.proxy is None) != (self.proxy_header is None):
            raise ValueError("proxy and proxy_header: set both of them, or none")
        if self.password is not None and self.password == self.owner_token:
            raise ValueError("password and owner_token: who may read could change everything")
        return self

    @property
    def max_file_bytes(self) -> int:
        """`max_file_megabytes` in bytes."""
        return self.max_file_megabytes * 10**6

    @property
    def build_hash(self) -> str:
        """SHA-256 of the settings that decide what a generation holds, the model apart.

        `dense` is none of them: it decides how vectors are searched, and changes no vector.
        """
        decisive = self.model_dump(include={"passage_words", "stem_language"})
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
