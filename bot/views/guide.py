"""The manual behind a button of /help: one Markdown file a language, beside the catalogues."""

from functools import cache
from importlib.resources import files
from typing import Final

from bot.actions.readers import OpenGuide
from bot.i18n import Language, Translator
from bot.message.callback import button
from bot.message.edition import MAX_PAGE_ENTITIES, edition_of
from bot.message.formatted_text import FormattedText, to_message
from bot.message.model import Message
from bot.message.split import split

_PAGE_UNITS: Final = 1_500
"""UTF-16 units of a page: about two screens of a phone."""

_ENGLISH: Final = Language("en")


def guide(page: int, tr: Translator) -> Message:
    """Return a page of the manual, at most the last one."""
    pages = _pages(tr.language)
    page = min(max(page, 0), len(pages) - 1)
    turns = []
    if page > 0:
        turns.append(button(f"‹ {page}/{len(pages)}", OpenGuide(page - 1)))
    if page < len(pages) - 1:
        turns.append(button(f"{page + 2}/{len(pages)} ›", OpenGuide(page + 1)))
    return to_message(pages[page], (tuple(turns),) if turns else ())


@cache
def _pages(language: Language) -> tuple[FormattedText, ...]:
    file = files("bot.i18n") / f"guide.{language}.md"
    if not file.is_file():
        return _pages(_ENGLISH)
    # The Markdown parser is a tenth of each start; documents are read in processes of their own.
    from bot.article.parse import parse  # noqa: PLC0415  # see above

    article = parse(file.read_text("utf-8"), file=file.name)
    parts = [FormattedText.plain(article.title).bold()]
    for section in edition_of(article).sections:
        title = FormattedText.plain(section.head.title).bold()
        parts.append(FormattedText.join("\n", (title, *section.pages)))
    return split(FormattedText.join("\n\n", parts), limit=_PAGE_UNITS, entities=MAX_PAGE_ENTITIES)
