"""SQLite: five verbs, one file for each family of tables, migrations."""
