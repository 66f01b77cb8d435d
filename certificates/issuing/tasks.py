"""Background entry points."""

from django_tasks import task

from certificates.issuing.actions import ensure_pdf, issue_due
from certificates.issuing.following import follow_bases
from lms.kit.clock import current_time
from lms.people.models import User


@task()
def issue_due_task(person_id: int) -> None:
    """Let certificates follow what they rest on, issue what a person has earned, then draw the PDFs."""
    person, now = User.objects.get(pk=person_id), current_time()
    follow_bases(person=person, now=now)
    for certificate in issue_due(person=person, now=now):
        ensure_pdf(certificate)
