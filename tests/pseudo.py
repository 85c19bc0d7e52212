"""A third language is one file: the whole chat in a made-up one, 40 % longer and with four plural forms.

`python -m tests.pseudo FOLDER` copies the bot to a folder, adds the file there, and tries everything in it.
"""

import asyncio
import logging
import os
import shutil
import string
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parent.parent
NAME: Final = "xx"
LONGER: Final = 0.4
PRESSES: Final = 150
WORDS: Final = (
    "/subscribe 8 Nowhere", "/subscribe 8 +8", "/subscribe 8 Warsaw", "/quote nothing", "/fly",
    "/addarticle # Third\n\nA text that is long enough.",
)  # fmt: skip

_ACCENTS: Final = str.maketrans("aeiouAEIOUnsc", "áëîőúÁËÎŐÚñšč")
_KEPT: Final = {"locale": "pl", "day": "EEEE, d MMMM", "short_day": "EEE d MMM"}


def pseudo(text: str) -> str:
    """A text that can be read, and seen to come from the catalogue."""
    parts = [
        literal.translate(_ACCENTS) + (f"{{{name}}}" if name else "")
        for literal, name, _, _ in string.Formatter().parse(text)
    ]
    return "⟦" + "".join(parts) + "~" * max(1, int(len(text) * LONGER) - 2) + "⟧"


def catalogue(english: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The made-up language, with the plural forms of Polish."""
    made: dict[str, dict[str, Any]] = {}
    for group, texts in english.items():
        made[group] = {}
        for key, text in texts.items():
            if group == "language" and key in _KEPT:
                made[group][key] = _KEPT[key]
            elif isinstance(text, dict):
                made[group][key] = {form: pseudo(text["other"]) for form in ("one", "few", "many", "other")}
            else:
                made[group][key] = pseudo(str(text))
    return made


def prepare(folder: Path) -> None:
    """The bot as it is, with one more file."""
    shutil.copytree(ROOT / "bot", folder / "bot")
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("labelled"))
    english = yaml.safe_load((ROOT / "bot/i18n/en.yaml").read_text("utf-8"))
    text = yaml.safe_dump(catalogue(english), allow_unicode=True)
    (folder / "bot/i18n" / f"{NAME}.yaml").write_text(text, "utf-8")
    (folder / "content").mkdir()
    for name in ("first.md", "second.md"):
        text = f"# {name} & more\n\nA lead that is long enough to be one.\n\n## One\n\n> Words to keep, {name}.\n\ntext"
        (folder / "content" / name).write_text(text, "utf-8")


async def try_everything(folder: Path) -> int:
    """Every command, then every button that is shown; how many messages were seen. AssertionError for a fault."""
    from bot.demo.server import BotApiServer  # noqa: PLC0415  # of the copy
    from bot.message.limits import TEXT_LIMIT  # noqa: PLC0415  # the same
    from bot.tg.menus import COMMANDS  # noqa: PLC0415  # the same
    from tests.chat import TOKEN, Chat, bot_running, data_of, labels  # noqa: PLC0415  # the same
    from tests.clock import StillClock  # noqa: PLC0415  # the same

    clock = StillClock()
    server = BotApiServer(token=TOKEN, clock=clock)
    await server.start()
    seen: list[dict[str, Any]] = []
    async with bot_running(
        server.address, clock, folder / "data", folder / "content", commands_per_minute=1000
    ):
        server.world.person(1, "Olga", language=NAME)
        chat = Chat(server, 1, 1)
        for names in (("start",), *COMMANDS.values()):
            seen.extend([await chat.send(f"/{name}") for name in names])
        seen.extend([await chat.send(words) for words in WORDS])
        pressed: set[str] = set()
        for message in seen:  # grows while it is gone through
            for label in labels(message) if "reply_markup" in message else ():
                data = data_of(message, label)
                if (
                    data in pressed
                    or data.startswith(("forget:yes", "set:1:say", "dis"))
                    or len(pressed) >= PRESSES
                ):
                    continue
                pressed.add(data)
                seen.extend((await chat.pressed(message, data))[1])
    await server.stop()
    texts = [message["text"] for message in seen if "text" in message]
    assert all(len(text) <= TEXT_LIMIT for text in texts)
    assert sum("⟧" in text for text in texts) > len(texts) * 0.8
    menus = [
        entry["description"]
        for (_, code), menu in server.world.commands.items()
        if code == NAME
        for entry in menu
    ]
    assert menus
    assert all("⟧" in description for description in menus)
    return len(texts)


def main() -> None:
    """Run in the copy."""
    folder = Path(sys.argv[1])
    if (folder / "bot").exists():
        failed: list[str] = []
        handler = logging.Handler(logging.ERROR)
        handler.emit = lambda record: failed.append(record.getMessage())  # type: ignore[method-assign]  # as a list
        logging.getLogger().addHandler(handler)
        sys.stdout.write(f"{asyncio.run(try_everything(folder))} messages\n")
        assert not failed, failed
        return
    prepare(folder)
    here = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run([sys.executable, "-m", "tests.pseudo", "."], cwd=folder, env=here, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
