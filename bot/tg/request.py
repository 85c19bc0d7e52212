"""One update: who asks, where, in which language, and how to answer."""

import contextlib
import logging
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal, Self

import telegram
from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import Application, CallbackContext

from bot.actions import deep_links
from bot.actions.awaited import AWAITED, Awaited, read_awaited
from bot.acts import Act
from bot.article.library import Card
from bot.errors import StoreError
from bot.i18n import Language, Translator, language_of, translator
from bot.inbox import repeatable
from bot.message.callback import is_for_new_message
from bot.message.formatted_text import plain_message
from bot.message.model import Message
from bot.reader.model import UNSAVED, Place, PlaceKind, Reader
from bot.reader.schedule import next_digest
from bot.text import typed
from bot.tg import convert
from bot.tg.bot import TolerantBot
from bot.tg.services import Services
from bot.views.welcome import not_understood

log = logging.getLogger(__name__)

Audience = Literal["reader", "editor", "owner"]
AUDIENCES: Final[tuple[Audience, ...]] = ("reader", "editor", "owner")

NEW_READER_BACKLOG: Final = 3
"""Articles that count as new to a chat that has just been met."""

_MAX_TOAST_CHARS: Final = 200

Data = dict[Any, Any]
App = Application[TolerantBot, "Request", Data, Data, Data, None]


class Request(CallbackContext[TolerantBot, Data, Data, Data]):
    """One update with the services that it may use; python-telegram-bot makes it, once per update.

    A request from a chat has a `place`. Its reader's row is read once, by `load`.
    """

    incoming: Update
    is_over_limit = False
    """Whether this person asks more than is allowed; what must be noted is noted nevertheless."""

    _reader: Reader | None = None
    _unchanged = False
    """Whether the message of a press stood already as it should, because the button was used before."""

    @classmethod
    def from_update(cls, update: object, application: Any) -> Self:
        """Make the request of an update."""
        made = super().from_update(update, application)
        if isinstance(update, Update):
            made.incoming = update
        return made

    # Who asks, and where ----------------------------------------------------------------------------------

    @property
    def services(self) -> Services:
        """Everything that handlers may use."""
        services: Services = self.bot_data["services"]
        return services

    @property
    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self.services.clock.now()

    @property
    def words(self) -> str:
        """What stands behind the command, as one line of bounded length."""
        return typed(" ".join(self.args or ()))

    @property
    def message(self) -> telegram.Message | None:
        """The message that was sent, or whose button was pressed."""
        return self.incoming.effective_message

    @property
    def user(self) -> int:
        """The id of whoever sent this. ValueError where nobody in particular did."""
        if self.incoming.effective_user is None:
            raise ValueError("an update without a user")
        return self.incoming.effective_user.id

    @property
    def place(self) -> Place:
        """Where it was sent, topic included. ValueError for an update without a chat."""
        chat, message = self.incoming.effective_chat, self.incoming.effective_message
        if chat is None:
            raise ValueError("an update without a chat")
        # Replies in ordinary groups have a thread id as well; only in a forum it is a topic.
        topic = message.message_thread_id if message and getattr(message, "is_topic_message", None) else None
        return Place(chat.id, topic, _KINDS.get(chat.type, "group"))

    @property
    def is_in_channel(self) -> bool:
        """Whether it comes from a channel, where an answer would be a post for everybody."""
        chat = self.incoming.effective_chat
        return chat is not None and chat.type == ChatType.CHANNEL

    @property
    def client_language(self) -> Language:
        """The language of the sender's client."""
        user = self.incoming.effective_user
        return language_of(user.language_code if user else None)

    @property
    def reader(self) -> Reader:
        """The reader's row as it was loaded, or as the handler has replaced it."""
        if self._reader is None:
            raise RuntimeError("the reader was not loaded")
        return self._reader

    @reader.setter
    def reader(self, reader: Reader) -> None:
        self._reader = reader

    @property
    def tr(self) -> Translator:
        """The texts in this chat's language; in the client's where the reader was not loaded."""
        return translator(self._reader.language if self._reader else self.client_language)

    @property
    def awaited(self) -> Awaited | None:
        """What this chat's next words answer."""
        return read_awaited(self.reader.conversation.awaiting)

    async def load(self) -> Reader:
        """Read the reader's row, once; write a chat down that was never met, if the disk has room."""
        if self._reader is None:
            self._reader = await self._found_or_met()
        return self._reader

    async def _found_or_met(self) -> Reader:
        place, language, readers = self.place, self.client_language, self.services.readers
        found = await readers.find(place)
        if found is None:
            try:
                with repeatable():
                    return await readers.meet(place, language=language, now=self.now, back=NEW_READER_BACKLOG)
            except StoreError:
                log.exception("A new reader could not be written down.")
                # Reading goes on while the disk is full.
                return Reader(id=UNSAVED, place=place, language=language, active_at=self.now)
        if found.subscription.suspended and place.kind == "private":
            # Whoever writes has not blocked the bot, whatever Telegram said before.
            due = next_digest(found.subscription, self.now)
            await self.try_to_write(readers.resume(found.id, due))
            found = await readers.get(found.id) or found
        if found.active_at.date() < self.now.date():
            await self.try_to_write(readers.touch(found.id, self.now))
        own = place.kind == "private" and self.incoming.effective_user is not None
        # In a group, the language of whoever happens to write must not become that of all.
        if own and not found.language_chosen and found.language != language:
            await self.try_to_write(readers.follow_language(found.id, language))
            found = replace(found, language=language)
        return found

    async def belongs_to(self, audience: Audience) -> bool:
        """Return whether the sender belongs to an audience; editors and owners do in private only."""
        if audience == "reader":
            return True
        chat, user, people = self.incoming.effective_chat, self.incoming.effective_user, self.services.people
        if chat is None or user is None or chat.type != ChatType.PRIVATE:
            return False
        return await (people.is_owner if audience == "owner" else people.is_editor)(user.id)

    async def is_admin(self) -> bool:
        """Return whether the sender decides for this chat: oneself in private, else an administrator."""
        chat, user, message = self.incoming.effective_chat, self.incoming.effective_user, self.message
        if chat is None or chat.type == ChatType.PRIVATE:
            return True
        # An anonymous administrator writes as the group itself.
        anonymous = message.sender_chat if message and not self.incoming.callback_query else None
        if anonymous is not None:
            return anonymous.id == chat.id
        return user is not None and await self.is_admin_of(chat.id, user.id)

    async def is_admin_of(self, chat: int, user: int) -> bool:
        """Return whether a user is an administrator of a group or channel."""
        # Telegram refuses the question itself where the bot is no member.
        with contextlib.suppress(telegram.error.BadRequest, telegram.error.Forbidden):
            member = await self.bot.get_chat_member(chat, user)
            return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
        return False

    # Writing down -----------------------------------------------------------------------------------------

    async def record(self, act: Act, about: str = "") -> None:
        """Record what somebody with rights did, where no store does."""
        await self.services.acts.record(self.user, act, about, self.now)

    async def try_to_write(self, write: Awaitable[object]) -> None:
        """Write what the answer does not depend on: a full disk must not keep anybody from reading.

        It may be written again, should the update be handled once more.
        """
        try:
            with repeatable():
                await write
        except StoreError:
            log.exception("Something small could not be written down.")

    async def await_words(self, awaited: Awaited | None) -> None:
        """Remember what the next words of this chat answer."""
        written = AWAITED.encode(awaited) if awaited is not None else None
        # Most commands end a question that was never asked: no write for those.
        if written != self.reader.conversation.awaiting:
            await self.try_to_write(self.services.readers.await_words(self.reader.id, written))
            conversation = replace(self.reader.conversation, awaiting=written)
            self.reader = replace(self.reader, conversation=conversation)

    # Answering --------------------------------------------------------------------------------------------

    async def show(self, message: Message) -> None:
        """Answer a press in its own message, unless its button asks for a new one; else in a new one."""
        query = self.incoming.callback_query
        if (
            query is not None
            and query.message is not None
            and query.message.is_accessible  # python-telegram-bot makes a Message of one that is gone, too
            and not is_for_new_message(query.data or "")
        ):
            chat, id_ = query.message.chat.id, query.message.message_id
            edited = await convert.edit(self.bot, chat, id_, message)
            self._unchanged = edited == "same"
            if edited != "gone":
                return
        await self.send(message)

    async def send(self, *messages: Message) -> None:
        """Answer in new messages."""
        place = self.place
        for message in messages:
            try:
                await convert.send(self.bot, place, message)
            except telegram.error.ChatMigrated as moved:  # while this was being answered
                place = replace(place, chat=moved.new_chat_id)
                await convert.send(self.bot, place, message)

    async def send_file(self, name: str, data: bytes, caption: str, *, as_picture: bool = False) -> None:
        """Answer with a file; a picture is shown."""
        await convert.send_file(self.bot, self.place, name, data, caption, as_picture=as_picture)

    async def tell(self, text: str) -> None:
        """Answer with plain words in a new message."""
        await self.send(plain_message(text))

    async def answer(self, text: str | None = None) -> None:
        """End the spinner of a press, with words if there are any; one that is too old is past caring."""
        query = self.incoming.callback_query
        if query is None:
            return
        is_alert = text is not None
        if text is None and self._unchanged:
            text = self.tr("chat.same")
        try:
            await query.answer(text[:_MAX_TOAST_CHARS] if text else None, show_alert=is_alert)
        except telegram.error.BadRequest as error:
            # After a restart: a press waits for its answer for a few minutes only.
            if "query is too old" not in str(error).lower():
                raise

    async def redirect_to_private(self, card: Card | None) -> None:
        """Answer a press in a channel by opening the private chat, at an article or at a quote."""
        query = self.incoming.callback_query
        url = telegram.helpers.create_deep_linked_url(
            self.bot.username, card.slug if card else deep_links.QUOTE
        )
        if query is not None:
            await query.answer(url=url)

    async def puzzled(self, key: str) -> None:
        """Say that something was not understood; in a group only if the bot was addressed by name."""
        chat, message = self.incoming.effective_chat, self.message
        addressed = message is not None and f"@{self.bot.username}".lower() in (message.text or "").lower()
        if chat is None or (chat.type != ChatType.PRIVATE and not addressed):
            return
        await self.load()
        await self.send(not_understood(self.tr(key), self.tr))


_KINDS: Final[dict[str, PlaceKind]] = {ChatType.PRIVATE: "private", ChatType.CHANNEL: "channel"}
