"""What a database must offer to be ours: SQLite (bot/db/sqlite/) and PostgreSQL (bot/db/postgres/) do."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from bot.db.moving import Movable
from bot.search.index import Index

Values = Mapping[str, Any]


class Row(Protocol):
    """A row of a result; iterating it gives its values."""

    def __getitem__(self, name: Any, /) -> Any:
        """Return the value of a column, by its name or number."""

    def __iter__(self) -> Iterator[Any]:
        """Return the values in order."""

    def keys(self) -> Iterable[str]:
        """Return the names of the columns."""


class Connection(Protocol):
    """What can be asked of a connection. Statements are written as `bot/db/statements.py` says."""

    async def run(self, sql: str, **values: Any) -> int:
        """Change something; how many rows were changed."""

    async def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Change something for each of many rows of values."""

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row; None when there is none."""


Ask = Callable[..., Awaitable[list[Row]]]
"""Run a search: a statement and its values."""


class IndexState(NamedTuple):
    """How many editions are in the full-text index, and how many of them are an article's."""

    editions: int
    articles: int


SEARCH_S = 0.1
"""Seconds after which a search in a file is stopped, whatever was searched for."""

MISSING: Final = "SELECT * FROM articles WHERE edition NOT"
"""How a search's `missing` begins. Articles that were removed as well: they may be brought back."""


class FullText(Index, Protocol):
    """The full-text index, as the engine keeps it."""

    missing: str
    """A query for the articles that a new index lacks."""

    async def write(self, db: Connection, edition: int, packed: bytes, *, suffix: str = "") -> None:
        """Add an edition to the index, or to the one that is being made, whose tables have a suffix."""

    async def state(self, db: Connection) -> IndexState:
        """Return how much is in the index."""

    async def begin_anew(self, db: Connection) -> None:
        """Make the tables of a new index, named with the suffix `_next`."""

    async def use_new(self, db: Connection) -> None:
        """Put the tables of the new index in place of the old ones."""


class StandBy(Protocol):
    """What a process does while another one leads."""

    async def stands_by(self, leader: str, claims: int) -> None:
        """Note who leads, and how often messages were claimed; called every second."""


class Lease(Protocol):
    """The right to act for the bot, which one process has at a time."""

    def is_held(self) -> bool:
        """Return whether this process certainly has it."""

    async def held(self) -> None:
        """Wait until it certainly has it; a process that lost it ends."""

    async def standby_missing_since(self) -> datetime | None:
        """Return when a process last stood by, if one did within a day and none does now."""


class Engine(Protocol):
    """An open database: a connection that reads, one that writes, one for searches. Errors are StoreError."""

    @property
    def lease(self) -> Lease:
        """The right to act, as long as the database is open."""

    @property
    def reader(self) -> Connection:
        """Read what was last committed."""

    @property
    def writer(self) -> Connection:
        """Write, within a transaction."""

    async def begin(self) -> None:
        """Begin a transaction of the writer; from now on until its end, nobody else writes."""

    async def commit(self) -> None:
        """End it; its changes are on the disk when this returns."""

    async def roll_back(self) -> None:
        """End it without a change, also where there is none."""

    async def run(self, sql: str, **values: Any) -> int:
        """Change something in a transaction of its own; how many rows were changed."""

    async def search(self, sql: str, **values: Any) -> list[Row]:
        """Return every row. SearchStopped when that takes too long."""

    def full_text(self, ask: Ask) -> FullText:
        """Return the full-text index, which asks by `ask`."""

    def whole(self) -> Movable:
        """Return everything in it, to be copied to or from."""

    async def size(self) -> int:
        """Return how many bytes the database takes."""

    async def shred(self) -> None:
        """Let nothing be left on the disk of what was deleted, as far as this program can see to it."""

    async def close(self) -> None:
        """Close it; a second time does nothing."""
