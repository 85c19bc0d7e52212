"""How a digest reads."""

from datetime import date

from bot.digest.model import DigestContent
from bot.i18n import Language, translator
from bot.message.edition import edition_of
from bot.message.limits import problems
from bot.views.digest import compose
from tests.documents import article, card

DAY = date(2026, 11, 25)
EN, ZH = translator(Language("en")), translator(Language("zh"))


def test_newest_five_have_their_summary_the_rest_their_titles() -> None:
    cards = [
        card(n, f"# Title number {n}\n\nThe lead of number {n} is long enough.") for n in range(20, 0, -1)
    ]
    [message] = compose(DigestContent(day=DAY, new=cards, since=0), EN)
    assert message.text.startswith("☀️ Wednesday, 25 November\n20 new articles for you.")
    assert "The lead of number 16 " in message.text
    assert "The lead of number 15 " not in message.text
    assert "• Title number 8" in message.text
    assert "Title number 7" not in message.text
    labels = [button.text for row in message.buttons for button in row]
    assert labels[:-3] == [*(f"{n}. Title number {21 - n}" for n in range(1, 6)), "… and 7 more"]
    assert labels[-3:] == ["⏰ Time", "⏸ Pause", "🛑 Stop"]


def test_between_five_and_thirteen_a_button_shows_the_whole_list() -> None:
    [message] = compose(DigestContent(day=DAY, new=[card(n) for n in range(7)], since=0), ZH)
    assert message.buttons[-2][0].text == "查看全部新文章"
    assert message.buttons[-2][0].callback_data == "+new:0:0"


def test_quote_says_who_spoke_and_where() -> None:
    made = article("# T\n\nlead\n\n> Words to keep.\n>\n> — Ada")
    said = edition_of(made).quotes[0]
    [message] = compose(DigestContent(day=DAY, quote=(card(), said)), EN)
    assert "Nothing new, so" in message.text
    assert message.text.endswith("Words to keep.\n— Ada, “Title”")
    assert any(entity.kind == "blockquote" for entity in message.entities)


def test_digest_after_an_outage_says_what_it_stands_for() -> None:
    [message] = compose(DigestContent(day=DAY, new=[card()], merged=3), EN)
    assert "this one covers 3" in message.text


def test_long_summary_ends_with_a_sentence_or_an_ellipsis() -> None:
    sentences = card(1, "# T\n\n" + "这是一句完整的话，说的是一件事情。" * 30)
    words = card(1, "# T\n\n" + "word " * 100)
    [first] = compose(DigestContent(day=DAY, new=[sentences]), ZH)
    [second] = compose(DigestContent(day=DAY, new=[words]), EN)
    brief = "Short. " + "Two " * 30 + "words"
    [third] = compose(DigestContent(day=DAY, new=[card(1, f"# T\n\n{brief}")]), EN)
    assert third.text.endswith(brief), "one that fits is not cut"
    assert first.text.endswith("。")
    assert second.text.endswith("word…")
    several = card(1, "# T\n\n" + "Version 3.5 is a sentence of its own. " * 9)
    [fourth] = compose(DigestContent(day=DAY, new=[several]), EN)
    assert fourth.text.endswith("sentence of its own.")


def test_digest_of_the_longest_parts_is_split_within_the_limits() -> None:
    wide = card(1, f"# a{'👍' * 300}\n\nb{'👍' * 300}")
    said = edition_of(article(f"# T\n\nlead\n\n> abcd{'👍' * 3000}")).quotes[0]
    parts = compose(DigestContent(day=DAY, new=[wide] * 20, quote=(wide, said), merged=2), EN)
    assert len(parts) > 1
    assert [problems(part) for part in parts] == [[]] * len(parts)
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_what_is_switched_off_is_left_out() -> None:
    cards = [card(1, "# Title\n\nThe lead of this one is long enough.")]
    [message] = compose(DigestContent(day=DAY, new=cards, leads=False, managed=False), EN)
    assert "1. Title" in message.text
    assert "The lead" not in message.text
    assert [button.callback_data for row in message.buttons for button in row] == ["+told:1"]


def test_own_language_comes_first_and_others_are_named() -> None:
    english, chinese = (
        card(1, "# English\n\nIts lead is here."),
        card(2, "# 中文的一篇\n\n这一篇的导语在这里。"),
    )
    [message] = compose(DigestContent(day=DAY, new=[chinese, english]), EN)
    assert message.text.index("1. English") < message.text.index("In other languages\n• 中文的一篇")
    assert "这一篇的导语" not in message.text
    assert [row[0].text for row in message.buttons[:2]] == ["1. English", "All new articles"]
    [message] = compose(DigestContent(day=DAY, new=[chinese]), EN)
    assert "这一篇的导语在这里。" in message.text
    assert "In other languages" not in message.text


def test_nothing_is_said_of_news_that_nobody_wants() -> None:
    said = edition_of(article("# T\n\nlead\n\n> Words to keep.")).quotes[0]
    [message] = compose(DigestContent(day=DAY, quote=(card(), said), news=False), EN)
    assert "Nothing new" not in message.text
