"""What a document says about itself: front matter, a leading block quote, its file name."""
