"""A MySQL 8.0 front over SQLite: grammar, names, plans, sorting, messages."""
