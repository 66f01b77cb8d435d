"""A small town, built once for all tests of this file: its history must hold together."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Q
from django.test import TestCase

from certificates.issuing.models import Certificate, NumberSeries
from courses.catalogue.models import Enrolment
from courses.progress.models import LessonProgress, StudyDay
from exams.attempts.models import Attempt
from exams.bank.bodies import TYPES
from exams.bank.models import Question, QuestionStatus
from exams.papers.models import Exam, ExamStatus
from lms.audit.models import AuditEntry
from lms.audit.queries import verify_chain
from lms.coverage.counting import heat_map
from lms.coverage.models import Outcome, OutcomeKind
from lms.coverage.queries import definitions
from lms.kit.identifiers import id_number_error, is_mobile, is_uscc
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope
from lms.people.models import Employment, EmploymentCategory, User
from lms.town.blueprint import HISTORY_STARTS
from lms.town.build import exists
from lms.town.characters import CHARACTERS, PASSWORD

TODAY = date(2026, 11, 24)
SMALL = {"enterprises": 3, "people": 60, "today": TODAY}


def build(**options: object) -> None:
    call_command("build_town", **{**SMALL, **options}, stdout=io.StringIO())


def fingerprint() -> str:
    """Everything that must not depend on anything but seed and day; no keys, nonces, salts, tokens."""
    found = hashlib.sha256()
    for rows in (
        ((u.username, u.name, u.id_number, u.phone, u.must_change_password) for u in User.objects.order_by("username")),
        Employment.objects.order_by("person__username", "started_on").values_list(
            "person__username",
            "enterprise__code",
            "employment_type",
            "post__name",
            "team__name",
            "started_on",
            "ended_on",
        ),
        EmploymentCategory.objects.order_by("employment__person__username", "category__code", "valid_from").values_list(
            "employment__person__username", "category__code", "valid_from", "valid_until"
        ),
        LessonProgress.objects.order_by("enrolment__person__username", "lesson__code", "opened_at").values_list(
            "enrolment__person__username", "lesson__code", "credited_seconds", "opened_at", "completed_at"
        ),
        Attempt.objects.order_by("exam__title", "person__username", "number").values_list(
            "exam__title",
            "person__username",
            "number",
            "key",
            "seed",
            "started_at",
            "submitted_at",
            "score",
            "paper__number",
        ),
        Attempt.objects.order_by("key", "answers__position").values_list(
            "key", "answers__position", "answers__response"
        ),
        Outcome.objects.order_by("person__username", "kind", "subject", "achieved_at").values_list(
            "person__username", "kind", "subject", "achieved_at", "amount", "withdrawn_on"
        ),
        Certificate.objects.order_by("number").values_list(
            "number", "verify_code", "person__username", "issued_at", "facts"
        ),
    ):
        for row in rows:
            found.update(repr(row).encode())
    return found.hexdigest()


def built_and_thrown_away(**options: object) -> str:
    """The fingerprint of a town."""
    with transaction.atomic():
        build(**options)
        found = fingerprint()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_town():
    first = built_and_thrown_away()
    assert built_and_thrown_away() == first


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["build_town", "show_characters"])
def test_production_refuses(settings, command):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command(command, stdout=io.StringIO())
    assert not exists()


def recount(stick, day: date) -> int:
    """Persons of the roster who lack nothing, one at a time."""
    subjects = {rule.category_id: rule.subjects for rule in stick.rules}
    lacking: dict[int, bool] = {}
    roster = (
        EmploymentCategory.objects.on(day)
        .filter(category__in=subjects, employment__in=Employment.objects.on(day))
        .select_related("employment")
    )
    for period in roster:
        industries = set(period.employment.enterprise.industries.values_list("pk", flat=True))
        if stick.industry_ids and not industries & set(stick.industry_ids):
            continue
        person = period.employment.person_id
        has = Outcome.objects.standing_on(day).filter(
            person=person,
            kind__in=stick.kinds,
            subject__in=subjects[period.category_id],
            achieved_on__range=(stick.counts_from, stick.counts_until),
        )
        lacking[person] = lacking.get(person, False) or not has.exists()
    return sum(1 for lacks in lacking.values() if not lacks)


class TestSmallTown(TestCase):
    """One small town for all of these, built once and rolled back at the end."""

    @classmethod
    def setUpTestData(cls) -> None:
        build()

    def test_personal_numbers_are_well_formed_and_from_nowhere(self):
        people = list(User.objects.all())
        assert [u.username for u in people if id_number_error(u.id_number)] == []
        assert [u.username for u in people if not u.id_number.startswith("99")] == []
        assert [u.username for u in people if not is_mobile(u.phone)] == []
        assert all(is_uscc(code) for code in Enterprise.objects.values_list("uscc", flat=True))

    def test_numbers_are_not_stored_in_the_clear(self):
        person = User.objects.get(username="HF-0127")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number, phone, id_hash FROM lms_user WHERE username = 'HF-0127'")
            stored = cursor.fetchone()
        assert person.id_number not in str(stored)
        assert person.phone not in str(stored)
        assert stored[2] == User.identity_hash(person.id_number)

    def test_every_enterprise_has_exactly_one_principal_on_every_day(self):
        day = HISTORY_STARTS
        while day <= TODAY:
            principals = EmploymentCategory.objects.on(day).filter(
                category__code="principal", employment__in=Employment.objects.on(day)
            )
            held = sorted(principals.values_list("employment__enterprise__code", flat=True))
            assert held == sorted(Enterprise.objects.values_list("code", flat=True)), day
            day += timedelta(days=14)

    def test_nobody_achieves_anything_before_or_after_the_employment(self):
        outside = Outcome.objects.filter(
            Q(achieved_on__lt=F("employment__started_on")) | Q(achieved_on__gt=F("employment__ended_on"))
        )
        assert list(outside) == []
        assert not Outcome.objects.filter(employment=None).exists()
        assert not Outcome.objects.filter(achieved_on__gte=TODAY).exists()

    def test_the_course_is_finished_before_its_exam_is_begun(self):
        early = [
            attempt.pk
            for attempt in Attempt.objects.exclude(exam__prerequisite_subject="").select_related("exam")
            if not Outcome.objects.filter(
                person=attempt.person_id,
                kind=OutcomeKind.COURSE_COMPLETED,
                subject=attempt.exam.prerequisite_subject,
                achieved_at__lte=attempt.started_at,
            ).exists()
        ]
        assert early == []

    def test_attempts_lie_in_the_window_of_their_exam(self):
        assert not Attempt.objects.filter(
            Q(started_at__lt=F("exam__opens_at"))
            | Q(submitted_at__gt=F("exam__closes_at"))
            | Q(number__gt=F("exam__attempts_allowed"))
        ).exists()

    def test_study_days_add_up_to_the_credited_seconds_of_the_lessons(self):
        for person in User.objects.filter(enrolments__isnull=False).distinct():
            days = sum(StudyDay.objects.filter(person=person).values_list("credited_seconds", flat=True))
            lessons = sum(
                LessonProgress.objects.filter(enrolment__person=person).values_list("credited_seconds", flat=True)
            )
            assert days == lessons, person

    def test_certificate_numbers_have_no_gaps_and_follow_the_calendar(self):
        for series in NumberSeries.objects.all():
            rows = list(
                Certificate.objects.filter(number__startswith=f"{series.prefix}-{series.year}-").order_by("number")
            )
            assert [int(row.number[-6:]) for row in rows] == list(range(1, series.last + 1))
            assert [row.issued_at for row in rows] == sorted(row.issued_at for row in rows)
            assert {row.issued_on.year for row in rows} == {series.year}

    def test_every_certificate_rests_on_a_passed_exam_and_stands_in_the_ledger(self):
        certificates = Certificate.objects.select_related("basis")
        assert {row.basis.kind for row in certificates} == {OutcomeKind.EXAM_PASSED}
        held = Outcome.objects.filter(kind=OutcomeKind.CERTIFICATE_HELD)
        assert {row.evidence for row in held} == {f"certificates.certificate:{row.pk}" for row in certificates}

    def test_the_records_verify(self):
        call_command("verify_attempts", stdout=io.StringIO())
        assert verify_chain() is None

    def test_the_audit_log_of_the_history_is_in_order_of_time(self):
        issued = (
            AuditEntry.objects.filter(action="certificate.issued").order_by("sequence").values_list("at", flat=True)
        )
        assert len(issued) == Certificate.objects.count()
        assert list(issued) == sorted(issued)

    def test_coverage_counts_what_a_slow_recount_finds(self):
        for definition in definitions():
            stick = definition.yardstick
            day = stick.day(TODAY)
            assert heat_map(stick, on=day, scope=Scope(everything=True)).total.covered == recount(stick, day), (
                definition.code
            )

    def test_the_characters_can_sign_in_and_one_must_change_the_password(self):
        people = {user.username: user for user in User.objects.filter(username__in=[row.number for row in CHARACTERS])}
        assert sorted(people) == sorted(row.number for row in CHARACTERS)
        assert all(user.check_password(PASSWORD) and user.name for user in people.values())
        assert [user.username for user in people.values() if user.must_change_password] == ["HF-0188"]

    def test_the_learner_stands_in_the_middle_of_a_course_with_its_exam_open(self):
        learner = User.objects.get(username="HF-0127")
        enrolment = Enrolment.objects.get(person=learner, course__code="confined-space", year=2026)
        states = [row.completed_at is not None for row in enrolment.lesson_progress.order_by("lesson__position")]
        assert states == [True, True, False]
        assert enrolment.lesson_progress.filter(sessions__beats__isnull=False).distinct().count() == 3
        failed = Attempt.objects.get(person=learner, exam__subject="team-safety")
        assert (failed.score, failed.passed, failed.exam.closes_at.date() > TODAY) == (74, False, True)
        open_exam = Exam.objects.get(subject="confined-space", title__startswith="2026")
        assert open_exam.opens_at.date() < TODAY < open_exam.closes_at.date()
        assert open_exam.prerequisite_subject == "confined-space"

    def test_there_are_a_draft_an_upcoming_exam_and_questions_to_review(self):
        assert Exam.objects.filter(status=ExamStatus.DRAFT).count() == 1
        assert Exam.objects.filter(status=ExamStatus.PUBLISHED, opens_at__date__gt=TODAY).count() == 1
        assert Question.objects.filter(status=QuestionStatus.REVIEW).count() == 5

    def test_an_exam_with_all_nine_types_waits_to_be_tried(self):
        exam = Exam.objects.get(title__contains="九种题型")
        paper = exam.papers.first()
        assert set(paper.items.values_list("version__type", flat=True)) == set(TYPES)
        assert (paper.total_points, exam.attempts.count(), exam.closes_at.date() > TODAY) == (100, 0, True)

    def test_building_again_is_refused_or_does_nothing(self):
        count = User.objects.count()
        with pytest.raises(CommandError):
            build()
        build(if_empty=True)
        assert (exists(), User.objects.count()) == (True, count)

    def test_the_list_of_characters_names_everybody_with_the_password(self):
        out = io.StringIO()
        call_command("show_characters", stdout=out)
        assert all(row.number in out.getvalue() and row.name in out.getvalue() for row in CHARACTERS)
        assert out.getvalue().count(PASSWORD) == len(CHARACTERS)
