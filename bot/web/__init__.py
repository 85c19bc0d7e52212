"""What the bot answers over HTTP by itself: how it is, and its figures."""
