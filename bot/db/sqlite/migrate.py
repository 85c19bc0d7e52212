"""The schema in SQLite; each version once, all or nothing."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import aiosqlite

from bot.db.schema import migrations, statements
from bot.db.sqlite.versions import signature
from bot.errors import StoreError


async def migrate(connection: aiosqlite.Connection, path: Path, scripts: Sequence[str] | None = None) -> None:
    """Bring a database to the newest version."""
    scripts = migrations() if scripts is None else scripts
    [[version]] = await connection.execute_fetchall("PRAGMA user_version")
    if version >= len(scripts):
        return
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for script in scripts[version:]:
            for statement in statements(script):
                await connection.execute(statement)
        # A pragma takes no parameters; the numbers are our own.
        await connection.execute(f"PRAGMA user_version = {len(scripts)}")
        await connection.execute(f"PRAGMA application_id = {signature()}")
        await connection.execute("COMMIT")
    except sqlite3.Error as error:
        await connection.execute("ROLLBACK")
        raise StoreError("error.migration", file=path, version=len(scripts), reason=str(error)) from error
