"""Practising: questions by topic and clause, the wrong-answer book, daily questions with spaced repetition."""
