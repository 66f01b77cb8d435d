"""What proctors decided at the door."""

from exams.attempts.checkin_models import CheckIn


def last_check_in(exam_id: int, *, person_id: int) -> CheckIn | None:
    """What was last decided about a person at an exam; one query."""
    return CheckIn.objects.filter(exam_id=exam_id, person_id=person_id).order_by("-pk").first()
