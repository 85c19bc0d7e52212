"""What a search answers: hits with the words around them, or the nearest words."""

from collections.abc import Sequence
from typing import Final

from bot.actions.readers import OpenSection, OpenSummary, SearchPage, SearchWord
from bot.i18n import Translator
from bot.message.callback import button, in_rows
from bot.message.formatted_text import FormattedText, to_message
from bot.message.labels import truncate
from bot.message.limits import CALLBACK_LIMIT
from bot.message.model import Button, ButtonRow, Message
from bot.search.index import MOST
from bot.search.placing import PlacedHit
from bot.search.snippets import Snippet

HITS_PAGE: Final = 5
"""Hits of a page: with their snippets, what a phone shows at once."""

_TITLE_CHARS: Final = 120
_WORDS_IN_ROW: Final = 2
_NEAR: Final = "≈ "
_MAX_WORD_BYTES: Final = CALLBACK_LIMIT - len("look:")


def hits(
    query: str, placed: Sequence[PlacedHit], *, first: int, count: int, meant: Sequence[str], tr: Translator
) -> Message:
    """Show a page of hits, the first of which is number `first` of `count`, from 0.

    The words that were typed stand in a fixed width: a press on *more* reads them there.
    """
    if meant:
        title = tr("search.meant", count=count, words="\0", meant=" · ".join(meant))
    elif count >= MOST:
        title = tr("search.most", count=count, words="\0")
    else:
        title = tr("search.title", count=count, words="\0")
    parts = [_with_words(title, query)]
    parts += [_hit(number, each) for number, each in enumerate(placed, first + 1)]
    if not meant and any(each.hit.is_near for each in placed):
        parts.append(FormattedText.plain(tr("search.near")).italic())
    rows: list[ButtonRow] = [(_opening(number, each, tr),) for number, each in enumerate(placed, first + 1)]
    return to_message(FormattedText.join("\n\n", parts), (*rows, *_turns(first, len(placed), count, tr)))


def nothing(query: str, nearest: Sequence[str], tr: Translator, *, hint: str = "") -> Message:
    """Say that nothing was found, with words that would find something; `hint` is what else was meant."""
    text = _with_words(tr("search.nothing", words="\0"), query)
    actions = [(word, SearchWord(word)) for word in nearest if len(word.encode()) <= _MAX_WORD_BYTES]
    lines = [hint, tr("search.nearest") if actions else tr("search.no_nearest")]
    buttons = [button(word, action) for word, action in actions]
    text += FormattedText.plain("\n" + "\n".join(filter(None, lines)))
    return to_message(text, tuple(in_rows(buttons, _WORDS_IN_ROW)))


def _with_words(text: str, query: str) -> FormattedText:
    before, _, after = text.partition("\0")
    words = FormattedText.plain(query).code()
    return FormattedText.plain(before) + words + FormattedText.plain(after)


def _hit(number: int, placed: PlacedHit) -> FormattedText:
    near = _NEAR if placed.hit.is_near else ""
    title = FormattedText.plain(truncate(placed.hit.card.title, _TITLE_CHARS) or "–").bold()
    parts = (FormattedText.plain(f"{number}. {near}"), title, FormattedText("\n"), _bold_hits(placed.snippet))
    return FormattedText.join("", parts)


def _bold_hits(snippet: Snippet) -> FormattedText:
    parts: list[FormattedText] = []
    done = 0
    for start, end in snippet.hits:
        parts += [
            FormattedText.plain(snippet.text[done:start]),
            FormattedText.plain(snippet.text[start:end]).bold(),
        ]
        done = end
    return FormattedText.join("", (*parts, FormattedText.plain(snippet.text[done:])))


def _opening(number: int, placed: PlacedHit, tr: Translator) -> Button:
    card, page = placed.hit.card, placed.page
    if page is None:
        name = tr("search.summary")
        return button(f"{number} · {name}", OpenSummary(card.id), in_new_message=True)
    name = page.title or tr("article.beginning")
    action = OpenSection(card.id, page.section, page.number)
    return button(f"{number} · {name}", action, in_new_message=True)


def _turns(first: int, shown: int, count: int, tr: Translator) -> tuple[ButtonRow, ...]:
    turns: list[Button] = []
    if first > 0:
        turns.append(button(tr("search.earlier"), SearchPage(first // HITS_PAGE - 1)))
    if rest := count - first - shown:
        turns.append(button(tr("search.more", count=rest), SearchPage(first // HITS_PAGE + 1)))
    return (tuple(turns),) if turns else ()
