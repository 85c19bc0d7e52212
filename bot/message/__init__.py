"""Messages: text with entities and buttons, without Telegram; the limits, and how to keep them."""
