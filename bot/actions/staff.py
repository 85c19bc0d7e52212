"""What the buttons of editors and owners stand for."""

from typing import Literal

from bot.actions.codec import none_as, written_as
from bot.article.model import ArticleId
from bot.i18n import Language

FeedChange = Literal[
    "pause", "minutes", "mode", "tags", "include", "exclude", "limit", "test", "remove", "gone"
]
"""What can be changed about a feed; to be `gone` is to be removed after a question."""

Decision = Literal["publish", "discard"]

DraftFieldName = Literal["title", "summary", "tags", "source", "cover"]
"""What an editor can change in a draft."""

CampaignStep = Literal["try", "start", "pause", "resume", "cancel"]
"""A step of a broadcast."""


AlertCause = Literal["held_up", "undelivered", "updates", "settling", "disk", "backup", "standby"]
"""What owners are told of (`alerts.…`).

Nothing leaves, much was lost, nobody is heard, doubts cannot be settled, no room on the disk, no backup, no
standby.
"""


@written_as("draft:{draft}")
class OpenDraft:
    """Show a draft that waits."""

    draft: int


@written_as("edit:{draft}")
class EditDraft:
    """Offer what can be changed in a draft."""

    draft: int


@written_as("edit:{draft}:{field}")
class EditDraftField:
    """Ask for a new value of what a draft says of itself; of a picture, take it away."""

    draft: int
    field: DraftFieldName


@written_as("always:{draft}")
class KeepChannelTags:
    """Give every post from the channel of a draft the tags that it has."""

    draft: int


@written_as("pub:{draft}")
class PublishDraft:
    """Make a draft an article."""

    draft: int


@written_as("pubq:{draft}")
class PublishQuietly:
    """Make a draft an article that no digest tells of."""

    draft: int


@written_as("ann:{first}:{last}")
class AnnounceArticles:
    """Make articles news that came in quietly: those with these numbers, and between."""

    first: ArticleId
    last: ArticleId


@written_as("rep:{draft}")
class ReplaceByDraft:
    """Make a draft the new version of the article that has its name."""

    draft: int


@written_as("drop:{draft}")
class DiscardDraft:
    """Throw a draft away."""

    draft: int


@written_as("more")
class HoldGathering:
    """Wait for more messages of a draft."""


@written_as("all")
class FinishGathering:
    """Make a draft of the messages that have come."""


@written_as("none")
class DropGathering:
    """Forget the messages that have come."""


@written_as("add:{draft}")
class AddToDraft:
    """Wait for more messages of a draft that is shown already."""

    draft: int


@written_as("feeds:{page}")
class OpenFeeds:
    """Show a page of the feeds that are followed."""

    page: int


@written_as("feed:{feed}")
class OpenFeed:
    """Show a feed, and what can be chosen for it."""

    feed: int


@written_as("feed+")
class AskForFeed:
    """Ask for the address of a feed."""


@written_as("feed:{feed}:{change}")
class ChangeFeed:
    """Change something about a feed, or look what would come of it."""

    feed: int
    change: FeedChange


@written_as("queue")
class OpenQueue:
    """Show what came from feeds and waits."""


@written_as("queue:{draft}:{decision}")
class DecideEntry:
    """Publish a draft that came from a feed, or throw it away, and show the rest."""

    draft: int
    decision: Decision


@written_as("queue:{first}-{last}:{decision}")
class DecideEntries:
    """The same for all drafts of feeds with these numbers, and between."""

    first: int
    last: int
    decision: Decision


@written_as("approve:{article}")
class ApproveArticle:
    """Stand for an article that a feed has published by itself."""

    article: ArticleId


@written_as("again:{link}")
class ReadLinkAgain:
    """Read a page although an article of it is here already."""

    link: int


@written_as("unread")
class CancelLinks:
    """Stop reading the pages that an editor asked for."""


@written_as("rev:{article}:{version}:{standing}")
class RevertArticle:
    """Bring an earlier version back, unless another than `standing` is the newest by then."""

    article: ArticleId
    version: int
    standing: int


@written_as("rem:{article}")
class RemoveArticle:
    """Remove an article."""

    article: ArticleId


@written_as("rest:{article}")
class RestoreArticle:
    """Bring a removed article back."""

    article: ArticleId


@written_as("trace:{article}")
class TraceArticle:
    """Tell what became of the digests with an article."""

    article: ArticleId


@written_as("invite")
class InviteEditor:
    """Make a link for one more editor."""


@written_as("dis:{user}")
class DismissEditor:
    """Make an editor a reader again."""

    user: int


@written_as("unlink")
class RevokeInvitations:
    """Void the links that nobody has used."""


@written_as("acts")
class ShowActs:
    """List what people with rights did last."""


@written_as("lift")
class LiftCooldowns:
    """Write to every chat again that Telegram asked to be left alone."""


@written_as("mute:{cause}")
class MuteAlert:
    """Tell nothing of a cause for a day."""

    cause: AlertCause


@written_as("daily:{wanted}")
class WantDailyLine:
    """Send figures each day, or no longer."""

    wanted: Literal["on", "off"]


@written_as("stopped:on")
class ResumeDelivery:
    """Let stopped delivery go on."""


@written_as("stopped:undo")
class UndoRefusals:
    """Let stopped delivery go on, as if nobody had been refused."""


@written_as("restored:told")
class CountAsTold:
    """After a backup was put back, count everything until now as sent."""


@written_as("restored:again")
class TellAgain:
    """After a backup was put back, send again what it does not know of."""


@written_as("bc:{campaign}:{step}")
class TakeStep:
    """Take a step of a broadcast."""

    campaign: int
    step: CampaignStep


@written_as("bc:{campaign}:lang:{language}")
class LimitLanguage:
    """Choose the language of a broadcast's readers, or all."""

    campaign: int
    language: Language | None = none_as("all")


@written_as("bc:{campaign}:days:{days}")
class LimitDays:
    """Choose within how many days a broadcast's readers were last here, or all."""

    campaign: int
    days: int | None = none_as("all")
