"""Single values that the database remembers by name."""

from collections.abc import Mapping

from bot.db.engine import Connection


async def note_facts(db: Connection, facts: Mapping[str, str | int]) -> None:
    """Within a transaction: remember these, in place of what was known by their names."""
    await db.many(
        """INSERT INTO facts (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        [{"name": name, "value": str(value)} for name, value in facts.items()],
    )
