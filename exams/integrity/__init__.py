"""Signals: evidence about how an attempt was sat, for people to judge; nothing here accuses."""
