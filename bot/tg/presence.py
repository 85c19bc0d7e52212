"""What Telegram says about a message's being there, when its reaction is set to none.

That changes nothing for anybody: the bot sets no reactions, so there is none to take away. Of a message that
the chat does not have, the server says that it was not found. Pure.
"""

from typing import Any, Final

from bot.tg.envelope import Accepted, Refusal

METHOD: Final = "setMessageReaction"
_NOT_THERE: Final = "message to react not found"
_BAD_REQUEST: Final = 400


def question(chat: int, message_id: int) -> dict[str, Any]:
    """Return what the method is given."""
    return {"chat_id": chat, "message_id": message_id, "reaction": []}


def is_there(answer: Accepted | Refusal | None) -> bool | None:
    """Return whether the message is there; None when the answer does not tell."""
    match answer:
        case Accepted(result=True):
            return True
        case Refusal(code=code, description=words) if code == _BAD_REQUEST and _NOT_THERE in words.lower():
            return False
        case _:
            return None
