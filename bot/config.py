"""The settings: read once from the environment and `.env`, checked together, frozen."""

from pathlib import Path
from typing import Annotated, Final

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError

_FILE: Final = ".env"
_MAX_PORT: Final = 65535
_MAX_ID_DIGITS: Final = 16
"""Digits of a user id: Telegram's have 52 bits."""


class Settings(BaseSettings):
    """Every key that an owner can set; names in the environment are these, in capitals."""

    model_config = SettingsConfigDict(
        env_file=_FILE, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    bot_token: SecretStr | None = Field(default=None, description="the bot's token, from @BotFather")
    bot_api_url: str = Field(
        default="https://api.telegram.org",
        description="another Bot API server: its address before /bot<token>/",
    )
    data_dir: Path = Field(default=Path("data"), description="folder of the database")
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
    telegram_proxy: str | None = Field(default=None, description="HTTP proxy on the way to Telegram")

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
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("give the address of an HTTP proxy, such as http://127.0.0.1:7890")
        return value


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
    """By key; pydantic's own text could quote a secret, ours cannot."""
    return {
        ".".join(map(str, fault["loc"])).upper(): fault["msg"].removeprefix("Value error, ")
        for fault in error.errors(include_input=False, include_url=False)
    }


def _unknown(keys: list[str]) -> dict[str, str]:
    return dict.fromkeys(keys, "no such key; README.md lists them all")


def _lines(faults: dict[str, str]) -> str:
    return "\n".join(f"  {key}: {fault}" for key, fault in sorted(faults.items()))
