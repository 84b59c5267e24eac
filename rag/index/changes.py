"""What differs between the seeds of two moments, and between an index and what it is built from."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rag import catalogue as catalogues
from rag.index.manifest import Manifest
from rag.readers.folder import file_hash, seed_files
from rag.records import Record
from rag.settings import Settings


class Changes(Record):
    """Seeds that differ between two moments, by file name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> "Changes":
        """What became of the files; given is for each the SHA-256 of its bytes."""
        both = sorted(before.keys() & after.keys())
        return cls(
            added=tuple(sorted(after.keys() - before.keys())),
            changed=tuple(name for name in both if before[name] != after[name]),
            removed=tuple(sorted(before.keys() - after.keys())),
        )


class Staleness(Record):
    """In what an index is older than what it would be built from now.

    Attributes:
        seeds: the files that differ.
        catalogue: whether sources.toml does.
        settings: whether a setting does that decides what an index holds.
    """

    seeds: Changes
    catalogue: bool
    settings: bool

    @property
    def any(self) -> bool:
        """Whether the index is older in anything."""
        return bool(self.seeds) or self.catalogue or self.settings


def staleness(
    manifest: Manifest, settings: Settings, hashed: Callable[[Path], str] = file_hash
) -> Staleness:
    """How seeds and settings differ from what a generation was built from.

    Args:
        manifest: of that generation.
        settings: where the seeds are.
        hashed: SHA-256 of a file, for whoever remembers those of files that stay as they are.

    Raises:
        SeedsError: there is no such folder of seeds.
    """
    files, _ = seed_files(settings.seeds)
    return Staleness(
        seeds=Changes.between(manifest.seeds, {seed.id: hashed(seed.path) for seed in files}),
        catalogue=hashed(settings.seeds / catalogues.FILE_NAME) != manifest.catalogue,
        settings=settings.build_hash != manifest.settings_hash,
    )
