"""/privacy: all that is stored is shown, handed over, and forgotten for good."""

import json
from typing import Any

from bot.actions.deep_links import EDITOR
from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from tests.chat import Chat
from tests.clock import StillClock
from tests.tg.test_digests import reader_of, skip


async def exported(chat: Chat) -> dict[str, list[dict[str, Any]]]:
    file = await chat.press(await chat.send("/privacy"), "Export")
    assert file["document"]["file_name"] == "article-digest-data.json"
    found: dict[str, list[dict[str, Any]]] = json.loads(
        chat.server.world.files[file["document"]["file_id"]][1]
    )
    return found


async def test_what_is_stored_is_shown_and_handed_over(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 8 London")
    await skip(bot, clock, hours=21)
    await ada.reply()
    shown = (await ada.send("/privacy"))["text"]
    assert "Chat number 11, language: English." in shown
    assert "Every day at 08:00, London time" in shown
    assert "1 past digest (1 delivered)" in shown
    assert "own or edit" not in shown
    data = await exported(ada)
    assert (data["settings"][0]["chat"], data["settings"][0]["zone"]) == (11, "Europe/London")
    assert data["digests"][0]["state"] == "sent"
    assert data["digests"][0]["articles"] == [2, 1]
    assert data["settings"][0]["met_at"].startswith("2026-11-24T12:00")
    await ada.send("/unsubscribe")
    assert "their times were: Every day at 08:00" in (await ada.send("/privacy"))["text"]


async def test_it_is_forgotten_after_asking_and_the_ledger_still_closes(
    ada: Chat, lin: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 8 London")
    await lin.send("/subscribe 8 London")
    await skip(bot, clock, hours=21)
    await ada.reply()
    await lin.reply()
    before = await bot.stores.outbox.counts()
    asked = await ada.press(await ada.send("/privacy"), "Delete everything")
    assert "Nothing was changed" in (await ada.press(asked, "No, keep"))["text"]
    assert (await reader_of(ada, bot)).subscription.active
    asked = await ada.press(await ada.send("/privacy"), "Delete everything")
    assert "start fresh" in (await ada.press(asked, "Yes, delete"))["text"]
    assert await bot.services.readers.of_chat(ada.id) == []
    assert not any((await bot.services.privacy.stored(ada.id)).values())
    assert await bot.stores.outbox.counts() == before
    assert len((await bot.services.privacy.stored(lin.id))["digests"]) == 1
    await skip(bot, clock, hours=24)
    await lin.reply()
    assert ada.silent()
    assert "Digest: off" in (await ada.send("/settings"))["text"]


async def test_editor_who_is_forgotten_edits_no_more_and_the_article_stays(
    owner: Chat, ada: Chat, bot: Runtime
) -> None:
    invitation = (await owner.press(await owner.send("/editors"), "Invite link for an editor"))["text"]
    await ada.send(f"/start {EDITOR}{invitation.split(f'start={EDITOR}')[1]}")
    proposal = await ada.send("/addarticle # New one\n\nA text that is long enough to be read.")
    await ada.press(proposal, "Publish")
    await ada.send("/addarticle # Draft\n\nA text that is long enough to be read.")
    data = await exported(ada)
    assert [row["role"] for row in data["role"]] == ["editor"]
    assert (len(data["drafts"]), len(data["articles"])) == (1, 1)
    await ada.press(await ada.press(await ada.send("/privacy"), "Delete everything"), "Yes")
    assert "don’t know that command" in (await ada.send("/addarticle"))["text"]
    assert "addarticle" not in {entry["command"] for entry in ada.server.world.commands["chat:11", ""]}
    assert "New one" in (await ada.send("/summary new one"))["text"]
    assert not (await bot.services.privacy.stored(ada.id))["articles"]


async def test_in_a_group_only_administrators_see_or_forget(
    server: BotApiServer, ada: Chat, lin: Chat, bot: Runtime
) -> None:
    server.world.group(-100, "Club", {ada.user: "creator", lin.user: "member"})
    creator, member = Chat(server, -100, ada.user), Chat(server, -100, lin.user)
    shown = await creator.send("/privacy")
    assert "-100" in shown["text"]
    for data in ("export", "forgetme", "forget:yes", "forget:no"):
        assert "administrators" in await member.answer_to(shown, data)
    assert await bot.services.readers.of_chat(-100)
    assert "has expired" in await creator.answer_to(shown, "forget:perhaps")
