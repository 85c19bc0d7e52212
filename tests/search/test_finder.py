"""Articles are found by any of their words, the best first, through the real index."""

import re
from dataclasses import dataclass

import pytest

from bot.db.database import Database
from bot.db.reindex import is_outdated, reindex
from bot.search.columns import pack_columns
from bot.search.finder import Finder, Found
from bot.search.placing import place
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from bot.search.words import fold
from tests.clock import NOON, StillClock
from tests.editing.stack import EditingStack, editing_stack

DOCUMENTS = {
    "text": "# One thing\n\nA lead about apples that is long enough.\n\n## Part\n\nSomewhere the Transformer is told of.",
    "quote": "# Two things\n\nA lead about pears that is long enough.\n\n## Said\n\n> The transformer said so. — Ada Lovelace",
    "tagged": "---\ntags: [Transformer]\nsource: InfoQ\ndate: 2026-02-03\n---\n# Three things\n\nA lead about plums that is long enough.",
    "heading": "# Four things\n\nA lead about cherries that is long enough.\n\n## On transformers\n\nwords",
    "title": "# Transformer in five minutes\n\nA lead about figs that is long enough.\n\n## Go\n\nStudies in Google.",
    "zh": "# 数据库\n\n这是一篇讲数据库的文章，也讲机器学习。\n\n## 注意力\n\nTransformer 靠注意力机制，训练 GPU 集群。",
}


@dataclass(frozen=True, slots=True)
class Searching:
    """A library that is searched."""

    at: EditingStack
    finder: Finder

    async def find(self, words: str, language: str = "en") -> Found:
        return await self.finder.find(parse_query(words), language=language)

    async def names(self, words: str, language: str = "en") -> list[str]:
        """Names of what is found; `~` stands before a near one."""
        found = await self.find(words, language)
        return [("~" if hit.is_near else "") + hit.card.slug for hit in found.hits]


@pytest.fixture
async def searching(database: Database, clock: StillClock) -> Searching:
    at = await editing_stack(database, clock)
    for name, text in DOCUMENTS.items():
        await at.publish(text, f"{name}.md")
    return Searching(at, Finder(database.full_text(), at.library))


async def test_titles_come_before_headings_before_quotes_before_text(searching: Searching) -> None:
    assert await searching.names("transformer") == ["title", "heading", "tagged", "quote", "text", "zh"]
    assert await searching.names("transformer", "zh") == ["zh", "title", "heading", "tagged", "quote", "text"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("数据库", ["zh"]),
        ("資料 數據", []),
        ("數據庫", ["zh"]),
        ("据", ["zh"]),
        ("据库", ["zh"]),
        ("機器學習 transformer", ["zh"]),
        ("ＴＲＡＮＳＦＯＲＭＥＲ　五分", []),
        ("ｇｐｕ", ["zh"]),
        ("trans five", ["title"]),
        ("ansformer", []),
        ('"transformer in five"', ["title"]),
        ('"in transformer"', []),
        ('"transform"', []),
        ("lovelace", ["quote"]),
        ("infoq", ["tagged"]),
        ("tag:transformer", ["tagged"]),
        ("tag:transformer things", ["tagged"]),
        ("tag:transformer google", []),
        ("source:infoq after:2026-02", ["tagged"]),
        ("after:2026-03", []),
        ("studying", ["~title"]),
        ("NEAR", []),
        ("*", []),
    ],
)
async def test_words_find_what_has_them(searching: Searching, words: str, names: list[str]) -> None:
    assert await searching.names(words) == names


async def test_two_letters_are_a_word_before_they_are_a_beginning(searching: Searching) -> None:
    await searching.at.publish("# Good\n\nA lead that is long enough.", "good.md")
    assert await searching.names("go") == ["title", "good"]


async def test_mistyped_word_finds_its_neighbour_and_says_so(searching: Searching) -> None:
    found = await searching.find("tranformer minutes")
    assert [hit.card.slug for hit in found.hits] == ["title"]
    assert found.meant == ("transformer",)
    assert all(hit.is_near for hit in found.hits)
    assert (await searching.find("transfromer")).meant == ("transformer",)
    assert (await searching.find("lovelac")).meant == ()
    assert list((await searching.find("teh")).hits) == []


async def test_other_forms_come_after_the_word_itself(searching: Searching) -> None:
    await searching.at.publish("# Study\n\nA lead that is long enough.", "study.md")
    assert await searching.names("studies") == ["title", "~study"]


async def test_who_finds_enough_is_told_no_near_ones(
    searching: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    await searching.at.publish("# Study\n\nA lead that is long enough.", "study.md")
    monkeypatch.setattr("bot.search.finder._ENOUGH", 1)
    assert await searching.names("studies") == ["title"]


async def test_mistyped_word_means_whole_words_before_beginnings(searching: Searching) -> None:
    await searching.at.publish("# Tools\n\nA compiler, and its compilation.", "tools.md")
    assert (await searching.find("compilr")).meant == ("compiler",)
    assert (await searching.find("compilatn")).meant == ("compilation",)


async def test_within_a_rank_the_most_relevant_comes_first_of_many_the_newest(
    searching: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    await searching.at.publish("# Old\n\nAbout herons.\n\nHerons, herons, and more herons.", "old.md")
    await searching.at.publish("# New\n\nAbout much.\n\n" + "Other words. " * 50 + "Herons.", "new.md")
    assert await searching.names("more herons") == ["old"]
    texts = [name for name in await searching.names("herons") if name in {"old", "new"}]
    assert texts == ["old", "new"]
    monkeypatch.setattr("bot.search.index.MOST_RANKED", 2)
    assert (await searching.names("herons"))[0] == "old"
    monkeypatch.setattr("bot.search.index.MOST_RANKED", 1)
    assert (await searching.names("herons"))[0] == "new"


async def test_where_nothing_is_found_the_nearest_words_are_named(searching: Searching) -> None:
    assert (await searching.find("什么是注意力机制")).nearest == ("注意力机制",)
    assert (await searching.find("google 数据库")).nearest == ("google", "数据库")
    assert (await searching.find("注意力的机器学习了")).nearest == ("机器学习", "注意力")
    assert (await searching.find("好的文章与数据库的机器")).nearest == ("数据库", "文章", "机器")
    await searching.at.publish("# 练习\n\n练习题都在这里。", "exercises.md")
    assert (await searching.find("训练习题")).nearest == ("练习题", "训练")
    assert (await searching.find("tranformer qqqqqq")).nearest == ("transformer",)
    assert set((await searching.find("机会")).nearest) == {"机器", "机制"}
    assert (await searching.find("googolplex")).nearest == ()
    assert (await searching.find("googlexy")).nearest == ("google",)
    assert (await searching.find("zzzzzz")).nearest == ()


async def test_removed_articles_and_drafts_are_not_found_and_restored_ones_are(searching: Searching) -> None:
    at = searching.at
    await at.editor.propose(b"# Transformer draft\n\nA lead that is long enough.", name="d.md", editor=1)
    [hit] = (await searching.find("google")).hits
    await at.editor.remove(hit.card.id, editor=1)
    assert await searching.names("google") == []
    assert await searching.names("draft") == []
    assert (await searching.find("googlxe")).nearest == ()
    await at.editor.restore(hit.card.id, editor=1)
    assert await searching.names("google") == ["title"]


async def test_quarantined_articles_are_not_found_nor_are_their_words_offered(searching: Searching) -> None:
    [hit] = (await searching.find("infoq")).hits
    card = await searching.at.articles.quarantine(hit.card.id, "too long", NOON)
    assert card is not None
    searching.at.library.put(card)
    for words in ("infoq", "tag:transformer", "after:2026-02", "plums plum"):
        assert await searching.names(words) == [], words
    assert (await searching.find("plumxs")).nearest == ()


async def test_correction_is_found_by_its_new_words_only(searching: Searching) -> None:
    await searching.at.publish(
        "# Transformer in five minutes\n\nQuite another lead.", "title.md", replacing=True
    )
    assert await searching.names("google") == []
    assert await searching.names("another") == ["title"]


async def test_index_is_made_anew(searching: Searching) -> None:
    database = searching.at.database
    before = {words: await searching.names(words) for words in ("transformer", "据", "lovelace", "infoq")}
    assert not await is_outdated(database)
    await searching.at.editor.remove(searching.at.library.newest()[0].id, editor=1)
    assert await reindex(database) == len(DOCUMENTS)
    assert not await is_outdated(database)
    removed = await searching.names("数据库")
    assert removed == []
    await searching.at.editor.restore(searching.at.library.newest()[0].id, editor=1)
    assert {words: await searching.names(words) for words in ("lovelace", "infoq")} == {
        words: before[words] for words in ("lovelace", "infoq")
    }


async def test_index_of_other_tokens_or_without_an_article_is_outdated(searching: Searching) -> None:
    database = searching.at.database
    await database.run("INSERT INTO facts (name, value) VALUES ('search-version', '0')")
    assert await is_outdated(database)
    await reindex(database)
    assert not await is_outdated(database)
    async with database.transaction() as db:  # an index that lacks what there is
        await database.full_text().begin_anew(db)
        await database.full_text().use_new(db)
    assert await is_outdated(database)
    assert await searching.names("google") == []
    await reindex(database)
    assert "title" in await searching.names("google")


async def test_index_that_was_not_finished_is_begun_anew_and_the_old_one_answers(
    searching: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = searching.at.database
    written = 0

    def interrupted(*args: object, **more: object) -> bytes:
        nonlocal written
        written += 1
        if written > 2:
            raise KeyError("the machine is switched off")
        return pack_columns(*args, **more)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr("bot.db.reindex.pack_columns", interrupted)
    with pytest.raises(KeyError):
        await reindex(database)
    assert await searching.names("google") == ["title"]
    await searching.at.publish("# Meanwhile\n\nA lead that came meanwhile.", "meanwhile.md")
    monkeypatch.undo()
    assert await reindex(database) == len(DOCUMENTS) + 1
    assert await searching.names("meanwhile") == ["meanwhile"]
    assert await searching.names("google") == ["title"]


@pytest.mark.sqlite
async def test_index_full_of_rows_that_are_gone_is_outdated(
    searching: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.reindex._FEW", 0)
    for number in range(7):
        assert not await is_outdated(searching.at.database), number
        await searching.at.publish(f"# One thing\n\nA lead, number {number}.", "text.md", replacing=True)
    assert await is_outdated(searching.at.database)


async def test_hits_lead_to_the_page_where_the_words_are(searching: Searching) -> None:
    long = "\n\n".join(f"Paragraph {number} of many words, quite a few of them." for number in range(200))
    await searching.at.publish(
        f"# Long\n\nlead\n\n## A\n\n{long}\n\n## B needle\n\n{long} needle thread", "long.md"
    )
    found = await searching.find("thread")
    [hit] = found.hits
    placed = await place(hit, Pattern(found.terms), searching.at.editions)
    assert placed.page is not None
    assert (placed.page.title, placed.page.number > 0) == ("B needle", True)
    assert placed.snippet.text.endswith("needle thread")
    found = await searching.find("needle")
    placed = await place(found.hits[0], Pattern(found.terms), searching.at.editions)
    assert placed.page is not None
    assert (placed.page.title, placed.page.number) == ("B needle", 0)
    await searching.at.publish(
        "# Reeds\n\nOf the reeds.\n\n## A\n\nbulrush\n\n## Bulrush\n\n### C\n\nx", "reeds.md"
    )
    found = await searching.find("bulrush")
    placed = await place(found.hits[0], Pattern(found.terms), searching.at.editions)
    assert placed.page is not None
    assert (placed.page.title, placed.snippet.text) == ("Bulrush", "Of the reeds.")
    found = await searching.find("infoq")
    placed = await place(found.hits[0], Pattern(found.terms), searching.at.editions)
    assert placed.page is None
    assert placed.snippet.text.startswith("A lead about plums")


async def test_every_part_of_chinese_text_and_every_beginning_of_a_word_is_found(
    searching: Searching,
) -> None:
    texts = {
        card.slug: fold("\n".join([card.title, card.slug, *(page.text for page in await searching.at.editions.pages(card.id, skip=0, most=99))]))
        for card in searching.at.library.newest()
    }  # fmt: skip
    whole = "\n".join(texts.values())
    for run in set(re.findall("[一-鿿]+", whole)):
        for length in range(1, 6):
            for part in {run[at : at + length] for at in range(len(run) - length + 1)}:
                expected = {name for name, text in texts.items() if part in text}
                assert expected <= set(await searching.names(part)), part
    for word in set(re.findall("[a-z]{3,}", whole)):
        for length in range(3, len(word) + 1):
            beginning = word[:length]
            expected = {name for name, text in texts.items() if re.search(rf"\b{beginning}", text)}
            found = {name for name in await searching.names(beginning) if "~" not in name}
            assert expected <= found, beginning
