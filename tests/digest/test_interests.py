"""Interests choose from the news: what is followed, what is muted, in which languages."""

from dataclasses import replace

import pytest

from bot.article.library import Card
from bot.digest.interests import (
    counted,
    following,
    is_chosen,
    key_of,
    muted_over,
    muting,
    select,
    switched,
    unmuted,
    without,
)
from bot.reader.interests import EVERYTHING, MAX_TOPICS, Interests, Topic
from tests.documents import card

RUST = card(
    1, "---\ntags: [rust, web]\nsource: The Paper\n---\n# Rust at work\n\nA lead that is long enough for it."
)
CARS = card(2, "---\ntags: [cars]\nsource: The Paper\n---\n# Electric cars\n\nBatteries and models of them.")
ZH = card(
    3,
    "---\ntags: [机器学习]\nsource: 某报\n---\n# 大模型为什么会幻觉\n\n这篇文章的导语写得足够长，可以代表它。",
)
NEWS = (ZH, CARS, RUST)

TAG_RUST, TAG_CARS = Topic("tag", "rust"), Topic("tag", "cars")
PAPER = Topic("source", "the  PAPER")


def titles(interests: Interests) -> list[Card]:
    return list(select(NEWS, interests).cards)


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        (EVERYTHING, [ZH, CARS, RUST]),
        (Interests(followed=(TAG_RUST,)), [RUST]),
        (Interests(followed=(TAG_RUST, TAG_CARS)), [CARS, RUST]),
        (Interests(followed=(PAPER,)), [CARS, RUST]),
        (Interests(muted=(PAPER,)), [ZH]),
        (Interests(followed=(PAPER,), muted=(TAG_RUST,)), [CARS]),
        (Interests(followed=(Topic("word", "model"),)), [CARS]),
        (Interests(followed=(Topic("word", "大模型"),)), [ZH]),
        (Interests(followed=(Topic("word", "机器学习"),)), [ZH]),
        (Interests(muted=(Topic("word", "battery"),)), [ZH, RUST]),
        (Interests(followed=(Topic("tag", "機器學習"),)), [ZH]),
        (Interests(followed=(Topic("word", "paper"),)), [CARS, RUST]),
        (Interests(followed=(Topic("word", "rusty"), Topic("tag", "none"))), []),
        (Interests(languages=frozenset({"zh"})), [ZH]),
        (Interests(languages=frozenset({"zh", "en"}), muted=(TAG_CARS,)), [ZH, RUST]),
    ],
)
def test_interests_let_in(interests: Interests, expected: list[Card]) -> None:
    assert titles(interests) == expected


def test_what_is_left_out_is_told_and_why_the_rest_is_in() -> None:
    selection = select(NEWS, Interests(followed=(TAG_RUST, PAPER), muted=(TAG_CARS,)))
    assert list(selection.left_out) == [ZH, CARS]
    assert selection.because == {RUST.id: TAG_RUST}


def test_what_only_was_not_muted_has_no_reason() -> None:
    assert select(NEWS, Interests(muted=(TAG_CARS,))).because == {}


def test_taps_go_round() -> None:
    once = switched(EVERYTHING, TAG_RUST)
    twice = switched(once, Topic("tag", "Rust"))
    assert once == Interests(followed=(TAG_RUST,))
    assert twice == Interests(muted=(Topic("tag", "Rust"),))
    assert switched(twice, TAG_RUST) == EVERYTHING


def test_topic_is_followed_or_muted_and_never_both() -> None:
    both = muting(following(Interests(muted=(TAG_CARS,)), TAG_RUST), TAG_RUST)
    assert both == Interests(muted=(TAG_CARS, TAG_RUST))
    assert following(both, TAG_CARS) == Interests(followed=(TAG_CARS,), muted=(TAG_RUST,))
    assert without(both, TAG_RUST) == Interests(muted=(TAG_CARS,))


def test_muting_what_is_followed_is_undone_exactly() -> None:
    before = Interests(followed=(TAG_RUST, TAG_CARS))
    muted = muted_over(before, Topic("tag", "RUST"))
    assert muted.followed == before.followed
    assert titles(muted) == [CARS]
    assert muted_over(muted, TAG_RUST) == muted
    assert unmuted(muted, TAG_RUST) == before
    assert switched(muted, TAG_RUST) == Interests(followed=(TAG_CARS,))


def test_more_topics_than_there_is_room_for_are_not_taken() -> None:
    full = Interests(followed=tuple(Topic("word", f"w{number}") for number in range(MAX_TOPICS)))
    assert following(full, TAG_RUST) == full
    assert muting(full, TAG_RUST) == full
    assert muted_over(full, TAG_RUST) == full
    moved = muting(full, Topic("word", "w5"))
    assert len(moved.followed) == MAX_TOPICS - 1
    assert moved.muted == (Topic("word", "w5"),)


def test_ways_to_write_a_topic_are_one_and_kinds_are_apart() -> None:
    same = ["machine learning", "Machine_Learning", "MACHINE-LEARNING", "ｍａｃｈｉｎｅ learning"]
    assert len({key_of(Topic("tag", name)) for name in same}) == 1
    assert key_of(Topic("tag", "x")) != key_of(Topic("word", "x"))
    assert key_of(Topic("tag", "🦀")) != key_of(Topic("tag", "🚗"))
    assert is_chosen([Topic("tag", "机器学习")], Topic("tag", "機器學習"))


def test_topics_are_counted_by_how_many_articles_have_them() -> None:
    other = replace(RUST, tags=("Rust", "WEB"), source=None)
    more = replace(RUST, tags=("rust",))
    assert counted([RUST, other, more, CARS], "tag") == [
        (Topic("tag", "rust"), 3),
        (Topic("tag", "web"), 2),
        (Topic("tag", "cars"), 1),
    ]
    assert counted([RUST, other, CARS], "source") == [(Topic("source", "The Paper"), 2)]
