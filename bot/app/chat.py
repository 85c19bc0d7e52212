"""Build what talks with people: the services, and python-telegram-bot around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

from bot.alerts import Alerts
from bot.app.content import Editing
from bot.app.delivery import Delivery
from bot.app.stores import Stores, free_bytes
from bot.campaign.runner import CampaignRunner
from bot.campaign.service import CampaignService
from bot.clock import Clock, new_token
from bot.config import Settings
from bot.db.people import PeopleStore
from bot.digest.publisher import Publisher
from bot.editing.appointments import Appointments
from bot.editing.quotes import DraftQuotes
from bot.notices import Notices
from bot.pictures.painting import Painter
from bot.search.finder import Finder
from bot.tg.application import chat_application
from bot.tg.gathering import download, update_gathering
from bot.tg.links import update_link
from bot.tg.menus import set_menus
from bot.tg.panel import update_panel
from bot.tg.request import App, Audience
from bot.tg.services import Services
from bot.usage import Usage


@contextlib.asynccontextmanager
async def open_chat(
    settings: Settings,
    stores: Stores,
    editing: Editing,
    *,
    publisher: Publisher,
    appointments: Appointments,
    notices: Notices,
    delivery: Delivery,
    alerts: Alerts,
    usage: Usage,
    clock: Clock,
) -> AsyncIterator[App]:
    """Connect to Telegram, with everything that handlers use; broadcasts go on where they stopped."""
    wakeup = asyncio.Event()
    campaigns, editors = stores.campaigns, stores.people.editors
    broadcasts = CampaignService(store=campaigns, editors=editors, clock=clock, wakeup=wakeup)
    services = Services(
        clock=clock,
        library=editing.library,
        editions=stores.editions,
        finder=Finder(stores.search, editing.library),
        readers=stores.readers,
        interests=stores.interests,
        people=stores.people,
        editor=editing.editor,
        quotes=DraftQuotes(editing.editor, stores.drafts),
        appointments=appointments,
        links=editing.links,
        gatherer=editing.gatherer,
        feeds=editing.feeds,
        feed_store=stores.feeds,
        privacy=stores.privacy,
        ledger=stores.ledger,
        acts=stores.acts,
        alerts=alerts,
        usage=usage,
        figures=stores.figures,
        painter=Painter(),
        free_bytes=partial(free_bytes, settings.data_dir),
        restored=stores.restored,
        campaigns=campaigns,
        broadcasts=broadcasts,
        operations=delivery.operations,
        is_ending=lambda: delivery.pacer.lets_replies_go,
        notify=delivery.waking(notices.told),
        preview=publisher.preview,
    )
    async with chat_application(
        pacer=delivery.pacer,
        token=settings.bot_token.get_secret_value() if settings.bot_token else "",
        address=settings.api,
        proxy=settings.proxy,
        services=services,
        commands=settings.commands_per_minute,
        is_owner=stores.people.was_owner,
        lease=stores.database.engine.lease,
        ids=stores.message_ids.ids,
    ) as app:
        campaigner = CampaignRunner(
            store=campaigns,
            clock=clock,
            rate=delivery.pacer.rate,
            tolerated=settings.broadcast_errors / 100,
            wakeup=wakeup,
            wake=delivery.worker.wake,
            show=partial(update_panel, app.bot, services),
        )
        async with delivery.running():
            tasks = (
                asyncio.create_task(campaigner.run(), name="broadcasts"),
                asyncio.create_task(editing.links.run(partial(update_link, app.bot, services)), name="links"),
                asyncio.create_task(
                    editing.gatherer.run(
                        partial(update_gathering, app.bot, services), partial(download, app.bot)
                    ),
                    name="gatherings",
                ),
                asyncio.create_task(editing.feeds.run(notices), name="feeds"),
            )
            try:
                yield app
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)


@contextlib.asynccontextmanager
async def showing_menus(app: App, people: PeopleStore) -> AsyncIterator[None]:
    """Tell Telegram the menus of commands meanwhile."""
    editors: dict[int, Audience] = dict.fromkeys(await people.appointed(), "editor")
    owners: dict[int, Audience] = dict.fromkeys(await people.owners(), "owner")
    task = asyncio.create_task(set_menus(app.bot, {**editors, **owners}), name="menus")
    try:
        yield
    finally:
        task.cancel()


async def claim_word(people: PeopleStore) -> str | None:
    """Return a new word by which the first owner claims the bot, while there is none."""
    if await people.owners():
        return None
    word = new_token()
    await people.offer(word)
    return word
