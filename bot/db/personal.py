"""What of the database is about people: one place that export, forgetting and the tests of both share.

A column that no line here names fails a test, so none can be missed when a table grows.
"""

from typing import Final

READER_COLUMNS: Final[dict[str, str | None]] = {
    "id": None,
    "chat": "0",
    "topic": "id",  # (chat, topic) is unique, and readers without a chat are many
    "kind": "'private'",
    "language": "'en'",
    "zone": "NULL",
    "times": "'08:00'",
    "days": "'1234567'",
    "subscribed": "0",
    "next_at": "NULL",
    "suspended": "NULL",
    "watermark": "0",
    "news_limit": "NULL",
    "quote_round": "0",
    "quote_place": "''",
    "listed": "'{}'",
    "awaiting": "NULL",
    "met_at": "0",
    "parts": "'news'",
    "only_new": "0",
    "interests": "''",
    "weekly": "NULL",
    "paused_until": "NULL",
    "language_chosen": "0",
    "set_up_by": "NULL",
    "forgotten_at": ":now",
    "title": "''",
    "suspension_told": "0",
    "active_at": "0",
    "suspended_at": "NULL",
    "unsubscribed_at": "NULL",
    "daily_line": "0",
}
"""Columns of `readers`: what each becomes when its chat is forgotten, in SQL; None for what stays."""

DELIVERY_COLUMNS: Final[dict[str, str | None]] = {
    "id": None,
    "reader": None,
    "kind": None,
    "occasion": "'forgotten ' || id",
    "part": None,
    "parts": None,
    "state": None,
    "reason": None,
    "detail": "NULL",
    "attempts": None,
    "due_at": None,
    "expires_at": None,
    "quote": "NULL",
    "upto": None,
    "message_id": "NULL",
    "planned_at": None,
    "finished_at": None,
    "settled": None,
    "campaign": None,
    "after_id": "NULL",
    "doubt": None,
    "repeats": None,
}
"""Columns of `deliveries`, likewise: they can still be counted, but tell nothing of anybody."""

HIDDEN_IN_GROUPS: Final = frozenset({"set_up_by"})
"""Columns that a group's or channel's export leaves out: an anonymous administrator stays anonymous."""

OTHERS: Final[dict[str, str]] = {
    "people": "by user: an editor's row goes, an owner's loses its name",
    "drafts": "by editor: they go; of others', who opened one or planned its publication is forgotten",
    "gatherings": "by editor: they go",
    "pieces": "by gathering: they go",
    "links": "by editor: they go",
    "versions": "by editor: nobody in particular wrote them",
    "campaigns": "by owner: they end, and belong to nobody",
    "cooldowns": "by chat: they go",
    "strays": "by chat: they go",
    "markers": "by chat: they go",
    "payloads": "by delivery: they go, that of a message under way with its outcome",
    "delivery_articles": "by delivery: they go",
    "looked": "by delivery: they go",
    "inbox": "by update: what a person wrote goes once it was dealt with, all within a day",
    "acts": "by user: nobody in particular did them",
}
"""Further tables with something about people: how it is found, and what becomes of it."""

_PARTS: Final = ("", "_config", "_data", "_docsize", "_idx")
_INDEX: Final = ("search_words", *(f"search{table}{part}" for table in ("", "_names") for part in _PARTS))
"""The tables of the full-text index: of articles only."""

IMPERSONAL: Final = frozenset(
    {
        "articles",
        "editions",
        "sections",
        "pages",
        "quotes",
        "paragraphs",
        "sketches",
        "files",
        "facts",
        "channel_tags",
        "feeds",
        "entries",
        "draft_sketches",
        "deposits",
        "ledger_sums",
        "alerts",
        "usage",
        "daily_figures",
        "known_ids",
        *_INDEX,
    }
)


def listed(columns: dict[str, str | None], *, without: frozenset[str] = frozenset(), table: str) -> str:
    """Return the columns of a table for a SELECT, by name."""
    return ", ".join(f"{table}.{name}" for name in columns if name not in without)


def forgotten(columns: dict[str, str | None]) -> str:
    """Return what an UPDATE sets when a chat is forgotten."""
    return ", ".join(f"{name} = {value}" for name, value in columns.items() if value is not None)
