"""Exams from draft to closing: what forbids publication, what assembly leaves behind."""

from datetime import timedelta
from decimal import Decimal

import pytest

from exams.bank.models import Question
from exams.papers import actions
from exams.papers.actions import AudienceRow, NotReady
from exams.papers.assembly import assemble
from exams.papers.blueprint import SectionRow
from exams.papers.checks import blocking, publication_checks
from exams.papers.models import Exam, ExamStatus, Paper, PaperItem
from exams.papers.report_queries import report_of
from exams.papers.spec import spec_from
from lms.audit.models import AuditEntry
from lms.jobs.models import JobStatus
from lms.kit.db import StaleState
from lms.regulations.models import RuleValue
from tests.factories.exams import NOW, BlueprintSectionFactory, TopicFactory
from tests.factories.lms import EnterpriseFactory, UserFactory

FIELDS = {
    "title": "新员工考试", "subject": "new", "opens_at": NOW, "closes_at": NOW + timedelta(days=1), "minutes": 60,
    "pass_percent": Decimal(80), "attempts_allowed": 2, "min_criterion_percent": Decimal(30),
}  # fmt: skip


@pytest.fixture
def manager(db):
    return UserFactory()


@pytest.fixture
def published(exam, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_exam(exam=exam, by=manager, now=NOW)
    exam.refresh_from_db()
    return exam


def missing(exam):
    return [check.title for check in blocking(publication_checks(exam, now=NOW))]


def test_new_exam_keeps_its_blueprint_and_audience(manager, topic):
    exam = actions.create_exam(
        fields=FIELDS,
        sections=[SectionRow("single", 20, Decimal(2), (topic.pk,)), SectionRow("true_false", 5, Decimal(1))],
        audiences=[AudienceRow()],
        by=manager,
        now=NOW,
    )
    assert exam.status == ExamStatus.DRAFT
    assert [(s.position, s.type, s.count, [t.pk for t in s.topics.all()]) for s in exam.sections.all()] == [
        (1, "single", 20, [topic.pk]),
        (2, "true_false", 5, []),
    ]
    audience = exam.audiences.get()
    assert (audience.enterprise, audience.valid_from, audience.valid_until) == (
        None,
        NOW.date(),
        (NOW + timedelta(days=1)).date(),
    )


def test_exam_of_an_enterprise_never_reaches_beyond_it(manager):
    own, foreign = EnterpriseFactory(), EnterpriseFactory()
    exam = actions.create_exam(
        fields={**FIELDS, "enterprise": own},
        sections=[],
        by=manager,
        now=NOW,
        audiences=[AudienceRow(), AudienceRow(enterprise_id=foreign.pk)],
    )
    assert set(exam.audiences.values_list("enterprise", flat=True)) == {own.pk}


def test_publication_assembles_every_paper_and_opens_the_exam(published):
    assert (published.status, published.assembly_job.status) == (ExamStatus.PUBLISHED, JobStatus.DONE)
    papers = list(published.papers.prefetch_related("items__version"))
    assert [(paper.number, paper.total_points) for paper in papers] == [(1, 100), (2, 100), (3, 100)]
    for paper in papers:
        items = list(paper.items.all())
        assert [item.position for item in items] == [1, 2, 3, 4, 5, 6]
        assert [(item.version.type, item.points) for item in items] == [("single", 5)] * 4 + [("multiple", 40)] * 2


def test_every_paper_holds_its_share_of_criterion_questions(published):
    assert [paper.criterion_percent >= 30 for paper in report_of(published).papers] == [True] * 3


def test_papers_are_rebuilt_bit_for_bit_from_what_was_stored(published):
    rebuilt = assemble(spec_from(published.assembly.request))
    assert [
        (paper.number, paper.seed, [(item.version_id, item.points) for item in paper.items]) for paper in rebuilt
    ] == [
        (paper.number, paper.seed, list(paper.items.order_by("position").values_list("version", "points")))
        for paper in published.papers.order_by("number")
    ]


def test_papers_stay_as_they_are_when_the_bank_moves_on(published):
    before = list(PaperItem.objects.values_list("paper", "position", "version"))
    Question.objects.update(status="retired")
    assert list(PaperItem.objects.values_list("paper", "position", "version")) == before
    assert list(assemble(spec_from(published.assembly.request)))


def test_assembling_a_published_exam_again_changes_nothing(published):
    before = list(PaperItem.objects.values_list("pk", "version"))
    actions.assemble_exam(exam=published, revision=published.revision, by=None, now=NOW, progress=lambda *args: None)
    assert list(PaperItem.objects.values_list("pk", "version")) == before


def test_exam_without_audience_blueprint_or_future_is_refused_with_every_reason(exam):
    exam.audiences.all().delete()
    exam.sections.all().delete()
    exam.closes_at = NOW
    exam.opens_at = NOW - timedelta(hours=2)
    exam.save(update_fields=["opens_at", "closes_at"])
    assert missing(exam) == ["考试时段已经过去", "还没有应考人员", "还没有试卷结构"]


def test_share_of_criterion_questions_below_the_rule_is_refused_in_words(exam, manager):
    exam.min_criterion_percent = Decimal(20)
    exam.save(update_fields=["min_criterion_percent"])
    [check] = blocking(publication_checks(exam, now=NOW))
    assert (check.title, check.detail) == (
        "判定标准题最低占比低于规定",
        "现在是 20%，规定不低于 30%（必学必考）。",
    )
    with pytest.raises(NotReady):
        actions.publish_exam(exam=exam, by=manager, now=NOW)
    assert Exam.objects.get().status == ExamStatus.DRAFT


def test_rule_for_the_share_is_data_and_may_rise(exam):
    RuleValue.objects.filter(code="exam.min_criterion_percent").update(value=Decimal(40))
    assert missing(exam) == ["判定标准题最低占比低于规定"]


def test_bank_with_too_few_criterion_questions_is_refused_in_words(exam):
    exam.min_criterion_percent = Decimal(100)
    exam.save(update_fields=["min_criterion_percent"])
    BlueprintSectionFactory(exam=exam, position=3, count=6, points=Decimal(1))
    assert missing(exam) == ["判定标准题还差 4 题：每套 12 题里至少要有 12 题"]


def test_shortfall_is_said_by_type_and_topic(exam, manager, topic):
    BlueprintSectionFactory(exam=exam, position=3, type="multiple", count=14, points=Decimal(1), topics=[topic])
    BlueprintSectionFactory(exam=exam, position=4, type="true_false", count=3, points=Decimal(1))
    BlueprintSectionFactory(
        exam=exam,
        position=5,
        count=2,
        points=Decimal(1),
        topics=[TopicFactory(name="甲"), TopicFactory(name="乙"), TopicFactory(name="丙")],
    )
    expected = ["多选题·粉尘涉爆 还差 12 题", "判断题·全部知识点 还差 3 题", "单选题·甲 等 3 个知识点 还差 2 题"]
    assert missing(exam) == expected
    with pytest.raises(NotReady) as refused:
        actions.publish_exam(exam=exam, by=manager, now=NOW)
    assert [check.title for check in refused.value.checks] == expected


def test_small_pool_is_a_warning_and_no_obstacle(exam):
    warnings = [check for check in publication_checks(exam, now=NOW) if check.state == "warn"]
    assert [(check.title, check.detail) for check in warnings] == [
        ("多选题·粉尘涉爆", "可用 4 题，3 套卷之间会有重题"),
    ]


def test_exam_edited_while_its_papers_are_drawn_is_not_published(exam, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = actions.publish_exam(exam=exam, by=manager, now=NOW)
    actions.update_exam(
        exam=Exam.objects.get(), fields={"title": "改名了"}, sections=[], audiences=[], by=manager, now=NOW
    )
    for callback in callbacks:
        callback()
    job.refresh_from_db()
    exam.refresh_from_db()
    assert (job.status, exam.status, exam.title) == (JobStatus.FAILED, ExamStatus.DRAFT, "改名了")
    assert "被修改" in job.message
    assert Paper.objects.count() == 0


def test_bank_that_shrank_meanwhile_stops_publication_in_words(exam, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = actions.publish_exam(exam=exam, by=manager, now=NOW)
    Question.objects.filter(type="multiple").update(status="retired")
    for callback in callbacks:
        callback()
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.FAILED, "多选题·粉尘涉爆 还差 2 题")


def test_publication_under_way_is_not_started_twice(exam, manager):
    actions.publish_exam(exam=exam, by=manager, now=NOW)
    with pytest.raises(NotReady) as refused:
        actions.publish_exam(exam=Exam.objects.get(), by=manager, now=NOW)
    assert [check.title for check in refused.value.checks] == ["正在组卷，请稍候"]


def test_published_exam_can_neither_be_edited_nor_published_again(published, manager):
    with pytest.raises(StaleState):
        actions.update_exam(exam=published, fields={}, sections=[], audiences=[], by=manager, now=NOW)
    with pytest.raises(NotReady):
        actions.publish_exam(exam=published, by=manager, now=NOW)


def test_two_editors_do_not_overwrite_each_other(exam, manager):
    first, second = Exam.objects.get(), Exam.objects.get()
    change = {"sections": [], "audiences": [], "by": manager, "now": NOW}
    actions.update_exam(exam=first, fields={"title": "甲"}, **change)
    with pytest.raises(StaleState):
        actions.update_exam(exam=second, fields={"title": "乙"}, **change)
    assert Exam.objects.get().title == "甲"


def test_only_a_published_exam_can_be_closed(published, manager):
    actions.close_exam(exam=published, by=manager, now=NOW)
    assert (published.status, published.closed_at) == (ExamStatus.CLOSED, NOW)
    with pytest.raises(StaleState):
        actions.close_exam(exam=published, by=manager, now=NOW)


def test_every_step_is_audited(published, manager):
    actions.close_exam(exam=published, by=manager, now=NOW)
    entries = AuditEntry.objects.order_by("sequence").values_list("action", "actor_id", "target_id")
    assert list(entries) == [
        (action, manager.pk, str(published.pk)) for action in ["exam.assembly_started", "exam.published", "exam.closed"]
    ]


def test_facts_of_the_papers_count_exposure_and_overlap(published):
    held = [set(paper.items.values_list("version", flat=True)) for paper in published.papers.all()]
    facts = report_of(published)
    assert [(paper.number, paper.questions, paper.points) for paper in facts.papers] == [
        (1, 6, 100), (3, 6, 100), (2, 6, 100),
    ]  # fmt: skip
    assert len(facts.exposure) == len(set.union(*held))
    assert facts.highest_exposure == 2
    assert facts.highest_overlap == max(len(held[a] & held[b]) for a, b in [(0, 1), (0, 2), (1, 2)])
