"""How a feature registers its commands, buttons and messages; who may use them is checked here, once."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.actions.model import Action
from bot.errors import NotFound, Unreadable
from bot.message.callback import action_of
from bot.text import typed
from bot.tg.request import Audience, Request
from bot.tg.spoken import command_meant
from bot.tg.typing_indicator import typing

A = TypeVar("A")
W = TypeVar("W")
Act = Callable[[Request], Coroutine[Any, Any, None]]
Press = Callable[[Request, A], Awaitable[str | None]]
Handler = BaseHandler[Update, Request, Any]

NEW_MESSAGES: Final = ~filters.UpdateType.EDITED & ~filters.UpdateType.CHANNEL_POST
"""An edited message runs no command twice, and a channel's posts are no commands."""

ORIGINAL: Final = NEW_MESSAGES & ~filters.FORWARDED & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT
"""Forwards, a channel's posts in its group and messages by way of a bot run no commands."""


TEXT: Final = filters.TEXT & ~(ORIGINAL & filters.COMMAND)
"""Words that are no command; in a forward, what looks like one is not."""


class ArticleGone(NotFound):
    """A button's article was removed."""


class NotAllowed(Exception):  # an answer, not a mistake of ours
    """The choice is an administrator's."""


class CommandRoute(CommandHandler[Request, None]):
    """A command and who may use it. `menus` says which ones menus and help list."""

    def __init__(self, name: str, act: Act, *, audience: Audience, admin_only: bool) -> None:
        self.name = name
        self.audience = audience

        async def guarded(_: Update, request: Request) -> None:
            # To others the command does not exist, so nothing tells them who owns the bot.
            if not await request.belongs_to(audience):
                await request.puzzled("chat.unknown_command")
                return
            # Only now: a command that is not open to somebody leaves no row behind.
            await request.load()
            if admin_only and not await request.is_admin():
                await request.tell(request.tr("chat.admins_only"))
                return
            with typing(request):
                await act(request)

        self.run = guarded
        super().__init__(name, guarded, filters=ORIGINAL)


def command(
    name: str,
    act: Act,
    *,
    audience: Audience = "reader",
    admin_only: bool = False,
    keeps_question: bool = False,
) -> CommandRoute:
    """Run `act` for a command; to whom it is not open, it does not exist.

    With `admin_only` only a group's administrators may use it. Whatever was asked of this chat is no longer
    awaited, unless the command `keeps_question`.
    """

    async def ending_question(request: Request) -> None:
        await request.await_words(None)
        await act(request)

    made = act if keeps_question else ending_question
    return CommandRoute(name, made, audience=audience, admin_only=admin_only)


@dataclass(frozen=True, slots=True)
class PressRoute:
    """What runs for a type of action, and who may press such buttons."""

    action: type[Action]
    press: Press[Any]
    audience: Audience
    admin_only: bool


def pressed(
    action: type[A], press: Press[A], *, audience: Audience = "reader", admin_only: bool = False
) -> PressRoute:
    """Run `press` for buttons of this type; it may return words to show in a pop-up.

    With `admin_only` only a group's administrators may press them.
    """
    return PressRoute(action, press, audience, admin_only)  # type: ignore[arg-type]  # one of the union


@dataclass(frozen=True, slots=True)
class MessageRoute:
    """What runs for messages that pass a filter; where it returns False, the next one is tried."""

    when: filters.BaseFilter
    act: Callable[[Request], Awaitable[bool]]
    loads: bool = True
    """Whether it needs the reader, who is written down if never met."""


def message(when: filters.BaseFilter, act: Callable[[Request], Awaitable[bool]]) -> MessageRoute:
    """Run `act` for messages in private that pass a filter; False hands them on."""
    return MessageRoute(NEW_MESSAGES & filters.ChatType.PRIVATE & when, act)


def edited(act: Act) -> Handler:
    """Run `act` when somebody changes a message in private; the reader is not loaded."""
    when = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE
    return MessageHandler(when, _unloaded(act))


def answer(
    awaited: type[W], act: Callable[[Request, W, str], Awaitable[bool]], *, audience: Audience = "reader"
) -> MessageRoute:
    """Run `act` for text where this is awaited, with the text as one line; False hands it on."""

    async def answered(request: Request) -> bool:
        found, sent = request.awaited, request.message
        if not isinstance(found, awaited) or sent is None or not await request.belongs_to(audience):
            return False
        return await act(request, found, typed(sent.text or ""))

    return message(TEXT, answered)


def spoken(routes: Iterable[object]) -> MessageRoute:
    """Run the command of a feature whose plain words, such as those of a button, are a whole message."""
    commands = {route.name: route for route in routes if isinstance(route, CommandRoute)}

    async def run(request: Request) -> bool:
        sent = request.message
        name = command_meant(sent.text or "") if sent is not None else None
        if name is None:
            return False
        await commands[name].run(request.incoming, request)
        return True

    return message(ORIGINAL & filters.TEXT, run)


def deep_link(payload: str, act: Act, *, private_only: bool = True) -> CommandRoute:
    """Run `act` for a /start with a payload, or one that begins with it when it ends in `_`.

    With `private_only`, only for a person in their own chat.
    """

    async def opened(request: Request) -> None:
        if private_only and not _is_person_in_private(request):
            await request.tell(request.tr("chat.link_in_private"))
        else:
            await act(request)

    return _DeepLink(payload, opened)


class _DeepLink(CommandRoute):
    def __init__(self, payload: str, act: Act) -> None:
        super().__init__("start", act, audience="reader", admin_only=False)
        self._payload = payload

    def check_update(self, update: object) -> Any:
        """Match the command only with such a payload."""
        found = super().check_update(update)
        words = found[0] if isinstance(found, tuple) else []
        given = words[0] if words else ""
        is_meant = given == self._payload or (self._payload.endswith("_") and given.startswith(self._payload))
        return found if is_meant else None


def _is_person_in_private(request: Request) -> bool:
    """Return whether a person speaks in their own chat; in groups, Telegram's stand-ins speak for several."""
    chat, user = request.incoming.effective_chat, request.incoming.effective_user
    return chat is not None and user is not None and chat.type == chat.PRIVATE and not user.is_bot


def service_message(when: filters.BaseFilter, act: Act) -> Handler:
    """Run `act` for service messages that pass a filter; the reader is not loaded."""
    return MessageHandler(when, _unloaded(act))


def own_membership(act: Act) -> Handler:
    """Run `act` when what the bot may do in a chat has changed; the reader is not loaded."""
    return ChatMemberHandler(_unloaded(act), ChatMemberHandler.MY_CHAT_MEMBER)


def _unloaded(act: Act) -> Callable[[Update, Request], Coroutine[Any, Any, None]]:
    async def run(_: Update, request: Request) -> None:
        await act(request)

    return run


Route = Handler | PressRoute | MessageRoute


def handlers_of(routes: Iterable[Route]) -> list[Handler]:
    """Return the library's handlers: those of the features, then one for all buttons and one for messages."""
    listed = list(routes)
    presses = _Presses([route for route in listed if isinstance(route, PressRoute)])
    messages = _Messages([route for route in listed if isinstance(route, MessageRoute)])
    others = [each for each in listed if not isinstance(each, PressRoute | MessageRoute)]
    return [*others, CallbackQueryHandler(presses.act), MessageHandler(filters.ALL, messages.act)]


class _Messages:
    """Hands each message to the first route that takes it."""

    def __init__(self, routes: Iterable[MessageRoute]) -> None:
        self._routes = tuple(routes)

    async def act(self, update: Update, request: Request) -> None:
        """Try the routes in order."""
        # In the order in which features are registered; the first that takes it ends the search.
        for route in self._routes:
            if not route.when.check_update(update):
                continue
            if route.loads:
                await request.load()
            with typing(request):
                if await route.act(request):
                    return


class _Presses:
    """Hands each press to the handler of its action."""

    def __init__(self, routes: Iterable[PressRoute]) -> None:
        self._routes = {route.action: route for route in routes}

    async def act(self, _: Update, request: Request) -> None:
        """Answer a press. Its spinner ends whatever happens."""
        query = request.incoming.callback_query
        if query is None:
            return
        if request.is_in_channel:
            await self._redirect(request, query.data or "")
            return
        await request.load()
        answer: str | None = None
        try:
            answer = await self._pressed(request, query.data or "")
        except NotAllowed:
            answer = request.tr("chat.admins_only")
        except ArticleGone:
            answer = request.tr("chat.article_gone")
        except (NotFound, Unreadable):
            answer = request.tr("chat.stale")
        finally:
            await request.answer(answer)

    async def _pressed(self, request: Request, data: str) -> str | None:
        action = action_of(data)
        # A test holds that each action has exactly one handler.
        route = self._routes[type(action)]
        if not await request.belongs_to(route.audience):
            return request.tr("chat.stale")
        if route.admin_only and not await request.is_admin():
            raise NotAllowed
        with typing(request):
            return await route.press(request, action)

    async def _redirect(self, request: Request, data: str) -> None:
        """Open the private chat: in a channel an answer would be a post for everybody."""
        try:
            # Actions about an article carry its id; others lead to the chat alone.
            article = getattr(action_of(data), "article", None)
        except Unreadable:
            article = None
        await request.redirect_to_private(request.services.library.get(article) if article else None)
