"""Look into the database, or hand something in, beside a bot that may be using it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.db.database import Connection, connect
from bot.db.migrate import migrations, refuse_newer
from bot.errors import StoreError


@contextlib.asynccontextmanager
async def reading(path: Path) -> AsyncIterator[Connection]:
    """Look into a file that others may be using. StoreError without one, or one of another schema."""
    async with _beside(path, read_only=True) as connection:
        yield connection


@contextlib.asynccontextmanager
async def writing_beside(path: Path) -> AsyncIterator[Connection]:
    """Write into a file that a bot is using, a statement at a time. Errors as in `reading`."""
    async with _beside(path, read_only=False) as connection:
        yield connection


@contextlib.asynccontextmanager
async def _beside(path: Path, *, read_only: bool) -> AsyncIterator[Connection]:
    must_be_there(path)
    opened = await connect(path, read_only=read_only)
    try:
        connection = Connection(opened, path)
        row = await connection.one("PRAGMA user_version")
        version, ours = row[0] if row else 0, len(migrations())
        refuse_newer(version, ours, path)
        if version < ours:
            raise StoreError("error.store_older", file=path)
        yield connection
    finally:
        await opened.close()


def must_be_there(path: Path) -> None:
    """Raise StoreError where there is no database, which opening one would make."""
    if not path.is_file():
        raise StoreError("error.no_store", file=path)
