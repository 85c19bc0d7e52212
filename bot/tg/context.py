"""What every handler is given: the services, who reads, and how to answer."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import telegram
from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import Application, CallbackContext

from bot.acts import Act
from bot.article.model import ArticleId
from bot.errors import StoreError
from bot.i18n import Language, Say, language_of, say_in
from bot.inbox import repeatable
from bot.message.callback import action
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Place, PlaceKind, Reader, ReaderId
from bot.reader.schedule import next_slot
from bot.text import typed
from bot.tg import convert
from bot.tg.bot import PatientBot
from bot.tg.services import Services

log = logging.getLogger(__name__)

BACK: Final = 3
"""How many articles count as new to somebody who has just come."""

NEW_MESSAGE: Final = "+"
"""How the verb of a button begins that leaves its own message as it is."""

QUOTE: Final = "quote"
"""The payload of a link that leads to a quote."""

SOON: Final = 0.3
"""Seconds after which somebody wonders whether they were heard."""

_TYPING: Final = 4.0
_MAX_ANSWER: Final = 200
_MAX_DIGITS: Final = 9

Data = dict[Any, Any]
App = Application[PatientBot, "Context", Data, Data, Data, None]
T = TypeVar("T")


class ArticleGone(KeyError):  # an answer, not a mistake of ours
    """A button's article was removed, or never was."""


class NotAllowed(Exception):  # an answer, not a mistake of ours
    """The choice is an administrator's."""


class Context(CallbackContext[PatientBot, Data, Data, Data]):
    """One update's view of the services."""

    _met: Reader | None = None
    """Whoever reads here, as just read from the database; used once, since handlers change readers."""

    over_limit = False
    """Whether this person brings about more than is allowed; what must be noted still is."""

    _same = False
    """Whether the message of a press stood already as it should: the button was used before."""

    @property
    def services(self) -> Services:
        """Everything that handlers may use."""
        services: Services = self.bot_data["services"]
        return services

    @property
    def words(self) -> str:
        """Return what stands behind the command, as one line of bounded length."""
        return typed(" ".join(self.args or ()))

    async def reader(self, update: Update) -> Reader:
        """Whoever reads here; a chat that was never met is written down, if the disk has room for it."""
        place, language = place_of(update), client_language(update)
        readers = self.services.readers
        found, self._met = self._met or await readers.find(place), None
        if found is None:
            try:
                now = self.services.clock.now()
                with repeatable():
                    return await readers.meet(place, language=language, now=now, back=BACK)
            except StoreError:
                log.exception("A new reader could not be written down.")
                return Reader(id=ReaderId(0), place=place, language=language)
        if found.suspended and place.kind == "private":
            found = await self._welcome_back(found)
        own = place.kind == "private" and update.effective_user is not None
        if own and not found.language_chosen and found.language != language:
            await self.remember(readers.follow_language(found.id, language))
            return await readers.get(found.id) or found
        return found

    async def did(self, update: Update, act: Act, about: str = "") -> None:
        """Write down what somebody with rights did, where nothing else is written."""
        await self.services.acts.record(user_of(update), act, about, self.services.clock.now())

    async def _welcome_back(self, reader: Reader) -> Reader:
        """Resume whoever writes: they have not blocked the bot, whatever was said."""
        first = next_slot(reader.schedule, self.services.clock.now()).at if reader.schedule else None
        await self.remember(self.services.readers.resume(reader.id, first))
        return await self.services.readers.get(reader.id) or reader

    async def say(self, update: Update) -> Say:
        """The voice of this chat."""
        return say_in((await self.reader(update)).language)

    async def remember(self, write: Awaitable[object]) -> None:
        """Write down what the answer does not depend on: a full disk must not stop anybody from reading.

        It may be written again, should the update be dealt with once more.
        """
        try:
            with repeatable():
                await write
        except StoreError:
            log.exception("Something small could not be written down.")

    async def forget_awaited(self, update: Update) -> str | None:
        """Whatever was awaited of this chat no longer is; what it was."""
        reader = self._met = await self.services.readers.find(place_of(update))
        if reader is None or reader.awaiting is None:
            return None
        self._met = None
        await self.services.readers.await_words(reader.id, None)
        return reader.awaiting

    # Answering ---------------------------------------------------------------------------------------------

    async def show(self, update: Update, message: Message) -> None:
        """Answer: in the same message after a press (unless its verb begins with `+`), else in a new one."""
        query = update.callback_query
        if (
            query is not None
            and query.message is not None
            and query.message.is_accessible  # python-telegram-bot makes a Message of one that is gone, too
            and not (query.data or "").startswith(NEW_MESSAGE)
        ):
            chat, id_ = query.message.chat.id, query.message.message_id
            edited = await convert.edit(self.bot, chat, id_, message)
            self._same = edited == "same"
            if edited != "gone":
                return
        await self.send(update, message)

    async def send(self, update: Update, *messages: Message) -> None:
        """Answer in new messages."""
        place = place_of(update)
        for message in messages:
            try:
                await convert.send(self.bot, place, message)
            except telegram.error.ChatMigrated as moved:  # while this was being answered
                place = replace(place, chat=moved.new_chat_id)
                await convert.send(self.bot, place, message)

    async def send_file(self, update: Update, name: str, data: bytes, caption: str) -> None:
        """Answer with a file."""
        await convert.send_file(self.bot, place_of(update), name, data, caption)

    async def tell(self, update: Update, text: str) -> None:
        """Answer with plain words."""
        await self.send(update, to_message(Rich.plain(text)))

    @contextlib.contextmanager
    def typing(self, update: Update) -> Iterator[None]:
        """While this is open, *typing …* is shown from when somebody would begin to wonder."""
        tasks: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        soon = loop.call_later(SOON, lambda: tasks.append(loop.create_task(self._type(update))))
        try:
            yield
        finally:
            soon.cancel()
            for task in tasks:
                task.cancel()

    async def _type(self, update: Update) -> None:
        """Telegram shows it for five seconds; a channel has nobody who waits."""
        if update.effective_chat is None or update.effective_chat.type == ChatType.CHANNEL:
            return
        place = place_of(update)
        with contextlib.suppress(telegram.error.TelegramError):
            while True:
                await convert.type_in(self.bot, place)
                await self.services.clock.sleep(_TYPING)

    async def answer(self, update: Update, text: str | None = None) -> None:
        """End the spinner of a press, with words if there are any; one that is too old is past caring."""
        query = update.callback_query
        if query is None:
            return
        alert = text is not None
        if text is None and self._same:
            text = (await self.say(update))("chat.same")
        try:
            await query.answer(text[:_MAX_ANSWER] if text else None, show_alert=alert)
        except telegram.error.BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise

    async def lead_here(self, update: Update, arguments: Sequence[str]) -> None:
        """Answer a press in a channel by opening the private chat, with the article that it is about."""
        query, first = update.callback_query, next(iter(arguments), "")
        number = int(first) if first.isascii() and first.isdecimal() and len(first) <= _MAX_DIGITS else 0
        card = self.services.library.get(ArticleId(number))
        url = telegram.helpers.create_deep_linked_url(self.bot.username, card.slug if card else QUOTE)
        if query is not None:
            await query.answer(url=url)

    async def unknown_command(self, update: Update) -> None:
        """A command that does not exist, or not for this person: both look the same."""
        await self._puzzled(update, "chat.unknown_command")

    async def unknown_thing(self, update: Update) -> None:
        """Something that cannot be read, or that nothing was found for."""
        await self._puzzled(update, "chat.unknown_thing")

    async def _puzzled(self, update: Update, key: str) -> None:
        chat, message = update.effective_chat, update.effective_message
        meant = message is not None and f"@{self.bot.username}".lower() in (message.text or "").lower()
        if chat is None or (chat.type != ChatType.PRIVATE and not meant):
            return  # in a group, others may have been meant
        say = await self.say(update)
        help_ = action(say("chat.button_help"), "help")
        await self.send(update, to_message(Rich.plain(say(key)), ((help_,),)))

    async def may_decide(self, update: Update) -> bool:
        """Whether the speaker decides for this chat: oneself in private, an administrator in a group."""
        chat, user, message = update.effective_chat, update.effective_user, update.effective_message
        if chat is None or chat.type == ChatType.PRIVATE:
            return True
        anonymous = message.sender_chat if message and not update.callback_query else None
        if anonymous is not None:
            return anonymous.id == chat.id
        return user is not None and await self.decides_in(chat.id, user.id)

    async def decides_in(self, chat: int, user: int) -> bool:
        """Whether somebody is an administrator of a group or channel."""
        with contextlib.suppress(telegram.error.BadRequest, telegram.error.Forbidden):
            member = await self.bot.get_chat_member(chat, user)
            return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
        return False


def client_language(update: Update) -> Language:
    """The language of whoever sent this, as their client tells."""
    return language_of(update.effective_user.language_code if update.effective_user else None)


def user_of(update: Update) -> int:
    """Return who sent this. ValueError where nobody in particular did."""
    if update.effective_user is None:
        raise ValueError("nobody in particular did this")
    return update.effective_user.id


def place_of(update: Update) -> Place:
    """Where an update came from, topic included."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        raise ValueError("an update without a chat has no place")
    topic = message.message_thread_id if message and getattr(message, "is_topic_message", None) else None
    kind: PlaceKind = "group"
    if chat.type == ChatType.PRIVATE:
        kind = "private"
    elif chat.type == ChatType.CHANNEL:
        kind = "channel"
    return Place(chat.id, topic, kind)
