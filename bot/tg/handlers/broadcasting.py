"""/broadcast: owners send any message to everybody, or to some, and steer it while it goes out."""

from dataclasses import replace
from typing import Final

import telegram

from bot.actions.staff import CampaignStep, LimitDays, LimitLanguage, TakeStep
from bot.article.model import ArticleId
from bot.campaign.model import Campaign, CampaignId, Panel, Segment
from bot.errors import NotFound
from bot.i18n import LANGUAGES, Language
from bot.message.labels import truncate
from bot.message.model import Copy
from bot.tg import convert
from bot.tg.panel import panel_message
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed

_MAX_DAYS: Final = 3650
"""Days at most since a reader was last here."""

_MAX_WORD_CHARS: Final = 40
"""Characters of a word that was not understood."""

_SIGNS: Final[dict[CampaignStep, str]] = {
    "try": "👀",
    "start": "▶️",
    "pause": "⏸",
    "resume": "⏯",
    "cancel": "⏹",
}
"""How each step is written among the acts, in any language."""


async def broadcast(request: Request) -> None:
    """Handle /broadcast in reply to a message: show how it will arrive, and ask to whom it is to go."""
    tr, campaigns = request.tr, request.services.campaigns
    if (found := await campaigns.open()) is not None:
        await request.tell(tr("campaign.one_at_a_time"))
        await _show_anew(request, found)
        return
    message, user = request.message, request.incoming.effective_user
    meant = message.reply_to_message if message else None
    if meant is None or user is None:
        await request.tell(tr("campaign.ask"))
        return
    segment = _segment(request)
    if isinstance(segment, str):
        await request.tell(tr("campaign.unknown_word", word=truncate(segment, _MAX_WORD_CHARS)))
        return
    try:
        # A copy of our own: what its author changes or deletes afterwards changes nothing.
        copy = await request.bot.copy_message(meant.chat.id, meant.chat.id, meant.message_id)
    except telegram.error.BadRequest as error:
        await request.tell(tr("campaign.not_copied", reason=error.message))
        return
    source = Copy(meant.chat.id, copy.message_id)
    made = await campaigns.draft(user.id, source, segment, request.now)
    if made is None:
        await request.tell(tr("campaign.one_at_a_time"))
        return
    if meant.media_group_id is not None:
        await request.tell(tr("campaign.album"))
    await _show_anew(request, made)


async def take_step(request: Request, action: TakeStep) -> str | None:
    """Take a step of a broadcast."""
    campaign = await _campaign(request, action.campaign)
    taken = await request.services.broadcasts.transition(campaign.id, action.step)
    if taken is None:
        await request.show(await panel_message(request.services, campaign, request.tr))
        return request.tr("campaign.not_now")
    await request.record("broadcast", f"#{campaign.id} {_SIGNS[action.step]}")
    await _show(request, campaign)
    return None


async def limit_language(request: Request, action: LimitLanguage) -> None:
    """Choose the readers of one language, or of all."""
    campaign = await _campaign(request, action.campaign)
    await _limit(request, campaign, replace(campaign.segment, language=action.language))


async def limit_days(request: Request, action: LimitDays) -> None:
    """Choose the readers who were here within so many days, or all."""
    if action.days is not None and not 0 < action.days <= _MAX_DAYS:
        raise NotFound(action.days)
    campaign = await _campaign(request, action.campaign)
    await _limit(request, campaign, replace(campaign.segment, days=action.days))


async def _limit(request: Request, campaign: Campaign, segment: Segment) -> None:
    await request.services.campaigns.set_segment(campaign.id, segment)
    await _show(request, campaign)


async def _campaign(request: Request, number: int) -> Campaign:
    campaign = await request.services.campaigns.get(CampaignId(number))
    if campaign is None:
        raise NotFound(number)
    return campaign


async def _show(request: Request, campaign: Campaign) -> None:
    """Show a campaign's panel as it stands now."""
    found = await request.services.campaigns.get(campaign.id) or campaign
    await request.show(await panel_message(request.services, found, request.tr))


async def _show_anew(request: Request, campaign: Campaign) -> None:
    """Show the panel in a message of its own, which is brought up to date from then on."""
    place = request.place
    message = await panel_message(request.services, campaign, request.tr)
    message_id = await convert.send(request.bot, place, message)
    await request.services.campaigns.set_panel(campaign.id, Panel(place.chat, message_id))


def _segment(request: Request) -> Segment | str:
    """Return the readers that the words behind the command mean, or the word that means none."""
    segment = Segment()
    for word in request.words.split():
        spoken, days = Language(word.lower()), word.lower().removesuffix("d").removesuffix("天")
        if spoken in LANGUAGES:
            segment = replace(segment, language=spoken)
        elif (
            days.isascii()
            and days.isdecimal()
            and len(days) <= len(str(_MAX_DAYS))
            and 0 < int(days) <= _MAX_DAYS
        ):
            segment = replace(segment, days=int(days))
        elif word.startswith(("#", "＃")) and (tagged := _tagged(request, word[1:])):
            segment = replace(segment, tag=word[1:], articles=tagged)
        else:
            return word
    return segment


def _tagged(request: Request, tag: str) -> tuple[ArticleId, ...]:
    wanted = tag.casefold()
    cards = request.services.library.newest()
    return tuple(card.id for card in cards if wanted in {each.casefold() for each in card.tags})


ROUTES: list[Route] = [
    command("broadcast", broadcast, audience="owner"),
    pressed(TakeStep, take_step, audience="owner"),
    pressed(LimitLanguage, limit_language, audience="owner"),
    pressed(LimitDays, limit_days, audience="owner"),
]
