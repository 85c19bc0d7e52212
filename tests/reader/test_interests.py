"""Topics as they are typed."""

import pytest

from bot.reader.interests import Topic, typed_topics


@pytest.mark.parametrize(
    ("words", "followed", "muted"),
    [
        ("rust", ["rust"], []),
        ("rust, electric cars, -crypto", ["rust", "electric cars"], ["crypto"]),
        ("大模型，电动车、-加密货币", ["大模型", "电动车"], ["加密货币"]),
        ("+go; – news", ["go"], ["news"]),
        ("C++, c#", ["C++", "c#"], []),
    ],
)
def test_words_are_followed_and_muted(words: str, followed: list[str], muted: list[str]) -> None:
    assert typed_topics(words) == (
        tuple(Topic("word", name) for name in followed),
        tuple(Topic("word", name) for name in muted),
    )


def test_number_sign_makes_a_tag() -> None:
    assert typed_topics("#rust, -#ads") == ((Topic("tag", "rust"),), (Topic("tag", "ads"),))


@pytest.mark.parametrize(
    "words", ["", " , ;", "-", "😀", "What did the minister say about the new railway line?"]
)
def test_what_is_no_list_of_topics_is_none(words: str) -> None:
    assert typed_topics(words) is None
