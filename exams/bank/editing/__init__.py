"""Forms for the part of a question that differs by type: one editor for each type, rows that grow and move."""
