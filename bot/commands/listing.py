"""`articles` and `export`: what the bot holds, while it runs or not."""

import json
from collections import Counter
from pathlib import Path

from bot.article.library import Card, card_of
from bot.article.metadata.writing import with_fields
from bot.article.parse import parse
from bot.db.beside import reading
from bot.db.cards import live_cards, live_text
from bot.errors import StoreError
from bot.text import printable


async def articles(store: Path | str, *, as_json: bool) -> int:
    """Print a line for each live article, the newest first: its name, day and title; or one JSON object."""
    async with reading(store) as connection:
        for card in reversed(await live_cards(connection)):
            day = card.published.isoformat() if card.published else ""
            if not as_json:
                print(f"{card.slug:<40}  {day:<10}  {printable(card.title)}")
                continue
            facts = {
                "slug": card.slug,
                "title": card.title,
                "published": day or None,
                "language": card.language,
                "source": card.source,
                "author": card.author,
                "tags": card.tags,
                "version": card.version,
                "announced": card.news > 0,
            }
            print(json.dumps(facts, ensure_ascii=False))
    return 0


async def export(store: Path | str, folder: Path) -> int:
    """Write each live article as Markdown into a folder; a file that is the same already stays as it is.

    StoreError for a folder that cannot be written.
    """
    counts = Counter[bool]()
    async with reading(store) as connection:
        for card in await live_cards(connection):
            document = exported(card, await live_text(connection, card.id))
            counts[_written(folder / f"{card.slug}.md", document.encode("utf-8", "surrogatepass"))] += 1
    print(f"written: {counts[True]}; as they were: {counts[False]}")
    return 0


def _written(path: Path, data: bytes) -> bool:
    """Write a file, unless it is so already; return whether it was written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return False
        path.write_bytes(data)
    except OSError as error:
        raise StoreError("error.export", folder=path.parent, reason=error.strerror) from error
    return True


def exported(card: Card, text: str) -> str:
    """Return a document that, in a file with the article's name, makes the same article.

    What came from the name of the first file, such as its day, goes into its front matter.
    """
    article = parse(text, file=f"{card.slug}.md")
    again = card_of(article, id=card.id, news=card.news, version=card.version)
    known, found = _facts(card), _facts(again)
    said = {name: value for name, value in known.items() if value and found[name] != value}
    return with_fields(text, said) if said else text


def _facts(card: Card) -> dict[str, str]:
    """Return what may come from the name of a file, under our own keys."""
    day = card.published.isoformat() if card.published else ""
    return {"slug": card.slug, "title": card.title, "published": day, "language": card.language}
