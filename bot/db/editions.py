"""Articles as they are read: sections by page, quotes by id."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from bot.article.model import ArticleId, QuoteId, SectionId
from bot.db.database import Database
from bot.db.engine import Row
from bot.errors import NotFound
from bot.message.codec import dump_text, load_text, plain_of
from bot.message.edition import RenderedQuote, RenderedSection, SectionHead, SectionPage
from bot.message.formatted_text import FormattedText
from bot.search.placing import PlacedPage
from bot.together import Together

_QuoteKey = tuple[ArticleId, QuoteId]

_PAGES: Final = """SELECT s.id, s.title, p.number, p.body FROM articles AS a
    JOIN pages AS p ON p.edition = a.edition
    JOIN sections AS s ON s.edition = p.edition AND s.number = p.section"""


class EditionStore:
    """The pages of every live article."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._quotes_of = Together(self._read_quotes)

    async def summary(self, article: ArticleId) -> FormattedText:
        """Return an article's summary. NotFound when there is no such article."""
        row = await self._database.one("SELECT summary FROM articles WHERE id = :id", id=article)
        return load_text(json.loads(_there(row)["summary"]))

    async def outline(
        self, article: ArticleId, page: int, size: int
    ) -> tuple[Sequence[SectionHead], int, int]:
        """Return a page of `size` sections, how many there are in all, and the page's number.

        A page beyond the last one is the last one.
        """
        count = await self._count(article)
        # Ceiling division; an article always has at least one page of outline.
        page = min(max(page, 0), max(-(-count // size) - 1, 0))
        rows = await self._database.all(
            """SELECT s.* FROM sections AS s JOIN articles AS a ON a.edition = s.edition
            WHERE a.id = :id AND s.number >= :first ORDER BY s.number LIMIT :most""",
            id=article,
            first=page * size,
            most=size,
        )
        return [_head(row) for row in rows], count, page

    async def section_page(self, article: ArticleId, section: SectionId, page: int) -> SectionPage:
        """Return a page of a section, at most the last one. NotFound when there is no such section."""
        row = _there(
            await self._database.one(
                """SELECT s.*, p.body, p.number AS page,
                    (SELECT id FROM sections WHERE edition = s.edition AND number = s.number - 1) AS before,
                    (SELECT id FROM sections WHERE edition = s.edition AND number = s.number + 1) AS after
                FROM articles AS a JOIN sections AS s ON s.edition = a.edition AND s.id = :section
                JOIN pages AS p ON p.edition = s.edition AND p.section = s.number
                    AND p.number = min(max(:page, 0), s.pages - 1)
                WHERE a.id = :id""",
                id=article,
                section=section,
                page=page,
            )
        )
        return SectionPage(
            section=_head(row),
            page=row["page"],
            body=load_text(json.loads(row["body"])),
            count=await self._count(article),
            before=row["before"],
            after=row["after"],
        )

    async def quote(self, article: ArticleId, quote: QuoteId) -> RenderedQuote:
        """Return one quote. NotFound when the article does not have it (any more)."""
        found = await self._quotes_of([(article, quote)])
        return quote_of_row(_there(found.get((article, quote))))

    async def _read_quotes(self, asked: Sequence[_QuoteKey]) -> Mapping[_QuoteKey, Row]:
        rows = await self._database.all(
            """SELECT a.id AS article, q.* FROM rows(:asked, article BIGINT, quote TEXT) AS its
            JOIN articles AS a ON a.id = its.article
            JOIN quotes AS q ON q.edition = a.edition AND q.id = its.quote""",
            asked=[{"article": article, "quote": quote} for article, quote in asked],
        )
        return {(row["article"], row["id"]): row for row in rows}

    async def quotes(self, article: ArticleId) -> Sequence[RenderedQuote]:
        """Return every quote of an article."""
        rows = await self._database.all(
            "SELECT q.* FROM quotes AS q JOIN articles AS a ON a.edition = q.edition WHERE a.id = :article",
            article=article,
        )
        return list(map(quote_of_row, rows))

    async def heading_pages(self, article: ArticleId) -> Sequence[PlacedPage]:
        """Return the first page of each section, in reading order."""
        return await self._pages(
            f"{_PAGES} WHERE a.id = :article AND p.number = 0 ORDER BY p.section", article=article
        )

    async def pages(self, article: ArticleId, *, skip: int, most: int) -> Sequence[PlacedPage]:
        """Return pages of an article in reading order; fewer than `most` at its end."""
        return await self._pages(
            f"{_PAGES} WHERE a.id = :article ORDER BY p.section, p.number LIMIT :most OFFSET :skip",
            article=article,
            skip=skip,
            most=most,
        )

    async def _pages(self, sql: str, **values: object) -> list[PlacedPage]:
        return [
            PlacedPage(row["id"], row["title"], row["number"], plain_of(json.loads(row["body"])))
            for row in await self._database.all(sql, **values)
        ]

    async def write_sections(self, edition: int, sections: Sequence[RenderedSection]) -> None:
        """Add a piece to an edition that nobody reads yet."""
        async with self._database.transaction() as db:
            await db.many(
                """INSERT INTO sections (edition, number, id, title, depth, path, below, pages, url)
                VALUES (:edition, :number, :id, :title, :depth, :path, :below, :pages, :url)""",
                [_section_row(edition, section.head) for section in sections],
            )
            await db.many(
                """INSERT INTO pages (edition, section, number, body)
                VALUES (:edition, :section, :number, :body)""",
                [
                    {
                        "edition": edition,
                        "section": section.head.number,
                        "number": number,
                        "body": _dumped(page),
                    }
                    for section in sections
                    for number, page in enumerate(section.pages)
                ],
            )

    async def write_quotes(self, edition: int, quotes: Sequence[RenderedQuote]) -> None:
        """Add a piece to an edition that nobody reads yet."""
        await self._database.many(
            """INSERT INTO quotes (edition, id, text, body, speaker, url, section)
            VALUES (:edition, :id, :text, :body, :speaker, :url, :section)""",
            [
                {
                    "edition": edition, "id": quote.id, "text": quote.text, "body": _dumped(quote.body),
                    "speaker": quote.by, "url": quote.url, "section": quote.section,
                }
                for quote in quotes
            ],
        )  # fmt: skip

    async def begin(self) -> int:
        """Begin a new, empty edition; return its id."""
        async with self._database.transaction() as db:
            [row] = await db.all("INSERT INTO editions DEFAULT VALUES RETURNING id")
        return int(row["id"])

    async def drop(self, edition: int) -> None:
        """Forget an edition to which no article points."""
        await self._database.run("DELETE FROM editions WHERE id = :id", id=edition)

    async def sweep(self) -> None:
        """Forget all that were never finished; at the start, when none is being written."""
        # An edition is written in several commits, before the article that points to it.
        await self._database.run("DELETE FROM editions WHERE id NOT IN (SELECT edition FROM articles)")

    async def _count(self, article: ArticleId) -> int:
        row = await self._database.one(
            """SELECT (SELECT max(number) FROM sections WHERE edition = a.edition) + 1 AS count
            FROM articles AS a WHERE a.id = :id""",
            id=article,
        )
        return int(_there(row)["count"])


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotFound("no such row")
    return row


def _dumped(rich: FormattedText) -> str:
    return json.dumps(dump_text(rich), ensure_ascii=False)


def _section_row(edition: int, head: SectionHead) -> dict[str, object]:
    return {
        "edition": edition,
        "number": head.number,
        "id": head.id,
        "title": head.title,
        "depth": head.depth,
        "path": json.dumps(head.path, ensure_ascii=False),
        "below": json.dumps(head.below, ensure_ascii=False),
        "pages": head.pages,
        "url": head.url,
    }


def _head(row: Row) -> SectionHead:
    return SectionHead(
        number=row["number"],
        id=SectionId(row["id"]),
        title=row["title"],
        depth=row["depth"],
        path=tuple(json.loads(row["path"])),
        below=tuple((SectionId(id_), title) for id_, title in json.loads(row["below"])),
        pages=row["pages"],
        url=row["url"],
    )


def quote_of_row(row: Row) -> RenderedQuote:
    """Return the quote in a row of `quotes`."""
    return RenderedQuote(
        id=QuoteId(row["id"]),
        text=row["text"],
        body=load_text(json.loads(row["body"])),
        by=row["speaker"],
        url=row["url"],
        section=SectionId(row["section"]),
    )
