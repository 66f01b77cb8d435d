"""What the self-test of saving found, and what an exam asks of it (pure)."""

from dataclasses import dataclass
from datetime import datetime

SELF_TEST_JOB = "exams.self_test"
# Answers do not come evenly: a room that starts together is this many times busier than its average at most.
PEAK = 5


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Milliseconds that one saved answer took: its statements, and making one change durable."""

    at: datetime
    saves: int
    save_ms: float
    commits: int
    commit_ms: float

    @property
    def rate(self) -> float:
        """Answers per second that one connection can save, one after another."""
        return 1000 / (self.save_ms + self.commit_ms)


def wanted_rate(*, people: int, questions: int, minutes: int) -> float:
    """Answers per second when everybody sits at once and answers every question, at the busiest moment."""
    return PEAK * people * questions / (60 * minutes)
