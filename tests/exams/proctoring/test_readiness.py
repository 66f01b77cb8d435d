"""The readiness report: every line, what it costs, the self-test of saving."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exams.attempts.actions import submit_attempt
from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.bank.models import VersionClause
from exams.papers.models import ExamAudience, ExamStatus
from exams.proctoring.models import Reason
from exams.proctoring.readiness import lines_of, summary
from exams.proctoring.readiness_queries import DiskFigures, QueueFigures, people_with_gaps, readiness_of
from exams.proctoring.roster import exam_day, roster_of
from exams.proctoring.selftest import SELF_TEST_JOB, SelfTest, wanted_rate
from exams.proctoring.selftest_actions import self_test
from lms.access.queries import standing_of
from lms.access.roles import Role
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import JobProblem
from lms.people.models import User
from tests.factories.exams import (
    AttemptFactory,
    ExamAudienceFactory,
    draft_exam,
    exam_of_all_types,
    exam_with_papers,
    standard,
    standard_clauses,
)
from tests.factories.lms import EmploymentFactory, EnterpriseFactory, OutcomeFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PASSWORD = make_password("Sanzhen-2026")
DAY = timezone.localdate(NOW)


@pytest.fixture
def plant(rules):
    return EnterpriseFactory(short_name="柏岭污水")


@pytest.fixture
def manager(plant):
    """The safety manager of the plant, who works elsewhere and so does not sit the exam."""
    person = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=person, role=Role.SAFETY_MANAGER, enterprise=plant)
    return person


@pytest.fixture
def exam(plant):
    """An exam of the plant next week."""
    made = exam_with_papers(
        papers=4, audience=False, enterprise=plant, opens_at=NOW + timedelta(days=7),
        closes_at=NOW + timedelta(days=8), attempts_allowed=1,
    )  # fmt: skip
    ExamAudienceFactory(exam=made, enterprise=plant, valid_from=DAY)
    return made


def hire(plant, count=1, *, password=PASSWORD, **person):
    """People at work in the plant."""
    fields = {f"person__{name}": value for name, value in person.items()}
    people = [EmploymentFactory(enterprise=plant, **fields).person for _ in range(count)]
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=password)
    return people


def states(exam, **changes):
    """Titles of the report's lines with their states."""
    found = readiness_of(exam, now=NOW)
    for name, value in changes.items():
        object.__setattr__(found, name, value)
    return {line.title: line.state for line in lines_of(found, now=NOW)}


def words_of(exam, title):
    return next(line.detail for line in lines_of(readiness_of(exam, now=NOW), now=NOW) if line.title == title)


def test_everything_ready_but_the_self_test(exam, plant, manager):
    hire(plant, 3)
    Job.objects.create(kind="x", title="x", status=JobStatus.DONE, started_at=NOW)
    assert {title: state for title, state in states(exam).items() if state != "ok"} == {
        "还没有自测过保存速度": "warn", "3 人中 0 人的设备检测通过": "warn", "没有安排演练": "warn",
    }  # fmt: skip
    assert states(exam)["应考 3 人"] == "ok"


def test_what_the_people_lack_is_counted(exam, plant, manager):
    exam.prerequisite_subject = "dust"
    exam.save(update_fields=["prerequisite_subject"])
    studied, *_ = hire(plant, 2)
    OutcomeFactory(person=studied, kind="course_completed", subject="dust", achieved_on=DAY - timedelta(days=2))
    hire(plant, is_active=False)
    hire(plant, password="!not chosen")
    nameless = hire(plant, name="没有证件")[0]
    User.objects.filter(pk=nameless.pk).update(id_hash=None)
    found = states(exam)
    assert found["2 人现在登录不了"] == "warn"
    assert found["4 人还没学完规定的课程"] == "warn"
    assert found["1 人没有证件号码"] == "warn"
    assert words_of(exam, "2 人现在登录不了") == "账号没启用 1 人，账号停用 1 人。没启用的，请本人考前首次登录。"


def test_names_of_those_who_lack_something_only_within_the_askers_area(exam, plant, manager):
    hire(plant)
    [late] = hire(plant, name="薛桂芬", password="!")
    seen = people_with_gaps(exam, standing_of(manager.pk, on=DAY), on=exam_day(exam, now=NOW))
    assert [(person.name, person.not_activated, person.no_id) for person in seen] == [(late.name, 1, 0)]
    reviewer = UserFactory()
    RoleAssignmentFactory(person=reviewer, role=Role.REVIEWER)
    assert people_with_gaps(exam, standing_of(reviewer.pk, on=DAY), on=DAY) == []


def test_a_draft_has_no_papers_yet(plant, manager):
    draft = draft_exam(enterprise=plant, opens_at=NOW + timedelta(days=1), closes_at=NOW + timedelta(days=2))
    found = states(draft)
    assert found["还没有组卷发布"] == "bad"
    assert found["没有考生"] == "bad"
    assert summary(lines_of(readiness_of(draft, now=NOW), now=NOW)) == "还差 2 处没有准备好"


def test_papers_are_judged_by_the_audience_and_the_retakes(exam, plant, manager):
    hire(plant, 2)
    exam.attempts_allowed, exam.fresh_attempts = 2, 1
    assert states(exam)["补考会遇到考过的题"] == "warn"
    exam.papers.filter(number__gt=2).update(family=1)
    assert states(exam)["试卷组好了"] == "ok"
    single = exam_with_papers(papers=1, enterprise=plant, opens_at=NOW, closes_at=NOW + timedelta(days=1))
    assert states(single)["人人同一套卷"] == "warn"


def test_lapsed_questions_are_named(exam, plant, manager):
    [lapsed] = standard_clauses(standard(), "gm9", "13-01", first=DAY - timedelta(99), last=DAY - timedelta(1))
    version = exam.papers.first().items.first().version
    VersionClause.objects.create(version=version, clause=lapsed)
    assert states(exam)["试卷里有依据失效的题"] == "warn"


def test_proctors_who_sit_the_exam_themselves_do_not_count(exam, plant):
    own = hire(plant)[0]
    RoleAssignmentFactory(person=own, role=Role.SAFETY_MANAGER, enterprise=plant)
    assert states(exam)["没有人监考"] == "bad"
    assert "1 人自己都要考" in words_of(exam, "没有人监考")
    other = UserFactory()
    RoleAssignmentFactory(person=other, role=Role.TRAINER, enterprise=plant)
    assert states(exam)["能监考的有 1 人"] == "ok"


def test_written_answers_need_markers(plant, manager):
    written = exam_of_all_types(enterprise=plant, opens_at=NOW, closes_at=NOW + timedelta(days=1))
    assert states(written)["能阅卷的有 1 人"] == "ok"
    manager.is_active = False
    manager.save(update_fields=["is_active"])
    assert states(written)["没有人阅卷"] == "bad"


def test_the_rehearsal_counts_those_who_have_handed_it_in(exam, plant, manager):
    sat, begun, _ = hire(plant, 3)
    mock = draft_exam(title="练一练", kind="mock", rehearses=exam, enterprise=plant)
    assert states(exam)["演练还没有发布"] == "warn"
    assert "没有安排演练" not in states(mock)
    published = exam_with_papers(kind="mock", rehearses=exam, enterprise=plant)
    for number in (1, 2):
        attempt = AttemptFactory(exam=published, person=sat, number=number, started_at=NOW)
        submit_attempt(attempt_key=attempt.key, by=sat, now=NOW, form_answers={})
    AttemptFactory(exam=published, person=begun, started_at=NOW)
    stranger = AttemptFactory(exam=published, started_at=NOW)
    submit_attempt(attempt_key=stranger.key, by=stranger.person, now=NOW, form_answers={})
    assert states(exam)["3 人中 1 人做过演练"] == "warn"


def test_without_reasons_no_order_can_be_given(exam, manager):
    Reason.objects.filter(fits=[]).update(active=False)
    Reason.objects.filter(code="trained").update(active=False)
    assert states(exam)["有的监考操作没有理由可选"] == "warn"
    assert "确认已重新培训" in words_of(exam, "有的监考操作没有理由可选")
    Reason.objects.update(active=False)
    assert states(exam)["监考理由是空的"] == "bad"


@pytest.mark.parametrize(
    ("queue", "title", "state"),
    [
        (QueueFigures(NOW - timedelta(minutes=9), NOW, timedelta(0)), "后台任务没有人做", "bad"),
        (QueueFigures(None, None, None), "后台任务很久没有动过", "warn"),
        (QueueFigures(None, NOW - timedelta(days=8), timedelta(0)), "后台任务很久没有动过", "warn"),
        (QueueFigures(NOW - timedelta(seconds=9), NOW, timedelta(seconds=2)), "后台任务正常", "ok"),
    ],
)
def test_the_queue_is_judged_by_what_waits_and_what_was_done(exam, queue, title, state):
    assert states(exam, queue=queue)[title] == state


@pytest.mark.parametrize(
    ("free", "title", "state"),
    [(9 * 1024**3, "硬盘空间够", "ok"), (2 * 1024**3, "硬盘空间不多", "warn"), (1024**2, "硬盘快满了", "bad")],
)
def test_the_disk_is_judged_by_what_is_left(exam, free, title, state):
    assert states(exam, disk=DiskFigures(free, 20 * 1024**3))[title] == state


def test_capacity_is_what_was_measured_against_what_the_roster_asks_for(exam, plant):
    hire(plant, 2)
    fast = SelfTest(NOW, 200, 2.0, 20, 3.0)
    assert (fast.rate, wanted_rate(people=600, questions=100, minutes=60)) == (200, 250 / 3)
    assert states(exam, self_test=fast)["保存速度够"] == "ok"
    assert states(exam, self_test=SelfTest(NOW, 1, 90_000.0, 20, 10_000.0))["保存速度可能不够"] == "bad"
    old = SelfTest(NOW - timedelta(days=31), 200, 2.0, 20, 3.0)
    assert states(exam, self_test=old)["自测是很久以前做的"] == "warn"


def test_the_self_test_saves_through_the_real_action_and_leaves_nothing(exam, manager):
    told = []
    done = self_test(exam=exam, by=manager, now=NOW, progress=lambda *step: told.append(step))
    assert done.summary["saves"] >= 1
    assert done.summary["save_ms"] > 0
    assert told[-1] == (20, 20)
    assert [model.objects.count() for model in (Attempt, Answer, AnswerEvent)] == [0, 0, 0]


def test_the_self_test_waits_until_nobody_writes(exam, manager):
    AttemptFactory(exam=exam, started_at=NOW)
    with pytest.raises(JobProblem, match="有人正在答题"):
        self_test(exam=exam, by=manager, now=NOW, progress=lambda *step: None)
    Attempt.objects.update(person=manager, deadline_at=NOW, paused_at=NOW)
    with pytest.raises(JobProblem, match="有人正在答题"):
        self_test(exam=exam, by=manager, now=NOW, progress=lambda *step: None)
    with pytest.raises(JobProblem, match="还没有组卷"):
        self_test(exam=draft_exam(), by=manager, now=NOW, progress=lambda *step: None)


def test_the_button_measures_and_the_report_shows_it(
    exam, plant, manager, client_of, django_capture_on_commit_callbacks
):
    hire(plant)
    client = client_of(manager)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("exams:self_test", args=[exam.pk]))
    job = Job.objects.get(kind=SELF_TEST_JOB)
    assert answer.url == reverse("jobs:job", args=[job.pk])
    assert job.status == JobStatus.DONE, job.message
    page = client.get(answer.url, follow=True)
    assert page.redirect_chain[-1][0] == reverse("exams:readiness", args=[exam.pk])
    assert f"实测 {job.result['saves']} 次" in page.text


def test_somebody_without_employment_is_meant_only_by_name(exam, plant):
    [employed], guest = hire(plant), UserFactory(name="外请")
    ExamAudienceFactory(exam=exam, person=guest, valid_from=DAY)
    ExamAudienceFactory(exam=exam, person=employed, enterprise=EnterpriseFactory(), valid_from=DAY)
    assert set(roster_of(exam, on=DAY)) == {employed, guest}
    ExamAudience.objects.filter(enterprise=plant).delete()
    assert set(roster_of(exam, on=DAY)) == {guest}


@pytest.mark.parametrize(
    ("opens", "closes", "day"), [(-3, 3, DAY), (2, 3, DAY + timedelta(2)), (-9, -7, DAY - timedelta(7))]
)
def test_the_roster_is_read_for_the_day_of_the_exam(opens, closes, day):
    exam = exam_with_papers(opens_at=NOW + timedelta(days=opens), closes_at=NOW + timedelta(days=closes))
    assert exam_day(exam, now=NOW) == day


def cost_of(client, exam):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("exams:readiness", args=[exam.pk])).status_code == 200
    return len(asked)


def test_the_report_costs_the_same_for_ten_people_and_five_hundred(exam, plant, manager, client_of):
    exam.prerequisite_subject = "dust"
    exam.save(update_fields=["prerequisite_subject"])
    client = client_of(manager)
    exam_with_papers(kind="mock", rehearses=exam, enterprise=plant)
    hire(plant, 10, password="!")
    few = cost_of(client, exam)
    hire(plant, 490, password="!")
    assert cost_of(client, exam) == few
    assert few <= 25


def test_the_report_is_linked_from_the_exam_and_the_board(exam, manager, client_of):
    client, address = client_of(manager), reverse("exams:readiness", args=[exam.pk])
    assert address in client.get(reverse("exams:exam_publish", args=[exam.pk])).text
    assert address in client.get(reverse("exams:live", args=[exam.pk])).text
    exam.status = ExamStatus.DRAFT
    exam.save(update_fields=["status"])
    assert address in client.get(reverse("exams:exam_publish", args=[exam.pk])).text
