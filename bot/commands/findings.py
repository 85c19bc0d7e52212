"""What a look at something found, and how it is shown."""

from dataclasses import dataclass
from typing import Final, Literal

from bot.commands.terminal import Colour, Terminal
from bot.text import printable

Verdict = Literal["good", "odd", "bad"]
_MARKS: Final[dict[Verdict, tuple[str, Colour]]] = {
    "good": ("✓", "green"),
    "odd": ("!", "yellow"),
    "bad": ("✗", "red"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what mends it."""

    verdict: Verdict
    what: str
    how: str
    fix: str = ""

    def show(self, terminal: Terminal) -> None:
        """Print it, with what mends it below."""
        mark, colour = _MARKS[self.verdict]
        terminal.say(f"{terminal.paint(mark, colour)} {self.what}: {printable(self.how)}")
        if self.fix:
            terminal.say(f"    {self.fix}")
