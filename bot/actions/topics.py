"""What the buttons of /topics stand for. A `reader` that is None is the chat in which one is pressed."""

from bot.actions.codec import none_as, written_as
from bot.article.model import ArticleId
from bot.reader.interests import TopicKind
from bot.reader.model import ReaderId


@written_as("told:{article}")
class OpenNews:
    """Open an article in short from a digest, where its topics can be muted."""

    article: ArticleId


@written_as("mute:{article}:{topic}")
class SwitchMute:
    """Mute a topic of an article that was opened from a digest, or let it come again; `topic` is its key."""

    article: ArticleId
    topic: str


@written_as("set:{reader}:topics")
class OpenTopics:
    """Show what a chat wants to hear of."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:topics:{kind}:{page}")
class ListTopics:
    """List the topics of a kind, on a page from 0."""

    reader: ReaderId | None = none_as("0")
    kind: TopicKind
    page: int


@written_as("set:{reader}:topic:{kind}:{topic}:{page}")
class SwitchTopic:
    """Follow a topic, mute it, or neither; `topic` is its key, `page` where it is listed."""

    reader: ReaderId | None = none_as("0")
    kind: TopicKind
    topic: str
    page: int


@written_as("set:{reader}:langs")
class ListLanguages:
    """List the languages that articles are in."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:read:{language}")
class SwitchReadLanguage:
    """Hear of articles in this language, or no longer."""

    reader: ReaderId | None = none_as("0")
    language: str


@written_as("set:{reader}:week")
class ShowWeek:
    """Show what of the last week would have been announced."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:everything")
class ChooseEverything:
    """Hear of everything again."""

    reader: ReaderId | None = none_as("0")
