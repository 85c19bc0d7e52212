"""Article Digest Bot: articles in, digests that people read out."""

__version__ = "1.0.0"
