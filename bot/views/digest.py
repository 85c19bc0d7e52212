"""How a digest reads. What it says is in the catalogue, under `digest`."""

from functools import lru_cache
from typing import Final

from bot.actions.readers import ListNews, OpenSettings, OpenSummary, ShowQuote, StopDigests
from bot.article.library import Card
from bot.digest.model import DigestContent
from bot.i18n import Say
from bot.message.callback import button
from bot.message.graphemes import boundary_before
from bot.message.labels import short
from bot.message.model import Buttons, Message, Row
from bot.message.rich import Rich, to_message
from bot.message.split import split
from bot.views.articles import in_context, quote_text
from bot.views.header import facts_line

WITH_LEAD: Final = 5
WITH_TITLE: Final = 8
"""With these a digest is at most two screens of a phone; what is beyond them stands behind a button."""

_TITLE: Final = 80
_LEAD: Final = 160
_ENDS: Final = "。！？!?…"


def compose(content: DigestContent, say: Say) -> tuple[Message, ...]:
    """Return the messages of a digest, nearly always one; the buttons stand under the last."""
    blocks = [_heading(content, say), *_with_leads(content, say), _titles(content, say), _quote(content, say)]
    *first, last = split(Rich.join("\n\n", filter(None, blocks)))
    return (*map(to_message, first), to_message(last, _buttons(content, say)))


def _heading(content: DigestContent, say: Say) -> Rich:
    lines = [say("digest.new", count=len(content.new)) if content.new else say("digest.nothing_new")]
    if content.merged > 1:
        lines.append(say("digest.merged", count=content.merged))
    return Rich.plain(f"☀️ {say.day(content.day)}").bold() + Rich.plain("\n" + "\n".join(lines))


def _with_leads(content: DigestContent, say: Say) -> list[Rich]:
    return [
        _with_lead(number, card, say, _lead(card.lead) if content.leads else "")
        for number, card in enumerate(content.new[:WITH_LEAD], 1)
    ]


@lru_cache(maxsize=256)  # the news of a day are the same for everybody
def _with_lead(number: int, card: Card, say: Say, lead: str) -> Rich:
    title = Rich.plain(f"{number}. {short(card.title, _TITLE) or '–'}").bold()
    return Rich.join("\n", filter(None, (title, facts_line(card, say).italic(), Rich.plain(lead))))


def _lead(text: str) -> str:
    """Return the first sentences of a summary; words cut off are marked."""
    if len(text) <= _LEAD:
        return text
    end = max(text.rfind(mark, _LEAD // 2, _LEAD) for mark in _ENDS)
    if end > 0:
        return text[: end + 1]
    space = text.rfind(" ", _LEAD // 2, _LEAD)
    return text[: space if space > 0 else boundary_before(text, _LEAD, above=0)] + "…"


def _titles(content: DigestContent, say: Say) -> Rich:
    others = content.new[WITH_LEAD : WITH_LEAD + WITH_TITLE]
    if not others:
        return Rich()
    lines = "\n".join(f"• {short(card.title, _TITLE) or '–'}" for card in others)
    return Rich.plain(say("digest.also")).bold() + Rich.plain("\n" + lines)


def _quote(content: DigestContent, say: Say) -> Rich:
    if content.quote is None:
        return Rich()
    return Rich.plain(say("digest.quote")).bold() + Rich("\n") + quote_text(*content.quote, say)


def _buttons(content: DigestContent, say: Say) -> Buttons:
    rows: list[Row] = [
        (button(f"{number}. {card.title}", OpenSummary(card.id), in_new_message=True),)
        for number, card in enumerate(content.new[:WITH_LEAD], 1)
    ]
    if len(content.new) > WITH_LEAD:
        hidden = len(content.new) - WITH_LEAD - WITH_TITLE
        text = say("digest.and_more", count=hidden) if hidden > 0 else say("digest.all_new")
        rows.append((button(text, ListNews(content.since, 0), in_new_message=True),))
    if content.quote:
        card, said = content.quote
        rows.append((button(say("article.another"), ShowQuote(None)), in_context(card, said, say)))
    if content.managed:
        rows.append(
            (
                button(say("digest.button_time"), OpenSettings(None, "times"), in_new_message=True),
                button(say("digest.button_pause"), OpenSettings(None, "pause"), in_new_message=True),
                button(say("digest.button_stop"), StopDigests(None), in_new_message=True),
            )
        )
    return tuple(rows)
