"""How a digest reads. What it says is in the catalogue, under `digest`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from bot.actions.readers import ListNews, OpenSettings, ShowQuote, StopDigests
from bot.actions.topics import OpenNews
from bot.article.library import Card
from bot.digest.model import DigestContent
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, to_message
from bot.message.graphemes import boundary_before
from bot.message.labels import truncate
from bot.message.model import ButtonRow, Buttons, Message
from bot.message.split import split
from bot.views.articles import illustrated, in_context, quote_text
from bot.views.header import facts_line
from bot.views.topics import because

WITH_LEAD: Final = 5
WITH_TITLE: Final = 8
"""With these a digest is at most two screens of a phone; what is beyond them stands behind a button."""

_TITLE_CHARS: Final = 80
_LEAD_CHARS: Final = 160
_ENDS: Final = ("。", "！", "？", "! ", "? ", "…", ". ")
"""Marks after which a lead may end; those of Latin script only before a space, unlike in 3.5."""


def compose(content: DigestContent, tr: Translator) -> tuple[Message, ...]:
    """Return the messages of a digest, nearly always one; the buttons stand under the last.

    Articles in the reader's language come first; the others are named below them.
    """
    own = [card for card in content.new if card.language == tr.language]
    others = [card for card in content.new if card.language != tr.language]
    if not own:  # better in another language than not at all
        own, others = others, []
    blocks = [_heading(content, tr), *_with_leads(own, content, tr)]
    blocks.append(_titles(tr("digest.also"), own[WITH_LEAD : WITH_LEAD + WITH_TITLE]))
    blocks += [_titles(tr("digest.other_languages"), others[:WITH_TITLE]), _quote(content, tr)]
    # Nearly always one message; the buttons belong under the last.
    *first, last = split(FormattedText.join("\n\n", filter(None, blocks)))
    messages = (*map(to_message, first), to_message(last, _buttons(content, own, others, tr)))
    return (_illustrated(messages[0], own), *messages[1:]) if content.pictures else messages


def _illustrated(message: Message, cards: Sequence[Card]) -> Message:
    """Return a message with the picture of the first article that has one."""
    picture = next((card.picture for card in cards[:WITH_LEAD] if card.picture), "")
    return illustrated(message, picture)


def _heading(content: DigestContent, tr: Translator) -> FormattedText:
    lines = []
    if content.new:
        key = "digest.week_new" if content.is_weekly else "digest.new"
        lines.append(tr(key, count=len(content.new)))
    elif content.news:
        lines.append(tr("digest.nothing_followed" if content.left_out else "digest.nothing_new"))
    if content.merged > 1:
        lines.append(tr("digest.merged", count=content.merged))
    day = tr.day(content.day)
    title = tr("digest.week_title", day=day) if content.is_weekly else f"☀️ {day}"
    return FormattedText.join("\n", (FormattedText.plain(title).bold(), *map(FormattedText.plain, lines)))


def _with_leads(cards: Sequence[Card], content: DigestContent, tr: Translator) -> list[FormattedText]:
    blocks = []
    for number, card in enumerate(cards[:WITH_LEAD], 1):
        topic = content.because.get(card.id)
        why = because(topic, tr) if topic else ""
        blocks.append(_with_lead(number, card, tr, _lead(card.lead) if content.leads else "", why))
    return blocks


@lru_cache(maxsize=256)  # the news of a day are the same for everybody
def _with_lead(number: int, card: Card, tr: Translator, lead: str, why: str) -> FormattedText:
    title = FormattedText.plain(f"{number}. {truncate(card.title, _TITLE_CHARS) or '–'}").bold()
    facts = facts_line(card, tr).italic() + FormattedText.plain(f" · {why}" if why else "")
    return FormattedText.join("\n", filter(None, (title, facts, FormattedText.plain(lead))))


def _lead(text: str) -> str:
    """Return the first sentences of a summary; words cut off are marked."""
    if len(text) <= _LEAD_CHARS:
        return text
    end = max(text.rfind(mark, _LEAD_CHARS // 2, _LEAD_CHARS + 1) for mark in _ENDS)
    if end > 0:
        return text[: end + 1]
    space = text.rfind(" ", _LEAD_CHARS // 2, _LEAD_CHARS)
    return text[: space if space > 0 else boundary_before(text, _LEAD_CHARS, above=0)] + "…"


def _titles(heading: str, cards: Sequence[Card]) -> FormattedText:
    if not cards:
        return FormattedText()
    lines = "\n".join(f"• {truncate(card.title, _TITLE_CHARS) or '–'}" for card in cards)
    return FormattedText.plain(heading).bold() + FormattedText.plain("\n" + lines)


def _quote(content: DigestContent, tr: Translator) -> FormattedText:
    if content.quote is None:
        return FormattedText()
    return (
        FormattedText.plain(tr("digest.quote")).bold() + FormattedText("\n") + quote_text(*content.quote, tr)
    )


def _buttons(content: DigestContent, own: Sequence[Card], others: Sequence[Card], tr: Translator) -> Buttons:
    rows: list[ButtonRow] = [
        (button(f"{number}. {card.title}", OpenNews(card.id), in_new_message=True),)
        for number, card in enumerate(own[:WITH_LEAD], 1)
    ]
    if content.left_out:
        text = tr("digest.left_out", count=content.left_out)
        rows.append((button(text, ListNews(content.since, 0), in_new_message=True),))
    elif others or len(own) > WITH_LEAD:
        hidden = max(len(own) - WITH_LEAD - WITH_TITLE, 0) + max(len(others) - WITH_TITLE, 0)
        text = tr("digest.and_more", count=hidden) if hidden else tr("digest.all_new")
        rows.append((button(text, ListNews(content.since, 0), in_new_message=True),))
    if content.quote:
        card, said = content.quote
        rows.append((button(tr("article.another"), ShowQuote(None)), in_context(card, said, tr)))
    if content.managed:
        rows.append(
            (
                button(tr("digest.button_time"), OpenSettings(None, "times"), in_new_message=True),
                button(tr("digest.button_pause"), OpenSettings(None, "pause"), in_new_message=True),
                button(tr("digest.button_stop"), StopDigests(None), in_new_message=True),
            )
        )
    return tuple(rows)
