"""Finding Chinese words of one character and up, on SQLite and on PostgreSQL."""
