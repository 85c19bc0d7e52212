"""The methods of the Bot API that a bot like this one calls; the rest of them answer 404."""

import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from bot.demo import files, messages
from bot.demo.access import chat_of, parsed
from bot.demo.arguments import Arguments, whole
from bot.demo.model import Json, Refusal, bad_request, member
from bot.demo.updates import Conflict
from bot.demo.webhook import DEFAULT_CONNECTIONS
from bot.demo.world import World

Method = Callable[[World, Arguments], Awaitable[Any]]

_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"([a-z]{2})?")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]*")
_MAX_SECRET_CHARS: Final = 256
_MAX_COMMANDS: Final = 100
_MAX_DESCRIPTION_CHARS: Final = 256
_MAX_NAME_CHARS: Final = 32
_SCOPES: Final = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators "
    "chat_member".split()
)


async def get_me(world: World, _: Arguments) -> Json:
    """Return who the bot is."""
    abilities = (
        "can_read_all_group_messages supports_inline_queries supports_guest_queries can_connect_to_business "
        "has_main_web_app has_topics_enabled allows_users_to_create_topics can_manage_bots"
    )
    return {**world.bot, "can_join_groups": True, **dict.fromkeys(abilities.split(), False)}


async def get_updates(world: World, given: Arguments) -> list[Json]:
    """Answer a long poll."""
    if world.updates.webhook.url:
        reason = "can't use getUpdates method while webhook is active"
        raise Refusal(409, f"Conflict: {reason}; use deleteWebhook to delete the webhook first")
    _allow(world, given)
    try:
        return await world.updates.poll(
            offset=given.whole("offset"),
            limit=min(max(given.whole("limit", 100), 1), 100),
            wait=min(max(given.whole("timeout"), 0), 50),
        )
    except Conflict:
        now = world.updates.webhook
        reason = (
            "terminated by setWebhook request"
            if now.url
            else "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        raise Refusal(409, f"Conflict: {reason}") from None


async def set_webhook(world: World, given: Arguments) -> bool:
    """Post updates to an address from now on; nowhere any more for an empty one."""
    url, secret = given.text("url").strip(), given.text("secret_token")
    if not url:
        return await delete_webhook(world, given)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > _MAX_SECRET_CHARS:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, given)
    certificate = given.files.get("certificate", ("", None))[1]
    connections = given.whole("max_connections", DEFAULT_CONNECTIONS)
    try:
        await world.updates.webhook.set(url, secret, certificate, connections)
    except (ValueError, OSError):  # an SSLError is an OSError
        raise bad_request("bad webhook: can't load the certificate") from None
    if given.truth("drop_pending_updates"):
        world.updates.drop()
    world.updates.end()
    return True


async def delete_webhook(world: World, given: Arguments) -> bool:
    """Post updates nowhere any more."""
    await world.updates.webhook.close()
    if given.truth("drop_pending_updates"):
        world.updates.drop()
    return True


async def get_webhook_info(world: World, _: Arguments) -> Json:
    """Return where updates are posted to, and how that fares."""
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": webhook.has_certificate,
        "pending_update_count": world.updates.pending(),
    }
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.url and webhook.last_error is not None:
        info |= {"last_error_date": webhook.last_error[0], "last_error_message": webhook.last_error[1]}
    return info


async def set_my_commands(world: World, given: Arguments) -> bool:
    """Return a command menu for a scope and language."""
    commands = []
    wanted = parsed(given, "commands") or []
    if not isinstance(wanted, list) or not all(isinstance(command, dict) for command in wanted):
        raise bad_request("expected an Array of BotCommand")
    if len(wanted) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in wanted:
        name, text = (
            str(command.get("command", "")).strip().lstrip("/"),
            str(command.get("description", "")).strip(),
        )
        if not name:
            raise bad_request("command must be non-empty")
        if len(name) > _MAX_NAME_CHARS:
            raise bad_request("command length must not exceed 32")
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not text:
            raise bad_request("command description must be non-empty")
        if len(text) > _MAX_DESCRIPTION_CHARS:
            raise bad_request("command description length must not exceed 256")
        commands.append({"command": name, "description": text})
    world.commands[_scope(world, given), _language(given)] = commands
    world.tell(0, "commands", {})
    return True


async def get_my_commands(world: World, given: Arguments) -> list[Json]:
    """Return the command menu of a scope and language."""
    return world.commands.get((_scope(world, given), _language(given)), [])


async def delete_my_commands(world: World, given: Arguments) -> bool:
    """Delete the command menu of a scope and language."""
    world.commands.pop((_scope(world, given), _language(given)), None)
    world.tell(0, "commands", {})
    return True


async def set_my_description(world: World, given: Arguments) -> bool:
    """Return what an empty chat shows."""
    return _describe(world, given, "description", 512)


async def set_my_short_description(world: World, given: Arguments) -> bool:
    """Return what the bot's profile shows."""
    return _describe(world, given, "short_description", 120)


async def get_chat(world: World, given: Arguments) -> Json:
    """Return a chat, with the fields that are always there."""
    chat = chat_of(world, given, to_write=False)
    gifts = dict.fromkeys(
        "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split(), False
    )
    fixed = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return {**chat.json(), **fixed}


async def get_chat_member(world: World, given: Arguments) -> Json:
    """Return somebody's standing in a chat."""
    chat = chat_of(world, given, to_write=False)
    user = given.whole("user_id")
    if user <= 0:
        raise bad_request("invalid user_id specified")
    if user == world.bot["id"]:
        return member(world.bot, chat.bot)
    if user not in world.people:
        raise bad_request("member not found")
    status = chat.members.get(user, "left")
    return member(world.people[user].json(), status, anonymous=user in chat.anonymous)


async def get_chat_administrators(world: World, given: Arguments) -> list[Json]:
    """Return who decides in a group or channel; other bots are left out, this one is not."""
    chat = chat_of(world, given, to_write=False)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [
        member(world.people[user].json(), status, anonymous=user in chat.anonymous)
        for user, status in chat.members.items()
        if status in {"creator", "administrator"}
    ]
    return [*people, *([member(world.bot, chat.bot)] if chat.bot_decides else [])]


METHODS: Final[dict[str, Method]] = {
    method.__name__.replace("_", ""): method
    for method in (
        get_me, get_updates, set_webhook, delete_webhook, get_webhook_info, messages.send_message,
        messages.copy_message, messages.edit_message_text, messages.edit_message_reply_markup,
        messages.set_message_reaction, messages.delete_message, messages.answer_callback_query,
        messages.send_chat_action, files.send_document, files.send_photo, files.send_media_group,
        files.get_file, set_my_commands, get_my_commands, delete_my_commands, set_my_description,
        set_my_short_description, get_chat, get_chat_member, get_chat_administrators,
    )
}  # fmt: skip
"""By lower-case name: the real server does not mind the case either."""


def _allow(world: World, given: Arguments) -> None:
    with contextlib.suppress(ValueError):  # what cannot be read changes nothing
        allowed = given.json("allowed_updates")
        if isinstance(allowed, list):
            world.updates.allow([str(kind) for kind in allowed])


def _describe(world: World, given: Arguments, field: str, limit: int) -> bool:
    if len(given.text(field)) > limit:
        # Telegram's own words for this are not known here; the limit is the documented one.
        raise bad_request(f"bot {field.replace('_', ' ')} is too long")
    world.texts[field, _language(given)] = given.text(field)
    return True


def _scope(world: World, given: Arguments) -> str:
    scope = parsed(given, "scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind == "chat":
        chat = whole(scope.get("chat_id"))
        if chat not in world.chats:
            raise bad_request("chat not found")
        return f"chat:{chat}"
    return kind


def _language(given: Arguments) -> str:
    code = given.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
