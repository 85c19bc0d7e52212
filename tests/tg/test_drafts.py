"""/drafts: all editors see what waits, who has it open, and when it is published; versions of an article."""

import pytest

from bot.actions.deep_links import EDITOR
from bot.app.lifespan import Runtime
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from tests.chat import Chat, data_of, labels
from tests.clock import StillClock
from tests.tg.test_digests import skip
from tests.tg.test_groups import told

TEXT = "# The eel is back\n\nNobody had seen one since the weir was built.\n\n## Part\n\n> Words worth keeping.\n\nand more"


@pytest.fixture
async def editor(owner: Chat, ada: Chat, clock: StillClock) -> Chat:
    """Ada, appointed by the owner."""
    listed = await owner.send("/editors")
    link = await owner.press(listed, "Invite link for an editor")
    await ada.send(f"/start {EDITOR}{link['text'].split(f'start={EDITOR}')[1]}")
    await told(owner, clock)
    return ada


async def drafted(chat: Chat, text: str = TEXT) -> Json:
    return await chat.send(f"/addarticle {text}")


def titles(bot: Runtime) -> list[str]:
    return [card.title for card in bot.services.library.newest()]


async def test_all_editors_see_all_drafts(owner: Chat, editor: Chat, bot: Runtime) -> None:
    assert "No drafts wait" in (await owner.send("/drafts"))["text"]
    await drafted(editor)
    await drafted(owner, "# Second\n\nIts lead is long enough to stand for it.")
    listed = await owner.send("/drafts")
    assert "🗂 2 drafts wait" in listed["text"]
    assert "1. Second\nyou · today, Tue 24 Nov" in listed["text"]
    assert f"2. The eel is back\nAda ({editor.user}) · today" in listed["text"]
    shown = await owner.press(listed, "2")
    assert shown["text"].startswith("The eel is back")
    await owner.press(shown, "✅ Publish")
    assert "The eel is back" in titles(bot)
    assert "🗂 1 draft waits" in (await editor.send("/drafts"))["text"]


async def test_editor_is_told_who_has_a_draft_open(owner: Chat, editor: Chat, clock: StillClock) -> None:
    await drafted(editor)
    await editor.press(await editor.send("/drafts"), "1")
    listed = await owner.send("/drafts")
    assert f"✏️ open with Ada ({editor.user})" in listed["text"]
    shown = await owner.press(listed, "1")
    assert f"✏️ Ada ({editor.user}) has had this draft open since 12:00." in shown["text"]
    await clock.advance(minutes=1)
    assert "has had" not in (await owner.press(listed, "1"))["text"], "it is one's own now"
    await clock.advance(hours=1)
    assert "has had" not in (await editor.press(await editor.send("/drafts"), "1"))["text"]


async def test_only_who_sent_messages_adds_to_their_draft(owner: Chat, editor: Chat) -> None:
    await drafted(editor)
    shown = await owner.press(await owner.send("/drafts"), "1")
    assert "Only whoever sent it" in await owner.answer_to(shown, data_of(shown, "Add to it"))


async def test_many_drafts_have_pages(owner: Chat) -> None:
    for number in range(8):
        await drafted(owner, f"# Draft number {number}\n\nIts lead is long enough to stand for it.")
    listed = await owner.send("/drafts")
    assert labels(listed) == ["1", "2", "3", "4", "5", "6", "2/2 ›"]
    listed = await owner.press(listed, "2/2 ›")
    assert labels(listed) == ["7", "8", "‹ 1/2"]
    assert "8. Draft number 0" in listed["text"]


async def test_draft_is_published_at_a_time_that_was_tapped(
    owner: Chat, bot: Runtime, clock: StillClock
) -> None:
    await owner.send("/subscribe 8:00 Berlin")
    await drafted(owner)
    shown = await owner.press(await owner.send("/drafts"), "1")
    asked = await owner.press(shown, "Publish at")
    assert "(Berlin time)" in asked["text"]
    assert labels(asked)[:3] == [
        "today, Tue 24 Nov, 18:00",
        "tomorrow, Wed 25 Nov, 08:00",
        "tomorrow, Wed 25 Nov, 12:00",
    ]
    shown = await owner.press(asked, "tomorrow, Wed 25 Nov, 08:00")
    assert (
        "📅 It will be published tomorrow, Wed 25 Nov, 08:00 (Berlin time), and announced." in shown["text"]
    )
    assert "📅 tomorrow, Wed 25 Nov, 08:00" in (await owner.send("/drafts"))["text"]
    owner.ignored = "☀️"
    await skip(bot, clock, hours=19)
    assert "is published" in (await owner.reply())["text"]
    assert titles(bot)[0] == "The eel is back"


async def test_what_is_published_at_eight_is_in_the_digests_of_eight(
    owner: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 14:00 UTC")
    shown = await owner.press(await owner.press(await drafted(owner), "Publish at"), "18:00")
    await owner.press(shown, "Another time")
    assert "14:00 (UTC" in (await owner.send("14:00 UTC"))["text"]
    await skip(bot, clock, hours=2)
    assert "The eel is back" in (await ada.reply())["text"]


async def test_time_is_typed_and_taken_back(owner: Chat, bot: Runtime, clock: StillClock) -> None:
    shown = await drafted(owner)
    await owner.press(shown, "Publish at")
    assert "By which clock?" in (await owner.send("tomorrow 8:00"))["text"]
    assert "I don’t understand “soon”" in (await owner.send("soon"))["text"]
    assert "not within the year" in (await owner.send("2020-01-01 8:00 London"))["text"]
    shown = await owner.send("Fri 9am London")
    assert "Fri 27 Nov, 09:00" in shown["text"]
    assert "🕗 Another time" in labels(shown)
    asked = await owner.press(shown, "Another time")
    shown = await owner.press(asked, "Don’t publish it by itself")
    assert "📅" not in shown["text"]
    await skip(bot, clock, days=5)
    assert "The eel is back" not in titles(bot)
    nothing = await owner.send("Fri 9am London")
    assert "Nothing found" in nothing["text"], "nothing is asked any more"


async def test_time_that_is_over_or_made_up_is_refused(owner: Chat, clock: StillClock) -> None:
    shown = await drafted(owner)
    asked = await owner.press(shown, "Publish at")
    data = data_of(asked, "18:00")
    await clock.advance(days=1)
    assert "That time is over" in await owner.answer_to(asked, data)
    draft = data.split(":")[1]
    assert "That time is over" in await owner.answer_to(asked, f"at:{draft}:999999999999999")
    assert "That time is over" in await owner.answer_to(asked, f"at:{draft}:99999999"), "in 2160"
    for made_up in (f"at:{draft}9:29999999", f"at:{draft}9:no", f"at:{draft}9"):
        assert "Already handled" in await owner.answer_to(asked, made_up)
    await owner.press(asked, "Back")
    await owner.press(await owner.press(await owner.send("/drafts"), "1"), "Discard")
    assert "Already handled" in await owner.answer_to(asked, f"at:{draft}:29999999")


async def test_time_for_a_draft_that_is_gone_ends_the_question(owner: Chat) -> None:
    draft = await drafted(owner)
    asked = await owner.press(draft, "Publish at")
    await owner.pressed(asked, data_of(draft, "Discard"))
    assert "Already handled" in (await owner.send("Fri 9am London"))["text"]
    assert "Nothing found" in (await owner.send("Fri 9am London"))["text"]


async def test_article_that_is_gone_cannot_be_edited(owner: Chat, bot: Runtime) -> None:
    await owner.press(await drafted(owner), "✅ Publish")
    article = await owner.send("/summary eel")
    await owner.send("/removearticle eel")
    assert "expired" in await owner.answer_to(article, data_of(article, "✏️ Edit"))
    assert "removed" in await owner.answer_to(article, data_of(article, "🕘 Versions"))
    assert await bot.services.editor.drafts() == []


async def test_drafts_exist_for_editors_only(owner: Chat, ada: Chat) -> None:
    shown = await drafted(owner)
    assert "I don’t know" in (await ada.send("/drafts"))["text"]
    mine = await ada.send("/help")
    for data in ("drafts:0", "at:1", "at:1:29999999", "at:1:no", "edita:1", "vers:1:0", "diff:1:1"):
        assert "expired" in await ada.answer_to(mine, data), data
    assert shown["text"]


# Versions


async def test_article_is_edited_and_its_versions_are_shown_and_brought_back(
    owner: Chat, bot: Runtime, clock: StillClock
) -> None:
    await owner.press(await drafted(owner), "✅ Publish")
    article = await owner.send("/summary eel")
    assert "✏️ Edit" in labels(article)
    draft = await owner.press(article, "✏️ Edit")
    assert "Publishing this makes it the new text of “The eel is back”" in draft["text"]
    assert not any("new article" in label for label in labels(draft))
    await owner.press(await owner.press(draft, "Edit"), "Title")
    changed = await owner.send("The eel was back")
    await clock.advance(hours=1)
    await owner.press(changed, "✅ Replace")
    assert "The eel was back" in titles(bot)
    article = await owner.send("/summary eel")
    versions = await owner.press(article, "🕘 Versions")
    assert versions["text"] == (
        "The eel was back\n2 versions, the newest first. A number shows what it changed.\n"
        "2. today, Tue 24 Nov, 13:00 · you · as it stands\n1. today, Tue 24 Nov, 12:00 · you"
    )
    second = await owner.press(versions, "2")
    assert "What version 2 changed" in second["text"]
    kinds = {
        second["text"]
        .encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])]
        .decode("utf-16-le"): e["type"]
        for e in second["entities"]
    }
    assert kinds["is"] == "strikethrough"
    assert kinds["was"] == "bold"
    assert labels(second) == ["‹ All versions"]
    first = await owner.press(versions, "1")
    back = await owner.press(first, "Bring version 1 back")
    assert "is back as it was" in back["text"]
    assert "The eel is back" in titles(bot)
    assert "can’t be undone" in await owner.answer_to(first, data_of(first, "Bring version 1 back"))
    assert "expired" in await owner.answer_to(
        first, data_of(first, "All versions").replace("vers:", "diff:") + "9"
    )


async def test_article_of_the_content_folder_is_edited_in_the_chat(owner: Chat, bot: Runtime) -> None:
    draft = await owner.press(await owner.send("/summary first things"), "✏️ Edit")
    assert "Publishing this makes it the new text of “First things”" in draft["text"]
    assert "✏️ Edit" in labels(draft)
    await owner.press(draft, "✅ Replace")
    [row] = await bot.stores.database.all("SELECT origin FROM articles WHERE slug = 'first'")
    assert row["origin"] == '{"kind": "chat"}'


async def test_two_editors_who_edit_an_article_share_one_draft(
    owner: Chat, editor: Chat, bot: Runtime
) -> None:
    await owner.press(await drafted(owner), "✅ Publish")
    await owner.press(await owner.send("/summary eel"), "✏️ Edit")
    shown = await editor.press(await editor.send("/summary eel"), "✏️ Edit")
    assert len(await bot.services.editor.drafts()) == 1
    assert "has had this draft open" not in shown["text"], "the one who made it has not opened it again"
    await editor.press(shown, "Discard")
    assert len(await bot.services.editor.drafts()) == 0


async def test_draft_of_an_older_text_says_so(owner: Chat, editor: Chat) -> None:
    await owner.press(await drafted(owner), "✅ Publish")
    draft = await editor.press(await editor.send("/summary eel"), "✏️ Edit")
    newer = await drafted(owner, TEXT.replace("and more", "and much more"))
    await owner.press(newer, "✅ Replace")
    shown = await editor.press(await editor.send("/drafts"), "1")
    assert "has got a newer text since" in shown["text"]
    assert draft["text"] != shown["text"]


async def test_trace_says_who_did_what_to_an_article(owner: Chat, editor: Chat) -> None:
    await editor.press(await drafted(editor), "✅ Publish")
    removed = await owner.send("/removearticle eel")
    await owner.press(removed, "Undo")
    text = (await owner.send("/trace eel"))["text"]
    assert text.split("\n\n")[-1].splitlines() == [
        "· Tue 24 Nov, 12:00 · you: restored the-eel-is-back",
        "· Tue 24 Nov, 12:00 · you: removed the-eel-is-back",
        f"· Tue 24 Nov, 12:00 · Ada ({editor.user}): published the-eel-is-back",
    ]


async def test_readers_see_no_buttons_of_editors(owner: Chat, ada: Chat, server: BotApiServer) -> None:
    await owner.press(await drafted(owner), "✅ Publish")
    assert "✏️ Edit" not in labels(await ada.send("/summary eel"))
    server.world.group(-100, "Club", {owner.user: "creator"})
    group = Chat(server, -100, owner.user)
    assert "✏️ Edit" not in labels(await group.send("/summary eel"))
