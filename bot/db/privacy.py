"""Everything that is stored about a chat or person; and how it is forgotten without a hole in the ledger."""

import json
import sqlite3
from datetime import datetime
from typing import Any

from bot.campaign.model import CampaignId
from bot.db.campaigns import cancel
from bot.db.database import Database, Verbs
from bot.db.times import moment, stamp

_SOMEBODY = 0
"""The editor of a version, or the owner of a campaign, who wished to be forgotten."""

_CAMPAIGNS = "SELECT * FROM campaigns WHERE owner = :chat ORDER BY id"


class PrivacyStore:
    """What a chat's own members may see and delete. A person's private chat has the person's number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stored(self, chat: int) -> dict[str, Any]:
        """All of it, as JSON can hold it: settings, digests; an editor's role, drafts and versions."""
        all_ = self._database.all
        readers = await all_("SELECT * FROM readers WHERE chat = :chat ORDER BY topic", chat=chat)
        digests = await all_(
            """SELECT d.* FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
            WHERE r.chat = :chat ORDER BY d.id""",
            chat=chat,
        )
        roles = await all_("""SELECT * FROM people WHERE "user" = :chat""", chat=chat)
        drafts = await all_("SELECT * FROM drafts WHERE editor = :chat ORDER BY id", chat=chat)
        versions = await all_(
            """SELECT a.slug, v.number, v.saved_at FROM versions AS v JOIN articles AS a ON a.id = v.article
            WHERE v.editor = :chat ORDER BY v.saved_at""",
            chat=chat,
        )
        set_up = await all_("SELECT chat, topic, kind FROM readers WHERE set_up_by = :chat", chat=chat)
        found = {
            "settings": readers, "digests": digests, "role": roles, "drafts": drafts, "articles": versions,
            "set_up": set_up, "campaigns": await all_(_CAMPAIGNS, chat=chat),
            "holds": await all_("SELECT * FROM holds WHERE chat = :chat", chat=chat),
        }  # fmt: skip
        return {name: [_shown(row) for row in rows] for name, rows in found.items()}

    async def forget(self, chat: int, now: datetime) -> None:
        """Delete it for good. Rows of the ledger stay and can be counted, but tell nothing of anybody.

        An owner stays owner, without a name; articles stay, and nobody in particular wrote them.
        """
        async with self._database.transaction() as verbs:
            await _empty_ledger(verbs, chat, now)
            await verbs.run(
                """UPDATE readers SET chat = 0, topic = id, kind = 'private', language = 'en', zone = NULL,
                times = '08:00', days = '1234567', subscribed = 0, next_at = NULL, suspended = NULL,
                watermark = 0, news_limit = NULL, quote_round = 0, quote_place = '', listed = '{}',
                awaiting = NULL, met_at = 0, active_at = 0, parts = 'news', only_new = 0, paused_until = NULL,
                language_chosen = 0, set_up_by = NULL, forgotten_at = :now WHERE chat = :chat""",
                chat=chat,
                now=stamp(now),
            )
            await verbs.run("UPDATE readers SET set_up_by = NULL WHERE set_up_by = :chat", chat=chat)
            for row in await verbs.all(_CAMPAIGNS, chat=chat):
                await cancel(verbs, CampaignId(row["id"]), "forgotten", now)
            await verbs.run(
                """UPDATE campaigns SET owner = :somebody, source_chat = 0, source_message = 0,
                panel_chat = NULL, panel_message = NULL WHERE owner = :chat OR panel_chat = :chat""",
                chat=chat,
                somebody=_SOMEBODY,
            )
            await verbs.run("DELETE FROM holds WHERE chat = :chat", chat=chat)
            await verbs.run("DELETE FROM drafts WHERE editor = :chat", chat=chat)
            await verbs.run(
                "UPDATE versions SET editor = :somebody WHERE editor = :chat", chat=chat, somebody=_SOMEBODY
            )
            await verbs.run("""DELETE FROM people WHERE "user" = :chat AND role = 'editor'""", chat=chat)
            await verbs.run("""UPDATE people SET name = '' WHERE "user" = :chat""", chat=chat)


async def _empty_ledger(verbs: Verbs, chat: int, now: datetime) -> None:
    """What waits is not sent; of what is over, only its outcome is left."""
    await verbs.run(
        """UPDATE deliveries SET state = 'excluded', reason = 'forgotten', finished_at = :now
        WHERE state = 'planned' AND reader IN (SELECT id FROM readers WHERE chat = :chat)""",
        chat=chat,
        now=stamp(now),
    )
    # A row that is being sent right now loses its text with its outcome, as every row does.
    await verbs.run(
        """UPDATE deliveries SET occasion = 'forgotten ' || id, articles = '[]', quote = NULL,
            message_id = NULL, payload = CASE WHEN state = 'sending' THEN payload END
        WHERE reader IN (SELECT id FROM readers WHERE chat = :chat)""",
        chat=chat,
    )


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    """A row with its times as people write them and its JSON as such."""
    shown: dict[str, Any] = {}
    for name in row.keys():  # noqa: SIM118  # iterating a row gives its values
        value = row[name]
        if isinstance(value, int) and name.endswith("_at"):
            value = moment(value).isoformat()
        elif name in {"articles", "listed", "payload", "segment"} and isinstance(value, str):
            value = json.loads(value)
        shown[name] = value
    return shown
