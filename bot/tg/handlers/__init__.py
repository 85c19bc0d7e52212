"""What the bot answers: one feature, one file; each file ends with its own list of handlers."""
