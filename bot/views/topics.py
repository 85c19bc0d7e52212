"""How readers choose what they hear of: tags, sources, words, languages."""

from collections.abc import Sequence
from typing import Final

from bot.actions.readers import OpenSettings
from bot.actions.topics import (
    ChooseEverything,
    ListLanguages,
    ListTopics,
    OpenTopics,
    ShowWeek,
    SwitchMute,
    SwitchReadLanguage,
    SwitchTopic,
)
from bot.article.library import Card
from bot.digest.interests import Selection, is_chosen, key_of, topics_of
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.model import Button, ButtonRow, Message
from bot.reader.interests import TOPIC_KINDS, Interests, Topic, TopicKind
from bot.reader.model import Reader
from bot.views.settings import name_of

PAGE: Final = 12
WEEK_SHOWN: Final = 10
"""Articles of each kind that the preview of a week names."""

_SHOWN: Final = 12
"""Topics that the overview names."""

_NAME_CHARS: Final = 40
_TITLE_CHARS: Final = 80
_MUTABLE: Final = 3
"""Topics of an article that a button below it mutes."""


def topic_name(topic: Topic, tr: Translator) -> str:
    """Return a topic as people read it: #tag, a source, “a word”."""
    name = truncate(topic.name, _NAME_CHARS)
    match topic.kind:
        case "tag":
            return f"#{name}"
        case "word":
            return tr("topics.word", word=name)
        case "source":
            return name


def because(topic: Topic, tr: Translator) -> str:
    """Return why an article is announced."""
    return f"★ {topic_name(topic, tr)}"


def overview(reader: Reader, tr: Translator, *, away: bool = False) -> Message:
    """Return what a chat wants to hear of, and what can be chosen; `away` from it, with its name."""
    chosen = reader.interests
    lines = [line for line in _described(chosen, tr) if line] or [tr("topics.everything")]
    title = tr("topics.title_of", chat=name_of(reader)) if away else tr("topics.title")
    text = FormattedText.plain(title).bold() + FormattedText.plain("\n" + "\n".join(lines))
    text += FormattedText.plain("\n\n" + tr("topics.hint"))
    kinds = [button(tr(f"topics.to_{kind}"), ListTopics(reader.id, kind, 0)) for kind in TOPIC_KINDS]
    kinds.append(button(tr("topics.to_languages"), ListLanguages(reader.id)))
    rows = [*in_rows(kinds, 2), (button(tr("topics.to_week"), ShowWeek(reader.id)),)]
    if chosen:
        rows.append((button(tr("topics.to_everything"), ChooseEverything(reader.id)),))
    rows.append((button(tr("settings.back"), OpenSettings(reader.id, "all")),))
    return to_message(text, tuple(rows))


def _described(chosen: Interests, tr: Translator) -> list[str]:
    languages = tr.list(map(tr.language_name, sorted(chosen.languages)))
    left = [topic for topic in chosen.followed if not is_chosen(chosen.muted, topic)]
    only = tr("topics.only", topics=_names(left, tr)) if left else tr("topics.nothing_left")
    return [
        only if chosen.followed else "",
        tr("topics.never", topics=_names(chosen.muted, tr)) if chosen.muted else "",
        tr("topics.languages", languages=languages) if languages else "",
    ]


def _names(topics: Sequence[Topic], tr: Translator) -> str:
    names = [topic_name(topic, tr) for topic in topics[:_SHOWN]]
    more = len(topics) - _SHOWN
    return tr.list([*names, tr("topics.more", count=more)] if more > 0 else names)


def topics(
    reader: Reader,
    kind: TopicKind,
    counted: Sequence[tuple[Topic, int]],
    page: int,
    tr: Translator,
    *,
    typed: bool,
) -> Message:
    """Return a page of the topics of a kind, each to be followed, muted, or neither."""
    pages = max(1, -(-len(counted) // PAGE))
    page = min(page, pages - 1)
    buttons = [
        button(_label(reader.interests, topic, count, tr), SwitchTopic(reader.id, kind, key_of(topic), page))
        for topic, count in counted[page * PAGE : (page + 1) * PAGE]
    ]
    turns: list[Button] = []
    if page > 0:
        turns.append(button(f"‹ {page}/{pages}", ListTopics(reader.id, kind, page - 1)))
    if page < pages - 1:
        turns.append(button(f"{page + 2}/{pages} ›", ListTopics(reader.id, kind, page + 1)))
    lines = [tr("topics.taps" if counted else f"topics.no_{kind}")]
    if kind == "word":
        lines.append(tr("topics.words_typed" if typed else "topics.words_command"))
    rows = [*in_rows(buttons, 2), *([tuple(turns)] if turns else [])]
    return _screen(reader, tr(f"topics.title_{kind}"), lines, rows, tr)


def _label(chosen: Interests, topic: Topic, count: int, tr: Translator) -> str:
    sign = "🔕 " if is_chosen(chosen.muted, topic) else "★ " if is_chosen(chosen.followed, topic) else ""
    name = sign + topic_name(topic, tr)
    return name if topic.kind == "word" else f"{name} · {count}"


def languages(reader: Reader, counted: Sequence[tuple[str, int]], tr: Translator) -> Message:
    """Return the languages that articles are in, each to be switched on or off."""
    chosen = reader.interests.languages
    buttons = [
        button(
            f"{'✓ ' if code in chosen else ''}{tr.language_name(code)} · {count}",
            SwitchReadLanguage(reader.id, code),
        )
        for code, count in counted
    ]
    hint = tr("topics.languages_hint")
    return _screen(reader, tr("topics.title_languages"), [hint], in_rows(buttons, 2), tr)


def week(reader: Reader, selection: Selection, tr: Translator) -> Message:
    """Return what of the last week the interests let in, and what they keep out."""
    count = len(selection.cards)
    whole = count + len(selection.left_out)
    blocks = [FormattedText.plain(tr("topics.week_title", count=count, all=whole)).bold()]
    taken = []
    for card in selection.cards[:WEEK_SHOWN]:
        topic = selection.because.get(card.id)
        taken.append(_title(card) + (f" · {because(topic, tr)}" if topic else ""))
    blocks.append(_titles("", taken, count, tr))
    left_out = [_title(card) for card in selection.left_out[:WEEK_SHOWN]]
    blocks.append(_titles(tr("topics.week_left_out"), left_out, len(selection.left_out), tr))
    text = FormattedText.join("\n\n", filter(None, blocks))
    return to_message(text, (_back(reader, tr),))


def _titles(heading: str, titles: Sequence[str], count: int, tr: Translator) -> FormattedText:
    if not titles:
        return FormattedText()
    lines = [f"• {title}" for title in titles]
    if count > len(titles):
        lines.append(tr("digest.and_more", count=count - len(titles)))
    text = FormattedText.plain("\n".join(lines))
    return FormattedText.plain(f"{heading}\n").bold() + text if heading else text


def _title(card: Card) -> str:
    return truncate(card.title, _TITLE_CHARS) or "–"


def mute_rows(card: Card, interests: Interests, tr: Translator) -> list[ButtonRow]:
    """Return a button for each of the first topics of an article, to mute it or to let it come again."""
    buttons = [
        button(
            tr(
                "topics.button_unmute" if is_chosen(interests.muted, topic) else "topics.button_mute",
                topic=topic_name(topic, tr),
            ),
            SwitchMute(card.id, key_of(topic)),
        )
        for topic in topics_of(card)[:_MUTABLE]
    ]
    return in_rows(buttons, 2)


def _screen(
    reader: Reader, title: str, lines: Sequence[str], rows: Sequence[ButtonRow], tr: Translator
) -> Message:
    text = FormattedText.plain(title).bold() + FormattedText.plain("\n" + "\n".join(lines))
    return to_message(text, (*rows, _back(reader, tr)))


def _back(reader: Reader, tr: Translator) -> ButtonRow:
    return (button(tr("topics.back"), OpenTopics(reader.id)),)
