"""The one place that builds everything and hands the rooms to each other."""
