"""What a chat's next words answer."""

import typing
from typing import Final

from bot.actions.codec import Codec, written_as
from bot.actions.readers import TypedScreen
from bot.actions.staff import DraftFieldName, FeedChange
from bot.errors import Unreadable
from bot.reader.model import ReaderId


@written_as("zone {typed}")
class AwaitedZone:
    """The zone of a chat that subscribes; `typed` is what it has typed so far."""

    typed: str


@written_as("zone-again {typed}")
class AwaitedZoneAgain:
    """The same, after an answer that named no city; another such answer is taken for something else."""

    typed: str


@written_as("settings {reader} {screen}")
class AwaitedSetting:
    """Words for an open screen of the settings."""

    reader: ReaderId
    screen: TypedScreen


@written_as("topics {reader}")
class AwaitedTopics:
    """Words and tags to follow or to mute, while their list is open."""

    reader: ReaderId


@written_as("article")
class AwaitedArticle:
    """The text of an article, by an editor."""


@written_as("field {draft} {field}")
class AwaitedField:
    """A new value of what a draft says of itself, by its editor."""

    draft: int
    field: DraftFieldName


@written_as("quote {draft}")
class AwaitedQuote:
    """Words of a draft's text that are to be a quote, by an editor."""

    draft: int


@written_as("at {draft}")
class AwaitedTime:
    """When a draft is to be published, by an editor."""

    draft: int


@written_as("feed")
class AwaitedFeed:
    """The address of a feed, by an editor."""


@written_as("feed {feed} {change}")
class AwaitedFeedWords:
    """Words for a feed: tags, or words that its entries must have or not have, or how many a day."""

    feed: int
    change: FeedChange


Awaited = (
    AwaitedZone
    | AwaitedZoneAgain
    | AwaitedSetting
    | AwaitedTopics
    | AwaitedArticle
    | AwaitedField
    | AwaitedQuote
    | AwaitedTime
    | AwaitedFeed
    | AwaitedFeedWords
)
"""Everything that a chat's next words can answer."""

AWAITED: Final[Codec[Awaited]] = Codec(typing.get_args(Awaited))
"""How it is stored."""


def read_awaited(text: str | None) -> Awaited | None:
    """Return what is awaited, as it is stored; nothing for what another version stored."""
    try:
        return AWAITED.decode(text) if text is not None else None
    except Unreadable:
        return AwaitedZone("") if text == "zone" else None
