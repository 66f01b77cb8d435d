"""A certificate follows what it rests on: revoked with it, reinstated with it, its score corrected with it."""

from datetime import datetime

from django.db import transaction

from certificates.issuing.actions import revoke
from certificates.issuing.facts import number
from certificates.issuing.models import Certificate, CertificateStatus
from lms.audit.actions import record
from lms.coverage.actions import evidence_reference, restore_outcome
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.db import compare_and_set
from lms.people.models import User


def follow_bases(*, person: User, now: datetime) -> None:
    """Bring a person's certificates in line with the achievements that they rest on; repeating it changes nothing."""
    for certificate in Certificate.objects.filter(person=person).select_related("basis"):
        follow(certificate, now=now)


def follow(certificate: Certificate, *, now: datetime) -> None:
    """One certificate, loaded with its basis. What a person revoked stays revoked."""
    basis = certificate.basis
    stands = basis.withdrawn_on is None
    if certificate.status == CertificateStatus.VALID and not stands:
        revoke(certificate=certificate, by=None, now=now, reason=basis.withdrawn_reason, with_basis=True)
    elif certificate.revoked_with_basis and stands:
        reinstate(certificate, now=now)
    if stands and basis.kind == OutcomeKind.EXAM_PASSED and certificate.facts.get("score") != number(basis.amount):
        correct_score(certificate, now=now)


@transaction.atomic
def reinstate(certificate: Certificate, *, now: datetime) -> None:
    """The achievement stands again, and so does the certificate, with its old number."""
    compare_and_set(
        certificate,
        expect={"status": CertificateStatus.REVOKED, "revoked_with_basis": True},
        change={
            "status": CertificateStatus.VALID, "revoked_with_basis": False, "revoked_on": None, "revoked_reason": "",
        },
    )  # fmt: skip
    held = Outcome.objects.filter(
        kind=OutcomeKind.CERTIFICATE_HELD, evidence=evidence_reference(certificate), withdrawn_on__isnull=False
    ).first()
    if held is not None:
        restore_outcome(outcome=held, by=None, now=now, reason="")
    note("certificate.reinstated", certificate, now=now)


@transaction.atomic
def correct_score(certificate: Certificate, *, now: datetime) -> None:
    """The score was judged anew: the certificate says the new one, and its PDF is drawn again when it is asked for."""
    before = certificate.facts.get("score", "")
    certificate.facts = {**certificate.facts, "score": number(certificate.basis.amount)}
    certificate.pdf.delete(save=False)
    certificate.save(update_fields=["facts", "pdf"])
    note("certificate.score_corrected", certificate, now=now, before=before, after=certificate.facts["score"])


def note(action: str, certificate: Certificate, *, now: datetime, **detail: str) -> None:
    """Into the audit log."""
    record(
        action=action, by=None, now=now, target=certificate, enterprise_id=certificate.enterprise_id,
        detail={"number": certificate.number, **detail},
    )  # fmt: skip
