"""Figures: `make bench` prints them beside those of peers, measured in the same run."""
