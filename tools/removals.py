"""Remove what can be removed, drawn by lot, and see whether a test that runs there turns red.

    python -m tools.removals [COUNT] [SEED]

after `make mutants` has recorded which test runs which line. Unlike the guarantees, nobody chose these: statements,
conditions, parts of conditions, clauses of SQL.
"""

import ast
import os
import random  # noqa: TID251  # a seed makes it repeatable
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coverage import CoverageData

from tools.edit import ROOT, Edit, find_symbol, names_of, slots, strings
from tools.mutants import stays_green

RECORD: Final = ROOT / "build" / "contexts"
ROOMS: Final = ("delivery", "digest", "reader", "message", "search", "settling", "db")
FILES: Final = ("tg/transport.py", "tg/raw_post.py", "tg/sender.py", "tg/bot.py", "tg/limiter.py")
FIRST_TESTS: Final = 40
"""Tests that are run first; only what survives them meets all others that run the line."""

MIN_SHARE: Final = 0.9
"""Share of removals that tests must notice."""

_SLOW: Final = ("test_browser", "test_tour", "test_serve", "test_kill", "test_torture", "test_every_zone")
_CLAUSE: Final = re.compile(
    r"^[ \t]+AND [^\n\"]*$|(?<=[a-z0-9'?)]) AND [a-z_.]+ (?:=|<>|<=?|>=?|IS(?: NOT)?) [:a-z_.0-9']+",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Removal:
    """An edit, the line that it begins on, and the code that it takes away."""

    edit: Edit
    line: int
    gone: str

    def __str__(self) -> str:
        return f"{self.edit.file}:{self.line} {self.edit.symbol} | {self.edit.node} | {self.gone} -> {self.edit.instead}"


def all_removals() -> Iterator[Removal]:
    """Yield each removal in the rooms that hold guarantees."""
    rooms = (path for room in ROOMS for path in sorted((ROOT / "bot" / room).glob("*.py")))
    for path in (*rooms, *(ROOT / "bot" / file for file in FILES)):
        tree = ast.parse(path.read_text("utf-8"))
        for name in symbols(tree):
            symbol, file = find_symbol(tree, name), str(path.relative_to(ROOT))
            if isinstance(symbol, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _nodes(file, name, symbol)
            if path.parent.name == "db":
                yield from _clauses(file, name, symbol)


def symbols(tree: ast.Module) -> list[str]:
    """Return the names of functions, methods and constants; what stands in a function belongs to it."""
    found = []
    for node in tree.body:
        within = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found += [prefix + name for each in within for name in names_of(each)]
    return found


def _nodes(file: str, name: str, symbol: ast.AST) -> Iterator[Removal]:
    numbers: Counter[str] = Counter()
    for slot in slots(symbol):
        node = slot.node
        kind = type(node).__name__
        numbers[kind] += 1
        address = f"{kind} {numbers[kind]}"
        if isinstance(node, ast.stmt) and _ends_anyway(symbol, node):
            continue
        if isinstance(node, ast.stmt) and slot.field != "decorator_list" and _is_removable(node):
            yield _removal(file, name, address, node, "pass")
        elif isinstance(node, ast.If | ast.IfExp):
            yield _removal(file, name, f"{address}.test", node.test, "False")
            yield _removal(file, name, f"{address}.test", node.test, "True")
        elif isinstance(node, ast.BoolOp):
            for index, value in enumerate(node.values):
                yield _removal(file, name, f"{address}.values[{index}]", value, "")


def _removal(file: str, name: str, address: str, node: ast.expr | ast.stmt, instead: str) -> Removal:
    gone = " ".join(ast.unparse(node).split())[:100]
    return Removal(Edit(file, name, address, instead), node.lineno, gone)


def _clauses(file: str, name: str, symbol: ast.AST) -> Iterator[Removal]:
    """Yield each condition within the symbol's SQL."""
    texts = strings(symbol)
    for node in texts:
        before = "".join(str(each.value) for each in texts[: texts.index(node)])
        for found in _CLAUSE.finditer(str(node.value)):
            number = before.count(found[0]) + str(node.value).count(found[0], 0, found.start()) + 1
            line = node.lineno + str(node.value).count("\n", 0, found.start())
            yield Removal(Edit(file, name, f'"{found[0]}" {number}', " "), line, found[0].strip())


def _ends_anyway(symbol: ast.AST, node: ast.stmt) -> bool:
    """Return whether it is the last statement of a function, and returns what is returned without it."""
    is_last = isinstance(symbol, ast.FunctionDef | ast.AsyncFunctionDef) and symbol.body[-1] is node
    match node:
        case ast.Return(value=None | ast.Constant(value=None)):
            return is_last
        case _:
            return False


def _is_removable(node: ast.stmt) -> bool:
    """Return whether more is lost than a name, a word in the log or a docstring."""
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


class Tests:
    """Which tests run a line, from the record of the last `make mutants`."""

    def __init__(self) -> None:
        self._data = CoverageData(str(RECORD))
        self._data.read()
        self._names = {name.removeprefix(f"{ROOT}/"): name for name in self._data.measured_files()}

    def of(self, removal: Removal) -> list[str]:
        """Return the names of the tests, those of the same room first, slow ones last."""
        lines = self._data.contexts_by_lineno(self._names[removal.edit.file])
        # A statement of several lines is recorded at its first one.
        line = max((each for each in lines if each <= removal.line), default=0)
        names = {context.partition("|")[0] for context in lines.get(line, ()) if context}
        names = {name.partition("[")[0] for name in names}  # all cases of a test: their names may be odd
        room = Path(removal.edit.file).parent.name
        return sorted(
            names, key=lambda name: (any(slow in name for slow in _SLOW), f"/{room}/" not in name, name)
        )


def survives(removal: Removal, tests: list[str]) -> bool:
    """Return whether all of the tests stay green without it."""
    code = removal.edit.apply()
    try:
        compile(code, removal.edit.file, "exec")
    except SyntaxError:
        return False
    first, rest = tests[:FIRST_TESTS], tests[FIRST_TESTS:]
    if not stays_green(removal.edit.file, code, first or ["tests/tg", "tests/db"], seconds=300):
        return False
    return not rest or stays_green(removal.edit.file, code, rest, seconds=580)


def main(count: int, seed: int) -> int:
    """Try so many; return 1 when tests notice fewer than MIN_SHARE of them."""
    everything, tests = list(all_removals()), Tests()
    chosen = random.Random(seed).sample(everything, min(count, len(everything)))  # noqa: S311  # nothing secret
    alive = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        ends = threads.map(lambda each: survives(each, tests.of(each)), chosen)
        for removal, survived in zip(chosen, ends, strict=True):
            alive += survived
            print("SURVIVES" if survived else "found   ", removal, flush=True)
    share = 1 - alive / len(chosen)
    print(
        f"{len(chosen) - alive} of {len(chosen)} removals, drawn from {len(everything)} by seed {seed}, "
        f"turn a test red: {share:.0%}."
    )
    return int(share < MIN_SHARE)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [100, 1][len(given) :])))
