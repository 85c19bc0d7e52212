"""The cards of articles, as JSON in their rows."""

import json
from datetime import date

from bot.article.library import Card, ChosenFrom
from bot.article.model import ArticleId, QuoteId, SectionId
from bot.db.database import Database
from bot.db.engine import Connection, Row
from bot.db.times import from_ms


def dump_card(card: Card) -> str:
    """Write what the columns of a row do not say."""
    return json.dumps(
        {
            "title": card.title,
            "language": card.language,
            "source": card.source,
            "author": card.author,
            "published": card.published.isoformat() if card.published else None,
            "url": card.url,
            "minutes": card.minutes,
            "tags": card.tags,
            "lead": card.lead,
            "sections": card.sections,
            "quotes": card.quotes,
            "picture": card.picture,
            "approved": card.approved,
            "chosen": [(each.section, each.title) for each in card.chosen],
        },
        ensure_ascii=False,
    )


def card_of_row(row: Row) -> Card:
    """Return the card in a row of `articles`."""
    data = json.loads(row["card"])
    data |= {
        "published": date.fromisoformat(data["published"]) if data["published"] else None,
        "tags": tuple(data["tags"]),
        "quotes": tuple(map(QuoteId, data["quotes"])),
        "chosen": tuple(ChosenFrom(SectionId(id_), title) for id_, title in data.get("chosen", ())),
    }
    return Card(
        id=ArticleId(row["id"]),
        news=row["news"],
        version=row["version"],
        slug=row["slug"],
        quarantined=row["quarantine"] is not None,
        added_at=from_ms(row["published_at"]),
        **data,
    )


async def live_cards(database: Database | Connection) -> list[Card]:
    """Return every live article, the oldest news first."""
    rows = await database.all("SELECT * FROM articles WHERE removed_at IS NULL ORDER BY news")
    return [card_of_row(row) for row in rows]


async def live_text(database: Database | Connection, article: ArticleId) -> str:
    """Return the document of a live article, as it stands."""
    [row] = await database.all(
        """SELECT v.text FROM versions AS v JOIN articles AS a ON a.id = v.article AND a.version = v.number
        WHERE a.id = :id""",
        id=article,
    )
    return str(row["text"])
