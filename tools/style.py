"""Measure how `bot/` reads: its size, and what makes code dense or clear.

python -m tools.style [FOLDER]
"""

import ast
import io
import json
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.edit import ROOT

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module

_TERNARIES: Final = (ast.IfExp,)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NO_CODE: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


class Module:
    """One file, read once."""

    def __init__(self, path: Path) -> None:
        text = path.read_text("utf-8")
        self.nodes = list(ast.walk(ast.parse(text)))
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        self.comments = sum(token.type == tokenize.COMMENT for token in tokens)
        code = {
            line
            for token in tokens
            if token.type not in _NO_CODE
            for line in range(token.start[0], token.end[0] + 1)
        }
        self.code_lines = len(code - set(self._prose_lines()))

    def _prose_lines(self) -> Iterator[int]:
        """Yield the lines of docstrings, and of strings that explain the constant above them."""
        for node in self.nodes:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)

    def count(self, kinds: tuple[type[ast.AST], ...]) -> int:
        """Return how many nodes there are of these kinds."""
        return sum(isinstance(node, kinds) for node in self.nodes)

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Return all functions, nested ones too."""
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def function_lines(functions: Sequence[ast.FunctionDef | ast.AsyncFunctionDef]) -> list[int]:
    """Return the length of each function from `def` to its last line, in order of length."""
    return sorted((node.end_lineno or node.lineno) - node.lineno + 1 for node in functions)


def imperative_share(folder: Path, docstrings: int) -> float:
    """Return the share of function docstrings in which ruff's D401 finds an imperative."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "D401"]
    command += ["--config", "lint.pydocstyle.convention='pep257'", "--output-format", "json", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    return 1 - len(json.loads(done.stdout)) / docstrings


def main(folder: Path) -> None:
    """Print a table."""
    modules = [Module(path) for path in sorted(folder.rglob("*.py"))]
    functions = [function for module in modules for function in module.functions()]
    lengths = function_lines(functions)
    docstrings = sum(ast.get_docstring(function) is not None for function in functions)
    code = sum(module.code_lines for module in modules)

    def per_thousand(count: int) -> str:
        return f"{1000 * count / code:.1f}"

    rows = {
        "code lines": f"{code:,}",
        "modules": str(len(modules)),
        "function lines median / p90 / max": (
            f"{statistics.median(lengths):g} / {lengths[len(lengths) * 9 // 10]} / {lengths[-1]}"
        ),
        "comments per 1,000 code lines": per_thousand(sum(module.comments for module in modules)),
        "ternaries per 1,000 code lines": per_thousand(sum(module.count(_TERNARIES) for module in modules)),
        "comprehensions per 1,000 code lines": per_thousand(
            sum(module.count(_COMPREHENSIONS) for module in modules)
        ),
        "imperative docstrings": f"{imperative_share(folder, docstrings):.0%}",
    }
    for name, value in rows.items():
        print(f"{name:<38} {value:>14}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "bot")
