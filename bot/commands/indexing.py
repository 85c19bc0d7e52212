"""`reindex`: make the full-text index anew."""

from pathlib import Path

from bot.db.beside import must_be_there
from bot.db.database import Database
from bot.db.reindex import reindex


async def indexing(path: Path) -> int:
    """Make it anew, and say of how many articles. StoreError without a database, or while the bot has it."""
    must_be_there(path)
    database = await Database.open(path)
    try:
        print(f"indexed; articles: {await reindex(database)}")
    finally:
        await database.close()
    return 0
