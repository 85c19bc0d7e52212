"""Searching: words, queries, ranking, snippets."""
