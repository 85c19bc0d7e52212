"""Editors send links: pages become drafts, one after another, and never two of one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.app.lifespan import Runtime
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from bot.sources.fetch import Fetched, FetchError, Version
from tests.chat import Chat, bot_running, labels
from tests.clock import StillClock
from tests.documents import read_page_here
from tests.tg.test_editing import TEXT

WORDS = (
    "The river remembers everyone who hurried it, and it forgives none of them. In the villages along its banks "
    "people set their clocks by the ferry, which is late every morning by the same eleven minutes."
)
FERRY = "https://example.org/ferry"
BRIDGE = "https://other.example/bridge"


def page(title: str, words: str = WORDS) -> bytes:
    return (
        f"<html lang='en'><head><title>{title} | The River Post</title><meta property='og:site_name' "
        f"content='The River Post'><meta name='author' content='Jane Roe'></head><body><article><h1>{title}</h1>"
        f"<p>{words}</p><p>{words[::-1]}</p></article></body></html>"
    ).encode()


@dataclass(slots=True)
class Web:
    """Pages by their addresses; one is held back while `gate` is closed."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    most_busy: int = 0

    async def fetch(self, address: str, *, since: Version | None = None) -> Fetched:
        del since
        self.asked.append(address)
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await self.gate.wait()
        finally:
            self.busy -= 1
        if address not in self.pages:
            raise FetchError("fetch.status", host="example.org", status=404)
        return Fetched(address=address, media_type="text/html", charset=None, data=self.pages[address])


@pytest.fixture
def web() -> Web:
    made = Web(
        {FERRY: page("The late ferry"), BRIDGE: page("The new bridge", WORDS.replace("river", "sea")[::-1])}
    )
    made.gate.set()
    return made


@pytest.fixture
async def bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, web: Web
) -> AsyncIterator[Runtime]:
    async with bot_running(
        server.address, clock, tmp_path / "data", content, fetch=web.fetch, read_page=read_page_here
    ) as product:
        yield product


async def last_of(chat: Chat, message: Json) -> Json:
    """What a message of progress has become in the end."""
    while message["text"].startswith("⏳"):
        message = await chat.reply()
    return message


@pytest.mark.parametrize("form", ["/addarticle {}", "{}", "The late ferry\n{}", "Look at this: {} !"])
async def test_link_becomes_a_draft_and_an_article(bot: Runtime, owner: Chat, ada: Chat, form: str) -> None:
    first = await owner.send(form.format(FERRY))
    assert first["text"].startswith("⏳ example.org: ")
    draft = await last_of(owner, first)
    assert draft["message_id"] == first["message_id"]
    assert draft["text"].startswith("The late ferry\nThe River Post")
    assert "Publish" in labels(draft)[0]
    done = await owner.press(draft, "Publish")
    assert "“The late ferry” is published" in done["text"]
    shown = await ada.send("/summary ferry")
    assert "Jane Roe" in shown["text"]
    assert FERRY in str(shown)
    assert len(bot.services.library.newest()) == 3


async def test_link_that_was_asked_for_with_addarticle_first(owner: Chat) -> None:
    assert "a link" in (await owner.send("/addarticle"))["text"]
    assert (await last_of(owner, await owner.send(FERRY)))["text"].startswith("The late ferry")


async def test_several_links_become_drafts_one_after_another(owner: Chat, web: Web) -> None:
    message = await owner.send(f"{FERRY}\n{BRIDGE}\n{FERRY}?utm_source=x")
    seen: list[str] = []
    while len(seen) < 2:
        if not message["text"].startswith("⏳"):
            seen.append(message["text"].split("\n")[0])
        if len(seen) < 2:
            message = await owner.reply()
    assert seen == ["The late ferry", "The new bridge"]
    assert (web.asked, web.most_busy) == ([FERRY, BRIDGE], 1)


async def test_text_with_a_link_in_it_is_no_link(owner: Chat, web: Web) -> None:
    text = (
        f"{TEXT}\n\nSee {FERRY} for more, and tell me what you think of it when you have read it to its end."
    )
    shown = await owner.send(f"/addarticle {text}")
    assert shown["text"].startswith("A new article")
    assert web.asked == []


async def test_link_of_a_reader_is_plain_words(ada: Chat, web: Web) -> None:
    assert "⏳" not in (await ada.send(FERRY))["text"]
    assert web.asked == []


async def test_page_that_is_here_already_is_offered_and_can_be_read_again(owner: Chat, web: Web) -> None:
    await owner.press(await last_of(owner, await owner.send(FERRY)), "Publish")
    known = await last_of(owner, await owner.send(f"{FERRY.replace('https', 'http')}?utm_source=x#top"))
    assert known["text"] == "This page is here already, as “The late ferry”."
    assert (await owner.press(known, "Read"))["text"].startswith("The late ferry")
    web.pages[f"{FERRY.replace('https', 'http')}?utm_source=x#top"] = page(
        "The late ferry", WORDS + " And more."
    )
    draft = await last_of(owner, await owner.press(known, "Fetch it anyway"))
    assert "This page is here already, as “The late ferry”. Replacing it is a correction" in draft["text"]
    assert "is updated" in (await owner.press(draft, "Replace"))["text"]


async def test_button_of_a_page_that_was_decided_says_so(owner: Chat) -> None:
    await owner.press(await last_of(owner, await owner.send(FERRY)), "Publish")
    known = await last_of(owner, await owner.send(FERRY))
    data = next(
        each["callback_data"]
        for row in known["reply_markup"]["inline_keyboard"]
        for each in row
        if "again" in each["callback_data"]
    )
    await last_of(owner, await owner.press(known, "Fetch it anyway"))
    assert await owner.answer_to(known, data) == "Already handled."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "error 404"),
        (b"<html><title>Just a moment...</title><body>Checking your browser</body></html>", "only a person can pass"),
        ("<html><body><p>该内容已被发布者删除</p></body></html>".encode(), "deleted"),
    ],
)  # fmt: skip
async def test_page_that_is_no_article_says_what_to_do(
    owner: Chat, web: Web, body: bytes | None, words: str
) -> None:
    web.pages = {FERRY: body} if body else {}
    answer = await last_of(owner, await owner.send(FERRY))
    assert answer["text"].startswith("⚠️ example.org")
    assert words in answer["text"]
    assert "These still wait" not in (await owner.send("/addarticle"))["text"]


@pytest.mark.parametrize("by_button", [True, False])
async def test_link_is_cancelled_while_it_is_fetched(owner: Chat, web: Web, *, by_button: bool) -> None:
    web.gate.clear()
    message = await owner.send(f"{FERRY}\n{BRIDGE}")
    while not web.asked or "fetching" not in message["text"]:
        message = await owner.reply()
    said = await (owner.press(message, "Cancel") if by_button else owner.send("/cancel"))
    while said["text"].startswith("⏳"):
        said = await owner.reply()
    assert "ancel" in said["text"]
    web.gate.set()
    assert "These still wait" not in (await owner.send("/addarticle"))["text"]
    assert (web.asked, web.busy) == ([FERRY], 0)


async def test_link_is_read_by_the_next_start(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, web: Web
) -> None:
    server.world.person(1, "Olga")
    web.gate.clear()
    owner = Chat(server, 1, 1)
    async with bot_running(
        server.address, clock, tmp_path / "data", content, fetch=web.fetch, read_page=read_page_here
    ):
        message = await owner.send(FERRY)
        while not web.asked:
            message = await owner.reply()
    web.gate.set()
    async with bot_running(
        server.address, clock, tmp_path / "data", content, fetch=web.fetch, read_page=read_page_here
    ):
        draft = await last_of(owner, message)
        assert draft["text"].startswith("The late ferry")
        assert len((await owner.send("/addarticle"))["reply_markup"]["inline_keyboard"]) == 1
    assert web.asked == [FERRY, FERRY]


async def test_fault_of_our_own_is_told_once_and_not_repeated(
    owner: Chat, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    web.pages = {FERRY: 0}  # type: ignore[dict-item]  # a page that nothing can read
    answer = await last_of(owner, await owner.send(FERRY))
    assert "fault of this program (" in answer["text"]
    assert "kept a page from being read" in caplog.text
    web.pages = {FERRY: page("The late ferry")}
    assert (await last_of(owner, await owner.send(FERRY)))["text"].startswith("The late ferry")
    assert web.asked == [FERRY, FERRY]


@pytest.mark.parametrize("text", ["notes.md", "see notes.md and readme.md"])
async def test_name_of_a_file_is_no_link(owner: Chat, web: Web, text: str) -> None:
    assert (
        "⏳"
        not in (
            await owner.send(text, entities=[{"type": "url", "offset": text.index("notes"), "length": 8}])
        )["text"]
    )
    assert web.asked == []


async def test_list_of_many_links_is_a_text(owner: Chat, web: Web) -> None:
    text = "\n".join(f"https://example.org/{number}" for number in range(11))
    shown = await owner.send(f"/addarticle {text}")
    assert "Not published yet" in shown["text"]
    assert web.asked == []


async def test_link_in_a_forwarded_post_is_read_while_the_bot_types(
    owner: Chat, web: Web, server: BotApiServer
) -> None:
    origin = {
        "type": "channel",
        "date": 1,
        "chat": {"id": -1001, "type": "channel", "title": "News"},
        "message_id": 5,
    }
    first = await owner.send(f"The late ferry 🛥\n{FERRY}", forward_origin=origin)
    assert (await last_of(owner, first))["text"].startswith("The late ferry")
    assert web.asked == [FERRY]
    assert "sendchataction" in [each.method for each in server.ledger]
