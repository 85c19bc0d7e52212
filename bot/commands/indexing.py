"""`reindex`: make the full-text index anew."""

from pathlib import Path

from bot.db.beside import must_be_there
from bot.db.database import Database
from bot.db.reindex import reindex


async def indexing(store: Path | str) -> int:
    """Make it anew, and say of how many articles. StoreError without a database, or while the bot has it."""
    await must_be_there(store)
    database = await Database.open(store)
    try:
        print(f"indexed; articles: {await reindex(database)}")
    finally:
        await database.close()
    return 0
