"""Messages and rich texts as JSON: entities as in the Bot API, for the database and for tools."""

from typing import Any

from bot.message.formatted_text import FormattedText, Span
from bot.message.model import Button, Entity, Message


def dump(message: Message) -> dict[str, Any]:
    """Return everything in a message, ready for JSON."""
    return {
        "text": message.text,
        "entities": [_entity(entity) for entity in message.entities],
        "buttons": [[_button(button) for button in row] for row in message.buttons],
        **({"preview": message.preview} if message.preview else {}),
        **({"photo": message.photo} if message.photo else {}),
    }


def load(data: dict[str, Any]) -> Message:
    """Return the message that `dump` wrote."""
    return Message(
        text=data["text"],
        entities=tuple(
            Entity(
                kind=entity["type"],
                offset=entity["offset"],
                length=entity["length"],
                url=entity.get("url"),
                language=entity.get("language"),
            )
            for entity in data["entities"]
        ),
        buttons=tuple(tuple(Button(**button) for button in row) for row in data["buttons"]),
        preview=data.get("preview", ""),
        photo=data.get("photo", ""),
    )


def dump_text(rich: FormattedText) -> list[Any]:
    """Return a text and its spans, ready for JSON."""
    return [rich.text, *([span.kind, span.start, span.end, span.url, span.language] for span in rich.spans)]


def load_text(data: list[Any]) -> FormattedText:
    """Return the text that `dump_text` wrote."""
    text, *spans = data
    return FormattedText(text, tuple(Span(*span) for span in spans))


def plain_of(data: list[Any]) -> str:
    """Return the words alone of a text that `dump_text` wrote."""
    text: str = data[0]
    return text


def _entity(entity: Entity) -> dict[str, Any]:
    data: dict[str, Any] = {"type": entity.kind, "offset": entity.offset, "length": entity.length}
    if entity.url is not None:
        data["url"] = entity.url
    if entity.language is not None:
        data["language"] = entity.language
    return data


def _button(button: Button) -> dict[str, str]:
    if button.callback_data is not None:
        return {"text": button.text, "callback_data": button.callback_data}
    return {"text": button.text, "url": button.url or ""}
