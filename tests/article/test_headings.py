"""Headings: which promise quotes, and which instructions."""

import pytest

from bot.article.quotes.headings import is_collection, is_reference_section


@pytest.mark.parametrize(
    "title",
    [
        *[
            "金句",
            "本周金句",
            "一、名家语录",
            "二、网友言论",
            "三、经典名句",
            "引用",
            "本周引用",
            "言论",
            "名言警句",
            "💬 金句摘录",
        ],
        *[
            "语录（2024 年）",
            "Quotes",
            "Quote",
            "Quote of the Week",
            "## 3. Quotes",
            "Favourite quotes",
            "Knuth's quotes",
        ],
        *[
            "Quotes about rain",
            "Sayings from the market",
            "Overheard",
            "My favorite quotations",
            "Quotes: June",
            "QUOTES",
        ],
        *["Zitate", "Zitat des Tages", "Цитаты", "Цитата недели", "어록"],
    ],
)
def test_section_of_quotes_is_known_by_its_title(title: str) -> None:
    assert is_collection(title)


@pytest.mark.parametrize(
    "title",
    [
        *[
            "Quotes and escaping",
            "How to quote a job",
            "Get a quote",
            "Request a quote",
            "Double quotes",
            "Quoted strings",
        ],
        *["Stock quotes", "Using quotes in YAML", "Unquoted values", "Quote style", "String quotes", "", "…"],
        *[
            "引用计数",
            "四、言论的代价",
            "值类型与引用类型",
            "如何写金句",
            "引用类型",
            "言论自由",
            "名言背后的故事",
            "交叉引用",
        ],
    ],
)
def test_title_about_quotes_is_not_one_of_quotes(title: str) -> None:
    assert not is_collection(title)


@pytest.mark.parametrize(
    "title",
    ["FAQ", "Changelog", "v2.1.0", "[2.4.0] - 2025-02-11", "Installation", "House rules", "致谢", "安装"],
)
def test_sections_to_look_things_up_in(title: str) -> None:
    assert is_reference_section(title)


@pytest.mark.parametrize(
    "title", ["The night shift", "老板的话", "What users say", "用户评价", "From the founder", "", "1984"]
)
def test_sections_that_tell(title: str) -> None:
    assert not is_reference_section(title)
