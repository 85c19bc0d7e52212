"""/topics: a chat chooses what it hears of, by taps and by words; a digest follows and says why."""

import pytest

from bot.app.lifespan import Runtime
from bot.demo import membership
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from bot.reader.interests import EVERYTHING, Interests, Topic
from bot.reader.model import Place
from tests.chat import Chat, data_of, labels
from tests.clock import StillClock
from tests.tg.test_digests import reader_of, skip
from tests.tg.test_groups import told

LEAD = "The lead of this article is long enough to stand for it."


def document(title: str, *, tags: str, source: str, lead: str = LEAD) -> str:
    return (
        f"---\ntags: [{tags}]\nsource: {source}\n---\n# {title}\n\n{lead}\n\n## Part\n\n> Words of {title}."
    )


@pytest.fixture
def articles() -> dict[str, str]:
    return {
        "a.md": document("Borrowing in Rust", tags="Rust, Web", source="The Paper"),
        "b.md": document("Electric cars", tags="Cars", source="The Paper"),
        "c.md": document("More of Rust", tags="rust", source="A Blog"),
        "d.md": document(
            "大模型入门", tags="机器学习", source="某报", lead="这篇文章的导语写得足够长，可以代表它。"
        ),
    }


async def interests(chat: Chat, bot: Runtime) -> Interests:
    return (await reader_of(chat, bot)).interests


async def listed(chat: Chat, what: str) -> Json:
    return await chat.press(await chat.send("/topics"), what)


async def test_nothing_chosen_means_everything(ada: Chat) -> None:
    shown = await ada.send("/topics")
    assert shown["text"].startswith("🎯 Your topics\nEverything new.")
    assert labels(shown) == [
        "🏷 Tags",
        "📰 Sources",
        "🔤 Words",
        "🌐 Languages",
        "👁 What this week would have brought",
        "‹ Settings",
    ]


async def test_tags_are_followed_and_muted_by_taps(ada: Chat, bot: Runtime) -> None:
    screen = await listed(ada, "Tags")
    assert labels(screen)[0].casefold() == "#rust · 2"
    assert sorted(labels(screen)[1:]) == ["#Cars · 1", "#Web · 1", "#机器学习 · 1", "‹ Topics"]
    screen = await ada.press(screen, "ust · 2")
    assert any(label.startswith("★ #") and label.endswith("ust · 2") for label in labels(screen))
    screen = await ada.press(screen, "#Cars")
    screen = await ada.press(screen, "#Cars")
    assert "🔕 #Cars · 1" in labels(screen)
    shown = await ada.press(screen, "‹ Topics")
    assert "Never: #Cars." in shown["text"]
    assert "Only: #" in shown["text"]
    screen = await ada.press(await ada.press(shown, "Tags"), "🔕 #Cars")
    assert "#Cars · 1" in labels(screen)
    assert (await interests(ada, bot)).muted == ()
    shown = await ada.press(await ada.press(screen, "‹ Topics"), "Everything again")
    assert "Everything new." in shown["text"]
    assert await interests(ada, bot) == EVERYTHING


async def test_sources_stand_with_their_counts(ada: Chat, bot: Runtime) -> None:
    screen = await listed(ada, "Sources")
    assert labels(screen)[0] == "The Paper · 2"
    await ada.press(screen, "A Blog")
    assert (await interests(ada, bot)).followed == (Topic("source", "A Blog"),)


async def test_words_are_typed_and_taken_back_by_taps(ada: Chat, bot: Runtime) -> None:
    screen = await listed(ada, "Words")
    assert "No words yet." in screen["text"]
    shown = await ada.send("electric cars, -rust，大模型")
    assert "Only: “electric cars” and “大模型”." in shown["text"]
    assert "Never: “rust”." in shown["text"]
    screen = await ada.press(shown, "Words")
    assert labels(screen)[:3] == ["★ “electric cars”", "★ “大模型”", "🔕 “rust”"]
    screen = await ada.press(screen, "🔕 “rust”")
    assert "🔕 “rust”" not in labels(screen)
    assert (await interests(ada, bot)).muted == ()


async def test_what_is_no_list_of_words_is_a_search_as_ever(ada: Chat, bot: Runtime) -> None:
    await listed(ada, "Words")
    said = await ada.send("what did they say about electric cars in the paper")
    assert "Electric cars" in said["text"] or "Nothing found" in said["text"]
    assert await interests(ada, bot) == EVERYTHING


async def test_words_may_come_with_the_command(ada: Chat, bot: Runtime) -> None:
    shown = await ada.send("/topics #rust, -crypto")
    assert "Only: #rust." in shown["text"]
    assert await interests(ada, bot) == Interests((Topic("tag", "rust"),), (Topic("word", "crypto"),))
    assert "40 characters" in (await ada.send("/topics " + "x" * 41))["text"]


async def test_languages_of_articles(ada: Chat, bot: Runtime) -> None:
    screen = await listed(ada, "Languages")
    assert labels(screen)[:2] == ["English · 3", "Chinese · 1"]
    screen = await ada.press(screen, "Chinese")
    assert "✓ Chinese · 1" in labels(screen)
    assert "Articles in: Chinese." in (await ada.press(screen, "‹ Topics"))["text"]
    assert (await interests(ada, bot)).languages == {"zh"}
    reader = await reader_of(ada, bot)
    assert "expired" in await ada.answer_to(screen, f"set:{reader.id}:read:xx")
    await ada.press(screen, "✓ Chinese")
    assert await interests(ada, bot) == EVERYTHING


async def test_week_is_shown_before_it_counts(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/topics #rust, -#web")
    before = (await reader_of(ada, bot)).cursors
    shown = await ada.press(await ada.send("/topics"), "What this week")
    assert shown["text"] == (
        "The last 7 days: 1 of 4 new articles would have come.\n\n• More of Rust · ★ #rust\n\n"
        "Left out\n• 大模型入门\n• Electric cars\n• Borrowing in Rust"
    )
    assert (await reader_of(ada, bot)).cursors == before
    await clock.advance(days=8)
    shown = await ada.press(await ada.send("/topics"), "What this week")
    assert shown["text"] == "The last 7 days: 0 of 0 new articles would have come."


async def test_digest_says_why_and_offers_what_was_left_out(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 14:00 UTC")
    await ada.send("/topics #rust")
    await skip(bot, clock, hours=3)
    digest = await ada.reply()
    assert "More of Rust" in digest["text"]
    assert "· ★ #rust" in digest["text"]
    assert "Electric cars" not in digest["text"]
    everything = await ada.press(digest, "Also new, not among your topics")
    assert "Electric cars" in everything["text"]
    opened = await ada.press(everything, "2")
    assert any(label.startswith("🔕") for label in labels(opened))


async def test_source_of_an_entry_is_muted_by_one_tap_and_undone_by_another(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    await ada.send("/subscribe 14:00 UTC")
    await skip(bot, clock, hours=3)
    digest = await ada.reply()
    opened = await ada.press(digest, "Electric cars")
    assert labels(opened)[-2:] == ["🔕 The Paper", "🔕 #Cars"]
    muted = await ada.press(opened, "🔕 The Paper")
    assert labels(muted)[-2:] == ["↺ The Paper", "🔕 #Cars"]
    assert (await interests(ada, bot)).muted == (Topic("source", "The Paper"),)
    back = await ada.press(muted, "↺ The Paper")
    assert labels(back)[-2:] == ["🔕 The Paper", "🔕 #Cars"]
    assert await interests(ada, bot) == EVERYTHING
    # From anywhere else, an article opens without them.
    assert not any(label.startswith("🔕") for label in labels(await ada.send("/summary electric cars")))


async def test_tap_says_what_it_did(ada: Chat, bot: Runtime) -> None:
    shown = await ada.send("/summary electric cars")
    card = next(card for card in bot.services.library.newest() if card.title == "Electric cars")
    _, [opened] = await ada.pressed(shown, f"+told:{card.id}")
    data = opened["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    assert "leave out: The Paper" in await ada.answer_to(opened, data)
    assert "bring it again: The Paper" in await ada.answer_to(opened, data)
    assert "expired" in await ada.answer_to(opened, f"mute:{card.id}:abcdef")
    assert "removed" in await ada.answer_to(opened, "told:99999")


async def test_muting_what_one_follows_is_undone_exactly(ada: Chat, bot: Runtime) -> None:
    await ada.send("/topics #cars")
    shown = await ada.send("/summary electric cars")
    card = next(card for card in bot.services.library.newest() if card.title == "Electric cars")
    _, [opened] = await ada.pressed(shown, f"+told:{card.id}")
    opened = await ada.press(opened, "🔕 #Cars")
    assert "everything that you follow is muted" in (await ada.send("/topics"))["text"]
    asked = await ada.send("/digest")
    assert asked["text"] == "Nothing that you follow is new."
    assert "Your topics" in (await ada.press(asked, "🎯 Topics"))["text"]
    await ada.press(opened, "↺ #Cars")
    assert await interests(ada, bot) == Interests(followed=(Topic("tag", "cars"),))


async def test_topic_that_no_article_has_any_more_can_still_be_taken_back(ada: Chat, bot: Runtime) -> None:
    await ada.send("/topics #elsewhere")
    screen = await listed(ada, "Tags")
    screen = await ada.press(screen, "★ #elsewhere · 0")
    assert "🔕 #elsewhere · 0" in labels(screen)
    reader = await reader_of(ada, bot)
    assert "expired" in await ada.answer_to(screen, f"set:{reader.id}:topic:tag:000000000000:0")


async def test_hundred_topics_are_enough(ada: Chat, bot: Runtime) -> None:
    for first in range(0, 100, 25):
        await ada.send("/topics " + ",".join(f"w{number}" for number in range(first, first + 25)))
    assert len((await interests(ada, bot)).followed) == 100
    screen = await listed(ada, "Sources")
    assert "100 topics" in (await ada.pressed(screen, data_of(screen, "A Blog")))[0]
    shown = await ada.send("/summary electric cars")
    card = next(card for card in bot.services.library.newest() if card.title == "Electric cars")
    _, [opened] = await ada.pressed(shown, f"+told:{card.id}")
    assert "100 topics" in await ada.answer_to(opened, data_of(opened, "🔕 #Cars"))
    assert (await interests(ada, bot)).muted == ()
    words = await listed(ada, "Words")
    assert "2/9 ›" in labels(words)
    words = await ada.press(words, "2/9 ›")
    assert "‹ 1/9" in labels(words)
    assert "“w12”" in labels(words)[0]


async def test_group_is_chosen_for_by_its_administrators(
    server: BotApiServer, ada: Chat, lin: Chat, bot: Runtime
) -> None:
    server.world.group(-100, "Club", {ada.user: "creator", lin.user: "member"})
    club = Chat(server, -100, ada.user)
    shown = await club.send("/topics -crypto")
    assert "Never: “crypto”." in shown["text"]
    server.world.say(-100, lin.user, "/topics rust")
    assert "administrator" in (await club.reply())["text"]
    screen = await club.press(shown, "Words")
    assert "/topics rust" in screen["text"]
    member = Chat(server, -100, lin.user)
    refused, _ = await member.pressed(screen, data_of(screen, "🔕 “crypto”"))
    assert "administrator" in refused
    await club.press(screen, "🔕 “crypto”")
    assert await interests(club, bot) == EVERYTHING


async def test_channel_is_chosen_for_from_the_private_chat(
    server: BotApiServer, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    server.world.channel(-200, "Good reads", {ada.user: "creator"})
    await ada.send("/start")
    membership.become(server.world, -200, ada.user, "administrator")
    settings = await told(ada, clock)
    while "Settings of" not in settings["text"]:
        settings = await told(ada, clock)
    shown = await ada.press(settings, "🎯 Topics")
    assert shown["text"].startswith("🎯 Topics of “Good reads”")
    await ada.press(shown, "Words")
    shown = await ada.send("-weather")
    assert shown["text"].startswith("🎯 Topics of “Good reads”\nNever: “weather”.")
    assert await interests(ada, bot) == EVERYTHING
    channel = await bot.services.readers.find(Place(-200))
    assert channel is not None
    assert channel.interests.muted == (Topic("word", "weather"),)


async def test_settings_lead_to_topics(ada: Chat) -> None:
    shown = await ada.press(await ada.send("/settings"), "🎯 Topics")
    assert "Your topics" in shown["text"]
    assert "Settings" in (await ada.press(shown, "‹ Settings"))["text"]


async def test_privacy_names_topics_only_where_some_were_chosen(ada: Chat) -> None:
    assert "/topics" not in (await ada.send("/privacy"))["text"]
    await ada.send("/topics rust")
    assert "The topics and languages that you chose" in (await ada.send("/privacy"))["text"]


async def test_source_in_a_group_is_muted_by_administrators(
    server: BotApiServer, ada: Chat, lin: Chat, bot: Runtime
) -> None:
    server.world.group(-100, "Club", {ada.user: "creator", lin.user: "member"})
    member = Chat(server, -100, lin.user)
    shown = await member.send("/summary electric cars")
    card = next(card for card in bot.services.library.newest() if card.title == "Electric cars")
    _, [opened] = await member.pressed(shown, f"+told:{card.id}")
    refused, _ = await member.pressed(opened, data_of(opened, "🔕 #Cars"))
    assert "管理员" in refused
    assert await interests(member, bot) == EVERYTHING
    admin = Chat(server, -100, ada.user)
    await admin.pressed(opened, data_of(opened, "🔕 #Cars"))
    assert (await interests(admin, bot)).muted == (Topic("tag", "Cars"),)
