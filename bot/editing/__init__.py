"""Editing: drafts, the check before publishing, versions, undo."""
