"""Results that wait for approval: hidden until then, approved only when all are settled, released once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from exams.attempts import actions, outcomes
from exams.attempts.closing_actions import void_attempt
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import Attempt
from exams.attempts.outcomes import record_due_passes
from exams.attempts.packets import packet_of
from exams.attempts.queries import exam_line
from exams.attempts.release_actions import CannotApprove, approve_results
from exams.attempts.release_queries import result_figures
from exams.attempts.states import ExamState
from exams.attempts.time_actions import extend
from exams.papers.models import Exam, Release
from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.coverage.actions import record_outcome
from lms.coverage.models import Outcome
from lms.kit.db import StaleState
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import CANARY, KEY_CANARY, NOW, exam_of_all_types, exam_with_papers
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(rules):
    return exam_with_papers(papers=1, release=Release.AFTER_APPROVAL)


def sit(exam, *, right=True):
    person = EmploymentFactory().person
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    answers = right_answers(attempt) if right else {}
    rows = [{"number": n, "position": n, "response": list(r)} for n, r in answers.items()]
    packet = packet_of({"client": 1, "changes": rows})
    return actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=NOW)


def test_results_are_hidden_until_they_are_approved(sealed, client_of, set_now, django_capture_on_commit_callbacks):
    done = sit(sealed)
    browser = client_of(done.person)
    address = reverse("exams:result", args=[done.key])
    page = browser.get(address).text
    assert "100" not in page
    assert CANARY not in page
    assert KEY_CANARY not in page
    assert exam_line(sealed.pk, person_id=done.person_id, now=NOW).state == ExamState.AWAITING
    assert not Outcome.objects.exists()  # nor does a certificate give it away
    with django_capture_on_commit_callbacks(execute=True):
        approve_results(exam=sealed, by=UserFactory(), now=NOW)
    assert Outcome.objects.get().person_id == done.person_id
    assert browser.get(address).context["released"]
    assert exam_line(sealed.pk, person_id=done.person_id, now=NOW).state == ExamState.PASSED


def test_the_window_alone_releases_nothing(sealed):
    done = sit(sealed)
    late = sealed.closes_at + timedelta(days=3)
    assert exam_line(sealed.pk, person_id=done.person_id, now=late).state == ExamState.AWAITING


@pytest.fixture
def windowed(rules):
    return exam_with_papers(papers=1, release=Release.AFTER_WINDOW)


def test_a_pass_enters_the_ledger_only_when_the_window_closes(windowed):
    done = sit(windowed)
    assert record_due_passes(now=windowed.closes_at - timedelta(seconds=1)) == 0
    assert not Outcome.objects.exists()
    assert record_due_passes(now=windowed.closes_at) == 1
    outcome = Outcome.objects.get()
    assert (outcome.person_id, outcome.achieved_at) == (done.person_id, NOW)
    assert record_due_passes(now=windowed.closes_at) == 0


def test_failures_and_voided_passes_never_become_due(windowed):
    sit(windowed, right=False)
    passed = sit(windowed)
    void_attempt(attempt_id=passed.pk, by=UserFactory(), reason="替考", now=NOW)
    assert record_due_passes(now=windowed.closes_at) == 0
    assert not Outcome.objects.exists()


def test_a_pass_that_a_correction_took_away_is_settled_and_not_looked_at_again(windowed):
    done = sit(windowed)
    Attempt.objects.filter(pk=done.pk).update(score=0, passed=False)
    record_due_passes(now=windowed.closes_at)
    assert not Outcome.objects.exists()
    assert record_due_passes(now=windowed.closes_at) == 0


def test_an_attempt_voided_while_passes_are_recorded_gives_none(windowed):
    done = sit(windowed)
    void_attempt(attempt_id=done.pk, by=UserFactory(), reason="替考", now=NOW)
    outcomes.record_pass(locked_with_exam(pk=done.pk), now=windowed.closes_at)
    assert not Outcome.objects.exists()


def test_a_pass_handed_in_after_the_window_is_recorded_at_once(windowed):
    person = EmploymentFactory().person
    start = windowed.closes_at - timedelta(minutes=1)
    attempt = actions.start_attempt(exam_id=windowed.pk, by=person, now=start)
    extend(attempt_id=attempt.pk, minutes=30, by=UserFactory(), reason="停电", now=start)
    rows = [{"number": n, "position": n, "response": list(r)} for n, r in right_answers(attempt).items()]
    end = windowed.closes_at + timedelta(minutes=5)
    packet = packet_of({"client": 1, "changes": rows})
    actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=end)
    assert Outcome.objects.get().achieved_at == end


def test_what_the_queue_missed_at_the_approval_is_made_up_for(sealed):
    done = sit(sealed)
    approve_results(exam=sealed, by=UserFactory(), now=NOW)  # the queue is down: nothing runs on commit
    assert not Outcome.objects.exists()
    assert record_due_passes(now=NOW) == 1
    assert Outcome.objects.get().person_id == done.person_id


def test_one_pass_that_cannot_be_recorded_keeps_nobody_waiting(sealed, monkeypatch):
    first, second = sit(sealed), sit(sealed)
    approve_results(exam=sealed, by=UserFactory(), now=NOW)

    def fails_for_the_first(**given):
        if given["person"] == first.person:
            raise RuntimeError("broken")
        return record_outcome(**given)

    monkeypatch.setattr(outcomes, "record_outcome", fails_for_the_first)
    assert record_due_passes(now=NOW) == 1
    assert Outcome.objects.get().person_id == second.person_id
    monkeypatch.undo()
    assert record_due_passes(now=NOW) == 1


def test_approval_waits_for_those_who_write_and_for_marks(sealed, rules):
    sit(sealed)
    actions.start_attempt(exam_id=sealed.pk, by=EmploymentFactory().person, now=NOW)
    with pytest.raises(CannotApprove) as refused:
        approve_results(exam=sealed, by=UserFactory(), now=NOW)
    assert refused.value.reason == "unfinished"
    written = exam_of_all_types(release=Release.AFTER_APPROVAL)
    person = EmploymentFactory().person
    attempt = actions.start_attempt(exam_id=written.pk, by=person, now=NOW)
    packet = packet_of({"client": 1, "changes": [{"number": 1, "position": 8, "response": ["断电"]}]})
    actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=NOW)
    with pytest.raises(CannotApprove):
        approve_results(exam=written, by=UserFactory(), now=NOW)


def test_approval_is_given_once_and_is_in_the_audit_log(sealed):
    with pytest.raises(CannotApprove) as refused:
        approve_results(exam=sealed, by=UserFactory(), now=NOW)
    assert refused.value.reason == "nothing"
    sit(sealed)
    again = Exam.objects.get(pk=sealed.pk)
    approve_results(exam=sealed, by=UserFactory(), now=NOW)
    with pytest.raises(StaleState):
        approve_results(exam=again, by=UserFactory(), now=NOW)
    assert AuditEntry.objects.filter(action="exam.results_approved").count() == 1


def test_an_exam_that_releases_by_itself_is_not_approved(exam):
    sit(exam)
    with pytest.raises(CannotApprove) as refused:
        approve_results(exam=exam, by=UserFactory(), now=NOW)
    assert refused.value.reason == "not_needed"


def test_figures_of_the_results(sealed):
    sit(sealed)
    sit(sealed, right=False)
    found = result_figures(sealed)
    assert (found.settled, found.passed, found.mean, found.unfinished) == (2, 1, Decimal("50.0"), 0)
    assert [(band.low, band.high, band.number) for band in found.bands if band.number] == [(0, 9, 1), (90, 100, 1)]


def test_the_office_approves_on_the_page(sealed, client_of, set_now):
    sit(sealed)
    officer = UserFactory()
    RoleAssignmentFactory(person=officer, role=Role.ADMINISTRATOR)
    browser = client_of(officer)
    address = reverse("exams:results", args=[sealed.pk])
    assert "成绩可以核准了" in browser.get(address).text
    assert "成绩已核准公布" in browser.post(address, follow=True).text
    assert "核准公布</button>" not in browser.get(address).text
