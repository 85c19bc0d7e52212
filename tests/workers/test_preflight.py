"""Every message of every article is within every limit, and says what the article says."""

import pytest
from hypothesis import given, settings

from bot.article.plain_text import plain_blocks
from bot.errors import ArticleError
from bot.message import limits
from bot.message.edition import PAGE_UNITS, edition_of
from bot.message.limits import problems, utf16
from bot.workers.preflight import every_message, inspect, sample_card
from bot.workers.prepare import prepare
from tests.documents import article, documents


@settings(max_examples=60)
@given(documents)
def test_no_article_breaks_a_limit(text: str) -> None:
    try:
        made = article(text, "made.md")
    except ArticleError:
        return
    assert inspect(made, edition_of(made)) == []


@settings(max_examples=60)
@given(documents)
def test_pages_of_the_sections_hold_every_word(text: str) -> None:
    try:
        made = article(text, "made.md")
    except ArticleError:
        return
    shown = "".join(page.text for section in edition_of(made).sections for page in section.pages)
    for section in made.walk():
        for word in plain_blocks(section.body).split():
            assert word.strip("·") in shown


@settings(max_examples=30)
@given(documents)
def test_page_is_short_enough_to_be_read_in_place(text: str) -> None:
    try:
        made = article(text, "made.md")
    except ArticleError:
        return
    assert all(
        utf16(page.text) <= PAGE_UNITS for section in edition_of(made).sections for page in section.pages
    )


def test_every_kind_of_message_is_made_in_every_language() -> None:
    made = article()
    messages = list(every_message(sample_card(made), edition_of(made)))
    kinds = {kind for kind, _ in messages}
    assert kinds == {"summary", "sections", "section", "quote", "articles", "digest"}
    texts = [message.text for kind, message in messages if kind == "sections"]
    assert any("section" in text for text in texts)
    assert any("目录" in text for text in texts)


def test_prose_with_a_hundred_emphasised_words_is_no_problem() -> None:
    made = article("# T\n\n" + "**a** *b* `c` " * 200)
    assert inspect(made, edition_of(made)) == []


def test_extreme_metadata_is_no_problem() -> None:
    long = "长" * 3000
    made = article(
        f"---\ntitle: {long}\nsource: {long}\nauthor: {long}\ntags: [{long}]\n---\n\n## {long}\n\n### {long}\n\n> {long}\n>\n> — {long}"
    )
    assert inspect(made, edition_of(made)) == []
    assert problems(next(every_message(sample_card(made), edition_of(made)))[1]) == []


def test_what_breaks_a_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_LIMIT", 20)
    with pytest.raises(ArticleError, match="limit"):
        prepare(b"# Title\n\nA lead that is longer than what is allowed here.", "made.md")
