"""The article in a web page as Markdown, and what the page says about it. Pure; only in workers."""
