"""A room imports lower floors only, and each third party has one home."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS: dict[str, int] = {
    "bot": 0, "clock": 0, "errors": 0, "i18n": 0, "gc_tuning": 0, "text": 0, "acts": 0, "files": 0, "metrics": 0, "usage": 0, "figures": 1, "loop_lag": 0, "inbox": 0, "invocation": 0, "together": 0, "health": 1, "article": 1, "sources": 2, "reader": 2, "actions": 3, "addresses": 3, "message": 4, "delivery": 5, "search": 5, "pictures": 5,
    "settling": 6, "digest": 6, "campaign": 6, "editing": 6, "views": 7, "db": 8, "jobs": 8, "demo": 8, "workers": 8, "config": 9, "notices": 9, "alerts": 9, "safeguard": 9, "operations": 10, "tg": 11, "web": 11, "app": 12, "commands": 13,
    "cli": 14, "__main__": 15,
}  # fmt: skip

# The rooms where a third party may be imported; one that stands nowhere here may be imported nowhere.
HOMES: dict[str, set[str]] = {
    "yaml": {"i18n", "article"}, "babel": {"i18n"}, "markdown_it": {"article"}, "mdit_py_plugins": {"article"}, "aiosqlite": {"db"}, "asyncpg": {"db"}, "aiohttp_socks": {"sources"},
    "sqlite3": {"db"}, "telegram": {"tg", "commands"}, "aiohttp": {"tg", "demo", "sources", "web"}, "prometheus_client": {"web"}, "resvg_py": {"pictures"}, "lxml": {"sources"}, "trafilatura": {"sources"}, "htmldate": {"sources"}, "mammoth": {"sources"}, "feedparser": {"sources"}, "pypdfium2": {"sources"}, "markdownify": {"sources"},
    "charset_normalizer": {"sources"}, "yarl": {"tg"}, "apscheduler": {"jobs"},
    "pydantic": {"config", "commands", "editing", "workers"}, "pydantic_settings": {"config"}, "dotenv": {"config"}, "regex": {"message"}, "snowballstemmer": {"search"},
}  # fmt: skip

MODULES = sorted((ROOT / "bot").rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "bot").parts
    return "bot" if parts == ("__init__.py",) else parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names if not alias.name.startswith("__"))
            else:
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_room_imports_lower_floors_only(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        if name.startswith("bot."):
            other = name.split(".")[1]
            allowed = other == room or FLOORS[other] < FLOORS[room]
            assert allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_third_party_is_imported_at_home_only(path: Path) -> None:
    for name in imports(path):
        top = name.split(".")[0]
        if top in HOMES:
            assert room_of(path) in HOMES[top], f"{path.name} imports {name}"
        else:
            assert top == "bot" or top in sys.stdlib_module_names, f"{top} has no home"


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in MODULES} == set(FLOORS)


def test_design_shows_the_floors() -> None:
    text = (ROOT / "docs" / "design.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", text, re.MULTILINE)
    assert {room.strip("` "): int(floor) for floor, rooms in rows for room in rooms.split(",")} == FLOORS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", sorted((ROOT / "bot/tg/handlers").glob("*.py")), ids=lambda path: path.stem)
def test_handler_imports_no_handler(path: Path) -> None:
    assert not [name for name in imports(path) if name.startswith("bot.tg.handlers")]


def test_sqlite_is_imported_where_connections_are_made() -> None:
    found = {path.name for path in MODULES if {"sqlite3", "aiosqlite"} & set(imports(path))}
    assert found == {"engine.py", "errors.py", "migrate.py", "schema.py", "searching.py", "versions.py"}


@pytest.mark.parametrize(
    "name", ["markdown_it", "lxml", "trafilatura", "mammoth", "pypdfium2", "prometheus_client", "asyncpg"]
)
def test_start_loads_no_parser(name: str) -> None:
    code = f"import sys, bot.app.lifespan; sys.exit('{name}' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)  # noqa: S603  # ours
    assert done.returncode == 0


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_test_names_are_short(path: Path) -> None:
    names = re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    assert [name for name in names if len(name) > 70] == []
