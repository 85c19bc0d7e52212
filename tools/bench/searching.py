"""How soon and how surely articles are found by their words, beside what SQLite alone can do."""

import asyncio
import gc
import json
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random as Dice  # noqa: TID251  # figures must be of the same queries each time
from typing import Final

from bot.article.library import Library
from bot.db.database import Database
from bot.db.editions import EditionStore
from bot.message.codec import dump_text
from bot.message.formatted_text import FormattedText
from bot.search.columns import pack_columns
from bot.search.finder import Finder
from bot.search.placing import place
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.search.words import fold
from bot.views.search import HITS_PAGE
from tests.documents import card
from tools.bench.documents import SIZE
from tools.bench.rows import Row

_MANY: Final = 10_000
_SOME: Final = 1_000
_QUERIES: Final = 60
_PAGE: Final = 1_000
_CONTENT: Final = Path(__file__).parents[2] / "content"
_HAN: Final = re.compile("[一-鿿]+")
_LATIN: Final = re.compile("[a-z]{3,}")


def rows() -> Iterator[Row]:
    """Yield every figure on searching."""
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_speed(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_quality(Path(folder)))


def texts(count: int, size: int = SIZE) -> list[str]:
    """Texts of `size` bytes, Chinese and English by turns, as likely as those shipped; always the same ones."""
    dice = Dice(1)  # noqa: S311  # see above
    shipped = [file.read_text("utf-8") for file in sorted(_CONTENT.glob("*.md"))]
    english = [word for text in shipped for word in re.findall("[a-zA-Z]+[,.]?", text)]
    chinese = [run for text in shipped for run in re.findall("[一-鿿]+[，。]?", text)]
    return [_text(dice, chinese if number % 2 else english, size, others=english) for number in range(count)]


def _text(dice: Dice, words: Sequence[str], most_bytes: int, *, others: Sequence[str]) -> str:
    """Return pieces of what is shipped, and made-up words, the more frequent the lower their number."""
    is_chinese = words is not others
    parts: list[str] = []
    size = 0
    # Each is about something: it has a twentieth of all words that are shipped.
    first, most = dice.randrange(len(words)), len(words) // 20
    while size < most_bytes:
        at = first + dice.randrange(most)
        piece = words[at : at + dice.randrange(3, 12)]
        if is_chinese:
            rare = "".join(chr(0x4E00 + int(5_000 ** dice.random())) for _ in range(3))
            part = "".join(piece) + rare + f" {dice.choice(others)} "
        else:
            part = " ".join(piece) + f" {_made_up(int(50_000 ** dice.random()))}. "
        parts.append(part + ("\n\n" if dice.random() < 0.05 else ""))  # paragraphs
        size += len(part.encode())
    return "".join(parts)


def _made_up(number: int) -> str:
    return "".join("bdfgklmnprstvz"[number // 14**at % 14] + "aeiou"[number // 5**at % 5] for at in range(3))


@dataclass(frozen=True, slots=True)
class Searching:
    """A database with an index of its articles; `write_ms` is what the words of one cost."""

    database: Database
    finder: Finder
    editions: EditionStore
    write_ms: float

    async def shown(self, words: str) -> int:
        """Search, and place the hits of a page with their snippets."""
        found = await self.finder.find(parse_query(words), language="en")
        pattern = Pattern(found.terms)
        await asyncio.gather(*(place(hit, pattern, self.editions) for hit in found.hits[:HITS_PAGE]))
        return len(found.hits)


async def filled(folder: Path, documents: Sequence[str]) -> Searching:
    """Return a database in which each document is an article."""
    database = await Database.open(folder / "bot.db")
    cards = [card(number, f"# Title {number}\n\nA lead.") for number in range(1, len(documents) + 1)]
    spent = 0.0
    for one, text in zip(cards, documents, strict=True):
        pages = _pages(text)
        began = time.perf_counter()
        packed = pack_columns(one, "A lead.", headings=["One"], quotes=[], pages=pages)
        spent += time.perf_counter() - began
        async with database.transaction() as db:
            await db.run("INSERT INTO editions (id) VALUES (:id)", id=one.id)
            await db.run(
                """INSERT INTO sections (edition, number, id, title, depth, path, below, pages)
                VALUES (:id, 0, 'one', 'One', 0, '[]', '[]', :pages)""",
                id=one.id,
                pages=len(pages),
            )
            await db.many(
                "INSERT INTO pages (edition, section, number, body) VALUES (:id, 0, :number, :body)",
                [
                    {"id": one.id, "number": number, "body": json.dumps(dump_text(FormattedText.plain(page)), ensure_ascii=False)}
                    for number, page in enumerate(pages)
                ],
            )  # fmt: skip
            await db.run(
                """INSERT INTO articles (id, slug, news, version, edition, card, summary, published_at)
                VALUES (:id, :slug, :id, 1, :id, '{}', '{}', 0)""",
                id=one.id,
                slug=f"a-{one.id}",
            )
            began = time.perf_counter()
            await database.full_text().write(db, one.id, packed)
            spent += time.perf_counter() - began
    finder = Finder(database.full_text(), Library(cards))
    return Searching(database, finder, EditionStore(database), spent / len(documents) * 1e3)


def _pages(text: str) -> list[str]:
    """Return the text in pages, each of whole paragraphs, as readers see it."""
    pages = [""]
    for paragraph in text.split("\n\n"):
        if pages[-1] and len(pages[-1]) + len(paragraph) > _PAGE:
            pages.append("")
        pages[-1] += paragraph + "\n\n"
    return pages


async def _speed(folder: Path) -> list[Row]:
    documents = texts(_MANY)
    at = await filled(folder, documents)
    [row] = await at.database.all(
        """SELECT (SELECT sum(length(block)) FROM search_data)
        + (SELECT sum(length(block)) FROM search_names_data) AS bytes"""
    )
    index = row["bytes"] / sum(len(text.encode()) for text in documents)
    queries = queries_of(documents)
    await at.shown("warmth")  # the library of word forms is loaded
    gc.collect()
    gc.freeze()  # as the bot does once it has started
    ours = [await timed(at.shown(words)) for words in queries]
    lost = [await timed(at.shown(f"{words[:-1]}x {words[1:]}")) for words in queries[4::8]]
    plain = await _plain_tables(at.database, documents)
    like = [await timed(_like(at.database, words)) for words in queries[::20]]
    trigram = [
        await timed(_trigram(at.database, words)) for words in queries if len(words) > 2
    ]  # it has no shorter ones
    await at.database.close()
    name = f"search among {_MANY:,} articles of 10 kB, with snippets"
    return [
        Row(f"{name}: median", statistics.median(ours), "ms", None, statistics.median(trigram)),
        Row("  95 of 100", statistics.quantiles(ours, n=20)[-1], "ms", None, statistics.quantiles(trigram, n=20)[-1]),
        Row("  95 of 100, against the median of LIKE", statistics.quantiles(ours, n=20)[-1] / statistics.median(like), "times", 0.1, statistics.median(like)),
        Row("  of what is mistyped or not there: 95 of 100", statistics.quantiles(lost, n=20)[-1], "ms"),
        Row("  index, against the text (peer: trigram)", index, "times", 1, plain),
        Row("  words of one more article", at.write_ms, "ms", 20),
    ]  # fmt: skip


def queries_of(documents: Sequence[str]) -> list[str]:
    """Return characters, words, beginnings and pairs that occur in documents."""
    dice = Dice(2)  # noqa: S311  # the same queries each time
    found: list[str] = []
    for _ in range(_QUERIES):
        english, chinese = (dice.choice(documents[kind::2]) for kind in (0, 1))
        words, runs = _LATIN.findall(english.lower()), _HAN.findall(chinese)
        run = dice.choice(runs)
        at = dice.randrange(len(run))
        found += [run[at : at + length] for length in (1, 2, 3, 4)]
        found += [dice.choice(words), dice.choice(words)[:4], " ".join(dice.sample(words, 2))]
        found.append(f"{dice.choice(_LATIN.findall(chinese.lower()))} {run[at : at + 2]}")
    return found


async def _plain_tables(database: Database, documents: Sequence[str]) -> float:
    """Fill what SQLite alone would search; return how large the trigram index is, against the text."""
    await database.run("CREATE TABLE plain (id INTEGER PRIMARY KEY, body TEXT)")
    await database.run("CREATE VIRTUAL TABLE tri USING fts5 (body, content = '', tokenize = 'trigram')")
    for table in ("plain (id, body)", "tri (rowid, body)"):
        await database.many(
            f"INSERT INTO {table} VALUES (:id, :body)",  # noqa: S608  # ours
            [{"id": number, "body": text} for number, text in enumerate(documents, 1)],
        )
    [row] = await database.all("SELECT sum(length(block)) AS bytes FROM tri_data")
    return float(row["bytes"] / sum(len(text.encode()) for text in documents))


async def _like(database: Database, words: str) -> set[int]:
    rows_ = await database.all(
        "SELECT id FROM plain WHERE " + " AND ".join(f"body LIKE :w{n}" for n, _ in enumerate(words.split())),  # noqa: S608  # ours
        **{f"w{number}": f"%{word}%" for number, word in enumerate(words.split())},
    )
    return {row["id"] for row in rows_}


async def _trigram(database: Database, words: str) -> set[int]:
    match = " AND ".join(f'"{word}"' for word in words.split())
    return {
        row["rowid"]
        for row in await database.all("SELECT rowid FROM tri WHERE tri MATCH :match", match=match)
    }


async def timed(work: Awaitable[object]) -> float:
    """Return the milliseconds of what begins when it is waited for."""
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1e3


async def _quality(folder: Path) -> list[Row]:
    documents = texts(_SOME)
    at = await filled(folder, documents)
    await _plain_tables(at.database, documents)
    folded = [fold(f"title {number} one a lead {text}") for number, text in enumerate(documents, 1)]
    found: list[Row] = []
    dice = Dice(3)  # noqa: S311  # the same queries each time
    for length in range(1, 6):
        parts = _parts(folded, dice, length)
        truth = {part: {number for number, text in enumerate(folded, 1) if part in text} for part in parts}
        found += await _judged(at, f"Chinese, {length} characters", truth)
    words = sorted({dice.choice(_LATIN.findall(text)) for text in folded[::2]})[:_QUERIES]
    for name, queries in (
        ("whole words", words),
        ("beginnings", [word[: max(3, len(word) - 2)] for word in words]),
    ):
        truth = {
            word: {
                number for number, text in enumerate(folded, 1) if re.search(rf"(?<![^\W_一-鿿]){word}", text)
            }
            for word in queries
        }
        found += await _judged(at, name, truth)
    found += await _near(at, words)
    await at.database.close()
    return found


def _parts(folded: Sequence[str], dice: Dice, length: int) -> list[str]:
    runs = [run for text in folded[1::2] for run in _HAN.findall(text) if len(run) >= length]
    drawn = [dice.choice(runs) for _ in range(_QUERIES)]
    return [run[at : at + length] for run in drawn for at in [dice.randrange(len(run) - length + 1)]]


async def _judged(at: Searching, name: str, truth: dict[str, set[int]]) -> list[Row]:
    """Recall and precision of exact hits; those of LIKE and trigram beside."""
    ours = {query: await _exact(at, query) for query in truth}
    like = {query: await _like(at.database, query) for query in truth}
    tri = {query: await _trigram(at.database, query) for query in truth}
    return [
        Row(
            f"{name}: recall (peer: trigram)", _share(truth, ours), "of 1", 1, _share(truth, tri), least=True
        ),
        Row("  precision (peer: LIKE)", _share(ours, truth), "of 1", 1, _share(like, truth), least=True),
    ]


async def _exact(at: Searching, query: str) -> set[int]:
    found = await at.finder.find(parse_query(query), language="en")
    return {int(hit.card.id) for hit in found.hits if not hit.is_near}


def _share(wanted: dict[str, set[int]], had: dict[str, set[int]]) -> float:
    whole = sum(map(len, wanted.values()))
    return sum(len(wanted[query] & had[query]) for query in wanted) / whole if whole else 1.0


async def _near(at: Searching, words: Sequence[str]) -> list[Row]:
    """Return how many words are found with one letter left out, and how many exact hits come after a near one."""
    long = [word for word in words if len(word) > 5]  # shorter ones are not looked for
    meant, late = 0, 0
    for word in long:
        found = await at.finder.find(parse_query(word[:2] + word[3:]), language="en")
        meant += word in found.meant or any(not hit.is_near for hit in found.hits)
        nears = [hit.is_near for hit in (await at.finder.find(parse_query(word), language="en")).hits]
        late += nears != sorted(nears)
    return [
        Row("  words with a letter left out that find the word, or another one", meant / len(long), "of 1", 0.95, least=True),
        Row("  queries of which an exact hit comes after a near one", late, "of them", 0),
    ]  # fmt: skip
