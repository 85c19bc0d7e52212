"""Try every removal of some files: `python -m tools.sweep WORD …`, words of paths such as `bot/db`.

Faster than `tools.removals`, which tries a draw: the tests are collected once, and each removal is made in a fork of
that process, in the function itself. What cannot be made there, what makes a test hang, and what survives all tests
(in capitals) or 20 seconds of them, is printed as such. `tools.removals` is the judge: here, a constant that others are
built of is changed without them. Needs the record of `make mutants`, as that does, of the same code.
"""

import contextlib
import gc
import importlib
import os
import signal
import sys
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from tools.removals import Removal, Tests, all_removals

WORDS: Final = "SWEEP_WORDS"
PART: Final = "SWEEP_PART"
OUT: Final = "SWEEP_OUT"
PROCESSES: Final = 2
PATIENCE_S: Final = 20.0
"""Seconds of tests after which a removal counts as one that nobody notices."""

HANGS_S: Final = 5.0
"""Seconds of one test after which it hangs, which others notice by their limits."""

_NOTICED, _ALIVE, _UNMADE, _HANGS, _LEFT = 0, 1, 2, 3, 4
_WORDS: Final = {
    _NOTICED: "found   ", _ALIVE: "SURVIVES", _UNMADE: "not made", _HANGS: "hangs   ", _LEFT: "survives"
}  # fmt: skip


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the removals instead of running the tests."""
    tests, items = Tests(), defaultdict[str, list[pytest.Item]](list)
    for item in session.items:
        items[item.nodeid.partition("[")[0]].append(item)
    words, part = os.environ[WORDS].split(), int(os.environ[PART])
    chosen = [each for each in all_removals() if any(word in each.edit.file for word in words)]
    gc.collect()
    gc.freeze()  # so that forks share what lies in memory
    for removal in chosen[part::PROCESSES]:
        run = [item for name in tests.of(removal) for item in items[name]]
        os.write(int(os.environ[OUT]), f"{_WORDS[_tried(removal, run)]} {removal}\n".encode())
    return True


def _tried(removal: Removal, items: Sequence[pytest.Item]) -> int:
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(_in_child(removal, items))
    end = time.monotonic() + PATIENCE_S + HANGS_S  # noqa: TID251  # real time is what it is about
    while time.monotonic() < end:  # noqa: TID251
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            # A test that ends the process has noticed, too.
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else _NOTICED
        time.sleep(0.01)  # noqa: TID251
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return _HANGS


def _in_child(removal: Removal, items: Sequence[pytest.Item]) -> int:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        if not _made(removal):
            return _UNMADE
    except SyntaxError:
        return _NOTICED
    failed = _Failed()
    signal.signal(signal.SIGALRM, lambda *_: failed.look())
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    for item in items[:1]:
        item.config.pluginmanager.register(failed, "sweep-failed")
    for item, after in zip(items, [*items[1:], None], strict=False):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if failed.any:
            return _NOTICED
    return _ALIVE


class _Failed:
    """Notes whether any test failed, and since when one runs."""

    any = False
    _began = 0.0

    def __init__(self) -> None:
        self._end = time.monotonic() + PATIENCE_S  # noqa: TID251

    def look(self) -> None:
        """End the process when it takes too long."""
        now = time.monotonic()  # noqa: TID251
        if now - self._began > HANGS_S:
            os._exit(_HANGS)
        if now > self._end:
            os._exit(_LEFT)

    def pytest_runtest_logstart(self) -> None:
        self._began = time.monotonic()  # noqa: TID251

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.any |= report.failed


def _made(removal: Removal) -> bool:
    """Make it in the module that is loaded; return whether that was possible. SyntaxError when it is none."""
    name = removal.edit.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    module = importlib.import_module(name)
    whole = compile(removal.edit.apply(), removal.edit.file, "exec", dont_inherit=True)
    code = next((each for each in _codes(whole) if each.co_qualname == removal.edit.symbol), None)
    if code is None:
        return _constant_made(module, whole, removal.edit.symbol)
    found: Any = module
    for part in removal.edit.symbol.split("."):
        found = found.__dict__.get(part) if found is not None else None
    function = _function(found)
    if function is None or function.__code__.co_freevars != code.co_freevars:
        return False
    function.__code__ = code
    return True


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def _function(found: Any) -> types.FunctionType | None:
    """Return what a decorator or descriptor wraps."""
    for _ in range(9):
        if isinstance(found, types.FunctionType) and not hasattr(found, "__wrapped__"):
            return found
        for inner in ("__wrapped__", "__func__", "fget", "func"):
            if (within := getattr(found, inner, None)) is not None:
                found = within
                break
    return None


def _constant_made(module: types.ModuleType, whole: types.CodeType, name: str) -> bool:
    """Set a module's constant anew, wherever it was imported."""
    if "." in name or name not in module.__dict__:
        return False
    before, values = module.__dict__[name], dict(module.__dict__)
    exec(whole, values)  # noqa: S102  # our own code
    for each in list(sys.modules.values()):
        for key, value in list(getattr(each, "__dict__", {}).items()):
            if value is before and key == name:
                setattr(each, key, values[name])
    return True


def main(words: list[str]) -> None:
    """Try them in two processes side by side."""
    children = []
    os.environ[OUT] = str(os.dup(1))
    for part in range(PROCESSES):
        child = os.fork()
        if not child:
            os.environ.update({WORDS: " ".join(words), PART: str(part)})
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # its dots
            sys.exit(pytest.main(["-q", "-p", "tools.sweep", "-p", "no:cacheprovider", "--no-cov", "tests"]))
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
