"""Both languages say the same things, and the code asks for nothing that they do not have."""

import re
import string
from datetime import date, time
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES, Language, Translator, language_of, translator
from bot.i18n.catalogue import ENGLISH, load

ROOT = Path(__file__).parent.parent

USED = re.compile(r'"((?:[a-z]+)\.(?:[a-z_]+))"')


@pytest.fixture
def plural_language(monkeypatch: pytest.MonkeyPatch) -> Translator:
    tr = Translator(ENGLISH)
    monkeypatch.setattr(tr, "_texts", {"note.days": {"one": "{count} day", "other": "{count} days"}})
    return tr


def fields(text: str | dict[str, str]) -> set[str]:
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_all_languages_have_the_same_keys() -> None:
    assert all(set(load(language)) == set(load(ENGLISH)) for language in LANGUAGES)


@pytest.mark.parametrize("key", sorted(load(ENGLISH)))
def test_all_languages_have_the_same_placeholders(key: str) -> None:
    for language in LANGUAGES:
        text, english = load(language)[key], load(ENGLISH)[key]
        assert fields(text) | {"count"} == fields(english) | {"count"}
        assert isinstance(text, dict) == isinstance(english, dict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_its_last_resort(language: Language) -> None:
    assert all("other" in text for text in load(language).values() if isinstance(text, dict))


def test_every_text_that_the_code_names_exists_and_none_is_left_over() -> None:
    texts = set(load(ENGLISH))
    groups = {key.partition(".")[0] for key in texts}
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    named = {key for key in USED.findall(source) if key.partition(".")[0] in groups}
    prefixes = tuple(re.findall(r'f["\']([a-z]+\.[a-z_]*)\{', source))
    assert named - texts == set()
    spoken = {"language.locale", "language.own_name"}  # read by the catalogue itself, and by settings
    assert {key for key in texts - named - spoken if not key.startswith(prefixes)} == set()


def test_plural_text_chooses_its_form_by_the_count(plural_language: Translator) -> None:
    assert [plural_language("note.days", count=count) for count in (1, 3)] == ["1 day", "3 days"]


def test_plural_text_without_a_whole_number_is_a_mistake(plural_language: Translator) -> None:
    with pytest.raises(TypeError, match="whole number"):
        plural_language("note.days", count="three")


def test_days_times_and_lists_read_as_each_language_writes_them() -> None:
    zh, en = translator(Language("zh")), translator(Language("en"))
    day = date(2026, 11, 24)
    assert (zh.day(day), en.day(day)) == ("11月24日 星期二", "Tuesday, 24 November")
    assert (zh.short_day(day), en.short_day(day)) == ("11月24日 周二", "Tue 24 Nov")
    assert en.clock(time(8, 5)) == "08:05"
    assert (zh.list("甲乙丙"), en.list("abc")) == ("甲、乙和丙", "a, b and c")


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hans", "zh"), ("ZH", "zh"), ("zh_TW", "zh"), ("en-GB", "en"), ("fr", "en"), (None, "en")],
)
def test_client_is_answered_in_its_language_or_in_english(code: str | None, language: str) -> None:
    assert language_of(code) == language
