"""Starting, saving, handing in, expiry."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.attempts import actions
from exams.attempts.convergence import Change, Stamp, replay
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, SubmitReason
from exams.attempts.packets import BadPacket, Packet
from exams.attempts.states import ExamState
from exams.attempts.verification import verify
from exams.papers.models import Exam, MultipleRule
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.append_only import AppendOnly
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import NOW, AttemptFactory, ExamAudienceFactory, exam_with_papers
from tests.factories.lms import EmploymentFactory, OutcomeFactory, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def packet(*changes, client=1):
    """A packet of (number, position, response)."""
    return Packet.model_validate(
        {"client": client, "changes": [{"number": n, "position": p, "response": list(r)} for n, p, r in changes]}
    )


def save(attempt, *changes, client=1, now=NOW + MINUTE):
    return actions.save_answers(
        attempt_key=attempt.key, by=attempt.person, packet=packet(*changes, client=client), now=now
    )


def submit(attempt, *changes, now=NOW + 10 * MINUTE, client=1):
    return actions.submit_attempt(
        attempt_key=attempt.key, by=attempt.person, packet=packet(*changes, client=client), now=now
    )


def stored(attempt):
    return {row.position: row.response for row in attempt.answers.all()}


# --- starting ------------------------------------------------------------------------------------


def test_start_hands_out_a_prepared_paper(exam, person):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert attempt.paper in exam.papers.all()
    assert (attempt.number, attempt.item_count, attempt.max_score, attempt.grace_seconds) == (1, 4, Decimal(8), 30)
    assert attempt.deadline_at == NOW + 60 * MINUTE
    assert attempt.employment.person == person


def test_start_twice_returns_the_same_attempt(exam, person):
    first = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + MINUTE) == first
    assert Attempt.objects.count() == 1


def test_the_window_cuts_a_late_start_short(exam, person):
    late = exam.closes_at - 5 * MINUTE
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=late).deadline_at == exam.closes_at


def test_a_retake_gets_another_paper(exam, person):
    first = submit(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    second = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 20 * MINUTE)
    assert (second.number, second.paper != first.paper) == (2, True)


def test_a_retake_of_an_exam_with_one_paper_gets_it_again(rules, person):
    exam = exam_with_papers(papers=1)
    first = submit(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 20 * MINUTE).paper == first.paper


def in_families(exam, families):
    """Give the papers of an exam their families, in order of their numbers."""
    for number, family in enumerate(families, start=1):
        exam.papers.filter(number=number).update(family=family)


def sit(exam, person, times):
    """So many sittings one after the other; the numbers of their papers."""
    return [
        submit(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW), now=NOW + MINUTE).paper.number
        for _ in range(times)
    ]


def test_a_retake_gets_a_paper_of_another_family(rules, person):
    exam = exam_with_papers(papers=6)
    in_families(exam, [0, 0, 0, 0, 0, 1])
    first, second = sit(exam, person, 2)
    assert 6 in (first, second)


def test_families_take_turns_when_more_sittings_are_allowed(rules, person):
    exam = exam_with_papers(papers=3, attempts_allowed=6, fresh_attempts=2)
    in_families(exam, [0, 1, 2])
    numbers = sit(exam, person, 6)
    assert all(len(set(numbers[start : start + 3])) == 3 for start in range(4))


def test_fewer_families_than_sittings_give_the_one_used_longest_ago(rules, person):
    exam = exam_with_papers(papers=2, attempts_allowed=6, fresh_attempts=5)
    in_families(exam, [0, 1])
    numbers = sit(exam, person, 6)
    assert numbers in ([1, 2] * 3, [2, 1] * 3)


def test_an_exam_that_need_not_be_fresh_prefers_unseen_papers(rules, person):
    exam = exam_with_papers(papers=3, attempts_allowed=3, fresh_attempts=0)
    in_families(exam, [0, 0, 1])
    assert sorted(sit(exam, person, 3)) == [1, 2, 3]


def test_papers_without_families_are_handed_out_unseen_first(rules, person):
    exam = exam_with_papers(papers=4, attempts_allowed=4, fresh_attempts=3)
    assert sorted(sit(exam, person, 4)) == [1, 2, 3, 4]


def test_a_voided_sitting_has_shown_its_questions_too(rules, person):
    exam = exam_with_papers(papers=4, fresh_attempts=1)
    in_families(exam, [0, 0, 1, 1])
    first = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    Attempt.objects.filter(pk=first.pk).update(status=AttemptStatus.VOIDED)
    second = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert {first.paper.family, second.paper.family} == {0, 1}


def test_attempts_are_limited(exam, person):
    for _ in range(2):
        submit(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    with pytest.raises(actions.CannotStart) as refused:
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 20 * MINUTE)
    assert refused.value.state == ExamState.USED_UP


def test_a_voided_attempt_does_not_count(exam, person):
    for _ in range(2):
        attempt = submit(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    Attempt.objects.filter(pk=attempt.pk).update(status=AttemptStatus.VOIDED)
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 20 * MINUTE).number == 3


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"opens_at": NOW + MINUTE}, ExamState.NOT_OPEN),
        ({"closes_at": NOW - MINUTE}, ExamState.CLOSED),
        ({"status": "closed"}, ExamState.CLOSED),
        ({"prerequisite_subject": "principals"}, ExamState.PREREQUISITE),
    ],
)
def test_what_cannot_be_started_says_why(exam, person, change, state):
    Exam.objects.filter(pk=exam.pk).update(**change)
    with pytest.raises(actions.CannotStart) as refused:
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert refused.value.state == state


def test_completing_the_course_opens_the_exam(exam, person):
    Exam.objects.filter(pk=exam.pk).update(prerequisite_subject="principals")
    OutcomeFactory(person=person, subject="principals", kind=OutcomeKind.COURSE_COMPLETED)
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW).number == 1


def test_an_exam_for_others_does_not_exist(rules, person):
    other = EmploymentFactory()
    exam = exam_with_papers(audience=False)
    ExamAudienceFactory(exam=exam, enterprise=other.enterprise)
    with pytest.raises(Exam.DoesNotExist):
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


def test_start_costs_at_most_eight_queries(exam, person, counted):
    with counted() as done:
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert done.count <= 8, done.sql


# --- saving --------------------------------------------------------------------------------------


def test_saved_answers_are_acknowledged_chained_and_stored(attempt):
    saved = save(attempt, (1, 1, ["o2"]), (2, 3, ["o3", "o1"]))
    attempt.refresh_from_db()
    assert (saved.acknowledged, saved.highest_number) == ([1, 2], 2)
    assert stored(attempt) == {1: ["o2"], 3: ["o3", "o1"]}  # as it was sent
    assert (attempt.event_count, attempt.highest_number) == (2, 2)
    assert verify(attempt) == []


def test_a_duplicate_is_acknowledged_again_without_effect(attempt):
    save(attempt, (1, 1, ["o2"]), (2, 2, ["o1"]))
    again = save(attempt, (1, 1, ["o2"]), (2, 2, ["o1"]), now=NOW + 2 * MINUTE)
    assert again.acknowledged == [1, 2]
    assert AnswerEvent.objects.count() == 2
    assert verify(Attempt.objects.get()) == []


def test_a_late_packet_never_overwrites_a_newer_answer(attempt):
    save(attempt, (5, 1, ["o2"]))
    late = save(attempt, (4, 1, ["o1"]), (3, 2, ["o4"]))
    assert late.acknowledged == [4, 3]
    assert stored(attempt) == {1: ["o2"], 2: ["o4"]}
    assert AnswerEvent.objects.count() == 3  # the late change is kept as evidence
    assert verify(Attempt.objects.get()) == []


def test_a_retry_with_something_new_takes_only_that(attempt):
    save(attempt, (1, 1, ["o1"]))
    save(attempt, (1, 1, ["o1"]), (2, 1, ["o2"]))
    assert stored(attempt) == {1: ["o2"]}
    assert AnswerEvent.objects.count() == 2


def test_two_devices_with_the_same_number_converge(attempt):
    save(attempt, (1, 1, ["o1"]), client=7)
    save(attempt, (1, 1, ["o2"]), client=3)
    assert stored(attempt) == {1: ["o1"]}


def test_an_answer_can_be_taken_back(attempt):
    save(attempt, (1, 1, ["o1"]))
    save(attempt, (2, 1, []))
    assert stored(attempt) == {1: []}


def test_a_question_that_the_paper_does_not_have_is_refused(attempt):
    with pytest.raises(BadPacket) as refused:
        save(attempt, (1, 1, ["o1"]), (2, 5, ["o1"]))
    assert refused.value.problems == [{"where": "changes.1.position", "what": "the paper has 4 questions"}]
    assert AnswerEvent.objects.count() == 0


def test_packets_are_taken_until_the_grace_has_passed(attempt):
    assert save(attempt, (1, 1, ["o1"]), now=attempt.clock.final_at).acknowledged == [1]
    with pytest.raises(actions.TimeIsUp):
        save(attempt, (2, 1, ["o2"]), now=attempt.clock.final_at + timedelta(seconds=1))
    attempt.refresh_from_db()
    assert (attempt.status, attempt.submit_reason) == (AttemptStatus.SUBMITTED, SubmitReason.EXPIRED)
    assert stored(attempt)[1] == ["o1"]


def test_after_handing_in_nothing_is_taken(attempt):
    submit(attempt)
    with pytest.raises(actions.AlreadySubmitted):
        save(attempt, (1, 1, ["o1"]), now=NOW + 11 * MINUTE)


def test_the_attempt_of_somebody_else_does_not_exist(attempt):
    with pytest.raises(Attempt.DoesNotExist):
        actions.save_answers(attempt_key=attempt.key, by=UserFactory(), packet=packet((1, 1, [])), now=NOW)


def test_saving_costs_four_queries_in_order_and_five_at_worst(attempt, counted):
    with counted() as first:
        save(attempt, (1, 1, ["o1"]), (2, 2, ["o1"]), (3, 3, ["o1"]))
    with counted() as duplicate:
        save(attempt, (1, 1, ["o1"]))
    with counted() as mixed:
        save(attempt, (3, 3, ["o1"]), (4, 4, ["true"]))
    with counted() as asked:
        save(attempt)
    assert first.count <= 4, first.sql
    assert (duplicate.count, mixed.count, asked.count) == (3, 5, 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_delivery_ends_in_the_same_answers(exam, data):
    """The whole path to the database: packets duplicated, cut anew and reordered."""
    attempt = AttemptFactory(exam=exam)
    changes = data.draw(
        st.lists(
            st.tuples(st.integers(1, 9), st.integers(1, 2), st.integers(1, 4), st.sampled_from([[], ["o1"], ["o2"]])),
            unique_by=lambda row: row[:2],
            min_size=1,
            max_size=12,
        )
    )
    deliveries = data.draw(st.permutations(changes + data.draw(st.lists(st.sampled_from(changes), max_size=6))))
    while deliveries:
        size = data.draw(st.integers(1, 4))
        batch, deliveries = deliveries[:size], deliveries[size:]
        for client in {row[1] for row in batch}:
            save(attempt, *((n, p, r) for n, c, p, r in batch if c == client), client=client)
    wanted = replay(Change(Stamp(n, c), p, tuple(r)) for n, c, p, r in changes)
    assert stored(attempt) == {position: list(register.response) for position, register in wanted.items()}
    assert AnswerEvent.objects.filter(attempt=attempt).count() == len(changes)
    assert verify(Attempt.objects.get(pk=attempt.pk)) == []


def test_events_are_append_only(attempt):
    save(attempt, (1, 1, ["o1"]))
    event = AnswerEvent.objects.get()
    event.response = ["o2"]
    for forbidden in (
        event.save,
        event.delete,
        AnswerEvent.objects.all().delete,
        lambda: AnswerEvent.objects.update(position=2),
        lambda: AnswerEvent.objects.bulk_update([event], ["response"]),
    ):
        with pytest.raises(AppendOnly):
            forbidden()


# --- handing in ----------------------------------------------------------------------------------


def test_all_right_passes_and_records_the_outcome(attempt, person):
    key = right_answers(attempt)
    done = submit(attempt, *((n, position, key[position]) for n, position in enumerate(key, start=1)))
    assert (done.score, done.max_score, done.passed) == (Decimal(8), Decimal(8), True)
    outcome = Outcome.objects.get(person=person, kind=OutcomeKind.EXAM_PASSED)
    assert (outcome.subject, outcome.amount, outcome.evidence) == (
        "confined-space",
        Decimal(100),
        f"exams.attempt:{attempt.pk}",
    )
    assert outcome.valid_until.isoformat() == "2027-11-24"
    assert verify(Attempt.objects.get()) == []


def test_nothing_answered_fails_without_outcome(attempt):
    done = submit(attempt)
    assert (done.score, done.passed) == (Decimal(0), False)
    assert not Outcome.objects.filter(kind=OutcomeKind.EXAM_PASSED).exists()
    assert Answer.objects.filter(attempt=attempt, points=0).count() == 4


def test_half_for_an_incomplete_subset_where_the_exam_says_so(rules, person):
    exam = exam_with_papers(singles=0, multiples=1, judgements=0, multiple_rule=MultipleRule.HALF)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert submit(attempt, (1, 1, ["o3"])).score == Decimal(1)


def test_outstanding_changes_come_along_with_the_submission(attempt):
    save(attempt, (1, 1, ["o1"]))
    done = submit(attempt, (1, 1, ["o1"]), (2, 1, ["o2"]), (3, 2, ["o2"]))
    assert done.score == Decimal(4)
    assert stored(attempt) == {1: ["o2"], 2: ["o2"], 3: [], 4: []}
    assert verify(Attempt.objects.get()) == []


def test_handing_in_twice_changes_nothing(attempt):
    first = submit(attempt, (1, 1, ["o2"]))
    again = submit(attempt, (2, 1, ["o1"]), now=NOW + 12 * MINUTE)
    assert (again.receipt, again.score, again.submitted_at) == (first.receipt, first.score, first.submitted_at)
    assert AnswerEvent.objects.count() == 2


def test_handing_in_after_the_grace_counts_what_was_saved(attempt):
    save(attempt, (1, 1, ["o2"]))
    done = submit(attempt, (2, 2, ["o2"]), now=attempt.clock.final_at + MINUTE)
    assert (done.submit_reason, done.submitted_at, done.score) == (
        SubmitReason.EXPIRED,
        attempt.deadline_at,
        Decimal(2),
    )


def test_the_plain_form_hands_in_what_is_ticked(attempt):
    save(attempt, (9, 1, ["o1"]))
    done = actions.submit_attempt(
        attempt_key=attempt.key, by=attempt.person, now=NOW + MINUTE, form_answers={1: ("o2",), 2: ("o2",)}
    )
    assert done.score == Decimal(4)
    assert verify(Attempt.objects.get()) == []


@pytest.mark.parametrize("passing", [True, False])
def test_handing_in_a_hundred_questions_costs_at_most_twelve_queries(rules, person, counted, passing):
    exam = exam_with_papers(singles=60, multiples=20, judgements=20, points=1)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    key = right_answers(attempt)
    save(attempt, *((n, n, key[n] if passing else []) for n in range(1, 100)))
    with counted() as done:
        submit(attempt, (100, 100, key[100]))
    assert Attempt.objects.get().passed is passing
    assert done.count <= 12, done.sql


# --- expiry --------------------------------------------------------------------------------------


def test_expired_attempts_hand_themselves_in_with_everything_saved(attempt):
    save(attempt, (1, 1, ["o2"]))
    running = AttemptFactory(exam=attempt.exam, started_at=NOW + 30 * MINUTE)
    in_grace = attempt.deadline_at + timedelta(seconds=30)
    assert actions.submit_expired(now=in_grace) == 0
    assert actions.submit_expired(now=in_grace + timedelta(seconds=1)) == 1
    assert actions.submit_expired(now=in_grace + timedelta(seconds=1)) == 0
    attempt.refresh_from_db()
    running.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.submitted_at) == ("submitted", Decimal(2), attempt.deadline_at)
    assert running.status == "writing"
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_one_that_cannot_be_graded_keeps_nobody_waiting(attempt, monkeypatch):
    other = AttemptFactory(exam=attempt.exam, started_at=NOW - 30 * MINUTE)
    real = actions.hand_in_expired

    def failing(row, *, now):
        if row.pk == other.pk:
            raise RuntimeError
        real(row, now=now)

    monkeypatch.setattr(actions, "hand_in_expired", failing)
    assert actions.submit_expired(now=NOW + 300 * MINUTE) == 1


def test_starting_again_after_an_expired_attempt_hands_that_one_in(exam, attempt, person):
    second = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 100 * MINUTE)
    attempt.refresh_from_db()
    assert (attempt.status, second.number) == ("submitted", 2)
