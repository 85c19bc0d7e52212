"""Change one thing in a module, addressed by symbol and node instead of by quoted source.

An address survives renames of everything but the symbol, and reformatting. Its parts:

- the symbol: `Outbox.claim`, the qualified name of a function or class, or the name of a module constant;
- the node: its class and its 1-based number among those of this class within the symbol, in source order, then
  perhaps fields: `If 2`, `If 2.test`, `Call 3.args[1]`, `ExceptHandler 1.type`; `.value` is the symbol's own;
- or, for SQL, a fragment in quotes that the symbol's strings hold: `"AND state = 'sent'"`. Where they hold it
  several times, a number follows: `"AND part > 1" 2`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

_FIELD: Final = re.compile(r"\.(\w+)(?:\[(\d+)\])?")
_FRAGMENT: Final = re.compile(r'"(.+)"(?: (\d+))?')


@dataclass(frozen=True)
class Slot:
    """Where a node hangs: in a field of its parent, at an index when that field is a list."""

    parent: ast.AST
    field: str
    index: int | None

    @property
    def node(self) -> ast.AST:
        """The node that hangs there."""
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        """Replace the node."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def drop(self) -> None:
        """Remove the node from the list that it is in. LookupError when it is in none."""
        if self.index is None:
            raise LookupError(f"{self.field} is no list")
        del getattr(self.parent, self.field)[self.index]


@dataclass(frozen=True)
class Edit:
    """One change: source text in place of a node, or, where it is empty, one member less in a list."""

    file: str
    symbol: str
    node: str
    instead: str = ""

    def apply(self) -> str:
        """Return the module's code with the change. LookupError when the address names nothing."""
        tree = ast.parse((ROOT / self.file).read_text("utf-8"))
        symbol = find_symbol(tree, self.symbol)
        fragment = _FRAGMENT.fullmatch(self.node)
        if fragment:
            _replace_fragment(symbol, fragment[1], fragment[2], self.instead)
        elif self.instead:
            slot = find_node(symbol, self.node)
            slot.put(_parsed(self.instead, statement=isinstance(slot.node, ast.stmt)))
        else:
            find_node(symbol, self.node).drop()
        return ast.unparse(ast.fix_missing_locations(tree))

    def __str__(self) -> str:
        return f"{self.file} {self.symbol} | {self.node} -> {self.instead or 'nothing'}"


def find_symbol(tree: ast.AST, name: str) -> ast.AST:
    """Return the definition or assignment with a qualified name. LookupError when there is none."""
    found = tree
    for part in name.split("."):
        named = [node for node in ast.walk(found) if part in names_of(node)]
        if not named:
            raise LookupError(f"no symbol {name}")
        found = named[0]
    return found


def names_of(node: ast.AST) -> list[str]:
    """Return the names that a definition or assignment binds."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def slots(node: ast.AST) -> Iterator[Slot]:
    """Yield a slot for each node within this one, in source order."""
    for field, value in ast.iter_fields(node):
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.AST):
                yield Slot(node, field, index)
                yield from slots(child)


def find_node(symbol: ast.AST, address: str) -> Slot:
    """Return the slot of an addressed node. LookupError when there is none."""
    anchor, _, path = address.partition(".")
    kind, _, number = anchor.partition(" ")
    at, slot = symbol, None
    if anchor:
        of_kind = [each for each in slots(symbol) if type(each.node).__name__ == kind]
        if not 0 < int(number) <= len(of_kind):
            raise LookupError(f"{len(of_kind)} nodes of class {kind}")
        slot = of_kind[int(number) - 1]
        at = slot.node
    for field, index in _FIELD.findall(f".{path}" if path else ""):
        slot = Slot(at, field, int(index) if index else None)
        at = slot.node
    if slot is None:
        raise LookupError("an address without a node")
    return slot


def strings(symbol: ast.AST) -> list[ast.Constant]:
    """Return the string constants of a symbol, in source order, those within f-strings too."""
    found = [slot.node for slot in slots(symbol)]
    return [node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _parsed(code: str, *, statement: bool) -> ast.AST:
    if not statement:
        return ast.parse(code, mode="eval").body
    [parsed] = ast.parse(code).body
    return parsed


def _replace_fragment(symbol: ast.AST, fragment: str, number: str | None, instead: str) -> None:
    """Replace one occurrence of a fragment; without a number it must be the only one."""
    texts = [(node, str(node.value)) for node in strings(symbol)]
    places = [
        (node, found.start()) for node, text in texts for found in re.finditer(re.escape(fragment), text)
    ]
    if not places or (number is None and len(places) > 1) or int(number or 1) > len(places):
        raise LookupError(f"{fragment!r} stands there {len(places)} times")
    node, start = places[int(number or 1) - 1]
    text = str(node.value)
    node.value = text[:start] + instead + text[start + len(fragment) :]
