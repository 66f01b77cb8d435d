"""No question that an exam still needs: exams that run or are ahead, results that are not out yet."""

from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from django.utils import timezone

from exams.attempts import actions as attempts
from exams.attempts.queries import window_of
from exams.bank.bodies import Case, Choice, Part, options_from
from exams.bank.models import Question, QuestionStatus, VersionClause
from exams.bank.twin_models import TwinPair
from exams.papers.models import Exam, ExamKind, ExamStatus, PaperItem, Release
from exams.practice.queries import released
from tests.exams.practice.conftest import allowed, exam_on
from tests.factories.exams import (
    NOW,
    AttemptFactory,
    ExamAudienceFactory,
    ExamFactory,
    QuestionVersionFactory,
    exam_of_all_types,
    standard,
    standard_clauses,
)
from tests.factories.lms import EnterpriseFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OVER = {"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY}
AHEAD = {"opens_at": NOW + 5 * DAY, "closes_at": NOW + 6 * DAY}


def sat(exam, person, **fields):
    """An attempt that was handed in and graded, unless `fields` say otherwise."""
    usual = {
        "status": "submitted", "submitted_at": NOW - DAY, "score": 0, "passed": False, "receipt": f"R{exam.pk:09d}"
    }  # fmt: skip
    return AttemptFactory(exam=exam, person=person, started_at=NOW - 2 * DAY, **{**usual, **fields})


@pytest.fixture
def version(rules):
    return QuestionVersionFactory()


def test_a_question_on_no_paper_is_allowed(version, person):
    assert allowed(person) == {version.question_id}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        AHEAD,
        {"release": Release.AFTER_WINDOW},
        {"closes_at": NOW + timedelta(seconds=1)},
        {"kind": ExamKind.THEORY},
    ],
    ids=["running", "ahead", "released late", "about to end", "theory"],
)
def test_an_exam_that_runs_or_is_ahead_keeps_its_questions(version, person, fields):
    exam_on(version, **fields)
    assert allowed(person) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": ExamKind.MOCK},
        {**AHEAD, "kind": ExamKind.MOCK},
        OVER,
        {"closes_at": NOW},
        {"status": ExamStatus.CLOSED, "closed_at": NOW},
        {"status": ExamStatus.DRAFT, "published_at": None, "seed": None},
        {**OVER, "release": Release.AFTER_APPROVAL},
    ],
    ids=["mock", "mock ahead", "over", "over this second", "closed early", "draft", "over, nothing to be released"],
)
def test_an_exam_that_needs_no_secret_from_this_person_keeps_nothing(version, person, fields):
    exam_on(version, **fields)
    assert allowed(person) == {version.question_id}


def test_another_enterprises_exam_keeps_nothing_from_this_person(version, person):
    exam = exam_on(version, audience=False)
    ExamAudienceFactory(exam=exam, enterprise=EnterpriseFactory())
    assert allowed(person) == {version.question_id}
    ExamAudienceFactory(exam=exam, enterprise=person.employments.get().enterprise)
    assert allowed(person) == set()


def test_an_audience_that_begins_later_counts_and_one_that_has_ended_does_not(version, person):
    exam = exam_on(version, audience=False)
    ExamAudienceFactory(exam=exam, valid_until=(NOW - DAY).date())
    assert allowed(person) == {version.question_id}
    ExamAudienceFactory(exam=exam, valid_from=(NOW + 9 * DAY).date())
    assert allowed(person) == set()


def test_every_version_of_a_question_on_a_paper_is_kept(version, person):
    exam_on(version)
    newer = QuestionVersionFactory(question=version.question, number=2)
    assert newer.question.current_id == newer.pk
    assert allowed(person) == set()


@pytest.mark.parametrize(
    ("decision", "kept"), [("open", True), ("same", True), ("enemies", True), ("different", False)]
)
def test_what_says_nearly_the_same_as_a_question_on_a_paper_is_kept_too(version, person, decision, kept):
    before, after = QuestionVersionFactory(), QuestionVersionFactory()
    exam_on(after)
    for other in (version, before):
        first, second = sorted((other.question, after.question), key=lambda question: question.pk)
        TwinPair.objects.create(
            first=first, second=second, likeness="0.9", decision=decision, found_at=NOW,
            decided_at=None if decision == "open" else NOW,
        )  # fmt: skip
    assert allowed(person) == (set() if kept else {version.question_id, before.question_id})


def test_what_may_not_stand_beside_a_question_on_a_paper_is_kept_too(version, person):
    enemy, stranger, other = QuestionVersionFactory(), QuestionVersionFactory(), QuestionVersionFactory()
    for held, group in ((version, "气体"), (enemy, "气体"), (other, "通风")):
        Question.objects.filter(pk=held.question_id).update(enemy_group=group)
    exam_on(version)
    assert allowed(person) == {stranger.question_id, other.question_id}


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({**OVER, "release": Release.AT_ONCE}, False),
        ({**OVER, "release": Release.AFTER_WINDOW}, False),
        ({**OVER, "release": Release.AFTER_APPROVAL}, True),
        ({**OVER, "release": Release.AFTER_APPROVAL, "results_approved_at": NOW}, False),
        ({"release": Release.AFTER_WINDOW, "status": ExamStatus.CLOSED, "closed_at": NOW}, True),
        ({"release": Release.AT_ONCE}, True),
        ({**OVER, "kind": ExamKind.MOCK, "release": Release.AFTER_APPROVAL}, False),
    ],
    ids=["at once", "after the window", "not approved", "approved", "closed early", "still running", "mock"],
)
def test_what_was_sat_is_kept_until_the_result_is_out(version, person, fields, kept):
    sat(exam_on(version, audience=False, **fields), person)
    assert (allowed(person) == set()) is kept


def test_an_attempt_that_waits_for_marks_keeps_its_questions_a_voided_one_does_not(version, person):
    exam = exam_on(version, audience=False, **OVER)
    attempt = sat(exam, person, score=None, passed=None)
    assert allowed(person) == set()
    attempt.status = "voided"
    attempt.save(update_fields=["status"])
    assert allowed(person) == {version.question_id}


def test_released_agrees_with_what_the_result_page_goes_by(rules):
    moments = (NOW - DAY, NOW, NOW + DAY)
    for release, closes, approved in product(Release, moments, (None, NOW)):
        opens = NOW - 9 * DAY
        ExamFactory(release=release, opens_at=opens, closes_at=closes, results_approved_at=approved)
    found = {exam.pk for exam in Exam.objects.filter(released(NOW))}
    assert found == {exam.pk for exam in Exam.objects.all() if window_of(exam).released(NOW)}
    assert 0 < len(found) < Exam.objects.count()


def test_a_bank_full_of_exams_agrees_with_the_rule_said_in_words(person):
    chance = Random(7)
    versions = [QuestionVersionFactory() for _ in range(40)]
    enterprise, foreign = person.employments.get().enterprise, EnterpriseFactory()
    for _ in range(60):
        opens = NOW + timedelta(days=chance.randint(-20, 10))
        exam = exam_on(
            chance.choice(versions),
            audience=False,
            opens_at=opens,
            closes_at=opens + timedelta(days=chance.randint(1, 15)),
            kind=chance.choice(ExamKind.values),
            release=chance.choice(Release.values),
            status=chance.choice([ExamStatus.PUBLISHED, ExamStatus.PUBLISHED, ExamStatus.CLOSED]),
            results_approved_at=chance.choice([None, NOW]),
        )
        ExamAudienceFactory(exam=exam, enterprise=chance.choice([enterprise, foreign, foreign]))
        if chance.random() < 0.4:
            marked = chance.random() < 0.7
            sat(exam, person, score=0 if marked else None, passed=False if marked else None)
    kept = {
        item.version.question_id for item in PaperItem.objects.all() if kept_by(item.paper.exam, person, enterprise)
    }
    assert allowed(person) == {version.question_id for version in versions} - kept
    assert 0 < len(kept) < 40


def kept_by(exam, person, enterprise) -> bool:
    """The rule, exam by exam."""
    if exam.kind == ExamKind.MOCK:
        return False
    attempts = list(exam.attempts.filter(person=person))
    meant = exam.audiences.filter(enterprise=enterprise).exists()
    to_come = exam.status == ExamStatus.PUBLISHED and exam.closes_at > NOW and (meant or attempts)
    hidden = attempts and not window_of(exam).released(NOW)
    return bool(to_come or hidden or any(attempt.score is None for attempt in attempts))


def test_short_answers_are_left_out_also_inside_a_case(person):
    exam = exam_of_all_types(audience=False, **OVER)
    kinds = {item.version.type: item.version.question_id for item in PaperItem.objects.filter(paper__exam=exam)}
    assert allowed(person) == set(kinds.values()) - {kinds["short_answer"], kinds["case"]}
    parts = Case((Part("p1", "single", '写着"short_answer"？', Choice(options_from(["是", "否"]), ("o1",))),))
    case = QuestionVersionFactory(type="case", body=parts)
    assert case.question_id in allowed(person)


def test_only_questions_that_a_paper_could_draw_today_are_practised(version, person):
    law = standard()
    [lapsed] = standard_clauses(law, "old", "13-01", first=date(2017, 1, 1), last=date(2023, 1, 1))
    retired, later, stale = QuestionVersionFactory(), QuestionVersionFactory(), QuestionVersionFactory()
    type(retired.question).objects.filter(pk=retired.question_id).update(status=QuestionStatus.RETIRED)
    type(later.question).objects.filter(pk=later.question_id).update(effective_from=timezone.localdate(NOW) + DAY)
    VersionClause.objects.create(version=stale, clause=lapsed)
    assert allowed(person) == {version.question_id}
    assert allowed(person, now=NOW + DAY) == {version.question_id, later.question_id}


def test_an_attempt_at_a_real_exam_keeps_its_paper_even_for_somebody_no_longer_meant(version, person):
    exam = exam_on(version)
    attempts.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    exam.audiences.all().delete()
    assert allowed(person) == set()
