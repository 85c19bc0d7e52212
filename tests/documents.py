"""Made-up documents: builders with defaults, and a strategy for every shape of Markdown."""

import asyncio
from collections.abc import Hashable

from hypothesis import strategies as st

from bot.article.library import Card, card_of
from bot.article.model import Article, ArticleId
from bot.article.parse import parse
from bot.article.recurring import NO_RECURRING, Recurring
from bot.editing.prepared import Prepared
from bot.errors import ArticleError
from bot.sources.fetch import Fetched
from bot.sources.model import Page, Shell
from bot.sources.reading import read_source
from bot.workers.prepare import prepare

WORDS = [
    "alpha",
    "beta",
    "gamma",
    "真的",
    "。",
    "，",
    "“引”",
    "👩‍👩‍👧‍👦",
    "🇨🇳🇫🇷",
    "e\u0301",
    "*",
    "_",
    "a.b",
    "…",
    "#5",
]


async def prepare_here(
    data: bytes,
    file: str,
    *,
    owner: Hashable = None,  # noqa: ARG001  # nobody waits
    recurring: Recurring = NO_RECURRING,
    in_background: bool = False,  # noqa: ARG001  # nobody waits
) -> Prepared:
    """Read a document in this process: the pool's own take half a second to start."""
    if len(data) < 5_000:
        return prepare(data, file, recurring)
    return await asyncio.to_thread(prepare, data, file, recurring)


async def read_page_here(
    fetched: Fetched, *, owner: Hashable, name: str = "", in_background: bool = False
) -> Page | Shell:
    """Read a page in this process, as `prepare_here` does."""
    del owner, in_background
    try:
        return await asyncio.to_thread(
            read_source, fetched.data, address=fetched.address, media_type=fetched.media_type
        )
    except ArticleError as error:
        raise ArticleError(error.key, file=name, line=error.line, **error.values) from error


lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
styled = st.one_of(
    lines,
    lines.map(lambda line: f"**{line}**"),
    lines.map(lambda line: f"*{line}* and `code {line}`"),
    lines.map(lambda line: f"[{line}](https://a.example/x)"),
    lines.map(lambda line: f"> {line}\n> — Ada"),
    lines.map(lambda line: f"- {line}\n- **{line}**\n  - {line}"),
    lines.map(lambda line: f"1. {line}\n2. {line}"),
    lines.map(lambda line: f"```py\n{line}\n```"),
    lines.map(lambda line: f"| a | {line} |\n|---|---|\n| {line} | b |"),
    lines.map(lambda line: f"![{line}](a.png)"),
    lines.map(lambda line: f"“{line}”"),
    lines.map(lambda line: f"<b>{line}</b> <a href='https://a.example'>x</a>"),
    st.just("---"),
)
headings = st.tuples(st.integers(1, 6), lines).map(lambda heading: f"{'#' * heading[0]} {heading[1]}")
repeated = st.tuples(styled, st.integers(1, 150)).map(lambda block: "\n\n".join([block[0]] * block[1]))

documents = st.lists(st.one_of(styled, headings, repeated), min_size=1, max_size=14).map(
    lambda blocks: "text\n\n" + "\n\n".join(blocks)
)


def article(text: str = "# Title\n\nA lead that is long enough to stand.\n\n## One\n\n> Words to keep.\n\n## Two\n\ntext", file: str = "title.md") -> Article:  # fmt: skip
    return parse(text, file=file)


def card(number: int = 1, text: str | None = None) -> Card:
    made = article(text) if text else article()
    return card_of(made, id=ArticleId(number), news=number, version=1)
