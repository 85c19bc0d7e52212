"""Every message of every article is what Telegram makes of it: nothing is altered, nothing refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ArticleError
from bot.message.formatted_text import FormattedText, to_message
from bot.message.model import Entity, EntityKind, Message
from bot.workers.preflight import messages_of
from tests.documents import article, documents
from tests.generated import Document, worded
from tests.telegram import as_telegram_keeps_it, is_altered


def altered(text: str) -> list[tuple[str, Message, Message]]:
    """Messages that Telegram would keep otherwise."""
    return [
        (kind, message, as_telegram_keeps_it(message))
        for kind, message in messages_of(article(text, "made.md"))
        if is_altered(message)
    ]


@settings(max_examples=60)
@given(worded())
def test_no_message_is_altered(document: Document) -> None:
    assert altered(document.text) == []


@settings(max_examples=60)
@given(documents)
def test_no_message_of_odd_characters_is_altered(text: str) -> None:
    try:
        assert altered(text) == []
    except ArticleError:
        return


odd = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
strange = st.one_of(
    odd,
    odd.map(lambda text: f"**{text}**"),
    odd.map(lambda text: f"`{text}`"),
    odd.map(lambda text: f"[{text}](https://A.example?{text})"),
    odd.map(lambda text: f"> {text}"),
    odd.map(lambda text: f"```{text}\n{text}\n\t```"),
    odd.map(lambda text: f"|{text}|{text}|\n|-|-|\n|{text}|**{text}**|"),
    st.sampled_from(
        [
            "\u202eabc",
            "\x00a",
            "a\tb",
            "a\u2067b\u2069",
            "\ufeff a",
            "\u3000全角\u3000",
            "e\u030a\u0333",
            "\x85",
        ]
    ),
)


@settings(max_examples=100)
@given(st.lists(strange, max_size=6), st.sampled_from([" ", "\n", "\n\n"]))
def test_no_message_of_any_characters_is_altered(pieces: list[str], between: str) -> None:
    assert altered(f"word\n\n{between.join(pieces)}") == []


def entity(kind: EntityKind, offset: int, length: int, url: str | None = None) -> Entity:
    return Entity(kind=kind, offset=offset, length=length, url=url)


@pytest.mark.parametrize(
    "message",
    [
        Message(text="a "),
        Message(text="\n\na"),
        Message(text="a\tb"),
        Message(text="a b", entities=(entity("bold", 1, 1),)),
        Message(text="abc", entities=(entity("code", 0, 3), entity("bold", 1, 1))),
        Message(text="abc", entities=(entity("bold", 0, 3), entity("code", 1, 1))),
        Message(text="abc", entities=(entity("blockquote", 0, 3), entity("expandable_blockquote", 1, 1))),
        Message(text="abc", entities=(entity("bold", 0, 3), entity("bold", 1, 1))),
        Message(text="abc", entities=(entity("text_link", 0, 3, "https://A.example"),)),
        Message(text="abc", entities=(entity("text_link", 0, 3, "./a.md"),)),
    ],
)
def test_what_telegram_alters_is_seen(message: Message) -> None:
    assert is_altered(message)


@pytest.mark.parametrize("char", ["\u202e", "\r", "\u030a"])
def test_what_telegram_drops_is_seen(char: str) -> None:
    with pytest.raises(ValueError, match="drops"):
        as_telegram_keeps_it(Message(text=f"a{char}b"))


@pytest.mark.parametrize(
    ("rich", "kept"),
    [
        ((FormattedText.plain("a") + FormattedText.plain("b").bold()).code(), ["code"]),
        ((FormattedText.plain("a") + FormattedText.plain("b").link("https://a.example/")).pre(), ["pre"]),
        ((FormattedText.plain("a") + FormattedText.plain("b").code()).quote(), ["blockquote", "code"]),
    ],
)
def test_nothing_stands_within_code_as_on_telegram(rich: FormattedText, kept: list[str]) -> None:
    message = to_message(rich)
    assert [entity.kind for entity in message.entities] == kept
    assert not is_altered(message)
