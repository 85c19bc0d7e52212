"""Settings: every mistake is named at once, and a secret never is."""

from pathlib import Path

import pytest

from bot.config import read_settings
from bot.errors import ArticleError, BotError, ConfigError

TOKEN = "123456789:AAexample-_x"


def faults(refused: pytest.ExceptionInfo[ConfigError]) -> dict[str, str]:
    lines = str(refused.value.values["faults"]).splitlines()
    return dict(line.strip().split(": ", 1) for line in lines)


def test_without_any_setting_everything_has_a_value() -> None:
    settings = read_settings()
    assert (settings.bot_token, settings.port, settings.telegram_proxy) == (None, None, None)
    assert (settings.sends_per_second, settings.data_dir) == (25, Path("data"))
    assert settings.api == "https://api.telegram.org"
    assert settings.secrets() == frozenset()


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"BOT_TOKEN={TOKEN}\nOWNER_IDS=5, 6\nSENDS_PER_SECOND=3\n")
    monkeypatch.setenv("SENDS_PER_SECOND", "7")
    settings = read_settings()
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.owner_ids == {5, 6}
    assert settings.sends_per_second == 7


@pytest.mark.parametrize("ids", ["9" * 23, "0", "1,00", "-5"])
def test_user_id_that_none_can_have_is_refused(monkeypatch: pytest.MonkeyPatch, ids: str) -> None:
    monkeypatch.setenv("OWNER_IDS", ids)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "OWNER_IDS" in faults(refused)


def test_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TELEGRAM_PROXY=\nDATA_DIR=\n")
    monkeypatch.setenv("PORT", "")
    settings = read_settings()
    assert (settings.telegram_proxy, settings.data_dir, settings.port) == (None, Path("data"), None)


def test_all_mistakes_are_reported_together_and_no_secret_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("RATE=5\n")
    for name, value in {
        "BOT_TOKEN": "hunter2", "OWNER_IDS": "@me", "BOT_API_URL": "telegram", "SENDS_PER_SECOND": "0",
        "PORT": "99999", "TELEGRAM_PROXY": "127.0.0.1:7890",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert set(faults(refused)) == {
        "BOT_API_URL", "BOT_TOKEN", "OWNER_IDS", "PORT", "RATE", "SENDS_PER_SECOND", "TELEGRAM_PROXY",
    }  # fmt: skip
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("token", ["hunter2", "123:", "abc:def", "123:a b", "１２３:abc", "123:ab/../x"])
def test_what_is_no_token_is_refused(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("BOT_TOKEN", token)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "BotFather" in faults(refused)["BOT_TOKEN"]


def test_key_that_does_not_exist_is_named() -> None:
    Path(".env").write_text("BOT_TOKN=1:a\n")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "docs/running.md" in faults(refused)["BOT_TOKN"]


def test_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("TELEGRAM_PROXY", "http://127.0.0.1:7890")
    settings = read_settings()
    assert settings.api == "http://127.0.0.1:8081"
    assert settings.proxy == "http://127.0.0.1:7890"


def test_settings_file_that_cannot_be_read_is_named() -> None:
    Path(".env").write_bytes(b"BOT_TOKEN=\xff\xfe")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert refused.value.key == "error.env_file"


def test_error_tells_a_log_its_key_and_its_values() -> None:
    assert str(BotError("error.settings", faults="x")) == "error.settings {'faults': 'x'}"
    assert str(BotError("error.stopped")) == "error.stopped"
    assert ArticleError("error.empty", file="a.md", line=3).line == 3


def test_secrets_can_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (tmp_path / "proxy").write_text("http://bob:hunter2@127.0.0.1:7890\n")
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("TELEGRAM_PROXY_FILE", str(tmp_path / "proxy"))
    settings = read_settings()
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.proxy == "http://bob:hunter2@127.0.0.1:7890"
    assert settings.secrets() >= {TOKEN, "hunter2", "bob:hunter2"}


@pytest.mark.parametrize("also", [True, False])
def test_secret_given_twice_or_in_a_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, also: bool
) -> None:
    if also:
        (tmp_path / "token").write_text(TOKEN)
        monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "BOT_TOKEN_FILE" in str(refused.value.values["faults"])
    assert TOKEN not in str(refused.value.values)


def test_passwords_in_addresses_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_PROXY", "http://bob:h%40nter2@proxy.example:7890")
    monkeypatch.setenv("BOT_API_URL", "https://eve:s3cret@api.example")
    settings = read_settings()
    assert {"h%40nter2", "h@nter2", "s3cret", "eve:s3cret"} <= settings.secrets()
    assert "s3cret" not in repr(settings)
    assert "nter2" not in repr(settings)


def test_line_that_is_a_secret_itself_is_not_shown() -> None:
    Path(".env").write_text(f"{TOKEN}\nRATE=5\n")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert TOKEN not in str(refused.value.values)
    assert {"RATE", "A line without a key"} <= faults(refused).keys()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org", "https://example.org/", "https://example.org/digests", "https://203.0.113.5:8443/a/b",
        "https://example.org:443/x", "https://example.org:88/x", "https://example.org:80/x",
    ],
)  # fmt: skip
def test_address_that_telegram_posts_to_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("WEBHOOK_URL", url)
    settings = read_settings()
    assert settings.hook == url
    assert url not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x", "https://example.org:8080/x", "example.org/x", "https:///x",
        "https://a:b@example.org/x", "https://example.org/x?a=1", "https://example.org/x#a", "https://例子.org/x",
        "https://example.org/路", "https://example.org/a b", "ftp://example.org/x", "https://example.org:0/x",
        "https://example.org:99999/x",
    ],
)  # fmt: skip
def test_address_that_telegram_does_not_post_to_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("WEBHOOK_URL", url)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "WEBHOOK_URL" in str(refused.value.values["faults"])
    assert url not in str(refused.value.values)


def test_server_of_ones_own_posts_to_any_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "http://10.0.0.5:9000/x")
    monkeypatch.setenv("BOT_API_URL", "http://10.0.0.4:8081")
    assert read_settings().hook == "http://10.0.0.5:9000/x"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"WEBHOOK_CERT": "c.pem"}, "mean nothing without WEBHOOK_URL"),
        ({"WEBHOOK_KEY": "k.pem"}, "mean nothing without WEBHOOK_URL"),
        ({"WEBHOOK_URL": "https://example.org", "WEBHOOK_KEY": "k.pem"}, "give both"),
        ({"WEBHOOK_URL": "https://example.org", "WEBHOOK_PORT": "0"}, "WEBHOOK_PORT"),
    ],
)
def test_half_a_webhook_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert words in str(refused.value.values["faults"])
