"""Telegram: transport, sender, handlers by audience."""
