"""Watching exams while they run: the live board, interventions, check-in, readiness."""
