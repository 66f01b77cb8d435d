"""Writing to the outcome ledger, and the requirements."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from lms.audit.actions import record
from lms.coverage.models import Outcome, OutcomeKind, Requirement, RequirementCategory, Target
from lms.coverage.news import outcome_changed
from lms.coverage.starter import RequirementRow
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.organisations.models import Industry
from lms.people.models import Employment, PersonnelCategory, PersonnelScheme, User


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


def restore_outcome(*, outcome: Outcome, by: User | None, now: datetime, reason: str) -> None:
    """Let a withdrawn achievement stand again: what it rests on was mended."""
    with transaction.atomic():
        outcome.withdrawn_on, outcome.withdrawn_reason = None, ""
        outcome.save(update_fields=["withdrawn_on", "withdrawn_reason"])
        record(
            action="outcome.restored", by=by, now=now, target=outcome, enterprise_id=outcome.enterprise_id,
            reason=reason,
        )  # fmt: skip
        transaction.on_commit(lambda: announce(outcome))


def correct_amount(*, outcome: Outcome, amount: Decimal, by: User | None, now: datetime, reason: str) -> None:
    """Correct the figure of an achievement that stands: its evidence was judged anew."""
    with transaction.atomic():
        before, outcome.amount = outcome.amount, amount
        outcome.save(update_fields=["amount"])
        record(
            action="outcome.corrected", by=by, now=now, target=outcome, enterprise_id=outcome.enterprise_id,
            reason=reason, detail={"before": str(before), "after": str(amount)},
        )  # fmt: skip
        transaction.on_commit(lambda: announce(outcome))


def evidence_reference(row: models.Model) -> str:
    """`exams.attempt:17`."""
    return f"{row._meta.label_lower}:{row.pk}"


def announce(outcome: Outcome) -> None:
    """Send the news; a broken receiver is logged and stops nobody."""
    outcome_changed.send_robust(
        sender=Outcome, outcome_id=outcome.pk, person_id=outcome.person_id, kind=outcome.kind, subject=outcome.subject
    )


@transaction.atomic
def load_requirements(*, rows: Iterable[RequirementRow]) -> int:
    """Add the requirements that are missing, with rules and targets; what is there stays as it was edited.

    Needs industries, schemes and categories (`load_register`). Returns the number added.
    """
    known = set(Requirement.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row.code not in known]
    for row in fresh:
        add_requirement(row)
    return len(fresh)


def add_requirement(row: RequirementRow) -> Requirement:
    """One requirement with everything that belongs to it."""
    requirement = Requirement.objects.create(
        code=row.code,
        name=row.name,
        kind=row.kind,
        year=row.year,
        scheme=PersonnelScheme.objects.get(code=row.scheme) if row.scheme else None,
        outcome_kind=OutcomeKind(row.outcome_kind),
        counts_from=row.counts_from,
        counts_until=row.counts_until,
        source=row.source,
    )
    requirement.industries.set([Industry.objects.get(code=code) for code in row.industries])
    for rule in row.rules:
        RequirementCategory.objects.create(
            requirement=requirement,
            category=PersonnelCategory.objects.get(code=rule.category),
            subjects=list(rule.subjects),
            label=rule.label,
        )
    Target.objects.bulk_create(
        Target(requirement=requirement, due_on=target.due_on, percent=target.percent, source=target.source)
        for target in row.targets
    )
    return requirement


@transaction.atomic
def request_export(
    *, kind: str, title: str, query: Mapping[str, str], by: User, now: datetime, enterprise_id: int | None = None
) -> Job:
    """Start writing the Excel file of a list and note who asked for it.

    `query` is the address of the list; a name that was searched for is not copied into the audit log.
    """
    params = {key: value for key, value in query.items() if key != "page"}
    job = start_job(kind=kind, title=title, by=by, params={"query": params})
    noted = {key: ("…" if key == "q" else value) for key, value in params.items()}
    record(action="export", by=by, now=now, target=job, enterprise_id=enterprise_id, detail={"kind": kind, **noted})
    return job
