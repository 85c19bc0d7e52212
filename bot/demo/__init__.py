"""A Bot API server of our own on 127.0.0.1, with a chat page."""
