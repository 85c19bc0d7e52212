"""Nothing dropped, nothing invented: the words of a document and those of its messages."""

import re

from hypothesis import given, settings

from bot.message.edition import edition_of
from tests.documents import article
from tests.generated import Document, worded

_WORD = re.compile(r"词\d+字|[^\W词字]+")  # Chinese has no spaces


def shown(text: str) -> str:
    """All that the messages of the sections say, in their order."""
    made = article(text, "made.md")
    return f"{made.title}\n" + "\n".join(
        f"{section.head.title}\n" + "\n".join(page.text for page in section.pages)
        for section in edition_of(made).sections
    )


@settings(max_examples=150)
@given(worded())
def test_every_visible_word_is_shown_and_no_hidden_one(document: Document) -> None:
    text = shown(document.text)
    assert [word for word in document.visible if word not in text] == []
    assert [word for word in document.hidden if word in text] == []


@settings(max_examples=100)
@given(worded())
def test_every_word_of_the_messages_is_one_of_the_document(document: Document) -> None:
    written = set(_WORD.findall(document.text)) | {"Tip", "made"}
    counted = {word for word in _WORD.findall(shown(document.text)) if not word.isdecimal()}
    assert counted - written == set()
