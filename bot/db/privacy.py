"""Everything that is stored about a chat or person; and how it is forgotten without a hole in the ledger."""

import asyncio
import json
from datetime import datetime
from typing import Any

from bot.campaign.model import CampaignId
from bot.db import deliveries
from bot.db.campaigns import cancel
from bot.db.database import Database
from bot.db.engine import Row
from bot.db.forgotten import ForgottenList
from bot.db.ledger import ARTICLES
from bot.db.personal import DELIVERY_COLUMNS, HIDDEN_IN_GROUPS, READER_COLUMNS, forgotten, listed
from bot.db.times import from_ms, to_ms

_FORGOTTEN_USER = 0
"""Who edited a version, owned a campaign or acted, and wished to be forgotten."""

_CAMPAIGNS = """SELECT id, segment, state, reason, total, reached, made_at FROM campaigns
    WHERE owner = :chat ORDER BY id"""


_COUNTED = """INSERT INTO facts (name, value) VALUES ('forgotten', :count)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
"""How many lines of the list beside the database have been followed."""

_KNOWN = """SELECT chat, min(met_at) AS met_at FROM (
    SELECT chat, met_at FROM readers WHERE chat <> 0
    UNION ALL SELECT "user", since FROM people WHERE "user" NOT IN (SELECT chat FROM readers)
    UNION ALL SELECT editor, 0 FROM versions WHERE editor NOT IN (SELECT chat FROM readers)
    UNION ALL SELECT "user", 0 FROM acts WHERE "user" NOT IN (SELECT chat FROM readers)
    UNION ALL SELECT editor, 0 FROM drafts WHERE editor NOT IN (SELECT chat FROM readers)
    UNION ALL SELECT owner, 0 FROM campaigns WHERE owner NOT IN (SELECT chat FROM readers)
    UNION ALL SELECT set_up_by, 0 FROM readers WHERE set_up_by NOT IN (SELECT chat FROM readers)
    ) AS known WHERE chat IS NOT NULL AND chat <> 0 GROUP BY chat"""
"""All chats and people that are written down anywhere, and since when they are known."""


class PrivacyStore:
    """What a chat's own members may see and delete. A person's private chat has the person's number."""

    def __init__(self, database: Database, forgotten: ForgottenList) -> None:
        self._database = database
        self._list = forgotten

    async def stored(self, chat: int) -> dict[str, Any]:
        """Return all of it, ready for JSON: settings, digests; an editor's role, drafts, versions, acts."""
        all_ = self._database.all
        # In groups, an anonymous administrator who set it up stays anonymous for the others.
        hidden = HIDDEN_IN_GROUPS if chat < 0 else frozenset[str]()
        readers, digests = (
            listed(READER_COLUMNS, without=hidden, table="r"),
            listed(DELIVERY_COLUMNS, table="d"),
        )
        queries = {
            # Only names of columns are put into the text, from the list of those that are personal.
            "settings": f"SELECT {readers} FROM readers AS r WHERE r.chat = :chat ORDER BY r.topic",  # noqa: S608
            "digests": f"""SELECT {digests}, p.body AS message, {ARTICLES} AS articles
                FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
                LEFT JOIN payloads AS p ON p.delivery = d.id WHERE r.chat = :chat ORDER BY d.id""",  # noqa: S608
            "role": """SELECT "user", role, name, since FROM people WHERE "user" = :chat""",
            "drafts": "SELECT id, name, text, article, saved_at FROM drafts WHERE editor = :chat ORDER BY id",
            "gatherings": "SELECT p.body FROM pieces AS p JOIN gatherings AS g ON g.id = p.gathering"
            " WHERE g.editor = :chat ORDER BY p.gathering, p.message",
            "links": "SELECT address, asked_at FROM links WHERE editor = :chat ORDER BY id",
            "articles": """SELECT a.slug, v.number, v.saved_at FROM versions AS v
                JOIN articles AS a ON a.id = v.article WHERE v.editor = :chat ORDER BY v.saved_at""",
            "set_up": "SELECT chat, topic, kind FROM readers WHERE set_up_by = :chat",
            "campaigns": _CAMPAIGNS,
            "cooldowns": "SELECT chat, until FROM cooldowns WHERE chat = :chat",
            "strays": "SELECT chat, at FROM strays WHERE chat = :chat",
            "markers": "SELECT chat, message_id FROM markers WHERE chat = :chat",
            "looked": """SELECT l.delivery, l.message_id FROM looked AS l
                JOIN deliveries AS d ON d.id = l.delivery JOIN readers AS r ON r.id = d.reader
                WHERE r.chat = :chat""",
            "acts": """SELECT at, act, about FROM acts WHERE "user" = :chat ORDER BY id""",
        }
        return {
            name: [_shown(row) for row in await all_(query, chat=chat)] for name, query in queries.items()
        }

    async def forget(self, chat: int, now: datetime) -> None:
        """Delete it for good, from backups too. Rows of the ledger stay and tell nothing of anybody.

        An owner stays owner, without a name; articles stay, and nobody in particular wrote them.
        """
        # Written down first: should this process end now, the next start forgets the chat.
        count = await asyncio.to_thread(self._list.add, chat, now)
        await self._forget(chat, now, count)

    async def forget_again(self, now: datetime) -> int:
        """Forget whom a backup has brought back; return how many.

        Who came back by themselves after they were forgotten stays.
        """
        [row] = await self._database.all(
            "SELECT coalesce((SELECT CAST(value AS BIGINT) FROM facts WHERE name = 'forgotten'), 0) AS count"
        )
        count = await asyncio.to_thread(self._list.count)
        if count <= row["count"]:
            return 0
        met = {row["chat"]: row["met_at"] for row in await self._database.all(_KNOWN)}
        listed_at = await asyncio.to_thread(self._list.among, met)
        back = [chat for chat, forgotten_at in listed_at.items() if met[chat] <= forgotten_at]
        for chat in back:
            await self._forget(chat, now, row["count"])
        await self._database.run(_COUNTED, count=str(count))
        return len(back)

    async def _forget(self, chat: int, now: datetime, count: int) -> None:
        async with self._database.transaction() as db:
            await db.run(_COUNTED, count=str(count))
            await deliveries.forget(db, chat, now)
            await db.run(
                f"UPDATE readers SET {forgotten(READER_COLUMNS)} WHERE chat = :chat",  # noqa: S608  # names of columns
                chat=chat,
                now=to_ms(now),
            )
            await db.run("UPDATE readers SET set_up_by = NULL WHERE set_up_by = :chat", chat=chat)
            for row in await db.all(_CAMPAIGNS, chat=chat):
                await cancel(db, CampaignId(row["id"]), "forgotten", now)
            await db.run(
                """UPDATE campaigns SET owner = :nobody, source_chat = 0, source_message = 0,
                panel_chat = NULL, panel_message = NULL WHERE owner = :chat OR panel_chat = :chat""",
                chat=chat,
                nobody=_FORGOTTEN_USER,
            )
            for table in ("cooldowns", "strays", "markers"):
                await db.run(f"DELETE FROM {table} WHERE chat = :chat", chat=chat)  # noqa: S608  # ours
            await db.run("DELETE FROM drafts WHERE editor = :chat", chat=chat)
            # Of others' drafts they leave no trace, and what they planned for those is planned no more.
            await db.run(
                "UPDATE drafts SET opened_by = NULL, opened_at = NULL WHERE opened_by = :chat", chat=chat
            )
            await db.run(
                """UPDATE drafts SET publish_at = NULL, publish_by = NULL, publish_as = NULL
                WHERE publish_by = :chat""",
                chat=chat,
            )
            await db.run("DELETE FROM gatherings WHERE editor = :chat", chat=chat)
            await db.run("DELETE FROM links WHERE editor = :chat", chat=chat)
            await db.run(
                "UPDATE versions SET editor = :nobody WHERE editor = :chat", chat=chat, nobody=_FORGOTTEN_USER
            )
            await db.run("""DELETE FROM people WHERE "user" = :chat AND role = 'editor'""", chat=chat)
            await db.run("""UPDATE people SET name = '' WHERE "user" = :chat""", chat=chat)
            await db.run(
                """UPDATE acts SET "user" = :nobody WHERE "user" = :chat""", chat=chat, nobody=_FORGOTTEN_USER
            )
            await db.run("""UPDATE acts SET about = '' WHERE about = :chat""", chat=str(chat))
        # Last, after the commit: the log still holds what was deleted.
        await self._database.shred()


def _shown(row: Row) -> dict[str, Any]:
    """Return a row with its times as people write them and its JSON as such."""
    shown: dict[str, Any] = {}
    # Times and JSON are told by the name of their column.
    for name in row.keys():  # noqa: SIM118  # iterating a row gives its values
        value = row[name]
        if isinstance(value, int) and (name.endswith("_at") or name in {"at", "since", "until"}):
            value = from_ms(value).isoformat()
        elif name in {"articles", "listed", "message", "segment"} and isinstance(value, str):
            value = json.loads(value)
        shown[name] = value
    return shown
