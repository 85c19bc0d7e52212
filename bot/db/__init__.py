"""SQLite: a database of few verbs, one file for each family of tables, migrations."""
