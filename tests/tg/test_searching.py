"""People search by any words: in private by just sending them, in groups with /search."""

import pytest

from bot.app.lifespan import Runtime
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from tests.chat import Chat, labels
from tests.clock import NOON

FILLER = "Sentence of many words that fill a page for good. " * 40
ARTICLES = {
    "deep.md": f"# Reading slowly\n\nHow to read slowly.\n\n## Method\n\n{FILLER}\n\n{FILLER}\n\nThe Zettelkasten keeps notes.",
    "zh.md": "# 记忆的方法\n\n讲怎样记住读过的东西。\n\n## 卡片\n\nZettelkasten 是一种卡片笔记法，机器帮不了忙。",
    **{
        f"many{number}.md": f"# Many {number}\n\nThe lead of number {number}.\n\nabundance"
        for number in range(12)
    },
}


def bold(message: Json) -> list[str]:
    """What stands in bold; all of it lies within the first plane of Unicode."""
    spans = [each for each in message["entities"] if each["type"] == "bold"]
    return [message["text"][each["offset"] : each["offset"] + each["length"]] for each in spans]


@pytest.fixture
def articles() -> dict[str, str]:
    return ARTICLES


async def test_plain_words_find_text_and_open_the_page_with_it(ada: Chat) -> None:
    answer = await ada.send("zettelkasten")
    assert answer["text"].startswith("2 articles with zettelkasten\n\n1. Reading slowly\n")
    assert "The Zettelkasten keeps notes." in answer["text"]
    assert bold(answer) == ["Reading slowly", "Zettelkasten", "记忆的方法", "Zettelkasten"]
    assert labels(answer) == ["1 · Method", "2 · 卡片"]
    section = await ada.press(answer, "1 · Method")
    assert section["message_id"] != answer["message_id"]
    assert "The Zettelkasten keeps notes." in section["text"]
    assert "page 4 of 4" in section["text"]
    number = await ada.send("2")
    assert number["text"].startswith("记忆的方法")


async def test_own_language_comes_first(lin: Chat) -> None:
    answer = await lin.send("zettelkasten")
    assert answer["text"].startswith("有 2 篇提到 zettelkasten\n\n1. 记忆的方法")
    assert (await lin.send("機器"))["text"].startswith("有 1 篇提到 機器")


async def test_answers_have_pages_which_need_no_memory(ada: Chat) -> None:
    first = await ada.send("/search abundance")
    assert first["text"].startswith("12 articles with abundance\n\n1. ")
    assert labels(first)[-1] == "7 more ›"
    await ada.send("/search zettelkasten")
    second = await ada.press(first, "more")
    assert second["message_id"] == first["message_id"]
    assert "\n\n6. Many" in second["text"]
    assert labels(second)[-2:] == ["‹ Back", "2 more ›"]
    third = await ada.press(second, "more")
    assert "\n\n11. Many" in third["text"]
    assert labels(third)[-1] == "‹ Back"
    assert (await ada.press(third, "Back"))["text"] == second["text"]
    opened = await ada.send("7")
    assert opened["text"].split("\n")[0] in second["text"]


async def test_whole_title_and_only_hit_in_a_title_open_the_article(ada: Chat) -> None:
    assert (await ada.send("many 3"))["text"].startswith("Many 3\n")
    assert (await ada.send("slowly reading"))["text"].startswith("Reading slowly\n")
    assert (await ada.send("/search reading slowly"))["text"].startswith("1 article with reading slowly")
    assert (await ada.send("/summary slowly"))["text"].startswith("Reading slowly\n")
    assert (await ada.send("/sections 卡片"))["text"].startswith("记忆的方法\n")


async def test_mistyped_word_is_understood_and_said(ada: Chat) -> None:
    answer = await ada.send("zettelkasen")
    assert answer["text"].startswith("No article has zettelkasen; 2 have zettelkasten\n\n1. ≈ Reading slowly")


async def test_other_forms_are_marked(ada: Chat) -> None:
    answer = await ada.send("/search noted")
    assert "1. ≈ Reading slowly" in answer["text"]
    assert answer["text"].endswith("≈ has another form of a word")


async def test_nothing_found_offers_words_that_are(ada: Chat) -> None:
    answer = await ada.send("怎样做卡片笔记")
    assert answer["text"] == "Nothing found for 怎样做卡片笔记\nThese words do occur:"
    found = await ada.press(answer, "卡片笔记")
    assert found["text"].startswith("1 article with 卡片笔记")
    assert (await ada.send("/search qqqqqq"))["text"].endswith("Try another word, or see /articles.")


async def test_owner_is_told_how_words_reach_all_readers(owner: Chat, ada: Chat) -> None:
    assert "reply to it with /broadcast" in (await owner.send("Dear qqqqqq readers"))["text"]
    assert "/broadcast" not in (await ada.send("Dear qqqqqq readers"))["text"]


async def test_search_without_words_says_how(ada: Chat) -> None:
    assert (await ada.send("/search"))["text"].startswith("Send words after /search")
    assert (await ada.send("/search …"))["text"].startswith("Send words after /search")


async def test_in_a_group_each_answer_turns_its_own_pages(server: BotApiServer, ada: Chat) -> None:
    server.world.group(-100, "Club", {ada.user: "creator"})
    club = Chat(server, -100, ada.user)
    one = await club.send("/search abundance")
    other = await club.send("/search zettelkasten")
    turned = await club.press(one, "more")
    assert turned["message_id"] == one["message_id"]
    assert "\n\n6. Many" in turned["text"]
    assert "记忆的方法" in other["text"]
    server.world.say(club.id, club.user, "abundance")  # plain words are the group's own talk
    assert (await club.send("/search slowly"))["text"].startswith("1 article with slowly")


async def test_page_of_words_that_cannot_be_read_any_more_says_so(ada: Chat) -> None:
    summary = await ada.send("/summary slowly")
    assert "Send its words again" in await ada.answer_to(summary, "find:1")


async def test_page_beyond_the_last_is_the_last(ada: Chat) -> None:
    answer = await ada.send("/search abundance")
    _, [shown] = await ada.pressed(answer, "find:99")
    assert "\n\n11. Many" in shown["text"]


async def test_longest_query_turns_its_pages(ada: Chat) -> None:
    answer = await ada.send("/search " + "abundance " * 400)
    assert "\n\n6. Many" in (await ada.press(answer, "more"))["text"]


async def test_editors_name_a_quarantined_article_that_no_search_finds(
    bot: Runtime, owner: Chat, ada: Chat
) -> None:
    card = bot.services.library.by_slug("deep")
    assert card is not None
    card = await bot.stores.articles.quarantine(card.id, "too long", NOON)
    assert card is not None
    bot.services.library.put(card)
    assert "Nothing found" in (await ada.send("/search slowly"))["text"]
    assert "Nothing found" in (await ada.send("/summary slowly"))["text"]
    assert (await ada.reply())["text"].startswith("14 articles")
    assert "Reading slowly" in (await owner.send("/trace slowly"))["text"]
    assert "Reading slowly" in (await owner.send("/removearticle slowly"))["text"]
