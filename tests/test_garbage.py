import gc
import weakref
from collections.abc import Iterator

import pytest

from rag.garbage import settle


class Ring:
    """Holds itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_nobody_can_reach_is_freed_and_the_rest_left_alone() -> None:
    gone, kept = weakref.ref(Ring()), Ring()
    settle()
    assert gone() is None
    assert gc.get_freeze_count() > 0
    assert not any(each is kept for each in gc.get_objects())


def test_what_was_alive_before_is_freed_the_next_time() -> None:
    ring = Ring()
    held = weakref.ref(ring)
    settle()
    del ring
    gc.collect()
    assert held() is not None
    settle()
    assert held() is None
