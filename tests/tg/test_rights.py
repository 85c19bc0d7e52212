"""Who may do what is a person, in their own chat, at the moment when it is done; and owners can see it."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from bot.actions.deep_links import EDITOR, OWNER
from bot.app.chat import claim_word
from bot.app.lifespan import Runtime
from bot.demo.model import ANONYMOUS
from bot.demo.server import BotApiServer
from bot.editing.prepared import Prepared
from tests.chat import Chat, bot_running, labels
from tests.clock import StillClock
from tests.documents import prepare_here
from tests.tg.test_groups import told

GROUP = -100


async def invitation(owner: Chat) -> str:
    shown = await owner.press(await owner.send("/editors"), "Invite link for an editor")
    found = re.search(rf"start={EDITOR}([\w-]+)", shown["text"])
    assert found
    return EDITOR + found[1]


@pytest.mark.parametrize("speaker", [ANONYMOUS, 11])
async def test_links_work_in_private_only_and_for_no_stand_in(
    server: BotApiServer, owner: Chat, ada: Chat, bot: Runtime, speaker: int
) -> None:
    server.world.group(GROUP, "Club", {ada.user: "creator"})
    group = Chat(server, GROUP, speaker)
    answer = await group.send(f"/start {await invitation(owner)}")
    assert "Open it in a private chat" in answer["text"]
    assert await bot.services.people.appointed() == {}


async def test_links_make_no_bot_an_editor(owner: Chat, ada: Chat, bot: Runtime) -> None:
    said = ada.server.world.updates.put
    link = await invitation(owner)
    person = {"id": ada.user, "is_bot": True, "first_name": "Robot"}
    chat = {"id": ada.id, "type": "private", "first_name": "Robot"}
    text = f"/start {link}"
    said(
        "message",
        {"message_id": 900, "date": 1764244800, "chat": chat, "from": person, "text": text,
         "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
    )  # fmt: skip
    assert "Open it in a private chat" in (await ada.reply())["text"]
    assert await bot.services.people.appointed() == {}


async def test_bot_is_claimed_in_private_only(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    async with bot_running(server.address, clock, tmp_path / "data", content, owner_ids="") as bot:
        server.world.person(11, "Ada")
        server.world.group(GROUP, "Club", {11: "creator"})
        word = await claim_word(bot.stores.people)
        assert "private chat" in (await Chat(server, GROUP, ANONYMOUS).send(f"/start {OWNER}{word}"))["text"]
        assert await bot.stores.people.owners() == set()
        assert "yours" in (await Chat(server, 11, 11).send(f"/start {OWNER}{word}"))["text"]
        assert await bot.stores.people.owners() == {11}


async def test_owners_hear_of_who_opened_a_link_and_can_undo_it(
    owner: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    link = await invitation(owner)
    await ada.send(f"/start {link}")
    heard = await told(owner, clock)
    assert heard["text"].startswith(f"Ada ({ada.user}) opened an invite link")
    await owner.press(heard, "Remove Ada")
    assert not await bot.services.people.is_editor(ada.user)


async def test_links_that_were_not_used_are_voided(owner: Chat, ada: Chat, bot: Runtime) -> None:
    link, _ = await invitation(owner), await invitation(owner)
    listed = await owner.send("/editors")
    assert "2 unused invite links." in listed["text"]
    assert len(await bot.services.acts.last(9)) == 2, "to look makes no link"
    shown = await owner.press(listed, "Cancel unused links")
    assert "can still be used" not in shown["text"]
    assert "isn’t right" in (await ada.send(f"/start {link}"))["text"]
    assert await bot.services.people.appointed() == {}


async def test_editor_who_is_dismissed_meanwhile_publishes_nothing(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.editing.editor._MAX_KEPT", 0)  # as after a restart: it is read again
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(data: bytes, file: str, *, owner: object = None, **_: Any) -> Prepared:
        if owner == 11 and slow:
            reading.set()
            await go_on.wait()
        return await prepare_here(data, file)

    slow = False
    async with bot_running(server.address, clock, tmp_path / "data", content, prepare=slowly) as bot:
        server.world.person(1, "Olga")
        server.world.person(11, "Ada")
        owner, ada = Chat(server, 1, 1), Chat(server, 11, 11)
        await ada.send(f"/start {await invitation(owner)}")
        shown = await ada.send("/addarticle # Late\n\nA text that is long enough to be read.")
        slow = True
        server.world.press(ada.id, ada.user, shown["message_id"], "pub:1")
        await reading.wait()
        await told(owner, clock)
        listed = await owner.send("/editors")
        while "No editors yet" not in (await owner.press(listed, "Remove Ada"))["text"]:
            pass  # it is told of the appointment, too
        go_on.set()
        assert (await ada.reply())["text"] == "You can’t edit any more. Nothing was changed."
        assert "Late" not in {card.title for card in bot.services.library.newest()}


async def test_owners_see_what_was_done(owner: Chat, ada: Chat, clock: StillClock) -> None:
    await ada.send(f"/start {await invitation(owner)}")
    await told(owner, clock)
    shown = await ada.send("/addarticle # New one\n\nA text that is long enough to be read.")
    published = await ada.press(shown, "Publish")
    await ada.press(published, "Undo")
    await owner.send("/trace 11")
    seen = await owner.press(await owner.send("/status"), "What was done")
    lines = seen["text"].splitlines()[1:]
    assert [line.split(": ", 1)[1] for line in lines] == [
        "looked up 11", "removed new-one", "published new-one", "became an editor by a link", "made a link for an editor",
    ]  # fmt: skip
    assert "Ada (11)" in lines[1]
    assert await ada.answer_to(shown, "+acts") != ""
    assert "What was done" in labels(await owner.send("/status"))[-1]
