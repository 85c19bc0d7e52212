"""Markdown as a tree of blocks and inlines, cut into sections."""
