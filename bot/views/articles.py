"""What readers see of an article: its summary, outline, sections, quotes, and lists of articles."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.actions.model import Action
from bot.actions.readers import OpenOutline, OpenSection, OpenSummary, ShowQuote
from bot.article.library import Card
from bot.article.model import ArticleId
from bot.article.pictures import photo_in
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.edition import RenderedQuote, SectionHead, SectionPage
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.limits import CAPTION_LIMIT, utf16, web_link
from bot.message.model import Button, ButtonRow, Message
from bot.views.header import head

Choose = Callable[[ArticleId], Action]
"""Makes the action of an article in a list."""

LIST_PAGE: Final = 8
OUTLINE_PAGE: Final = 8

_FOLDED_CHARS: Final = 400
"""Characters from which on a summary or quote is folded."""
_TITLE_CHARS: Final = 120
_FEED_CHARS: Final = 60
_MAX_FEEDS: Final = 3
_MAX_TAGS: Final = 8
_TAG_CHARS: Final = 32
_NUMBERS_IN_ROW: Final = 4
"""Buttons in a row below a list, each with an entry's number."""


def summary(
    card: Card, body: FormattedText, tr: Translator, *, also_in: Sequence[str] = (), pictures: bool = True
) -> Message:
    """Return an article in short, with its picture or a preview of its page if `pictures` are wanted.

    `also_in` are the titles of feeds that tell the same.
    """
    folded = body.quote(expandable=True) if len(body.text) > _FOLDED_CHARS else body
    if card.chosen:
        folded += FormattedText("\n") + FormattedText.plain(tr("article.chosen")).italic()
    others = FormattedText.plain(also_told(also_in, tr)).italic()
    text = FormattedText.join(
        "\n\n", filter(None, (head(card, tr), folded, others, FormattedText.plain(hashtags(card))))
    )
    row = [button(tr("article.contents_button"), OpenOutline(card.id, 0))]
    if card.quotable:
        row.append(button(tr("article.quote_button"), ShowQuote(card.id)))
    original = web_link(card.url or "")
    rows = [
        *((button(f"▸ {each.title or '–'}", OpenSection(card.id, each.section, 0)),) for each in card.chosen),
        tuple(row),
    ]
    if original is not None:
        rows.append((Button(text=tr("article.original"), url=original),))
    message = to_message(text, tuple(rows))
    return illustrated(message, card.picture, page=original or "") if pictures else message


def also_told(feeds: Sequence[str], tr: Translator) -> str:
    """Name the other feeds that tell the same; nothing without any."""
    named = [truncate(each, _FEED_CHARS) for each in feeds[:_MAX_FEEDS]]
    more = len(feeds) - len(named)
    if more:
        named.append(tr("article.more_feeds", count=more))
    return tr("article.also_in", feeds=tr.list(named)) if named else ""


def hashtags(card: Card) -> str:
    """Return the tags of an article as one can tap them."""
    return " ".join(f"#{_hashtag(tag)}" for tag in card.tags[:_MAX_TAGS])


def illustrated(message: Message, picture: str, *, page: str = "") -> Message:
    """Return a message with a picture, or with the preview of a page where it has none that fits."""
    photo = photo_in(picture)
    if photo and utf16(message.text) <= CAPTION_LIMIT:
        return replace(message, photo=photo)
    return replace(message, preview="" if photo else web_link(picture) or page)


def outline(card: Card, sections: Sequence[SectionHead], count: int, page: int, tr: Translator) -> Message:
    """Return a page of the sections as buttons, deeper ones further in; `sections` are those of the page."""
    # Ceiling division.
    pages = max(1, -(-count // OUTLINE_PAGE))
    rows: list[ButtonRow] = [
        (
            button(
                section.title or tr("article.beginning"),
                OpenSection(card.id, section.id, 0),
                depth=section.depth,
            ),
        )
        for section in sections
    ]
    turns = [button(tr("article.summary_button"), OpenSummary(card.id))]
    if page > 0:
        turns.append(button(f"‹ {page}/{pages}", OpenOutline(card.id, page - 1)))
    if page < pages - 1:
        turns.append(button(f"{page + 2}/{pages} ›", OpenOutline(card.id, page + 1)))
    text = head(card, tr) + FormattedText.plain("\n\n" + tr("article.contents", count=card.sections))
    return to_message(text, (*rows, tuple(turns)))


def shown_number(card: Card, part: SectionHead, count: int) -> int:
    """Return the number of a section among `count`, from 1; 0 for what precedes the first heading."""
    return part.number + 1 - (count - card.sections)


def section(card: Card, place: SectionPage, tr: Translator) -> Message:
    """Return a page of a section; *next* goes on to its next page, then to the next section."""
    part, page = place.section, place.page
    trail = FormattedText.plain(" › ".join((truncate(card.title, _TITLE_CHARS), *part.path)))
    title = FormattedText.plain(part.title or tr("article.beginning")).bold()
    title = title.link(part.url) if part.url else title
    number = shown_number(card, part, place.count)
    where = f" · {number}/{card.sections}" if number else ""
    if part.pages > 1:
        where += tr("article.page", page=page + 1, pages=part.pages)
    head = FormattedText.join("", (trail, FormattedText("\n"), title, FormattedText.plain(where)))
    text = FormattedText.join("\n\n", (head, place.body) if place.body else (head,))
    rows: list[ButtonRow] = []
    if page == part.pages - 1:
        rows += [(button(f"▸ {name or '–'}", OpenSection(card.id, id_, 0)),) for id_, name in part.below]
    back = button(tr("article.back"), OpenOutline(card.id, part.number // OUTLINE_PAGE))
    # Within a section by pages, then on to its neighbours.
    before = (part.id, page - 1) if page else (place.before, 0)
    after = (part.id, page + 1) if page + 1 < part.pages else (place.after, 0)
    row = [back]
    if before[0]:
        row.insert(0, button(tr("article.previous"), OpenSection(card.id, before[0], before[1])))
    if after[0]:
        row.append(button(tr("article.next"), OpenSection(card.id, after[0], after[1])))
    return to_message(text, (*rows, tuple(row)))


def quote(card: Card, said: RenderedQuote, tr: Translator, *, pool: ArticleId | None = None) -> Message:
    """Show a quote; *another one* comes from the article `pool`, if it has more than one, or from all."""
    row = [in_context(card, said, tr)]
    if pool is None or len(card.quotes) > 1:
        row.insert(0, button(tr("article.another"), ShowQuote(pool)))
    return to_message(quote_text(card, said, tr), (tuple(row),))


def in_context(card: Card, said: RenderedQuote, tr: Translator) -> Button:
    """Return the button that opens the section of a quote."""
    target = OpenSection(card.id, said.section, 0)
    return button(tr("article.in_context"), target, in_new_message=True)


def quote_text(card: Card, said: RenderedQuote, tr: Translator) -> FormattedText:
    """Return somebody's words, set apart, with who said them and where."""
    words = said.body.quote(expandable=len(said.body.text) > _FOLDED_CHARS)
    title = truncate(card.title, _TITLE_CHARS)
    if not said.by:
        return words + FormattedText.plain("\n" + tr("article.from", title=title))
    before, _, after = tr("article.by_from", by="\0", title=title).partition("\0")
    return (
        words
        + FormattedText.plain("\n" + before)
        + FormattedText.plain(said.by).link(said.url or "")
        + FormattedText.plain(after)
    )


def articles(
    cards: Sequence[Card],
    page: int,
    tr: Translator,
    *,
    title: str,
    turn: Callable[[int], Action],
    open_: Choose = OpenSummary,
) -> Message:
    """Show a page (from 0) of a list; a number opens an article, `turn` makes another page's action."""
    pages = max(1, -(-len(cards) // LIST_PAGE))
    page = min(max(page, 0), pages - 1)
    first = page * LIST_PAGE
    turns = []
    if page > 0:
        turns.append(button(tr("article.newer"), turn(page - 1)))
    if page < pages - 1:
        turns.append(button(tr("article.older"), turn(page + 1)))
    numbered = list(enumerate(cards, 1))[first : first + LIST_PAGE]
    return _list(title, tr("article.list_hint"), numbered, turns, tr, open_=open_)


def choices(
    numbered: Sequence[tuple[int, Card]],
    tr: Translator,
    *,
    title: str,
    hint: str,
    choose: Choose | None = None,
) -> Message:
    """Show a few articles, with the numbers by which people may name them; `choose` makes their actions."""
    shown = numbered[:LIST_PAGE]
    return _list(title, hint, shown, (), tr, open_=choose or OpenSummary, in_place=choose is not None)


def section_choices(found: Sequence[tuple[Card, SectionHead]], *, title: str) -> Message:
    """Return sections to choose from, each with the article that it is in."""
    rows = tuple(
        (button(f"{head.title} · {card.title}", OpenSection(card.id, head.id, 0), in_new_message=True),)
        for card, head in found[:LIST_PAGE]
    )
    return to_message(FormattedText.plain(title).bold(), rows)


def _list(
    title: str,
    hint: str,
    numbered: Sequence[tuple[int, Card]],
    turns: Iterable[Button],
    tr: Translator,
    *,
    open_: Choose,
    in_place: bool = False,
) -> Message:
    lines = [FormattedText.plain(f"{number}. ") + head(card, tr) for number, card in numbered]
    text = FormattedText.join("\n\n", [FormattedText.plain(title).bold(), *lines, FormattedText.plain(hint)])
    buttons = [button(str(number), open_(card.id), in_new_message=not in_place) for number, card in numbered]
    return to_message(text, (*in_rows(buttons, _NUMBERS_IN_ROW), *filter(None, (tuple(turns),))))


def _hashtag(tag: str) -> str:
    return truncate("".join(char if char.isalnum() else "_" for char in tag), _TAG_CHARS)
