"""Editors forward, paste and send files: what comes within a moment is one draft, and stays what they wrote."""

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.lifespan import Runtime
from bot.article.metadata.writing import with_fields
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from bot.editing import fields as editing
from bot.editing import gathering as service
from bot.editing.gathering import PATIENCE, QUIET
from bot.editing.pieces import gathered
from tests.chat import Chat, bot_running, data_of, labels
from tests.clock import StillClock
from tests.documents import read_page_here
from tests.files import pdf, set_in_lines, word

POST = "The river remembers everyone who hurried it, and it forgives none of them."
CHANNEL: Json = {
    "type": "channel",
    "chat": {"id": -1009, "type": "channel", "title": "The River Post", "username": "riverpost"},
    "message_id": 77,
    "author_signature": "Jane Roe",
    "date": 1_763_900_000,
}


@pytest.fixture
async def bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> AsyncIterator[Runtime]:
    async with bot_running(
        server.address, clock, tmp_path / "data", content, read_page=read_page_here
    ) as product:
        yield product


def forward(chat: Chat, text: str, origin: Json = CHANNEL, **more: Any) -> Json:
    return chat.server.world.say(chat.id, chat.user, text, forward_origin=origin, **more)


async def document_of(bot: Runtime, draft: Json) -> str:
    """The document of a draft that is shown."""
    [kept] = [
        each
        for each in await bot.services.editor.drafts()
        if f"pub:{each.id}" in str(draft["reply_markup"]) or f"rep:{each.id}" in str(draft["reply_markup"])
    ]
    return kept.text


async def test_forwarded_post_is_a_draft_that_names_its_channel(bot: Runtime, owner: Chat) -> None:
    forward(owner, f"The late ferry\n\n{POST}")
    draft = await owner.gathered()
    assert draft["text"].startswith("The late ferry\nThe River Post · Jane Roe")
    assert await document_of(bot, draft) == (
        "---\nsource: The River Post\nauthor: Jane Roe\ndate: 2025-11-23\n"
        f"url: https://t.me/riverpost/77\n---\n\nThe late ferry\n\n{POST}"
    )
    done = await owner.press(draft, "Publish")
    assert "is published" in done["text"]
    forward(owner, f"The late ferry\n\n{POST} Once more.")
    assert "Replacing it is a correction" in (await owner.gathered())["text"]


@pytest.mark.parametrize(
    ("origin", "fields"),
    [
        ({"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Ada", "last_name": "L"}}, "author: Ada L"),
        ({"type": "hidden_user", "sender_user_name": "Bo"}, "author: Bo"),
        (
            {"type": "chat", "sender_chat": {"id": -5, "type": "group", "title": "Mill"}, "author_signature": "Cy"},
            "source: Mill\nauthor: Cy",
        ),
        (
            {"type": "channel", "chat": {"id": -1005, "type": "channel", "title": "Secret"}, "message_id": 3},
            "source: Secret",
        ),
    ],
)  # fmt: skip
async def test_where_a_message_was_forwarded_from(
    bot: Runtime, owner: Chat, origin: Json, fields: str
) -> None:
    forward(owner, POST, {**origin, "date": 1_763_900_000})
    assert await document_of(bot, await owner.gathered()) == f"---\n{fields}\ndate: 2025-11-23\n---\n\n{POST}"


async def test_what_comes_within_a_moment_is_one_draft(bot: Runtime, owner: Chat) -> None:
    forward(owner, f"# The late ferry\n\n{POST}")
    owner.server.world.say(owner.id, owner.user, "A second message.")
    owner.server.world.upload(owner.id, owner.user, "more.md", b"---\ntitle: More\n---\nA file.")
    owner.server.world.say(owner.id, owner.user, "https://example.org/a")
    text = await document_of(bot, await owner.gathered())
    assert text.endswith(
        f"# The late ferry\n\n{POST}\n\nA second message.\n\n## More\n\nA file.\n\nhttps://example.org/a"
    )
    assert len(await bot.services.editor.drafts()) == 1


async def test_formatting_stays(bot: Runtime, owner: Chat) -> None:
    bold = {"type": "bold", "offset": 4, "length": 5}
    forward(owner, POST, entities=[bold])
    assert "The <b>river</b> remembers" in await document_of(bot, await owner.gathered())


async def test_album_is_one_draft_with_its_captions(bot: Runtime, owner: Chat) -> None:
    owner.server.world.album(
        owner.id, owner.user, f"The bank\n\n{POST}", "", "The other bank", forward_origin=CHANNEL
    )
    text = await document_of(bot, await owner.gathered())
    assert text.endswith(f"The bank\n\n{POST}\n\nThe other bank")
    assert owner.silent()


async def test_album_without_words_is_meant_for_readers(owner: Chat) -> None:
    owner.server.world.album(owner.id, owner.user, "words", "", forward_origin=CHANNEL)
    assert "Not published yet" in (await owner.gathered())["text"]
    owner.server.world.album(owner.id, owner.user, "", "", forward_origin=CHANNEL)
    assert "/broadcast" in (await owner.reply())["text"]


SENTENCES = [
    f"Sentence number {number} says something that nobody has said before. " for number in range(120)
]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("".join(SENTENCES), 4096),  # in the middle of a word
        ("".join(SENTENCES), "".join(SENTENCES).rfind(" ", 0, 4000) + len("# Long\n\n")),
        ("\n\n".join(" ".join(SENTENCES[i : i + 5]) for i in range(0, 120, 5)), 3900),
        ("\n".join(f"- {each}" for each in SENTENCES), 3800),
        ("河流记得每一个催促过它的人，却从不原谅任何一个。" * 200, 4080),
    ],
)
async def test_text_that_telegram_cut_is_joined_without_a_seam(
    bot: Runtime, owner: Chat, text: str, at: int
) -> None:
    start = len("# Long\n\n")
    whole = f"# Long\n\n{text}".strip()
    cut = whole.rfind("\n", 0, at) if "\n" in whole[start:at] else at
    for part in (whole[:cut], whole[cut:]):
        owner.server.world.say(owner.id, owner.user, part.strip())
    told = await document_of(bot, await owner.gathered())
    assert told.split() == whole.split()
    assert [line.strip() for line in told.split("\n")] == [line.strip() for line in whole.split("\n")]


async def test_text_behind_the_command_may_be_cut_as_well(bot: Runtime, owner: Chat) -> None:
    world, text = owner.server.world, "".join(SENTENCES)
    first = 4096 - len("/addarticle # Long\n\n")
    world.say(owner.id, owner.user, f"/addarticle # Long\n\n{text[:first]}")
    world.say(owner.id, owner.user, text[first:])
    assert await document_of(bot, await owner.gathered()) == f"# Long\n\n{text.strip()}"


async def test_changed_message_changes_its_draft(owner: Chat) -> None:
    sent = forward(owner, f"# The late ferry\n\n{POST}")
    draft = await owner.gathered()
    owner.server.world.edit(owner.id, sent["message_id"], f"# The early ferry\n\n{POST}")
    again = await owner.later()
    assert again["message_id"] == draft["message_id"]
    assert again["text"].startswith("The early ferry")
    assert data_of(again, "Publish") == data_of(draft, "Publish")
    await owner.press(again, "Publish")
    owner.server.world.edit(owner.id, sent["message_id"], f"# Too late\n\n{POST}")
    assert "early" in (await owner.send("/summary ferry"))["text"]
    assert owner.silent()


async def test_change_that_cannot_be_read_leaves_the_draft(bot: Runtime, owner: Chat) -> None:
    sent = forward(owner, f"# The late ferry\n\n{POST}")
    draft = await owner.gathered()
    owner.server.world.edit(owner.id, sent["message_id"], "***")
    assert "no text" in (await owner.later())["text"]
    assert "The late ferry" in await document_of(bot, draft)


async def test_more_is_waited_for_until_done(bot: Runtime, owner: Chat, clock: StillClock) -> None:
    forward(owner, f"# The late ferry\n\n{POST}")
    asked = await owner.reply()
    assert labels(asked) == ["✅ Done", "➕ More to come", "✖️ Cancel"]
    held = await owner.press(asked, "More")
    assert labels(held) == ["✅ Done", "✖️ Cancel"]
    await clock.advance(seconds=2 * QUIET.total_seconds())
    owner.server.world.say(owner.id, owner.user, "A late thought.")
    await clock.advance(seconds=2 * QUIET.total_seconds())
    assert owner.silent()
    draft = await owner.press(held, "Done")
    assert (await document_of(bot, draft)).endswith(f"{POST}\n\nA late thought.")
    assert "Already handled" in await owner.answer_to(held, data_of(held, "Done"))


async def test_what_was_forgotten_ends_by_itself(owner: Chat) -> None:
    forward(owner, POST)
    await owner.press(await owner.reply(), "More")
    assert "Not published yet" in (await owner.later(PATIENCE.total_seconds()))["text"]


async def test_more_is_added_to_a_draft(bot: Runtime, owner: Chat) -> None:
    forward(owner, f"# The late ferry\n\n{POST}")
    draft = await owner.gathered()
    held = await owner.press(draft, "Add to it")
    owner.server.world.say(owner.id, owner.user, "A late thought.")
    again = await owner.press(held, "Done")
    assert data_of(again, "Publish") == data_of(draft, "Publish")
    assert (await document_of(bot, again)).endswith("A late thought.")
    assert "Nothing found" in (await owner.send("A question"))["text"]
    await owner.press(again, "Discard")
    assert "Already handled" in await owner.answer_to(again, data_of(again, "Add to it"))


@pytest.mark.parametrize("way", ["button", "command"])
async def test_cancelled_messages_are_no_draft(
    bot: Runtime, owner: Chat, clock: StillClock, way: str
) -> None:
    forward(owner, POST)
    asked = await owner.reply()
    done = await (owner.press(asked, "Cancel") if way == "button" else owner.send("/cancel"))
    assert done["text"] == "Cancelled."
    await clock.advance(seconds=2 * QUIET.total_seconds())
    assert await bot.services.editor.drafts() == []
    assert "Already handled" in await owner.answer_to(asked, data_of(asked, "Done"))
    assert "Already handled" in await owner.answer_to(asked, data_of(asked, "Cancel"))
    assert "Already handled" in await owner.answer_to(asked, data_of(asked, "More"))


async def test_cancel_leaves_a_draft_that_was_added_to(bot: Runtime, owner: Chat) -> None:
    forward(owner, POST)
    held = await owner.press(await owner.gathered(), "Add to it")
    again = await owner.press(held, "Cancel")
    assert "Not published yet" in again["text"]
    assert len(await bot.services.editor.drafts()) == 1


async def test_files_become_drafts(owner: Chat) -> None:
    found = await owner.hand_in(
        word(("Title", "The late ferry"), POST, ("heading 1", "One"), "More words."), "x.docx"
    )
    assert found["text"].startswith("The late ferry")
    page = set_in_lines(f"{POST}\nIt is late every morning.")
    assert (await owner.hand_in(pdf(page), "The new bridge.pdf"))["text"].startswith("The new bridge")
    html = f"<html><head><title>The mill</title></head><body><h1>The mill</h1><p>{POST}</p><p>{POST[::-1]}</p></body>"
    assert (await owner.hand_in(html, "saved.html"))["text"].startswith("The mill")


async def test_file_that_is_not_read_keeps_nothing_else_back(bot: Runtime, owner: Chat) -> None:
    forward(owner, f"# The late ferry\n\n{POST}")
    owner.server.world.upload(owner.id, owner.user, "scan.pdf", pdf([]))
    draft = await owner.gathered()
    assert "⚠️ scan.pdf: It holds pictures of pages" in draft["text"]
    assert (await owner.hand_in(pdf([]), "scan.pdf"))["text"].startswith("⚠️ It holds pictures of pages")
    assert len(await bot.services.editor.drafts()) == 1


async def test_file_that_telegram_keeps_back_is_not_fetched(owner: Chat) -> None:
    world = owner.server.world
    file = {**world.keep_file("big.pdf", b"x"), "file_size": 20_000_001}
    world.say(owner.id, owner.user, "", document=file)
    assert "20.0 MB; Telegram hands bots 20 MB" in (await owner.gathered())["text"]


async def test_caption_of_a_file_goes_with_it(bot: Runtime, owner: Chat) -> None:
    draft = await owner.hand_in("# T\n\nWords of the file.", "t.md", caption="/addarticle A word before.")
    assert await document_of(bot, draft) == "# T\n\nWords of the file.\n\nA word before."


async def test_question_is_no_article_and_a_paste_is(owner: Chat, ada: Chat) -> None:
    assert "Nothing found" in (await owner.send("Who is late every morning?"))["text"]
    assert "Not published yet" in (await owner.send(" ".join([POST] * 4)))["text"]
    assert "Not published" not in (await ada.send(" ".join([POST] * 4)))["text"]


async def test_too_many_messages_are_refused_and_none_is_lost(
    bot: Runtime, owner: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_PIECES", 5)
    for number in range(5):
        forward(owner, f"Message {number} of many")
    await owner.reply()
    forward(owner, "One too many")
    assert "5 messages at most" in (await owner.reply())["text"]
    text = await document_of(bot, await owner.later())
    assert "Message 4 of many" in text
    assert "too many" not in text


async def test_message_that_comes_twice_is_taken_once(bot: Runtime, owner: Chat) -> None:
    sent = forward(owner, f"# The late ferry\n\n{POST}")
    await owner.gathered()
    owner.server.world.updates.put("message", sent)
    assert "Nothing found" in (await owner.send("Something else"))["text"]
    assert len(await bot.services.editor.drafts()) == 1


async def test_command_in_reply_shows_the_draft_again(owner: Chat) -> None:
    sent = forward(owner, f"# The late ferry\n\n{POST}")
    draft = await owner.gathered()
    again = await owner.send("/addarticle", reply_to=sent["message_id"])
    assert again["message_id"] != draft["message_id"]
    assert data_of(again, "Publish") == data_of(draft, "Publish")


async def test_gathering_goes_on_after_a_restart(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    server.world.person(1, "Olga")
    owner = Chat(server, 1, 1)
    async with bot_running(server.address, clock, tmp_path / "more", content):
        forward(owner, f"# The late ferry\n\n{POST}")
        asked = await owner.reply()
        await owner.taken_in()
    async with bot_running(server.address, clock, tmp_path / "more", content):
        draft = await owner.later()
        assert draft["text"].startswith("The late ferry")
        assert draft["message_id"] == asked["message_id"]


async def test_others_gather_nothing(owner: Chat, ada: Chat) -> None:
    forward(owner, POST)
    asked = await owner.reply()
    forward(ada, POST)
    mine = await ada.reply()
    assert "expired" in await ada.answer_to(mine, data_of(asked, "Done"))


async def test_front_matter_is_read_beside_the_event_loop(
    bot: Runtime, owner: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(*given: Any, **more: Any) -> Any:
        threads.append(threading.current_thread())
        return gathered(*given, **more)

    def changed(*given: Any) -> str:
        threads.append(threading.current_thread())
        return with_fields(*given)

    monkeypatch.setattr(service, "gathered", watched)
    monkeypatch.setattr(editing, "with_fields", changed)
    forward(owner, f"# The late ferry\n\n{POST}")
    draft = await owner.gathered()
    await owner.press(await owner.press(draft, "Edit"), "Source")
    await owner.send("The Mill")
    assert len(threads) == 2
    assert threading.main_thread() not in threads
    assert len(await bot.services.editor.drafts()) == 1
