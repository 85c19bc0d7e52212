"""What buttons of editors stand for: the list of drafts, a time to publish one, an article's versions."""

from bot.actions.codec import written_as
from bot.article.model import ArticleId, QuoteId


@written_as("drafts:{page}")
class ListDrafts:
    """List the drafts of all editors, on a page from 0."""

    page: int


@written_as("at:{draft}")
class OfferTimes:
    """Ask when a draft is to be published."""

    draft: int


@written_as("at:{draft}:{minute}")
class PublishAtTime:
    """Have a draft published at a time, in minutes since 1970."""

    draft: int
    minute: int


@written_as("at:{draft}:no")
class CancelTime:
    """Let a draft wait for a decision again."""

    draft: int


@written_as("quotes:{draft}:{page}")
class ListDraftQuotes:
    """List the quotes of a draft, on a page from 0."""

    draft: int
    page: int


@written_as("quote:{draft}:{quote}:{page}")
class SwitchDraftQuote:
    """Leave a quote of a draft out, or bring it back; `page` is where it is listed."""

    draft: int
    quote: QuoteId
    page: int


@written_as("auto:{draft}")
class TakeChosenSummary:
    """Let sentences of the text that the bot has chosen be the summary of a draft."""

    draft: int


@written_as("edita:{article}")
class EditArticle:
    """Make a draft of an article as it stands, or open the one that somebody has made."""

    article: ArticleId


@written_as("vers:{article}:{page}")
class ListVersions:
    """List the versions of an article, on a page from 0."""

    article: ArticleId
    page: int


@written_as("diff:{article}:{version}")
class ShowVersion:
    """Show what a version changed."""

    article: ArticleId
    version: int
