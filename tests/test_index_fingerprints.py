from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.duplicates import Fingerprint
from rag.index.fingerprints import Fingerprints

KEYS = st.integers(0, 2**64 - 1)
DOCUMENTS = st.lists(st.tuples(st.lists(KEYS, max_size=4), KEYS), max_size=6)

Told = list[tuple[list[int], int]]
"""The shingles of each document, and the key of all its words."""


def stored(documents: Told) -> Fingerprints:
    return Fingerprints.of(
        [Fingerprint(np.array(keys, dtype=np.uint64), whole) for keys, whole in documents]
    )


def told(fingerprints: Fingerprints) -> Told:
    return [(each.shingles.tolist(), each.whole) for each in fingerprints.each()]


def files_of(fingerprints: Fingerprints) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        fingerprints.save(Path(folder))
        return {file.name: file.read_bytes() for file in Path(folder).iterdir()}


@given(DOCUMENTS)
@settings(deadline=None)
def test_the_fingerprints_of_documents_are_kept_through_saving_and_loading(
    documents: Told,
) -> None:
    assert told(stored(documents)) == documents
    with TemporaryDirectory() as folder:
        stored(documents).save(Path(folder))
        loaded = Fingerprints.load(Path(folder))
        assert told(loaded) == documents
        assert all(isinstance(array, np.memmap) for array in loaded)
        del loaded


@given(before=DOCUMENTS, after=DOCUMENTS, chance=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_joined_ones_are_those_made_from_nothing(before: Told, after: Told, chance: Random) -> None:
    every = [*before, *after]
    chosen = chance.sample(range(len(every)), chance.randint(0, len(every)))
    numbers = np.array(chosen, dtype=np.int64)
    joined = Fingerprints.joined(stored(before), stored(after), numbers)
    expected = [every[number] for number in chosen]
    assert told(joined) == expected
    assert files_of(joined) == files_of(stored(expected))
