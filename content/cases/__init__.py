"""Accident cases and best practices."""
