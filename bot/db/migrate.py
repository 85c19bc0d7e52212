"""The schema, as the sum of numbered files; each version once, all or nothing."""

import sqlite3
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import aiosqlite

from bot.errors import StoreError, StoreNewer


def migrations() -> list[str]:
    """Return the scripts that ship, in order; the first makes version 1."""
    folder = files("bot.db") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text("utf-8") for name in names]


async def migrate(connection: aiosqlite.Connection, path: Path, scripts: Sequence[str] | None = None) -> None:
    """Bring a database to the newest version. StoreNewer when it is newer than this program."""
    scripts = migrations() if scripts is None else scripts
    [[version]] = await connection.execute_fetchall("PRAGMA user_version")
    refuse_newer(version, len(scripts), path)
    if version == len(scripts):
        return
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for script in scripts[version:]:
            for statement in statements(script):
                await connection.execute(statement)
        # A pragma takes no parameters; the number is our own.
        await connection.execute(f"PRAGMA user_version = {len(scripts)}")
        await connection.execute("COMMIT")
    except sqlite3.Error as error:
        await connection.execute("ROLLBACK")
        raise StoreError("error.migration", file=path, version=len(scripts), reason=str(error)) from error


def refuse_newer(version: int, ours: int, path: Path) -> None:
    """Raise StoreNewer when a newer program wrote the file."""
    if version > ours:
        raise StoreNewer("error.store_newer", file=path, version=version, ours=ours)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script: `executescript` would commit, and one transaction holds all."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():  # the last one, without its semicolon
        yield statement
