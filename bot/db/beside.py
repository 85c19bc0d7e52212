"""Look into the database, or hand something in, beside a bot that may be using it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.db.database import server_engine
from bot.db.engine import Connection
from bot.db.schema import migrations
from bot.db.sqlite.engine import SqliteConnection, connect
from bot.db.sqlite.versions import opened, schema_of
from bot.errors import StoreError


@contextlib.asynccontextmanager
async def reading(store: Path | str) -> AsyncIterator[Connection]:
    """Look into a file or a server's database. StoreError without one, or one of another schema."""
    async with _beside(store, read_only=True) as connection:
        yield connection


@contextlib.asynccontextmanager
async def writing_beside(store: Path | str) -> AsyncIterator[Connection]:
    """Write into what a bot is using, a statement at a time. Errors as in `reading`."""
    async with _beside(store, read_only=False) as connection:
        yield connection


@contextlib.asynccontextmanager
async def _beside(store: Path | str, *, read_only: bool) -> AsyncIterator[Connection]:
    if isinstance(store, str):
        async with server_engine().beside(store) as on_server:
            yield on_server
        return
    await must_be_there(store)
    with opened(store) as looked_into:
        if schema_of(looked_into, store) < len(migrations()):
            raise StoreError("error.store_older", file=store)
    connection = await connect(store, read_only=read_only)
    try:
        yield SqliteConnection(connection, store)
    finally:
        await connection.close()


async def must_be_there(store: Path | str) -> None:
    """Raise StoreError where there is no database, which opening one would make."""
    if isinstance(store, str):
        async with server_engine().beside(store):
            return
    if not await asyncio.to_thread(store.is_file):
        raise StoreError("error.no_store", file=store)
