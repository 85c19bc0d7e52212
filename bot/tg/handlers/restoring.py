"""After a backup was put back: an owner decides whether readers have had what it does not know of."""

from bot.actions.staff import CountAsTold, TellAgain
from bot.message.formatted_text import plain_message
from bot.tg.request import Request
from bot.tg.routes import Route, pressed


async def decide(request: Request, action: CountAsTold | TellAgain) -> str | None:
    """Count everything until now as told, or tell it (again)."""
    told = isinstance(action, CountAsTold)
    if not await request.services.restored.decide(request.now, told=told):
        return request.tr("restored.decided_already")
    await request.record("decided")
    await request.show(plain_message(request.tr("restored.told" if told else "restored.again")))
    return None


ROUTES: list[Route] = [
    pressed(CountAsTold, decide, audience="owner"),
    pressed(TellAgain, decide, audience="owner"),
]
