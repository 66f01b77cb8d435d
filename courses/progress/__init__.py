"""Honest study time: sessions, heartbeats, progress of each lesson."""
