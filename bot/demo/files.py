"""The methods that send and fetch files, with the server's own checks and words."""

import json
from typing import Any, Final

from bot.demo.access import chat_of, parsed
from bot.demo.arguments import Arguments
from bot.demo.messages import sent, where
from bot.demo.model import Json, bad_request
from bot.demo.text import TextRefused, checked
from bot.demo.world import World

MAX_DOWNLOAD_BYTES: Final = 20_971_520
MAX_PHOTO_BYTES: Final = 10_485_760
CAPTION_LIMIT: Final = 1024
MAX_ALBUM: Final = 10
_PICTURES: Final = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")


async def send_document(world: World, given: Arguments) -> Json:
    """Return a file, uploaded or known by its id."""
    content: Json = {"document": _document(world, given, "document"), **_caption(given.values)}
    return sent(world, given, content)


async def send_photo(world: World, given: Arguments) -> Json:
    """Return a picture, uploaded or known by its id."""
    return sent(world, given, {"photo": [_photo(world, given, "photo")], **_caption(given.values)})


async def send_media_group(world: World, given: Arguments) -> list[Json]:
    """Send several files or pictures as one."""
    media = parsed(given, "media")
    if not isinstance(media, list):
        raise bad_request("can't parse media JSON object")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if not all(isinstance(each, dict) for each in media):
        raise bad_request("can't parse InputMedia: expected an Object")
    kinds = {str(each.get("type")) for each in media}
    if unknown := kinds - {"photo", "document"}:
        raise bad_request(f'type "{min(unknown)}" can\'t be used in sendMediaGroup')
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    contents = [_of_album(world, given, each) for each in media]
    chat = chat_of(world, given)
    common = {**where(world, given, chat), "media_group_id": str(10**16 + len(world.messages))}
    return [world.post(chat, {**content, **common}) for content in contents]


async def get_file(world: World, given: Arguments) -> Json:
    """Return where a file can be fetched."""
    id_ = given.text("file_id")
    if not id_:
        raise bad_request("file_id not specified")
    if id_ not in world.files:
        raise bad_request("invalid file_id")
    file = world.file(id_)
    if file["file_size"] > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file, "file_path": f"documents/{id_}"}


def _of_album(world: World, given: Arguments, media: Json) -> Json:
    one = Arguments({"media": str(media.get("media", ""))}, given.files)
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in media.items()}
    shown: Any = [_photo(world, one, "media")] if media["type"] == "photo" else _document(world, one, "media")
    return {media["type"]: shown, **_caption(values)}


def _caption(values: dict[str, str]) -> Json:
    given = Arguments(values, {})
    if not given.text("caption"):
        return {}
    entities = parsed(given, "caption_entities")
    try:
        text, entities = checked(given.text("caption"), entities, limit=CAPTION_LIMIT)
    except TextRefused as refused:
        words = str(refused)
        raise bad_request(
            "message caption is too long" if words == "message is too long" else words
        ) from None
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def _document(world: World, given: Arguments, field: str) -> Json:
    return world.file(_file(world, given, field))


def _photo(world: World, given: Arguments, field: str) -> Json:
    id_ = _file(world, given, field)
    data = world.files[id_][1]
    if len(data) > MAX_PHOTO_BYTES:
        limit = f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        raise bad_request(f"file of size {len(data)} bytes is too big for a photo; {limit}")
    if not data.startswith(_PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return world.photo(id_)


def _file(world: World, given: Arguments, field: str) -> str:
    """Return the id of the file that is named or uploaded."""
    reference = given.text(field)
    upload = given.files.get(field) or given.files.get(reference.removeprefix("attach://"))
    if upload is not None:
        if not upload[1]:
            raise bad_request("file must be non-empty")
        return str(world.keep_file(*upload)["file_id"])
    if reference in world.files:
        return reference
    if not reference:
        raise bad_request(f"there is no {field} in the request")
    if "." in reference:
        raise bad_request("failed to get HTTP URL content")  # an address: nothing is fetched here
    raise bad_request("wrong remote file identifier specified: Wrong string length")
