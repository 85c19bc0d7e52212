"""What the command line does: one file for each family of commands."""
