"""Editors in the chat: add, correct, remove, undo; for everybody else none of it exists."""

import logging
from pathlib import Path

import pytest
from aiohttp import web

from bot.actions.deep_links import EDITOR
from bot.app.lifespan import Runtime
from bot.demo.arguments import Arguments
from bot.demo.model import Json
from bot.demo.server import BotApiServer, Phase
from tests.chat import Chat, bot_running, data_of, labels
from tests.clock import StillClock
from tests.tg.test_groups import told

TEXT = "# A new article\n\nIts lead is long enough to stand for it.\n\n## Part\n\n> Words worth keeping.\n\nand more"
CORRECTED = TEXT.replace("A new article", "A corrected article")


async def hand_in(chat: Chat, text: str | bytes = TEXT, name: str = "new.md", **more: str) -> Json:
    return await chat.hand_in(text, name, **more)


def titles(bot: Runtime) -> list[str]:
    return [card.title for card in bot.services.library.newest()]


async def test_document_is_shown_first_and_published_by_a_tap(bot: Runtime, owner: Chat, ada: Chat) -> None:
    shown = await hand_in(owner)
    assert shown["text"].startswith("A new article\n1\xa0min\n\nIts lead is long enough")
    for part in ("1 section\n", "· Part", "1 quote\nWords worth keeping.", "Not published yet"):
        assert part in shown["text"]
    assert labels(shown) == [
        "✅ Publish",
        "🗑 Discard",
        "🤫 Publish without announcing",
        "✏️ Edit",
        "➕ Add to it",
        "🕗 Publish at …",
    ]
    assert "A new article" not in titles(bot)
    done = await owner.press(shown, "Publish")
    assert done["text"] == "“A new article” is published. Subscribers get it in their next digest."
    assert (await owner.press(done, "Read"))["text"].startswith("A new article")
    assert "A new article" in (await ada.send("/summary new"))["text"]
    assert "A new article" in (await ada.send("/digest"))["text"]


def announced_titles(bot: Runtime) -> list[str]:
    return [card.title for card in bot.services.library.after(0)]


async def test_article_published_without_announcing_is_found_and_in_no_digest(
    bot: Runtime, owner: Chat, ada: Chat
) -> None:
    done = await owner.press(await hand_in(owner), "Publish without announcing")
    assert "no digest tells of it" in done["text"]
    assert titles(bot)[-1] == "A new article"
    assert "A new article" in (await ada.send("/summary new"))["text"]
    assert "A new article" not in announced_titles(bot)
    removed = await owner.press(done, "Undo")
    await owner.press(removed, "Undo")
    assert "A new article" not in announced_titles(bot)  # as quiet as before
    announced = await owner.press(done, "Announce it")
    assert "next digest" in announced["text"]
    assert titles(bot)[0] == "A new article"
    assert "A new article" in (await ada.send("/digest"))["text"]
    assert "Already handled" in await owner.answer_to(done, data_of(done, "Announce it"))
    assert (await bot.services.acts.last(1))[0].act == "announced"


async def test_old_article_is_best_published_without_announcing(owner: Chat) -> None:
    old = await hand_in(owner, "---\ndate: 2020-01-23\n---\n" + TEXT)
    assert labels(old)[:3] == ["✅ Publish without announcing", "📣 Announce it", "🗑 Discard"]
    assert "more than a month ago" in old["text"]
    assert "Subscribers get it" in (await owner.press(old, "Announce it"))["text"]


async def test_refused_document_is_an_answer_and_no_fault(
    owner: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    said = await hand_in(owner, "***")
    assert "no text" in said["text"]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info]


async def test_doubts_are_shown_before_publishing(owner: Chat) -> None:
    shown = await hand_in(owner, "---\nsource: A\n---\n# T\n\n> Source: B\n\ntext")
    assert "⚠️ Line 2: source: using “A”; the quote under the title says “B”." in shown["text"]


async def test_command_asks_for_it_and_takes_the_next_document_or_text(bot: Runtime, owner: Chat) -> None:
    assert "Send me the article" in (await owner.send("/addarticle"))["text"]
    shown = await owner.send("# As text\n\nSome words in it.")
    assert shown["text"].startswith("As text")
    assert "Nothing found" in (await owner.send("qwertz"))["text"]  # asked for once
    await owner.press(shown, "Discard")
    assert "As text" not in titles(bot)
    await owner.send("/addarticle")
    assert (await hand_in(owner))["text"].startswith("A new article")
    await owner.send("/addarticle")
    assert (await owner.send("/cancel"))["text"] == "Cancelled."
    assert "Nothing found" in (await owner.send("qwertz"))["text"]


async def test_command_takes_the_text_behind_it_or_the_message_it_replies_to(owner: Chat) -> None:
    shown = await owner.send("/addarticle # Behind it\n\nwords\n\n## One\n\nwords\n\n## Two\n\nwords")
    assert shown["text"].startswith("Behind it")
    assert "2 sections\n" in shown["text"]
    world = owner.server.world
    document = world.upload(owner.id, owner.user, "new.md", TEXT.encode())
    await owner.gathered()
    assert (await owner.send("/addarticle", reply_to=document["message_id"]))["text"].startswith(
        "A new article"
    )
    text = world.say(owner.id, owner.user, "# Said before\n\nwords")
    assert "Nothing found" in (await owner.reply())["text"]
    assert (await owner.send("/addarticle", reply_to=text["message_id"]))["text"].startswith("Said before")


async def test_what_is_formatted_in_telegram_stays_so(owner: Chat) -> None:
    text = "/addarticle # Formatted\n\nRead the original 👍 first.\n\n> Said well.\n> — Ada"
    at = text.index("original")
    link = {"type": "text_link", "offset": at, "length": 8, "url": "https://a.example/x"}
    bold = {"type": "bold", "offset": at, "length": 11}
    shown = await owner.send(text, entities=[bold, link])
    assert shown["text"].startswith("Formatted")
    assert "1 quote" in shown["text"]
    assert {"text_link", "bold"} <= {entity["type"] for entity in shown["entities"]}
    assert "https://a.example/x" in {entity.get("url") for entity in shown["entities"]}
    typed = "# Asked for\n\nRead the original first."
    await owner.send("/addarticle")
    link = {"type": "text_link", "offset": typed.index("original"), "length": 8, "url": "https://b.example/"}
    shown = await owner.send(typed, entities=[link])
    assert "https://b.example/" in {entity.get("url") for entity in shown["entities"]}
    said = owner.server.world.say(owner.id, owner.user, typed, entities=[link])
    await owner.reply()
    shown = await owner.send("/addarticle", reply_to=said["message_id"])
    assert "https://b.example/" in {entity.get("url") for entity in shown["entities"]}


async def test_drafts_wait_and_are_found_again(owner: Chat) -> None:
    await hand_in(owner, name="kept.md")
    asked = await owner.send("/addarticle")
    assert labels(asked) == ["🗂 1 draft"]
    listed = await owner.press(asked, "1 draft")
    shown = await owner.press(listed, "1")
    await owner.press(shown, "Discard")
    assert "Already handled" in await owner.answer_to(listed, data_of(listed, "1"))
    assert "Already handled" in await owner.answer_to(shown, data_of(shown, "Discard"))


async def test_second_tap_says_that_it_was_decided(bot: Runtime, owner: Chat) -> None:
    shown = await hand_in(owner)
    publish = data_of(shown, "Publish")
    await owner.press(shown, "Publish")
    assert "Already handled" in await owner.answer_to(shown, publish)
    assert titles(bot).count("A new article") == 1


async def test_correction_is_no_news_and_can_be_undone_once(bot: Runtime, owner: Chat, ada: Chat) -> None:
    await owner.press(await hand_in(owner), "Publish")
    news = bot.services.library.newest()[0].news
    shown = await hand_in(owner, CORRECTED)
    assert "There’s already a “A new article”. Replacing it is a correction" in shown["text"]
    assert labels(shown) == [
        "✅ Replace “A new article”",
        "➕ Publish as a new article",
        "🗑 Discard",
        "✏️ Edit",
        "➕ Add to it",
        "🕗 Publish at …",
    ]
    done = await owner.press(shown, "Replace")
    assert "it won’t be announced again" in done["text"]
    assert "A corrected article" in (await ada.send("/summary corrected"))["text"]
    undo = data_of(done, "Undo")
    assert "back as it was before" in (await owner.press(done, "Undo"))["text"]
    assert "can’t be undone any more" in await owner.answer_to(done, undo)
    assert (titles(bot)[0], bot.services.library.newest()[0].news) == ("A new article", news)


async def test_one_name_may_stand_for_two_articles(bot: Runtime, owner: Chat) -> None:
    await owner.press(await hand_in(owner), "Publish")
    done = await owner.press(await hand_in(owner, CORRECTED), "Publish as")
    assert "get it in their next digest" in done["text"]
    assert {"A new article", "A corrected article"} <= set(titles(bot))
    await owner.press(done, "Undo")
    assert "A corrected article" not in titles(bot)


async def test_removing_asks_when_several_fit_and_a_number_means_the_list_shown(
    bot: Runtime, owner: Chat
) -> None:
    asked = await owner.send("/removearticle")
    assert asked["text"].startswith("Remove which article?")
    assert len(titles(bot)) == 2
    again = await owner.send("/removearticle nosuch")
    assert "Nothing found for “nosuch”" in again["text"]
    gone = await owner.send("/removearticle 2")
    last = again["text"].split("2. ")[1].split("\n")[0]
    assert gone["text"] == f"“{last}” is removed. Nobody can read it any more."
    assert last not in titles(bot)
    back = await owner.press(gone, "Undo")
    assert "is back and will be announced again" in back["text"]
    assert titles(bot)[0] == last
    picked = await owner.press(await owner.send("/removearticle"), "1")
    assert "is removed" in picked["text"]
    assert "Already removed" in await owner.answer_to(asked, data_of(asked, "1"))
    restore = data_of(picked, "Undo")
    await owner.press(picked, "Undo")
    assert "Already restored" in await owner.answer_to(picked, restore)


async def test_what_cannot_be_published_says_why(owner: Chat) -> None:
    assert (await hand_in(owner, b""))["text"] == "⚠️ It is empty."
    assert "2.5 MB" in (await hand_in(owner, b"x" * 2_500_000))["text"]
    assert "not a text" in (await hand_in(owner, bytes(range(32)) * 9))["text"]
    assert "no text" in (await hand_in(owner, "---\ntitle: x\n---\n***"))["text"]
    assert (
        "Line 2: “title: [x” could not be read" in (await hand_in(owner, "---\ntitle: [x\n---\ntext"))["text"]
    )


@pytest.mark.parametrize(
    "path",
    [
        "/etc/hostname",
        "../../etc/hostname",
        "file:///etc/hostname",
        "http://127.0.0.1:1/x",
        "a/../../x",
        "",
        None,
        7,
    ],
)
async def test_path_that_leads_away_from_the_server_is_not_fetched(
    owner: Chat, tmp_path: Path, path: object
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nA text that nobody may see.")
    named = str(secret) if path == "/etc/hostname" else path

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "getfile" or phase == "after":
            return None
        result = {"file_id": "x", "file_unique_id": "x", "file_size": 9, "file_path": named}
        return web.json_response({"ok": True, "result": result})

    owner.server.fault = fault
    owner.server.world.upload(owner.id, owner.user, "x.md", b"# T\n\ntext")
    assert (await owner.gathered())["text"].startswith("⚠️ Couldn’t download the file")


async def test_document_that_telegram_does_not_hand_over_says_so(owner: Chat) -> None:
    uploaded = owner.server.world.upload(owner.id, owner.user, "new.md", TEXT.encode())
    del owner.server.world.files[uploaded["document"]["file_id"]]
    assert "Couldn’t download the file" in (await owner.gathered())["text"]


async def test_nobody_else_can_edit(bot: Runtime, owner: Chat, ada: Chat) -> None:
    unknown = (await ada.send("/fly"))["text"]
    for command in ("/addarticle", "/addarticle # T\n\ntext", "/removearticle 1", "/editors"):
        assert (await ada.send(command))["text"] == unknown
    assert "I only understand text" in (await hand_in(ada))["text"]
    assert "/addarticle" not in (await ada.send("/help"))["text"]
    draft = data_of(await hand_in(owner), "Publish").partition(":")[2]
    mine = await ada.send("/summary first")
    article = bot.services.library.newest()[0].id
    forged = [
        f"pub:{draft}",
        f"rep:{draft}",
        f"drop:{draft}",
        f"+draft:{draft}",
        f"rem:{article}",
        f"rest:{article}",
    ]
    for data in (*forged, f"rev:{article}:1:1", "dis:1"):
        assert "has expired" in await ada.answer_to(mine, data)
    assert len(titles(bot)) == 2
    assert len(await bot.services.editor.drafts()) == 1


async def test_in_a_group_nothing_can_be_edited(server: BotApiServer, bot: Runtime, owner: Chat) -> None:
    server.world.group(-100, "Group", {1: "creator", bot.app.bot.id: "member"})
    group = Chat(server, -100, 1)
    server.world.say(-100, 1, "/removearticle 1")
    await group.send("/quote")
    assert len(titles(bot)) == 2
    assert owner.silent()


async def test_owners_appoint_by_a_link_and_dismiss(
    server: BotApiServer, owner: Chat, ada: Chat, clock: StillClock
) -> None:
    listed = await owner.send("/editors")
    assert listed["text"].startswith("No editors yet")
    word = (await owner.press(listed, "Invite link for an editor"))["text"].split(f"start={EDITOR}")[1]
    assert "isn’t right" in (await ada.send(f"/start {EDITOR}guess"))["text"]
    assert "already" in (await owner.send(f"/start {EDITOR}{word}"))["text"]
    assert "You’re an editor now" in (await ada.send(f"/start {EDITOR}{word}"))["text"]
    assert "opened an invite link" in (await told(owner, clock))["text"]
    assert "For editors" in (await ada.send("/help"))["text"]
    assert "For owners" not in (await ada.send("/help"))["text"]
    assert labels(await hand_in(ada)) == [
        "✅ Publish",
        "🗑 Discard",
        "🤫 Publish without announcing",
        "✏️ Edit",
        "➕ Add to it",
        "🕗 Publish at …",
    ]
    menu = server.world.commands["chat:11", ""]
    assert "addarticle" in {entry["command"] for entry in menu}
    listed = await owner.send("/editors")
    assert labels(listed) == [f"✖️ Remove Ada ({ada.user})", "➕ Invite link for an editor"]
    dismissal = data_of(listed, "Remove")
    assert (await owner.press(listed, "Remove"))["text"].startswith("No editors yet")
    assert "Already removed" in await owner.answer_to(listed, dismissal)
    assert "I only understand text" in (await hand_in(ada))["text"]
    menu = server.world.commands["chat:11", ""]
    assert "addarticle" not in {entry["command"] for entry in menu}


async def test_versions_of_an_article_survive_a_restart_and_a_changed_file(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "data", content):
        done = await owner.press(await hand_in(owner, CORRECTED, "first.md"), "Replace")
    (content / "first.md").write_text("# Changed file\n\nIts lead is long enough to stand for it.")
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        assert "A corrected article" in titles(bot)
        told = await owner.reply()
        assert "first.md has changed" in told["text"]
        shown = await owner.press(told, "Look")
        assert shown["text"].startswith("Changed file")
        assert labels(shown) == ["✅ Replace “A corrected article”", "🗑 Discard"]
        await owner.press(done, "Undo")
        assert "First things" in titles(bot)
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        assert "First things" in titles(bot)
        assert owner.silent()  # told once


async def test_old_files_of_a_folder_are_asked_about_once(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "data", content):
        await owner.send("/start")
    for number in (1, 2, 3):
        (content / f"2020-01-0{number}-old.md").write_text(f"# Old {number}\n\nIts lead is long enough.")
    async with bot_running(server.address, clock, tmp_path / "data", content) as bot:
        told = await owner.reply()
        assert "3 old articles came in" in told["text"]
        assert not {"Old 1", "Old 2", "Old 3"} & set(announced_titles(bot))
        assert "3 articles come in the next digests" in (await owner.press(told, "Announce them"))["text"]
        assert {"Old 1", "Old 2", "Old 3"} <= set(announced_titles(bot))
    async with bot_running(server.address, clock, tmp_path / "data", content):
        assert owner.silent()  # asked once


async def test_who_subscribes_is_told_how_to_read_what_is_older(bot: Runtime, owner: Chat, ada: Chat) -> None:
    assert len(bot.services.library.newest()) == 2
    assert "/latest" not in (await ada.send("/subscribe 8 London"))["text"]
    for number in range(2):
        shown = await hand_in(owner, f"# More {number}\n\nIts lead is long enough.", f"more-{number}.md")
        await owner.press(shown, "Publish")
    assert "/latest lists all 4" in (await owner.send("/subscribe 8 London"))["text"]
    assert "/latest" not in (await owner.send("/subscribe 9 London"))["text"]
