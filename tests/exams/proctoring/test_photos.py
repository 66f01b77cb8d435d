"""Photos for check-in: made harmless, encrypted, kept with consent, shown only to those who run the exam."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from exams.attempts.checkin_models import CheckIn
from exams.bank.pictures import MAX_BYTES, Unusable
from exams.papers.sitting import CheckInRule
from exams.proctoring.photo_actions import delete_unused_photos, store_photo
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.photos import as_text, from_text, portrait
from exams.proctoring.readiness_queries import readiness_of
from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.kit.clock import current_time
from lms.regulations.queries import rule_value
from tests.factories.exams import drawn_picture, exam_with_papers
from tests.factories.lms import EmploymentFactory, RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(rules):
    now = current_time()
    return exam_with_papers(check_in=CheckInRule.PROCTOR, opens_at=now, closes_at=now + timedelta(days=1))


@pytest.fixture
def person(rules):
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def keeper(rules):
    made = UserFactory(name="逄海涛")
    RoleAssignmentFactory(person=made, role=Role.ADMINISTRATOR)
    return made


def photo_with_place():
    """A photo that says where it was taken."""
    image = Image.open(BytesIO(drawn_picture(1200, 1600)))
    exif = Image.Exif()
    exif[0x010E] = "CANARY-place"
    data = BytesIO()
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


def upload(client, hall, person, content=None, **fields):
    file = SimpleUploadedFile("photo.jpg", content or photo_with_place())
    address = reverse("exams:candidate_photo", args=[hall.pk, person.pk])
    return client.post(address, {"photo": file, "consent": "on", **fields}, follow=True)


def test_only_small_pixels_are_kept():
    uploaded = photo_with_place()
    assert b"CANARY-place" in uploaded
    kept = portrait(BytesIO(uploaded), len(uploaded))
    assert b"CANARY" not in kept
    image = Image.open(BytesIO(kept))
    assert (image.format, image.size) == ("JPEG", (480, 640))
    assert from_text(as_text(kept)) == kept


@pytest.mark.parametrize(("content", "size"), [(b"<svg/>", 6), (b"", 0), (drawn_picture(9, 9), MAX_BYTES + 1)])
def test_what_is_no_picture_or_too_heavy_is_refused(content, size):
    with pytest.raises(Unusable):
        portrait(BytesIO(content), size)


def test_a_photo_is_encrypted_shown_at_the_door_and_audited(hall, person, keeper, client_of):
    client, address = client_of(keeper), reverse("exams:candidate_photo", args=[hall.pk, person.pk])
    assert client.get(address).status_code == 404
    assert "孟庆舟 的照片已加密保存。" in upload(client, hall, person).text
    with connection.cursor() as cursor:
        cursor.execute("SELECT image FROM exams_candidatephoto")
        [(stored,)] = cursor.fetchall()
    assert as_text(portrait(BytesIO(photo_with_place()), 1)) not in stored
    assert "$" in stored
    shown = client.get(address)
    assert shown.content == portrait(BytesIO(photo_with_place()), 1)
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert address in client.get(reverse("exams:door", args=[hall.pk])).text
    entry = AuditEntry.objects.get(action="person.photo_stored")
    assert (entry.target_id, entry.detail) == (str(person.pk), {"exam": hall.pk, "consent": True})


def test_a_photo_needs_consent_a_picture_and_somebody_else(hall, person, keeper, client_of):
    client = client_of(keeper)
    address = reverse("exams:candidate_photo", args=[hall.pk, person.pk])
    file = SimpleUploadedFile("photo.jpg", photo_with_place())
    assert "要本人同意才能存照片" in client.post(address, {"photo": file}, follow=True).text
    assert "没有收到照片" in client.post(address, {"consent": "on"}, follow=True).text
    assert "没有保存" in upload(client, hall, person, b"not a picture").text
    own = EmploymentFactory(person=keeper).person
    assert "自己的照片请别人来存" in upload(client, hall, own).text
    assert CandidatePhoto.objects.count() == 0


def test_a_photo_is_replaced_and_removed(hall, person, keeper, client_of):
    client = client_of(keeper)
    upload(client, hall, person)
    upload(client, hall, person, drawn_picture(30, 40))
    assert Image.open(BytesIO(from_text(CandidatePhoto.objects.get().image))).size == (30, 40)
    address = reverse("exams:candidate_photo", args=[hall.pk, person.pk])
    assert "照片已删除" in client.post(address, {"remove": "1"}, follow=True).text
    assert CandidatePhoto.objects.count() == 0
    client.post(address, {"remove": "1"})
    assert AuditEntry.objects.filter(action="person.photo_removed").count() == 1


def test_the_report_counts_photos_where_people_check_in(hall, person, keeper):
    EmploymentFactory()
    store_photo(exam=hall, person=person, jpeg=b"x", by=keeper, now=current_time())
    figures = readiness_of(hall, now=current_time()).roster
    assert (figures.people, figures.no_photo) == (2, 1)


# --- keeping -------------------------------------------------------------------------------------


def test_photos_that_no_check_in_needed_for_long_are_deleted(hall, keeper):
    now = current_time()
    days = int(rule_value("exam.photo_days", on=now.date()))
    due = now + timedelta(days=days, minutes=1)
    unused, needed, fresh = (EmploymentFactory().person for _ in range(3))
    jpeg = portrait(BytesIO(drawn_picture(60, 80)), 1)
    for person in (unused, needed):
        store_photo(exam=hall, person=person, jpeg=jpeg, by=keeper, now=now)
    store_photo(exam=hall, person=fresh, jpeg=jpeg, by=keeper, now=due - timedelta(days=1))
    CheckIn.objects.create(exam=hall, person=needed, outcome="match", by=keeper, at=due - timedelta(days=9))
    assert delete_unused_photos(now=due) == 1
    assert set(CandidatePhoto.objects.values_list("person", flat=True)) == {needed.pk, fresh.pk}
    assert AuditEntry.objects.get(action="exam.photos_deleted").detail == {"photos": 1, "days": days}
    assert delete_unused_photos(now=due) == 0
