"""Editors propose, publish, replace, remove and bring back; nothing that was written is lost."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.article.model import ArticleId, QuoteId, SectionId
from bot.article.recurring import Recurring
from bot.db.database import Database
from bot.db.drafts import RETENTION
from bot.editing.prepared import Prepared
from bot.errors import ArticleError, NotFound, StoreError
from bot.message.edition import RenderedQuote, RenderedSection
from bot.workers.prepare import prepare
from tests.clock import NOON, StillClock
from tests.editing.stack import TEXT, EditingStack, editing_stack


@pytest.fixture
async def at(database: Database, clock: StillClock) -> EditingStack:
    return await editing_stack(database, clock)


async def test_editor_is_shown_as_many_sections_as_are_counted(at: EditingStack) -> None:
    proposal = await at.editor.propose(b"# T\n\nLead.\n\n## A\n\ntext\n\n## B\n\ntext", name="t.md", editor=1)
    assert [head.title for head in proposal.sections] == ["A", "B"]
    assert proposal.card.sections == 2
    plain = await at.editor.propose(b"Only words.", name="plain.md", editor=1)
    assert (plain.card.sections, len(plain.sections)) == (1, 1)


async def test_draft_is_not_public_before_it_is_published(at: EditingStack) -> None:
    proposal = await at.editor.propose(TEXT.encode(), name="title.md", editor=1)
    assert (proposal.card.title, proposal.card.sections, len(proposal.card.quotes)) == ("Title", 2, 1)
    assert at.library.newest() == []
    published = await at.editor.publish(proposal.draft, editor=1)
    assert published is not None
    card = published.card
    assert [found.slug for found in at.library.newest()] == ["title"]
    assert await at.articles.text(card.id) == TEXT


async def test_what_is_published_can_be_read_page_by_page(at: EditingStack) -> None:
    card = await at.publish()
    assert (await at.editions.summary(card.id)).text == "A lead that is long enough to stand."
    heads, total, page = await at.editions.outline(card.id, 99, 8)
    assert ([head.title for head in heads], total, page) == (["", "One", "Two"], 3, 0)
    place = await at.editions.section_page(card.id, heads[1].id, 7)
    assert (place.body.text, place.page, place.count) == ("Words to keep.", 0, 3)
    assert (place.before, place.after) == (heads[0].id, heads[2].id)
    quote = await at.editions.quote(card.id, card.quotes[0])
    assert (quote.text, quote.section) == ("Words to keep.", heads[1].id)


async def test_quotes_that_are_asked_for_at_once_are_read_in_one_go(
    at: EditingStack, database: Database
) -> None:
    one, two = await at.publish(), await at.publish(TEXT.replace("Title", "Other"), "other.md")
    asked = [(one.id, one.quotes[0]), (two.id, two.quotes[0]), (one.id, QuoteId("none"))] * 10
    before = database.seconds["read"].count
    found = await asyncio.gather(*(at.editions.quote(*each) for each in asked), return_exceptions=True)
    said = [each.text if isinstance(each, RenderedQuote) else type(each) for each in found]
    assert said == ["Words to keep.", "Words to keep.", NotFound] * 10
    assert database.seconds["read"].count - before <= 2


async def test_document_is_read_once_to_be_proposed_and_published(
    at: EditingStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(data: bytes, file: str, recurring: Recurring) -> Prepared:
        read.append(file)
        return prepare(data, file, recurring)

    monkeypatch.setattr("tests.documents.prepare", counting)
    await at.publish()
    assert read == ["title.md"]
    # One of many that wait is read again, and so is a long one.
    first = await at.editor.propose(b"# First\n\nA lead that is long enough.", name="first.md", editor=1)
    for number in range(8):
        await at.editor.propose(f"# Title {number}\n\nA lead.".encode(), name=f"{number}.md", editor=1)
    assert await at.editor.publish(first.draft, editor=1)
    assert read.count("first.md") == 2
    await at.publish("# Long\n\n" + "A lead. " * 30_000, "long.md")
    assert read.count("long.md") == 2


async def test_what_is_not_there_is_not_found(at: EditingStack) -> None:
    card = await at.publish()
    with pytest.raises(NotFound):
        await at.editions.summary(ArticleId(99))
    with pytest.raises(NotFound):
        await at.editions.section_page(card.id, SectionId("nosuch"), 0)
    with pytest.raises(NotFound):
        await at.editions.quote(card.id, QuoteId("none"))
    with pytest.raises(NotFound):
        await at.articles.text(card.id, 9)


async def test_two_texts_of_one_name_are_two_articles(at: EditingStack) -> None:
    first, second = await at.publish(), await at.publish(TEXT + " more")
    assert [first.slug, second.slug] == ["title", "title-2"]
    assert second.news > first.news


async def test_replacing_is_no_news_and_an_earlier_version_comes_back(at: EditingStack) -> None:
    first = await at.publish()
    other = "# Better title\n\nAnother lead that is long enough."
    second = await at.publish(other, replacing=True)
    assert (second.id, second.slug, second.news, second.version) == (first.id, "title", first.news, 2)
    assert [card.title for card in at.library.newest()] == ["Better title"]
    assert await at.count("editions") == 1
    assert await at.editor.revert(first.id, 1, standing=1, editor=1) is None  # another version stands
    back = await at.editor.revert(first.id, 1, standing=2, editor=1)
    assert back is not None
    assert (back.card.title, back.card.version, back.card.news) == ("Title", 3, first.news)
    assert (back.is_news, back.earlier) == (False, 2)
    assert await at.articles.text(first.id, 2) == other
    assert await at.editor.revert(first.id, 1, standing=2, editor=1) is None  # a second tap
    assert await at.editor.revert(first.id, 9, standing=3, editor=1) is None
    assert await at.editor.revert(ArticleId(99), 1, standing=1, editor=1) is None


async def test_replacing_a_removed_or_a_refused_article_is_news(at: EditingStack) -> None:
    card, other = await at.publish(), await at.publish("# Other\n\ntext", "other.md")
    proposal = await at.editor.propose(TEXT.encode(), name="title.md", editor=1)
    await at.editor.remove(card.id, editor=1)
    looked = await at.editor.reopen(proposal.draft, editor=1)
    assert looked is not None
    assert looked.replaces is None
    published = await at.editor.publish(proposal.draft, editor=1, replacing=True)
    assert published is not None
    assert (published.card.id, published.is_news, published.earlier) == (card.id, True, None)
    assert published.card.news > other.news
    assert await at.articles.quarantine(card.id, "refused", NOON)
    mended = await at.publish(TEXT, replacing=True)
    assert mended.news > published.card.news


async def test_draft_is_there_until_its_article_is(at: EditingStack, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = await at.editor.propose(TEXT.encode(), name="title.md", editor=1)

    async def refused(*_: object) -> None:
        raise StoreError("error.store_full")

    with monkeypatch.context() as patch:
        patch.setattr(at.editions, "write_sections", refused)
        with pytest.raises(StoreError):
            await at.editor.publish(proposal.draft, editor=1)
    assert [draft.id for draft in await at.editor.drafts()] == [proposal.draft]
    assert await at.editor.publish(proposal.draft, editor=1) is not None
    assert await at.editor.drafts() == []


async def test_publishing_survives_a_correction_by_another_editor(
    at: EditingStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at.publish()
    slow = await at.editor.propose(b"# Slow\n\nIt takes long to write.", name="slow.md", editor=2)
    write = at.editions.write_sections

    async def write_slowly(edition: int, sections: Sequence[RenderedSection]) -> None:
        monkeypatch.undo()
        await at.publish(TEXT + " corrected", replacing=True)
        await write(edition, sections)

    monkeypatch.setattr(at.editions, "write_sections", write_slowly)
    published = await at.editor.publish(slow.draft, editor=2)
    assert published is not None
    assert (await at.editions.summary(published.card.id)).text == "It takes long to write."
    assert await at.count("editions") == 2


async def test_drafts_that_nobody_decides_about_are_forgotten(at: EditingStack, clock: StillClock) -> None:
    old = await at.editor.propose(TEXT.encode(), name="old.md", editor=1)
    await clock.advance(days=RETENTION.days, seconds=1)
    new = await at.editor.propose(TEXT.encode(), name="new.md", editor=1)
    assert await at.editor.reopen(old.draft, editor=1) is None
    assert [draft.id for draft in await at.editor.drafts()] == [new.draft]


async def test_second_tap_publishes_nothing(at: EditingStack) -> None:
    proposal = await at.editor.propose(TEXT.encode(), name="title.md", editor=1)
    published = await asyncio.gather(*(at.editor.publish(proposal.draft, editor=1) for _ in range(2)))
    assert sum(each is not None for each in published) == 1
    assert len(at.library.newest()) == 1
    assert await at.count("articles") == 1
    assert await at.count("editions") == 1


async def test_draft_is_any_editors_to_decide(at: EditingStack) -> None:
    proposal = await at.editor.propose(TEXT.encode(), name="title.md", editor=1)
    assert await at.editor.publish(proposal.draft, editor=2, replacing=True) is None  # nothing to replace
    assert await at.editor.discard(proposal.draft)
    assert await at.editor.publish(proposal.draft, editor=1) is None


async def test_removed_article_comes_back_as_news(at: EditingStack) -> None:
    first, second = await at.publish(), await at.publish("# Second\n\ntext", "second.md")
    assert await at.editor.remove(first.id, editor=1)
    assert not await at.editor.remove(first.id, editor=1)
    assert [card.id for card in at.library.newest()] == [second.id]
    restored = await at.editor.restore(first.id, editor=1)
    assert restored is not None
    assert restored.news > second.news
    assert await at.editor.restore(first.id, editor=1) is None
    assert at.library.newest()[0].id == first.id


async def test_quarantined_article_can_be_read_but_is_announced_to_nobody(at: EditingStack) -> None:
    card = await at.publish()
    quarantined = await at.articles.quarantine(card.id, "refused", NOON)
    assert quarantined is not None
    at.library.put(quarantined)
    assert at.library.after(0) == []
    assert at.library.newest()[0].quarantined
    assert await at.articles.quarantine(card.id, "again", NOON) is None
    mended = await at.publish(TEXT, replacing=True)
    assert not mended.quarantined


async def test_everything_is_there_after_a_restart(at: EditingStack, clock: StillClock) -> None:
    card = await at.publish("---\ntags: [a, b]\ndate: 2026-01-23\n---\n" + TEXT)
    again = await editing_stack(at.database, clock)
    assert again.library.newest() == [card]


async def test_refused_document_leaves_no_draft(at: EditingStack) -> None:
    with pytest.raises(ArticleError):
        await at.editor.propose(b"", name="empty.md", editor=1)
    assert await at.count("drafts") == 0


async def test_large_article_is_written_whole(at: EditingStack) -> None:
    text = "# Long\n\nlead\n\n" + "\n\n".join(f"## S{n}\n\n> Quote number {n}.\n\nword" for n in range(900))
    card = await at.publish(text, "long.md")
    assert [await at.count(table) for table in ("sections", "pages", "quotes")] == [901, 901, 900]
    heads, total, _ = await at.editions.outline(card.id, 112, 8)
    assert (heads[-1].title, total) == ("S899", 901)
