"""What readers' buttons stand for. A `reader` that is None is the chat in which the button is pressed."""

from datetime import date, time
from typing import Literal

from bot.actions.codec import none_as, written_as
from bot.article.model import ArticleId, SectionId
from bot.i18n import Language
from bot.reader.model import Part, ReaderId

Screen = Literal["all", "times", "days", "weekly", "zone", "lang", "parts", "pause"]
"""A screen of /settings; `all` is the overview."""

TypedScreen = Literal["times", "weekly", "zone", "gozone", "pause"]
"""A screen in which words may be typed; on `gozone` a zone starts the digests, too."""


@written_as("sum:{article}")
class OpenSummary:
    """Open an article in short."""

    article: ArticleId


@written_as("out:{article}:{page}")
class OpenOutline:
    """Open a page (from 0) of an article's outline."""

    article: ArticleId
    page: int


@written_as("sec:{article}:{section}:{page}")
class OpenSection:
    """Open a page (from 0) of a section."""

    article: ArticleId
    section: SectionId
    page: int


@written_as("arts:{page}")
class ListArticles:
    """List all articles, on a page from 0."""

    page: int


@written_as("new:{since}:{page}")
class ListNews:
    """List the articles after a watermark, on a page from 0."""

    since: int
    page: int


@written_as("quo:{article}")
class ShowQuote:
    """Show one more quote, of an article or of all."""

    article: ArticleId | None = none_as("0")


@written_as("find:{page}")
class SearchPage:
    """Show a page (from 0) of the search whose words stand in the message."""

    page: int


@written_as("look:{words}")
class SearchWord:
    """Search a word."""

    words: str


@written_as("guide:{page}")
class OpenGuide:
    """Show a page of the manual."""

    page: int


@written_as("help")
class ShowHelp:
    """Say what the bot can do."""


@written_as("dig")
class ShowNextDigest:
    """Show the next digest as it would be now."""


@written_as("sub")
class Subscribe:
    """Subscribe this chat at the times that it had; one that never had any is asked for its city."""


@written_as("zone:{zone}")
class SubscribeInZone:
    """Subscribe this chat, with what was typed before its zone was asked for."""

    zone: str


@written_as("set:{reader}:{screen}")
class OpenSettings:
    """Open a screen of the settings."""

    reader: ReaderId | None = none_as("0")
    screen: Screen


@written_as("set:{reader}:stop")
class StopDigests:
    """Send no more digests."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:go")
class StartDigests:
    """Send digests at the times that were chosen; ask for a zone when none was."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:time:{at}")
class SwitchTime:
    """Add a local time, or take it away."""

    reader: ReaderId | None = none_as("0")
    at: time


@written_as("set:{reader}:day:{days}")
class ChooseDays:
    """Switch one ISO weekday, or choose several."""

    reader: ReaderId | None = none_as("0")
    days: frozenset[int]


@written_as("set:{reader}:weekly:{day}:{at}")
class ChooseWeekly:
    """Send a digest of the week on this ISO weekday, at this local time."""

    reader: ReaderId | None = none_as("0")
    day: int
    at: time


@written_as("set:{reader}:weekly:off")
class StopWeekly:
    """Send no digest of the week."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:daily")
class SwitchDaily:
    """Send the digest of the week alone, or daily ones beside it again."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:in:{zone}")
class ChooseZone:
    """Choose a zone."""

    reader: ReaderId | None = none_as("0")
    zone: str


@written_as("set:{reader}:goin:{zone}")
class StartInZone:
    """Choose a zone, and send digests from now on."""

    reader: ReaderId | None = none_as("0")
    zone: str


@written_as("set:{reader}:say:{language}")
class ChooseLanguage:
    """Choose a language, or follow the client's."""

    reader: ReaderId | None = none_as("0")
    language: Language | None = none_as("auto")


@written_as("set:{reader}:part:{part}")
class SwitchPart:
    """Add a part of the digest, or take it away."""

    reader: ReaderId | None = none_as("0")
    part: Part


@written_as("set:{reader}:new")
class SwitchOnlyNew:
    """Send no digest without a new article, or send it again."""

    reader: ReaderId | None = none_as("0")


@written_as("set:{reader}:until:{day}")
class PauseUntil:
    """Pause until a local day, or end the pause."""

    reader: ReaderId | None = none_as("0")
    day: date | None = none_as("0")


@written_as("export")
class ExportData:
    """Send all that is stored, as a file."""


@written_as("forgetme")
class AskToForget:
    """Ask whether all that is stored is to be deleted."""


@written_as("forget:yes")
class ForgetData:
    """Delete all that is stored."""


@written_as("forget:no")
class KeepData:
    """Delete nothing after all."""
