"""What was handed in from the command line."""

import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.article.library import Card
from bot.db.beside import writing_beside
from bot.db.database import Database
from bot.db.engine import Connection
from bot.db.times import to_ms
from bot.editing.deposits import Deposit, DepositOutcome, DepositState

RETENTION: Final = timedelta(days=1)
"""How long an outcome is kept for whoever may still ask: a command may have been interrupted."""


async def note_published(db: Connection, draft: int | None, card: Card, state: DepositState) -> None:
    """Within the transaction that publishes a draft: so it became, if it came from the command line."""
    if draft is not None:
        outcome = DepositOutcome(state=state, title=card.title, slug=card.slug)
        await db.run(
            "UPDATE deposits SET result = :result, data = :nothing WHERE draft = :draft",
            draft=draft,
            result=_dump(outcome),
            nothing=b"",
        )


class DepositStore:
    """The deposits in the database."""

    def __init__(self, database: Database | Connection) -> None:
        """Use the bot's database, or a connection beside a bot that runs."""
        self._database = database

    async def add(
        self, *, name: str, address: str, data: bytes, is_quiet: bool, replaces: bool, now: datetime
    ) -> int:
        """Hand something in; return its number. What nobody has asked about for a day goes."""
        await self._database.run(
            "DELETE FROM deposits WHERE result IS NOT NULL AND deposited_at < :old",
            old=to_ms(now - RETENTION),
        )
        await self._database.run(
            """INSERT INTO deposits (name, address, data, is_quiet, replaces, deposited_at)
            VALUES (:name, :address, :data, :is_quiet, :replaces, :now)""",
            name=name,
            address=address,
            data=data,
            is_quiet=is_quiet,
            replaces=replaces,
            now=to_ms(now),
        )
        [row] = await self._database.all("SELECT max(id) AS id FROM deposits")
        return int(row["id"])

    async def waiting(self) -> Sequence[Deposit]:
        """Return those that nothing has become of yet, in the order in which they came."""
        rows = await self._database.all("SELECT * FROM deposits WHERE result IS NULL ORDER BY id LIMIT 10")
        return [
            Deposit(
                id=row["id"],
                name=row["name"],
                address=row["address"],
                data=row["data"],
                is_quiet=bool(row["is_quiet"]),
                replaces=bool(row["replaces"]),
                draft=row["draft"],
            )
            for row in rows
        ]

    async def settle(self, deposit: int, outcome: DepositOutcome) -> None:
        """Write down what became of one."""
        await self._database.run(
            "UPDATE deposits SET result = :result, data = :nothing WHERE id = :id",
            id=deposit,
            result=_dump(outcome),
            nothing=b"",
        )

    async def outcome(self, deposit: int) -> DepositOutcome | None:
        """Return what became of one, which ends it; None while it waits."""
        rows = await self._database.all("SELECT result FROM deposits WHERE id = :id", id=deposit)
        if not rows or rows[0]["result"] is None:
            return None
        await self._database.run("DELETE FROM deposits WHERE id = :id", id=deposit)
        return DepositOutcome(**json.loads(rows[0]["result"]))

    async def withdraw(self, deposit: int) -> None:
        """Forget one for whose outcome nobody waits any more."""
        await self._database.run("DELETE FROM deposits WHERE id = :id", id=deposit)


def _dump(outcome: DepositOutcome) -> str:
    return json.dumps(asdict(outcome), ensure_ascii=False)


@contextlib.asynccontextmanager
async def deposits_beside(store: Path | str) -> AsyncIterator[DepositStore]:
    """Hand things in to a bot that runs. StoreError without a database, or one of another schema."""
    async with writing_beside(store) as connection:
        yield DepositStore(connection)
