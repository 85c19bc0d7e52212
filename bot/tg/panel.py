"""The message from which an owner follows and steers a broadcast."""

from bot.campaign.model import Campaign, Progress
from bot.i18n import Translator, language_of, translator
from bot.message.model import Message
from bot.tg import convert
from bot.tg.bot import TolerantBot
from bot.tg.services import Services
from bot.views.broadcasts import panel


async def panel_message(services: Services, campaign: Campaign, tr: Translator) -> Message:
    """Return the panel of a campaign as it stands now."""
    broadcasts, is_draft = services.broadcasts, campaign.state == "draft"
    progress = await broadcasts.progress(campaign)
    audience = await broadcasts.audience(campaign) if is_draft or campaign.state == "tried" else 0
    testers = await broadcasts.testers(campaign) if is_draft else 0
    return panel(campaign, progress, tr, audience=audience, testers=testers)


async def update_panel(bot: TolerantBot, services: Services, campaign: Campaign, progress: Progress) -> None:
    """Bring a panel up to date while its campaign goes out."""
    if campaign.panel is None:
        return
    readers = await services.readers.of_chat(campaign.panel.chat)
    language = readers[0].language if readers else language_of(None)
    audience = await services.broadcasts.audience(campaign) if campaign.state == "tried" else 0
    message = panel(campaign, progress, translator(language), audience=audience)
    await convert.edit(bot, campaign.panel.chat, campaign.panel.message_id, message)
