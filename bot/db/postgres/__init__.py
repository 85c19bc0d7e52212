"""PostgreSQL: for who runs the bot on more than one machine, or has a database server anyway."""
