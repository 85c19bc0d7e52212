"""Inline keyboards: what the server takes, drops and refuses."""

from typing import Any, Final

from bot.demo.model import Json, bad_request
from bot.message.limits import CALLBACK_LIMIT, is_link

_MAX_IN_ROW: Final = 12
_MAX_BUTTONS: Final = 300
_CANNOT: Final = "can't parse inline keyboard button: "


def keyboard(markup: Any, *, edited: bool = False) -> Json | None:
    """Return a keyboard as it will be shown; None for none. Refusal in the server's words.

    A message that is edited can have no other keyboard than one within it.
    """
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None and edited:
        raise bad_request("inline keyboard expected")
    if rows is None:
        return None  # other keyboards are not shown on the page
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    shown = [[_button(button) for button in row if _has_text(button)][:_MAX_IN_ROW] for row in rows]
    left, kept = _MAX_BUTTONS, []
    for row in shown:
        kept.append(row[:left])
        left -= len(kept[-1])
    kept = [row for row in kept if row]
    return {"inline_keyboard": kept} if kept else None


def _has_text(button: Any) -> bool:
    if not isinstance(button, dict):
        raise bad_request(f"{_CANNOT}expected an Object")
    return bool(button.get("text"))


def _button(button: Json) -> Json:
    text = str(button["text"])
    if url := button.get("url"):
        if not is_link(str(url)):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return {"text": text, "url": str(url)}
    data = button.get("callback_data")
    if not data:
        raise bad_request(f"{_CANNOT}Text buttons are unallowed in the inline keyboard")
    if len(str(data).encode()) > CALLBACK_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"text": text, "callback_data": str(data)}
