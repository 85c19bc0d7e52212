"""The settings: read once from the environment and `.env`, checked together, frozen."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import WEB, is_address, is_hook, is_hook_of_telegram, is_server, is_usable, passwords
from bot.errors import ConfigError
from bot.settling.model import Mode
from bot.sources.guard import SOCKS

DATABASE: Final = "bot.db"
"""The name of the database in the data folder, unless a server has it."""

LogFormat = Literal["text", "json"]

_FILE: Final = ".env"
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_MIN_LEDGER_DAYS: Final = 30
"""Within these, rows are what keeps a digest from being planned twice, and what people ask about."""

_MAX_PORT: Final = 65535
_TELEGRAM: Final = "https://api.telegram.org"
_MAX_ID_DIGITS: Final = 16
"""Digits of a user id: Telegram's have 52 bits."""


class Settings(BaseSettings):
    """Every key that an owner can set; names in the environment are these, in capitals."""

    model_config = SettingsConfigDict(
        env_file=_FILE, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    bot_token: SecretStr | None = Field(default=None, description="the bot's token, from @BotFather")
    bot_token_file: Path | None = Field(default=None, description="a file that holds the token instead")
    bot_api_url: SecretStr = Field(
        default=SecretStr(_TELEGRAM), description="another Bot API server: its address before /bot<token>/"
    )
    data_dir: Path = Field(default=Path("data"), description="folder of the database")
    store_url: SecretStr | None = Field(
        default=None, description="PostgreSQL database that is used instead of a file in the data folder"
    )
    store_url_file: Path | None = Field(
        default=None, description="a file that holds that database's address instead"
    )
    owner_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(), description="Telegram user ids of the owners, separated by commas"
    )
    sends_per_second: float = Field(default=25, gt=0, le=1000, description="messages a second, at most")
    broadcast_errors: float = Field(
        default=5, ge=0, le=100, description="of 100 messages to all, how many may fail before a pause"
    )
    commands_per_minute: int = Field(
        default=20, ge=1, le=1000, description="what one person may ask of the bot in a minute"
    )
    port: int | None = Field(
        default=None, ge=1, le=_MAX_PORT, description="port of the chat page on this machine"
    )
    telegram_proxy: SecretStr | None = Field(
        default=None, description="HTTP or SOCKS proxy on the way to Telegram"
    )
    telegram_proxy_file: Path | None = Field(
        default=None, description="a file that holds the proxy's address instead"
    )
    pages_proxy: SecretStr | None = Field(
        default=None, description="HTTP or SOCKS proxy on the way to web pages"
    )
    backups: int = Field(
        default=7, ge=0, le=1000, description="daily copies of the database that are kept; 0: none are made"
    )
    backup_dir: Path | None = Field(default=None, description="folder of these copies")
    ledger_days: int = Field(
        default=400, ge=0, le=36_500, description="days after which messages stay as sums only; 0: never"
    )
    metrics_port: int | None = Field(
        default=None, ge=1, le=_MAX_PORT, description="port of /metrics and /healthz; none: not served"
    )
    metrics_host: str = Field(default="127.0.0.1", description="address that this port is opened at")
    webhook_url: SecretStr | None = Field(
        default=None, description="address that Telegram posts updates to; none: they are fetched"
    )
    webhook_port: int = Field(default=8443, ge=1, le=_MAX_PORT, description="port where they arrive here")
    webhook_host: str = Field(default="127.0.0.1", description="address that this port is opened at")
    webhook_cert: Path | None = Field(
        default=None, description="file of a self-signed certificate, which is sent to Telegram"
    )
    webhook_key: Path | None = Field(
        default=None, description="file of its key, where no proxy but the bot itself speaks TLS"
    )
    log_format: LogFormat = Field(
        default="text", description="log for people (text), or a line of JSON an event (json)"
    )
    settling: Mode = Field(
        default="auto",
        description="whether to find out if messages arrived that had no answer: auto, on or off",
    )
    feed_days: int = Field(
        default=90, ge=0, le=36_500, description="days after which articles of feeds are removed; 0: never"
    )

    @field_validator("owner_ids", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        words = value.replace(",", " ").split()
        if not all(word.isascii() and word.isdecimal() for word in words):
            raise ValueError("give user ids as numbers, separated by commas, such as 12345678,87654321")
        if any(len(word) > _MAX_ID_DIGITS or not int(word) for word in words):
            raise ValueError("a user id has at most 16 digits and is not 0")
        return frozenset(map(int, words))

    @field_validator("ledger_days")
    @classmethod
    def _ledger(cls, value: int) -> int:
        if 0 < value < _MIN_LEDGER_DAYS:
            raise ValueError("give 30 days or more, or 0 to keep all")
        return value

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            number, colon, secret = value.get_secret_value().partition(":")
            shaped = number.isascii() and number.isdecimal() and colon and secret
            if not (shaped and secret.replace("-", "").replace("_", "").isalnum() and secret.isascii()):
                raise ValueError("a token looks like 123456789:AAxyz… (ask @BotFather for yours)")
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _address(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if not is_address(address):
            raise ValueError("give an address that begins with http:// or https://")
        return SecretStr(address.rstrip("/"))

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_hook(value.get_secret_value()):
            raise ValueError("give an address such as https://example.org/digests, in plain letters (ASCII)")
        return value

    @field_validator("telegram_proxy", "pages_proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_address(value.get_secret_value(), WEB | SOCKS):
            raise ValueError(
                "give the address of an HTTP or SOCKS proxy, such as http://127.0.0.1:7890 "
                "or socks5://127.0.0.1:1080"
            )
        if value is not None and not is_usable(value.get_secret_value()):
            raise ValueError("names and passwords of SOCKS proxies have letters without accents only (ASCII)")
        return value

    @field_validator("store_url")
    @classmethod
    def _store(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_server(value.get_secret_value()):
            raise ValueError("give an address such as postgresql://name:password@127.0.0.1:5432/database")
        return value

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, object]) -> dict[str, object]:
        """Take what stands in a file, as Docker and systemd hand secrets over."""
        for key in ("bot_token", "telegram_proxy", "store_url"):
            if not (file := values.get(f"{key}_file")):
                continue
            if values.get(key):
                raise ValueError(f"give {key.upper()} or {key.upper()}_FILE, not both")
            try:
                values = {**values, key: Path(str(file)).read_text("utf-8").strip()}
            except (OSError, UnicodeError):
                raise ValueError(f"{key.upper()}_FILE names a file that cannot be read") from None
        return values

    @model_validator(mode="after")
    def _hook_is_whole(self) -> "Settings":
        if self.webhook_url is None and (self.webhook_cert or self.webhook_key):
            raise ValueError("WEBHOOK_CERT and WEBHOOK_KEY mean nothing without WEBHOOK_URL")
        if self.webhook_url and self.api == _TELEGRAM and not is_hook_of_telegram(self.hook):
            raise ValueError("WEBHOOK_URL: Telegram takes https:// and the ports 443, 80, 88 and 8443 only")
        if self.webhook_key and not self.webhook_cert:
            raise ValueError("WEBHOOK_KEY is the key of WEBHOOK_CERT: give both")
        return self

    @property
    def store(self) -> Path | str:
        """What is opened as the database: a file, or the address of a server's, password and all."""
        return self.store_url.get_secret_value() if self.store_url else self.data_dir / DATABASE

    @property
    def kept_backups(self) -> int:
        """How many daily copies are made and kept: none of what a server has."""
        return 0 if self.store_url else self.backups

    @property
    def backup_folder(self) -> Path:
        """Where the daily copies lie; in the data folder unless it is said."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def hook(self) -> str:
        """The address that Telegram posts updates to; empty when they are fetched."""
        return self.webhook_url.get_secret_value() if self.webhook_url else ""

    @property
    def proxy(self) -> str | None:
        """The proxy's address, password and all."""
        return self.telegram_proxy.get_secret_value() if self.telegram_proxy else None

    @property
    def page_proxy(self) -> str | None:
        """The proxy for pages, password and all."""
        return self.pages_proxy.get_secret_value() if self.pages_proxy else None

    @property
    def api(self) -> str:
        """The Bot API server's address, password and all."""
        return self.bot_api_url.get_secret_value()

    def secrets(self) -> frozenset[str]:
        """Return every value that must stand in no log."""
        token = [self.bot_token.get_secret_value()] if self.bot_token else []
        return (
            frozenset(token)
            | passwords(self.api)
            | passwords(self.proxy or "")
            | passwords(self.page_proxy or "")
            | passwords(self.store_url.get_secret_value() if self.store_url else "")
        )


def read_settings() -> Settings:
    """Read the environment and `.env`. ConfigError names every key that is wrong, or unknown in `.env`."""
    unknown: list[str] = []
    try:
        unknown += (key for key in dotenv_values(_FILE) if key.lower() not in Settings.model_fields)
        settings = Settings()
    except ValidationError as error:
        raise ConfigError("error.settings", faults=_lines(_faults(error) | _unknown(unknown))) from None
    except (OSError, UnicodeError) as error:
        raise ConfigError("error.env_file", reason=str(error)) from error
    if unknown:
        raise ConfigError("error.settings", faults=_lines(_unknown(unknown)))
    return settings


def _faults(error: ValidationError) -> dict[str, str]:
    """Name faults by key; pydantic's own text could quote a secret, ours cannot."""
    return {
        ".".join(map(str, fault["loc"])).upper(): fault["msg"].removeprefix("Value error, ")
        for fault in error.errors(include_input=False, include_url=False)
    }


def _unknown(keys: list[str]) -> dict[str, str]:
    """Name unknown keys; a line that is no key at all may be a secret, and is not shown."""
    named = (key if _KEY.fullmatch(key) else "A line without a key" for key in keys)
    return dict.fromkeys(named, "no such key; docs/running.md lists them all")


def _lines(faults: dict[str, str]) -> str:
    # A fault of several keys together names them itself.
    return "\n".join(f"  {key}: {fault}" if key else f"  {fault}" for key, fault in sorted(faults.items()))
