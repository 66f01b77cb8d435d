"""Which results are out; figures of an exam's results, for those who release them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, F, Q

from exams.attempts.models import Attempt, AttemptStatus
from exams.papers.models import Exam, Release

WIDTH = 10  # percent of a band


def released(now: datetime, exam: str = "") -> Q:
    """Exams whose results, keys and explanations are out, as `Window.released` says it; `exam`: path to the exam."""
    return (
        Q(**{f"{exam}release": Release.AT_ONCE})
        | Q(**{f"{exam}release": Release.AFTER_WINDOW, f"{exam}closes_at__lte": now})
        | Q(**{f"{exam}release": Release.AFTER_APPROVAL, f"{exam}results_approved_at__isnull": False})
    )


@dataclass(frozen=True, slots=True)
class Band:
    """Attempts whose percent lies in [low, low + 10), the last one with 100."""

    low: int
    number: int

    @property
    def high(self) -> int:
        """The end of the band as people read it."""
        return self.low + WIDTH - 1 if self.low + WIDTH < 100 else 100


@dataclass(frozen=True, slots=True)
class ResultFigures:
    """`settled`: handed in with a final score; `mean`: percent."""

    writing: int
    in_marking: int
    settled: int
    passed: int
    mean: Decimal | None
    bands: tuple[Band, ...]

    @property
    def unfinished(self) -> int:
        """Attempts without a final score."""
        return self.writing + self.in_marking

    @property
    def pass_percent(self) -> int:
        """Share of the settled that passed."""
        return round(100 * self.passed / self.settled) if self.settled else 0

    @property
    def highest(self) -> int:
        """The fullest band, for drawing."""
        return max((band.number for band in self.bands), default=0)


def result_figures(exam: Exam) -> ResultFigures:
    """Counts, mean, distribution; two queries, voided attempts left out."""
    handed_in = Q(status=AttemptStatus.SUBMITTED)
    percent = F("score") * 100 / F("max_score")
    rows = Attempt.objects.filter(exam=exam)
    counts = rows.aggregate(
        writing=Count("pk", filter=Q(status=AttemptStatus.WRITING)),
        in_marking=Count("pk", filter=handed_in & Q(score__isnull=True)),
        settled=Count("pk", filter=handed_in & Q(score__isnull=False)),
        passed=Count("pk", filter=handed_in & Q(passed=True)),
        mean=Avg(percent, filter=handed_in & Q(score__isnull=False, max_score__gt=0)),
    )
    scores = rows.filter(handed_in, score__isnull=False, max_score__gt=0).values_list("score", "max_score")
    bands = [0] * WIDTH
    for score, most in scores.iterator():
        assert score is not None
        bands[min(WIDTH - 1, int(score * WIDTH / most))] += 1
    mean = None if counts["mean"] is None else Decimal(str(counts["mean"])).quantize(Decimal("0.1"))
    shown = tuple(Band(WIDTH * place, number) for place, number in enumerate(bands))
    return ResultFigures(counts["writing"], counts["in_marking"], counts["settled"], counts["passed"], mean, shown)
