"""Find articles by any of their words: how text is cut into tokens, queries, near words, snippets."""
