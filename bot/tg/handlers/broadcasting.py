"""/broadcast: owners send any message to everybody, or to some, and steer it while it goes out."""

from dataclasses import replace
from typing import Final

import telegram
from telegram import Update

from bot.article.model import ArticleId
from bot.campaign.desk import STEPS, Step
from bot.campaign.model import Campaign, CampaignId, Panel, Progress, Segment
from bot.i18n import LANGUAGES, Language, language_of, say_in
from bot.message.header import short
from bot.message.model import Copy, Message
from bot.tg import convert
from bot.tg.bot import PatientBot
from bot.tg.campaign_views import VERB, panel
from bot.tg.context import Context, place_of
from bot.tg.routes import Handler, button, command
from bot.tg.services import Services

_DAYS: Final = 3650
"""Days at most since a reader was last here."""

_LETTERS: Final = 40
"""Characters of a word that was not understood."""

_SIGNS: Final[dict[Step, str]] = {"try": "👀", "start": "▶️", "pause": "⏸", "resume": "⏯", "cancel": "⏹"}
"""How each step is written among the acts, in any language."""


async def broadcast(update: Update, ctx: Context) -> None:
    """/broadcast in reply to a message: shows how it will arrive, and asks to whom it is to go."""
    say, campaigns = await ctx.say(update), ctx.services.campaigns
    if (found := await campaigns.open()) is not None:
        await ctx.tell(update, say("campaign.one_at_a_time"))
        await _show_anew(update, ctx, found)
        return
    message, user = update.effective_message, update.effective_user
    meant = message.reply_to_message if message else None
    if meant is None or user is None:
        await ctx.tell(update, say("campaign.ask"))
        return
    segment = _segment(ctx)
    if isinstance(segment, str):
        await ctx.tell(update, say("campaign.unknown_word", word=short(segment, _LETTERS)))
        return
    try:
        copy = await ctx.bot.copy_message(meant.chat.id, meant.chat.id, meant.message_id)
    except telegram.error.BadRequest as error:
        await ctx.tell(update, say("campaign.not_copied", reason=error.message))
        return
    made = await campaigns.draft(user.id, Copy(meant.chat.id, copy.message_id), segment)
    if made is None:
        await ctx.tell(update, say("campaign.one_at_a_time"))
        return
    if meant.media_group_id is not None:
        await ctx.tell(update, say("campaign.album"))
    await _show_anew(update, ctx, made)


async def press(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button of a panel: choose readers, or take a step."""
    id_, verb, *values = arguments
    services = ctx.services
    campaign = await services.campaigns.get(CampaignId(int(id_)))
    if campaign is None:
        raise KeyError(id_)
    if verb in STEPS:
        taken = await services.campaigns.take(campaign.id, verb)
        if taken is None:
            await _show(update, ctx, campaign)
            return (await ctx.say(update))("campaign.not_now")
        await ctx.did(update, "broadcast", f"#{campaign.id} {_SIGNS[verb]}")
    else:
        await services.campaigns.set_segment(campaign.id, _chosen(campaign.segment, verb, values[0]))
    await _show(update, ctx, await services.campaigns.get(campaign.id) or campaign)
    return None


async def show_panel(bot: PatientBot, services: Services, campaign: Campaign, progress: Progress) -> None:
    """Bring a panel up to date while its campaign goes out."""
    if campaign.panel is None:
        return
    readers = await services.readers.of_chat(campaign.panel.chat)
    language = readers[0].language if readers else language_of(None)
    audience = await services.campaigns.audience(campaign) if campaign.state == "tried" else 0
    message = panel(campaign, progress, say_in(language), audience=audience)
    await convert.edit(bot, campaign.panel.chat, campaign.panel.message_id, message)


async def _show(update: Update, ctx: Context, campaign: Campaign) -> None:
    await ctx.show(update, await _panel(update, ctx, campaign))


async def _show_anew(update: Update, ctx: Context, campaign: Campaign) -> None:
    """In a message of its own, which is brought up to date from then on."""
    place = place_of(update)
    message_id = await convert.send(ctx.bot, place, await _panel(update, ctx, campaign))
    await ctx.services.campaigns.set_panel(campaign.id, Panel(place.chat, message_id))


async def _panel(update: Update, ctx: Context, campaign: Campaign) -> Message:
    campaigns = ctx.services.campaigns
    return panel(
        campaign,
        await campaigns.progress(campaign),
        await ctx.say(update),
        audience=await campaigns.audience(campaign) if campaign.state in {"draft", "tried"} else 0,
        testers=await campaigns.testers(campaign) if campaign.state == "draft" else 0,
    )


def _segment(ctx: Context) -> Segment | str:
    """The readers that the words behind the command mean; or the word that means none."""
    segment = Segment()
    for word in ctx.words.split():
        spoken, days = Language(word.lower()), word.lower().removesuffix("d").removesuffix("天")
        if spoken in LANGUAGES:
            segment = replace(segment, language=spoken)
        elif days.isascii() and days.isdecimal() and len(days) <= len(str(_DAYS)) and 0 < int(days) <= _DAYS:
            segment = replace(segment, days=int(days))
        elif word.startswith(("#", "＃")) and (tagged := _tagged(ctx, word[1:])):
            segment = replace(segment, tag=word[1:], articles=tagged)
        else:
            return word
    return segment


def _tagged(ctx: Context, tag: str) -> tuple[ArticleId, ...]:
    wanted = tag.casefold()
    cards = ctx.services.library.newest()
    return tuple(card.id for card in cards if wanted in {each.casefold() for each in card.tags})


def _chosen(segment: Segment, kind: str, value: str) -> Segment:
    """A segment with another language or number of days; ValueError for what no button says."""
    if kind == "lang" and (value == "all" or value in LANGUAGES):
        return replace(segment, language=None if value == "all" else Language(value))
    if kind == "days" and (value == "all" or 0 < int(value) <= _DAYS):
        return replace(segment, days=None if value == "all" else int(value))
    raise ValueError(kind)


HANDLERS: list[Handler] = [
    command("broadcast", broadcast, audience="owner"),
    button(VERB, press, audience="owner"),
]
