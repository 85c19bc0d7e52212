"""Where a text may be cut without cutting what a reader sees as one character."""

from typing import Final

import regex

_CLUSTER: Final = regex.compile(r"\X")
_FLAG: Final = ("\U0001f1e6", "\U0001f1ff")
_WINDOW_CHARS: Final = 64
"""Characters before a cut among which a cluster has surely ended; only flags in a row need more."""


def boundary_before(text: str, at: int, *, above: int) -> int:
    """Return the last cluster boundary at or before `at`, counted from the boundary `above`.

    `at` itself where one cluster alone reaches down to `above`: then no cut is right, and any must do.
    """
    if at >= len(text):
        return len(text)
    start = max(above, at - _WINDOW_CHARS)
    if _FLAG[0] <= text[start] <= _FLAG[1]:
        start = above  # flags are pairs: only the beginning tells which two belong together
    last = start
    for cluster in _CLUSTER.finditer(text, start):
        if cluster.end() > at:
            break
        last = cluster.end()
    return last if last > above else at
