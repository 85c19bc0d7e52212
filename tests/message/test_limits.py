"""Telegram's limits: a message that breaks one is found out, and one at the limit is not."""

import pytest

from bot.message.limits import is_link, kept_link, problems, utf16
from bot.message.model import Button, Entity, EntityKind, Message


def entity(offset: int, length: int, kind: EntityKind = "bold", url: str | None = None) -> Entity:
    return Entity(kind=kind, offset=offset, length=length, url=url)


def button(text: str = "b", data: str | None = "x", url: str | None = None) -> Button:
    return Button(text=text, callback_data=data, url=url)


@pytest.mark.parametrize(
    "message",
    [
        Message(text="x" * 4096),
        Message(text="👍" * 2048),
        Message(text="x" * 200, entities=tuple(entity(i, 1) for i in range(100))),
        Message(text="👍👍", entities=(entity(2, 2),)),
        Message(text="abc", entities=(entity(0, 3), entity(0, 1, "italic"))),
        Message(text="a", buttons=((button(data="x" * 64), button(data=None, url="tg://user?id=1")),)),
        Message(text="a", buttons=((button(),) * 8,) * 12),
    ],
)
def test_message_at_the_limit_is_good(message: Message) -> None:
    assert problems(message) == []


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Message(text="x" * 4097), "4097 UTF-16 units"),
        (Message(text="👍" * 2049), "4098 UTF-16 units"),
        (Message(text="\u3000"), "is empty"),
        (Message(text="a "), "ends with space"),
        (Message(text="\ud83d"), "half a character"),
        (Message(text="x" * 200, entities=tuple(entity(i, 1) for i in range(101))), "101 entities"),
        (
            Message(text="x", entities=(entity(0, 1, "text_link", "https://a.example/" + "y" * 9000),)),
            "bytes",
        ),
        (Message(text="abc", entities=(entity(2, 2),)), "outside the text"),
        (Message(text="abc", entities=(entity(1, 0),)), "outside the text"),
        (Message(text="👍", entities=(entity(1, 1),)), "cuts a character"),
        (Message(text="a👍", entities=(entity(0, 2),)), "cuts a character"),
        (Message(text="abc", entities=(entity(0, 2), entity(1, 2, "italic"))), "overlaps"),
        (Message(text="abc", entities=(entity(0, 1, "text_link", "http://localhost/"),)), "leads nowhere"),
        (Message(text="a", buttons=((button(),) * 9,)), "9 buttons"),
        (Message(text="a", buttons=((),)), "0 buttons"),
        (Message(text="a", buttons=((button(),) * 8,) * 13), "more than 100 buttons"),
        (Message(text="a", buttons=((button(" "),),)), "empty or too long"),
        (Message(text="a", buttons=((button("x" * 65),),)), "empty or too long"),
        (Message(text="a", buttons=((button(data="é" * 33),),)), "more than 64 bytes"),
        (Message(text="a", buttons=((button(data=""),),)), "or nothing"),
        (Message(text="a", buttons=((button(data=None),),)), "needs an action"),
        (Message(text="a", buttons=((button(url="https://a.example"),),)), "needs an action"),
        (Message(text="a", buttons=((button(data=None, url="ftp://a.example"),),)), "leads nowhere"),
    ],
)
def test_message_that_breaks_a_limit_is_found_out(message: Message, words: str) -> None:
    assert any(words in problem for problem in problems(message))


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://a.example/x?y#z", True),
        ("http://127.0.0.1:8080/", True),
        ("http://[::1]/", True),
        ("https://例子.中国/", True),
        ("tg://resolve?domain=x", True),
        ("https://a.b_c.example/", True),
        ("http://localhost/", False),
        ("http://a .example/", False),
        ("http://a.example:port/", False),
        ("http://[::1/", False),
        ("mailto:a@b.example", False),
        ("./images/a.png", False),
        ("https://", False),
        ("https://a.example/" + "x" * 2000, True),
        ("https://a.example/" + "x" * 2100, False),
    ],
)
def test_only_addresses_that_telegram_keeps_are_links(url: str, good: bool) -> None:  # noqa: FBT001  # a column of the table
    assert is_link(url) is good


def test_lengths_are_counted_in_utf16_units() -> None:
    assert [utf16(text) for text in ("abc", "真的", "👍", "")] == [3, 2, 2, 0]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("HTTPS://User@EXAMPLE.org", "https://User@example.org/"),
        ("https://example.org/A?b=C#d", "https://example.org/A?b=C#d"),
        ("https://example.org?b=C", "https://example.org/?b=C"),
        ("tg://resolve", "tg://resolve/"),
        ("tg://resolve?domain=X", "tg://resolve?domain=X"),
        ("tg://resolve/Path?domain=X", "tg://resolve/Path?domain=X"),
        ("tg://user?id=5", None),
        ("ftp://example.org/", None),
        ("https://example.org:port/", None),
        ("https://example.org:/", None),
        ("https://@example.org/", None),
        ("https:///path", None),
        ("https://example.org/a b", None),
    ],
)
def test_link_is_kept_as_telegram_keeps_it(url: str, kept: str | None) -> None:
    assert kept_link(url) == kept
