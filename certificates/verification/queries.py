"""What a stranger with the code may see: nothing that the paper does not show, and less."""

from dataclasses import dataclass
from datetime import date

from certificates.issuing.models import Certificate
from certificates.issuing.numbering import normalise_code


@dataclass(frozen=True)
class PublicCertificate:
    """Masked facts and the state on the day of asking."""

    state: str
    number: str
    design: str
    course: str
    name: str
    masked_id: str
    employer: str
    required_hours: str
    credited_hours: str
    score: str
    issued_on: date
    valid_until: date
    revoked_on: date | None
    issuer: str


def public_certificate(code: str, *, on: date) -> PublicCertificate | None:
    """Look a code up; None when there is no such certificate."""
    row = Certificate.objects.select_related("design").filter(verify_code=normalise_code(code)).first()
    if row is None:
        return None
    facts = row.facts
    return PublicCertificate(
        state=row.state_on(on),
        number=row.number,
        design=row.design.title,
        course=row.course_title,
        name=facts["masked_name"],
        masked_id=facts["masked_id"],
        employer=facts["employer"],
        required_hours=facts["required_hours"],
        credited_hours=facts["credited_hours"],
        score=facts["score"],
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        revoked_on=row.revoked_on,
        issuer=row.design.issuer,
    )
