"""How the payloads of `t.me/<bot>?start=<payload>` begin; any other payload is an article's slug."""

from typing import Final

OWNER: Final = "owner_"
"""By it the first owner claims the bot."""

EDITOR: Final = "editor_"
"""By it somebody becomes an editor."""

QUOTE: Final = "quote"
"""It leads to a quote."""
