"""The schema, as the sum of numbered scripts that both engines run."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files


def migrations() -> list[str]:
    """Return the scripts that ship, in order; the first makes version 1."""
    folder = files("bot.db") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text("utf-8") for name in names]


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script: one transaction holds all, so they are run one by one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():  # the last one, without its semicolon
        yield statement
