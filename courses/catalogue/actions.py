"""Writing courses, rules and enrolments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.models import Page

from courses.catalogue.credit import hours_of
from courses.catalogue.models import AssignmentRule, Course, Enrolment, Lesson, LessonKind
from courses.catalogue.queries import rules_for
from courses.catalogue.sync import CourseShape, LessonShape, live_courses
from lms.audit.actions import record
from lms.coverage.actions import record_outcome
from lms.coverage.models import OutcomeKind
from lms.kit.db import StaleState, compare_and_set
from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee
from lms.people.models import PersonnelCategory, User
from lms.regulations.queries import rule_value


@transaction.atomic
def sync_courses(*, by: User | None, now: datetime, only_page: Page | None = None) -> tuple[int, int]:
    """Take over title, requirement and structure from the published pages; returns courses and lessons.

    Courses whose page is no longer published are withdrawn, never deleted: progress hangs on them.
    """
    shapes = live_courses(only_page=only_page)
    for shape in shapes:
        sync_course(shape, keep_position=only_page is not None)
    if only_page is None:
        codes = [shape.page.code for shape in shapes]
        Course.objects.filter(page__isnull=False).exclude(code__in=codes).update(published=False)
    lessons = sum(len(shape.lessons) for shape in shapes)
    record(action="courses.synced", by=by, now=now, detail={"courses": len(shapes), "lessons": lessons})
    return len(shapes), lessons


def sync_course(shape: CourseShape, *, keep_position: bool) -> None:
    """One course with its lessons, as its pages are now."""
    page = shape.page
    values = {
        "title": page.title,
        "summary": page.summary,
        "page_id": page.pk,
        "credit_hours": page.credit_hours,
        "must_study": page.must_study,
        "exam_subject": page.exam_subject,
        "published": True,
    }
    if not keep_position:
        values["position"] = shape.position
    course, _ = Course.objects.update_or_create(code=page.code, defaults=values)
    course.industries.set(page.industries.all())
    course.categories.set(page.categories.all())
    for lesson in shape.lessons:
        sync_lesson(course, lesson)
    kept = [lesson.page.code for lesson in shape.lessons]
    course.lessons.filter(page__isnull=False).exclude(code__in=kept).update(published=False)


def sync_lesson(course: Course, shape: LessonShape) -> None:
    """One lesson as its page is now."""
    page = shape.page
    Lesson.objects.update_or_create(
        code=page.code,
        defaults={
            "course": course,
            "position": shape.position,
            "title": page.title,
            "lead": page.lead,
            "page_id": page.pk,
            "kind": LessonKind.VIDEO if shape.film_only else LessonKind.READING,
            "minutes_required": shape.minutes,
            "video_seconds": sum(shape.films.values()) or page.video_seconds,
            "checkpoints": shape.checkpoints,
            "films": shape.films,
            "published": True,
        },
    )


@transaction.atomic
def withdraw_page(*, page: Page, by: User | None, now: datetime) -> None:
    """Take a course or lesson off the list when its page is unpublished or deleted."""
    gone = Course.objects.filter(page_id=page.pk).update(published=False)
    gone += Lesson.objects.filter(page_id=page.pk).update(published=False)
    if gone:
        record(action="courses.page_withdrawn", by=by, now=now, detail={"page": page.pk})


@dataclass(frozen=True, slots=True)
class Reach:
    """For whom a rule is meant; None in a dimension means 'all'."""

    enterprise: Enterprise | None = None
    category: PersonnelCategory | None = None
    industry: Industry | None = None
    post: Post | None = None
    person: User | None = None
    region: Region | None = None
    committee: SectorCommittee | None = None


@transaction.atomic
def assign(
    *,
    course: Course,
    reach: Reach,
    due_on: date | None,
    required: bool,
    by: User | None,
    now: datetime,
    valid_from: date | None = None,
) -> AssignmentRule:
    """Say who has to learn a course and by when. The same rule in force is not made twice.

    With a due date the rule ends with that year; a due date of a later year starts in that year.
    """
    today = timezone.localdate(now)
    start = valid_from or max(today, date(due_on.year, 1, 1) if due_on else today)
    dimensions = {name: getattr(reach, name) for name in Reach.__slots__}
    known = (
        AssignmentRule.objects.in_force(start)
        .filter(
            course=course,
            due_on=due_on,
            required=required,
            **{f"{name}__isnull": True for name, value in dimensions.items() if value is None},
            **{name: value for name, value in dimensions.items() if value is not None},
        )
        .first()
    )
    if known:
        return known
    rule = AssignmentRule.objects.create(
        course=course,
        due_on=due_on,
        required=required,
        created_by=by,
        created_at=now,
        valid_from=start,
        valid_until=date(due_on.year, 12, 31) if due_on else None,
        **dimensions,
    )
    record(
        action="course.assigned",
        by=by,
        now=now,
        target=rule,
        enterprise_id=reach.enterprise.pk if reach.enterprise else None,
        detail={"course": course.code} | {name: value.pk for name, value in dimensions.items() if value is not None},
    )
    return rule


@transaction.atomic
def assign_by_audience(*, by: User | None, now: datetime) -> int:
    """Make the town-wide rules that the courses' audiences ask for; courses that already have such a rule,
    ended ones included, are left as people arranged them. Returns the number of rules made."""
    made = 0
    general = AssignmentRule.objects.filter(course=OuterRef("pk"), enterprise__isnull=True, person__isnull=True)
    courses = Course.objects.filter(~Exists(general), published=True).prefetch_related("categories", "industries")
    for course in courses:
        for category in course.categories.all():
            for industry in course.industries.all() or [None]:
                assign(
                    course=course,
                    reach=Reach(category=category, industry=industry),
                    due_on=None,
                    required=course.must_study,
                    by=by,
                    now=now,
                    valid_from=date(timezone.localdate(now).year, 1, 1),
                )
                made += 1
    return made


@transaction.atomic
def end_rule(*, rule: AssignmentRule, by: User, now: datetime) -> None:
    """The rule means nobody from today on; what people have learnt stays."""
    last_day = timezone.localdate(now) - timedelta(days=1)
    if rule.valid_until is not None and rule.valid_until <= last_day:
        return
    rule.valid_until = last_day
    rule.save(update_fields=["valid_until"])
    record(
        action="course.rule_ended",
        by=by,
        now=now,
        target=rule,
        enterprise_id=rule.enterprise_id,
        detail={"course": rule.course_id},
    )


@transaction.atomic
def enrol(*, person: User, course: Course, by: User | None, now: datetime) -> Enrolment:
    """Take a course up for this year; repeating it changes nothing."""
    today = timezone.localdate(now)
    enrolment = Enrolment.objects.filter(person=person, course=course, year=today.year).first()
    if enrolment:
        return enrolment
    dues = [rule.due_in(today.year) for rule in rules_for(person.pk, on=today).filter(course=course, required=True)]
    enrolment, created = Enrolment.objects.get_or_create(
        person=person,
        course=course,
        year=today.year,
        defaults={"enrolled_at": now, "due_on": min(dues, default=None)},
    )
    if created:
        record(action="course.enrolled", by=by, now=now, target=enrolment, detail={"course": course.code})
    return enrolment


@transaction.atomic
def complete(*, enrolment: Enrolment, seconds: int, by: User | None, now: datetime) -> bool:
    """Note that a course is finished and put it into the ledger; False when it already was.

    seconds: what honest time has credited in all its lessons.
    """
    try:
        compare_and_set(enrolment, expect={"completed_at": None}, change={"completed_at": now})
    except StaleState:
        return False
    course = enrolment.course
    amount = hours_of(seconds, credit_minutes=rule_value("study.credit_minutes", on=timezone.localdate(now)))
    facts = {
        "required_hours": str(course.credit_hours),
        "started_on": timezone.localdate(enrolment.enrolled_at).isoformat(),
        "credited_seconds": seconds,
    }
    for kind in (OutcomeKind.COURSE_COMPLETED, OutcomeKind.HOURS_CREDITED):
        record_outcome(
            kind=kind,
            subject=course.code,
            title=course.title,
            person=enrolment.person,
            evidence=enrolment,
            achieved_at=now,
            amount=amount,
            facts=facts,
        )
    record(
        action="course.completed", by=by, now=now, target=enrolment, detail={"course": course.code, "seconds": seconds}
    )
    return True
