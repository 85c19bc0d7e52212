"""Plain words: those of buttons mean their commands, an answer that names no city is not asked for ever."""

import pytest

from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from bot.i18n import LANGUAGES, Language, translator
from bot.views.guide import guide
from tests.chat import Chat, labels


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("Summary", "First things"),
        ("摘要", "First things"),
        ("💬 A quote", "Words of the first."),
        ("来句金句！", "Words of the first."),
        ("contents", "First things"),
        ("Articles", "2 articles"),
        ("设置", "⚙️ Settings"),
        ("subscribe", "A digest at 08:00"),
        ("Help", "What I can do"),
    ],
)
async def test_words_of_a_button_mean_its_command(ada: Chat, words: str, answered: str) -> None:
    assert (await ada.send(words))["text"].startswith(answered)


async def test_words_that_only_begin_so_are_searched(ada: Chat) -> None:
    assert "Nothing found" in (await ada.send("summary of nonsense"))["text"]


async def test_second_answer_without_a_city_is_searched(ada: Chat) -> None:
    await ada.send("/subscribe 8:30")
    missed = await ada.send("Shenzen")
    assert "/cancel" in missed["text"]
    assert labels(missed) == ["Shanghai"]  # which Shenzhen has the time of
    assert (await ada.send("First things"))["text"].startswith("First things")
    assert (await ada.send("Berlin"))["text"].startswith("Nothing found")


async def test_city_after_a_miss_subscribes_with_what_was_typed(ada: Chat) -> None:
    await ada.send("/subscribe 8:30")
    await ada.send("你好")
    assert "Every day at 08:30, Berlin time" in (await ada.send("Berlin"))["text"]


async def test_settings_of_who_gets_no_digest_offer_no_pause(ada: Chat) -> None:
    before = await ada.send("/settings")
    assert "tap Start digests" in before["text"]
    assert not [label for label in labels(before) if "Pause" in label]
    await ada.send("/subscribe 8 London")
    after = await ada.send("/settings")
    assert "Start digests" not in after["text"]
    assert [label for label in labels(after) if "Pause" in label]


async def test_confirmation_leads_to_the_times(ada: Chat) -> None:
    confirmed = await ada.send("/subscribe 8 London")
    assert (await ada.press(confirmed, "Change time"))["text"].startswith("At what times?")


async def test_other_quote_of_an_article_is_another_one(owner: Chat, ada: Chat) -> None:
    text = "# Two quotes\n\nA lead that is long enough.\n\n> The first of two.\n\nand\n\n> The second of two."
    await owner.press(await owner.hand_in(text, "two.md"), "Publish")
    shown = (await ada.send("/quote two quotes"))["text"]
    message = await ada.send("/quote two quotes")
    for _ in range(6):
        before, message = message["text"], await ada.press(message, "Another one")
        assert message["text"] != before
    assert "of two" in shown


async def test_manual_opens_from_help_page_by_page(ada: Chat) -> None:
    page = await ada.press(await ada.send("/help"), "How it works")
    assert page["text"].startswith("How it works\n\nReading")
    while following := [label for label in labels(page) if label.endswith("›")]:
        page = await ada.press(page, following[0])
    assert "/privacy shows it" in page["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_manual_names_buttons_as_they_are(language: Language) -> None:
    tr, pages = translator(language), ""
    for number in range(9):
        pages += guide(number, tr).text
    for key in ("article.contents_button", "editing.button_publish", "editing.button_undo"):
        assert tr(key).split(" ", 1)[1] in pages, key


async def test_owner_of_the_settings_is_told_that_they_stay_one(owner: Chat, ada: Chat) -> None:
    asked = await owner.press(await owner.send("/privacy"), "Delete everything")
    assert "OWNER_IDS" in asked["text"]
    asked = await ada.press(await ada.send("/privacy"), "Delete everything")
    assert "OWNER_IDS" not in asked["text"]


async def test_editors_are_listed_only_if_there_are_any(owner: Chat) -> None:
    assert (await owner.send("/editors"))["text"] == "No editors yet, besides the owners."


async def test_picture_is_answered_with_what_is_understood(
    server: BotApiServer, ada: Chat, bot: Runtime
) -> None:
    assert bot.app.running
    server.world.sticker(ada.id, ada.user)
    assert "only understand text" in (await ada.reply())["text"]
