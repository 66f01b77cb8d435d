"""Issuing and revoking."""

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.designs.models import Design
from certificates.issuing.facts import gather_facts
from certificates.issuing.models import Certificate, CertificateStatus, IssuingProblem, IssuingRule, NumberSeries
from certificates.issuing.numbering import certificate_number, new_verify_code
from certificates.issuing.queries import Due, due_certificates
from certificates.issuing.sheet import certificate_pdf
from lms.audit.actions import record
from lms.coverage.actions import evidence_reference, record_outcome, withdraw_outcome
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.db import compare_and_set
from lms.kit.pdf import missing_characters
from lms.people.models import Employment, User


def issue_due(*, person: User, now: datetime) -> list[Certificate]:
    """Issue every certificate that this person has earned and does not hold yet.

    Repeating it changes nothing. A certificate that cannot be printed (a character that the font
    lacks) becomes an IssuingProblem instead of a certificate with a hole in the name.
    """
    issued = []
    for due in due_certificates(person=person, on=timezone.localdate(now)):
        certificate = issue_one(person=person, due=due, now=now)
        if certificate is not None:
            issued.append(certificate)
    return issued


def issue_one(*, person: User, due: Due, now: datetime) -> Certificate | None:
    """Issue one certificate, or note the problem that stands in the way."""
    employment = (
        Employment.objects.on(due.basis.achieved_on)
        .filter(person=person)
        .select_related("enterprise", "post")
        .order_by("-started_on")
        .first()
    )
    facts = gather_facts(person=person, employment=employment, course=due.course, exam=due.exam)
    missing = missing_characters(facts.name + facts.employer + facts.post + due.basis.title)
    if missing:
        note_problem(person=person, rule=due.rule, employment=employment, missing=missing, now=now)
        return None
    try:
        return write_certificate(person=person, due=due, employment=employment, facts=facts.as_json(), now=now)
    except IntegrityError:
        if not Certificate.objects.filter(basis=due.basis).exists():
            raise
        # Another worker issued it for the same achievement a moment ago.
        return None


@transaction.atomic
def write_certificate(
    *, person: User, due: Due, employment: Employment | None, facts: dict[str, str], now: datetime
) -> Certificate:
    """Take the next number and write the certificate, in one transaction: no gap, no race."""
    issued_on = timezone.localdate(now)
    design = due.rule.design
    certificate = Certificate.objects.create(
        number=next_number(design=design, year=issued_on.year),
        verify_code=new_verify_code(),
        person=person,
        enterprise=employment.enterprise if employment else None,
        design=design,
        subject=due.rule.subject,
        course_title=(due.course or due.basis).title,
        basis=due.basis,
        facts=facts,
        issued_at=now,
        issued_on=issued_on,
        valid_until=add_months(issued_on, design.valid_months),
    )
    IssuingProblem.objects.filter(person=person, rule=due.rule).delete()
    record_outcome(
        kind=OutcomeKind.CERTIFICATE_HELD,
        subject=certificate.subject,
        title=certificate.course_title,
        person=person,
        evidence=certificate,
        achieved_at=now,
        valid_until=certificate.valid_until,
    )
    record(
        action="certificate.issued",
        by=None,
        now=now,
        target=certificate,
        enterprise_id=certificate.enterprise_id,
        detail={"number": certificate.number},
    )
    return certificate


def next_number(*, design: Design, year: int) -> str:
    """The next number of the series; the row stays locked until the caller's transaction ends."""
    NumberSeries.objects.get_or_create(prefix=design.number_prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=design.number_prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return certificate_number(prefix=design.number_prefix, year=year, sequence=series.last)


def note_problem(
    *, person: User, rule: IssuingRule, employment: Employment | None, missing: str, now: datetime
) -> None:
    """Keep what stands in the way, for the page of problems."""
    reason = _("字库里没有这些字：%(missing)s。请核对姓名、单位和岗位的写法。") % {"missing": missing}
    IssuingProblem.objects.update_or_create(
        person=person,
        rule=rule,
        defaults={"reason": reason, "found_at": now, "enterprise_id": employment.enterprise_id if employment else None},
    )


def revoke(*, certificate: Certificate, by: User | None, now: datetime, reason: str, with_basis: bool = False) -> None:
    """Revoke from today on; the outcome that rests on it goes too. Raises StaleState when already revoked."""
    with transaction.atomic():
        compare_and_set(
            certificate,
            expect={"status": CertificateStatus.VALID},
            change={
                "status": CertificateStatus.REVOKED,
                "revoked_on": timezone.localdate(now),
                "revoked_reason": reason,
                "revoked_with_basis": with_basis,
            },
        )
        held = Outcome.objects.filter(
            kind=OutcomeKind.CERTIFICATE_HELD, evidence=evidence_reference(certificate), withdrawn_on__isnull=True
        ).first()
        if held is not None:
            withdraw_outcome(outcome=held, by=by, now=now, reason=reason)
        record(
            action="certificate.revoked",
            by=by,
            now=now,
            target=certificate,
            enterprise_id=certificate.enterprise_id,
            reason=reason,
            detail={"number": certificate.number},
        )


def ensure_pdf(certificate: Certificate) -> Certificate:
    """Render the PDF once; the file is kept."""
    if not certificate.pdf:
        certificate.pdf.save(f"{certificate.number}.pdf", ContentFile(certificate_pdf(certificate)), save=False)
        certificate.save(update_fields=["pdf"])
    return certificate


def add_months(day: date, months: int) -> date:
    """The day before the same day `months` later: issued 2026-11-24 for 12 months → 2027-11-23."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last_of_month = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last_of_month)) - date.resolution
