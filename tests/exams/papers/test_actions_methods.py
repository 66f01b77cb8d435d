"""Exams by the three methods of assembly: what is checked in words, what publication leaves behind."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from exams.bank.models import Question, VersionClause
from exams.papers import actions
from exams.papers.actions import NotReady
from exams.papers.blueprint import Blueprint, FixedRow, SectionRow, ShareRow
from exams.papers.checks import blocking, blueprint_checks
from exams.papers.models import AssemblyMethod, Exam, ExamStatus, PaperItem
from exams.papers.queries import blueprint_of, spec_for
from lms.jobs.models import JobStatus
from tests.factories.exams import (
    NOW,
    BlueprintSectionFactory,
    ExamAudienceFactory,
    TopicFactory,
    clause,
    draft_exam,
    pool_of,
)
from tests.factories.lms import CategoryFactory, IndustryFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
FIELDS = {
    "title": "新员工考试", "subject": "new", "opens_at": NOW, "closes_at": NOW + timedelta(days=1), "minutes": 60,
    "pass_percent": Decimal(80), "attempts_allowed": 2, "min_criterion_percent": Decimal(30),
}  # fmt: skip


@pytest.fixture
def manager(db):
    return UserFactory()


@pytest.fixture
def stock(rules, topic):
    """Thirty single-choice and fifteen multiple-choice questions, two in three on a criterion."""
    tested = clause("gm10-11-01")
    for kind, count in (("single", 10), ("multiple", 5)):
        pool_of(2 * count, topic=topic, kind=kind, tested=tested)
        pool_of(count, topic=topic, kind=kind)


def blueprint(*sections, **changes):
    """A blueprint of parallel papers."""
    known = {
        "method": AssemblyMethod.PARALLEL, "sections": sections or (SectionRow("single", 10, Decimal(10)),),
        "min_criterion_percent": Decimal(30), "paper_count": 2, "on": DAY, "attempts_allowed": 2,
    }  # fmt: skip
    return Blueprint(**{**known, **changes})


def bad(plan):
    return [check.title for check in blocking(blueprint_checks(plan))]


def questions_of(versions):
    return [version.question for version in versions]


# --- publication by method -----------------------------------------------------------------------


def versions_of(exam, family):
    """The questions of all papers of a family."""
    return set(PaperItem.objects.filter(paper__exam=exam, paper__family=family).values_list("version", flat=True))


def publish(exam, manager, callbacks):
    with callbacks(execute=True):
        actions.publish_exam(exam=exam, by=manager, now=NOW)
    exam.refresh_from_db()
    return exam


@pytest.fixture
def parallel_exam(stock, topic):
    exam = draft_exam(method=AssemblyMethod.PARALLEL, paper_count=4, max_overlap_percent=60)
    ExamAudienceFactory(exam=exam)
    BlueprintSectionFactory(exam=exam, position=1, count=8, points=Decimal(5), topics=[topic])
    BlueprintSectionFactory(exam=exam, position=2, type="multiple", count=4, points=Decimal(15), topics=[topic])
    return exam


def test_parallel_papers_come_in_families_of_one_difficulty(parallel_exam, manager, django_capture_on_commit_callbacks):
    Question.objects.filter(pk__in=Question.objects.order_by("pk").values("pk")[:9]).update(difficulty=4)
    Question.objects.filter(pk=Question.objects.first().pk).update(measured_difficulty=Decimal("0.500"))
    exam = publish(parallel_exam, manager, django_capture_on_commit_callbacks)
    assert (exam.status, exam.assembly.method) == (ExamStatus.PUBLISHED, "parallel-1")
    papers = list(exam.papers.order_by("number"))
    assert [paper.family for paper in papers] == [0, 1, 0, 1]
    assert max(paper.difficulty for paper in papers) - min(paper.difficulty for paper in papers) <= Decimal("0.01")
    held = [
        {
            family: set(
                PaperItem.objects.filter(paper__exam=exam, paper__family=family).values_list("version", flat=True)
            )
        }
        for family in (0, 1)
    ]
    assert not held[0][0] & held[1][1]
    difficulties = Question.objects.in_bulk()
    for paper in papers:
        grades = [
            Decimal(3) if question.measured_difficulty is not None else Decimal(question.difficulty)
            for question in (difficulties[item.version.question_id] for item in paper.items.select_related("version"))
        ]
        assert paper.difficulty == (sum(grades) / len(grades)).quantize(Decimal("0.0001"))


def test_a_job_done_again_after_its_worker_died_gives_the_same_papers(parallel_exam, manager):
    actions.publish_exam(exam=parallel_exam, by=manager, now=NOW)
    spec = spec_for(blueprint_of(parallel_exam, on=DAY), seed=parallel_exam.seed)
    died_after = []

    def dying(done, total, message=""):
        died_after.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.assemble_exam(exam=parallel_exam, revision=parallel_exam.revision, by=None, now=NOW, progress=dying)
    assert PaperItem.objects.count() == 0
    actions.assemble_exam(
        exam=parallel_exam, revision=parallel_exam.revision, by=None, now=NOW, progress=lambda *args: None
    )
    rebuilt = actions.assemble(spec)
    stored = parallel_exam.papers.order_by("number")
    assert [[item.version_id for item in paper.items] for paper in rebuilt] == [
        list(paper.items.order_by("position").values_list("version", flat=True)) for paper in stored
    ]


def test_papers_that_cannot_be_apart_stop_publication_in_words(parallel_exam, manager):
    Exam.objects.filter(pk=parallel_exam.pk).update(max_overlap_percent=0)
    parallel_exam.refresh_from_db()
    with pytest.raises(NotReady) as refused:
        actions.publish_exam(exam=parallel_exam, by=manager, now=NOW)
    assert [check.title for check in refused.value.checks] == [
        "4 套卷两两最多重 0 题：单选题·粉尘涉爆 还差 2 题",
        "4 套卷两两最多重 0 题：多选题·粉尘涉爆 还差 1 题",
    ]


def test_obstacle_found_only_while_assembling_is_told_by_the_job(
    rules, topic, manager, django_capture_on_commit_callbacks
):
    versions = pool_of(4, topic=topic, tested=clause("gm10-11-01"))
    for version, grade in zip(versions, (1, 5, 5, 5), strict=True):
        Question.objects.filter(pk=version.question_id).update(difficulty=grade)
    exam = draft_exam(method=AssemblyMethod.PARALLEL, paper_count=2)
    ExamAudienceFactory(exam=exam)
    BlueprintSectionFactory(exam=exam, position=1, count=2, points=Decimal(50), topics=[topic])
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.publish_exam(exam=exam, by=manager, now=NOW)
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert job.message == "凑不出 2 套难度相同的卷：请减少套数、补充难度相近的题目，或改用随机抽题"


def test_drawn_papers_come_in_families_too(stock, topic, manager, django_capture_on_commit_callbacks):
    exam = draft_exam(method=AssemblyMethod.DRAW, paper_count=5)
    ExamAudienceFactory(exam=exam)
    BlueprintSectionFactory(exam=exam, position=1, count=10, points=Decimal(10), topics=[topic])
    exam = publish(exam, manager, django_capture_on_commit_callbacks)
    first, second = versions_of(exam, 0), versions_of(exam, 1)
    assert (exam.assembly.method, len(first) >= 10, len(second) >= 10) == ("draw-2", True, True)
    assert not first & second


@pytest.fixture
def chosen(stock, topic):
    """Four questions, chosen by hand, two of them on criteria."""
    found = questions_of(pool_of(2, topic=topic))
    return [*found, *Question.objects.filter(current__clause_links__isnull=False)[:2]]


def fixed_exam(chosen, manager):
    rows = [FixedRow(question.pk, Decimal(25)) for question in chosen]
    exam = actions.create_exam(
        fields={**FIELDS, "method": AssemblyMethod.FIXED, "paper_count": 5},
        sections=[], audiences=[actions.AudienceRow()], fixed=rows, by=manager, now=NOW,
    )  # fmt: skip
    return exam


def test_fixed_paper_holds_the_chosen_questions_in_order(chosen, manager, django_capture_on_commit_callbacks):
    exam = publish(fixed_exam(chosen, manager), manager, django_capture_on_commit_callbacks)
    paper = exam.papers.get()
    assert (paper.number, paper.family, paper.total_points, exam.assembly.method) == (1, 0, 100, "fixed-1")
    assert list(paper.items.order_by("position").values_list("version", "points")) == [
        (question.current_id, Decimal(25)) for question in chosen
    ]


def test_question_retired_before_a_fixed_paper_is_frozen_stops_it(chosen, manager, django_capture_on_commit_callbacks):
    exam = fixed_exam(chosen, manager)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = actions.publish_exam(exam=exam, by=manager, now=NOW)
    Question.objects.filter(pk=chosen[0].pk).update(status="retired")
    for callback in callbacks:
        callback()
    job.refresh_from_db()
    exam.refresh_from_db()
    assert (job.status, exam.status) == (JobStatus.FAILED, ExamStatus.DRAFT)
    assert job.message == f"{chosen[0].code}：没有发布、停用或不在启用日期内。请换题。"


def test_saving_again_replaces_shares_and_chosen_questions(chosen, manager, topic):
    exam = fixed_exam(chosen, manager)
    actions.update_exam(
        exam=exam, fields={}, sections=[], audiences=[], by=manager, now=NOW,
        shares=[ShareRow(topic_id=topic.pk, min_percent=10)], fixed=[FixedRow(chosen[1].pk, Decimal(4))],
    )  # fmt: skip
    plan = blueprint_of(Exam.objects.get(), on=DAY)
    assert (plan.shares, plan.fixed) == ((ShareRow(topic.pk, None, 10, 100),), (FixedRow(chosen[1].pk, Decimal(4)),))


# --- what the pool is made of --------------------------------------------------------------------


def versions_in(plan):
    return {candidate.version_id for candidate in spec_for(plan, seed=0).pool}


def test_questions_for_other_personnel_are_left_out(rules, topic):
    ours, others = CategoryFactory(), CategoryFactory()
    for_all, for_ours, for_others, for_both = pool_of(4, topic=topic)
    for_ours.question.categories.add(ours)
    for_others.question.categories.add(others)
    for_both.question.categories.add(ours, others)
    assert versions_in(blueprint(category_id=ours.pk)) == {for_all.pk, for_ours.pk, for_both.pk}
    assert len(versions_in(blueprint())) == 4


def test_questions_not_in_force_on_the_day_are_left_out(rules, topic):
    past, present, future = pool_of(3, topic=topic)
    Question.objects.filter(pk=past.question_id).update(effective_to=DAY - timedelta(days=1))
    Question.objects.filter(pk=present.question_id).update(effective_from=DAY, effective_to=DAY)
    Question.objects.filter(pk=future.question_id).update(effective_from=DAY + timedelta(days=1))
    assert versions_in(blueprint()) == {present.pk}


def test_a_topic_counts_with_what_lies_below_it(rules, topic):
    child = TopicFactory(parent=topic)
    [above], [below], _ = pool_of(1, topic=topic), pool_of(1, topic=child), pool_of(1, topic=TopicFactory())
    plan = blueprint(
        SectionRow("single", 1, Decimal(2), (topic.pk,)), shares=(ShareRow(topic_id=topic.pk, min_percent=50),)
    )
    spec = spec_for(plan, seed=0)
    assert {candidate.version_id for candidate in spec.pool} == {above.pk, below.pk}
    assert [spec.shares[0].counts(candidate) for candidate in spec.pool] == [True, True]


# --- checks in words -----------------------------------------------------------------------------


def test_a_bank_that_is_large_enough_has_no_bad_line(stock):
    assert bad(blueprint()) == []


def test_families_that_need_more_questions_say_how_many(stock):
    plan = blueprint(SectionRow("multiple", 10, Decimal(10)))
    assert bad(plan) == ["补考不重题要 2 组互不重题的试卷：多选题·全部知识点 还差 5 题"]


def test_exposure_that_needs_more_questions_says_how_many(stock):
    plan = blueprint(SectionRow("multiple", 10, Decimal(10)), paper_count=4, attempts_allowed=1)
    assert bad(plan) == ["4 套卷里一道题最多进 2 套：多选题·全部知识点 还差 5 题"]


def test_share_of_an_industry_that_cannot_be_reached_says_how_many(stock, topic):
    industry = IndustryFactory(name="机械")
    for question in Question.objects.filter(type="single")[:2]:
        question.industries.add(industry)
    plan = blueprint(shares=(ShareRow(industry_id=industry.pk, min_percent=30),), attempts_allowed=1)
    assert bad(plan) == ["行业·机械 至少 30%（每套 10 题里 3 题），还差 1 题"]


def test_share_of_a_topic_that_nothing_else_fills_says_how_many(stock, topic):
    plan = blueprint(shares=(ShareRow(topic_id=topic.pk, max_percent=50),), attempts_allowed=1)
    assert bad(plan) == ["知识点·粉尘涉爆 至多 50%（每套 10 题里 5 题），其他题还差 5 题"]


def test_share_that_no_whole_number_meets_is_refused(stock, topic):
    plan = blueprint(shares=(ShareRow(topic_id=topic.pk, min_percent=41, max_percent=49),))
    assert [(check.title, check.detail) for check in blocking(blueprint_checks(plan))] == [
        ("知识点·粉尘涉爆", "每套 10 题，凑不出 41%–49% 的整数题数")
    ]


def test_target_difficulty_out_of_reach_says_what_can_be_reached(stock):
    plan = blueprint(target_difficulty=Decimal("4.5"), attempts_allowed=1)
    assert bad(plan) == ["目标难度 4.50 ± 0.20 达不到：现有题目能组出的难度在 3.00–3.00 之间"]


def test_bank_that_is_only_just_large_enough_is_a_warning(stock):
    plan = blueprint(SectionRow("single", 10, Decimal(10)), paper_count=5, attempts_allowed=1, max_exposure_percent=60)
    warnings = [check for check in blueprint_checks(plan) if check.state == "warn"]
    assert [(check.title, check.detail) for check in warnings] == [
        ("单选题·全部知识点", "可用 30 题，5 套卷之间会有重题"),
    ]
    warnings = [check for check in blueprint_checks(replace(plan, max_overlap_percent=20)) if check.state == "warn"]
    assert [(check.title, check.detail) for check in warnings[1:]] == [
        ("题目偏少，组卷可能不成", "两套卷平均至少要重 2.0 题，上限是 2 题。建议放宽重题上限、减少套数或补充题目。"),
    ]


def test_draw_refuses_shares_in_words(stock, topic):
    plan = blueprint(method=AssemblyMethod.DRAW, shares=(ShareRow(topic_id=topic.pk, min_percent=10),))
    assert bad(plan) == ["随机抽题不支持占比要求，请用平行组卷"]


def test_fewer_papers_than_families_are_refused(stock):
    assert bad(blueprint(paper_count=2, attempts_allowed=4, fresh_attempts=2)) == [
        "补考不重题至少要 3 套卷，现在是 2 套"
    ]


def test_fixed_paper_says_everything_that_is_wrong(chosen):
    Question.objects.filter(pk__in=[chosen[2].pk, chosen[3].pk]).update(enemy_group="同一张图")
    Question.objects.filter(pk=chosen[0].pk).update(status="retired")
    rows = tuple(FixedRow(question.pk, Decimal(20)) for question in [*chosen, chosen[1]])
    VersionClause.objects.filter(version=chosen[2].current_id).delete()
    plan = blueprint(method=AssemblyMethod.FIXED, fixed=rows, sections=())
    found = [(check.state, check.title) for check in blueprint_checks(plan)]
    assert found == [
        ("ok", "判定标准题最低占比"),
        ("ok", "题数与总分"),
        ("bad", "1 道题不能用"),
        ("bad", "同一道题挑了两次"),
        ("bad", "互斥的题不能同卷"),
        ("bad", "判定标准题还差 1 题：每套 4 题里至少要有 2 题"),
        ("warn", "补考还是同一套卷"),
    ]


def test_fixed_paper_without_questions_says_so(rules):
    assert bad(blueprint(method=AssemblyMethod.FIXED, fixed=(), sections=())) == ["还没有挑题"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("method", list(AssemblyMethod))
def test_checks_cost_at_most_eight_queries(chosen, topic, method, rows, django_assert_max_num_queries):
    industries = [IndustryFactory() for _ in range(rows)]
    plan = blueprint(
        *[SectionRow("single", 1, Decimal(2), (topic.pk,)) for _ in range(rows)],
        method=method,
        shares=tuple(ShareRow(industry_id=industry.pk) for industry in industries),
        fixed=tuple(FixedRow(question.pk, Decimal(2)) for question in chosen[:rows]),
    )
    with django_assert_max_num_queries(8):
        blueprint_checks(plan)
