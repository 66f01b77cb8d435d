"""The world of the access matrix: two enterprises, each with everything that could leak."""

import re
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model

from certificates.issuing.actions import ensure_pdf
from certificates.issuing.models import IssuingProblem
from content.cases.models import CaseIndexPage, CasePage
from content.editing.actions import set_up_editing
from content.lessons.models import CourseIndexPage, CoursePage, LessonPage
from content.loading.shelves import SHELVES, home_page, shelf
from content.meetings.models import CardIndexPage, CardPage
from exams.attempts.actions import submit_attempt
from exams.attempts.models import OpenAnswer
from exams.attempts.still_actions import choose_stills
from exams.bank.bulk_models import BulkEdit
from exams.bank.models import ImportStatus, QuestionImport, QuestionStatus, VersionClause
from exams.bank.twin_models import TwinPair
from exams.papers.correction_actions import correct
from exams.papers.correction_models import CorrectionKind
from exams.papers.models import ExamStatus
from exams.papers.sitting import CheckInRule
from exams.practice.actions import answer_question
from exams.practice.models import PracticeRound
from exams.proctoring.models import Reason
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.photos import as_text, portrait
from exams.proctoring.still_models import Still
from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.audit.actions import record
from lms.coverage.models import Outcome, OutcomeKind, Requirement, RequirementCategory, Target
from lms.jobs.actions import run_job
from lms.jobs.models import Job, JobStatus
from lms.kit.clock import current_date, current_time
from lms.kit.sheets import write_rows
from lms.organisations.models import Enterprise
from lms.people.columns import TITLES
from lms.people.models import LicenceDeclaration, User
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.conftest import Characters, cast, employed
from tests.exams.bank.posting import kept_picture
from tests.factories.certificates import CertificateFactory, IssuingRuleFactory
from tests.factories.courses import (
    AssignmentRuleFactory,
    BeatFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
    StudyDayFactory,
    StudySessionFactory,
)
from tests.factories.exams import (
    AttemptFactory,
    ExamAudienceFactory,
    ExamFactory,
    QuestionVersionFactory,
    drawn_picture,
    exam_of_all_types,
    exam_with_papers,
    standard,
    standard_clauses,
)
from tests.factories.lms import OutcomeFactory, RoleAssignmentFactory, invented_id, invented_phone

SUBJECT = "confined-space"
CARD_KEY, CHECKPOINT_KEY = "CANARY-card", "CANARY-checkpoint"
CHECKPOINT, FILM = "5f0f7cf0-0000-4000-8000-000000000001", "5f0f7cf0-0000-4000-8000-000000000002"


@dataclass
class Side:
    """The objects of one enterprise and its people; both sides have the same."""

    enterprise: Any
    learner: Any
    employment: Any
    assignment: Any  # a role that the safety manager may end
    check_job: Any  # a dry run with bad rows, of the safety manager
    write_job: Any
    export_job: Any
    session: Any
    rule: Any
    exam: Any
    draft: Any
    attempt: Any  # begun, of the learner
    handed_in: Any
    open_answer: Any  # of the learner, to be marked by hand
    practice_round: Any  # of the safety manager, the first of two questions answered wrong
    certificate: Any
    question_import: Any
    import_job: Any
    bank_export: Any
    bulk_job: Any
    recite_job: Any
    scan_job: Any
    self_test_job: Any  # of the safety manager
    still: Any  # of the learner, who writes another exam with consent to stills
    door_exam: Any  # running, with check-in; nobody has begun


@dataclass
class World:
    """Everything that a row of the table may name."""

    characters: Characters
    people: dict[str, User]
    own: Side
    other: Side
    double: Any  # works in the own enterprise, supervises elsewhere
    shared: Any  # what belongs to nobody's enterprise
    cookies: dict[str, str]
    names: dict[str, frozenset[str]]  # name of a person → the characters who may read it
    numbers: re.Pattern[bytes]

    def client(self, character: str, **options: Any) -> Client:
        """A browser of that character; a fresh one each time, so that no cookie stays."""
        client = Client(**options)
        if character in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[character]
        return client


def build_world() -> World:
    """Write everything; call inside a transaction that is rolled back."""
    load_rules(rows=starter_rules())
    who = cast()
    people = who.everybody
    double = employed(who.enterprise, name="桂明海", category=who.category)
    RoleAssignmentFactory(person=double.person, role=Role.SECTOR_COMMITTEE, committee=who.other_committee)
    trainers = {
        who.enterprise: who.trainer,
        who.other_enterprise: employed(who.other_enterprise, name="初雨舟", category=who.category).person,
    }
    RoleAssignmentFactory(person=trainers[who.other_enterprise], role=Role.TRAINER, enterprise=who.other_enterprise)
    shared = shared_things(who)
    sides = [
        side(who.enterprise, who.own_employment, who.own_manager, trainers[who.enterprise], who.editor, shared),
        side(
            who.other_enterprise,
            who.other_employment,
            who.other_manager,
            trainers[who.other_enterprise],
            who.reviewer,
            shared,
        ),
    ]
    for person in (who.own_learner, who.other_learner):
        record(action="person.corrected", by=who.administrator, now=current_time(), target=person, reason="录错了")
    return World(
        characters=who,
        people=people,
        own=sides[0],
        other=sides[1],
        double=double.person,
        shared=shared,
        cookies={name: session_of(person) for name, person in people.items()},
        names=sight(who, [row.learner for row in sides]),
        numbers=personal_numbers(),
    )


def session_of(person: User) -> str:
    """The cookie of a signed-in browser."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- who may read whose name ---------------------------------------------------------------------

OWN_READERS = {"own_manager", "trainer", "town_supervisor", "sector_supervisor", "auditor", "administrator"}
OTHER_READERS = {"other_manager", "other_town_supervisor", "other_sector_supervisor", "auditor", "administrator"}


def sight(who: Characters, learners: list[User]) -> dict[str, frozenset[str]]:
    """By name of everybody employed: the characters in whose view that person is, and the person."""
    parts = {person.name: part for part, person in who.everybody.items()}
    found = {}
    for enterprise, readers in ((who.enterprise, OWN_READERS), (who.other_enterprise, OTHER_READERS)):
        for employment in enterprise.employments.select_related("person"):
            name = employment.person.name
            mine = {parts[name]} if name in parts else set()
            leader = {"team_leader"} if employment.team_id == who.team.pk else set()
            found[name] = frozenset(readers | mine | leader)
    assert all(learner.name in found for learner in learners)
    return found


def personal_numbers() -> re.Pattern[bytes]:
    """ID numbers, phones and licence numbers of everybody, as they must never be shown."""
    numbers = {number for person in User.objects.all() for number in (person.id_number, person.phone) if number}
    numbers |= {row.number for row in LicenceDeclaration.objects.all() if row.number}
    return re.compile(b"|".join(re.escape(number.encode()) for number in sorted(numbers, key=len, reverse=True)))


# --- what belongs to no enterprise ---------------------------------------------------------------


def shared_things(who: Characters) -> SimpleNamespace:
    """Library, course, bank, requirement, town-wide rules and exams."""
    made = library()
    made.course = CourseFactory(code=SUBJECT, title="有限空间作业安全", page=made.course_page)
    made.lesson = LessonFactory(
        course=made.course, code="confined-space-1", page=made.lesson_page, checkpoints=[CHECKPOINT], films={FILM: 60}
    )
    made.general_rule = AssignmentRuleFactory(course=made.course, created_by=who.administrator)
    made.area_rule = AssignmentRuleFactory(course=made.course, region=who.region, created_by=who.town_supervisor)
    made.question = question(by=who.editor, status=QuestionStatus.REVIEW)
    made.question_picture = kept_picture(who.editor)
    made.practised = [QuestionVersionFactory(), QuestionVersionFactory()]
    made.town_exam = running_exam(enterprise=None, title="全镇统考")
    made.correction = correct(
        exam=made.town_exam, version=made.town_exam.papers.get().items.first().version, kind=CorrectionKind.FULL,
        by=who.administrator, reason="选项印错", now=current_time(),
    )  # fmt: skip
    made.correction.job = Job.objects.create(kind="exams.regrade", title="重判", status=JobStatus.DONE)
    made.correction.save(update_fields=["job"])
    made.town_draft = ExamFactory(
        title="全镇统考草稿",
        status=ExamStatus.DRAFT,
        published_at=None,
        opens_at=current_time(),
        closes_at=current_time() + timedelta(days=9),
    )
    [made.lapsed] = standard_clauses(standard(), "gm9", "13-01", first=date(2017, 1, 1), last=date(2023, 1, 1))
    twins = [QuestionVersionFactory(stem=f"进入污水池之前应当先通风再检测{mark}") for mark in ("", "！")]
    VersionClause.objects.create(version=twins[0], clause=made.lapsed)
    made.pair = TwinPair.objects.create(
        first=twins[0].question, second=twins[1].question, likeness=1, found_at=current_time()
    )
    made.reason = Reason.objects.create(code="quake", label="地震", fits=["pause"])
    requirement(who)
    return made


def library() -> SimpleNamespace:
    """The library's front page with a card, a case and a course with one lesson; the groups of the editing place."""
    home = home_page()
    for model, *_ in SHELVES:
        shelf(home, model)
    set_up_editing()
    card = shelf(home, CardIndexPage).add_child(
        instance=CardPage(
            title="下池前三件事",
            slug="card",
            code="card-1",
            minutes=2,
            points="先通风\n再检测",
            question="先做什么？",
            options="通风\n下池",
            answer=0,
            explanation=CARD_KEY,
        )
    )
    case = shelf(home, CaseIndexPage).add_child(
        instance=CasePage(
            title="污水池中毒",
            slug="case",
            code="case-1",
            happened_on=date(2019, 5, 1),
            place="某地",
            summary="盲目施救。",
            what_happened="三人先后下池。",
            why="没有检测",
            lessons="先检测",
            source="调查报告",
        )
    )
    course = shelf(home, CourseIndexPage).add_child(
        instance=CoursePage(
            title="有限空间作业安全", slug="course", code=SUBJECT, summary="三件事。", credit_hours=Decimal(2)
        )
    )
    film = get_document_model().objects.create(title="通风", file=ContentFile(b"\x1aE\xdf\xa3film", "film.webm"))
    manual = get_document_model().objects.create(title="手册", file=ContentFile(b"%PDF-1.4 manual", "manual.pdf"))
    lesson = course.add_child(
        instance=LessonPage(title="第一课", slug="lesson", code="confined-space-1", lead="先通风。", minutes=1)
    )
    lesson.body = lesson_body(film)
    lesson.save()
    picture = default_storage.save("images/fan.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
    return SimpleNamespace(
        home=home,
        card_page=card,
        case_page=case,
        course_page=course,
        lesson_page=lesson,
        film=film,
        manual=manual,
        picture=picture,
    )


def lesson_body(film: Any) -> Any:
    """A film and a checkpoint."""
    block = LessonPage._meta.get_field("body").stream_block
    return block.to_python(
        [
            {"type": "text", "value": {"heading": "先通风", "body": "再检测，后作业。"}},
            {
                "type": "video",
                "id": FILM,
                "value": {"document": film.pk, "title": "通风", "seconds": 60, "transcript": "先通风。"},
            },
            {
                "type": "checkpoint",
                "id": CHECKPOINT,
                "value": {
                    "question": "先做什么？",
                    "options": ["通风", "下池"],
                    "answer": 0,
                    "explanation": CHECKPOINT_KEY,
                },
            },
        ]
    )


def question(*, by: User, status: str) -> Any:
    """A question written by somebody."""
    version = QuestionVersionFactory(created_by=by, question__author=by)
    version.question.status = status
    version.question.save(update_fields=["status"])
    return version.question


def requirement(who: Characters) -> None:
    """A requirement that the learners' category has to meet this year, with a target."""
    year = current_date().year
    row = Requirement.objects.create(
        code=f"clause-11-{year}",
        name="三类人员年度培训",
        kind=Requirement.Kind.SCHEME,
        year=year,
        scheme=who.category.schemes.get(),
        outcome_kind=OutcomeKind.CERTIFICATE_HELD,
        counts_from=date(year, 1, 1),
        counts_until=date(year, 12, 31),
        source="第11条",
    )
    RequirementCategory.objects.create(requirement=row, category=who.category, subjects=[SUBJECT])
    Target.objects.create(requirement=row, due_on=date(year, 12, 31), percent=Decimal(80), source="第11条")


def running_exam(*, enterprise: Enterprise | None, title: str) -> Any:
    """A published exam that is open now, for an enterprise or for everybody."""
    now = current_time()
    exam = exam_with_papers(
        enterprise=enterprise,
        title=title,
        audience=False,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=3),
        published_at=now - timedelta(days=1),
        attempts_allowed=3,
    )
    ExamAudienceFactory(exam=exam, enterprise=enterprise, valid_from=current_date())
    exam.assembly_job = Job.objects.create(kind="exams.assemble", title=title, status=JobStatus.DONE)
    exam.save(update_fields=["assembly_job"])
    return exam


# --- what belongs to one enterprise --------------------------------------------------------------


def side(enterprise: Enterprise, employment: Any, manager: User, trainer: User, author: User, shared: Any) -> Side:
    """The things of one enterprise."""
    learner, now = employment.person, current_time()
    exam = running_exam(enterprise=enterprise, title=f"{enterprise.short_name}月考")
    CandidatePhoto.objects.create(
        person=learner, stored_by=manager, stored_at=now, image=as_text(portrait(BytesIO(drawn_picture(60, 80)), 1))
    )
    check, write = staff_import(enterprise, learner, manager)
    import_job = Job.objects.create(kind="bank.check", title="核对题目", owner=author, status=JobStatus.DONE)
    made = Side(
        enterprise=enterprise,
        learner=learner,
        employment=employment,
        assignment=RoleAssignment.objects.get(person=trainer, role=Role.TRAINER),
        check_job=check,
        write_job=write,
        export_job=roster_export(manager),
        session=study_session(learner, shared),
        rule=AssignmentRuleFactory(course=shared.course, enterprise=enterprise, created_by=manager),
        exam=exam,
        draft=ExamFactory(
            enterprise=enterprise,
            title=f"{enterprise.short_name}草稿",
            status=ExamStatus.DRAFT,
            published_at=None,
            opens_at=now,
            closes_at=now + timedelta(days=9),
        ),
        attempt=AttemptFactory(exam=exam, person=learner, employment=employment, started_at=now),
        handed_in=handed_in(learner, employment, enterprise),
        open_answer=written_answer(learner, employment, enterprise),
        practice_round=practised(manager, shared),
        certificate=certificate(learner, employment, enterprise),
        question_import=QuestionImport.objects.create(
            name="题目.xlsx", owner=author, status=ImportStatus.CHECKED, rows=1, good=1, created_at=now, job=import_job
        ),
        import_job=import_job,
        bank_export=Job.objects.create(
            kind="bank.export",
            title="导出题目",
            owner=author,
            status=JobStatus.DONE,
            result={"format": "excel", "written": 1, "whole": 0, "left": 0, "listed": []},
        ),
        bulk_job=BulkEdit.objects.create(
            owner=author, change={"what": "difficulty", "value": 3, "mode": "", "reason": ""}, selection={"ids": []},
            seen_at=now, created_at=now,
            job=Job.objects.create(kind="bank.bulk_edit", title="批量修改", owner=author, status=JobStatus.DONE),
        ).job,
        recite_job=Job.objects.create(kind="bank.recite", title="换条目", owner=author, status=JobStatus.DONE),
        scan_job=Job.objects.create(kind="bank.twins", title="查找相近的题", owner=author, status=JobStatus.DONE),
        still=still_with_consent(learner, employment, enterprise),
        door_exam=exam_with_check_in(enterprise),
        self_test_job=Job.objects.create(
            kind="exams.self_test", title="开考自测", owner=manager, status=JobStatus.DONE, params={"exam": exam.pk},
        ),
    )  # fmt: skip
    assert all(getattr(made, field.name) is not None for field in fields(made))
    return made


def exam_with_check_in(enterprise: Enterprise) -> Any:
    """Open, and nobody may start before a proctor has looked at them."""
    exam = running_exam(enterprise=enterprise, title=f"{enterprise.short_name}现场考")
    exam.check_in = CheckInRule.PROCTOR
    exam.save(update_fields=["check_in"])
    return exam


def still_with_consent(learner: User, employment: Any, enterprise: Enterprise) -> Any:
    """A still in an exam with stills, of a learner who has agreed and writes."""
    exam, now = running_exam(enterprise=enterprise, title=f"{enterprise.short_name}拍照考"), current_time()
    exam.camera_stills = 20
    exam.save(update_fields=["camera_stills"])
    attempt = AttemptFactory(exam=exam, person=learner, employment=employment, started_at=now)
    choose_stills(attempt=attempt, given=True, now=now)
    return Still.objects.create(attempt=attempt, at=now, image=as_text(portrait(BytesIO(drawn_picture(60, 80)), 1)))


def handed_in(learner: User, employment: Any, enterprise: Enterprise) -> Any:
    """An attempt at another exam, handed in."""
    exam = running_exam(enterprise=enterprise, title=f"{enterprise.short_name}上月考")
    attempt = AttemptFactory(exam=exam, person=learner, employment=employment, started_at=current_time())
    submit_attempt(attempt_key=attempt.key, by=learner, now=current_time(), form_answers={})
    attempt.refresh_from_db()
    return attempt


def written_answer(learner: User, employment: Any, enterprise: Enterprise) -> Any:
    """An answer that people have to mark, in an exam with all types."""
    now = current_time()
    exam = exam_of_all_types(
        enterprise=enterprise,
        title=f"{enterprise.short_name}主观题考试",
        audience=False,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=3),
        published_at=now - timedelta(days=1),
    )
    attempt = AttemptFactory(exam=exam, person=learner, employment=employment, started_at=now)
    submit_attempt(attempt_key=attempt.key, by=learner, now=now, form_answers={8: ("立即停止作业",)})
    return OpenAnswer.objects.get(answer__attempt=attempt)


def practised(manager: User, shared: Any) -> Any:
    """A round of practice on its way."""
    first, second = shared.practised
    made = PracticeRound.objects.create(
        person=manager, mode="topic", topic=first.question.topic, started_at=current_time(),
        questions=[first.question_id, second.question_id],
    )  # fmt: skip
    answer_question(practice_round=made, place=1, version_id=first.pk, response=["o1"], by=manager, now=current_time())
    return made


def certificate(learner: User, employment: Any, enterprise: Enterprise) -> Any:
    """A certificate with its PDF, and one that could not be issued."""
    today = current_date()
    basis = OutcomeFactory(
        kind=OutcomeKind.EXAM_PASSED,
        subject=SUBJECT,
        person=learner,
        employment=employment,
        enterprise=enterprise,
        achieved_at=current_time(),
    )
    made = CertificateFactory(
        person=learner, enterprise=enterprise, basis=basis, issued_on=today, valid_until=today + timedelta(days=365)
    )
    Outcome.objects.create(
        kind=OutcomeKind.CERTIFICATE_HELD,
        subject=SUBJECT,
        title="有限空间作业安全",
        person=learner,
        employment=employment,
        enterprise=enterprise,
        achieved_at=current_time(),
        achieved_on=today,
        evidence=f"certificates.certificate:{made.pk}",
    )
    IssuingProblem.objects.create(
        person=learner,
        enterprise=enterprise,
        rule=IssuingRuleFactory(),
        reason="字库里没有这个字",
        found_at=current_time(),
    )
    return ensure_pdf(made)


def study_session(learner: User, shared: Any) -> Any:
    """A live session with a heartbeat."""
    now = current_time()
    enrolment = EnrolmentFactory(person=learner, course=shared.course, year=current_date().year, enrolled_at=now)
    progress = LessonProgressFactory(lesson=shared.lesson, enrolment=enrolment, opened_at=now, credited_seconds=15)
    day = StudyDayFactory(person=learner, day=timezone.localdate(now), credited_seconds=15)
    session = StudySessionFactory(progress=progress, day=day, opened_at=now, credited_seconds=15)
    BeatFactory(session=session, received_at=now)
    return session


def roster_export(manager: User) -> Job:
    """A finished export of the roster."""
    job = Job.objects.create(kind="people.export", title="导出花名册", owner=manager, params={"query": {}})
    return finished(job)


def staff_import(enterprise: Enterprise, learner: User, manager: User) -> tuple[Job, Job]:
    """A dry run whose bad row holds somebody's real numbers, and the import that followed."""
    place, number = (enterprise.name, "焊工", "一线从业人员"), 90_000 + enterprise.pk
    rows = [
        ("别人的名", learner.id_number, learner.phone, *place),
        (f"{learner.name[0]}新来", invented_id(number), invented_phone(number), *place),
    ]
    keys = ("name", "id_number", "phone", "enterprise", "post", "categories")
    sheet = BytesIO()
    write_rows(sheet, header=[TITLES[key] for key in keys], rows=rows, title="人员")
    check = Job(kind="people.import_check", title="试算：人员.xlsx", owner=manager, params={"file": "人员.xlsx"})
    check.upload.save("staff.xlsx", ContentFile(sheet.getvalue()), save=False)
    check.save()
    finished(check)
    assert check.result["bad"] == 1, check.result
    assert check.result_file
    write = Job.objects.create(kind="people.import", title="导入：人员.xlsx", owner=manager, params={"check": check.pk})
    return check, finished(write)


def finished(job: Job) -> Job:
    """Run a job here and now."""
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert job.status == JobStatus.DONE, job.message
    return job
