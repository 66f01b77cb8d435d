"""Issuing the certificates of a season in the order in which they were earned, numbered without gaps."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from certificates.issuing.actions import add_months
from certificates.issuing.facts import gather_facts
from certificates.issuing.models import Certificate, IssuingRule, NumberSeries
from certificates.issuing.numbering import ALPHABET, CODE_LENGTH, certificate_number
from lms.coverage.models import Outcome, OutcomeKind
from lms.town.chronicle import Chronicle, Note
from lms.town.streams import Streams
from lms.town.workforce import portions

AT_ONCE = 400
ISSUED_AFTER = timedelta(seconds=50)


def issue_certificates(first: date, last: date, chronicle: Chronicle, streams: Streams) -> None:
    """Certificates for the exams passed between two days; PDFs are drawn when somebody asks for them."""
    rules = {rule.subject: rule for rule in IssuingRule.objects.filter(active=True).select_related("design")}
    earned = (
        Outcome.objects.filter(kind=OutcomeKind.EXAM_PASSED, subject__in=rules, achieved_on__range=(first, last))
        .select_related("person", "employment__enterprise", "employment__post")
        .order_by("achieved_at", "pk")
    )
    chance = streams.of("verify codes", first)
    series: dict[tuple[str, int], NumberSeries] = {}
    for portion in portions(earned.iterator(chunk_size=AT_ONCE), AT_ONCE):
        write_portion(portion, rules, series, chronicle, chance)
    for row in series.values():
        row.save(update_fields=["last"])


def write_portion(
    earned: Sequence[Outcome],
    rules: dict[str, IssuingRule],
    series: dict[tuple[str, int], NumberSeries],
    chronicle: Chronicle,
    chance: Random,
) -> None:
    """Some certificates with their outcomes and audit notes."""
    courses = completed(earned)
    rows = [
        certificate(exam, courses[exam.person_id, exam.subject], rules[exam.subject], series, chance)
        for exam in earned
        if (exam.person_id, exam.subject) in courses
    ]
    for row in Certificate.objects.bulk_create(rows):
        chronicle.add(
            Note(
                row.issued_at,
                "certificate.issued",
                "certificates.certificate",
                row.pk,
                enterprise_id=row.enterprise_id,
                detail={"number": row.number},
            )
        )
    Outcome.objects.bulk_create(held(row) for row in rows)


def completed(earned: Iterable[Outcome]) -> dict[tuple[int, str], Outcome]:
    """The newest completion before the exam, by person and subject."""
    exams = {(exam.person_id, exam.subject): exam for exam in earned}
    found: dict[tuple[int, str], Outcome] = {}
    courses = Outcome.objects.filter(
        kind=OutcomeKind.COURSE_COMPLETED, person__in={key[0] for key in exams}, subject__in={key[1] for key in exams}
    ).order_by("achieved_at")
    for course in courses:
        exam = exams.get((course.person_id, course.subject))
        if exam is not None and course.achieved_at <= exam.achieved_at:
            found[course.person_id, course.subject] = course
    return found


def certificate(
    exam: Outcome, course: Outcome, rule: IssuingRule, series: dict[tuple[str, int], NumberSeries], chance: Random
) -> Certificate:
    """What `certificates.issuing.actions.write_certificate` writes."""
    issued_at = exam.achieved_at + ISSUED_AFTER
    issued_on = timezone.localdate(issued_at)
    prefix, year = rule.design.number_prefix, issued_on.year
    if (prefix, year) not in series:
        series[prefix, year] = NumberSeries.objects.get_or_create(prefix=prefix, year=year)[0]
    line = series[prefix, year]
    line.last += 1
    facts = gather_facts(person=exam.person, employment=exam.employment, course=course, exam=exam)
    return Certificate(
        number=certificate_number(prefix=prefix, year=year, sequence=line.last),
        verify_code="".join(chance.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        person=exam.person,
        enterprise_id=exam.enterprise_id,
        design=rule.design,
        subject=rule.subject,
        course_title=course.title,
        basis=exam,
        facts=facts.as_json(),
        issued_at=issued_at,
        issued_on=issued_on,
        valid_until=add_months(issued_on, rule.design.valid_months),
    )


def held(row: Certificate) -> Outcome:
    """The outcome that a certificate is."""
    return Outcome(
        kind=OutcomeKind.CERTIFICATE_HELD,
        subject=row.subject,
        title=row.course_title,
        person_id=row.person_id,
        employment_id=row.basis.employment_id,
        enterprise_id=row.enterprise_id,
        achieved_at=row.issued_at,
        achieved_on=row.issued_on,
        valid_until=row.valid_until,
        evidence=f"certificates.certificate:{row.pk}",
    )
