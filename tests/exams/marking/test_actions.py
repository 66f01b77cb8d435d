"""All nine types on submission; marks by people; what the record then says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from exams.attempts import actions, queries
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, EventKind, Mark, OpenAnswer
from exams.attempts.packets import packet_of
from exams.attempts.queries import exam_line
from exams.attempts.receipts import holds
from exams.attempts.scoring import receipt_of, submission_of
from exams.attempts.states import ExamState
from exams.attempts.verification import receipt_agrees, verify
from exams.marking.actions import CannotMark, Given, give_mark
from exams.papers.models import MultipleRule
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.append_only import AppendOnly
from lms.kit.db import StaleState
from tests.factories.exams import NOW, AttemptFactory, exam_of_all_types
from tests.factories.lms import EmploymentFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def key_of(attempt, position):
    return attempt.paper.items.get(position=position).version.key


def nine_answers(attempt):
    """By position; what each earns is worked out beside it."""
    order, pairs = key_of(attempt, 5), key_of(attempt, 6)
    return {
        1: ["o2"],  # 2 of 2
        2: ["o1"],  # one of two: 0 of 3, by `half` 1.50
        3: ["true"],  # 1 of 1
        4: [" 通 风 ", "24"],  # one of two blanks: 1 of 2
        5: order,  # 3 of 3
        6: [*pairs[:2], f"{pairs[2].split(':')[0]}:t9"],  # two of three: 4 × 2/3 = 2.67
        7: ["2000,4000", "7000,2000", "5000,5000"],  # (2 hit − 0.5 × 1 wild) ÷ 3 × 5 = 2.50
        8: ["停止作业，报告。"],  # 10 open
        9: ["p1=o2", "p2=３０", "p3=不能盲目施救"],  # 2.50 + 2.50 of 10, 5 open
    }


RULES = Decimal("17.17")  # 2 + 0 + 1 + 1 + 3 + 2.67 + 2.50 + 5


def submitted(attempt, answers=None):
    changes = [
        {"number": n, "position": n, "response": response}
        for n, response in (nine_answers(attempt) if answers is None else answers).items()
    ]
    packet = packet_of({"client": 1, "changes": changes})
    return actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)


@pytest.fixture
def attempt(rules, person):
    exam = exam_of_all_types(pass_percent=Decimal(60))
    return actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


@pytest.fixture
def waiting(attempt):
    return submitted(attempt)


def unmarked(exam_id):
    return queries.open_answers().filter(answer__attempt__exam=exam_id).count()


def open_answers():
    return list(OpenAnswer.objects.order_by("answer__position"))


def mark(open_answer, points, *, seen=0, by=None, **more):
    given = Given(points=Decimal(points), **more)
    return give_mark(open_answer=open_answer, given=given, marks_seen=seen, by=by or UserFactory(), now=LATER)


def fresh(attempt):
    return Attempt.objects.select_related("exam").get(pk=attempt.pk)


# --- on submission -------------------------------------------------------------------------------


def test_what_the_rules_decide_is_marked_at_once_and_the_rest_stays_open(waiting):
    assert (waiting.status, waiting.score, waiting.passed, waiting.max_score) == ("submitted", None, None, 40)
    assert waiting.receipt
    points = dict(Answer.objects.values_list("position", "points"))
    assert points == {
        1: 2, 2: 0, 3: 1, 4: 1, 5: 3, 6: Decimal("2.67"), 7: Decimal("2.50"), 8: None, 9: None,
    }  # fmt: skip
    found = [(row.answer.position, row.part, row.possible) for row in open_answers()]
    assert found == [(8, "", Decimal(10)), (9, "p3", Decimal(5))]
    assert unmarked(waiting.exam_id) == 2


def test_the_submission_says_what_is_open(waiting):
    facts = waiting.events.get(kind=EventKind.SUBMIT).response
    assert (facts["score"], facts["passed"], facts["open"], facts["max_score"]) == (None, None, "15.00", "40.00")
    assert verify(fresh(waiting)) == []


def test_no_outcome_before_the_marks(waiting):
    assert not Outcome.objects.filter(kind=OutcomeKind.EXAM_PASSED).exists()


def test_without_a_written_answer_nothing_is_open(attempt):
    answers = nine_answers(attempt) | {8: ["  \n "], 9: ["p1=o2", "p2=30", "p3= "]}
    done = submitted(attempt, answers)
    assert (done.score, done.passed, OpenAnswer.objects.count()) == (RULES, False, 0)
    assert "open" not in done.events.get(kind=EventKind.SUBMIT).response
    assert verify(fresh(done)) == []


@pytest.mark.parametrize(
    ("rule", "earned"),
    [(MultipleRule.ALL_OR_NOTHING, "0"), (MultipleRule.HALF, "1.5"), (MultipleRule.PER_OPTION, "1.5")],
)
def test_the_exam_decides_about_incomplete_multiple_choice(rules, person, rule, earned):
    exam = exam_of_all_types(multiple_rule=rule)
    done = submitted(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    assert done.answers.get(position=2).points == Decimal(earned)


def test_the_plain_form_answers_all_nine_types(attempt):
    order = key_of(attempt, 5)
    fields = {
        1: ("o2",), 2: ("o3", "o1"), 3: ("true",), 4: ("通风", "21"), 5: tuple(order), 6: tuple(key_of(attempt, 6)),
        7: ("2000,4000", "7000,2000", "7500,7000"), 9: ("p1=o2", "p2=30"),
    }  # fmt: skip
    done = actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=NOW, form_answers=fields)
    assert (done.score, done.passed) == (Decimal(25), True)  # everything but the two written answers: 62.5 %


def test_expiry_leaves_written_answers_to_people_too(attempt):
    packet = packet_of({"client": 1, "changes": [{"number": 1, "position": 8, "response": ["停止作业"]}]})
    actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)
    assert actions.submit_expired(now=attempt.clock.final_at + timedelta(seconds=1)) == 1
    assert (fresh(attempt).status, fresh(attempt).score) == ("submitted", None)
    assert verify(fresh(attempt)) == []


def test_handing_in_all_types_costs_at_most_twelve_queries(attempt, counted):
    answers = nine_answers(attempt)
    with counted() as done:
        submitted(attempt, answers)
    assert done.count <= 12, done.sql


# --- what the candidate may do meanwhile ---------------------------------------------------------


def test_while_people_mark_the_exam_waits_and_no_second_sitting_starts(waiting, person):
    line = exam_line(waiting.exam_id, person_id=person.pk, now=LATER)
    assert (line.state, line.in_marking) == (ExamState.AWAITING, True)
    with pytest.raises(actions.CannotStart):
        actions.start_attempt(exam_id=waiting.exam_id, by=person, now=LATER)


# --- marks ---------------------------------------------------------------------------------------


def test_the_last_mark_settles_score_verdict_and_outcome(waiting, person):
    short, part = open_answers()
    mark(short, 8, met=[1, 0, 1], comment=" 还要救援 ")
    assert fresh(waiting).score is None
    mark(part, 4)
    done = fresh(waiting)
    assert (done.score, done.passed) == (Decimal("29.17"), True)  # 17.17 + 8 + 4 of 40: 72.92 %
    assert dict(done.answers.filter(position__gte=8).values_list("position", "points")) == {8: 8, 9: 9}
    first = Mark.objects.order_by("pk").first()
    assert (first.met, first.comment, first.number) == ([0, 1], "还要救援", 1)
    outcome = Outcome.objects.get(person=person, kind=OutcomeKind.EXAM_PASSED)
    assert outcome.amount == Decimal("72.92")
    assert outcome.achieved_at == done.submitted_at
    assert [event.kind for event in done.events.order_by("sequence")][-4:] == ["submit", "mark", "mark", "grade"]
    assert unmarked(waiting.exam_id) == 0
    assert verify(done) == []


def test_marks_are_audited(waiting):
    marker = UserFactory()
    mark(open_answers()[0], "7.5", by=marker)
    entry = AuditEntry.objects.get(action="exam.answer_marked")
    assert (entry.actor_id, entry.detail["points"], entry.detail["attempt"]) == (marker.pk, "7.50", waiting.pk)


def test_a_changed_mark_is_a_new_row_and_counts(waiting):
    short, part = open_answers()
    mark(short, 3)
    mark(short, 9, seen=1)
    mark(part, 0)
    assert fresh(waiting).score == RULES + 9
    assert list(short.marks.values_list("number", "points")) == [(1, 3), (2, 9)]
    assert verify(fresh(waiting)) == []


def test_two_markers_at_once_do_not_overwrite_each_other(waiting):
    short = open_answers()[0]
    mark(short, 3)
    with pytest.raises(StaleState):
        mark(short, 9, seen=0)
    assert list(short.marks.values_list("points", flat=True)) == [3]


@pytest.mark.parametrize("points", ["-0.01", "10.01"])
def test_points_out_of_bounds_are_refused(waiting, points):
    with pytest.raises(CannotMark) as refused:
        mark(open_answers()[0], points)
    assert refused.value.reason == "points"
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(
            open_answer=open_answers()[0], number=1, points=points, possible=10, marker=UserFactory(), at=NOW
        )


def test_nobody_marks_an_own_answer_nor_an_exam_that_they_sat(waiting, person):
    colleague = AttemptFactory(exam=waiting.exam).person
    for somebody in (person, colleague):
        with pytest.raises(CannotMark) as refused:
            mark(open_answers()[0], 5, by=somebody)
        assert refused.value.reason == "sat"
    assert not Mark.objects.exists()


def test_who_has_marked_an_exam_does_not_sit_it_later(waiting):
    marker = EmploymentFactory().person
    assert exam_line(waiting.exam_id, person_id=marker.pk, now=NOW).state == ExamState.CAN_START
    mark(open_answers()[0], 5, by=marker)
    assert exam_line(waiting.exam_id, person_id=marker.pk, now=NOW).state == ExamState.MARKER
    with pytest.raises(actions.CannotStart):
        actions.start_attempt(exam_id=waiting.exam_id, by=marker, now=NOW)


def test_a_result_that_stands_takes_no_more_marks(waiting):
    short, part = open_answers()
    mark(short, 8)
    mark(part, 4)
    with pytest.raises(CannotMark) as refused:
        mark(part, 5, seen=1)
    assert refused.value.reason == "graded"


def test_a_voided_attempt_is_not_marked(waiting):
    Attempt.objects.filter(pk=waiting.pk).update(status=AttemptStatus.VOIDED)
    with pytest.raises(CannotMark) as refused:
        mark(open_answers()[0], 5)
    assert refused.value.reason == "void"
    assert unmarked(waiting.exam_id) == 0


def test_marks_are_append_only(waiting):
    made = mark(open_answers()[0], 5)
    for forbidden in (made.save, made.delete, Mark.objects.all().delete, lambda: Mark.objects.update(points=1)):
        with pytest.raises(AppendOnly):
            forbidden()


def test_submitted_with_a_score_but_without_a_verdict_is_refused_by_the_database(waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=waiting.pk).update(score=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=waiting.pk).update(receipt=None)


# --- the record ----------------------------------------------------------------------------------


def test_the_receipt_of_the_submission_holds_before_and_after_marking(waiting, settings):
    code, head = waiting.receipt, waiting.head_hash
    assert receipt_agrees(fresh(waiting))
    for answer, points in zip(open_answers(), (8, 4), strict=True):
        mark(answer, points)
    done = fresh(waiting)
    assert done.head_hash != head
    assert done.receipt == code
    event = done.events.get(kind=EventKind.SUBMIT)
    assert holds(settings.RECEIPT_KEY, submission_of(done, event), receipt_of(done))
    assert receipt_agrees(done)


@pytest.fixture
def graded(waiting):
    for answer, points in zip(open_answers(), (8, 4), strict=True):
        mark(answer, points, comment="好")
    return fresh(waiting)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE exams_mark SET points = 10 WHERE points = 8", "mark 1 of answer 8 altered"),
        ("UPDATE exams_mark SET comment = '差' WHERE points = 4", "mark 1 of answer 9 altered"),
        ("UPDATE exams_mark SET met = '[0]' WHERE points = 4", "mark 1 of answer 9 altered"),
        ("UPDATE exams_mark SET number = 2 WHERE points = 4", "mark 1 of answer 9 missing"),
        ("DELETE FROM exams_mark WHERE points = 4", "mark 1 of answer 9 missing"),
        ("UPDATE exams_attempt SET score = 30", "score altered"),
        ("UPDATE exams_attempt SET score = NULL, passed = NULL", "score altered"),
        ("UPDATE exams_answer SET points = 10 WHERE position = 8", "points of answer 8 altered"),
        ("UPDATE exams_answerevent SET received_at = '2026-01-01' WHERE kind = 'mark'", "event 11 altered"),
        ("DELETE FROM exams_answerevent WHERE kind = 'grade'", "event 13 missing"),
    ],
)
def test_whatever_is_altered_after_marking_is_named(graded, sql, reason):
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert reason in [finding.reason for finding in verify(fresh(graded))]


def test_cutting_the_marks_off_the_chain_does_not_hide_them(graded):
    """The receipt vouches for the submission alone; the chain's end and the marks tell of the rest."""
    event = graded.events.get(kind=EventKind.SUBMIT)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM exams_answerevent WHERE sequence > %s", [event.sequence])
    assert not receipt_agrees(fresh(graded))
    Attempt.objects.update(event_count=event.sequence, head_hash=event.hash)
    reasons = {finding.reason for finding in verify(fresh(graded))}
    assert "mark 1 of answer 8 altered" in reasons
    assert AnswerEvent.objects.filter(kind=EventKind.MARK).count() == 0
