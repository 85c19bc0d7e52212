"""Campaigns: an owner's message to everybody, or to some."""
