"""Fixtures of the attempts."""

from tests.exams.attempts.conftest import counted, person, set_now  # noqa: F401 – fixtures
