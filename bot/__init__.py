"""Article Digest Bot: articles in, digests that people read out."""

__version__ = "0.1.0"
