"""How this program was started."""

import sys
from pathlib import PurePath
from typing import Final

_INSTALLED: Final = "article-digest-bot"
"""The name that `pip` and `pipx` give it."""


def command_name() -> str:
    """Return what starts this program's commands, to name others as the person has typed this one."""
    return _INSTALLED if PurePath(sys.argv[0]).stem == _INSTALLED else "python -m bot"
