"""What has changed between two texts, word by word, in bounded time. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

ChangeKind = Literal["same", "removed", "added"]

_MAX_LINES: Final = 300
_MAX_WORDS: Final = 800
"""Between what is the same at both ends; comparing takes the square of it. Beyond, all counts as changed."""

_WORD: Final = re.compile(r"[^\W\u3040-\u9fff\uac00-\ud7af]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text that both have, or that only the earlier or the later one has."""

    kind: ChangeKind
    text: str


def differences(before: str, after: str) -> Sequence[Change]:
    """Return the later text with what is gone from the earlier one, in order; neighbours differ in kind."""
    found: list[Change] = []
    for kind, old, new in _compared(
        before.splitlines(keepends=True), after.splitlines(keepends=True), _MAX_LINES
    ):
        if kind == "equal":
            found.append(Change("same", old))
            continue
        for inner, gone, come in _compared(_WORD.findall(old), _WORD.findall(new), _MAX_WORDS):
            if inner == "equal":
                found.append(Change("same", gone))
            else:
                found += [Change("removed", gone), Change("added", come)]
    return list(_joined(found))


def _compared(before: Sequence[str], after: Sequence[str], most: int) -> Iterator[tuple[str, str, str]]:
    """Yield what is equal and what is not, as (tag, of the earlier one, of the later one)."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield "equal", "".join(before[:start]), "".join(after[:start])
    if max(len(old), len(new)) > most:
        yield "replace", "".join(old), "".join(new)
    else:
        for tag, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag, "".join(old[places[0] : places[1]]), "".join(new[places[2] : places[3]])
    yield "equal", "".join(before[len(before) - end :]), "".join(after[len(after) - end :])


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many members two sequences begin with alike."""
    pairs = zip(before, after, strict=False)
    return next(
        (number for number, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after))
    )


def _joined(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield changes without empty ones; of a run between two equal pieces, what is gone comes first."""
    same, gone, come = "", "", ""
    for change in changes:
        if change.kind == "same" and change.text:
            yield from _pair(gone, come)
            same, gone, come = same + change.text, "", ""
        elif change.text:
            if same:
                yield Change("same", same)
                same = ""
            if change.kind == "removed":
                gone += change.text
            else:
                come += change.text
    yield from _pair(gone, come)
    if same:
        yield Change("same", same)


def _pair(gone: str, come: str) -> Iterator[Change]:
    if gone:
        yield Change("removed", gone)
    if come:
        yield Change("added", come)
