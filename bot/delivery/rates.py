"""How fast messages may leave."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What may leave. Telegram publishes 30 a second, one a second in a chat, 20 a minute in a group."""

    overall: float = 25
    """Messages a second."""

    share: int = 5
    """Messages a second, a fifth of all at most, that digests leave free for the next replies, and that
    replies leave to digests which wait."""

    private: float = 1
    """A second in one private chat, on average."""

    burst: int = 3
    """Messages that a private chat gets at once after a silence."""

    group: int = 18
    """A minute in one group or channel."""

    edit_burst: int = 10
    """Edits at once in one private chat after a silence, beside its messages; then `private` a second."""
