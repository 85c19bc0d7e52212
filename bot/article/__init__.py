"""Articles: Markdown documents, read into sections and quotes; the library in memory."""
