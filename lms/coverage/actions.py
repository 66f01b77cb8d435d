"""Writing to the outcome ledger."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from lms.audit.actions import record
from lms.coverage.models import Outcome, OutcomeKind
from lms.coverage.news import outcome_changed
from lms.people.models import Employment, User


def record_outcome(
    *,
    kind: OutcomeKind,
    subject: str,
    title: str,
    person: User,
    evidence: models.Model,
    achieved_at: datetime,
    valid_until: date | None = None,
    amount: Decimal | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Outcome:
    """Note an achievement once per evidence row; repeating it changes nothing.

    The employment on that day is kept with the outcome; `facts` is what a certificate prints of it
    (required_hours, started_on, pass_percent). Sends `outcome_changed` on commit.
    """
    achieved_on = timezone.localdate(achieved_at)
    employment = Employment.objects.on(achieved_on).filter(person=person).order_by("-started_on").first()
    with transaction.atomic():
        outcome, created = Outcome.objects.get_or_create(
            kind=kind,
            evidence=evidence_reference(evidence),
            defaults={
                "subject": subject,
                "title": title,
                "person": person,
                "employment": employment,
                "enterprise_id": employment.enterprise_id if employment else None,
                "achieved_at": achieved_at,
                "achieved_on": achieved_on,
                "valid_until": valid_until,
                "amount": amount,
                "facts": dict(facts or {}),
            },
        )
        if created:
            transaction.on_commit(lambda: announce(outcome))
    return outcome


def withdraw_outcome(*, outcome: Outcome, by: User | None, now: datetime, reason: str) -> None:
    """Take an achievement back from today on; it stays readable for earlier days."""
    with transaction.atomic():
        outcome.withdrawn_on, outcome.withdrawn_reason = timezone.localdate(now), reason
        outcome.save(update_fields=["withdrawn_on", "withdrawn_reason"])
        record(
            action="outcome.withdrawn",
            by=by,
            now=now,
            target=outcome,
            enterprise_id=outcome.enterprise_id,
            reason=reason,
        )
        transaction.on_commit(lambda: announce(outcome))


def evidence_reference(row: models.Model) -> str:
    """`exams.attempt:17`."""
    return f"{row._meta.label_lower}:{row.pk}"


def announce(outcome: Outcome) -> None:
    """Send the news; a broken receiver is logged and stops nobody."""
    outcome_changed.send_robust(
        sender=Outcome, outcome_id=outcome.pk, person_id=outcome.person_id, kind=outcome.kind, subject=outcome.subject
    )
