"""Stills during an exam: with consent only, bounded, encrypted, judged by people, deleted after a while."""

import base64
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from exams.attempts.actions import submit_attempt
from exams.attempts.models import Attempt
from exams.attempts.still_models import StillConsent
from exams.attempts.time_actions import pause, resume
from exams.integrity.actions import take_signals
from exams.papers.models import Exam
from exams.papers.sitting import MOST_STILLS
from exams.proctoring.photo_actions import store_photo
from exams.proctoring.photos import as_text, from_text, portrait
from exams.proctoring.still_actions import OwnAttempt, confirm_in_person, delete_old_stills, judge_still
from exams.proctoring.still_models import FaceToFace, Still, StillVerdict
from exams.proctoring.still_packets import MOST_TEXT
from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.kit.clock import current_time
from lms.regulations.queries import rule_value
from tests.factories.exams import drawn_picture, exam_with_papers
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(rules):
    now = current_time()
    return exam_with_papers(
        papers=2, camera_stills=2, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1)
    )


@pytest.fixture
def person(rules):
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def candidate(client_of, person):
    return client_of(person)


@pytest.fixture
def keeper(rules):
    made = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=made, role=Role.ADMINISTRATOR)
    return made


def start(client, exam, **choice) -> Attempt:
    client.post(reverse("exams:start", args=[exam.pk]), choice)
    return Attempt.objects.latest("pk")


def picture() -> bytes:
    """What a browser sends, with something in it that must not be kept."""
    exif = Image.Exif()
    exif[0x010E] = "CANARY-place"
    data = BytesIO()
    Image.open(BytesIO(drawn_picture(480, 360))).save(data, "JPEG", exif=exif)
    return data.getvalue()


def send(client, attempt, content=None):
    body = {"image": base64.b64encode(picture() if content is None else content).decode()}
    return client.post(reverse("exams:still", args=[attempt.key]), body, content_type="application/json")


def error_of(answer):
    return answer.status_code, answer.json().get("error")


def withdraw(client, attempt):
    return client.post(reverse("exams:withdraw_stills", args=[attempt.key]), content_type="application/json")


# --- the choice ----------------------------------------------------------------------------------


def test_the_choice_stands_by_itself_and_never_blocks_the_start(candidate, exam):
    page = candidate.get(reverse("exams:exam", args=[exam.pk]))
    assert "同意拍照" in page.text
    assert "checked" not in page.text
    assert "camera=(self)" in page["Permissions-Policy"]
    attempt = start(candidate, exam)
    assert StillConsent.objects.get(attempt=attempt).given is False
    sheet = candidate.get(reverse("exams:attempt", args=[attempt.key]))
    assert sheet.status_code == 200
    assert "data-stills" not in sheet.text
    assert "camera=()" in sheet["Permissions-Policy"]


def test_consent_opens_the_camera_on_the_sheet_and_says_so(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    sheet = candidate.get(reverse("exams:attempt", args=[attempt.key]))
    assert 'data-stills="2"' in sheet.text
    assert "会随机拍照" in sheet.text
    assert "camera=(self)" in sheet["Permissions-Policy"]
    assert "microphone=()" in sheet["Permissions-Policy"]


def test_an_exam_without_stills_asks_nothing(candidate, rules):
    now = current_time()
    plain = exam_with_papers(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1))
    page = candidate.get(reverse("exams:exam", args=[plain.pk]))
    assert "拍照" not in page.text
    assert "camera=()" in page["Permissions-Policy"]
    attempt = start(candidate, plain, stills="yes")
    assert StillConsent.objects.count() == 0
    assert error_of(send(candidate, attempt)) == (403, "no_consent")


def test_going_on_does_not_choose_again(candidate, exam):
    attempt = start(candidate, exam, stills="no")
    assert start(candidate, exam, stills="yes") == attempt
    assert StillConsent.objects.get().given is False


# --- taking --------------------------------------------------------------------------------------


def test_a_still_is_encoded_afresh_and_encrypted(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    assert b"CANARY-place" in picture()
    assert send(candidate, attempt).status_code == 200
    kept = portrait(BytesIO(picture()), 1)
    assert from_text(Still.objects.get(attempt=attempt).image) == kept
    assert b"CANARY" not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT image FROM exams_still")
        [(stored,)] = cursor.fetchall()
    assert "$" in stored
    assert as_text(kept)[:60] not in stored


def test_without_consent_nothing_is_stored(candidate, exam):
    attempt = start(candidate, exam, stills="no")
    assert error_of(send(candidate, attempt)) == (403, "no_consent")
    assert Still.objects.count() == 0


def minutes_pass(attempt):
    """What was taken so far was taken a while ago."""
    Still.objects.filter(attempt=attempt).update(at=F("at") - timedelta(minutes=2))


def test_no_more_stills_than_the_exam_asks_for(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    for _ in range(2):
        assert send(candidate, attempt).status_code == 200
        minutes_pass(attempt)
    assert error_of(send(candidate, attempt)) == (409, "enough")
    assert Still.objects.count() == 2


def test_two_stills_are_never_close_together(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    assert send(candidate, attempt).status_code == 200
    assert error_of(send(candidate, attempt)) == (429, "not_now")
    assert Still.objects.count() == 1
    minutes_pass(attempt)
    assert send(candidate, attempt).status_code == 200


def test_nobody_is_photographed_while_the_exam_is_paused(candidate, exam, keeper):
    attempt = start(candidate, exam, stills="yes")
    pause(attempt_id=attempt.pk, by=keeper, reason="停电", now=current_time())
    assert error_of(send(candidate, attempt)) == (429, "not_now")
    resume(attempt_id=attempt.pk, by=keeper, reason="来电", now=current_time())
    assert send(candidate, attempt).status_code == 200


def test_the_board_counts_pictures_that_nobody_has_looked_at(candidate, exam, keeper, client_of):
    attempt = start(candidate, exam, stills="yes")
    send(candidate, attempt)
    office, address = client_of(keeper), reverse("exams:live_rows", args=[exam.pk])
    assert office.get(address).json()["rows"][0][-1] == 1
    judge_still(still=attempt.stills.get(), verdict=StillVerdict.SAME, by=keeper, now=current_time())
    assert office.get(address).json()["rows"][0][-1] == 0


def test_a_foreign_attempt_is_unknown(candidate, exam, client_of):
    attempt = start(candidate, exam, stills="yes")
    other = client_of(EmploymentFactory().person)
    assert error_of(send(other, attempt)) == (404, "unknown")
    assert error_of(withdraw(other, attempt)) == (404, "unknown")
    assert Still.objects.count() == 0
    assert StillConsent.objects.get().holds


def test_after_handing_in_nothing_is_taken(candidate, exam, person):
    attempt = start(candidate, exam, stills="yes")
    submit_attempt(attempt_key=attempt.key, by=person, now=current_time(), form_answers={}, device=attempt.device)
    assert error_of(send(candidate, attempt)) == (409, "submitted")
    assert error_of(withdraw(candidate, attempt)) == (409, "submitted")


def test_time_over_and_another_device_are_told_apart(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    Attempt.objects.filter(pk=attempt.pk).update(device="another")
    assert error_of(send(candidate, attempt)) == (423, "moved")
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=current_time() - timedelta(hours=2), deadline_at=current_time() - timedelta(hours=1)
    )
    assert error_of(send(candidate, attempt)) == (410, "time_is_up")
    assert Still.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "{}",
        '{"image": 7}',
        '{"image": "*"}',
        '{"image": "eA=="}',
        '{"image": "eA==", "more": 1}',
        json.dumps({"image": "A" * (MOST_TEXT + 4)}),
    ],
)
def test_what_is_no_small_picture_is_malformed(candidate, exam, body):
    attempt = start(candidate, exam, stills="yes")
    answer = candidate.post(reverse("exams:still", args=[attempt.key]), body, content_type="application/json")
    assert error_of(answer) == (400, "malformed")
    assert Still.objects.count() == 0


def test_a_camera_that_does_not_open_is_told_but_does_not_count(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    report = {"kind": "no_camera", "at": current_time().isoformat(), "seconds": None, "detail": {}}
    [signal] = take_signals(attempt=attempt, signals=[report], now=current_time()).stored
    assert (signal.kind, signal.counted) == ("no_camera", False)


# --- withdrawing ---------------------------------------------------------------------------------


def test_withdrawing_deletes_the_pictures_and_ends_taking(candidate, exam):
    attempt = start(candidate, exam, stills="yes")
    send(candidate, attempt)
    assert withdraw(candidate, attempt).status_code == 200
    assert Still.objects.get().image == ""
    assert not StillConsent.objects.get().holds
    assert error_of(send(candidate, attempt)) == (403, "no_consent")
    assert "data-stills" not in candidate.get(reverse("exams:attempt", args=[attempt.key])).text
    assert withdraw(candidate, attempt).status_code == 200
    entry = AuditEntry.objects.get(action="attempt.stills_withdrawn")
    assert (entry.target_id, entry.detail) == (str(attempt.pk), {"deleted": 1})


def test_withdrawing_touches_no_other_attempt(candidate, exam, client_of):
    attempt = start(candidate, exam, stills="yes")
    other = client_of(EmploymentFactory().person)
    theirs = start(other, exam, stills="yes")
    send(other, theirs)
    withdraw(candidate, attempt)
    assert Still.objects.get(attempt=theirs).image != ""


def test_consent_that_was_not_given_cannot_be_withdrawn(candidate, exam):
    attempt = start(candidate, exam, stills="no")
    withdraw(candidate, attempt)
    assert AuditEntry.objects.filter(action="attempt.stills_withdrawn").count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        StillConsent.objects.filter(attempt=attempt).update(withdrawn_at=current_time())


# --- what people see -----------------------------------------------------------------------------


def still_of(candidate, exam) -> Still:
    attempt = start(candidate, exam, stills="yes")
    send(candidate, attempt)
    return Still.objects.select_related("attempt__exam").get(attempt=attempt)


def address_of(still, exam=None):
    return reverse("exams:one_still", args=[(exam or still.attempt.exam).pk, still.attempt_id, still.pk])


def test_stills_stand_beside_the_photo_and_are_judged_by_a_person(candidate, exam, person, keeper, client_of):
    still, office = still_of(candidate, exam), client_of(keeper)
    store_photo(exam=exam, person=person, jpeg=portrait(BytesIO(picture()), 1), by=keeper, now=current_time())
    story = reverse("exams:timeline", args=[exam.pk, still.attempt_id])
    page = office.get(story).text
    photo = reverse("exams:candidate_photo", args=[exam.pk, person.pk])
    assert page.index(photo) < page.index(address_of(still))
    assert office.get(photo).status_code == 200
    shown = office.get(address_of(still))
    assert shown.content == from_text(still.image)
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert "1 张待看" in office.get(reverse("exams:seat", args=[exam.pk, still.attempt_id])).text
    office.post(address_of(still), {"verdict": "other"})
    still.refresh_from_db()
    assert (still.verdict, still.judged_by) == ("other", keeper)
    entry = AuditEntry.objects.get(action="attempt.still_judged")
    assert entry.detail == {"still": still.pk, "verdict": "other"}
    still.attempt.refresh_from_db()
    assert (still.attempt.status, still.attempt.score) == ("writing", None)
    assert "1 张待看" not in office.get(reverse("exams:seat", args=[exam.pk, still.attempt_id])).text


def test_a_verdict_outside_the_three_is_not_taken(candidate, exam, keeper, client_of):
    still = still_of(candidate, exam)
    client_of(keeper).post(address_of(still), {"verdict": "guilty"})
    still.refresh_from_db()
    assert still.verdict == ""


def test_a_verdict_without_a_person_is_refused_by_the_database(candidate, exam):
    still = still_of(candidate, exam)
    with pytest.raises(IntegrityError), transaction.atomic():
        Still.objects.filter(pk=still.pk).update(verdict="same")


def test_nobody_sees_or_judges_the_own_stills(candidate, exam, person):
    still = still_of(candidate, exam)
    assert candidate.get(address_of(still)).status_code == 403
    RoleAssignmentFactory(person=person, role=Role.ADMINISTRATOR)
    assert candidate.get(address_of(still)).status_code == 404
    assert candidate.post(address_of(still), {"verdict": "same"}).status_code == 404
    in_person = reverse("exams:seen_in_person", args=[exam.pk, still.attempt_id])
    assert candidate.post(in_person).status_code == 404
    with pytest.raises(OwnAttempt):
        judge_still(still=still, verdict=StillVerdict.SAME, by=person, now=current_time())
    with pytest.raises(OwnAttempt):
        confirm_in_person(attempt=still.attempt, by=person, now=current_time())
    assert "自己的照片由别人看" in candidate.get(reverse("exams:timeline", args=[exam.pk, still.attempt_id])).text


def test_a_still_is_not_reached_by_way_of_another_exam(candidate, exam, keeper, client_of):
    still = still_of(candidate, exam)
    assert client_of(keeper).get(address_of(still, exam_with_papers(camera_stills=1))).status_code == 404


def test_without_consent_a_proctor_confirms_in_person_once(candidate, exam, keeper, client_of):
    attempt, office = start(candidate, exam, stills="no"), client_of(keeper)
    story = reverse("exams:timeline", args=[exam.pk, attempt.pk])
    assert "没有同意拍照" in office.get(story).text
    address = reverse("exams:seen_in_person", args=[exam.pk, attempt.pk])
    assert "已记录：孟庆舟 由你当面确认。" in office.post(address, follow=True).text
    office.post(address)
    assert FaceToFace.objects.get().by == keeper
    assert AuditEntry.objects.filter(action="attempt.seen_in_person").count() == 1
    assert address not in office.get(story).text


def test_the_story_costs_the_same_with_one_still_and_with_three(candidate, exam, keeper, client_of):
    still, office = still_of(candidate, exam), client_of(keeper)
    story = reverse("exams:timeline", args=[exam.pk, still.attempt_id])
    judge_still(still=still, verdict=StillVerdict.SAME, by=keeper, now=current_time())
    office.get(story)
    with CaptureQueriesContext(connection) as one:
        office.get(story)
    for _ in range(2):
        more = Still.objects.create(attempt=still.attempt, at=current_time(), image="eA==")
        judge_still(still=more, verdict=StillVerdict.UNCLEAR, by=keeper, now=current_time())
    with CaptureQueriesContext(connection) as three:
        office.get(story)
    assert len(three) == len(one)


# --- keeping -------------------------------------------------------------------------------------


def test_old_pictures_are_deleted_and_verdicts_stay(candidate, exam, keeper, client_of):
    still = still_of(candidate, exam)
    judge_still(still=still, verdict=StillVerdict.SAME, by=keeper, now=current_time())
    young = Still.objects.create(attempt=still.attempt, at=still.at + timedelta(minutes=5), image="eA==")
    days = int(rule_value("exam.still_days", on=current_time().date()))
    assert days == 30
    due = still.at + timedelta(days=days, minutes=1)
    assert delete_old_stills(now=due) == 1
    assert delete_old_stills(now=due) == 0
    still.refresh_from_db()
    young.refresh_from_db()
    assert (still.image, still.verdict, young.image) == ("", "same", "eA==")
    assert client_of(keeper).get(address_of(still)).status_code == 404
    assert AuditEntry.objects.get(action="exam.stills_deleted").detail == {"stills": 1, "days": 30}


def test_stills_are_off_unless_asked_for_and_never_many():
    field = Exam._meta.get_field("camera_stills")
    assert field.default == 0
    assert field.clean(MOST_STILLS, None) == 20
    with pytest.raises(ValidationError):
        field.clean(MOST_STILLS + 1, None)
