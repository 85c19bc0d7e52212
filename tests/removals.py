"""Takes away whatever can be taken away, chosen by lot, and sees whether any test that runs there turns red.

`python -m tests.removals [COUNT] [SEED]`, after `make mutants` has recorded which test runs which line. Unlike
the list in `tests.mutants`, nobody chose these: statements, conditions and parts of conditions, clauses of SQL.
"""

import ast
import os
import random  # noqa: TID251  # a seed makes it repeatable
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coverage import CoverageData

from tests.mutants import ROOT, stays_green

RECORD: Final = ROOT / "build" / "contexts"
ROOMS: Final = ("delivery", "digest", "reader", "message", "db")
FILES: Final = ("tg/transport.py", "tg/prepared.py", "tg/sender.py", "tg/bot.py", "tg/pacing.py")
ENOUGH: Final = 40
"""Tests that are tried first; only what survives them meets all others that run the line."""

_ASKED: Final = 0.9
_SLOW: Final = ("test_browser", "test_tour", "test_serve", "test_kill", "test_torture", "test_every_zone")
_CLAUSE: Final = re.compile(
    rb"^[ \t]+AND [^\n\"]*$|(?<=[a-z0-9'?)]) AND [a-z_.]+ (?:=|<>|<=?|>=?|IS(?: NOT)?) [:a-z_.0-9']+",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Removal:
    """From one byte of a file to another, something else."""

    file: str
    line: int
    begin: int
    end: int
    instead: bytes

    def code(self) -> str:
        """The whole file without it."""
        text = (ROOT / self.file).read_bytes()
        return (text[: self.begin] + self.instead + text[self.end :]).decode()

    def __str__(self) -> str:
        gone = (ROOT / self.file).read_bytes()[self.begin : self.end].decode()
        return f"{self.file}:{self.line} | {' '.join(gone.split())[:100]} -> {self.instead.decode()[:60]}"


class Finder(ast.NodeVisitor):
    """Everything in a file that can be removed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = (ROOT / file).read_bytes()
        self.starts = [0, *(match.end() for match in re.finditer(rb"\n", self.text))]
        self.found: list[Removal] = []
        self.inside = False

    def place(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Its bytes."""
        assert node.end_lineno is not None  # a parser has set them
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[
            node.end_lineno - 1
        ] + node.end_col_offset

    def remove(self, node: ast.expr | ast.stmt, instead: bytes) -> None:
        """One more."""
        self.found.append(Removal(self.file, node.lineno, *self.place(node), instead))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:  # ast's own name
        outside, self.inside = self.inside, True
        for statement in node.body:
            self.visit(statement)
        self.inside = outside

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  # likewise

    def generic_visit(self, node: ast.AST) -> None:
        if self.inside and isinstance(node, ast.stmt) and _is_removable(node):
            self.remove(node, b"pass")
        if self.inside and isinstance(node, ast.If | ast.IfExp):
            self.remove(node.test, b"False")
            self.remove(node.test, b"True")
        if self.inside and isinstance(node, ast.BoolOp):
            for gone in node.values:
                rest = [self.text[slice(*self.place(value))] for value in node.values if value is not gone]
                word = b" and " if isinstance(node.op, ast.And) else b" or "
                self.remove(node, b"(" + word.join(b"(" + each + b")" for each in rest) + b")")
        super().generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:  # likewise
        """Nothing: before Python 3.12 nobody knows where the parts of an f-string stand."""

    def clauses(self) -> None:
        """Conditions within SQL."""
        for match in _CLAUSE.finditer(self.text):
            line = self.text.count(b"\n", 0, match.start()) + 1
            self.found.append(Removal(self.file, line, match.start(), match.end(), b""))


def _is_removable(node: ast.stmt) -> bool:
    """Not what would only make a name unknown, nor words for logs and readers of the code."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return False
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return True
        case _:
            return isinstance(
                node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Return
            )


def all_removals() -> Iterator[Removal]:
    """In the rooms that hold guarantees."""
    rooms = (path for room in ROOMS for path in sorted((ROOT / "bot" / room).glob("*.py")))
    for path in (*rooms, *(ROOT / "bot" / file for file in FILES)):
        finder = Finder(str(path.relative_to(ROOT)))
        finder.visit(ast.parse(finder.text))
        if path.parent.name == "db":
            finder.clauses()
        yield from finder.found


class Tests:
    """Which tests run a line."""

    def __init__(self) -> None:
        self._data = CoverageData(str(RECORD))
        self._data.read()
        self._names = {name.removeprefix(f"{ROOT}/"): name for name in self._data.measured_files()}

    def of(self, removal: Removal) -> list[str]:
        """Those of the same room first, slow ones last."""
        lines = self._data.contexts_by_lineno(self._names[removal.file])
        # A statement of several lines is recorded at its first one.
        line = max((each for each in lines if each <= removal.line), default=0)
        names = {context.partition("|")[0] for context in lines.get(line, ()) if context}
        names = {name.partition("[")[0] for name in names}  # all cases of a test: their names may be odd
        room = Path(removal.file).parent.name
        return sorted(
            names, key=lambda name: (any(slow in name for slow in _SLOW), f"/{room}/" not in name, name)
        )


def survives(removal: Removal, tests: list[str]) -> bool:
    """Whether all of them stay green without it."""
    try:
        compile(removal.code(), removal.file, "exec")
    except SyntaxError:
        return False
    first, rest = tests[:ENOUGH], tests[ENOUGH:]
    if not stays_green(removal.file, removal.code(), first or ["tests/tg", "tests/db"], seconds=300):
        return False
    return not rest or stays_green(removal.file, removal.code(), rest, seconds=580)


def main(count: int, seed: int) -> int:
    """Tell how many turned a test red; 1 when fewer than nine of ten."""
    everything, tests = list(all_removals()), Tests()
    chosen = random.Random(seed).sample(everything, min(count, len(everything)))  # noqa: S311  # nothing secret
    alive = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        ends = threads.map(lambda each: survives(each, tests.of(each)), chosen)
        for removal, survived in zip(chosen, ends, strict=True):
            alive += survived
            print("SURVIVES" if survived else "found   ", removal, flush=True)
    share = 1 - alive / len(chosen)
    print(f"{len(chosen) - alive} of {len(chosen)} removals, drawn from {len(everything)} by seed {seed}, "
          f"turn a test red: {share:.0%}.")  # fmt: skip
    return int(share < _ASKED)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [100, 1][len(given) :])))
