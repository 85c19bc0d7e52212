"""Reading in the chat: articles, summaries, sections, quotes, in both languages."""

import pytest
from telegram import LinkPreviewOptions

from bot.app.lifespan import Runtime
from bot.message.model import Message
from bot.tg.convert import fields
from tests.chat import Chat, labels


async def test_start_says_what_the_bot_is_for_and_leads_to_the_newest_article(ada: Chat, lin: Chat) -> None:
    english = await ada.send("/start")
    assert english["text"].startswith("Hello!")
    assert (await ada.press(english, "Newest"))["text"].startswith("First things")
    chinese = await lin.send("/start")
    assert chinese["text"].startswith("你好")
    assert (await lin.press(chinese, "最新"))["text"].startswith("第二篇文章")


async def test_summary_without_words_prefers_the_readers_language(ada: Chat, lin: Chat) -> None:
    assert (await ada.send("/summary"))["text"].startswith("First things")
    assert (await lin.send("/summary"))["text"].startswith("第二篇文章\n某报")


@pytest.mark.parametrize("words", ["1", "#1", "第二篇", "某报", "导语"])
async def test_summary_is_found_by_number_or_words(ada: Chat, words: str) -> None:
    assert (await ada.send(f"/summary {words}"))["text"].startswith("第二篇文章")


async def test_what_is_not_found_is_answered_with_what_there_is(ada: Chat) -> None:
    said = await ada.send("/summary nonsense")
    assert "“nonsense”" in said["text"]
    assert "1. 第二篇文章" in (await ada.reply())["text"]
    said = await ada.send("/summary 99")
    assert "“99”" in said["text"]


async def test_number_means_the_list_that_was_shown_last(ada: Chat, bot: Runtime) -> None:
    listed = await ada.send("/articles")
    assert listed["text"].startswith("2 articles\n\n1. 第二篇文章")
    for card in list(bot.services.library.newest())[:1]:
        bot.services.library.remove(card.id)  # the list on the screen is older than this
    assert (await ada.send("/summary 2"))["text"].startswith("First things")


async def test_outline_opens_sections_in_the_same_message_and_leads_on(ada: Chat) -> None:
    outline = await ada.send("/sections first")
    assert outline["link_preview_options"] == {"is_disabled": True}
    assert labels(outline) == ["Beginning", "One", "\u2003Deep", "Two", "‹ Summary"]
    one = await ada.press(outline, "One")
    assert one["message_id"] == outline["message_id"]
    assert "One · 1/3" in one["text"]
    deep = await ada.press(one, "▸ Deep")
    assert deep["text"].startswith("First things › One\nDeep · 2/3")
    assert "https://deep.example/" in [entity.get("url") for entity in deep["entities"]]
    two = await ada.press(deep, "Next")
    assert "Two · 3/3 · page 1 of 2" in two["text"]
    assert "page 2 of 2" in (await ada.press(two, "Next"))["text"]
    assert labels(await ada.press(two, "Contents")) == labels(outline)
    assert (await ada.press(two, "Previous"))["text"] == deep["text"]


async def test_quotes_do_not_repeat_until_all_were_shown(ada: Chat) -> None:
    first = await ada.send("/quote")
    assert first["text"].startswith("Words of the first.")
    second = await ada.press(first, "Another")
    assert second["text"].startswith("第二篇里的话")
    assert second["message_id"] != first["message_id"]
    assert (await ada.press(second, "Another"))["text"] == first["text"]


async def test_quote_with_words_and_one_of_an_article_leave_the_round_alone(ada: Chat) -> None:
    for _ in range(3):
        assert (await ada.send("/quote 很好"))["text"].startswith("第二篇里的话")
    summary = await ada.send("/summary 1")
    assert (await ada.press(summary, "quote"))["text"].startswith("第二篇里的话")
    assert (await ada.send("/quote"))["text"].startswith("Words of the first.")
    assert (await ada.send("/quote hi"))["text"].startswith("No quote")


async def test_quote_leads_to_its_section_in_a_message_of_its_own(ada: Chat) -> None:
    quote = await ada.send("/quote")
    section = await ada.press(quote, "In context")
    assert section["message_id"] != quote["message_id"]
    assert "One · 1/3" in section["text"]


async def test_several_articles_that_fit_are_offered(ada: Chat, owner: Chat) -> None:
    shown = await owner.send("/addarticle # First of all\n\nA lead that is long enough.")
    await owner.press(shown, "Publish")
    offered = await ada.send("/summary first")
    assert offered["text"].startswith("2 articles mention “first”. Which one?")
    assert labels(offered) == ["1", "2"]
    assert (await ada.press(offered, "1"))["text"].startswith("First of all")


async def test_article_is_found_by_its_name(ada: Chat, owner: Chat) -> None:
    shown = await owner.send("/addarticle ---\nslug: issue-0042\n---\n# Babel\n\nA lead that is long enough.")
    await owner.press(shown, "Publish")
    shown = await owner.send("/addarticle # See issue 0042\n\nAnother lead that is long enough.")
    await owner.press(shown, "Publish")
    assert (await ada.send("/summary Issue-0042"))["text"].startswith("Babel")
    offered = await ada.send("/summary issue 0042")
    assert labels(offered) == ["1", "2"]


async def test_deep_link_opens_its_article(ada: Chat) -> None:
    assert (await ada.send("/start second"))["text"].startswith("第二篇文章")
    gone = await ada.send("/start nothing")
    assert "gone" in gone["text"]
    assert (await ada.reply())["text"].startswith("Hello!")


async def test_help_lists_what_is_open_to_the_reader(ada: Chat, lin: Chat) -> None:
    text = (await ada.send("/help"))["text"]
    assert "/summary – summary of an article" in text
    assert "/addarticle" not in text
    assert "Every day\n/digest" in text
    shown = await ada.send("/help")
    assert "2 articles" in (await ada.press(shown, "All articles"))["text"]
    assert "Settings" in (await ada.press(shown, "Settings"))["text"]
    assert "来句金句" in (await lin.send("/help"))["text"]


async def test_cancel_is_never_lost_for_words(ada: Chat) -> None:
    assert "nothing to cancel" in (await ada.send("/cancel"))["text"]


async def test_number_means_an_article_rather_than_a_number_in_a_quote(ada: Chat, owner: Chat) -> None:
    shown = await owner.send(
        "/addarticle # Numbers\n\nA lead that is long enough.\n\n> Only 2 or 3 words here."
    )
    await owner.press(shown, "Publish")
    await ada.send("/articles")
    assert (await ada.send("/quote 3"))["text"].startswith("Words of the first.")
    assert (await ada.send("/quote 2 or 3"))["text"].startswith("Only 2 or 3 words here.")


async def test_quote_with_the_words_is_chosen_among_those_of_its_article(ada: Chat, owner: Chat) -> None:
    quotes = "\n\n".join(
        f"> Bird number {name} sat on the fence all day." for name in ("one", "two", "three", "four")
    )
    shown = await owner.send(
        f"/addarticle ---\ntags: [birds]\n---\n# Birds\n\nA lead about birds.\n\n{quotes}"
    )
    await owner.press(shown, "Publish")
    for name in ("two", "four", "one"):
        assert f"Bird number {name}" in (await ada.send(f"/quote bird {name}"))["text"]
    assert "Bird number" in (await ada.send("/quote tag:birds"))["text"]
    assert "No quote" in (await ada.send("/quote none"))["text"]


async def test_quote_of_an_article_is_found_by_its_name_or_number(ada: Chat) -> None:
    assert (await ada.send("/quote 第二篇"))["text"].startswith("第二篇里的话")
    await ada.send("/articles")
    assert (await ada.send("/quote 2"))["text"].startswith("Words of the first.")
    assert (await ada.send("/quote #1"))["text"].startswith("第二篇里的话")
    assert "No quote" in (await ada.send("/quote nonsense"))["text"]


def test_message_that_names_a_preview_asks_for_a_small_one() -> None:
    asked = fields(Message(text="a", preview="https://a.example/"))["link_preview_options"]
    assert asked == LinkPreviewOptions(url="https://a.example/", prefer_small_media=True).to_dict()
