"""Look into the database, or hand something in, beside a bot that may be using it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.db.database import Connection, connect
from bot.db.versions import migrations, opened, schema_of
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
    with opened(path) as looked_into:
        if schema_of(looked_into, path) < len(migrations()):
            raise StoreError("error.store_older", file=path)
    connection = await connect(path, read_only=read_only)
    try:
        yield Connection(connection, path)
    finally:
        await connection.close()


def must_be_there(path: Path) -> None:
    """Raise StoreError where there is no database, which opening one would make."""
    if not path.is_file():
        raise StoreError("error.no_store", file=path)
