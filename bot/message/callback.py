"""What a button sends back: a verb and its arguments, `sec:12:ab3f9k:0`."""


def callback_data(verb: str, *arguments: int | str) -> str:
    """Write it; `limits` checks its length with the rest of the message."""
    return ":".join((verb, *map(str, arguments)))


def parse_callback(data: str) -> tuple[str, list[str]]:
    """Read it: a verb and its arguments, unchecked, since anybody can make one up."""
    verb, *arguments = data.split(":")
    return verb, arguments
