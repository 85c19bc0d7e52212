"""Feeds: what is in one, and where a site has one."""
