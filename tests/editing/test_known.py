"""What is here already is known by its page, its text or its name."""

import pytest

from bot.db.database import Database
from bot.db.origins import OriginStore
from bot.db.reindex import reindex
from bot.sources.model import FROM_CHAT, FROM_FOLDER, Origin, origin_in
from tests.clock import StillClock
from tests.editing.stack import TEXT, EditingStack, editing_stack

PAGE = Origin(kind="link", address="https://example.org/a?utm_source=x")
OTHER_WORDS = "# Other\n\n" + " ".join(f"word{number}" for number in range(200))


@pytest.fixture
async def at(database: Database, clock: StillClock) -> EditingStack:
    return await editing_stack(database, clock)


async def publish(at: EditingStack, text: str, origin: Origin, name: str = "") -> int:
    proposal = await at.editor.propose(text.encode(), name=name, editor=1, origin=origin)
    published = await at.editor.publish(proposal.draft, editor=1)
    assert published is not None
    return published.card.id


async def test_page_that_was_published_is_known_by_any_of_its_addresses(at: EditingStack) -> None:
    article = await publish(at, TEXT, PAGE)
    again = Origin(kind="link", address="http://www.example.org/a/#top")
    proposal = await at.editor.propose(OTHER_WORDS.encode(), name="", editor=1, origin=again)
    assert (proposal.match, proposal.replaces and proposal.replaces.id) == ("address", article)
    known = await at.editor.known_page("https://m.example.org/a")
    assert known is not None
    assert known.id == article
    assert await at.editor.known_page("https://example.org/b") is None
    assert await at.editor.known_page("no address") is None


async def test_address_in_the_metadata_of_a_document_counts_too(at: EditingStack) -> None:
    await publish(at, f"---\nurl: https://example.org/a\n---\n{TEXT}", FROM_CHAT)
    proposal = await at.editor.propose(OTHER_WORDS.encode(), name="", editor=1, origin=PAGE)
    assert proposal.match == "address"


async def test_nearly_the_same_text_is_known_under_another_title(at: EditingStack) -> None:
    await publish(at, OTHER_WORDS, FROM_CHAT)
    changed = OTHER_WORDS.replace("# Other", "# Renamed").replace("word7 ", "").encode()
    proposal = await at.editor.propose(changed, name="", editor=1)
    assert (proposal.match, proposal.replaces and proposal.replaces.title) == ("text", "Other")
    half = " ".join(f"word{number}" for number in range(100, 300))
    assert (await at.editor.propose(half.encode(), name="", editor=1)).match is None


async def test_removed_article_is_not_known(at: EditingStack) -> None:
    article = await at.editor.known_page("https://example.org/a")
    assert article is None
    await publish(at, TEXT, PAGE)
    card = await at.editor.known_page("https://example.org/a")
    assert card is not None
    await at.editor.remove(card.id, editor=1)
    assert await at.editor.known_page("https://example.org/a") is None
    assert (await at.editor.propose(TEXT.encode(), name="x.md", editor=1, origin=PAGE)).match is None


async def test_draft_says_once_more_what_it_has_in_common(at: EditingStack) -> None:
    await publish(at, TEXT, PAGE)
    proposal = await at.editor.propose(OTHER_WORDS.encode(), name="", editor=1, origin=PAGE)
    again = await at.editor.reopen(proposal.draft, editor=1)
    assert again is not None
    assert (again.match, again.origin) == ("address", PAGE)


async def test_new_version_of_another_origin_keeps_the_page(at: EditingStack) -> None:
    article = await publish(at, TEXT, PAGE, "title.md")
    await at.publish(TEXT.replace("text", "other text"), replacing=True)
    [row] = await at.database.all("SELECT * FROM articles")
    assert (row["id"], origin_in(row["origin"]), row["address"]) == (article, FROM_CHAT, "example.org/a")


async def test_file_of_the_content_folder_is_told_from_feeds_without_an_editor(at: EditingStack) -> None:
    feed = Origin(kind="feed", name="A feed")
    for origin in (FROM_FOLDER, FROM_FOLDER, feed, feed):
        await at.editor.propose(TEXT.encode(), name="a.md", editor=None, origin=origin)
    waiting = await at.drafts.waiting()
    assert [draft.origin for draft in waiting] == [FROM_FOLDER]  # those of feeds have a list of their own


async def test_articles_of_before_become_known_with_the_index(at: EditingStack) -> None:
    await publish(
        at, OTHER_WORDS.replace("# Other", "---\nurl: https://example.org/a\n---\n# Other"), FROM_CHAT
    )
    await at.database.run("DELETE FROM sketches")
    await at.database.run("UPDATE articles SET address = NULL")
    await reindex(at.database)
    assert (await at.editor.propose(OTHER_WORDS.encode(), name="", editor=1)).match == "text"
    assert await OriginStore(at.database).at_address("https://example.org/a") is not None
