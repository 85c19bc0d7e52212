"""Files that people send: documents of word processors, books, PDFs and saved pages become documents."""
