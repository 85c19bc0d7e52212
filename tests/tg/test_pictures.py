"""Pictures of articles: below a summary and in a digest where they fit, and never in the way of words."""

from typing import Any

import pytest
from aiohttp import web

from bot.app.lifespan import Runtime
from bot.demo.arguments import Arguments
from bot.demo.model import Json
from bot.demo.server import Phase
from tests.chat import Chat, data_of
from tests.tg.test_gathering import CHANNEL, POST

TEXT = f"# The late ferry\n\n{POST}"


async def published(owner: Chat, words: str = TEXT, **more: Any) -> Json:
    """An article that came as a post with a picture."""
    owner.server.world.picture(owner.id, owner.user, caption=words, forward_origin=CHANNEL, **more)
    draft = await owner.gathered()
    return await owner.press(await owner.press(draft, "Announce"), "Read")


async def test_picture_of_a_post_is_shown_with_its_summary(owner: Chat, ada: Chat) -> None:
    shown = await published(owner)
    assert shown["photo"]
    assert shown["caption"].startswith("The late ferry")
    assert {"bold"} <= {entity["type"] for entity in shown["caption_entities"]}
    assert (await ada.send("/summary ferry"))["photo"]
    contents = await ada.press(await ada.send("/summary ferry"), "Contents")
    assert "photo" not in contents  # a new message: a picture cannot become a text


async def test_picture_is_in_the_digest_until_it_is_switched_off(owner: Chat, ada: Chat) -> None:
    await published(owner)
    first = await ada.send("/digest")
    assert first["photo"]
    assert "The late ferry" in first["caption"]
    settings = await ada.send("/settings")
    parts = await ada.press(settings, "Content")
    await ada.press(parts, "picture")
    assert "photo" not in await ada.send("/summary ferry")
    assert "photo" not in await ada.send("/digest")


async def test_summary_too_long_for_a_caption_goes_without(owner: Chat) -> None:
    shown = await published(owner, f"# The late ferry\n\n{' '.join([POST] * 20)}")
    assert "photo" not in shown
    assert shown["text"].startswith("The late ferry")
    assert shown["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    "words",
    [
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: not enough rights to send photos to the chat",
    ],
)
async def test_picture_that_telegram_refuses_holds_no_words_up(owner: Chat, ada: Chat, words: str) -> None:
    await published(owner)

    async def fault(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        if method != "sendphoto" or phase == "after":
            return None
        return web.json_response({"ok": False, "error_code": 400, "description": words}, status=400)

    owner.server.fault = fault
    assert (await ada.send("/summary ferry"))["text"].startswith("The late ferry")
    assert "The late ferry" in (await ada.send("/digest"))["text"]


async def test_picture_with_an_address_is_previewed(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(
        f"/addarticle ---\ncover: https://example.org/a.jpg\nurl: https://example.org/a\n---\n{TEXT}"
    )
    await owner.press(draft, "Publish")
    shown = await ada.send("/summary ferry")
    assert shown["link_preview_options"]["url"] == "https://example.org/a.jpg"
    assert (await ada.send("/digest"))["link_preview_options"]["url"] == "https://example.org/a.jpg"


async def test_picture_of_a_path_is_none(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(f"/addarticle ---\ncover: /img/a.jpg\nurl: https://example.org/a\n---\n{TEXT}")
    await owner.press(draft, "Publish")
    assert (await ada.send("/summary ferry"))["link_preview_options"]["url"] == "https://example.org/a"
    assert data_of(await ada.send("/digest"), "ferry")


async def test_picture_is_there_after_a_restart(owner: Chat, bot: Runtime) -> None:
    await published(owner)
    [card] = [each for each in await bot.stores.articles.cards() if each.title == "The late ferry"]
    assert card.picture.startswith("tg:")
