"""What is written is what NumPy would write."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import DTypeLike, NDArray

from rag.index.durable import save_array


def saved_by_numpy(array: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32])
@pytest.mark.parametrize("lengths", [[0], [3], [0, 2, 0, 5], [0, 0]])
@pytest.mark.parametrize("width", [None, 2])
def test_pieces_are_saved_as_the_array_that_they_make(
    tmp_path: Path, kind: DTypeLike, lengths: list[int], width: int | None
) -> None:
    chance = np.random.default_rng(7)
    shape = () if width is None else (width,)
    pieces = [chance.integers(0, 99, (length, *shape)).astype(kind) for length in lengths]
    save_array(tmp_path / "saved.npy", *pieces)
    assert (tmp_path / "saved.npy").read_bytes() == saved_by_numpy(np.concatenate(pieces))


def test_every_other_row_is_saved_as_it_is_seen(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.int64).reshape(6, 2)[::2]
    save_array(tmp_path / "saved.npy", array)
    assert np.load(tmp_path / "saved.npy").tolist() == [[0, 1], [4, 5], [8, 9]]
