"""Check-in: nobody starts before a proctor has let them in; the list at the door; what is recorded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts.actions import CannotStart, start_attempt, submit_attempt
from exams.attempts.checkin_actions import CannotCheckIn, check_in
from exams.attempts.checkin_models import CheckIn, CheckInOutcome
from exams.attempts.closing_actions import void_attempt
from exams.attempts.models import Attempt
from exams.attempts.states import ADMISSION_LASTS, ExamState
from exams.papers.sitting import CheckInRule
from exams.proctoring.checkin_queries import DoorFigures, DoorFilter, door_figures, found_at_the_door
from exams.proctoring.models import Intervention, Reason
from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.kit.append_only import AppendOnly
from lms.kit.clock import current_time
from tests.factories.exams import ExamAudienceFactory, exam_with_papers
from tests.factories.lms import EmploymentFactory, EnterpriseFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db
MATCH, OTHER_PROOF, MISMATCH = CheckInOutcome
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return current_time()


@pytest.fixture
def plant(rules):
    return EnterpriseFactory(short_name="柏岭污水")


@pytest.fixture
def hall(plant, now):
    """An exam with check-in that is open."""
    made = exam_with_papers(
        papers=2, audience=False, enterprise=plant, check_in=CheckInRule.PROCTOR, attempts_allowed=3,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5),
    )  # fmt: skip
    ExamAudienceFactory(exam=made, enterprise=plant, valid_from=(now - timedelta(days=2)).date())
    return made


@pytest.fixture
def person(plant):
    return EmploymentFactory(enterprise=plant, person__name="孟庆舟").person


@pytest.fixture
def keeper(plant):
    """A proctor who does not sit the exam."""
    made = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=made, role=Role.SAFETY_MANAGER, enterprise=plant)
    return made


def decide(hall, person, keeper, now, outcome=MATCH, reason=""):
    return check_in(exam=hall, person=person, outcome=outcome, by=keeper, reason=reason, now=now)


def refused_start(hall, person, now):
    with pytest.raises(CannotStart) as refused:
        start_attempt(exam_id=hall.pk, by=person, now=now)
    return refused.value.state


def test_nobody_starts_before_a_proctor_has_let_them_in(hall, person, keeper, now):
    assert refused_start(hall, person, now) is ExamState.CHECK_IN
    decide(hall, person, keeper, now)
    assert start_attempt(exam_id=hall.pk, by=person, now=now + MINUTE).person == person


def test_without_the_rule_nobody_is_asked(hall, person, now):
    hall.check_in = CheckInRule.OFF
    hall.save(update_fields=["check_in"])
    assert start_attempt(exam_id=hall.pk, by=person, now=now)


def test_somebody_elses_admission_does_not_help(hall, person, keeper, plant, now):
    decide(hall, EmploymentFactory(enterprise=plant).person, keeper, now)
    assert refused_start(hall, person, now) is ExamState.CHECK_IN


def test_the_last_decision_counts(hall, person, keeper, now):
    decide(hall, person, keeper, now)
    decide(hall, person, keeper, now, MISMATCH, "证件和本人对不上")
    assert refused_start(hall, person, now) is ExamState.CHECK_IN
    decide(hall, person, keeper, now, OTHER_PROOF, "看了社保卡")
    assert start_attempt(exam_id=hall.pk, by=person, now=now)


def test_an_admission_ends_after_half_a_day(hall, person, keeper, now):
    decide(hall, person, keeper, now)
    assert refused_start(hall, person, now + ADMISSION_LASTS + MINUTE) is ExamState.CHECK_IN
    assert start_attempt(exam_id=hall.pk, by=person, now=now + ADMISSION_LASTS)


@pytest.mark.parametrize("voided", [False, True])
def test_every_start_needs_an_admission_of_its_own(hall, person, keeper, now, voided):
    decide(hall, person, keeper, now)
    attempt = start_attempt(exam_id=hall.pk, by=person, now=now + MINUTE)
    if voided:
        void_attempt(attempt_id=attempt.pk, by=keeper, reason="替考", now=now + 2 * MINUTE)
    else:
        submit_attempt(attempt_key=attempt.key, by=person, now=now + 2 * MINUTE, form_answers={})
    assert refused_start(hall, person, now + 3 * MINUTE) is ExamState.CHECK_IN
    decide(hall, person, keeper, now + 3 * MINUTE)
    assert start_attempt(exam_id=hall.pk, by=person, now=now + 4 * MINUTE).number == 2


def test_who_is_writing_goes_on_without_being_asked_again(hall, person, keeper, now):
    decide(hall, person, keeper, now)
    attempt = start_attempt(exam_id=hall.pk, by=person, now=now + MINUTE)
    assert start_attempt(exam_id=hall.pk, by=person, now=now + 2 * MINUTE) == attempt


def test_other_obstacles_are_named_before_check_in(hall, person, now):
    hall.prerequisite_subject = "dust"
    hall.save(update_fields=["prerequisite_subject"])
    assert refused_start(hall, person, now) is ExamState.PREREQUISITE


def cannot(hall, person, by, now, outcome=MATCH, reason=""):
    with pytest.raises(CannotCheckIn) as refused:
        check_in(exam=hall, person=person, outcome=outcome, by=by, reason=reason, now=now)
    return refused.value.reason


def test_what_cannot_be_checked_in_is_refused_and_leaves_no_trace(hall, person, keeper, now):
    assert cannot(hall, person, person, now) == "own"
    assert cannot(hall, UserFactory(), keeper, now) == "not_meant"
    assert cannot(hall, EmploymentFactory().person, keeper, now) == "not_meant"
    assert cannot(hall, person, keeper, hall.closes_at) == "over"
    assert cannot(hall, person, keeper, now, MISMATCH) == "reason"
    assert cannot(hall, person, keeper, now, OTHER_PROOF, "  ") == "reason"
    assert CheckIn.objects.count() == 0
    assert not AuditEntry.objects.filter(action="exam.checked_in").exists()
    decide(hall, person, keeper, now)
    start_attempt(exam_id=hall.pk, by=person, now=now + MINUTE)
    assert cannot(hall, person, keeper, now + MINUTE) == "writing"
    hall.check_in = CheckInRule.OFF
    assert cannot(hall, person, keeper, now) == "off"


def test_a_decision_is_audited_and_never_changed(hall, person, keeper, now):
    row = decide(hall, person, keeper, now, MISMATCH, "证件和本人对不上")
    entry = AuditEntry.objects.get(action="exam.checked_in")
    assert (entry.actor_id, entry.reason) == (keeper.pk, "证件和本人对不上")
    assert entry.detail == {"check_in": row.pk, "person": person.pk, "outcome": "mismatch"}
    for change in (row.save, row.delete, CheckIn.objects.all().delete, lambda: CheckIn.objects.update(reason="")):
        with pytest.raises(AppendOnly):
            change()


def test_the_database_refuses_checking_in_oneself_or_without_a_reason(hall, person, keeper, now):
    for fields in ({"by": person, "outcome": MATCH}, {"by": keeper, "outcome": MISMATCH}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckIn.objects.create(exam=hall, person=person, at=now, **fields)


def test_the_list_tells_where_everybody_stands(hall, person, keeper, plant, now):
    names = ["甲", "乙", "丙"]
    first, second, third = [EmploymentFactory(enterprise=plant, person__name=name).person for name in names]
    decide(hall, first, keeper, now)
    decide(hall, second, keeper, now, MISMATCH, "证件和本人对不上")
    decide(hall, third, keeper, now)
    start_attempt(exam_id=hall.pk, by=third, now=now + MINUTE)
    later = now + 2 * MINUTE
    standings = {row.name: row.standing for row in found_at_the_door(hall, DoorFilter(), now=later)}
    assert standings == {"甲": "admitted", "乙": "refused", "丙": "started", "孟庆舟": "waiting"}
    assert door_figures(hall, now=later) == DoorFigures(waiting=1, admitted=1, refused=1, started=1)
    late = now + ADMISSION_LASTS + MINUTE
    assert {row.name for row in found_at_the_door(hall, DoorFilter(standing="waiting"), now=late)} == {"甲", "孟庆舟"}
    for text in ("孟庆", person.username):
        assert [row.name for row in found_at_the_door(hall, DoorFilter(text=text), now=later)] == ["孟庆舟"]


def post(client, hall, person, **data):
    return client.post(reverse("exams:check_in", args=[hall.pk, person.pk]), data, follow=True)


def test_the_page_shows_masked_numbers_and_lets_people_in(hall, person, keeper, client_of):
    client = client_of(keeper)
    page = client.get(reverse("exams:door", args=[hall.pk])).text
    assert person.masked_id in page
    assert person.id_number not in page
    answer = post(client, hall, person, outcome="match", q="孟")
    assert answer.redirect_chain[-1][0] == reverse("exams:door", args=[hall.pk]) + "?q=%E5%AD%9F"
    assert "孟庆舟 已放行，可以开考。" in answer.text
    assert CheckIn.objects.get().admits


def test_a_refusal_at_the_door_needs_a_reason_of_the_list_or_in_words(hall, person, keeper, client_of):
    client = client_of(keeper)
    assert "都要写明理由" in post(client, hall, person, outcome="mismatch").text
    unfit = Reason.objects.get(code="trained")
    post(client, hall, person, outcome="mismatch", reason=unfit.pk)
    post(client, hall, person, outcome="let everybody in")
    assert CheckIn.objects.count() == 0
    fit = Reason.objects.get(code="document-differs")
    assert "没有放行，已记录" in post(client, hall, person, outcome="mismatch", reason=fit.pk, note="照片是别人").text
    assert CheckIn.objects.get().reason == "证件和本人对不上：照片是别人"
    assert Intervention.objects.get().reason == fit


def test_a_person_who_is_not_meant_is_not_found(hall, keeper, client_of):
    assert post(client_of(keeper), hall, EmploymentFactory().person, outcome="match").status_code == 404


def test_an_exam_without_check_in_says_so_and_names_nobody(hall, person, keeper, client_of):
    hall.check_in = CheckInRule.OFF
    hall.save(update_fields=["check_in"])
    page = client_of(keeper).get(reverse("exams:door", args=[hall.pk])).text
    assert "这场考试不用签到" in page
    assert person.name not in page


def test_the_candidates_page_says_where_to_go_and_hears_when_it_was_decided(hall, person, keeper, client_of, now):
    client, page = client_of(person), reverse("exams:exam", args=[hall.pk])
    news = reverse("exams:check_in_news", args=[hall.pk])
    assert "请到监考处签到" in client.get(page).text
    assert client.get(news).json() == {"last": 0}
    client.post(reverse("exams:start", args=[hall.pk]))
    assert Attempt.objects.count() == 0
    refused = decide(hall, person, keeper, now, MISMATCH, "证件和本人对不上")
    assert client.get(news).json() == {"last": refused.pk}
    shown = client.get(page).text
    assert "签到没有通过" in shown
    assert "证件和本人对不上" not in shown
    decide(hall, person, keeper, now)
    assert "开始考试</button>" in client.get(page).text


def test_the_board_tells_who_stands_outside(hall, person, keeper, plant, client_of, now):
    inside = EmploymentFactory(enterprise=plant, person__name="已经放行").person
    decide(hall, inside, keeper, now)
    page = client_of(keeper).get(reverse("exams:live", args=[hall.pk])).text
    assert "还没开考：已签到 1 人，未签到 1 人，人证不符 0 人" in page
    assert "已经放行" in page
    assert reverse("exams:door", args=[hall.pk]) in page
    hall.check_in = CheckInRule.OFF
    hall.save(update_fields=["check_in"])
    assert "已经放行" not in client_of(keeper).get(reverse("exams:live", args=[hall.pk])).text


@pytest.mark.parametrize("page", ["door", "live"])
def test_the_pages_cost_the_same_for_one_and_thirty(hall, person, keeper, plant, client_of, page):
    client, address = client_of(keeper), reverse(f"exams:{page}", args=[hall.pk])

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = cost()
    EmploymentFactory.create_batch(29, enterprise=plant)
    assert cost() == few
