"""/topics: which articles a chat wants to hear of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.actions.awaited import AwaitedTopics
from bot.actions.topics import (
    ChooseEverything,
    ListLanguages,
    ListTopics,
    OpenNews,
    OpenTopics,
    ShowWeek,
    SwitchMute,
    SwitchReadLanguage,
    SwitchTopic,
)
from bot.article.library import Card
from bot.digest.interests import (
    counted,
    following,
    is_chosen,
    key_of,
    muted_over,
    muting,
    select,
    switched,
    topics_of,
    unmuted,
)
from bot.errors import NotFound
from bot.i18n import translator
from bot.message.model import Message
from bot.reader.interests import EVERYTHING, MAX_TOPICS, Interests, Topic, TopicKind, typed_topics
from bot.reader.model import Reader
from bot.tg.lookup import live_card, own_language_first, summary_message
from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, Route, answer, command, pressed
from bot.tg.subscription import settings_target
from bot.views import topics as views

_WEEK: Final = timedelta(days=7)


async def topics(request: Request) -> None:
    """Handle /topics [words]: show what the chat wants to hear of, or add to it."""
    if request.words and not await _add(request, request.reader, request.words):
        await request.tell(request.tr("topics.not_understood"))
        return
    await request.send(views.overview(request.reader, request.tr))


async def open_topics(request: Request, action: OpenTopics) -> None:
    """Show what a chat wants to hear of."""
    await _show(request, await settings_target(request, action.reader))


async def everything(request: Request, action: ChooseEverything) -> None:
    """Let a chat hear of everything again."""
    reader = await settings_target(request, action.reader)
    await _show(request, await _keep(request, reader, EVERYTHING))


async def _show(request: Request, reader: Reader) -> None:
    await request.await_words(None)
    await request.show(_overview(request, reader))


def _overview(request: Request, reader: Reader) -> Message:
    return views.overview(reader, translator(reader.language), away=reader.id != request.reader.id)


async def list_topics(request: Request, action: ListTopics) -> None:
    """List the topics of a kind; words are typed while they are listed."""
    await _list(request, await settings_target(request, action.reader), action.kind, action.page)


async def switch_topic(request: Request, action: SwitchTopic) -> str | None:
    """Follow a topic, mute it, or neither."""
    reader = await settings_target(request, action.reader)
    topic = _named(action.topic, [each for each, _ in _listed(request, reader, action.kind)])
    changed = switched(reader.interests, topic)
    if changed == reader.interests:
        return request.tr("topics.too_many", most=MAX_TOPICS)
    await _list(request, await _keep(request, reader, changed), action.kind, action.page)
    return None


async def _list(request: Request, reader: Reader, kind: TopicKind, page: int) -> None:
    in_private = request.reader.place.kind == "private"
    await request.await_words(AwaitedTopics(reader.id) if in_private and kind == "word" else None)
    tr = translator(reader.language)
    await request.show(views.topics(reader, kind, _listed(request, reader, kind), page, tr, typed=in_private))


def _listed(request: Request, reader: Reader, kind: TopicKind) -> Sequence[tuple[Topic, int]]:
    """Return the topics of a kind with their counts: those of articles, then others that were chosen."""
    # Of topics that are as frequent, those in the reader's language come first.
    cards = own_language_first(request.services.library.newest(), reader)
    there = counted(cards, kind) if kind != "word" else ()
    chosen = (*reader.interests.followed, *reader.interests.muted)
    others = [topic for topic in chosen if topic.kind == kind]
    return [*there, *((topic, 0) for topic in others if not is_chosen((each for each, _ in there), topic))]


def _named(key: str, topics: Sequence[Topic]) -> Topic:
    """Return the topic of a key. NotFound when no article has it any more."""
    for topic in topics:
        if key_of(topic) == key:
            return topic
    raise NotFound(key)


async def take_words(request: Request, awaited: AwaitedTopics, words: str) -> bool:
    """Take topics that were typed; what is no list of them is not meant for us."""
    if not ORIGINAL.check_update(request.incoming):
        return False
    try:
        reader = await settings_target(request, awaited.reader)
    except NotFound:
        await request.await_words(None)
        return False
    if not await _add(request, reader, words):
        return False
    await request.await_words(None)
    found = await request.services.readers.get(reader.id) or reader
    await request.send(_overview(request, found))
    return True


async def _add(request: Request, reader: Reader, words: str) -> bool:
    """Add topics that were typed, as far as there is room; False for what is no list of them."""
    typed = typed_topics(words)
    if typed is None:
        return False
    changed = reader.interests
    for topic in typed[0]:
        changed = following(changed, topic)
    for topic in typed[1]:
        changed = muting(changed, topic)
    await _keep(request, reader, changed)
    return True


async def list_languages(request: Request, action: ListLanguages) -> None:
    """List the languages that articles are in."""
    await _show_languages(request, await settings_target(request, action.reader))


async def switch_language(request: Request, action: SwitchReadLanguage) -> None:
    """Hear of articles in a language, or no longer."""
    reader = await settings_target(request, action.reader)
    if action.language not in {code for code, _ in _languages(request, reader)}:
        raise NotFound(action.language)
    changed = replace(reader.interests, languages=reader.interests.languages ^ {action.language})
    await _show_languages(request, await _keep(request, reader, changed))


async def _show_languages(request: Request, reader: Reader) -> None:
    await request.await_words(None)
    tr = translator(reader.language)
    await request.show(views.languages(reader, _languages(request, reader), tr))


def _languages(request: Request, reader: Reader) -> Sequence[tuple[str, int]]:
    counts = Counter(card.language for card in request.services.library.newest())
    counts.update(dict.fromkeys(reader.interests.languages, 0))
    return counts.most_common()


async def show_week(request: Request, action: ShowWeek) -> None:
    """Show what of the last week would have been announced; moves nothing."""
    reader = await settings_target(request, action.reader)
    await request.await_words(None)
    cards = request.services.library.added_since(request.now - _WEEK)
    await request.show(views.week(reader, select(cards, reader.interests), translator(reader.language)))


async def open_news(request: Request, action: OpenNews) -> None:
    """Show an article in short, with buttons that mute its source and its tags."""
    card = live_card(request, action.article)
    await request.show(await _with_mute_rows(request, card))


async def switch_mute(request: Request, action: SwitchMute) -> str:
    """Mute a topic of an article, or let it come again."""
    card, before = live_card(request, action.article), request.reader.interests
    topic = _named(action.topic, topics_of(card))
    is_muted = is_chosen(before.muted, topic)
    changed = unmuted(before, topic) if is_muted else muted_over(before, topic)
    if changed == before:
        return request.tr("topics.too_many", most=MAX_TOPICS)
    await _keep(request, request.reader, changed)
    await request.show(await _with_mute_rows(request, card))
    name = views.topic_name(topic, request.tr)
    return request.tr("topics.unmuted" if is_muted else "topics.muted", topic=name)


async def _with_mute_rows(request: Request, card: Card) -> Message:
    shown = await summary_message(request, card)
    rows = views.mute_rows(card, request.reader.interests, request.tr)
    return replace(shown, buttons=(*shown.buttons, *rows))


async def _keep(request: Request, reader: Reader, interests: Interests) -> Reader:
    """Write a choice down, and return the reader as they are then."""
    await request.services.interests.choose(reader.id, interests)
    changed = replace(reader, interests=interests)
    if changed.id == request.reader.id:
        request.reader = changed
    return changed


ROUTES: list[Route] = [
    command("topics", topics, admin_only=True),
    pressed(OpenTopics, open_topics),
    pressed(ListTopics, list_topics),
    pressed(SwitchTopic, switch_topic),
    pressed(ListLanguages, list_languages),
    pressed(SwitchReadLanguage, switch_language),
    pressed(ShowWeek, show_week),
    pressed(ChooseEverything, everything),
    pressed(OpenNews, open_news),
    pressed(SwitchMute, switch_mute, admin_only=True),
    answer(AwaitedTopics, take_words),
]
