"""Footnotes stand at the end of the section that first points to them, not at the end of the document."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from bot.article.markdown.tree import blocks_of, numbered
from bot.article.model import Blocks

_OPEN, _CLOSE = "footnote_reference_open", "footnote_reference_close"


class Footnotes:
    """The notes of a document, each handed out once; what nobody points to stays where it stands."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.text: list[Token] = []
        """The document without the notes that somebody points to."""
        self._notes: dict[str, list[Token]] = {}
        pointed = set(_labels(tokens))
        inside: list[Token] | None = None
        for token in tokens:
            if token.type == _OPEN and token.meta["label"] in pointed:
                inside = self._notes.setdefault(token.meta["label"], [])
            elif token.type == _CLOSE and inside is not None:
                inside = None
            else:
                (self.text if inside is None else inside).append(token)

    def of(self, tokens: Sequence[Token]) -> Blocks:
        """Return the notes that a part of the document points to first, and those that they point to."""
        blocks: Blocks = ()
        labels = list(_labels(tokens)) if self._notes else []
        for label in labels:  # it grows while it is read
            note = self._notes.pop(label, [])
            blocks += numbered(label, blocks_of(note))
            labels.extend(_labels(note))
        return blocks


def _labels(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref" and "label" in child.meta:
                yield child.meta["label"]
