"""An editor changes what a draft says of itself, by buttons and by writing; nothing is public before."""

import pytest

from bot.app.lifespan import Runtime
from bot.demo.model import Json
from tests.chat import Chat, data_of, labels
from tests.tg.test_gathering import CHANNEL, POST, document_of, forward

TEXT = f"# The late ferry\n\n{POST}\n\n## Part\n\n> Words worth keeping."


async def changed(owner: Chat, draft: Json, button: str, words: str) -> Json:
    await owner.press(await owner.press(draft, "Edit"), button)
    return await owner.send(words)


async def test_title_summary_tags_and_source_are_changed(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(f"/addarticle {TEXT}")
    draft = await changed(owner, draft, "Title", "The early ferry")
    assert draft["text"].startswith("The early ferry\n")
    draft = await changed(owner, draft, "Summary", "It is early, for once.\n\nA second paragraph.")
    assert "It is early, for once." in draft["text"]
    draft = await changed(owner, draft, "Tags", "#rivers, ferries，渡船")
    assert "#rivers #ferries #渡船" in draft["text"]
    draft = await changed(owner, draft, "Source", "The Mill")
    assert "The Mill" in draft["text"].split("\n")[1]
    done = await owner.press(draft, "Publish")
    assert "“The early ferry” is published" in done["text"]
    shown = await ada.send("/summary early")
    assert "#rivers #ferries #渡船" in shown["text"]
    assert "A second paragraph." in shown["text"]
    assert POST not in shown["text"]


async def test_edit_is_a_screen_that_leads_back(owner: Chat) -> None:
    draft = await owner.send(f"/addarticle {TEXT}")
    screen = await owner.press(draft, "Edit")
    assert labels(screen) == ["✏️ Title", "✏️ Summary", "🏷 Tags", "✏️ Source", "💬 Quotes", "‹ Back"]
    assert screen["message_id"] == draft["message_id"]
    assert labels(await owner.press(screen, "Back")) == labels(draft)


async def test_question_says_what_stands_and_can_be_cancelled(owner: Chat) -> None:
    draft = await owner.send(f"/addarticle ---\ntags: [a, b]\n---\n{TEXT}")
    screen = await owner.press(draft, "Edit")
    for button, now in {
        "Title": "The late ferry",
        "Summary": "The river",
        "Tags": "a and b",
        "Source": "–",
    }.items():
        assert f"is: {now}" in (await owner.press(screen, button))["text"].replace("are: ", "is: ")
    assert (await owner.send("/cancel"))["text"] == "Cancelled."
    assert "Nothing found" in (await owner.send("Another title"))["text"]


@pytest.mark.parametrize(
    ("button", "gone"), [("Tags", "#a"), ("Source", "The Mill"), ("Summary", "Given before")]
)
async def test_dash_takes_it_away(owner: Chat, ada: Chat, button: str, gone: str) -> None:
    given = f"---\ntags: [a]\nsource: The Mill\nsummary: Given before.\nauthor: Jane\n---\n{TEXT}"
    draft = await changed(owner, await owner.send(f"/addarticle {given}"), button, "-")
    await owner.press(draft, "Publish")
    shown = (await ada.send("/summary late"))["text"]
    assert gone not in shown
    assert "Jane" in shown


async def test_picture_is_taken_away(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(f"/addarticle ---\ncover: https://example.org/a.jpg\n---\n{TEXT}")
    assert "🖼 With a picture" in draft["text"]
    screen = await owner.press(draft, "Edit")
    screen = await owner.press(screen, "Without picture")
    assert "🖼 With a picture" not in screen["text"]
    assert "🖼 Without picture" not in labels(screen)
    await owner.press(await owner.press(screen, "Back"), "Publish")
    assert (await ada.send("/summary late"))["link_preview_options"] == {"is_disabled": True}


async def test_long_answer_is_an_answer_and_no_article(bot: Runtime, owner: Chat) -> None:
    draft = await owner.send(f"/addarticle {TEXT}")
    draft = await changed(owner, draft, "Summary", " ".join([POST] * 5))
    assert len(await bot.services.editor.drafts()) == 1
    assert draft["text"].count(POST) > 1


async def test_change_stays_when_the_message_is_changed(owner: Chat) -> None:
    sent = forward(owner, TEXT)
    await changed(owner, await owner.gathered(), "Source", "The Mill")
    owner.server.world.edit(owner.id, sent["message_id"], TEXT.replace("late", "tardy"))
    again = await owner.later()
    assert again["text"].startswith("The tardy ferry\nThe Mill")


async def test_draft_that_is_gone_cannot_be_changed(owner: Chat) -> None:
    draft = await owner.send(f"/addarticle {TEXT}")
    screen = await owner.press(draft, "Edit")
    await owner.press(screen, "Title")
    await owner.pressed(screen, data_of(draft, "Discard"))
    assert "Already handled" in (await owner.send("Another title"))["text"]
    for label in ("Title", "Back"):
        assert "Already handled" in await owner.answer_to(screen, data_of(screen, label))
    assert "Already handled" in await owner.answer_to(draft, data_of(draft, "Edit"))


async def test_nobody_else_changes_a_draft(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(f"/addarticle {TEXT}")
    screen = await owner.press(draft, "Edit")
    mine = await ada.send("/help")
    assert "expired" in await ada.answer_to(mine, data_of(screen, "Title"))


async def test_channel_has_standing_tags(bot: Runtime, owner: Chat) -> None:
    forward(owner, TEXT)
    draft = await owner.gathered()
    assert "📌" not in str(labels(draft))
    draft = await changed(owner, draft, "Tags", "rivers, ferries")
    words, _ = await owner.pressed(draft, data_of(draft, "📌 Tag The River Post"))
    assert words == "From now on, posts from The River Post get: rivers and ferries."
    forward(
        owner,
        "# The new bridge\n\nIt was built in a year, and nobody has crossed it since.",
        {**CHANNEL, "message_id": 78},
    )
    text = await document_of(bot, await owner.gathered())
    assert "tags:\n- rivers\n- ferries\n" in text
    forward(
        owner,
        "# Other words\n\nThey are from another channel, which has no tags.",
        {**CHANNEL, "chat": {**CHANNEL["chat"], "id": -1010}},
    )
    assert "tags:" not in await document_of(bot, await owner.gathered())


QUOTED = "# The eel is back\n\nNobody had seen one since the weir was built.\n\n> First words worth keeping.\n\nAda waited. “It was never gone,” she said in the end.\n\n> Second words worth keeping."


def quotes_of(bot: Runtime, title: str = "The eel is back") -> int:
    [card] = [card for card in bot.services.library.newest() if card.title == title]
    return len(card.quotes)


async def test_quotes_are_left_out_and_brought_back_by_taps(owner: Chat, bot: Runtime) -> None:
    draft = await owner.send(f"/addarticle {QUOTED}")
    screen = await owner.press(await owner.press(draft, "Edit"), "Quotes")
    assert "💬 2 quotes." in screen["text"]
    assert labels(screen)[:2] == ["✓ First words worth keeping.", "✓ Second words worth keeping."]
    screen = await owner.press(screen, "First words")
    assert labels(screen)[:2] == ["✓ Second words worth keeping.", "✗ First words worth keeping."]
    screen = await owner.press(screen, "Second words")
    screen = await owner.press(screen, "First words")
    assert labels(screen)[:2] == ["✓ First words worth keeping.", "✗ Second words worth keeping."]
    changed = await owner.press(await owner.press(screen, "Back"), "Back")
    assert "1 quote\nFirst words worth keeping." in changed["text"]
    await owner.press(changed, "✅ Publish")
    assert quotes_of(bot) == 1
    # What was left out of a version is left out of the next, until it is brought back.
    again = await owner.press(await owner.send("/summary eel"), "✏️ Edit")
    screen = await owner.press(await owner.press(again, "Edit"), "Quotes")
    assert labels(screen)[:2] == ["✓ First words worth keeping.", "✗ Second words worth keeping."]
    screen = await owner.press(screen, "Second words")
    await owner.press(await owner.press(await owner.press(screen, "Back"), "Back"), "✅ Replace")
    assert quotes_of(bot) == 2


async def test_words_of_the_text_become_a_quote(owner: Chat, bot: Runtime) -> None:
    draft = await owner.send(f"/addarticle {QUOTED}")
    screen = await owner.press(await owner.press(draft, "Edit"), "Quotes")
    assert "don’t stand in the text" in (await owner.send("She never said this"))["text"]
    assert "don’t stand in the text" in (await owner.send("no"))["text"]
    screen = await owner.send("it was never GONE\n— Ada")
    assert "✓ it was never GONE" in labels(screen)
    assert "💬 3 quotes." in screen["text"]
    screen = await owner.send("Nobody had seen one since the weir was built.")
    assert "💬 4 quotes." in screen["text"]
    screen = await owner.press(screen, "Nobody had seen")
    assert "✗ Nobody had seen one since the weir was built." in labels(screen)
    screen = await owner.send("Nobody had seen one since the weir was built.")
    assert "💬 4 quotes." in screen["text"], "what is sent again is wanted"
    await owner.press(await owner.press(await owner.press(screen, "Back"), "Back"), "✅ Publish")
    assert quotes_of(bot) == 4
    assert "— Ada, “The eel is back”" in (await owner.send("/quote never gone"))["text"]


async def test_quote_of_a_draft_that_is_gone_cannot_be_changed(owner: Chat) -> None:
    draft = await owner.send(f"/addarticle {QUOTED}")
    screen = await owner.press(await owner.press(draft, "Edit"), "Quotes")
    data = data_of(screen, "First words")
    assert await owner.answer_to(screen, data.replace(data.split(":")[2], "0" * 16)) != ""
    await owner.pressed(screen, data_of(draft, "Discard"))
    assert "Already handled" in await owner.answer_to(screen, data)
    assert "Already handled" in (await owner.send("First words worth keeping."))["text"]


async def test_author_can_say_what_is_no_quote(owner: Chat, bot: Runtime) -> None:
    text = f"---\nnot_quotes:\n  - first words, worth keeping\nquotes: [Nobody had seen one]\n---\n{QUOTED}"
    draft = await owner.hand_in(text, "eel.md")
    screen = await owner.press(await owner.press(draft, "Edit"), "Quotes")
    assert labels(screen)[:3] == [
        "✓ Nobody had seen one",
        "✓ Second words worth keeping.",
        "✗ first words, worth keeping",
    ]
    screen = await owner.send("It was never gone")
    assert "✓ Nobody had seen one" in labels(screen), "what the author lists stays"
    await owner.press(await owner.press(await owner.press(screen, "Back"), "Back"), "✅ Publish")
    assert quotes_of(bot) == 3


LONG = """# Why the ferry is late

On Monday the town woke up early as it always does.

The baker opened first, and the school was the last to open.

## The *reason*

The ferry is late because the 2 * 3 * 4 captains wait for the tide to turn. Nobody minds.
"""


async def test_sentences_that_the_bot_has_chosen_are_offered_taken_and_marked(owner: Chat, ada: Chat) -> None:
    draft = await owner.send(f"/addarticle {LONG}")
    assert "On Monday the town woke up early" in draft["text"]
    asked = await owner.press(await owner.press(draft, "Edit"), "Summary")
    assert "Now the summary is: On Monday the town" in asked["text"]
    assert "The ferry is late because the 2 * 3 * 4 captains" in asked["text"]
    taken = await owner.press(asked, "Take these sentences")
    assert "The ferry is late because the 2 * 3 * 4 captains wait for the tide to turn." in taken["text"]
    await owner.press(taken, "✅ Publish")
    shown = await ada.send("/summary ferry late")
    assert "2 * 3 * 4 captains" in shown["text"]
    assert "Sentences of the article, chosen by the bot." in shown["text"]
    assert "▸ The reason" in labels(shown)
    section = await ada.press(shown, "▸ The reason")
    assert "Nobody minds" in section["text"]
    # Whoever writes a summary takes the mark away.
    again = await owner.press(await owner.send("/summary ferry late"), "✏️ Edit")
    await owner.press(await owner.press(again, "Edit"), "Summary")
    await owner.press(await owner.send("It waits for the tide."), "✅ Replace")
    shown = await ada.send("/summary ferry late")
    assert "It waits for the tide." in shown["text"]
    assert "chosen by the bot" not in shown["text"]
    assert not any(label.startswith("▸") for label in labels(shown))


async def test_text_without_sentences_offers_none(owner: Chat) -> None:
    draft = await owner.hand_in("# A list\n\n- one thing\n- another thing\n\n```\ncode\n```", "list.md")
    asked = await owner.press(await owner.press(draft, "Edit"), "Summary")
    assert "reply_markup" not in asked or not asked["reply_markup"]["inline_keyboard"]
    assert "Already handled" in await owner.answer_to(draft, f"auto:{data_of(draft, 'Edit').split(':')[1]}")
