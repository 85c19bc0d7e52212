"""Python's collector is held back while all is loaded, and never for longer."""

import gc
from collections.abc import Iterator

import pytest

from bot.gc_tuning import freeze, paused


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
    gc.enable()


def test_it_looks_again_once_all_is_loaded() -> None:
    with paused():
        assert not gc.isenabled()
        freeze()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0


def test_it_looks_again_when_loading_fails() -> None:
    with pytest.raises(OSError, match="no disk"), paused():
        raise OSError("no disk")
    assert gc.isenabled()
