"""Django finds the models of the rooms here."""
