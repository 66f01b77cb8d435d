"""From achievements to numbered certificates."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db import connections, transaction
from django.urls import reverse
from pypdf import PdfReader

from certificates.issuing.actions import add_months, ensure_pdf, issue_due, next_number, revoke
from certificates.issuing.following import follow_bases
from certificates.issuing.models import Certificate, IssuingProblem, NumberSeries
from certificates.issuing.numbering import normalise_code
from certificates.issuing.sheet import period
from lms.audit.models import AuditEntry
from lms.coverage.actions import correct_amount, record_outcome, restore_outcome, withdraw_outcome
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.db import StaleState
from lms.people.models import User
from tests.factories.certificates import CertificateFactory, DesignFactory, IssuingRuleFactory
from tests.factories.lms import EmploymentFactory, UserFactory

MINE, MANAGED = 4, 8  # queries of the two lists, session and person included
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files_in_a_temporary_place(settings, tmp_path):
    settings.PRIVATE_ROOT = str(tmp_path)
    storages._storages.clear()
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


def achieve(person: User, *kinds: OutcomeKind, days_ago: int = 0) -> None:
    for kind in kinds:
        record_outcome(
            kind=kind,
            subject="confined-space",
            title="有限空间作业安全",
            person=person,
            evidence=UserFactory(),
            achieved_at=NOW - timedelta(days=days_ago),
            amount=Decimal("86") if kind == OutcomeKind.EXAM_PASSED else Decimal("4.2"),
            facts={"pass_percent": "80"} if kind == OutcomeKind.EXAM_PASSED else {"required_hours": "4.0"},
        )


@pytest.mark.django_db
def test_a_certificate_needs_course_and_exam():
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1)).person
    achieve(person, OutcomeKind.EXAM_PASSED)
    assert issue_due(person=person, now=NOW) == []
    achieve(person, OutcomeKind.COURSE_COMPLETED)
    [certificate] = issue_due(person=person, now=NOW)
    assert certificate.number == "BL-2026-000001"
    assert certificate.valid_until == date(2027, 11, 23)
    assert certificate.facts["score"] == "86"
    assert certificate.facts["required_hours"] == "4"
    held = Outcome.objects.get(kind=OutcomeKind.CERTIFICATE_HELD)
    assert (held.person, held.subject, held.valid_until) == (person, "confined-space", date(2027, 11, 23))


@pytest.mark.django_db
def test_issuing_again_changes_nothing_and_a_new_pass_makes_a_new_certificate():
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1)).person
    achieve(person, OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED, days_ago=300)
    assert len(issue_due(person=person, now=NOW)) == 1
    assert issue_due(person=person, now=NOW) == []
    achieve(person, OutcomeKind.EXAM_PASSED)
    assert [row.number for row in issue_due(person=person, now=NOW)] == ["BL-2026-000002"]


@pytest.mark.django_db
def test_the_news_of_a_pass_issues_the_certificate_and_draws_the_pdf(django_capture_on_commit_callbacks):
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1)).person
    with django_capture_on_commit_callbacks(execute=True):
        achieve(person, OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED)
    certificate = Certificate.objects.get(person=person)
    assert certificate.pdf.name.endswith(".pdf")


@pytest.mark.django_db
def test_the_pdf_is_one_a4_page_and_holds_name_number_and_masked_id():
    certificate = ensure_pdf(CertificateFactory(person__name="孟庆舟"))
    reader = PdfReader(io.BytesIO(certificate.pdf.read()))
    text = "".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [297, 210]
    assert "孟庆舟" in text
    assert certificate.number in text
    assert certificate.person.id_number not in text
    assert certificate.facts["masked_id"] in text


@pytest.mark.django_db
def test_a_name_that_the_font_cannot_draw_is_a_problem_not_a_hole():
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1), person__name="王\U0003106c").person
    achieve(person, OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED)
    assert issue_due(person=person, now=NOW) == []
    assert "\U0003106c" in IssuingProblem.objects.get(person=person).reason
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_a_failed_issue_leaves_no_gap_in_the_numbers():
    design = DesignFactory()

    def take_and_fail() -> None:
        with transaction.atomic():
            next_number(design=design, year=2026)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        take_and_fail()
    with transaction.atomic():
        assert next_number(design=design, year=2026) == "BL-2026-000001"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(settings.SQLITE, reason="SQLite has one writer; the race is PostgreSQL's")
def test_numbers_have_no_gaps_and_no_duplicates_under_threads():
    design = DesignFactory()

    def take(_: int) -> str:
        try:
            with transaction.atomic():
                return next_number(design=design, year=2026)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(take, range(40)))
    assert numbers == [f"BL-2026-{number:06d}" for number in range(1, 41)]


@pytest.mark.django_db
def test_revoking_withdraws_the_outcome_from_that_day_on_and_is_audited():
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1)).person
    achieve(person, OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED, days_ago=30)
    [certificate] = issue_due(person=person, now=NOW - timedelta(days=30))
    boss = UserFactory()
    revoke(certificate=certificate, by=boss, now=NOW, reason="替考")
    held = Outcome.objects.filter(kind=OutcomeKind.CERTIFICATE_HELD)
    assert held.standing_on(date(2026, 11, 23)).exists()
    assert not held.standing_on(date(2026, 11, 24)).exists()
    assert certificate.state_on(date(2026, 11, 24)) == "revoked"
    entry = AuditEntry.objects.get(action="certificate.revoked")
    assert (entry.actor, entry.reason) == (boss, "替考")
    with pytest.raises(StaleState):
        revoke(certificate=certificate, by=boss, now=NOW, reason="替考")


@pytest.mark.django_db
def test_download_is_for_the_holder_and_the_holders_managers(characters, client_of):
    certificate = CertificateFactory(person=characters.own_learner, enterprise=characters.enterprise)
    address = reverse("certificates:download", args=[certificate.pk])
    for allowed in ("own_learner", "own_manager", "town_supervisor", "sector_supervisor", "administrator"):
        assert client_of(getattr(characters, allowed)).get(address).status_code == 200, allowed
    for refused in ("other_learner", "other_manager", "other_town_supervisor", "teamless_colleague", "editor"):
        assert client_of(getattr(characters, refused)).get(address).status_code == 404, refused


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_one_and_three_rows(number, characters, client_of, django_assert_num_queries):
    for _ in range(number):
        CertificateFactory(person=characters.own_learner, enterprise=characters.enterprise)
    learner, manager = client_of(characters.own_learner), client_of(characters.own_manager)
    with django_assert_num_queries(MINE):
        learner.get(reverse("certificates:my_certificates"))
    with django_assert_num_queries(MANAGED):
        manager.get(reverse("certificates:manage"))


def test_a_year_of_validity_ends_the_day_before():
    assert add_months(date(2026, 11, 24), 12) == date(2027, 11, 23)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 27)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 27)
    assert add_months(date(2026, 11, 30), 13) == date(2027, 12, 29)


def test_periods_read_as_people_write_them():
    assert period("2026-11-02", "2026-11-24") == "2026 年 11 月 2 日至 11 月 24 日"
    assert period("2025-12-30", "2026-01-04") == "2025 年 12 月 30 日至 2026 年 1 月 4 日"
    assert period("2026-11-24", "2026-11-24") == "2026 年 11 月 24 日"


def test_codes_are_read_as_people_type_them():
    assert normalise_code(" 7k2m-q9xd-41fa ") == "7K2MQ9XD4FA"


@pytest.fixture
def certified():
    """A person with a certificate that rests on a passed exam."""
    IssuingRuleFactory()
    person = EmploymentFactory(started_on=date(2025, 1, 1)).person
    achieve(person, OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED)
    issue_due(person=person, now=NOW)
    return Certificate.objects.select_related("basis", "person").get()


@pytest.mark.django_db
def test_a_certificate_falls_and_rises_with_the_pass_it_rests_on(certified):
    withdraw_outcome(outcome=certified.basis, by=None, now=NOW, reason="更正答案后不合格")
    follow_bases(person=certified.person, now=NOW)
    certified.refresh_from_db()
    assert (certified.status, certified.revoked_reason) == ("revoked", "更正答案后不合格")
    held = Outcome.objects.get(kind=OutcomeKind.CERTIFICATE_HELD)
    assert held.withdrawn_on is not None
    restore_outcome(outcome=Outcome.objects.get(pk=certified.basis_id), by=None, now=NOW, reason="恢复")
    for _ in range(2):
        follow_bases(person=certified.person, now=NOW)
    certified.refresh_from_db()
    held.refresh_from_db()
    assert (certified.status, certified.revoked_on, held.withdrawn_on) == ("valid", None, None)
    assert issue_due(person=certified.person, now=NOW) == []
    actions = list(AuditEntry.objects.filter(action__startswith="certificate.").values_list("action", flat=True))
    assert sorted(actions) == ["certificate.issued", "certificate.reinstated", "certificate.revoked"]


@pytest.mark.django_db
def test_what_a_person_revoked_does_not_come_back(certified):
    revoke(certificate=certified, by=UserFactory(), now=NOW, reason="冒名")
    follow_bases(person=certified.person, now=NOW)
    certified.refresh_from_db()
    assert certified.status == "revoked"


@pytest.mark.django_db
def test_a_corrected_score_is_printed_anew(certified):
    ensure_pdf(certified)
    correct_amount(outcome=certified.basis, amount=Decimal("92.5"), by=None, now=NOW, reason="更正答案")
    follow_bases(person=certified.person, now=NOW)
    certified = Certificate.objects.get()
    assert (certified.facts["score"], bool(certified.pdf)) == ("92.5", False)
    text = PdfReader(io.BytesIO(ensure_pdf(certified).pdf.read())).pages[0].extract_text()
    assert "92.5" in text
