"""The quotes of a draft, as editors choose them: left out, brought back, added by words of the text."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.article.metadata.front_matter import split_front_matter
from bot.article.model import QuoteId
from bot.article.quotes.collect import quote_id, stands_in
from bot.editing.editor import Editor
from bot.editing.fields import bytes_with
from bot.editing.model import Draft, Fields, Proposal
from bot.editing.prepared import quotes_in
from bot.editing.stores import DraftStore
from bot.errors import ArticleError
from bot.message.edition import RenderedQuote

MAX_CHARS: Final = 1_000
"""Characters of a quote that is added."""


@dataclass(frozen=True, slots=True)
class ChosenQuotes:
    """The quotes that a draft has, and the words of those that were left out."""

    proposal: Proposal
    kept: Sequence[RenderedQuote]
    left_out: Sequence[str]


class DraftQuotes:
    """Change the quotes of drafts."""

    def __init__(self, editor: Editor, drafts: DraftStore) -> None:
        self._editor = editor
        self._drafts = drafts

    async def of(self, draft: int, *, editor: int) -> ChosenQuotes | None:
        """Return the quotes of a draft; None when it is gone. ArticleError as in `Editor.propose`."""
        found = await self._drafts.get(draft)
        prepared = await self._editor.prepared(draft, editor=editor)
        if found is None or prepared is None:
            return None
        proposal, document = prepared
        kept = [quote for piece in document.quote_pieces[:1] for quote in quotes_in(piece)]
        return ChosenQuotes(proposal, kept, await _left_out(found))

    async def switch(self, draft: int, quote: QuoteId, *, editor: int) -> bool | None:
        """Leave a quote out, or bring it back; False for one that is not there, None without the draft."""
        found = await self.of(draft, editor=editor)
        if found is None:
            return None
        words = [each for each in found.left_out if quote_id(each) != quote]
        if len(words) == len(found.left_out):
            words += [each.text for each in found.kept if each.id == quote]
            if len(words) == len(found.left_out):
                return False
        return await self._editor.change(draft, {"not_quotes": words}, editor=editor) is not None

    async def add(self, draft: int, words: str, by: str, *, editor: int) -> bool | None:
        """Add a quote. ArticleError for words that do not stand in the text; None when the draft is gone."""
        found = await self._drafts.get(draft)
        if found is None:
            return None
        if len(words) > MAX_CHARS or not await asyncio.to_thread(stands_in, words, found.text):
            raise ArticleError("editing.quote_elsewhere", file=found.name)
        id_ = quote_id(words)
        added = [each for each in found.fields.get("quotes", ()) if not isinstance(each, str)]
        fields: Fields = {
            "quotes": [*added, {"text": words, "by": by} if by else {"text": words}],
            "not_quotes": [each for each in await _left_out(found) if quote_id(each) != id_],
        }
        return await self._editor.change(draft, fields, editor=editor) is not None


async def _left_out(draft: Draft) -> list[str]:
    """Return the words of the quotes that were left out, here or in an earlier version of the text."""
    document = await bytes_with(draft.text, draft.fields)
    front = await asyncio.to_thread(split_front_matter, document.decode("utf-8", "surrogatepass"))
    return list(front.unwanted)
