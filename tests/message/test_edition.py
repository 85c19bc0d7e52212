"""Articles set for reading."""

import pytest

from bot.message.edition import MAX_WHOLE_UNITS, edition_of
from tests.documents import article


@pytest.mark.parametrize(
    ("heading", "url", "body"),
    [
        ("## [Two](https://a.example) - now", "https://a.example", "text"),
        ("## [Two](https://a.example), [again](https://a.example)", "https://a.example", "text"),
        ("## **[Two](https://a.example)**", "https://a.example", "text"),
        ("## [Two](#two)", None, "text"),
        ("## Two", None, "text"),
        ("## [A](https://a.example) [B](https://b.example)", "https://a.example", "A B\n\ntext"),
    ],
)
def test_heading_leads_where_its_author_meant(heading: str, url: str | None, body: str) -> None:
    made = edition_of(article(f"# T\n\nlead\n\n{heading}\n\ntext"))
    section = made.sections[-1]
    assert (section.head.url, section.pages[0].text) == (url, body)


@pytest.mark.parametrize("often", [3, 300])
def test_quote_that_is_cut_says_so(often: int) -> None:
    words = "Words that are worth it. " * often
    [quote] = edition_of(article(f"# T\n\nlead\n\n> {words}\n>\n> — Ada")).quotes
    assert quote.body.text.endswith(" …") == (len(words) > MAX_WHOLE_UNITS)
    assert len(quote.body.text) <= MAX_WHOLE_UNITS + 2
