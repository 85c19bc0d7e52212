"""Every example that a text gives does what it says, with the articles that are shipped."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from bot.app.lifespan import CONTENT, Runtime
from bot.demo.server import BotApiServer
from bot.i18n import LANGUAGES, Language, translator
from tests.chat import Chat

EXAMPLE = re.compile(
    r"/(?:search|summary|sections|quote|subscribe) (?!with\b|or\b|to\b|turns\b|加|即可)[^.。，,;；\n]+"
)


def examples(language: Language) -> Iterator[str]:
    """Yield what a text of this language tells people to send."""
    text = (files("bot.i18n") / f"{language}.yaml").read_text("utf-8")
    yield from sorted(set(EXAMPLE.findall(text)))


@pytest.fixture
def content() -> Path:
    return CONTENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_give_examples(language: Language) -> None:
    assert {each.split()[0] for each in examples(language)} == {"/search", "/subscribe"}


@pytest.mark.parametrize(
    ("language", "example"), [(language, each) for language in LANGUAGES for each in examples(language)]
)
async def test_example_does_what_it_says(
    server: BotApiServer, bot: Runtime, ada: Chat, language: Language, example: str
) -> None:
    server.world.people[ada.user].language = language
    tr = translator(language)
    answer = (await ada.send(example))["text"]
    if example.startswith("/subscribe"):
        asked = tr("subscribe.ask_zone", times="|").split("|")[-1]
        assert tr("subscribe.title") in answer or asked in answer
    elif example.startswith("/search"):
        assert "\n\n1. " in answer
    else:
        above = answer.split("\n")[0]
        assert any(card.title in above for card in bot.services.library.newest()), answer
