"""What is due, and lists of certificates."""

from dataclasses import dataclass
from datetime import date

from certificates.issuing.models import Certificate, CertificateStatus, IssuingRule
from lms.coverage.models import Outcome, OutcomeKind
from lms.people.models import User


@dataclass(frozen=True)
class Due:
    """A rule that is met by these achievements; `basis` is the one that the certificate rests on."""

    rule: IssuingRule
    course: Outcome | None
    exam: Outcome | None
    basis: Outcome


def due_certificates(*, person: User, on: date) -> list[Due]:
    """Rules met by standing achievements for which no certificate was issued; three queries."""
    achieved: dict[tuple[str, str], Outcome] = {}
    kinds = (OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED)
    for outcome in Outcome.objects.standing_on(on).filter(person=person, kind__in=kinds).order_by("achieved_at"):
        achieved[outcome.kind, outcome.subject] = outcome
    subjects = {subject for _, subject in achieved}
    rules = IssuingRule.objects.filter(active=True, subject__in=subjects).select_related("design")
    found = [due for rule in rules if (due := rule_met(rule, achieved)) is not None]
    issued = set(Certificate.objects.filter(basis__in=[due.basis for due in found]).values_list("basis_id", flat=True))
    return [due for due in found if due.basis.pk not in issued]


def rule_met(rule: IssuingRule, achieved: dict[tuple[str, str], Outcome]) -> Due | None:
    """The achievements that meet a rule, or None."""
    course = achieved.get((OutcomeKind.COURSE_COMPLETED, rule.subject))
    exam = achieved.get((OutcomeKind.EXAM_PASSED, rule.subject))
    if (rule.needs_course and course is None) or (rule.needs_exam and exam is None):
        return None
    # A new exam makes a new certificate; where no exam is asked for, a new completion does.
    basis = exam if rule.needs_exam else course
    return Due(rule=rule, course=course, exam=exam, basis=basis) if basis else None


def certificates_of(person: User, *, on: date) -> list[tuple[Certificate, str]]:
    """A person's certificates, newest first, each with its state on a day."""
    rows = Certificate.objects.filter(person=person).select_related("design")
    return [(certificate, certificate.state_on(on)) for certificate in rows]


def count_valid(person: User, *, on: date) -> int:
    """How many valid certificates a person holds."""
    return Certificate.objects.filter(person=person, status=CertificateStatus.VALID, valid_until__gte=on).count()
