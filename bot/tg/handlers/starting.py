"""/start, /help, /cancel: what the bot is for, and how to begin."""

from bot.actions.readers import ListArticles, OpenSettings, OpenSummary, ShowHelp, ShowQuote, SubscribeAgain
from bot.message.callback import button
from bot.message.model import Button, Message, Row
from bot.message.rich import Rich, to_message
from bot.tg import deep_links
from bot.tg.lookup import own_language_first, summary_message
from bot.tg.menus import TASKS, commands_for, set_menu_of
from bot.tg.request import AUDIENCES, Request
from bot.tg.routes import Route, command, deep_link, pressed


async def start(request: Request) -> None:
    """Handle /start [slug]: greet, with three buttons, or show the article that a link named."""
    card = request.services.library.by_slug(request.words) if request.words else None
    if card is not None:
        await request.send(await summary_message(request, card))
        return
    say = request.say
    if request.words:
        await request.tell(say("chat.link_stale"))
    rows: list[Row] = [*_newest(request), (_quote(request), _subscribe(request))]
    text = Rich.plain(say("chat.start_title")).bold() + Rich.plain("\n" + say("chat.start_text"))
    await request.send(to_message(text, tuple(rows)))


async def claim(request: Request) -> None:
    """Make the sender the owner by the one-time link of the first start."""
    user, word = request.incoming.effective_user, request.words.removeprefix(deep_links.OWNER)
    if user and await request.services.people.claim(user.id, user.full_name, word, request.now):
        await request.tell(request.say("chat.claimed"))
        await set_menu_of(request.bot, user.id, "owner")
    else:
        await request.tell(request.say("chat.claim_refused"))


async def help_(request: Request) -> None:
    """Handle /help: list every command that this person may use."""
    await request.send(await _help(request))


async def show_help(request: Request, _: ShowHelp) -> None:
    """List every command that this person may use."""
    await request.send(await _help(request))


async def _help(request: Request) -> Message:
    say, groups = request.say, dict(TASKS)
    for audience in AUDIENCES[1:]:
        if await request.belongs_to(audience):
            groups[audience] = commands_for(audience)
    parts = [Rich.plain(say("chat.help_title")).bold()]
    for name, listed in groups.items():
        lines = "\n".join(f"/{each} – {say(f'menu.{each}')}" for each in listed)
        parts.append(Rich.plain(say(f"chat.help_{name}")).bold() + Rich.plain("\n" + lines))
    parts.append(Rich.plain(say("chat.help_more")))
    articles = button(say("chat.button_articles"), ListArticles(0), in_new_message=True)
    settings = button(say("chat.button_settings"), OpenSettings(None, "all"), in_new_message=True)
    rows = [*_newest(request), (articles, _quote(request)), (_subscribe(request), settings)]
    return to_message(Rich.join("\n\n", parts), tuple(rows))


def _newest(request: Request) -> list[Row]:
    """Return a row with the newest article, if there is one."""
    newest = own_language_first(request.services.library.newest(), request.reader)[:1]
    text = request.say("chat.button_newest")
    return [(button(text, OpenSummary(card.id), in_new_message=True),) for card in newest]


def _quote(request: Request) -> Button:
    return button(request.say("chat.button_quote"), ShowQuote(None))


def _subscribe(request: Request) -> Button:
    return button(request.say("chat.button_subscribe"), SubscribeAgain(), in_new_message=True)


async def cancel(request: Request) -> None:
    """Handle /cancel: stop waiting for whatever was asked."""
    was_awaited = request.reader.awaiting is not None
    await request.await_words(None)
    await request.tell(request.say("chat.cancelled" if was_awaited else "chat.nothing_to_cancel"))


ROUTES: list[Route] = [
    deep_link(deep_links.OWNER, claim),
    command("start", start),
    command("help", help_),
    command("cancel", cancel, keeps_question=True),
    pressed(ShowHelp, show_help),
]
