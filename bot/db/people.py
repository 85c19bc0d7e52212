"""Who owns the bot and who edits it."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from bot.db.acts import record_act
from bot.db.database import Database
from bot.db.engine import Connection
from bot.db.facts import note_facts
from bot.db.times import to_ms

_CLAIM = "claim"
_INVITATION = "invitation "


class PeopleStore:
    """Owners come from the settings, or the first one claims the bot by a one-time word."""

    def __init__(self, database: Database, *, owners: AbstractSet[int]) -> None:
        self._database = database
        self._owners = owners
        self._last_seen: AbstractSet[int] = owners

    async def is_owner(self, user: int) -> bool:
        """Return whether a user may appoint editors."""
        return user in await self.owners()

    async def is_editor(self, user: int) -> bool:
        """Return whether a user may change articles; owners may, too."""
        return user in await self.editors()

    async def owners(self) -> AbstractSet[int]:
        """Return those of the settings; while there are none, whoever claimed the bot."""
        # Owners of the settings are the only ones; a claim counts while there are none.
        if self._owners:
            return self._owners
        rows = await self._database.all("""SELECT "user" FROM people WHERE role = 'owner'""")
        self._last_seen = {row["user"] for row in rows}
        return self._last_seen

    def is_named(self, user: int) -> bool:
        """Return whether the settings name this owner, whatever the database says."""
        return user in self._owners

    def was_owner(self, user: int) -> bool:
        """Return whether this was an owner when last looked up: enough to choose a lane, not to allow."""
        return user in self._last_seen

    async def editors(self) -> AbstractSet[int]:
        """Return everybody who may change articles."""
        rows = await self._database.all("""SELECT "user" FROM people WHERE role = 'editor'""")
        return {row["user"] for row in rows} | await self.owners()

    async def names(self) -> Mapping[int, str]:
        """Return the names of editors and owners, as far as they are known, by user id."""
        rows = await self._database.all("""SELECT "user", name FROM people""")
        return {row["user"]: row["name"] for row in rows}

    async def appointed(self) -> Mapping[int, str]:
        """Return the editors whom an owner appointed, with their names."""
        rows = await self._database.all("""SELECT "user", name FROM people WHERE role = 'editor'""")
        return {row["user"]: row["name"] for row in rows}

    async def invite(self, word: str, until: datetime, *, by: int, now: datetime) -> None:
        """Accept this word once, from whoever is to be an editor."""
        async with self._database.transaction() as db:
            await db.run(
                "INSERT INTO facts (name, value) VALUES (:name, :until)",
                name=_INVITATION + _digest(word),
                until=str(to_ms(until)),
            )
            await record_act(db, by, "invited", "", now)

    async def invitations(self, now: datetime) -> int:
        """Return how many links can still be used."""
        row = await self._database.one(
            "SELECT count(*) AS number FROM facts WHERE name LIKE :any AND CAST(value AS BIGINT) > :now",
            any=f"{_INVITATION}%",
            now=to_ms(now),
        )
        return int(row["number"]) if row else 0

    async def revoke(self, *, by: int, now: datetime) -> int:
        """Void every link that was not used; how many there were."""
        async with self._database.transaction() as db:
            gone = await db.run("DELETE FROM facts WHERE name LIKE :any", any=f"{_INVITATION}%")
            if gone:
                await record_act(db, by, "revoked", str(gone), now)
        return gone

    async def accept(self, user: int, name: str, word: str, now: datetime) -> bool:
        """Become an editor by such a word; False when it is wrong, used, or too old."""
        async with self._database.transaction() as db:
            used = await db.run(
                "DELETE FROM facts WHERE name = :name AND CAST(value AS BIGINT) > :now",
                name=_INVITATION + _digest(word),
                now=to_ms(now),
            )
            if used:
                await db.run(
                    """INSERT INTO people ("user", role, name, since) VALUES (:user, 'editor', :name, :now)
                    ON CONFLICT ("user") DO NOTHING""",
                    user=user,
                    name=name,
                    now=to_ms(now),
                )
                await record_act(db, user, "appointed", str(user), now)
        return bool(used)

    async def dismiss(self, user: int, *, by: int, now: datetime) -> bool:
        """Make an editor a reader again, and void every invitation; False when they were none."""
        async with self._database.transaction() as db:
            # A link that this person made, or passed on, must not bring them back.
            await db.run("DELETE FROM facts WHERE name LIKE :any", any=f"{_INVITATION}%")
            gone = await db.run("""DELETE FROM people WHERE "user" = :user AND role = 'editor'""", user=user)
            if gone:
                await record_act(db, by, "dismissed", str(user), now)
        return bool(gone)

    async def offer(self, word: str) -> None:
        """Accept this word from whoever is first; an earlier one is void."""
        async with self._database.transaction() as db:
            await note_facts(db, {_CLAIM: _digest(word)})

    async def claim(self, user: int, name: str, word: str, now: datetime) -> bool:
        """Become the owner by the one-time word; False when it is wrong or used, or there is an owner."""
        if await self.owners():
            return False
        async with self._database.transaction() as db:
            used = await db.run(
                "DELETE FROM facts WHERE name = :name AND value = :value", name=_CLAIM, value=_digest(word)
            )
            if used:
                await db.run(
                    """INSERT INTO people ("user", role, name, since) VALUES (:user, 'owner', :name, :now)
                    ON CONFLICT ("user") DO UPDATE SET role = 'owner'""",
                    user=user,
                    name=name,
                    now=to_ms(now),
                )
                await record_act(db, user, "claimed", "", now)
        return bool(used)


def _digest(word: str) -> str:
    """Hash a one-time word: whoever reads a backup must not become the owner."""
    return hashlib.sha256(word.encode()).hexdigest()


async def has_owner(database: Database | Connection) -> bool:
    """Return whether somebody has opened the owner's link."""
    return await database.one("SELECT 1 FROM people WHERE role = 'owner'") is not None
