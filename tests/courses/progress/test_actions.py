"""Sessions, heartbeats and completion on real rows."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.catalogue.models import Enrolment
from courses.progress.actions import SessionOver, answer_checkpoint, open_session, take_beat
from courses.progress.honesttime import Claim, Reason
from courses.progress.models import Beat, LessonProgress, StudyDay, StudySession
from lms.coverage.models import Outcome
from tests.factories.courses import LessonFactory, StudySessionFactory
from tests.factories.lms import EmploymentFactory, UserFactory

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def opened(person, lesson, seconds: float = 0):
    return open_session(person=person, lesson=lesson, phone=False, now=after(seconds))


def beat(session, number: int, seconds: float, *, resume_at: str = "", **claim):
    return take_beat(
        person=session.person,
        token=session.token,
        claim=Claim(number, **claim),
        resume_at=resume_at,
        now=after(seconds),
    )


def credited(person) -> int:
    return sum(StudyDay.objects.filter(person=person).values_list("credited_seconds", flat=True))


def test_opening_enrols_and_freezes_the_rules_of_the_day() -> None:
    person, lesson = UserFactory(), LessonFactory()
    session = opened(person, lesson)
    assert Enrolment.objects.filter(person=person, course=lesson.course, year=2026).count() == 1
    limits = session.limits
    assert (limits.beat, limits.most_per_beat, limits.idle, limits.day) == (15, 20, 180, 21600)


def test_beats_add_up_in_session_lesson_and_day() -> None:
    session = opened(UserFactory(), LessonFactory())
    for number in range(1, 6):
        result = beat(session, number, number * 15)
    assert result.verdict.credited == 15
    assert StudySession.objects.get().credited_seconds == 60
    assert LessonProgress.objects.get().credited_seconds == 60
    assert credited(session.person) == 60
    assert [row.credited_seconds for row in Beat.objects.all()] == [0, 15, 15, 15, 15]


def test_saving_a_beat_takes_five_queries() -> None:
    session = opened(UserFactory(), LessonFactory())
    beat(session, 1, 15)
    with CaptureQueriesContext(connection) as queries:
        beat(session, 2, 30, resume_at="block-2")
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 5


def test_opening_another_lesson_closes_the_older_session() -> None:
    person = UserFactory()
    older = opened(person, LessonFactory())
    beat(older, 1, 15)
    newer = opened(person, LessonFactory(), 20)
    with pytest.raises(SessionOver):
        beat(older, 2, 30)
    beat(newer, 1, 30)
    assert beat(newer, 2, 45).verdict.credited == 15
    assert credited(person) == 15


def test_database_refuses_a_second_live_session() -> None:
    session = StudySessionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        StudySessionFactory(progress=session.progress, person=session.person, day=session.day)


def test_token_of_somebody_else_is_unknown() -> None:
    session = opened(UserFactory(), LessonFactory())
    for person, token in [(UserFactory(), session.token), (session.person, uuid4())]:
        with pytest.raises(StudySession.DoesNotExist):
            take_beat(person=person, token=token, claim=Claim(1), resume_at="", now=after(15))


def test_replayed_beat_leaves_no_row() -> None:
    session = opened(UserFactory(), LessonFactory())
    beat(session, 1, 15)
    assert beat(session, 1, 30).verdict.reason == Reason.REPLAYED
    assert Beat.objects.count() == 1
    assert beat(session, 2, 30).verdict.credited == 15


def test_session_ends_with_its_day_and_the_next_one_counts_on_the_new_day() -> None:
    person, lesson = UserFactory(), LessonFactory()
    late = datetime(2026, 11, 24, 15, 59, 30, tzinfo=UTC)  # 23:59:30 in Shanghai
    session = open_session(person=person, lesson=lesson, phone=True, now=late)
    for number, seconds in [(1, 5), (2, 20)]:
        take_beat(
            person=person, token=session.token, claim=Claim(number), resume_at="", now=late + timedelta(seconds=seconds)
        )
    with pytest.raises(SessionOver, match="new_day"):
        take_beat(person=person, token=session.token, claim=Claim(3), resume_at="", now=late + timedelta(seconds=35))
    follower = open_session(person=person, lesson=lesson, phone=True, now=late + timedelta(seconds=35))
    for number, seconds in [(1, 36), (2, 51)]:
        take_beat(
            person=person,
            token=follower.token,
            claim=Claim(number),
            resume_at="",
            now=late + timedelta(seconds=seconds),
        )
    assert dict(StudyDay.objects.values_list("day", "credited_seconds")) == {
        date(2026, 11, 24): 15,
        date(2026, 11, 25): 15,
    }
    session.refresh_from_db()
    assert session.end_reason == "new_day"


def test_day_limit_holds_across_lessons() -> None:
    person = UserFactory()
    session = opened(person, LessonFactory())
    StudyDay.objects.update(credited_seconds=21590)
    beat(session, 1, 15)
    assert beat(session, 2, 30).verdict.credited == 10
    other = opened(person, LessonFactory(), 40)
    beat(other, 1, 55)
    assert beat(other, 2, 70).verdict.reason == Reason.DAY_FULL


def test_place_is_remembered_for_another_device() -> None:
    person, lesson = UserFactory(), LessonFactory()
    beat(opened(person, lesson), 1, 15, resume_at="block-7")
    opened(person, lesson, 60)
    assert LessonProgress.objects.get().resume_at == "block-7"


def finish(session, count: int, start: float = 0):
    for number in range(1, count + 1):
        result = beat(session, number, start + number * 15)
    return result


def test_lesson_needs_time_and_every_checkpoint() -> None:
    person = UserFactory()
    lesson = LessonFactory(minutes_required=1, checkpoints=["c1"])
    LessonFactory(course=lesson.course)
    result = finish(opened(person, lesson), 5)
    assert (result.missing.seconds, result.missing.checkpoints) == (0, 1)
    wrong = answer_checkpoint(person=person, lesson=lesson, checkpoint="c1", choice=0, key=1, now=after(90))
    assert (wrong.right, wrong.progress.completed_at) == (False, None)
    right = answer_checkpoint(person=person, lesson=lesson, checkpoint="c1", choice=1, key=1, now=after(99))
    assert (right.right, right.progress.completed_at, bool(right.missing)) == (True, after(99), False)
    assert right.progress.tries == {"c1": 2}
    assert not Outcome.objects.exists()


def test_last_lesson_completes_the_course_with_its_credited_hours() -> None:
    employment = EmploymentFactory()
    person = employment.person
    lesson = LessonFactory(minutes_required=18, course__credit_hours=Decimal("0.8"))
    session = opened(person, lesson)
    result = finish(session, 18 * 4 + 1)
    assert result.completed_now
    assert Enrolment.objects.get().completed_at == after(73 * 15)
    outcomes = {row.kind: row for row in Outcome.objects.all()}
    assert {kind: row.amount for kind, row in outcomes.items()} == {
        "course_completed": Decimal("0.40"),
        "hours_credited": Decimal("0.40"),
    }
    course = outcomes["course_completed"]
    assert (course.subject, course.person, course.enterprise) == (lesson.course.code, person, employment.enterprise)
    assert course.facts == {"required_hours": "0.8", "started_on": "2026-11-24", "credited_seconds": 1080}


def test_complete_lesson_earns_no_more_and_records_once() -> None:
    session = opened(UserFactory(), LessonFactory(minutes_required=1))
    finish(session, 5)
    assert beat(session, 6, 90).verdict.reason == Reason.LESSON_DONE
    assert (credited(session.person), Outcome.objects.count()) == (60, 2)


def test_unpublished_lesson_does_not_hold_the_course_up() -> None:
    lesson = LessonFactory(minutes_required=1)
    LessonFactory(course=lesson.course, published=False)
    finish(opened(UserFactory(), lesson), 5)
    assert Enrolment.objects.get().completed_at is not None


def test_film_must_be_watched_to_the_end() -> None:
    lesson = LessonFactory(kind="video", minutes_required=1, films={"film": 62}, video_seconds=62)
    session = opened(UserFactory(), lesson)
    for number in range(1, 5):
        result = beat(session, number, number * 15, played={"film": [(0, (number - 1) * 15)]})
    assert (result.progress.credited_seconds, result.missing.film_seconds) == (45, 17)
    result = beat(session, 5, 75, played={"film": [(0, 62)]})
    assert (result.progress.credited_seconds, result.missing.film_seconds) == (60, 2)
    assert beat(session, 6, 90, played={"film": [(60, 62)]}).completed_now


# --- acceptance: bots on real rows earn no more than honest wall-clock --------------------


def test_bot_with_parallel_tabs_earns_no_more_than_wall_clock() -> None:
    person, lessons = UserFactory(), [LessonFactory(minutes_required=60) for _ in range(3)]
    sessions = [opened(person, lesson) for lesson in lessons]
    numbers, at = [1, 1, 1], 0.0
    dice = random.Random(3)
    for _ in range(120):
        at += 5
        tab = dice.randrange(3)
        if dice.random() < 0.2:
            sessions[tab], numbers[tab] = opened(person, lessons[tab], at), 1
        try:
            beat(sessions[tab], numbers[tab], at)
            numbers[tab] += 1
        except SessionOver:
            pass
    assert 0 < credited(person) <= at


def test_bot_that_opens_a_session_for_every_beat_earns_nothing() -> None:
    person, lesson = UserFactory(), LessonFactory()
    for step in range(20):
        beat(opened(person, lesson, step * 15), 1, step * 15 + 14)
    assert credited(person) == 0


def test_every_credited_second_is_explained_by_beats() -> None:
    person, lesson = UserFactory(), LessonFactory(minutes_required=60)
    session = opened(person, lesson)
    for number in range(1, 30):
        beat(session, number, number * 15, visible=number % 4 != 0, idle_seconds=200 if number % 7 == 0 else 0)
    total = sum(Beat.objects.values_list("credited_seconds", flat=True))
    assert total == credited(person) == LessonProgress.objects.get().credited_seconds
    assert all(row.credited_seconds <= row.interval_seconds + 1 for row in Beat.objects.all())
