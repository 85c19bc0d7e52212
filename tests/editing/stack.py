"""An editor at work on a real database."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.article.library import Card, Library
from bot.clock import Clock
from bot.db.articles import ArticleStore
from bot.db.database import Database
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.origins import OriginStore
from bot.db.series import SeriesStore
from bot.editing.editor import Editor
from bot.editing.series import SeriesReader
from bot.editing.sync import Sync
from tests.documents import prepare_here

TEXT = "# Title\n\nA lead that is long enough to stand.\n\n## One\n\n> Words to keep.\n\n## Two\n\ntext"


@dataclass(slots=True)
class EditingStack:
    """Everything that editing touches."""

    database: Database
    library: Library
    editor: Editor
    articles: ArticleStore
    editions: EditionStore
    drafts: DraftStore
    sync: Sync

    async def publish(self, text: str = TEXT, name: str = "title.md", *, replacing: bool = False) -> Card:
        proposal = await self.editor.propose(text.encode(), name=name, editor=1)
        published = await self.editor.publish(proposal.draft, editor=1, replacing=replacing)
        assert published is not None
        return published.card

    async def count(self, table: str) -> int:
        [row] = await self.database.all(f"SELECT count(*) AS number FROM {table}")  # noqa: S608  # ours
        return int(row["number"])


async def editing_stack(
    database: Database, clock: Clock, *, owners: AbstractSet[int] | None = None
) -> EditingStack:
    articles = ArticleStore(database, owners=owners)
    editions, drafts = EditionStore(database), DraftStore(database)
    series, origins = SeriesStore(database), OriginStore(database)
    reads = SeriesReader(prepare_here, series)
    library = Library(await articles.cards())
    editor = Editor(
        articles=articles,
        editions=editions,
        drafts=drafts,
        series=series,
        origins=origins,
        library=library,
        clock=clock,
        prepare=reads,
    )
    sync = Sync(editor=editor, files=drafts, library=library, prepare=reads, clock=clock)
    return EditingStack(database, library, editor, articles, editions, drafts, sync)
