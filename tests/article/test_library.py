"""The library lists articles, and finds them by their names."""

import pytest

from bot.article.library import Library
from bot.article.model import ArticleId
from tests.documents import card

TEXTS = {
    1: "# OpenAI 七年老将离职\n\n大模型同质化竞赛下的行业反思，一篇长文章。",
    2: "---\ntags: [Search]\nauthor: Ada Lovelace\n---\n# Within these walls\n\nA text about something else.",
    3: "# 推荐系统\n\n讲的是 OpenAI员工的故事，一篇长文章。",
}


@pytest.fixture
def library() -> Library:
    return Library(card(number, text) for number, text in TEXTS.items())


def test_what_was_announced_last_comes_first(library: Library) -> None:
    assert [card.id for card in library.newest()] == [3, 2, 1]
    assert [card.id for card in library.after(1)] == [3, 2]


def test_article_can_be_put_removed_and_found_by_its_name(library: Library) -> None:
    library.put(card(4, "# New\n\ntext"))
    assert library.newest()[0].id == 4
    assert library.by_slug("title") is not None
    library.remove(ArticleId(4))
    library.remove(ArticleId(4))
    assert library.get(ArticleId(4)) is None


def test_quote_that_two_articles_have_is_in_the_pool_once() -> None:
    library = Library([card(1), card(2)])
    pools = [library.quote_pool(language) for language in ("en", "zh")]
    assert [list(pool.articles.values()) for pool in pools] == [[2], [2]]
    assert [(len(pool.preferred), len(pool.others)) for pool in pools] == [(1, 0), (0, 1)]


def test_card_counts_what_an_article_has() -> None:
    made = card()
    assert (made.sections, len(made.quotes), made.lead) == (2, 1, "A lead that is long enough to stand.")
    assert card(1, "# T\n\n" + "word " * 200).lead.endswith("…")
    assert card(1, "only text").sections == 1
