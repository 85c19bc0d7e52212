"""Who is in the local chat: a visitor, who owns the bot, and a stranger."""

from typing import Final

VISITOR_ID: Final = 101
STRANGER_ID: Final = 102
BOT_USERNAME: Final = "article_digest_demo_bot"
