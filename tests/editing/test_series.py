"""Pieces of a series: what each of them has is no piece's summary, also of those that came before it was known."""

import json
from pathlib import Path

import pytest

from bot.article.parse import parse
from bot.article.plain_text import plain_blocks
from bot.article.recurring import fingerprint, recurring_among
from bot.cli import main
from bot.db.database import Database
from tests.clock import StillClock
from tests.editing.stack import EditingStack, editing_stack

INTRODUCTION = "In these pages we collect what was worth reading, number {0}, of November {0}, 2026."
OWN = ("A heron stood in the pond for a whole day.", "The ferry was late by an hour.", "Rain fell upwards.",
       "Somebody repaired the clock of the tower.")  # fmt: skip


def piece(number: int, own: str = "") -> str:
    words = own or OWN[number]
    return f"# Letter {number}\n\n{INTRODUCTION.format(number)}\n\n## Part\n\n{words}\n\n> It was the best of days."


@pytest.fixture
async def at(database: Database, clock: StillClock) -> EditingStack:
    return await editing_stack(database, clock)


def leads(at: EditingStack) -> list[str]:
    return [card.lead for card in sorted(at.library.newest(), key=lambda card: card.id)]


async def test_what_three_pieces_have_is_the_summary_of_none(at: EditingStack) -> None:
    for number in range(2):
        await at.publish(piece(number), f"l{number}.md")
    assert leads(at) == [INTRODUCTION.format(0), INTRODUCTION.format(1)]
    await at.publish(piece(2), "l2.md")
    assert leads(at) == list(OWN[:3])
    assert [len(card.quotes) for card in at.library.newest()] == [0, 0, 0]
    await at.publish(piece(3), "l3.md")
    assert leads(at) == list(OWN)
    # Read from the database, it is the same: nothing was made news or a new version by it.
    cards = sorted(await at.articles.cards(), key=lambda card: card.id)
    assert [(card.lead, card.version, card.news) for card in cards] == [
        (words, 1, number) for number, words in enumerate(OWN, 1)
    ]
    assert plain_text_of(await at.editions.summary(cards[0].id)) == OWN[0]
    assert await at.count("editions") == 4


def plain_text_of(text: object) -> str:
    return str(getattr(text, "text", text))


async def test_piece_that_was_proposed_before_the_series_was_known_is_read_again(at: EditingStack) -> None:
    drafts = [
        (await at.editor.propose(piece(number).encode(), name=f"l{number}.md", editor=1)).draft
        for number in range(3)
    ]
    for draft in drafts:
        assert await at.editor.publish(draft, editor=1)
    assert leads(at) == list(OWN[:3])


async def test_preview_shows_what_will_be_published(at: EditingStack) -> None:
    for number in range(2):
        await at.publish(piece(number), f"l{number}.md")
    proposal = await at.editor.propose(piece(2).encode(), name="l2.md", editor=1)
    assert proposal.card.lead == OWN[2]


async def test_article_edited_by_hand_stays_as_it_is(at: EditingStack) -> None:
    await at.publish(piece(0), "l0.md")
    await at.publish(piece(0), "l0.md", replacing=True)
    for number in (1, 2):
        await at.publish(piece(number), f"l{number}.md")
    assert leads(at) == [INTRODUCTION.format(0), OWN[1], OWN[2]]


async def test_correction_of_one_article_counts_it_once(at: EditingStack) -> None:
    for number in range(2):
        await at.publish(piece(number), f"l{number}.md")
    await at.publish(piece(1, "It was corrected."), "l1.md", replacing=True)
    assert leads(at) == [INTRODUCTION.format(0), INTRODUCTION.format(1)]


async def test_removed_articles_do_not_count(at: EditingStack) -> None:
    cards = [await at.publish(piece(number), f"l{number}.md") for number in range(2)]
    await at.editor.remove(cards[0].id, editor=1)
    await at.publish(piece(2), "l2.md")
    assert leads(at) == [INTRODUCTION.format(1), INTRODUCTION.format(2)]


def test_check_of_a_folder_knows_its_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        (tmp_path / f"l{number}.md").write_text(piece(number))
    assert main(["check", "--json", str(tmp_path)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["summary"] for row in rows] == list(OWN[:3])


def test_numbers_and_dates_make_no_difference() -> None:
    assert fingerprint("Issue 12 of November 3, 2026: read on.") == fingerprint(
        "Issue 7 of May 21, 2025 — read on"
    )
    assert fingerprint("第一百二十期，十一月三日发布，欢迎阅读本刊。") == fingerprint(
        "第99期，5月21日发布，欢迎阅读本刊。"
    )
    assert fingerprint("Short") is None
    assert fingerprint("Something else entirely.") != fingerprint("Something else altogether.")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (
            "# 周刊第 7 期：雨的形状\n\n这里记录每周值得分享的内容，周五发布。\n\n## 雨的形状\n\n雨滴其实不是泪滴的样子，而像一个小面包。",
            "雨滴其实不是泪滴的样子，而像一个小面包。",
        ),
        (
            ("# 周刊第 8 期\n\n欢迎投稿，本周刊每周五发布。\n\n## 消息\n\n某地的桥今天终于通车了，两岸的人都来看。\n\n"
            "## 本周话题\n\n为什么人们喜欢站在桥上看水，一站就是半天？"),
            "为什么人们喜欢站在桥上看水，一站就是半天？",
        ),
        (
            "# Letter 9\n\nHello and welcome to another issue of this letter!\n\n## News\n\nThe bridge was opened today.",
            "The bridge was opened today.",
        ),
        (
            ("# Letter 10\n\nWelcome to another edition of the weekly letter.\n\n## The bridge\n\n![](a.png)\n\n## The heron\n\n"
            "![](b.png)"),
            "The bridge · The heron",
        ),
    ],
)  # fmt: skip
def test_first_piece_of_a_series_is_told_by_what_it_says(text: str, summary: str) -> None:
    assert plain_blocks(parse(text, file="a.md").summary) == summary


def test_given_summary_that_recurs_is_not_used() -> None:
    text = "---\nsummary: A letter about this and that, each week.\n---\n# T{0}\n\n" + "{1}"
    texts = [text.format(number, OWN[number]) for number in range(3)]
    found = recurring_among({f"l{n}": parse(one, file=f"l{n}.md").paragraphs for n, one in enumerate(texts)})
    article = parse(texts[0], file="l0.md", recurring=found)
    assert plain_blocks(article.summary) == OWN[0]
