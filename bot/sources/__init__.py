"""Where articles come from besides Markdown: links, files, posts, feeds."""
