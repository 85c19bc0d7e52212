"""The methods that send, change and fetch messages and files, with the server's own checks and words."""

from typing import Any, Final

from bot.demo.access import chat_of, parsed
from bot.demo.arguments import Arguments, whole
from bot.demo.keyboards import keyboard
from bot.demo.model import GENERAL, Chat, Json, bad_request
from bot.demo.text import TextRefused, checked
from bot.demo.world import World

_MAX_ANSWER_CHARS: Final = 200
_DELETABLE_S: Final = 48 * 3600
"""Seconds for which a message can be taken away by whoever does not decide in its chat."""

_CONTENT: Final = ("text", "entities", "link_preview_options")
_COPIED: Final = (*_CONTENT, "caption", "caption_entities", "document", "photo", "sticker", "voice")
_ACTIONS: Final = frozenset(
    "typing upload_photo upload_document find_location record_video upload_video".split()
)


async def send_message(world: World, given: Arguments) -> Json:
    """Return a text. What it says is checked before where it goes."""
    content = _text(given)
    return sent(world, given, content)


async def copy_message(world: World, given: Arguments) -> Json:
    """Send another message's content without its author's name."""
    if not given.text("from_chat_id"):
        raise bad_request('parameter "from_chat_id" is required')
    origin = world.chats.get(given.whole("from_chat_id"))
    if origin is None or not origin.met:
        raise bad_request("chat not found")
    message = world.messages.get((origin.id, given.whole("message_id")))
    if message is None:
        raise bad_request("message to copy not found")
    content: Json = {key: message[key] for key in _COPIED if key in message}
    if not content.keys() - {"link_preview_options", "entities", "caption", "caption_entities"}:
        raise bad_request("message can't be copied")
    return {"message_id": sent(world, given, content)["message_id"]}


async def edit_message_text(world: World, given: Arguments) -> Json:
    """Put another text into a message; without a keyboard, the old one goes."""
    content = _text(given, edited=True)
    markup = keyboard(parsed(given, "reply_markup"), edited=True)
    message = _own_message(world, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _changed(world, message, content, markup)


async def edit_message_reply_markup(world: World, given: Arguments) -> Json:
    """Another keyboard under an old message."""
    markup = keyboard(parsed(given, "reply_markup"), edited=True)
    message = _own_message(world, given)
    kept: Json = {key: message[key] for key in _CONTENT if key in message}
    return _changed(world, message, kept, markup)


async def delete_message(world: World, given: Arguments) -> bool:
    """Take a message away."""
    chat = chat_of(world, given, to_write=False)
    if not given.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.messages.get((chat.id, given.whole("message_id")))
    if message is None:
        raise bad_request("message to delete not found")
    if not chat.bot_decides:
        if chat.type != "private" and (chat.id, message["message_id"]) not in world.own:
            raise bad_request("message can't be deleted")
        if world.now() - message["date"] > _DELETABLE_S:
            raise bad_request("message can't be deleted for everyone")
    del world.messages[chat.id, message["message_id"]]
    world.gone.add((chat.id, given.whole("message_id")))
    world.tell(chat.id, "deleted", {"message_id": given.whole("message_id")})
    return True


async def set_message_reaction(world: World, given: Arguments) -> bool:
    """Set what the bot thinks of a message, by whomever: nothing, or one emoji."""
    chat = chat_of(world, given, to_write=False)
    if (chat.id, given.whole("message_id")) not in world.messages:
        raise bad_request("message to react not found")
    reaction = parsed(given, "reaction") or []
    if not isinstance(reaction, list):
        raise bad_request("expected an Array of ReactionType")
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    return True


async def answer_callback_query(world: World, given: Arguments) -> bool:
    """End the spinner of a pressed button."""
    if len(given.text("text")) > _MAX_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    url = given.text("url")
    if url and not url.startswith(f"https://t.me/{world.bot['username']}?start="):
        raise bad_request("URL_INVALID")
    id_, text = given.text("callback_query_id"), given.text("text")
    world.answer(id_, text, alert=given.truth("show_alert"), url=url)
    return True


async def send_chat_action(world: World, given: Arguments) -> bool:
    """Show *typing …*."""
    if given.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = chat_of(world, given)
    world.tell(chat.id, "typing", {})
    return True


def sent(world: World, given: Arguments, content: Json) -> Json:
    """Post what was checked: its keyboard first, then where it goes."""
    markup = keyboard(parsed(given, "reply_markup"))
    chat = chat_of(world, given)
    content |= where(world, given, chat)
    if markup:
        content["reply_markup"] = markup
    return world.post(chat, content)


def where(world: World, given: Arguments, chat: Chat) -> Json:
    """Return the topic and the message that are answered."""
    thread = given.whole("message_thread_id")
    if chat.topics:
        # General has no thread of its own: it is addressed by naming none.
        if thread and (thread == GENERAL or thread not in chat.topics):
            raise bad_request("message thread not found")
        if (thread or GENERAL) in chat.closed and not chat.bot_decides:
            raise bad_request("TOPIC_CLOSED")
    reply = parsed(given, "reply_parameters")
    if reply is not None and not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    target: Json | None = None
    if reply:
        target = world.messages.get((chat.id, whole(reply.get("message_id"))))
        if target is None and not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    return {**world.thread(chat, thread), **({"reply_to_message": target} if target else {})}


def _own_message(world: World, given: Arguments) -> Json:
    if not given.text("chat_id") and not given.text("message_id"):
        raise bad_request("message identifier is not specified")
    chat = chat_of(world, given)
    if not given.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.messages.get((chat.id, given.whole("message_id")))
    if message is None:
        raise bad_request("message to edit not found")
    if (chat.id, message["message_id"]) not in world.own:
        raise bad_request("message can't be edited")
    return message


def _changed(world: World, message: Json, content: Json, markup: Json | None) -> Json:
    new = {**content, **({"reply_markup": markup} if markup else {})}
    if all(message.get(key) == new.get(key) for key in (*_CONTENT, "reply_markup")):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as "
            "a current content and reply markup of the message"
        )
    for key in (*_CONTENT, "reply_markup"):
        message.pop(key, None)
    message |= {**new, "edit_date": int(world.clock.now().timestamp())}
    world.tell(message["chat"]["id"], "edited", message)
    return message


def _text(given: Arguments, *, edited: bool = False) -> Json:
    if given.text("parse_mode").lower() not in {"", "none"}:
        raise bad_request("unsupported parse_mode")  # here; the real server knows three
    try:
        text, entities = checked(given.text("text"), parsed(given, "entities"), edited=edited)
    except TextRefused as refused:
        raise bad_request(str(refused)) from None
    preview = _preview(parsed(given, "link_preview_options"))
    return {
        "text": text,
        **({"entities": entities} if entities else {}),
        **({"link_preview_options": preview} if preview else {}),
    }


def _preview(options: Any) -> Json:
    """Return the preview that a message asks for: none, or a link's, with a size if it is named."""
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise bad_request("can't parse link preview options JSON object")
    if options.get("is_disabled"):
        return {"is_disabled": True}
    keys = ("url", "prefer_small_media", "prefer_large_media", "show_above_text")
    return {
        key: options[key]
        for key in keys
        if options.get(key) and (options.get("url") or key == "show_above_text")
    }
