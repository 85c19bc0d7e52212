"""The commands: `python -m bot COMMAND`."""

import argparse
from collections.abc import Sequence

from bot import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if it did what was asked, 1 if not, 2 for wrong usage."""
    parser = _parser()
    parser.parse_args(arguments)
    parser.print_help()
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Article Digest Bot.")
    parser.add_argument("--version", action="version", version=f"Article Digest Bot {__version__}")
    return parser
