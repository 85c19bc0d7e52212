"""The methods that send, change and fetch messages and files, with the server's own checks and words."""

from typing import Any, Final

from bot.demo.arguments import Arguments
from bot.demo.keyboards import keyboard
from bot.demo.text import TextRefused, checked
from bot.demo.world import Chat, Json, Refusal, World, bad_request

MAX_DOWNLOAD: Final = 20_971_520
CAPTION_LIMIT: Final = 1024
_ANSWER: Final = 200
_CONTENT: Final = ("text", "entities", "link_preview_options")
_ACTIONS: Final = frozenset(
    "typing upload_photo upload_document find_location record_video upload_video".split()
)


async def send_message(world: World, given: Arguments) -> Json:
    """A text. What it says is checked before where it goes."""
    content = _text(given)
    return _send(world, given, content)


async def send_document(world: World, given: Arguments) -> Json:
    """A file, uploaded or known by its id."""
    content: Json = {"document": _file(world, given, "document"), **_caption(given)}
    return _send(world, given, content)


async def edit_message_text(world: World, given: Arguments) -> Json:
    """Another text in an old message; without a keyboard, the old one goes."""
    content = _text(given, edited=True)
    message = _own_message(world, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    markup = keyboard(parsed(given, "reply_markup"))
    return _changed(world, message, content, markup)


async def edit_message_reply_markup(world: World, given: Arguments) -> Json:
    """Another keyboard under an old message."""
    message = _own_message(world, given)
    kept: Json = {key: message[key] for key in _CONTENT if key in message}
    return _changed(world, message, kept, keyboard(parsed(given, "reply_markup")))


async def delete_message(world: World, given: Arguments) -> bool:
    """Take a message away."""
    chat = chat_of(world, given, to_write=False)
    if not given.text("message_id"):
        raise bad_request("message identifier is not specified")
    if world.messages.pop((chat.id, given.whole("message_id")), None) is None:
        raise bad_request("message to delete not found")
    world.tell(chat.id, "deleted", {"message_id": given.whole("message_id")})
    return True


async def answer_callback_query(world: World, given: Arguments) -> bool:
    """End the spinner of a pressed button."""
    if len(given.text("text")) > _ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answer(given.text("callback_query_id"), given.text("text"), alert=given.truth("show_alert"))
    return True


async def send_chat_action(world: World, given: Arguments) -> bool:
    """*typing …*."""
    chat = chat_of(world, given)
    if given.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell(chat.id, "typing", {})
    return True


async def get_file(world: World, given: Arguments) -> Json:
    """Where a file can be fetched."""
    id_ = given.text("file_id")
    if not id_:
        raise bad_request("file_id not specified")
    if id_ not in world.files:
        raise bad_request("invalid file_id")
    size = len(world.files[id_][1])
    if size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {"file_id": id_, "file_unique_id": f"u{id_}", "file_size": size, "file_path": f"documents/{id_}"}


def chat_of(world: World, given: Arguments, *, to_write: bool = True) -> Chat:
    """The chat that a call names. Refusal where the bot may not write (any more)."""
    if not given.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(given.whole("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if chat.moved_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, description, migrate_to_chat_id=chat.moved_to)
    if chat.bot == "kicked" and chat.type != "private":
        raise Refusal(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    if to_write and chat.type == "private":
        if world.people[chat.id].deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat.bot == "kicked":
            raise Refusal(403, "Forbidden: bot was blocked by the user")
    return chat


def parsed(given: Arguments, name: str) -> Any:
    """A structured value; a Refusal when it cannot be read."""
    try:
        return given.json(name)
    except ValueError:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def _send(world: World, given: Arguments, content: Json) -> Json:
    markup = keyboard(parsed(given, "reply_markup"))
    chat = chat_of(world, given)
    thread = given.whole("message_thread_id")
    if thread and chat.topics:
        if thread not in chat.topics:
            raise bad_request("message thread not found")
        content |= {"message_thread_id": thread, "is_topic_message": True}
    reply = parsed(given, "reply_parameters")
    if isinstance(reply, dict):
        target = world.messages.get((chat.id, int(reply.get("message_id", 0))))
        if target is None and not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        content |= {"reply_to_message": target} if target else {}
    if markup:
        content["reply_markup"] = markup
    return world.post(chat, content)


def _own_message(world: World, given: Arguments) -> Json:
    chat = chat_of(world, given)
    if not given.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.messages.get((chat.id, given.whole("message_id")))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != world.bot["id"]:
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
    """Which preview a message asks for: none, one of a link, small or large only if the link is named."""
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


def _caption(given: Arguments) -> Json:
    if not given.text("caption"):
        return {}
    try:
        text, entities = checked(
            given.text("caption"), parsed(given, "caption_entities"), limit=CAPTION_LIMIT
        )
    except TextRefused as refused:
        words = str(refused)
        raise bad_request(
            "message caption is too long" if words == "message is too long" else words
        ) from None
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def _file(world: World, given: Arguments, field: str) -> Json:
    reference = given.text(field)
    if reference.startswith("attach://"):
        reference = reference.removeprefix("attach://")
    upload = given.files.get(field) or given.files.get(reference)
    if upload is not None:
        if not upload[1]:
            raise bad_request("file must be non-empty")
        return world.keep_file(*upload)
    if reference in world.files:
        name, data = world.files[reference]
        return {
            "file_id": reference,
            "file_unique_id": f"u{reference}",
            "file_name": name,
            "file_size": len(data),
        }
    if not reference:
        raise bad_request(f"there is no {field} in the request")
    raise bad_request("wrong remote file identifier specified: Wrong string length")
